#include "tests/size_rig.h"

#include "sim/plan/size_parts.h"

#define TRACE "traces/data/scale-test.csv"

enum { DRAWN = 8, NODES = 14 };

static struct size_task task_of(struct size_rig *r)
{
    return (struct size_task){
        .trials = &r->t, .error = 0.01, .regretted = 1e9, .tolerated = 1000.0};
}

static void search(struct size_plan *p, const struct size_task *task,
                   struct size_rig *r)
{
    *p = (struct size_plan){.today = 0};
    if (size_search(p, task, &r->e) != ERR_OK)
        fail_msg("%s", r->e.msg);
}

/* ------------------------------------------------- the same as everything */

static bool keeps(struct size_rig *r, size_t setting, uint32_t pool)
{
    const struct scenario_target *t = &r->s.targets[0];

    for (size_t i = 0; i < histories_n(&r->h); i++) {
        rig_run(r, setting, i);
        if (trials_at(&r->t, setting, i)[pool].at[t->goal] > t->at_most)
            return false;
    }
    return true;
}

/* The smallest maximum by asking for every one. */
static uint32_t smallest_maximum(struct size_rig *r, struct size_plan *plan,
                                 const struct size_task *task)
{
    const struct size_work w = {.plan = plan, .task = task, .p = plan->pools};
    struct size_choice c = size_settled(w.p);
    size_t setting;

    for (c.max = c.min;; c.max += w.p->per_node) {
        assert_true(c.max <= w.p->open);
        assert_int_equal(size_setting(&w, &c, &setting, &r->e), ERR_OK);
        if (keeps(r, setting, 0))
            return c.max;
    }
}

static void assert_same_choice(const struct size_pool *p,
                               const struct size_pool *q)
{
    const struct size_candidate *c = &p->tried[p->best];
    const struct size_candidate *d = &q->tried[q->best];

    assert_int_equal(d->min, c->min);
    assert_int_equal(d->combo, c->combo);
    assert_close(d->price, c->price, 0.0);
    assert_int_equal(q->max, p->max);
    assert_int_equal(q->max_proved, p->max_proved);
}

static void compare_with_everything(double limit_s, double wait_price)
{
    struct size_rig raced, all;
    struct size_plan a, b;

    rig_open(&raced, TRACE, 1, DRAWN);
    rig_open(&all, TRACE, 1, DRAWN);
    rig_target(&raced, GOAL_P95_WAIT, limit_s);
    rig_target(&all, GOAL_P95_WAIT, limit_s);
    raced.s.wait_usd_per_h = all.s.wait_usd_per_h = wait_price;
    struct size_task fast = task_of(&raced), slow = task_of(&all);

    slow.exhaustive = true;
    slow.exhaust_nodes = NODES;
    search(&a, &fast, &raced);
    search(&b, &slow, &all);
    assert_true(a.settled && b.settled);
    assert_same_choice(&a.pools[0], &b.pools[0]);
    assert_same_choice(&a.pools[1], &b.pools[1]);
    assert_int_equal(smallest_maximum(&raced, &a, &fast),
                     a.pools[0].max_proved);
    assert_true(raced.t.n_runs < all.t.n_runs);
    size_free(&a);
    size_free(&b);
    rig_close(&raced);
    rig_close(&all);
}

static void test_the_answer_is_that_of_trying_everything(void **state)
{
    (void)state;
    compare_with_everything(60.0, 0.0);
    compare_with_everything(150.0, 0.0);
    compare_with_everything(400.0, 25.0);
}

/* ------------------------------------------------------------ rules */

static void assert_same_way(const struct size_pool *p,
                            const struct size_pool *q)
{
    bool same = true;

    assert_int_equal(p->n, q->n);
    assert_int_equal(p->max, q->max);
    for (size_t i = 0; i < p->n; i++)
        same = same && p->tried[i].reason == q->tried[i].reason &&
               p->tried[i].price == q->tried[i].price;
    assert_true(same);
}

static void test_every_thread_count_gives_the_same_plan(void **state)
{
    struct size_rig one, three;
    struct size_plan a, b;
    (void)state;

    rig_open(&one, TRACE, 1, DRAWN);
    rig_open(&three, TRACE, 1, DRAWN);
    rig_target(&one, GOAL_P95_WAIT, 150.0);
    rig_target(&three, GOAL_P95_WAIT, 150.0);
    three.t.n_threads = 3;
    struct size_task first = task_of(&one), second = task_of(&three);
    search(&a, &first, &one);
    search(&b, &second, &three);
    assert_int_equal(one.t.n_runs, three.t.n_runs);
    assert_int_equal(one.t.n, three.t.n);
    assert_same_way(&a.pools[0], &b.pools[0]);
    assert_same_way(&a.pools[1], &b.pools[1]);
    size_free(&a);
    size_free(&b);
    rig_close(&one);
    rig_close(&three);
}

static void assert_smallest(struct size_rig *r, const struct size_plan *p,
                            uint32_t pool)
{
    const struct size_pool *x = &p->pools[pool];
    const struct size_candidate *best = &x->tried[x->best];

    assert_true(keeps(r, p->setting, pool));
    assert_int_equal(best->min % x->per_node, 0);
    for (size_t i = 0; i < x->n; i++) {
        const struct size_candidate *c = &x->tried[i];
        bool smaller = c->combo == best->combo && c->min < best->min;
        assert_true(!smaller || c->reason == SIZE_MISSES);
        assert_true(!smaller || !keeps(r, c->setting, pool));
    }
}

static void
test_the_answer_keeps_the_targets_and_a_node_less_does_not(void **state)
{
    struct size_rig r;
    struct size_plan p;
    (void)state;

    rig_open(&r, TRACE, 1, DRAWN);
    rig_target(&r, GOAL_P95_WAIT, 60.0);
    struct size_task task = task_of(&r);
    search(&p, &task, &r);
    assert_smallest(&r, &p, 0);
    assert_smallest(&r, &p, 1);
    assert_int_equal(p.n_missed[HISTORY_RECORDED], 0);
    assert_int_equal(p.n_missed[HISTORY_RUNS], 0);
    size_free(&p);
    rig_close(&r);
}

static void test_a_price_of_waiting_buys_warm_nodes(void **state)
{
    struct size_rig r;
    struct size_plan cheap, dear;
    (void)state;

    rig_open(&r, TRACE, 1, DRAWN);
    rig_target(&r, GOAL_P95_WAIT, 3600.0);
    struct size_task task = task_of(&r);
    search(&cheap, &task, &r);
    r.s.wait_usd_per_h = 1e5;
    search(&dear, &task, &r);
    const struct size_candidate *c = &cheap.pools[0].tried[cheap.pools[0].best];
    const struct size_candidate *d = &dear.pools[0].tried[dear.pools[0].best];
    assert_int_equal(c->min, cheap.pools[0].per_node); /* one node does */
    assert_true(d->min > c->min);
    assert_true(d->wait_h < c->wait_h && d->usd > c->usd);
    assert_close(d->price, d->usd + 1e5 * d->wait_h, 1e-6);
    size_free(&cheap);
    size_free(&dear);
    rig_close(&r);
}

static void test_what_no_pool_can_help_ends_the_search(void **state)
{
    struct size_rig r;
    struct size_plan p;
    (void)state;

    rig_open(&r, TRACE, 1, DRAWN);
    rig_target(&r, GOAL_P95_WAIT, -1.0);
    struct size_task task = task_of(&r);
    search(&p, &task, &r);
    assert_false(p.settled);
    assert_int_equal(p.pools[0].best, SIZE_MAX);
    assert_int_equal(p.pools[0].hopeless, 0); /* the record */
    assert_int_equal(p.pools[0].hopeless_goal, GOAL_P95_WAIT);
    assert_int_equal(p.pools[0].max, 0);
    assert_int_equal(p.setting, p.today);
    size_free(&p);
    rig_close(&r);
}

static void test_histories_may_miss_if_it_is_said(void **state)
{
    struct size_rig r;
    struct size_plan strict, loose;
    (void)state;

    rig_open(&r, TRACE, 0, DRAWN);
    rig_target(&r, GOAL_P95_WAIT, 60.0);
    struct size_task task = task_of(&r);
    search(&strict, &task, &r);
    task.n_may_miss = DRAWN - 1;
    search(&loose, &task, &r);
    const struct size_pool *s = &strict.pools[0], *l = &loose.pools[0];
    assert_true(l->tried[l->best].price < s->tried[s->best].price);
    assert_int_equal(strict.n_missed[HISTORY_RUNS], 0);
    assert_true(loose.n_missed[HISTORY_RUNS] > 0);
    assert_true(loose.n_missed[HISTORY_RUNS] < DRAWN);
    size_free(&strict);
    size_free(&loose);
    rig_close(&r);
}

static void test_a_setting_that_flaps_is_none(void **state)
{
    struct size_rig r;
    struct size_plan p;
    (void)state;

    rig_open(&r, TRACE, 1, DRAWN);
    rig_target(&r, GOAL_P95_WAIT, 3600.0);
    struct size_task task = task_of(&r);
    task.regretted = 0.5;
    search(&p, &task, &r);
    const struct size_pool *x = &p.pools[0];
    size_t n_flap = 0;
    assert_true(x->tried[x->best].regretted <= 0.5);
    for (size_t i = 0; i < x->n; i++) {
        assert_int_equal(x->tried[i].reason == SIZE_FLAPS,
                         x->tried[i].regretted > 0.5);
        n_flap += x->tried[i].reason == SIZE_FLAPS;
    }
    assert_true(n_flap > 0);
    size_free(&p);
    rig_close(&r);
}

static void test_a_maximum_is_the_largest_of_its_figures(void **state)
{
    struct size_rig r;
    struct size_plan p;
    (void)state;

    rig_open(&r, TRACE, 1, DRAWN);
    rig_target(&r, GOAL_P95_WAIT, 3600.0);
    struct size_task task = task_of(&r);
    search(&p, &task, &r);
    uint32_t proved = p.pools[0].max_proved, peak = p.pools[0].peak;
    assert_true(peak >= 9 && proved < peak);
    assert_int_equal(p.pools[0].max_burst, p.pools[0].per_node);
    assert_int_equal(p.pools[0].max, proved);
    size_free(&p);
    task.tolerated = 0.9; /* less than a whole build: everybody at once */
    search(&p, &task, &r);
    assert_int_equal(p.pools[0].max, (peak + 1) / 2 * 2);
    size_free(&p);
    task.least_max[0] = peak + 5;
    search(&p, &task, &r);
    assert_int_equal(p.pools[0].max, (peak + 6) / 2 * 2);
    size_free(&p);
    rig_close(&r);
}

static void test_a_pool_of_one_size_keeps_todays_window(void **state)
{
    struct size_candidate best = {.combo = 3, .min = 6};
    struct size_pool p = {.tried = &best, .max = 8};

    (void)state;
    assert_int_equal(size_combo(&p), 3);
    assert_int_equal(size_settled(&p).combo, 3);
    p.max = 6;
    assert_int_equal(size_combo(&p), 0);
    assert_int_equal(size_settled(&p).combo, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pool_of_one_size_keeps_todays_window),
        cmocka_unit_test(test_the_answer_is_that_of_trying_everything),
        cmocka_unit_test(test_every_thread_count_gives_the_same_plan),
        cmocka_unit_test(
            test_the_answer_keeps_the_targets_and_a_node_less_does_not),
        cmocka_unit_test(test_a_price_of_waiting_buys_warm_nodes),
        cmocka_unit_test(test_what_no_pool_can_help_ends_the_search),
        cmocka_unit_test(test_histories_may_miss_if_it_is_said),
        cmocka_unit_test(test_a_setting_that_flaps_is_none),
        cmocka_unit_test(test_a_maximum_is_the_largest_of_its_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/sweep_rig.h"

/* What a sweep runs in. */
struct table {
    struct histories h;
    struct trials t;
};

static void open_table(struct table *x, const struct sweep *s,
                       uint32_t n_threads)
{
    histories_record(&x->h, &s->base->trace, 3, s->n_reps);
    trials_init(&x->t, s->base, &x->h);
    x->t.n_threads = n_threads;
}

static void close_table(struct table *x)
{
    trials_free(&x->t);
    histories_free(&x->h);
}

static void run(struct sweep *s, uint32_t n_threads)
{
    struct table x;
    struct err e = {""};

    open_table(&x, s, n_threads);
    if (sweep_run(s, &x.t, 0.0, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    close_table(&x);
}

static void test_results_do_not_depend_on_the_number_of_threads(void **state)
{
    static const uint32_t threads[] = {2, 5, 64};
    struct sweep one, many;

    make_reps(&one, loaded(state), "amd64.max_replicas=4,6,8,12", NULL, 3);
    run(&one, 1);
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        make_reps(&many, loaded(state), "amd64.max_replicas=4,6,8,12", NULL, 3);
        run(&many, threads[i]);
        assert_memory_equal(one.values, many.values,
                            one.n * SWEEP_METRICS * 3 * sizeof(double));
        sweep_free(&many);
    }
    sweep_free(&one);
}

/* Replication rep of setting 1 from the figures of its two pools. */
static void assert_combined(const struct sweep *s, size_t rep,
                            const struct pool_figures pools[2])
{
    const double *a = pools[0].at, *b = pools[1].at;

    assert_close(sweep_metric(s, 1, GOAL_COST_USD)[rep],
                 a[FIG_COST_USD] + b[FIG_COST_USD], 1e-9);
    assert_close(sweep_metric(s, 1, GOAL_P95_WAIT)[rep],
                 fmax(a[FIG_WAIT_P95], b[FIG_WAIT_P95]), 0.0);
}

static void test_a_setting_is_what_a_run_of_its_own_gives(void **state)
{
    const char *const set[] = {"amd64.max_replicas=5"};
    struct replications r;
    struct scenario v;
    struct sweep s;
    struct err e;

    make_reps(&s, loaded(state), "amd64.max_replicas=5", NULL, 2);
    run(&s, 2);
    assert_int_equal(scenario_vary(&v, loaded(state), set, 1, &e), ERR_OK);
    const struct replicate_task alone = {
        .params = &v.system,
        .trace = &v.trace,
        .pool_of = v.pool_of,
        .caller_of = v.caller_of,
        .seed = 3,
        .n_reps = 2,
        .n_threads = 1,
    };
    replicate(&r, &alone);
    for (size_t rep = 0; rep < 2; rep++)
        assert_combined(&s, rep, &r.figures[2 * rep]);
    replications_free(&r);
    scenario_free(&v);
    sweep_free(&s);
}

struct stopper {
    size_t after, n_done, n_all;
};

static void count(void *context, size_t n_done, size_t n_all)
{
    struct stopper *x = context;

    x->n_done = n_done;
    x->n_all = n_all;
}

static bool stop(void *context)
{
    const struct stopper *x = context;

    return x->n_done >= x->after;
}

/* By one thread, after so many runs. */
static void run_until(struct sweep *s, struct stopper *stopper)
{
    struct table x;
    struct err e;

    open_table(&x, s, 1);
    x.t.context = stopper;
    x.t.on_done = count;
    x.t.should_stop = stop;
    assert_int_equal(sweep_run(s, &x.t, 0.0, &e), ERR_OK);
    close_table(&x);
}

static void test_a_stop_leaves_whole_settings(void **state)
{
    struct stopper x = {.after = 5};
    struct sweep_verdict v = {0};
    struct sweep s;

    make_reps(&s, loaded(state), "amd64.max_replicas=4,6,9", NULL, 2);
    run_until(&s, &x);
    assert_int_equal(x.n_done, 5);
    assert_int_equal(x.n_all, 8);
    assert_true(s.settings[0].done && s.settings[1].done);
    assert_false(s.settings[2].done); /* one of its two runs is missing */
    assert_false(s.settings[3].done);
    sweep_judge(&v, &s);
    assert_int_equal(v.n_done, 2);
    assert_false(v.lines[2].front);
    sweep_verdict_free(&v);
    x = (struct stopper){.after = 0};
    run_until(&s, &x);
    sweep_judge(&v, &s);
    assert_int_equal(v.n_done, 0);
    sweep_verdict_free(&v);
    sweep_free(&s);
}

/* The last of n replications is in its place. */
static void assert_last(const struct sweep *s, const struct trials *t, size_t i,
                        size_t n)
{
    double usd = sweep_metric(s, i, GOAL_COST_USD)[n - 1];

    assert_true(s->settings[i].done);
    assert_close(usd, trials_total(t, i, n - 1, GOAL_COST_USD), 0.0);
}

/* Replications that the sweep ends with, and why. */
static uint32_t reps_within(const struct scenario *base, double within,
                            enum stop_state *why)
{
    struct table x;
    struct sweep s;
    struct err e;

    make_reps(&s, base, "amd64.max_replicas=4,6", NULL, 45);
    open_table(&x, &s, 2);
    assert_int_equal(sweep_run(&s, &x.t, within, &e), ERR_OK);
    uint32_t n = s.n_reps;
    *why = s.stop;
    for (size_t i = 0; i < s.n; i++)
        assert_last(&s, &x.t, i, n);
    assert_int_equal(x.t.n_runs, s.n * n);
    close_table(&x);
    sweep_free(&s);
    return n;
}

static void test_replications_end_when_all_means_are_known(void **state)
{
    enum stop_state why;

    /* Two looks have to agree: after 20 and after 30. */
    assert_int_equal(reps_within(loaded(state), 0.5, &why), 30);
    assert_int_equal(why, STOP_PRECISE);
    assert_int_equal(reps_within(loaded(state), 1e-9, &why), 45);
    assert_int_equal(why, STOP_AT_MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results_do_not_depend_on_the_number_of_threads),
        cmocka_unit_test(test_a_setting_is_what_a_run_of_its_own_gives),
        cmocka_unit_test(test_a_stop_leaves_whole_settings),
        cmocka_unit_test(test_replications_end_when_all_means_are_known),
    };

    return cmocka_run_group_tests(tests, load, unload);
}

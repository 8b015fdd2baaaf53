#include "tests/size_rig.h"

#define TRACE "traces/data/scale-test.csv"

struct found {
    struct size_plan plan;
    struct size_study study;
};

static void work_out(struct found *f, struct size_rig *r, double limit_s)
{
    const struct size_task task = {
        .trials = &r->t, .error = 0.01, .regretted = 1e9, .tolerated = 1000.0};

    memset(f, 0, sizeof *f);
    rig_target(r, GOAL_P95_WAIT, limit_s);
    assert_int_equal(size_search(&f->plan, &task, &r->e), ERR_OK);
    assert_true(f->plan.settled);
    assert_int_equal(size_study(&f->study, &f->plan, &task, &r->e), ERR_OK);
}

static void test_curves_rise_and_hold_the_recommended_point(void **state)
{
    struct size_rig r;
    struct found f;
    (void)state;

    rig_open(&r, TRACE, 1, 10);
    work_out(&f, &r, 400.0);
    const struct study_pool *s = &f.study.pools[0];
    const struct size_pool *p = &f.plan.pools[0];
    bool min = false, max = false;
    for (size_t i = 0; i < s->n_min; i++) {
        min = min || (s->min[i].pods == p->tried[p->best].min &&
                      s->min[i].setting == f.plan.setting);
        assert_true(i == 0 || s->min[i].pods > s->min[i - 1].pods);
    }
    for (size_t i = 0; i < s->n_max; i++)
        max = max ||
              (s->max[i].pods == p->max && s->max[i].setting == f.plan.setting);
    assert_true(min && max);
    /* Warm pods cost money and save waiting. */
    const struct study_point *last = &s->min[s->n_min - 1];
    assert_true(last->usd.mean > s->min[0].usd.mean);
    assert_true(last->wait_h.mean < s->min[0].wait_h.mean);
    assert_true(s->max[0].p95_s.mean >= s->max[s->n_max - 1].p95_s.mean);
    assert_int_equal(f.study.n_histories, 10);
    size_free(&f.plan);
    rig_close(&r);
}

static void test_steps_are_differences_to_the_recommended_setting(void **state)
{
    struct size_rig r;
    struct found f;
    (void)state;

    rig_open(&r, TRACE, 1, 10);
    work_out(&f, &r, 60.0);
    const struct study_pool *s = &f.study.pools[0];
    const struct size_pool *p = &f.plan.pools[0];
    uint32_t best = p->tried[p->best].min;
    assert_true(best > p->per_node);
    assert_int_equal(s->more.pods, best + p->per_node);
    assert_int_equal(s->less.pods, best - p->per_node);
    const struct effect_on on = study_on(&f.study, &r.t);
    double usd =
        effect_mean(&on, s->less.setting, NO_INDEX, GOAL_COST_USD).mean -
        effect_mean(&on, f.plan.setting, NO_INDEX, GOAL_COST_USD).mean;
    assert_close(s->less.usd.mean, usd, 1e-9);
    assert_true(s->less.usd.mean < 0.0 && s->more.usd.mean > 0.0);
    size_free(&f.plan);
    rig_close(&r);
}

/* Whatever the price within the range, the choice is the same; a price beyond
 * it is another choice.
 */
static void test_the_choice_stays_within_its_range_of_prices(void **state)
{
    struct size_rig r;
    struct found f, again;
    (void)state;

    rig_open(&r, TRACE, 1, 10);
    work_out(&f, &r, 3600.0);
    const struct study_pool *s = &f.study.pools[0];
    assert_close(s->price_from, 0.0, 0.0);
    assert_true(isfinite(s->price_until) && s->price_until > 0.0);
    r.s.wait_usd_per_h = 0.9 * s->price_until;
    work_out(&again, &r, 3600.0);
    assert_int_equal(
        again.plan.pools[0].tried[again.plan.pools[0].best].setting,
        f.plan.pools[0].tried[f.plan.pools[0].best].setting);
    assert_true(again.study.pools[0].price_until >= 0.9 * s->price_until);
    size_free(&again.plan);
    r.s.wait_usd_per_h = 100.0 * s->price_until;
    work_out(&again, &r, 3600.0);
    assert_true(again.plan.pools[0].tried[again.plan.pools[0].best].setting !=
                f.plan.pools[0].tried[f.plan.pools[0].best].setting);
    assert_true(again.study.pools[0].price_from <= 100.0 * s->price_until);
    assert_true(again.study.pools[0].price_until >= 100.0 * s->price_until);
    size_free(&again.plan);
    size_free(&f.plan);
    rig_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_curves_rise_and_hold_the_recommended_point),
        cmocka_unit_test(test_steps_are_differences_to_the_recommended_setting),
        cmocka_unit_test(test_the_choice_stays_within_its_range_of_prices),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

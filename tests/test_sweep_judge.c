#include "tests/sweep_rig.h"

/* Four settings in three worlds; cost, p95 wait and regrets of each. */
static void fill(struct sweep *s, const double y[4][3][3])
{
    s->n_reps = 3;
    s->values = calloc(s->n * SWEEP_METRICS * 3, sizeof *s->values);
    for (size_t i = 0; i < s->n; i++) {
        double *v = &s->values[i * SWEEP_METRICS * 3];
        s->settings[i].done = true;
        memcpy(&v[3 * GOAL_COST_USD], y[i][0], sizeof y[i][0]);
        memcpy(&v[3 * GOAL_P95_WAIT], y[i][1], sizeof y[i][1]);
        memcpy(&v[3 * SWEEP_REGRETTED], y[i][2], sizeof y[i][2]);
    }
}

static const double four[4][3][3] = {
    {{100, 110, 120}, {300, 310, 305}, {2, 2, 2}}, /* today's */
    {{80, 91, 99}, {301, 309, 306}, {2, 2, 2}},    /* cheaper, same wait */
    {{150, 160, 171}, {100, 110, 105}, {2, 2, 2}}, /* dear and quick */
    {{70, 80, 90}, {300, 310, 305}, {2, 2, 2}},    /* builds give up */
};

static void judged(struct sweep *s, struct sweep_verdict *v,
                   const struct scenario *base)
{
    make(s, base, "amd64.max_replicas=8,9,10,11", NULL);
    fill(s, four);
    s->values[(3 * SWEEP_METRICS + GOAL_GAVE_UP) * 3] = 1.0;
    sweep_judge(v, s);
}

static void test_the_front_is_among_those_without_give_ups(void **state)
{
    struct sweep_verdict v = {0};
    struct sweep s;

    judged(&s, &v, loaded(state));
    assert_false(v.lines[0].front);
    assert_true(v.lines[1].front && v.lines[1].beats_today);
    assert_true(v.lines[2].front);
    assert_false(v.lines[2].beats_today);
    assert_false(v.lines[3].front || v.lines[3].beats_today);
    assert_int_equal(v.n_front, 2);
    assert_int_equal(v.n_beat_today, 1);
    assert_false(v.give_ups);
    sweep_verdict_free(&v);
    sweep_free(&s);
}

static void test_differences_hold_together(void **state)
{
    struct sweep_verdict v = {0};
    struct sweep s;

    judged(&s, &v, loaded(state));
    /* -20, -19, -21; Bonferroni over three: t(1 - 0.05 / 6, 2) = 7.6488. */
    const struct paired *d = &v.lines[1].off[GOAL_COST_USD];
    assert_close(d->mean, -20.0, 1e-12);
    assert_close(d->half_width, 7.648883 / sqrt(3.0), 1e-4);
    assert_true(d->correlation > 0.99);
    assert_close(v.lines[1].got[GOAL_COST_USD].mean, 90.0, 1e-12);
    assert_true(v.cost_corr > 0.99 && v.wait_corr > 0.8);
    sweep_verdict_free(&v);
    sweep_free(&s);
}

static void test_the_cheapest_must_meet_the_targets(void **state)
{
    struct scenario base = *loaded(state);
    struct sweep_verdict v = {0};
    struct sweep s;

    base.n_targets = 2;
    base.targets[0] = (struct scenario_target){GOAL_P95_WAIT, 305.4};
    base.targets[1] = (struct scenario_target){GOAL_GAVE_UP, 0.3};
    judged(&s, &v, &base);
    assert_int_equal(v.best, 1); /* the last one is cheaper, but not as good */
    assert_int_equal(v.n_meet, 3);
    sweep_verdict_free(&v);
    sweep_free(&s);
    base.targets[0].at_most = 20.0;
    judged(&s, &v, &base);
    assert_true(v.best == SIZE_MAX);
    assert_int_equal(v.n_meet, 0);
    sweep_verdict_free(&v);
    sweep_free(&s);
}

/* Two values by three; today's is outside of the grid, and no value of either.
 */
static void test_an_axis_is_flat_if_none_of_its_values_matters(void **state)
{
    const struct scenario *base = loaded(state);
    struct sweep s;

    make(&s, base, "amd64.max_replicas=1000,8", "amd64.kubelet.grace=1s,2s,3s");
    s.values = calloc(s.n * SWEEP_METRICS, sizeof *s.values);
    assert_int_equal(s.n, 7);
    assert_false(sweep_is_flat(&s, 0)); /* nothing is done */
    for (size_t i = 0; i < s.n; i++) {
        s.settings[i].done = true;
        s.values[i * SWEEP_METRICS + GOAL_COST_USD] =
            i == 0 ? 5.0 : (double)((i - 1) % 3);
    }
    assert_true(sweep_is_flat(&s, 0));
    assert_false(sweep_is_flat(&s, 1));
    s.values[4 * SWEEP_METRICS + SWEEP_REGRETTED] = 1.0; /* (8, 1s) */
    assert_false(sweep_is_flat(&s, 0));
    s.settings[4].done = false;
    assert_true(sweep_is_flat(&s, 0));
    sweep_free(&s);
}

/* One value, and today's beside it. */
static void test_todays_value_counts_where_nothing_else_varies(void **state)
{
    struct sweep s;

    make(&s, loaded(state), "amd64.max_replicas=9", NULL);
    s.values = calloc(s.n * SWEEP_METRICS, sizeof *s.values);
    s.settings[0].done = true;
    assert_false(sweep_is_flat(&s, 0));
    s.settings[1].done = true;
    assert_true(sweep_is_flat(&s, 0));
    s.values[SWEEP_METRICS] = 1.0;
    assert_false(sweep_is_flat(&s, 0));
    sweep_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_front_is_among_those_without_give_ups),
        cmocka_unit_test(test_differences_hold_together),
        cmocka_unit_test(test_the_cheapest_must_meet_the_targets),
        cmocka_unit_test(test_an_axis_is_flat_if_none_of_its_values_matters),
        cmocka_unit_test(test_todays_value_counts_where_nothing_else_varies),
    };

    return cmocka_run_group_tests(tests, load, unload);
}

#include "tests/size_rig.h"

#define TRACE "traces/data/scale-test.csv"

static void keep(struct size_rig *r, size_t setting, size_t history,
                 double first, double second)
{
    struct trial x[2] = {{{0}}, {{0}}};

    x[0].at[GOAL_COST_USD] = first;
    x[1].at[GOAL_COST_USD] = second;
    trials_keep(&r->t, setting, history, x);
}

static void test_differences_are_paired(void **state)
{
    const size_t histories[] = {1, 3, 4};
    struct size_rig r;
    (void)state;

    rig_open(&r, TRACE, 1, 4);
    size_t a = rig_setting(&r, "amd64.max_replicas=5", NULL);
    size_t b = rig_setting(&r, NULL, NULL);
    const double base[] = {10.0, 50.0, 20.0}, more[] = {1.5, 2.5, 3.5};
    for (size_t i = 0; i < 3; i++) {
        keep(&r, b, histories[i], base[i], 100.0);
        keep(&r, a, histories[i], base[i] + more[i], 103.25);
    }
    const struct effect_on on = {&r.t, histories, 3};
    struct paired d = effect_of(&on, a, b, 0, GOAL_COST_USD);
    assert_close(d.mean, 2.5, 1e-12);
    /* t(0.975, 2) = 4.302653, deviation 1: 4.302653 / sqrt(3) */
    assert_close(d.half_width, 2.484138, 1e-5);
    d = effect_of(&on, a, b, NO_INDEX, GOAL_COST_USD);
    assert_close(d.mean, 5.75, 1e-12);
    struct estimate x = effect_mean(&on, b, NO_INDEX, GOAL_COST_USD);
    assert_close(x.mean, 80.0 / 3.0 + 100.0, 1e-12);
    rig_close(&r);
}

static void test_settings_are_compared_on_drawn_histories(void **state)
{
    size_t out[5];
    struct size_rig r;
    (void)state;

    rig_open(&r, TRACE, 2, 3); /* of an hour, so there are no days */
    assert_int_equal(effect_histories(&r.h, 5, out), 3);
    assert_int_equal(out[0], 2);
    assert_int_equal(out[2], 4);
    r.h.n_days = 2; /* in turn: runs 2 3 4, days 5 6 */
    assert_int_equal(effect_histories(&r.h, 4, out), 4);
    assert_int_equal(out[0], 2);
    assert_int_equal(out[1], 5);
    assert_int_equal(out[2], 3);
    assert_int_equal(out[3], 6);
    r.h.n_days = 0;
    r.h.n_runs = 0;
    assert_int_equal(effect_histories(&r.h, 5, out), 2);
    assert_int_equal(out[1], 1);
    r.h.n_runs = 3;
    rig_close(&r);
}

static void test_all_pairs_are_run(void **state)
{
    const size_t histories[] = {0, 2};
    size_t settings[2];
    struct size_rig r;
    (void)state;

    rig_open(&r, TRACE, 1, 3);
    settings[0] = rig_setting(&r, NULL, NULL);
    settings[1] = rig_setting(&r, "amd64.max_replicas=5", NULL);
    const struct effect_on on = {&r.t, histories, 2};
    assert_int_equal(effect_run(&on, settings, 2, &r.e), ERR_OK);
    assert_int_equal(r.t.n_runs, 4);
    assert_non_null(trials_at(&r.t, settings[1], 2));
    rig_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_differences_are_paired),
        cmocka_unit_test(test_settings_are_compared_on_drawn_histories),
        cmocka_unit_test(test_all_pairs_are_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

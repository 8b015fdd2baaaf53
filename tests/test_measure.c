#include "tests/fixture.h"
#include "tests/support.h"

#include "sim/plan/replicate.h"

/* A fixed pool of 2 pods on one node, and an idle scaled one. */
static void fixed(struct fixture *f)
{
    fixture_init(f, 2, 2, 8);
    f->pools[0].autoscaled = false;
    fixture_build(f, 0, 0, 600.0, 300.0);
    fixture_build(f, 0, 0, 700.0, 300.0);
    fixture_build(f, 0, 0, 750.0, 300.0);
}

static void burst(struct fixture *f)
{
    fixture_init(f, 2, 2, 8);
    for (int i = 0; i < 12; i++)
        fixture_build(f, 0, 0, 60.0 + 0.3 * i, 200.0 + 31.0 * i);
    fixture_build(f, 1, 0, 70.0, 45.0);
    fixture_build(f, 0, 0, 3000.0, 45.0);
}

static struct replications run(struct fixture *f, uint32_t n_reps,
                               uint32_t n_threads, bool measures)
{
    struct replications r;
    struct replicate_task t = {
        .params = &f->p,
        .trace = &f->t,
        .pool_of = f->pool_of,
        .caller_of = f->caller_of,
        .seed = 7,
        .n_reps = n_reps,
        .n_threads = n_threads,
        .measures = measures,
    };

    replicate(&r, &t);
    return r;
}

static void test_a_fixed_pool_by_hand(void **state)
{
    struct fixture f;
    (void)state;

    fixed(&f);
    struct replications r = run(&f, 1, 1, true);
    const double *at = r.figures[0].at;
    double window_s = 7200.0 + 750.000001;
    /* Demand 1 for 100 s, 2 for 50, 3 for 150, 2 for 100, 1 for 50; supply 2.
     */
    assert_close(at[FIG_UNDER_PODS], 150.0 / window_s, 1e-9);
    assert_close(at[FIG_UNDER_TIME], 150.0 / window_s, 1e-9);
    assert_close(at[FIG_UNDER_FRAC], at[FIG_UNDER_PODS] / 2.0, 1e-12);
    assert_close(at[FIG_OVER_PODS], 2.0 - (900.0 - 150.0) / window_s, 1e-9);
    assert_close(at[FIG_JITTER], -6.0 * 3600.0 / window_s, 1e-9);
    assert_close(at[FIG_CHURN], 0.0, 0.0);
    assert_close(at[FIG_STARTS_MAX], 0.0, 0.0);
    assert_close(at[FIG_DEMAND_CHURN], 6.0, 0.0);
    assert_close(at[FIG_ORACLE_CHURN], 6.0, 0.0);
    assert_close(at[FIG_FORESIGHT_POD_HOURS], 0.25, 1e-9);
    assert_close(at[FIG_FORESIGHT_NODE_HOURS], 600.0 / 3600.0, 1e-9);
    assert_close(at[FIG_FORESIGHT_STARTS], 2.0, 0.0);
    /* The third build waits for the first in the run as in the fixed pool. */
    assert_close(at[FIG_STATIC_PODS], 2.0, 0.0);
    assert_close(at[FIG_STATIC_USD], 5.6952 * window_s / 3600.0, 1e-6);
    replications_free(&r);
    fixture_free(&f);
}

static void test_an_idle_pool_has_no_gap_to_close(void **state)
{
    struct fixture f;
    (void)state;

    fixed(&f);
    struct replications r = run(&f, 1, 1, true);
    const double *at = r.figures[1].at;
    assert_close(at[FIG_STATIC_PODS], 0.0, 0.0);
    assert_true(isnan(at[FIG_GAP_CLOSED]));
    assert_true(isnan(at[FIG_EXCESS_CHURN]));
    assert_close(at[FIG_OVER_NORM], 1.0, 1e-12);
    assert_close(at[FIG_OVER_DEMAND], 2.0, 1e-12);
    replications_free(&r);
    fixture_free(&f);
}

static void assert_agrees(const double *at)
{
    assert_close(at[FIG_PAIRS_10M], at[FIG_REGRETTED_PER_DAY], 1e-9);
    assert_close(at[FIG_HASTY_DOWNS], 0.0, 0.0);
    assert_true(at[FIG_CHURN] <= 2.0 * at[FIG_PODS_STARTED]);
}

static void test_pairs_within_the_break_even_time_are_the_regrets(void **state)
{
    struct fixture f;
    (void)state;

    burst(&f);
    /* The break-even time is a point of the curve. */
    assert_int_equal(f.p.regret_us, 600 * US_PER_S);
    f.pools[0].hpa.down.window_us = 60 * US_PER_S;
    f.pools[0].hpa.down.has_window = true;
    struct replications r = run(&f, 3, 1, true);
    for (size_t i = 0; i < 6; i++)
        assert_agrees(r.figures[i].at);
    assert_true(r.figures[0].at[FIG_STARTS_MAX] >= 6.0);
    assert_true(r.figures[0].at[FIG_CHURN] > 0.0);
    replications_free(&r);
    fixture_free(&f);
}

static void assert_unmeasured(const double *at)
{
    for (int k = FIG_MEASURED; k < N_FIGURES; k++)
        assert_true(at[k] == 0.0);
}

static void test_measuring_changes_no_other_figure(void **state)
{
    struct fixture f;
    (void)state;

    burst(&f);
    struct replications with = run(&f, 2, 1, true);
    struct replications without = run(&f, 2, 1, false);
    assert_int_equal(with.events, without.events);
    for (size_t i = 0; i < 4; i++) {
        assert_memory_equal(with.figures[i].at, without.figures[i].at,
                            FIG_MEASURED * sizeof(double));
        assert_unmeasured(without.figures[i].at);
    }
    replications_free(&with);
    replications_free(&without);
    fixture_free(&f);
}

static void test_figures_do_not_depend_on_the_number_of_threads(void **state)
{
    struct fixture f;
    (void)state;

    burst(&f);
    struct replications one = run(&f, 5, 1, true);
    struct replications many = run(&f, 5, 3, true);
    assert_memory_equal(one.figures, many.figures, 10 * sizeof *one.figures);
    replications_free(&one);
    replications_free(&many);
    fixture_free(&f);
}

static void test_a_warm_up_beyond_the_history_leaves_nothing(void **state)
{
    struct fixture f;
    (void)state;

    burst(&f);
    f.p.warm_up_us = 30 * US_PER_DAY;
    struct replications r = run(&f, 1, 1, true);
    assert_close(r.figures[0].at[FIG_UNDER_PODS], 0.0, 0.0);
    assert_close(r.figures[0].at[FIG_CHURN], 0.0, 0.0);
    replications_free(&r);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_fixed_pool_by_hand),
        cmocka_unit_test(test_an_idle_pool_has_no_gap_to_close),
        cmocka_unit_test(test_pairs_within_the_break_even_time_are_the_regrets),
        cmocka_unit_test(test_measuring_changes_no_other_figure),
        cmocka_unit_test(test_figures_do_not_depend_on_the_number_of_threads),
        cmocka_unit_test(test_a_warm_up_beyond_the_history_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

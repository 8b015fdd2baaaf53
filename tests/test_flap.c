#include "tests/support.h"

#include "sim/plan/flap.h"

#include <string.h>

#define S(s) us_from_s(s)

/* A day from 0, break-even 600 s, scale-down window 300 s, 2 replicas. */
static void open_day(struct flap *f)
{
    memset(f, 0, sizeof *f);
    flap_start(f, 0, US_PER_DAY, S(600.0), S(300.0));
    flap_on_wanted(f, 0, 2);
}

static struct flap_figures take(const struct flap *f)
{
    struct flap_figures x;

    flap_take(f, &x);
    return x;
}

/* ------------------------------------------------------------ pairs */

/* 2, 6 at 1000 s, 3 at 2000 s, 5 at 2090 s, 2 at 3000 s, 6 at 3450.5 s. Levels
 * 4 and 5 come back after 90 s, the same and 3 after 450.5 s, 6 after 1450.5 s.
 */
static void worked(struct flap *f)
{
    open_day(f);
    flap_on_wanted(f, S(1000.0), 6);
    flap_on_wanted(f, S(2000.0), 3);
    flap_on_wanted(f, S(2090.0), 5);
    flap_on_wanted(f, S(3000.0), 2);
    flap_on_wanted(f, S(3450.5), 6);
}

static void test_levels_pair_removals_with_returns(void **state)
{
    struct flap f;
    (void)state;

    worked(&f);
    struct flap_figures x = take(&f);
    assert_close(x.pairs_per_day[0], 0.0, 0.0); /* 1 minute */
    assert_close(x.pairs_per_day[1], 2.0, 0.0);
    assert_close(x.pairs_per_day[2], 2.0, 0.0);
    assert_close(x.pairs_per_day[3], 5.0, 0.0);
    assert_close(x.pairs_per_day[4], 6.0, 0.0); /* 30 minutes */
    /* 2 * (600 - 90) + 3 * (600 - 450.5), in hours. */
    assert_close(x.hold_saves_pod_h, 1468.5 / 3600.0, 1e-12);
    flap_free(&f);
}

static void test_a_gap_as_long_as_the_limit_is_no_pair(void **state)
{
    struct flap f;
    (void)state;

    open_day(&f);
    flap_on_wanted(&f, S(100.0), 1);
    flap_on_wanted(&f, S(160.0), 2);
    flap_on_wanted(&f, S(1000.0), 1);
    flap_on_wanted(&f, S(1600.0), 2); /* as dear as the start */
    struct flap_figures x = take(&f);
    assert_close(x.pairs_per_day[0], 0.0, 0.0);
    assert_close(x.pairs_per_day[1], 1.0, 0.0);
    assert_close(x.pairs_per_day[3], 1.0, 0.0);
    assert_close(x.hold_saves_pod_h, 0.15, 1e-12); /* 540 s of the first */
    flap_free(&f);
}

static void test_churn_counts_replicas_moved(void **state)
{
    struct flap f;
    (void)state;

    worked(&f);
    assert_close(take(&f).churn, 4.0 + 3.0 + 2.0 + 3.0 + 4.0, 0.0);
    flap_on_wanted(&f, S(4000.0), 6); /* no change */
    assert_close(take(&f).churn, 16.0, 0.0);
    flap_free(&f);
}

static void test_reversals_are_hasty_within_the_window(void **state)
{
    struct flap f;
    (void)state;

    worked(&f); /* turns after 1000, 90, 910 and 450.5 s */
    struct flap_figures x = take(&f);
    assert_close(x.reversals_per_day, 4.0, 0.0);
    assert_close(x.hasty_frac, 0.25, 0.0);
    assert_close(x.hasty_downs, 0.0, 0.0); /* that one went up */
    flap_on_wanted(&f, S(3750.5), 5);      /* 300 s later: it was obeyed */
    assert_close(take(&f).hasty_downs, 0.0, 0.0);
    flap_on_wanted(&f, S(4000.0), 6);
    flap_on_wanted(&f, S(4299.9), 5);
    assert_close(take(&f).hasty_downs, 1.0, 0.0);
    flap_free(&f);
}

static void test_two_steps_in_one_direction_are_no_reversal(void **state)
{
    struct flap f;
    (void)state;

    open_day(&f);
    flap_on_wanted(&f, S(10.0), 5);
    flap_on_wanted(&f, S(20.0), 9);
    assert_close(take(&f).reversals_per_day, 0.0, 0.0);
    flap_free(&f);
}

static void test_what_is_outside_the_window_does_not_count(void **state)
{
    struct flap f = {0};
    (void)state;

    flap_start(&f, S(1000.0), S(1000.0) + US_PER_DAY, S(600.0), S(300.0));
    flap_on_wanted(&f, 0, 4);
    flap_on_wanted(&f, S(900.0), 2);
    flap_on_wanted(&f, S(1000.0), 3); /* its first state */
    flap_on_wanted(&f, S(1100.0), 4); /* given up before, wanted back inside */
    flap_on_wanted(&f, S(1000.0) + US_PER_DAY, 40);
    struct flap_figures x = take(&f);
    assert_close(x.churn, 1.0, 0.0);
    assert_close(x.pairs_per_day[2], 1.0, 0.0);
    assert_close(x.reversals_per_day, 0.0, 0.0);
    flap_on_pod_created(&f, S(999.0));
    flap_on_pod_gone(&f, S(999.0), S(1.0), true);
    flap_on_pod_gone(&f, S(999.0), S(1.0), false);
    flap_on_node_gone(&f, S(1000.0) + US_PER_DAY, S(1.0));
    x = take(&f);
    assert_close(x.starts_max, 0.0, 0.0);
    assert_close(x.never_ready, 0.0, 0.0);
    assert_close(x.brief_nodes_frac, 0.0, 0.0);
    flap_free(&f);
}

static void test_a_second_start_forgets_the_first(void **state)
{
    struct flap f;
    (void)state;

    worked(&f);
    flap_on_pod_created(&f, S(5000.0));
    flap_start(&f, 0, US_PER_DAY, S(600.0), S(300.0));
    flap_on_wanted(&f, 0, 2);
    flap_on_wanted(&f, S(3500.0), 6); /* no level remembers a removal */
    struct flap_figures x = take(&f);
    assert_close(x.pairs_per_day[FLAP_GAPS - 1], 0.0, 0.0);
    assert_close(x.churn, 4.0, 0.0);
    assert_close(x.starts_max, 0.0, 0.0);
    flap_free(&f);
}

/* ------------------------------------------------------------ lives */

static void test_brief_is_within_twice_the_mean_start(void **state)
{
    struct flap f;
    (void)state;

    open_day(&f);
    flap_on_pod_ready(&f, S(100.0), S(40.0));
    flap_on_pod_ready(&f, S(100.0), S(60.5));
    flap_on_pod_gone(&f, S(200.0), S(100.4), true);
    flap_on_pod_gone(&f, S(200.0), S(100.5), true);
    flap_on_pod_gone(&f, S(200.0), SIM_NEVER, true); /* older than all */
    flap_on_pod_gone(&f, S(200.0), S(3.0), false);
    struct flap_figures x = take(&f);
    assert_close(x.brief_s, 100.5, 1e-9);
    assert_close(x.brief_frac, 1.0 / 3.0, 1e-12);
    assert_close(x.never_ready, 1.0, 0.0);
    flap_free(&f);
}

static void test_a_node_of_a_quarter_of_an_hour_is_not_brief(void **state)
{
    struct flap f;
    (void)state;

    open_day(&f);
    flap_on_node_gone(&f, S(5000.0), S(899.9));
    flap_on_node_gone(&f, S(5000.0), S(900.0));
    flap_on_node_gone(&f, S(5000.0), SIM_NEVER);
    flap_on_node_gone(&f, S(5000.0), S(7.0));
    assert_close(take(&f).brief_nodes_frac, 0.5, 0.0);
    flap_free(&f);
}

/* ------------------------------------------------------------ starts */

static void test_the_start_budget_rolls(void **state)
{
    struct flap f;
    (void)state;

    open_day(&f);
    flap_on_pod_created(&f, S(1000.0));
    flap_on_pod_created(&f, S(1000.0));
    flap_on_pod_created(&f, S(1599.9)); /* the third within 600 s */
    flap_on_pod_created(&f, S(1600.0)); /* when the first two fall out */
    assert_close(take(&f).starts_max, 3.0, 0.0);
    flap_free(&f);
}

static void test_the_p99_of_starts_weighs_by_time(void **state)
{
    struct flap f = {0};
    (void)state;

    /* A start is in the window for 600 of 60,000 s. */
    flap_start(&f, 0, S(60000.0), S(600.0), S(300.0));
    flap_on_pod_created(&f, S(100.0));
    assert_close(take(&f).starts_p99, 0.0, 0.0); /* 1 % exactly */
    flap_on_pod_created(&f, S(800.0));
    assert_close(take(&f).starts_p99, 1.0, 0.0);
    assert_close(take(&f).starts_max, 1.0, 0.0);
    flap_free(&f);
}

static void test_an_empty_window_has_no_figures(void **state)
{
    struct flap f = {0};
    struct flap_figures none = {0}, x;
    (void)state;

    flap_start(&f, S(50.0), S(50.0), S(600.0), S(300.0));
    flap_on_wanted(&f, 0, 2);
    flap_on_wanted(&f, S(60.0), 9);
    flap_on_pod_created(&f, S(50.0));
    x = take(&f);
    assert_memory_equal(&x, &none, sizeof x);
    flap_free(&f);
    flap_free(&f);
}

/* ------------------------------------------------------------ warmth */

static void test_warm_is_a_node_that_just_ended_a_build(void **state)
{
    struct flap_stay stays[] = {
        {7, S(5000.0), S(6000.0), true},  /* 1,000 s after the first: warm */
        {7, S(100.0), S(4000.0), true},   /* the first of its node */
        {7, S(300.0), SIM_NEVER, true},   /* none has ended yet */
        {8, S(6000.0), S(6100.0), true},  /* another node */
        {8, S(9700.0), S(9800.0), true},  /* 3,600 s after: just warm */
        {8, S(13400.1), S(14000.0), true} /* a little too late */
    };
    (void)state;

    assert_close(flap_warm_frac(stays, 6, S(3600.0)), 2.0 / 6.0, 1e-12);
}

static void test_uncounted_stays_warm_the_node(void **state)
{
    struct flap_stay stays[] = {
        {3, S(10.0), S(20.0), false},
        {3, S(20.0), S(20.0), true}, /* begins as that one ends */
    };
    (void)state;

    assert_close(flap_warm_frac(stays, 2, S(3600.0)), 1.0, 0.0);
    assert_close(flap_warm_frac(stays, 0, S(3600.0)), 0.0, 0.0);
}

static void test_a_stay_without_length_does_not_warm_itself(void **state)
{
    struct flap_stay stay = {3, S(20.0), S(20.0), true};
    (void)state;

    assert_close(flap_warm_frac(&stay, 1, S(3600.0)), 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels_pair_removals_with_returns),
        cmocka_unit_test(test_a_gap_as_long_as_the_limit_is_no_pair),
        cmocka_unit_test(test_churn_counts_replicas_moved),
        cmocka_unit_test(test_reversals_are_hasty_within_the_window),
        cmocka_unit_test(test_two_steps_in_one_direction_are_no_reversal),
        cmocka_unit_test(test_what_is_outside_the_window_does_not_count),
        cmocka_unit_test(test_a_second_start_forgets_the_first),
        cmocka_unit_test(test_brief_is_within_twice_the_mean_start),
        cmocka_unit_test(test_a_node_of_a_quarter_of_an_hour_is_not_brief),
        cmocka_unit_test(test_the_start_budget_rolls),
        cmocka_unit_test(test_the_p99_of_starts_weighs_by_time),
        cmocka_unit_test(test_an_empty_window_has_no_figures),
        cmocka_unit_test(test_warm_is_a_node_that_just_ended_a_build),
        cmocka_unit_test(test_uncounted_stays_warm_the_node),
        cmocka_unit_test(test_a_stay_without_length_does_not_warm_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

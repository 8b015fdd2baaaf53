#include "tests/make_trace.h"
#include "tests/support.h"

#include "sim/plan/return_level.h"

#include <stdlib.h>

static const struct random_world spread = {.seed = 71};

static struct return_task task(const struct demand_step *steps, size_t n,
                               double days)
{
    return (struct return_task){
        .steps = steps,
        .n = n,
        .span_us = (sim_us)(days * (double)US_PER_DAY),
        .gap_us = us_from_s(100.0),
        .horizon_days = 365.0,
        .error = 0.1,
        .world = &spread,
    };
}

/* Peaks of 1, 2, .. n builds, 1000 s apart; each rises and falls at once. */
static struct demand_step *staircase(size_t n)
{
    struct demand_step *steps = mem_array(2 * n, sizeof *steps);

    for (size_t i = 0; i < n; i++) {
        steps[2 * i] =
            (struct demand_step){us_from_s(1000.0 * (double)i), (int32_t)i + 1};
        steps[2 * i + 1] =
            (struct demand_step){us_from_s(1000.0 * (double)i + 10.0), 0};
    }
    return steps;
}

/* ------------------------------------------------------------ honesty */

static void test_few_clusters_are_refused(void **state)
{
    struct demand_step *steps = staircase(29);
    struct return_task t = task(steps, 58, 14.0);
    (void)state;

    struct return_level r = return_level(&t);
    assert_int_equal(r.verdict, RETURN_FEW);
    assert_int_equal(r.observed, 29);
    assert_int_equal(r.threshold, 0);
    assert_close(r.level, 0.0, 0.0);
    assert_string_equal(return_level_why(r.verdict),
                        "the record has fewer than 30 separate peaks: the "
                        "horizon is longer than the data");
    free(steps);
    steps = staircase(30);
    t = task(steps, 60, 14.0);
    assert_int_not_equal(return_level(&t).verdict, RETURN_FEW);
    free(steps);
}

static void test_a_capped_record_is_refused(void **state)
{
    struct demand_step *steps = staircase(50);
    struct return_task t = task(steps, 100, 14.0);
    (void)state;

    t.capped = true;
    struct return_level r = return_level(&t);
    assert_int_equal(r.verdict, RETURN_CAPPED);
    assert_int_equal(r.observed, 50);
    assert_close(r.high, 0.0, 0.0);
    assert_string_equal(return_level_why(r.verdict),
                        "the record's peak is cut by a pool of fixed size");
    free(steps);
}

static void test_a_horizon_of_less_than_a_cluster_is_refused(void **state)
{
    struct demand_step *steps = staircase(30);
    struct return_task t = task(steps, 60, 30.0);
    (void)state;

    t.horizon_days = 1.0; /* one cluster a day */
    assert_int_equal(return_level(&t).verdict, RETURN_SHORT);
    t.horizon_days = 1.001;
    assert_int_not_equal(return_level(&t).verdict, RETURN_SHORT);
    t = task(NULL, 0, 30.0);
    assert_int_equal(return_level(&t).verdict, RETURN_FEW);
    free(steps);
}

/* Peaks of 27, 54, 81 and 108 builds, as matrices stack: a bounded law. */
static void test_peaks_without_a_tail_are_refused(void **state)
{
    struct demand_step *steps = staircase(40);
    struct return_task t = task(steps, 80, 40.0);
    (void)state;

    for (size_t i = 0; i < 80; i += 2)
        steps[i].builds = 27 * (1 + (int32_t)(i / 2) % 4);
    struct return_level r = return_level(&t);
    assert_int_equal(r.verdict, RETURN_IRREGULAR);
    assert_int_equal(r.observed, 108);
    assert_int_equal(r.threshold, 54);
    assert_close(r.level, 0.0, 0.0);
    assert_close(r.high, 0.0, 0.0);
    assert_string_equal(return_level_why(r.verdict),
                        "the record's peaks follow no law that can be "
                        "continued");
    free(steps);
}

/* ------------------------------------------------------------ clusters */

static void test_the_threshold_is_the_highest_with_thirty_clusters(void **state)
{
    struct demand_step *steps = staircase(50);
    struct return_task t = task(steps, 100, 10.0);
    (void)state;

    struct return_level r = return_level(&t);
    assert_int_equal(r.threshold, 21); /* 21 to 50 are thirty */
    assert_int_equal(r.n_clusters, 30);
    assert_close(r.clusters_per_day, 3.0, 1e-12);
    assert_close(r.stretch, 36.5, 1e-12);
    free(steps);
}

/* Peaks are 990 s apart, from the end of one to the start of the next. */
static void test_peaks_within_the_gap_are_one_cluster(void **state)
{
    struct demand_step *steps = staircase(60);
    struct return_task t = task(steps, 120, 10.0);
    (void)state;

    t.gap_us = us_from_s(990.0);
    assert_int_equal(return_level(&t).threshold, 31);
    t.gap_us = us_from_s(990.000001);
    assert_int_equal(return_level(&t).verdict, RETURN_FEW);
    free(steps);
}

/* A valley between two humps splits them only for thresholds above it, and
 * only if it is long enough.
 */
static void test_a_valley_above_the_threshold_splits_nothing(void **state)
{
    struct demand_step steps[5 * 30];
    size_t n = 0;
    (void)state;

    for (int i = 0; i < 30; i++) {
        double at_s = 10000.0 * i;
        steps[n++] = (struct demand_step){us_from_s(at_s), 5};
        steps[n++] = (struct demand_step){us_from_s(at_s + 10.0), 3};
        steps[n++] = (struct demand_step){us_from_s(at_s + 500.0), 4};
        steps[n++] = (struct demand_step){us_from_s(at_s + 600.0), 0};
    }
    struct return_task t = task(steps, n, 10.0);
    struct return_level r = return_level(&t);
    assert_int_equal(r.threshold, 5);
    assert_int_equal(r.n_clusters, 30);
    for (size_t i = 0; i < n; i += 4)
        steps[i].builds = i < 16 ? 5 : 2; /* four high ones are left */
    r = return_level(&t);
    assert_int_equal(r.threshold, 4);
    assert_int_equal(r.n_clusters, 34);
}

/* ------------------------------------------------------------ answers */

static void test_the_gap_is_a_quantile_of_the_known_work(void **state)
{
    struct trace t = {.span_us = US_PER_DAY};
    (void)state;

    for (int i = 1; i <= 40; i++)
        add(&t, "amd64", "", i, 10.0 * i);
    add(&t, "amd64", "", 50.0, 9999.0)->censored = true;
    add(&t, "arm64", "", 50.0, 7777.0);
    assert_int_equal(return_gap_us(&t, t.builds[0].pool), us_from_s(380.0));
    assert_int_equal(return_gap_us(&t, 0), 0);
    trace_free(&t);
}

/* ------------------------------------------------------------ coverage */

/* A burst a day of 5 + ceil(Y) builds, Y of the law. */
static struct demand_step *daily_bursts(const struct gpd *law, size_t days,
                                        uint64_t repetition)
{
    struct demand_step *steps = mem_array(2 * days, sizeof *steps);
    struct random_world w = {.seed = 73};

    for (size_t i = 0; i < days; i++) {
        double y = gpd_level(law, 1.0 / random_u01(&w, 1, repetition, i));
        sim_us at_us = (sim_us)i * US_PER_DAY;
        steps[2 * i] = (struct demand_step){at_us, 5 + (int32_t)ceil(y)};
        steps[2 * i + 1] = (struct demand_step){at_us + us_from_s(1800.0), 0};
    }
    return steps;
}

/* The level of a year from 90 days. A whole number of builds stands for an
 * interval of one; the share of fits that say too little is the one that
 * matters to a maximum.
 */
static void test_a_known_law_is_covered_at_the_stated_rate(void **state)
{
    enum { REPETITIONS = 1000, DAYS = 90 };
    const struct gpd law = {0.1, 12.0};
    double truth = 5.5 + gpd_level(&law, 365.0);
    double n = 0.0, n_in = 0.0, n_low = 0.0;
    (void)state;

    for (uint64_t r = 0; r < REPETITIONS; r++) {
        struct demand_step *steps = daily_bursts(&law, DAYS, r);
        struct return_task t = task(steps, 2 * DAYS, DAYS);
        struct return_level got = return_level(&t);
        free(steps);
        if (got.verdict == RETURN_IRREGULAR)
            continue;
        assert_int_equal(got.verdict, RETURN_STATED);
        assert_true(got.low <= got.level && got.level <= got.high);
        n++;
        n_in += got.low <= truth && truth <= got.high;
        n_low += got.high < truth;
    }
    assert_true(n > 0.95 * REPETITIONS);
    assert_close(n_in / n, 0.9, 4.0 * sqrt(0.9 * 0.1 / REPETITIONS));
    assert_true(n_low / n <= 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_clusters_are_refused),
        cmocka_unit_test(test_a_capped_record_is_refused),
        cmocka_unit_test(test_a_horizon_of_less_than_a_cluster_is_refused),
        cmocka_unit_test(test_peaks_without_a_tail_are_refused),
        cmocka_unit_test(
            test_the_threshold_is_the_highest_with_thirty_clusters),
        cmocka_unit_test(test_peaks_within_the_gap_are_one_cluster),
        cmocka_unit_test(test_a_valley_above_the_threshold_splits_nothing),
        cmocka_unit_test(test_the_gap_is_a_quantile_of_the_known_work),
        cmocka_unit_test(test_a_known_law_is_covered_at_the_stated_rate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

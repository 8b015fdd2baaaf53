#include "tests/support.h"

#include "tests/make_trace.h"
#include "traces/stats.h"

#include <stdlib.h>

static void test_pools_come_in_order_of_their_names(void **state)
{
    struct trace t = small_trace();
    size_t n;
    struct pool_stats *p = trace_stats(&t, &n);

    (void)state;
    assert_int_equal(n, 2);
    assert_string_equal(strings_at(&t.strings, p[0].pool), "amd64");
    assert_string_equal(strings_at(&t.strings, p[1].pool), "zeta");
    free(p);
    trace_free(&t);
}

static void test_counts_are_of_one_pool(void **state)
{
    struct trace t = small_trace();
    size_t n;
    struct pool_stats *p = trace_stats(&t, &n);

    (void)state;
    assert_int_equal(p[0].n_builds, 5);
    assert_int_equal(p[0].n_runs, 3);
    assert_int_equal(p[0].n_error, 1);
    assert_int_equal(p[0].n_cancelled, 1);
    assert_int_equal(p[0].n_censored, 1);
    assert_int_equal(p[0].first_us, 10 * US_PER_S);
    assert_int_equal(p[0].last_us, 92 * US_PER_S);
    assert_int_equal(p[1].n_builds, 1);
    assert_int_equal(p[1].n_runs, 1);
    free(p);
    trace_free(&t);
}

static void test_peak_is_first_reached_and_mean_stops_at_the_end(void **state)
{
    struct trace t = small_trace();
    size_t n;
    struct pool_stats *p = trace_stats(&t, &n);

    (void)state;
    assert_int_equal(p[0].demand_peak, 3);
    assert_int_equal(p[0].demand_peak_us, 25 * US_PER_S);
    /* 20 + 30 + 2.5 + 5 (left) + 8 (of 50, inside the record) = 65.5 s */
    assert_close(p[0].demand_mean, 0.655, 1e-12);
    assert_close(p[1].demand_mean, 0.4, 1e-12);
    free(p);
    trace_free(&t);
}

static void test_full_share_is_of_busy_time(void **state)
{
    struct trace t = small_trace();
    size_t n;
    struct pool_stats *p = trace_stats(&t, &n);

    (void)state;
    /* Busy 10 to 40 and 90 to 142; three at once from 25 to 27.5. */
    assert_close(p[0].capped_frac, 2.5 / 82.0, 1e-12);
    assert_close(p[1].capped_frac, 1.0, 1e-12);
    assert_false(p[1].capped); /* a maximum of one says nothing */
    free(p);
    trace_free(&t);
}

static void test_work_quantiles_leave_out_censored_builds(void **state)
{
    struct trace t = small_trace();
    size_t n;
    struct pool_stats *p = trace_stats(&t, &n);

    (void)state;
    /* Known: 2.5, 20, 30 and 600. */
    assert_close(p[0].work_p50_s, 20.0, 0.0);
    assert_close(p[0].work_p90_s, 600.0, 0.0);
    assert_close(p[0].work_p99_s, 600.0, 0.0);
    assert_close(p[0].work_max_s, 600.0, 0.0);
    assert_close(p[0].work_mean_s, 163.125, 1e-9);
    free(p);
    trace_free(&t);
}

static void test_work_is_zero_if_every_build_is_censored(void **state)
{
    struct trace t = {.span_us = US_PER_H};
    size_t n;

    (void)state;
    add(&t, "amd64", "a", 1.0, 20.0)->censored = true;
    struct pool_stats *p = trace_stats(&t, &n);

    assert_close(p[0].work_max_s, 0.0, 0.0);
    assert_close(p[0].work_p50_s, 0.0, 0.0);
    free(p);
    trace_free(&t);
}

static void test_burst_sizes_count_builds_of_a_run_in_the_pool(void **state)
{
    struct trace t = {.span_us = US_PER_H};
    const char *runs[] = {"a", "b", "c"};
    const int sizes[] = {1, 4, 2};
    size_t n;

    (void)state;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < sizes[i]; k++)
            add(&t, "amd64", runs[i], 60.0 * i, 5.0);
    add(&t, "arm64", "b", 200.0, 5.0);
    struct pool_stats *p = trace_stats(&t, &n);

    assert_int_equal(p[0].n_runs, 3);
    assert_int_equal(p[0].burst_p50, 2);
    assert_int_equal(p[0].burst_p90, 4);
    assert_int_equal(p[0].burst_max, 4);
    assert_int_equal(p[1].burst_max, 1);
    free(p);
    trace_free(&t);
}

static void assert_capped(struct trace t, bool want)
{
    size_t n;
    struct pool_stats *p = trace_stats(&t, &n);

    assert_true(p[0].capped_frac > 0.05);
    assert_int_equal(p[0].capped, want);
    free(p);
    trace_free(&t);
}

static void test_starts_on_a_fixed_pool_look_capped(void **state)
{
    (void)state;
    assert_capped(bursts(true, 0.0), true);
    assert_capped(bursts(true, 40.0), true);
    assert_capped(bursts(true, 250.0), true);
}

static void test_requests_do_not_look_capped(void **state)
{
    (void)state;
    assert_capped(bursts(false, 0.0), false);
}

static void test_a_slot_empty_for_over_five_minutes_is_no_queue(void **state)
{
    (void)state;
    for (sim_us late_us = 0; late_us < 2; late_us++) {
        struct trace t = {.span_us = US_PER_H};

        add(&t, "amd64", "a", 0.0, 5000.0);
        add(&t, "amd64", "a", 0.0, 100.0);
        add(&t, "amd64", "b", 0.0, 1000.0)->asked_us = 400 * US_PER_S + late_us;
        add(&t, "amd64", "c", 1500.0, 1000.0);
        /* Of three ends out of the full house, two are refilled or one. */
        assert_capped(t, late_us == 0);
    }
}

static void test_small_runs_that_fill_their_peak_are_not_capped(void **state)
{
    struct trace t = {.span_us = 24 * US_PER_H};

    (void)state;
    for (int i = 0; i < 12; i++) {
        add(&t, "arm64", "a", 7200.0 * i, 1800.0);
        add(&t, "arm64", "a", 7200.0 * i + 70.0, 2400.0);
    }
    assert_capped(t, false);
}

static void test_hours_of_the_week_are_means_over_weeks(void **state)
{
    struct trace t = {.absolute = true, .origin_us = MONDAY_US};
    size_t n;

    (void)state;
    t.span_us = 14 * US_PER_DAY;
    add(&t, "amd64", "a", 3600.0 - 1e-6, 5.0);        /* Mon 00:59 */
    add(&t, "amd64", "a", 3600.0, 5.0);               /* Mon 01:00 */
    add(&t, "amd64", "b", 7 * 86400.0 + 3600.0, 5.0); /* Mon 01:00 */
    add(&t, "amd64", "c", 14 * 86400.0 - 1.0, 5.0);   /* Sun 23:59 */
    struct pool_stats *p = trace_stats(&t, &n);

    assert_close(p[0].asked_by_hour[0][0], 0.5, 1e-12);
    assert_close(p[0].asked_by_hour[0][1], 1.0, 1e-12);
    assert_close(p[0].asked_by_hour[6][23], 0.5, 1e-12);
    free(p);
    trace_free(&t);
}

static void test_an_hour_covered_in_part_counts_in_part(void **state)
{
    struct trace t = {.absolute = true};
    size_t n;

    (void)state;
    t.origin_us = MONDAY_US + 45 * 60 * US_PER_S;
    t.span_us = 7 * US_PER_DAY + 30 * 60 * US_PER_S; /* to Mon 01:15 */
    add(&t, "amd64", "a", 60.0, 5.0);                /* Mon 00:46 */
    add(&t, "amd64", "a", 1200.0, 5.0);              /* Mon 01:05 */
    struct pool_stats *p = trace_stats(&t, &n);

    assert_close(p[0].asked_by_hour[0][0], 1.0 / 1.25, 1e-12);
    assert_close(p[0].asked_by_hour[0][1], 1.0 / 1.25, 1e-12);
    free(p);
    trace_free(&t);
}

static void test_a_trace_without_instants_starts_on_a_monday(void **state)
{
    struct trace t = {.span_us = 2 * US_PER_DAY};
    size_t n;

    (void)state;
    add(&t, "amd64", "a", 86400.0 + 7200.0, 5.0);
    struct pool_stats *p = trace_stats(&t, &n);

    assert_close(p[0].asked_by_hour[1][2], 1.0, 1e-12);
    free(p);
    trace_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pools_come_in_order_of_their_names),
        cmocka_unit_test(test_counts_are_of_one_pool),
        cmocka_unit_test(test_peak_is_first_reached_and_mean_stops_at_the_end),
        cmocka_unit_test(test_full_share_is_of_busy_time),
        cmocka_unit_test(test_work_quantiles_leave_out_censored_builds),
        cmocka_unit_test(test_work_is_zero_if_every_build_is_censored),
        cmocka_unit_test(test_burst_sizes_count_builds_of_a_run_in_the_pool),
        cmocka_unit_test(test_starts_on_a_fixed_pool_look_capped),
        cmocka_unit_test(test_requests_do_not_look_capped),
        cmocka_unit_test(test_a_slot_empty_for_over_five_minutes_is_no_queue),
        cmocka_unit_test(test_small_runs_that_fill_their_peak_are_not_capped),
        cmocka_unit_test(test_hours_of_the_week_are_means_over_weeks),
        cmocka_unit_test(test_an_hour_covered_in_part_counts_in_part),
        cmocka_unit_test(test_a_trace_without_instants_starts_on_a_monday),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

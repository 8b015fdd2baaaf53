#include "plots/burst.h"

#include "tests/plot_rig.h"

static struct pool_state waiting(int32_t n, int32_t running, int32_t sessions)
{
    return (struct pool_state){.waiting = n,
                               .running = running,
                               .sessions = sessions,
                               .demand = n + running,
                               .ready = running,
                               .wanted = 8};
}

/* Pool 1 has the highest wait, from 4000 s to 4200 s with a pause inside. */
static void rig_two_pools(struct rig *r)
{
    rig_init(r, 2, 10000);
    rig_row(r, 1000, 0, waiting(5, 2, 7), 0);
    rig_row(r, 1100, 0, waiting(0, 2, 2), 0);
    rig_row(r, 4000, 1, waiting(1, 2, 3), 0);
    rig_row(r, 4010, 1, waiting(0, 2, 2), 0);
    rig_row(r, 4100, 1, waiting(6, 2, 2), 0);
    rig_row(r, 4200, 1, waiting(0, 8, 8), 0);
}

static void test_the_burst_is_where_most_builds_wait(void **state)
{
    struct burst b;
    struct rig r;

    (void)state;
    rig_two_pools(&r);
    burst_find(&b, &r.in);
    assert_int_equal(b.pool, 1);
    assert_true(b.waits);
    assert_int_equal(b.peak, 6);
    assert_int_equal(b.peak_us, S(4100));
    assert_int_equal(b.from_us, S(4000)); /* the pause of 90 s is short */
    assert_int_equal(b.until_us, S(4200));
    assert_int_equal(b.shown_from_us, S(3400));
    assert_int_equal(b.shown_until_us, S(4800));
    rig_free(&r);
}

/* Over the 200 s: 10 s with 3 of 3, 90 s with 2 of 2, 100 s with 2 of 8. */
static void test_the_share_that_the_scaler_sees_is_weighed_by_time(void **state)
{
    struct burst b;
    struct rig r;

    (void)state;
    rig_two_pools(&r);
    burst_find(&b, &r.in);
    assert_close(b.seen_frac, (30.0 + 180 + 200) / (30 + 180 + 800), 1e-12);
    rig_free(&r);
}

static void test_a_pause_of_ten_minutes_ends_a_burst(void **state)
{
    struct burst b;
    struct rig r;

    (void)state;
    rig_init(&r, 1, 10000);
    rig_row(&r, 1000, 0, waiting(3, 0, 3), 0);
    rig_row(&r, 1100, 0, waiting(0, 3, 3), 0);
    rig_row(&r, 1700, 0, waiting(4, 3, 7), 0);
    rig_row(&r, 1800, 0, waiting(0, 3, 3), 0);
    rig_row(&r, 2399.999999, 0, waiting(1, 3, 3), 0);
    rig_row(&r, 2500, 0, waiting(0, 3, 3), 0);
    burst_find(&b, &r.in);
    assert_int_equal(b.from_us, S(1700));
    assert_int_equal(b.until_us, S(2500)); /* this pause is 1 us shorter */
    rig_free(&r);
}

static void test_of_equal_bursts_the_first_is_taken(void **state)
{
    struct burst b;
    struct rig r;

    (void)state;
    rig_init(&r, 2, 10000);
    rig_row(&r, 1000, 1, waiting(3, 0, 3), 0);
    rig_row(&r, 1100, 1, waiting(0, 3, 3), 0);
    rig_row(&r, 2000, 0, waiting(3, 0, 3), 0);
    rig_row(&r, 2100, 0, waiting(0, 3, 3), 0);
    rig_row(&r, 5000, 0, waiting(3, 0, 3), 0);
    rig_row(&r, 5100, 0, waiting(0, 3, 3), 0);
    burst_find(&b, &r.in);
    assert_int_equal(b.pool, 0);
    assert_int_equal(b.from_us, S(2000));
    assert_int_equal(b.until_us, S(2100));
    rig_free(&r);
}

static void test_a_long_burst_is_shown_around_its_peak(void **state)
{
    struct burst b;
    struct rig r;

    (void)state;
    rig_init(&r, 1, 100000);
    rig_row(&r, 10000, 0, waiting(1, 0, 1), 0);
    rig_row(&r, 50000, 0, waiting(9, 0, 9), 0);
    rig_row(&r, 50001, 0, waiting(1, 0, 1), 0);
    rig_row(&r, 90000, 0, waiting(0, 0, 0), 0);
    burst_find(&b, &r.in);
    assert_int_equal(b.shown_from_us, S(50000 - 5400));
    assert_int_equal(b.shown_until_us, S(50000 + 5400));
    r.rows[1].at_us = S(10200); /* an early peak: from the beginning */
    r.rows[2].at_us = S(10201);
    burst_find(&b, &r.in);
    assert_int_equal(b.shown_from_us, S(9400));
    assert_int_equal(b.shown_until_us, S(9400 + 10800));
    rig_free(&r);
}

static void test_nothing_outside_the_window_is_shown(void **state)
{
    struct burst b;
    struct rig r;

    (void)state;
    rig_init(&r, 1, 400);
    r.in.window_from_us = S(900);
    rig_row(&r, 100, 0, waiting(50, 0, 0), 0);
    rig_row(&r, 200, 0, waiting(2, 0, 0), 0);
    rig_row(&r, 1000, 0, waiting(0, 2, 2), 0);
    rig_row(&r, 1400, 0, waiting(70, 2, 2), 0);
    burst_find(&b, &r.in);
    assert_int_equal(b.peak, 2);
    assert_int_equal(b.from_us, S(900));
    assert_int_equal(b.shown_from_us, S(900));
    assert_int_equal(b.shown_until_us, S(1300));
    rig_free(&r);
}

static void test_if_nobody_waits_the_highest_demand_is_shown(void **state)
{
    struct burst b;
    struct rig r;

    (void)state;
    rig_init(&r, 2, 10000);
    rig_row(&r, 3000, 1, waiting(0, 4, 4), 0);
    rig_row(&r, 3300, 1, waiting(0, 0, 0), 0);
    burst_find(&b, &r.in);
    assert_false(b.waits);
    assert_int_equal(b.pool, 1);
    assert_int_equal(b.peak, 4);
    assert_close(b.seen_frac, 1, 0);
    assert_int_equal(b.shown_from_us, S(2400));
    assert_int_equal(b.shown_until_us, S(3900));
    rig_free(&r);
}

static void test_without_rows_there_is_no_burst(void **state)
{
    struct burst b;
    struct rig r;

    (void)state;
    rig_init(&r, 1, 10000);
    burst_find(&b, &r.in);
    assert_int_equal(b.pool, NO_INDEX);
    assert_int_equal(b.peak, 0);
    assert_int_equal(b.shown_from_us, 0);
    assert_int_equal(b.shown_until_us, S(600));
    rig_free(&r);
}

/* Columns of 100 s from 3400 s: the one from 4000 s has 10 s of (1, 2, 3) and
 * 90 s of (0, 2, 2).
 */
static void test_columns_hold_averages_over_time(void **state)
{
    struct burst_column column[14];
    struct burst b;
    struct rig r;

    (void)state;
    rig_two_pools(&r);
    burst_find(&b, &r.in);
    burst_columns(&b, &r.in, column, 14);
    assert_close(column[5].present, 0, 0);
    assert_close(column[6].present, 2.1, 1e-12);
    assert_close(column[6].sessions, 2.1, 1e-12);
    assert_close(column[7].present, 8, 1e-12);
    assert_close(column[7].sessions, 2, 1e-12);
    assert_close(column[7].ready, 2, 1e-12);
    assert_close(column[7].wanted, 8, 1e-12);
    assert_close(column[13].present, 8, 1e-12);
    rig_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_burst_is_where_most_builds_wait),
        cmocka_unit_test(
            test_the_share_that_the_scaler_sees_is_weighed_by_time),
        cmocka_unit_test(test_a_pause_of_ten_minutes_ends_a_burst),
        cmocka_unit_test(test_of_equal_bursts_the_first_is_taken),
        cmocka_unit_test(test_a_long_burst_is_shown_around_its_peak),
        cmocka_unit_test(test_nothing_outside_the_window_is_shown),
        cmocka_unit_test(test_if_nobody_waits_the_highest_demand_is_shown),
        cmocka_unit_test(test_without_rows_there_is_no_burst),
        cmocka_unit_test(test_columns_hold_averages_over_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

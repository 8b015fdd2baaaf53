#include "plots/extremes.h"

#include "plots/scripts.h"
#include "tests/plot_rig.h"

#include <stdlib.h>

enum { DEMAND, WAITING, WANTED, READY, COST = EXTREMES_LEVELS - 1 };

/* What two points say of a column, in the order of time. */
static void assert_column(const struct extremes *x, size_t level, size_t i,
                          int32_t first, int32_t second)
{
    assert_int_equal(x->points[level][2 * i], first);
    assert_int_equal(x->points[level][2 * i + 1], second);
}

/* 64 columns of 0.1 s each: as many as the shortest window has. */
static const double shortest_s = 6.4;

static void test_a_column_keeps_its_lowest_and_highest_in_order(void **state)
{
    struct extremes x = {0};
    struct rig r;

    (void)state;
    rig_init(&r, 2, shortest_s);
    rig_row(&r, 0.05, 1, (struct pool_state){.demand = 99}, 0);
    rig_row(&r, 0.12, 0,
            (struct pool_state){.demand = 5, .wanted = 8, .ready = 4}, 7);
    rig_row(&r, 0.13, 0, (struct pool_state){.demand = 2, .ready = 9}, 7);
    rig_row(&r, 0.17, 0, (struct pool_state){.demand = 7, .ready = 3}, 7);
    rig_row(&r, 0.23, 0, (struct pool_state){.demand = 6, .ready = 1}, 7);
    extremes_take(&x, &r.in, 0, 0, S(shortest_s));
    assert_int_equal(x.n, 64);
    assert_column(&x, DEMAND, 0, 0, 0);
    assert_column(&x, DEMAND, 1, 0, 7); /* 0 at its start, then 5, 2, 7 */
    assert_column(&x, READY, 1, 0, 9);  /* 0, 4, 9, 3 */
    assert_column(&x, WANTED, 1, 0, 8); /* 0, 8, 0, 0 */
    assert_column(&x, DEMAND, 2, 7, 6);
    assert_column(&x, READY, 2, 3, 1);
    assert_column(&x, DEMAND, 3, 6, 6);
    assert_column(&x, DEMAND, 63, 6, 6);
    assert_column(&x, WAITING, 63, 0, 0);
    extremes_free(&x);
    extremes_free(&x);
    rig_free(&r);
}

static void
test_a_change_at_the_border_belongs_to_the_later_column(void **state)
{
    struct extremes x = {0};
    struct rig r;

    (void)state;
    rig_init(&r, 1, shortest_s);
    rig_row(&r, 0.2, 0, (struct pool_state){.ready = 8}, 0);
    rig_row(&r, 0.3, 0, (struct pool_state){.ready = 3}, 0);
    extremes_take(&x, &r.in, 0, 0, S(shortest_s));
    assert_column(&x, READY, 1, 0, 0);
    assert_column(&x, READY, 2, 8, 8);
    assert_column(&x, READY, 3, 3, 3);
    extremes_free(&x);
    rig_free(&r);
}

static void test_joined_columns_lose_no_peak_and_no_order(void **state)
{
    struct extremes x = {0};
    struct rig r;

    (void)state;
    rig_init(&r, 1, shortest_s);
    rig_row(&r, 0.05, 0, (struct pool_state){.demand = 9, .ready = 5}, 0);
    rig_row(&r, 0.06, 0, (struct pool_state){.demand = 4, .ready = 5}, 0);
    rig_row(&r, 0.31, 0, (struct pool_state){.demand = 3, .ready = 2}, 0);
    rig_row(&r, 0.32, 0, (struct pool_state){.demand = 3, .ready = 6}, 0);
    extremes_take(&x, &r.in, 0, 0, S(shortest_s));
    extremes_halve(&x);
    assert_int_equal(x.n, 32);
    assert_column(&x, DEMAND, 0, 0, 9); /* 0, 9, 4 */
    assert_column(&x, DEMAND, 1, 4, 3);
    assert_column(&x, READY, 1, 2, 6); /* 5, 2, 6 */
    extremes_halve(&x);
    assert_column(&x, DEMAND, 0, 0, 9);
    assert_column(&x, READY, 0, 0, 6);
    extremes_free(&x);
    rig_free(&r);
}

static void test_columns_are_many_in_a_long_window_and_few_in_a_short(void **s)
{
    static const struct {
        double window_s;
        size_t n;
    } cases[] = {
        {14 * 86400, EXTREMES_COLUMNS},
        {6553.6, EXTREMES_COLUMNS}, /* of a tenth of a second */
        {6553.5, EXTREMES_COLUMNS / 2},
        {1, EXTREMES_LEAST},
        {64e-6, 64}, /* of a microsecond */
        {63e-6, 32},
        {1e-6, 1},
    };

    (void)s;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct extremes x = {0};
        struct rig r;
        rig_init(&r, 1, cases[i].window_s);
        rig_row(&r, 0, 0, (struct pool_state){.ready = 3}, 0);
        extremes_take(&x, &r.in, 0, 0, S(cases[i].window_s));
        assert_int_equal(x.n, cases[i].n);
        assert_column(&x, READY, 0, 3, 3);
        assert_column(&x, READY, x.n - 1, 3, 3);
        extremes_free(&x);
        rig_free(&r);
    }
}

static void test_runs_are_counted_up_to_the_end_of_the_history(void **state)
{
    struct extremes x = {0};
    struct rig r;

    (void)state;
    rig_init(&r, 1, shortest_s);
    rig_row(&r, 0.2, 0, (struct pool_state){.ready = 8}, 0);
    rig_row(&r, 0.3, 0, (struct pool_state){.ready = 3, .nodes = 1}, 0);
    extremes_take(&x, &r.in, 0, 0, S(shortest_s));
    assert_int_equal(extremes_runs(&x, 128), EXTREMES_LEVELS + 3);
    assert_int_equal(extremes_runs(&x, 6), EXTREMES_LEVELS + 1);
    assert_int_equal(extremes_runs(&x, 0), 0);
    extremes_free(&x);
    rig_free(&r);
}

static void test_a_cost_rate_is_kept_in_cents(void **state)
{
    struct extremes x = {0};
    struct rig r;

    (void)state;
    rig_init(&r, 1, shortest_s);
    rig_row(&r, 0, 0, (struct pool_state){.ready = 1}, 12.3456);
    rig_row(&r, 3.2, 0, (struct pool_state){.ready = 1}, 1e9);
    extremes_take(&x, &r.in, 0, 0, S(shortest_s));
    assert_column(&x, COST, 0, 1235, 1235);
    assert_column(&x, COST, 63, INT32_MAX, INT32_MAX);
    extremes_free(&x);
    rig_free(&r);
}

static void test_every_level_has_a_colour_of_the_style(void **state)
{
    char colour[SCRIPTS_COLOUR];

    (void)state;
    for (size_t i = 0; i < EXTREMES_LEVELS; i++) {
        assert_true(scripts_colour(extremes_levels[i].colour, colour));
        assert_int_equal(strlen(colour), 7);
        assert_int_equal(strspn(colour + 1, "0123456789abcdef"), 6);
    }
    assert_true(scripts_colour("black", colour));
    assert_string_equal(colour, "#000000");
    assert_false(scripts_colour("lack", colour));
    assert_string_equal(colour, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_column_keeps_its_lowest_and_highest_in_order),
        cmocka_unit_test(
            test_a_change_at_the_border_belongs_to_the_later_column),
        cmocka_unit_test(test_joined_columns_lose_no_peak_and_no_order),
        cmocka_unit_test(
            test_columns_are_many_in_a_long_window_and_few_in_a_short),
        cmocka_unit_test(test_runs_are_counted_up_to_the_end_of_the_history),
        cmocka_unit_test(test_a_cost_rate_is_kept_in_cents),
        cmocka_unit_test(test_every_level_has_a_colour_of_the_style),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

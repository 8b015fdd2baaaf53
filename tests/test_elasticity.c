#include "tests/support.h"

#include "sim/plan/elasticity.h"

#include <string.h>

#define S(s) us_from_s(s)

static struct elasticity window(double from_s, double until_s, double grid_s)
{
    struct elasticity e;

    elasticity_start(&e, S(from_s), S(until_s), S(grid_s));
    return e;
}

static struct elasticity_figures take(struct elasticity *e, uint32_t largest)
{
    struct elasticity_figures x;

    elasticity_take(e, largest, &x);
    return x;
}

/* By hand: 0 to 10 s nothing is missing; to 40 s 3 of 5 are missing; to 60 s
 * 2 of 4 are too many; to 100 s 7 of 7 are, against no demand.
 */
static struct elasticity worked(void)
{
    struct elasticity e = window(0.0, 100.0, 10.0);

    elasticity_on_change(&e, 0, 2, 2);
    elasticity_on_change(&e, S(10.0), 5, 2);
    elasticity_on_change(&e, S(40.0), 2, 4);
    elasticity_on_change(&e, S(60.0), 0, 7);
    return e;
}

static void test_areas_are_means_of_missing_and_surplus_pods(void **state)
{
    struct elasticity e = worked();
    (void)state;

    struct elasticity_figures x = take(&e, 20);
    assert_close(x.under_pods, 0.9, 1e-12);   /* 3 * 30 */
    assert_close(x.over_pods, 3.2, 1e-12);    /* 40 + 280 */
    assert_close(x.under_frac, 0.045, 1e-12); /* of 20 */
    assert_close(x.over_frac, 0.16, 1e-12);
    assert_close(x.under_time_frac, 0.3, 1e-12);
    assert_close(x.over_time_frac, 0.6, 1e-12);
}

static void test_normalised_areas_name_what_they_divide_by(void **state)
{
    struct elasticity e = worked();
    (void)state;

    struct elasticity_figures x = take(&e, 20);
    assert_close(x.under_norm_frac, 0.18, 1e-12); /* 3/5 of 30 s */
    assert_close(x.over_norm_frac, 0.5, 1e-12);   /* 2/4 * 20 + 7/7 * 40 */
    assert_close(x.over_demand_frac, 3.0, 1e-12); /* 2/2 * 20 + 7/1 * 40 */
}

static void test_an_idle_pool_differs_in_the_two_surplus_forms(void **state)
{
    struct elasticity e = window(0.0, 36.5, 10.0);
    (void)state;

    elasticity_on_change(&e, 0, 0, 2);
    struct elasticity_figures x = take(&e, 2);
    assert_close(x.over_norm_frac, 1.0, 1e-12);
    assert_close(x.over_demand_frac, 2.0, 1e-12);
    assert_close(x.under_time_frac, 0.0, 0.0);
}

static void test_jitter_counts_units_an_hour(void **state)
{
    struct elasticity e = worked();
    (void)state;

    /* Supply moves 2 + 3, demand 3 + 3 + 2, in 1/36 of an hour. */
    assert_close(take(&e, 20).jitter_per_h, -3.0 * 36.0, 1e-9);
}

/* ------------------------------------------------------------ grid */

/* Points at 0, 10, ..., 90. Moves seen: at 10 demand alone; at 40 supply up
 * against demand down; at 60 the same.
 */
static void test_instability_compares_the_signs_of_changes(void **state)
{
    struct elasticity e = worked();
    (void)state;

    struct elasticity_figures x = take(&e, 20);
    assert_close(x.supply_alone_frac, 2.0 / 9.0, 1e-12);
    assert_close(x.demand_alone_frac, 1.0 / 9.0, 1e-12);
    assert_close(x.opposed_frac, 2.0 / 9.0, 1e-12);
}

static void test_a_supply_that_follows_is_stable(void **state)
{
    struct elasticity e = window(0.0, 100.0, 10.0);
    (void)state;

    elasticity_on_change(&e, S(11.0), 5, 2);
    elasticity_on_change(&e, S(12.0), 5, 3); /* within the same step */
    elasticity_on_change(&e, S(51.0), 2, 1);
    struct elasticity_figures x = take(&e, 9);
    assert_close(x.supply_alone_frac, 0.0, 0.0);
    assert_close(x.demand_alone_frac, 0.0, 0.0);
    assert_close(x.opposed_frac, 0.0, 0.0);
}

static void test_a_flat_supply_under_falling_demand_counts(void **state)
{
    struct elasticity e = window(0.0, 100.0, 10.0);
    (void)state;

    elasticity_on_change(&e, 0, 5, 5);
    elasticity_on_change(&e, S(35.0), 4, 5);
    struct elasticity_figures x = take(&e, 9);
    assert_close(x.supply_alone_frac, 1.0 / 9.0, 1e-12);
    assert_close(x.opposed_frac, 0.0, 0.0);
}

static void test_a_change_on_a_point_of_the_grid_is_seen_there(void **state)
{
    struct elasticity e = window(5.0, 26.0, 10.0); /* points 5, 15, 25 */
    (void)state;

    elasticity_on_change(&e, S(25.0), 0, 1);
    elasticity_on_change(&e, S(25.000001), 0, 0); /* after the last point */
    assert_close(take(&e, 9).supply_alone_frac, 0.5, 1e-12);
}

static void test_a_move_between_two_points_is_not_seen(void **state)
{
    struct elasticity e = window(0.0, 30.0, 10.0);
    (void)state;

    elasticity_on_change(&e, S(11.0), 0, 1);
    elasticity_on_change(&e, S(19.0), 0, 0);
    assert_close(take(&e, 9).supply_alone_frac, 0.0, 0.0);
}

/* ------------------------------------------------------------ window */

static void test_only_the_window_counts(void **state)
{
    struct elasticity e = window(10.0, 20.0, 60.0);
    (void)state;

    elasticity_on_change(&e, 0, 9, 0);
    elasticity_on_change(&e, S(10.0), 3, 1); /* its first state */
    elasticity_on_change(&e, S(20.0), 100, 0);
    elasticity_on_change(&e, S(30.0), 0, 100);
    struct elasticity_figures x = take(&e, 10);
    assert_close(x.under_pods, 2.0, 1e-12);
    assert_close(x.under_time_frac, 1.0, 0.0);
    assert_close(x.jitter_per_h, 0.0, 0.0);
    assert_close(x.supply_alone_frac, 0.0, 0.0); /* one point, no step */
}

static void test_an_empty_window_has_no_figures(void **state)
{
    struct elasticity e = window(10.0, 10.0, 60.0);
    struct elasticity_figures none = {0};
    (void)state;

    elasticity_on_change(&e, 0, 9, 0);
    struct elasticity_figures x = take(&e, 10);
    assert_memory_equal(&x, &none, sizeof x);
}

static void test_cutting_an_interval_changes_nothing(void **state)
{
    struct elasticity whole = window(0.0, 1000.0, 7.0);
    struct elasticity cut = window(0.0, 1000.0, 7.0);
    (void)state;

    elasticity_on_change(&whole, S(0.1), 7, 3);
    for (int i = 1; i < 900; i++)
        elasticity_on_change(&cut, S(0.1 * i), 7, 3);
    struct elasticity_figures a = take(&whole, 9), b = take(&cut, 9);
    assert_memory_equal(&a, &b, sizeof a);
}

static void test_small_terms_are_not_lost_beside_large_ones(void **state)
{
    struct exact_sum s = {0};
    (void)state;

    exact_add(&s, 1.0);
    exact_add(&s, 1e100);
    exact_add(&s, 1.0);
    exact_add(&s, -1e100);
    assert_close(exact_total(&s), 2.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_areas_are_means_of_missing_and_surplus_pods),
        cmocka_unit_test(test_normalised_areas_name_what_they_divide_by),
        cmocka_unit_test(test_an_idle_pool_differs_in_the_two_surplus_forms),
        cmocka_unit_test(test_jitter_counts_units_an_hour),
        cmocka_unit_test(test_instability_compares_the_signs_of_changes),
        cmocka_unit_test(test_a_supply_that_follows_is_stable),
        cmocka_unit_test(test_a_flat_supply_under_falling_demand_counts),
        cmocka_unit_test(test_a_change_on_a_point_of_the_grid_is_seen_there),
        cmocka_unit_test(test_a_move_between_two_points_is_not_seen),
        cmocka_unit_test(test_only_the_window_counts),
        cmocka_unit_test(test_an_empty_window_has_no_figures),
        cmocka_unit_test(test_cutting_an_interval_changes_nothing),
        cmocka_unit_test(test_small_terms_are_not_lost_beside_large_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

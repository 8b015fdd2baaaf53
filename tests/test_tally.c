#include "tests/support.h"

#include "sim/engine/tally.h"

static void test_moments_of_four_numbers_worked_out_by_hand(void **state)
{
    const double x[] = {2.385, 4.0, 7.5, 1.25};
    struct tally t = {0};

    (void)state;
    for (size_t i = 0; i < 4; i++)
        tally_add(&t, x[i]);
    assert_int_equal(t.n, 4);
    assert_close(t.mean, 3.78375, 1e-12);
    /* (1.39875^2 + 0.21625^2 + 3.71625^2 + 2.53375^2) / 3 */
    assert_close(tally_variance(&t), 7.41122291666667, 1e-12);
    assert_true(t.min == 1.25 && t.max == 7.5);
    /* t(0.975, 3) = 3.182446305 */
    assert_close(tally_half_width(&t), 3.182446305 * sqrt(7.41122291666667 / 4),
                 1e-8);
    assert_true(half_width(x, 4) == tally_half_width(&t));
}

static void test_fewer_than_two_numbers_have_no_spread(void **state)
{
    struct tally t = {0};

    (void)state;
    assert_true(tally_variance(&t) == 0.0 && tally_half_width(&t) == 0.0);
    tally_add(&t, -3.5);
    assert_true(t.min == -3.5 && t.max == -3.5 && t.mean == -3.5);
    assert_true(tally_variance(&t) == 0.0 && tally_half_width(&t) == 0.0);
}

static void test_a_large_offset_does_not_hurt_the_variance(void **state)
{
    struct tally t = {0};

    (void)state;
    for (int i = 0; i < 1000; i++)
        tally_add(&t, 1e9 + i % 2);
    /* 500 zeros and 500 ones: 1000 / 999 / 4 */
    assert_close(tally_variance(&t), 250.0 / 999.0, 1e-9);
}

static void test_a_quantile_is_one_of_the_values(void **state)
{
    const double x[] = {1.5, 2.5, 3.5, 10.0};

    (void)state;
    assert_true(quantile(x, 4, 0.0) == 1.5);
    assert_true(quantile(x, 4, 0.25) == 1.5);
    assert_true(quantile(x, 4, 0.2500001) == 2.5);
    assert_true(quantile(x, 4, 0.5) == 2.5);
    assert_true(quantile(x, 4, 0.75) == 3.5);
    assert_true(quantile(x, 4, 0.95) == 10.0);
    assert_true(quantile(x, 4, 1.0) == 10.0);
    assert_true(quantile(x, 1, 0.0) == 1.5);
    assert_true(quantile(x, 1, 1.0) == 1.5);
}

static void test_decimal_fractions_of_a_whole_rank_are_not_rounded_up(void **s)
{
    double x[1000];

    (void)s;
    for (size_t i = 0; i < 1000; i++)
        x[i] = (double)(i + 1);
    for (size_t n = 100; n <= 1000; n += 100)
        for (size_t i = 1; i <= 100; i++)
            assert_true(quantile(x, n, (double)i / 100) == x[i * n / 100 - 1]);
    assert_true(quantile(x, 100, 0.07) == 7.0); /* 0.07 * 100 > 7 */
    assert_true(quantile(x, 100, 0.0700001) == 8.0);
}

static void test_doubles_are_sorted_upwards(void **state)
{
    double x[] = {3.5, -1.0, 1e300, 0.0, -1.0, 2.0};
    const double want[] = {-1.0, -1.0, 0.0, 2.0, 3.5, 1e300};

    (void)state;
    sort_doubles(x, 6);
    for (size_t i = 0; i < 6; i++)
        assert_true(x[i] == want[i]);
    sort_doubles(NULL, 0);
}

static void test_a_level_weighs_each_value_by_its_duration(void **state)
{
    struct level l;

    (void)state;
    level_start(&l, 1000000, 2);
    level_set(&l, 3500000, 7);  /* 2.5 s at 2 */
    level_add(&l, 4000000, -4); /* 0.5 s at 7 */
    assert_int_equal(l.value, 3);
    assert_int_equal(l.peak, 7);
    assert_close(level_area_s(&l, 6000000), 5.0 + 3.5 + 6.0, 1e-12);
    assert_close(level_mean(&l, 6000000), 14.5 / 5.0, 1e-12);
}

static void test_splitting_an_interval_changes_nothing(void **state)
{
    struct level whole, split;

    (void)state;
    level_start(&whole, 0, 3);
    level_start(&split, 0, 3);
    for (sim_us us = 1; us < 1000000; us += 777)
        level_add(&split, us, 0);
    level_set(&whole, 1234567, 1);
    level_set(&split, 1234567, 1);
    assert_true(whole.area == split.area);
    assert_true(level_mean(&whole, 2000000) == level_mean(&split, 2000000));
}

static void test_a_level_without_time_is_its_value(void **state)
{
    struct level l;

    (void)state;
    level_start(&l, 55, 4);
    assert_true(level_mean(&l, 55) == 4.0);
    level_set(&l, 55, 9);
    assert_true(level_mean(&l, 55) == 9.0);
    assert_int_equal(l.peak, 9);
    assert_true(level_area_s(&l, 55) == 0.0);
}

static void test_the_area_is_exact_beyond_64_bits(void **state)
{
    struct level l;

    (void)state;
    level_start(&l, 0, INT64_MAX);
    level_set(&l, INT64_MAX - 1, -1);
    level_set(&l, INT64_MAX, 0);
    /* (2^63 - 1) (2^63 - 2) - 1 */
    level_area want = (level_area)INT64_MAX * (INT64_MAX - 1) - 1;

    assert_true(l.area == want);
}

static void test_a_level_below_zero_keeps_its_peak(void **state)
{
    struct level l;

    (void)state;
    level_start(&l, 0, -5);
    level_set(&l, 10, -7);
    assert_int_equal(l.peak, -5);
    level_set(&l, 20, -2);
    assert_int_equal(l.peak, -2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments_of_four_numbers_worked_out_by_hand),
        cmocka_unit_test(test_fewer_than_two_numbers_have_no_spread),
        cmocka_unit_test(test_a_large_offset_does_not_hurt_the_variance),
        cmocka_unit_test(test_a_quantile_is_one_of_the_values),
        cmocka_unit_test(
            test_decimal_fractions_of_a_whole_rank_are_not_rounded_up),
        cmocka_unit_test(test_doubles_are_sorted_upwards),
        cmocka_unit_test(test_a_level_weighs_each_value_by_its_duration),
        cmocka_unit_test(test_splitting_an_interval_changes_nothing),
        cmocka_unit_test(test_a_level_without_time_is_its_value),
        cmocka_unit_test(test_the_area_is_exact_beyond_64_bits),
        cmocka_unit_test(test_a_level_below_zero_keeps_its_peak),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

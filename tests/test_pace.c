#include "sim/drive/pace.h"
#include "tests/support.h"

static void test_time_runs_faster_by_the_factor(void **state)
{
    struct pace p = {.shrink = 20.0, .at_us = -US_PER_S, .at_ns = 5000};

    (void)state;
    assert_int_equal(pace_us(&p, 5000), -US_PER_S);
    /* 50 ms later a second has passed; one nanosecond before, not quite. */
    assert_int_equal(pace_us(&p, 50005000), 0);
    assert_int_equal(pace_us(&p, 50004999), -1);
}

static void test_the_first_real_instant_of_a_simulated_one(void **state)
{
    static const double factors[] = {1.0, 1.37, 20.0, 33.3, 999.9};

    (void)state;
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        struct pace p = {factors[i], 0, INT64_C(987654321987)};
        for (sim_us us = 1; us < US_PER_H; us = us * 3 + 1) {
            int64_t ns = pace_ns(&p, us);
            assert_true(pace_us(&p, ns) >= us);
            assert_true(pace_us(&p, ns - 2) < us);
        }
    }
}

static void test_never_is_never(void **state)
{
    struct pace p = {1.0, 0, 123};

    (void)state;
    assert_true(pace_ns(&p, SIM_NEVER) == INT64_MAX);
    assert_true(pace_ns(&p, SIM_NEVER - 1) == INT64_MAX);
}

static void test_a_configuration_has_whole_milliseconds(void **state)
{
    (void)state;
    assert_int_equal(pace_ms(1.0, 5 * US_PER_S), 5000);
    assert_int_equal(pace_ms(20.0, 5 * US_PER_S), 250);
    assert_int_equal(pace_ms(30.0, US_PER_S), 33);
    assert_int_equal(pace_ms(32.0, 48 * US_PER_MS), 2); /* 1.5 */
    assert_int_equal(pace_ms(1000.0, 1), 1); /* 0 would mean no limit */
    assert_int_equal(pace_ms(1.0, 100 * US_PER_DAY), INT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_runs_faster_by_the_factor),
        cmocka_unit_test(test_the_first_real_instant_of_a_simulated_one),
        cmocka_unit_test(test_never_is_never),
        cmocka_unit_test(test_a_configuration_has_whole_milliseconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

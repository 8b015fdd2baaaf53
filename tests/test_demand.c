#include "tests/support.h"

#include "tests/make_trace.h"
#include "traces/stats.h"

#include <stdlib.h>

static void assert_step(struct demand_step step, double at_s, int builds)
{
    assert_int_equal(step.at_us, us_from_s(at_s));
    assert_int_equal(step.builds, builds);
}

static void test_demand_steps_at_each_start_and_end(void **state)
{
    struct trace t = {0};
    size_t n;

    (void)state;
    add(&t, "amd64", "a", 1.5, 10.25);
    add(&t, "amd64", "a", 1.5, 3.0);
    add(&t, "arm64", "a", 2.0, 50.0);
    add(&t, "amd64", "b", 4.0, 1.0);
    struct demand_step *s = trace_demand(&t, text(&t, "amd64"), &n);

    assert_int_equal(n, 5);
    assert_step(s[0], 1.5, 2);
    assert_step(s[1], 4.0, 3);
    assert_step(s[2], 4.5, 2);
    assert_step(s[3], 5.0, 1);
    assert_step(s[4], 11.75, 0);
    free(s);
    trace_free(&t);
}

static void test_demand_of_all_pools_adds_them_up(void **state)
{
    struct trace t = {0};
    size_t n;

    (void)state;
    add(&t, "amd64", "a", 0.0, 7.0);
    add(&t, "arm64", "a", 3.0, 2.5);
    struct demand_step *s = trace_demand(&t, NO_INDEX, &n);

    assert_int_equal(n, 4);
    assert_step(s[1], 3.0, 2);
    assert_step(s[2], 5.5, 1);
    free(s);
    trace_free(&t);
}

static void test_an_end_and_a_start_at_one_instant_are_no_step(void **state)
{
    struct trace t = {0};
    size_t n;

    (void)state;
    add(&t, "amd64", "a", 1.0, 4.0);
    add(&t, "amd64", "b", 5.0, 2.0);
    struct demand_step *s = trace_demand(&t, NO_INDEX, &n);

    assert_int_equal(n, 2);
    assert_step(s[0], 1.0, 1);
    assert_step(s[1], 7.0, 0);
    free(s);
    trace_free(&t);
}

static void test_a_cancelled_build_ends_with_work_or_client(void **state)
{
    struct trace t = {0};
    size_t n;

    (void)state;
    leaves(add(&t, "amd64", "a", 0.0, 9.0), 3.5);
    leaves(add(&t, "amd64", "b", 10.0, 9.0), 30.0);
    leaves(add(&t, "amd64", "c", 40.0, 9.0), 40.0); /* never served */
    struct demand_step *s = trace_demand(&t, NO_INDEX, &n);

    assert_int_equal(n, 4);
    assert_step(s[1], 3.5, 0);
    assert_step(s[2], 10.0, 1);
    assert_step(s[3], 19.0, 0);
    free(s);
    trace_free(&t);
}

static void test_demand_leaves_out_empty_work_and_survives_endless(void **state)
{
    struct trace t = {0};
    size_t n;

    (void)state;
    add(&t, "amd64", "a", 2.0, 0.0);
    add(&t, "amd64", "b", 3.0, 0.0)->work_us = SIM_NEVER;
    struct demand_step *s = trace_demand(&t, NO_INDEX, &n);

    assert_int_equal(n, 2);
    assert_step(s[0], 3.0, 1);
    assert_int_equal(s[1].at_us, SIM_NEVER);
    free(s);
    trace_free(&t);
}

static void test_an_empty_trace_has_no_steps_and_no_pools(void **state)
{
    struct trace t = {0};
    size_t n = 7;

    (void)state;
    free(trace_demand(&t, NO_INDEX, &n));
    assert_int_equal(n, 0);
    n = 7;
    free(trace_stats(&t, &n));
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demand_steps_at_each_start_and_end),
        cmocka_unit_test(test_demand_of_all_pools_adds_them_up),
        cmocka_unit_test(test_an_end_and_a_start_at_one_instant_are_no_step),
        cmocka_unit_test(test_a_cancelled_build_ends_with_work_or_client),
        cmocka_unit_test(
            test_demand_leaves_out_empty_work_and_survives_endless),
        cmocka_unit_test(test_an_empty_trace_has_no_steps_and_no_pools),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

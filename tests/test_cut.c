#include "tests/support.h"

#include "tests/make_trace.h"
#include "traces/stats.h"

static void test_cut_keeps_what_was_asked_for_in_the_window(void **state)
{
    struct trace t = small_trace();

    (void)state;
    trace_cut(&t, 10 * US_PER_S, 92 * US_PER_S);
    assert_int_equal(t.n, 4); /* 10 is in, 92 is out */
    assert_int_equal(t.builds[0].asked_us, 0);
    assert_int_equal(t.builds[0].work_us, 20 * US_PER_S);
    assert_int_equal(t.builds[2].asked_us, 15 * US_PER_S);
    assert_int_equal(t.span_us, 82 * US_PER_S);
    trace_free(&t);
}

static void test_cut_moves_the_leaving_with_the_origin(void **state)
{
    struct trace t = small_trace();

    (void)state;
    trace_cut(&t, 88 * US_PER_S, 92 * US_PER_S);
    assert_int_equal(t.n, 1);
    assert_int_equal(t.builds[0].asked_us, 2 * US_PER_S);
    assert_int_equal(t.builds[0].leaves_us, 7 * US_PER_S);
    trace_free(&t);
}

static void test_cut_leaves_never_alone(void **state)
{
    struct trace t = small_trace();

    (void)state;
    trace_cut(&t, 5 * US_PER_S, 50 * US_PER_S);
    assert_int_equal(t.n, 3);
    for (size_t i = 0; i < t.n; i++)
        assert_int_equal(t.builds[i].leaves_us, SIM_NEVER);
    trace_free(&t);
}

static void test_cut_moves_the_origin_only_if_there_is_one(void **state)
{
    struct trace t = small_trace();

    (void)state;
    trace_cut(&t, 7 * US_PER_S, 50 * US_PER_S);
    assert_int_equal(t.origin_us, 0);
    t.absolute = true;
    t.origin_us = MONDAY_US;
    trace_cut(&t, 11 * US_PER_S, 50 * US_PER_S);
    assert_int_equal(t.origin_us, MONDAY_US + 11 * US_PER_S);
    trace_free(&t);
}

static void test_cut_stays_inside_the_record(void **state)
{
    struct trace t = small_trace();

    (void)state;
    trace_cut(&t, -5 * US_PER_S, 500 * US_PER_S);
    assert_int_equal(t.n, 6);
    assert_int_equal(t.span_us, 100 * US_PER_S);
    assert_int_equal(t.builds[0].asked_us, 0);
    trace_cut(&t, 200 * US_PER_S, 500 * US_PER_S);
    assert_int_equal(t.n, 0);
    assert_int_equal(t.span_us, 0);
    trace_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_keeps_what_was_asked_for_in_the_window),
        cmocka_unit_test(test_cut_moves_the_leaving_with_the_origin),
        cmocka_unit_test(test_cut_leaves_never_alone),
        cmocka_unit_test(test_cut_moves_the_origin_only_if_there_is_one),
        cmocka_unit_test(test_cut_stays_inside_the_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/support.h"

#include "sim/base/wall.h"

#include <time.h>

static void test_the_clock_runs_forward_by_what_is_slept(void **state)
{
    const struct timespec nap = {.tv_nsec = 7300000};
    int64_t from_ns = wall_ns();

    (void)state;
    assert_int_equal(nanosleep(&nap, NULL), 0);
    assert_true(wall_ns() - from_ns >= 7300000);
    assert_true(wall_ns() - from_ns < INT64_C(60000000000));
}

static void test_seconds_are_those_of_the_nanoseconds(void **state)
{
    double from_s = (double)wall_ns() / 1e9;
    double between_s = wall_s();

    (void)state;
    assert_true(from_s <= between_s);
    assert_true(between_s <= (double)wall_ns() / 1e9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_clock_runs_forward_by_what_is_slept),
        cmocka_unit_test(test_seconds_are_those_of_the_nanoseconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/fixture.h"
#include "tests/support.h"

#include "sim/engine/random.h"
#include "sim/plan/frontier.h"

#include <stdlib.h>

#define S(s) us_from_s(s)

static struct frontier frontier(const struct fixture *f, double warm_up_s)
{
    struct by_pool b;
    struct frontier x;

    by_pool_init(&b, &f->t, f->pool_of, f->p.n_pools);
    frontier_init(&x, &b, 0, S(warm_up_s));
    by_pool_free(&b);
    return x;
}

/* 20 builds of 100 s at one instant, and one of another pool. */
static void burst(struct fixture *f)
{
    fixture_init(f, 2, 2, 8);
    for (int i = 0; i < 20; i++)
        fixture_build(f, 0, 0, 60.0, 100.0);
    fixture_build(f, 1, 0, 60.0, 100.0);
}

static void test_a_burst_starts_in_waves(void **state)
{
    struct fixture f;
    (void)state;

    burst(&f);
    struct frontier x = frontier(&f, 0.0);
    assert_int_equal(x.n, 20);
    /* floor((j - 1) / c) * 100 s; p95 is the 19th of 20. */
    assert_int_equal(frontier_at(&x, 1, 0).p95_us, S(1800.0));
    assert_int_equal(frontier_at(&x, 6, 0).p95_us, S(300.0));
    assert_int_equal(frontier_at(&x, 10, 0).p95_us, S(100.0));
    assert_int_equal(frontier_at(&x, 18, 0).p95_us, S(100.0));
    assert_int_equal(frontier_at(&x, 19, 0).p95_us, 0);
    assert_int_equal(frontier_at(&x, 6, S(100.0)).n_within, 12);
    assert_int_equal(frontier_at(&x, 6, S(100.0)).n, 20);
    frontier_free(&x);
    frontier_free(&x);
    fixture_free(&f);
}

static void test_the_smallest_pool_keeps_the_limit(void **state)
{
    struct fixture f;
    (void)state;

    burst(&f);
    struct frontier x = frontier(&f, 0.0);
    assert_int_equal(frontier_smallest(&x, S(1800.0)), 1);
    assert_int_equal(frontier_smallest(&x, S(1800.0) - 1), 2);
    assert_int_equal(frontier_smallest(&x, S(100.0)), 10);
    assert_int_equal(frontier_smallest(&x, S(100.0) - 1), 19);
    assert_int_equal(frontier_smallest(&x, 0), 19);
    frontier_free(&x);
    fixture_free(&f);
}

static void test_a_cancelled_build_leaves_queue_and_slot(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 8);
    fixture_build(&f, 0, 0, 0.0, 100.0); /* leaves at 30 */
    fixture_build(&f, 0, 0, 1.0, 50.0);  /* would start at 30, leaves then */
    fixture_build(&f, 0, 0, 2.0, 10.0);
    for (int i = 0; i < 2; i++) {
        f.t.builds[i].outcome = TRACE_CANCELLED;
        f.t.builds[i].leaves_us = S(30.0);
    }
    struct frontier x = frontier(&f, 0.0);
    struct frontier_point p = frontier_at(&x, 1, 0);
    assert_int_equal(p.n, 2);
    assert_int_equal(p.p95_us, S(28.0));
    assert_int_equal(p.n_within, 1);
    frontier_free(&x);
    fixture_free(&f);
}

static void test_the_warm_up_is_served_and_not_counted(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 8);
    fixture_build(&f, 0, 0, 0.0, 100.0);
    fixture_build(&f, 0, 0, 10.0, 10.0);
    struct frontier x = frontier(&f, 10.0);
    struct frontier_point p = frontier_at(&x, 1, 0);
    assert_int_equal(p.n, 1);
    assert_int_equal(p.p95_us, S(90.0));
    frontier_free(&x);
    fixture_free(&f);
}

static void test_a_pool_without_builds_needs_no_slot(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 2, 2, 8);
    fixture_build(&f, 1, 0, 0.0, 100.0);
    struct frontier x = frontier(&f, 0.0);
    assert_int_equal(frontier_smallest(&x, 0), 0);
    assert_int_equal(frontier_at(&x, 3, 0).n, 0);
    frontier_free(&x);
    fixture_free(&f);
}

static double u(uint64_t trace, uint64_t ordinal)
{
    struct random_world w = {.seed = 5};

    return random_u01(&w, 1, trace, ordinal);
}

static void test_bisection_agrees_with_trying_every_number(void **state)
{
    (void)state;
    for (uint64_t trace = 0; trace < 200; trace++) {
        struct fixture f;
        fixture_init(&f, 1, 2, 8);
        double at_s = 0.0;
        for (uint64_t i = 0; i < 40; i++) {
            at_s += 20.0 * u(trace, 2 * i);
            fixture_build(&f, 0, 0, at_s, 200.0 * u(trace, 2 * i + 1));
        }
        struct frontier x = frontier(&f, 0.0);
        sim_us limit_us = S(60.0 * u(trace, 1000));
        uint32_t want = 1;
        while (frontier_at(&x, want, 0).p95_us > limit_us)
            want++;
        assert_int_equal(frontier_smallest(&x, limit_us), want);
        frontier_free(&x);
        fixture_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_burst_starts_in_waves),
        cmocka_unit_test(test_the_smallest_pool_keeps_the_limit),
        cmocka_unit_test(test_a_cancelled_build_leaves_queue_and_slot),
        cmocka_unit_test(test_the_warm_up_is_served_and_not_counted),
        cmocka_unit_test(test_a_pool_without_builds_needs_no_slot),
        cmocka_unit_test(test_bisection_agrees_with_trying_every_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

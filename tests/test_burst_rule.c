#include "tests/make_trace.h"
#include "tests/support.h"

#include "sim/engine/random.h"
#include "sim/plan/burst_rule.h"
#include "traces/stats.h"

#include <stdio.h>
#include <stdlib.h>

/* ------------------------------------------------------------ the rule */

static void test_a_burst_is_served_in_waves(void **state)
{
    (void)state;
    assert_int_equal(burst_rule_slots(180, 2.0), 60);
    assert_int_equal(burst_rule_slots(181, 2.0), 61);
    assert_int_equal(burst_rule_slots(180, 0.0), 180);
    assert_int_equal(burst_rule_slots(180, 179.0), 1);
    assert_int_equal(burst_rule_slots(180, 1e300), 1);
    assert_int_equal(burst_rule_slots(0, 2.0), 0);
}

static void test_a_part_of_a_build_does_not_help(void **state)
{
    (void)state;
    assert_int_equal(burst_rule_slots(180, 1.999), 90);
    assert_int_equal(burst_rule_slots(180, 0.999), 180);
}

/* Whole waves of slots before the last build of a burst starts. */
static uint64_t waves_before(uint64_t burst, uint64_t n_slots)
{
    return (burst - 1) / n_slots;
}

static void test_the_rule_is_the_smallest_that_keeps_the_wait(void **state)
{
    (void)state;
    for (uint64_t burst = 1; burst < 60; burst++)
        for (uint64_t k = 0; k < 12; k++) {
            uint64_t slots = burst_rule_slots(burst, (double)k + 0.5);
            assert_true(waves_before(burst, slots) <= k);
            assert_true(slots == 1 || waves_before(burst, slots - 1) > k);
        }
}

/* ------------------------------------------------------------ a capped pool */

static double draw(uint64_t seed, uint64_t ordinal)
{
    struct random_world w = {.seed = seed};

    return random_u01(&w, 1, 0, ordinal);
}

enum { RUNS = 60, ARM = 3 };

/* Runs of one build on a roomy pool and three on arm64; each run starts at an
 * instant. With slots > 0 the times on arm64 are starts of service there, by
 * first come, first served; otherwise those of asking.
 */
static struct trace history(uint64_t seed, size_t slots)
{
    struct trace t = {.span_us = 30 * US_PER_DAY};
    double free_at[64] = {0}, at_s = 0.0;
    char run[32];

    for (uint64_t r = 0; r < RUNS; r++) {
        at_s -= 5000.0 * log(draw(seed, 10 * r));
        (void)snprintf(run, sizeof run, "run%d", (int)r);
        add(&t, "amd64", run, at_s, 60.0);
        for (uint64_t i = 0; i < ARM; i++) {
            double work_s = 1800.0 + 3600.0 * draw(seed, 10 * r + 1 + i);
            double start_s = at_s;
            size_t first = 0;
            for (size_t k = 1; k < slots; k++)
                first = free_at[k] < free_at[first] ? k : first;
            if (slots > 0 && free_at[first] > at_s)
                start_s = free_at[first] + 2.0;
            add(&t, "arm64", run, start_s, work_s);
            free_at[first] = start_s + work_s;
        }
    }
    trace_sort(&t);
    return t;
}

static int64_t peak_of(const struct trace *t, const char *pool)
{
    uint32_t index = strings_find(&t->strings, pool, strlen(pool));
    size_t n;
    struct demand_step *steps = trace_demand(t, index, &n);
    int64_t peak = 0;

    for (size_t i = 0; i < n; i++)
        peak = steps[i].builds > peak ? steps[i].builds : peak;
    free(steps);
    return peak;
}

static uint32_t arm(const struct trace *t)
{
    return strings_find(&t->strings, "arm64", 5);
}

/* The peak is exactly that of asking: every run's amd64 build says when. */
static void test_the_hidden_peak_is_found(void **state)
{
    size_t n_hidden = 0;
    (void)state;

    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct trace asked = history(seed, 0), seen = history(seed, 4), out;
        struct burst_peak p = burst_uncap(&out, &seen, arm(&seen));
        int64_t truth = peak_of(&asked, "arm64");
        assert_int_equal(p.recorded, 4);
        assert_true(p.capped);
        assert_true(p.n_plateaus > 0 && p.longest_us > 0);
        assert_int_equal(p.uncapped, truth);
        assert_int_equal(peak_of(&out, "arm64"), truth);
        assert_int_equal(peak_of(&out, "amd64"), peak_of(&seen, "amd64"));
        n_hidden += truth > 4 && p.n_moved > 0;
        trace_free(&out);
        trace_free(&seen);
        trace_free(&asked);
    }
    assert_int_equal(n_hidden, 50);
}

static void test_times_of_asking_are_left_alone(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct trace t = history(seed, 0), out;
        struct burst_peak p = burst_uncap(&out, &t, arm(&t));
        assert_false(p.capped);
        assert_int_equal(p.n_moved, 0);
        assert_int_equal(p.uncapped, p.recorded);
        assert_int_equal(p.recorded, peak_of(&t, "arm64"));
        assert_int_equal(out.n, t.n);
        assert_memory_equal(out.builds, t.builds, t.n * sizeof *t.builds);
        trace_free(&out);
        trace_free(&t);
    }
}

static void test_builds_without_a_run_stay(void **state)
{
    struct trace t = history(7, 4);
    (void)state;

    for (size_t i = 0; i < t.n; i++)
        t.builds[i].run = 0;
    struct burst_peak p = burst_uncap(NULL, &t, arm(&t));
    assert_true(p.capped);
    assert_int_equal(p.n_moved, 0);
    assert_int_equal(p.uncapped, 4);
    trace_free(&t);
}

/* A run of two on a house that is full from 100 s to 1000 s. */
static size_t moved(double second_s)
{
    struct trace t = {.span_us = US_PER_DAY};
    size_t n = 0;

    /* Bursts that make the record look capped at two. */
    for (int i = 0; i < 20; i++)
        for (int k = 0; k < 3; k++) {
            add(&t, "arm64", "", 4000.0 * (i + 1) + 500.0 * k, 490.0);
            add(&t, "arm64", "", 4000.0 * (i + 1) + 500.0 * k, 490.0);
        }
    add(&t, "arm64", "x", 100.0, 900.0);
    add(&t, "arm64", "y", 100.0, 900.0);
    add(&t, "arm64", "x", second_s, 50.0);
    add(&t, "arm64", "z", 1100.0, 50.0); /* its run has no earlier one */
    trace_sort(&t);
    struct burst_peak p = burst_uncap(NULL, &t, arm(&t));
    assert_true(p.capped);
    n = p.n_moved;
    trace_free(&t);
    return n;
}

static void test_who_starts_long_after_a_full_house_has_not_waited(void **state)
{
    (void)state;
    assert_int_equal(moved(1300.0), 1);
    assert_int_equal(moved(1300.000001), 0);
    assert_int_equal(moved(1000.0), 1);
}

static void test_a_pool_that_is_not_there_has_no_peak(void **state)
{
    struct trace t = history(3, 0);
    (void)state;

    struct burst_peak p = burst_uncap(NULL, &t, 0);
    assert_int_equal(p.recorded, 0);
    assert_int_equal(p.uncapped, 0);
    assert_false(p.capped);
    trace_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_burst_is_served_in_waves),
        cmocka_unit_test(test_a_part_of_a_build_does_not_help),
        cmocka_unit_test(test_the_rule_is_the_smallest_that_keeps_the_wait),
        cmocka_unit_test(test_the_hidden_peak_is_found),
        cmocka_unit_test(test_times_of_asking_are_left_alone),
        cmocka_unit_test(test_builds_without_a_run_stay),
        cmocka_unit_test(
            test_who_starts_long_after_a_full_house_has_not_waited),
        cmocka_unit_test(test_a_pool_that_is_not_there_has_no_peak),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

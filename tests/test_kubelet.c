#include "models/kubelet.h"
#include "tests/support.h"

#include <stdlib.h>

static struct kubelet_params params;

/* The reference pool, with every latency fixed: noticed after 1 s, answers in
 * 0.25 s, status 0.5 s later.
 */
static int setup(void **state)
{
    (void)state;
    kubelet_defaults(&params);
    params.noticed = (struct dist){DIST_CONSTANT, 1.0, 0, 0, 60};
    params.exec = (struct dist){DIST_CONSTANT, 0.25, 0, 0, 60};
    params.status = (struct dist){DIST_CONSTANT, 0.5, 0, 0, 60};
    return 0;
}

static const struct kubelet_draws MIDDLE = {0.5, 0.5, 0.5, 0.5,
                                            0.5, 0.5, 0.5, 0.5};

static const sim_us SYNC_US = 1000 * US_PER_S;

/* Seconds from the pod's sync to its first good attempt, when its container
 * starts after c_s seconds; warm: the kubelet is an hour old.
 */
static double warm_s(double c_s)
{
    sim_us ready_us = kubelet_ready_us(&params, SYNC_US, SYNC_US - US_PER_H,
                                       SYNC_US + us_from_s(c_s), &MIDDLE);

    return s_from_us(ready_us - SYNC_US) - 0.75;
}

/* The same on a kubelet 11 s old whose worker sleeps sleep_s. */
static double fresh_s(double c_s, double sleep_s)
{
    struct kubelet_draws u = MIDDLE;

    u.sleep = sleep_s / 30.0;
    sim_us ready_us =
        kubelet_ready_us(&params, SYNC_US, SYNC_US - 11 * US_PER_S,
                         SYNC_US + us_from_s(c_s), &u);

    return s_from_us(ready_us - SYNC_US) - 0.75;
}

static void test_a_warm_pod_is_ready_a_period_after_its_status(void **state)
{
    (void)state;
    assert_close(warm_s(2.0), 33.0, 1e-6);
    assert_close(warm_s(6.5), 37.5, 1e-6);
    assert_close(warm_s(100.0), 131.0, 1e-6);
}

/* C + 30.2 to C + 31.5, and then 0.2 to 1.5 s for answer and status. */
static void test_a_warm_pod_keeps_to_the_reference_range(void **state)
{
    struct kubelet_draws low = {.noticed = 1e-9, .exec = 1e-9, .status = 1e-9};
    struct kubelet_draws high = {
        .noticed = 1 - 1e-9, .exec = 1 - 1e-9, .status = 1 - 1e-9};

    (void)state;
    kubelet_defaults(&params);
    assert_close(
        s_from_us(kubelet_ready_us(&params, SYNC_US, 0, SYNC_US, &low) -
                  SYNC_US),
        30.4, 1e-5);
    assert_close(
        s_from_us(kubelet_ready_us(&params, SYNC_US, 0, SYNC_US, &high) -
                  SYNC_US),
        33.0, 1e-5);
}

static void test_an_old_kubelet_keeps_its_ticker(void **state)
{
    (void)state;
    params.reset_ticker = false;
    assert_close(warm_s(2.0), 30.0, 1e-6);
    assert_close(warm_s(25.0), 30.0, 1e-6); /* 25 + 5: the delay is over */
    assert_close(warm_s(25.000001), 60.0, 1e-6);
    assert_close(fresh_s(6.0, 10.5), 40.5, 1e-6);
    assert_close(fresh_s(6.0, 15.0), 15.0, 1e-6);
}

static void test_a_fresh_kubelet_may_be_late_enough_to_be_early(void **state)
{
    (void)state;
    assert_close(fresh_s(6.0, 11.0), 11.0, 1e-6); /* S = C + 5 */
    assert_close(fresh_s(6.0, 23.7), 23.7, 2e-6);
    assert_close(fresh_s(6.0, 10.9), 40.9, 1e-6); /* S >= C + 1: S + 30 */
    assert_close(fresh_s(6.0, 7.0), 37.0, 1e-6);
    assert_close(fresh_s(6.0, 6.9), 37.0, 1e-6); /* C + 1 + 30 */
    assert_close(fresh_s(6.0, 0.3), 37.0, 1e-6);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* C = 6: P(S >= 11) = 19 / 30 gives U(11, 30), the rest 37 to 41. Median 26;
 * mean (19 * 20.5 + 7 * 37 + 4 * 39) / 30 = 26.817.
 */
static void test_the_reference_example_of_a_fresh_node(void **state)
{
    enum { N = 3000 };
    double at_s[N], sum_s = 0.0;
    int n_early = 0;

    (void)state;
    for (int i = 0; i < N; i++) {
        at_s[i] = fresh_s(6.0, 30.0 * (i + 0.5) / N);
        sum_s += at_s[i];
        n_early += at_s[i] < 30.0;
    }
    qsort(at_s, N, sizeof at_s[0], by_value);
    assert_int_equal(n_early, 1900);
    assert_close(at_s[N / 2], 26.0, 0.02);
    assert_close(sum_s / N, 26.8167, 0.001);
    assert_close(at_s[N - 1], 41.0, 0.02);
    assert_close(at_s[1900], 37.0, 1e-6);
}

static void test_a_kubelet_is_fresh_for_less_than_one_period(void **state)
{
    struct kubelet_draws u = MIDDLE; /* S = 15, if any */
    sim_us c_us = SYNC_US + 6 * US_PER_S;

    (void)state;
    assert_int_equal(kubelet_ready_us(&params, SYNC_US,
                                      SYNC_US - 30 * US_PER_S + 1, c_us, &u),
                     SYNC_US + 15750 * US_PER_MS);
    assert_int_equal(
        kubelet_ready_us(&params, SYNC_US, SYNC_US - 30 * US_PER_S, c_us, &u),
        SYNC_US + 37750 * US_PER_MS);
}

static void test_without_initial_delay_the_status_update_is_enough(void **state)
{
    (void)state;
    params.readiness.initial_delay_us = 0;
    assert_close(warm_s(2.0), 3.0, 1e-6);
    params.reset_ticker = false;
    assert_close(warm_s(2.0), 3.0, 1e-6);
    params.noticed.a = 40.0; /* late: an ordinary tick comes before */
    assert_close(warm_s(2.0), 30.0, 1e-6);
}

static void test_a_short_period_makes_ready_early(void **state)
{
    (void)state;
    params.readiness.period_us = 2 * US_PER_S;
    /* reset at 3, ticks at 5, 7: the first 5 s after C = 2 */
    assert_close(warm_s(2.0), 7.0, 1e-6);
}

static void test_successes_in_a_row_take_further_periods(void **state)
{
    (void)state;
    params.readiness.successes = 3;
    assert_close(warm_s(2.0), 93.0, 1e-6);
}

static void test_without_a_probe_running_is_ready(void **state)
{
    (void)state;
    params.readiness.used = false;
    assert_close(warm_s(2.0), 2.75, 1e-6); /* 2 + 1 + 0.5 - 0.75 */
}

/* Startup each second from 0: attempt at C + 1 = 3.4 -> 4, answered at 4.25;
 * noticed 5.25. Readiness is due 5 s after C = 7.4 or later.
 */
static void test_a_startup_probe_gates_readiness(void **state)
{
    (void)state;
    params.startup.used = true;
    params.startup.period_us = US_PER_S;
    params.startup.initial_delay_us = US_PER_S;
    assert_close(warm_s(2.4), 35.25, 1e-6);
    params.readiness.initial_delay_us = 0;
    assert_close(warm_s(2.4), 5.25, 1e-6);
}

/* Readiness would be due at 30, but the container starts up at 40.25. */
static void test_no_readiness_attempt_counts_before_startup(void **state)
{
    (void)state;
    params.startup.used = true;
    params.startup.period_us = 40 * US_PER_S;
    assert_close(warm_s(2.0), 41.25, 1e-6);
}

static void test_a_startup_probe_that_cannot_answer_gives_up(void **state)
{
    (void)state;
    params.startup.used = true;
    params.exec.a = 1.5; /* the timeout is 1 s */
    assert_true(kubelet_ready_us(&params, 0, 0, 0, &MIDDLE) == SIM_NEVER);
}

static void test_a_probe_that_never_answers_in_time_is_never_ready(void **state)
{
    (void)state;
    params.exec.a = 1.000001;
    assert_true(kubelet_ready_us(&params, 0, 0, 0, &MIDDLE) == SIM_NEVER);
    params.exec.a = 1.0; /* in time to the microsecond */
    assert_int_equal(kubelet_ready_us(&params, 0, -US_PER_H, 0, &MIDDLE),
                     32500 * US_PER_MS);
}

/* Uniform 0 to 2 s: half of the probes fail. What lies above the half counts
 * double for the next one: a draw of 0.7 fails and leaves 0.4, which is 0.8 s.
 */
static void test_a_slow_answer_costs_a_period(void **state)
{
    struct kubelet_draws u = MIDDLE;

    (void)state;
    params.exec = (struct dist){DIST_UNIFORM, 0.0, 2.0, 0.0, 2.0};
    u.exec = 0.7;
    assert_close(s_from_us(kubelet_ready_us(&params, 0, -US_PER_H, 0, &u)),
                 31.0 + 30.0 + 0.8 + 0.5, 2e-6);
    u.exec = 0.85; /* 0.7, then 0.4 */
    assert_close(s_from_us(kubelet_ready_us(&params, 0, -US_PER_H, 0, &u)),
                 31.0 + 60.0 + 0.8 + 0.5, 4e-6);
    u.exec = 1.0 - 0x1p-53; /* bounded all the same */
    assert_true(kubelet_ready_us(&params, 0, 0, 0, &u) > 0);
}

static void test_the_first_pod_pulls_and_the_next_wait_for_it(void **state)
{
    struct kubelet k;

    (void)state;
    kubelet_init(&k, 0);
    assert_int_equal(kubelet_on_bind(&k, &params, SYNC_US, 1.0, &MIDDLE),
                     SYNC_US + 7500 * US_PER_MS); /* 6 + 1.5 */
    assert_int_equal(
        kubelet_on_bind(&k, &params, SYNC_US + 2 * US_PER_S, 1.0, &MIDDLE),
        SYNC_US + 7500 * US_PER_MS);
    assert_int_equal(
        kubelet_on_bind(&k, &params, SYNC_US + 6 * US_PER_S, 1.0, &MIDDLE),
        SYNC_US + 7500 * US_PER_MS); /* on disk at this very instant */
    assert_int_equal(
        kubelet_on_bind(&k, &params, SYNC_US + 9 * US_PER_S, 1.0, &MIDDLE),
        SYNC_US + 10500 * US_PER_MS);
}

static void test_the_factor_stretches_the_cold_pull_only(void **state)
{
    struct kubelet k;

    (void)state;
    kubelet_init(&k, 0);
    assert_int_equal(kubelet_on_bind(&k, &params, 0, 2.5, &MIDDLE),
                     16500 * US_PER_MS);
    assert_int_equal(kubelet_on_bind(&k, &params, US_PER_H, 2.5, &MIDDLE),
                     US_PER_H + 1500 * US_PER_MS);
}

static void test_defaults_are_those_of_the_reference(void **state)
{
    (void)state;
    kubelet_defaults(&params);
    assert_int_equal(dist_us(&params.pull_cold, 0.5, 1.0), 6 * US_PER_S);
    assert_int_equal(dist_us(&params.pull_cold, 0.9, 1.0), 40 * US_PER_S);
    assert_int_equal(dist_us(&params.pull_warm, 0.99, 3.0), 0);
    assert_int_equal(dist_us(&params.start, 0.5, 1.0), 1500 * US_PER_MS);
    assert_int_equal(dist_us(&params.exit, 0.5, 1.0), 2 * US_PER_S);
    assert_int_equal(dist_us(&params.exit, 0.9, 1.0), 5 * US_PER_S);
    assert_true(params.readiness.used && params.liveness.used);
    assert_false(params.startup.used);
    assert_int_equal(params.readiness.failures, 3);
    assert_true(params.reset_ticker);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_warm_pod_is_ready_a_period_after_its_status),
        TEST(test_a_warm_pod_keeps_to_the_reference_range),
        TEST(test_an_old_kubelet_keeps_its_ticker),
        TEST(test_a_fresh_kubelet_may_be_late_enough_to_be_early),
        TEST(test_the_reference_example_of_a_fresh_node),
        TEST(test_a_kubelet_is_fresh_for_less_than_one_period),
        TEST(test_without_initial_delay_the_status_update_is_enough),
        TEST(test_a_short_period_makes_ready_early),
        TEST(test_successes_in_a_row_take_further_periods),
        TEST(test_without_a_probe_running_is_ready),
        TEST(test_a_startup_probe_gates_readiness),
        TEST(test_no_readiness_attempt_counts_before_startup),
        TEST(test_a_startup_probe_that_cannot_answer_gives_up),
        TEST(test_a_probe_that_never_answers_in_time_is_never_ready),
        TEST(test_a_slow_answer_costs_a_period),
        TEST(test_the_first_pod_pulls_and_the_next_wait_for_it),
        TEST(test_the_factor_stretches_the_cold_pull_only),
        TEST(test_defaults_are_those_of_the_reference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

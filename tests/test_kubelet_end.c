#include "models/kubelet.h"
#include "tests/support.h"

static struct kubelet_params params;

static int setup(void **state)
{
    (void)state;
    kubelet_defaults(&params);
    return 0;
}

static const sim_us SYNC_US = 1000 * US_PER_S;

static void assert_end(sim_us hook_us, sim_us term_us, sim_us kill_us)
{
    struct kubelet_end end = kubelet_on_delete(&params, SYNC_US, hook_us);

    assert_int_equal(end.term_us - SYNC_US, term_us);
    assert_int_equal(end.kill_us - SYNC_US, kill_us);
}

static void test_the_hook_counts_in_whole_seconds(void **state)
{
    (void)state;
    params.grace_us = 60 * US_PER_S;
    assert_end(0, 0, 60 * US_PER_S);
    assert_end(45 * US_PER_S, 45 * US_PER_S, 60 * US_PER_S);
    assert_end(45999999, 45999999, 60999999); /* below G + 1 s */
    assert_end(58 * US_PER_S, 58 * US_PER_S, 60 * US_PER_S);
    assert_end(59 * US_PER_S, 59 * US_PER_S, 61 * US_PER_S); /* 2 at least */
}

static void test_a_hook_beyond_the_grace_is_cut(void **state)
{
    (void)state;
    params.grace_us = 60 * US_PER_S;
    assert_end(60 * US_PER_S, 60 * US_PER_S, 62 * US_PER_S);
    assert_end(61 * US_PER_S, 60 * US_PER_S, 62 * US_PER_S);
    assert_end(SIM_NEVER, 60 * US_PER_S, 62 * US_PER_S);
}

static void test_a_tiny_grace_still_leaves_two_seconds(void **state)
{
    (void)state;
    params.grace_us = US_PER_S;
    assert_end(0, 0, 2 * US_PER_S);
    params.grace_us = 0; /* the hook does not run */
    assert_end(30 * US_PER_S, 0, 2 * US_PER_S);
}

static void test_the_build_pod_has_135_minutes(void **state)
{
    (void)state;
    assert_end(SIM_NEVER, 8100 * US_PER_S, 8102 * US_PER_S);
    assert_end(30 * US_PER_S, 30 * US_PER_S, 8100 * US_PER_S);
}

static void test_an_idle_daemon_exits_by_itself(void **state)
{
    struct kubelet_end end = {10 * US_PER_S, 40 * US_PER_S};

    (void)state;
    assert_int_equal(kubelet_gone_us(&params, end, 0, 0.5), 12 * US_PER_S);
    assert_int_equal(kubelet_gone_us(&params, end, 25 * US_PER_S, 0.5),
                     27 * US_PER_S);
}

static void test_what_does_not_exit_is_killed(void **state)
{
    struct kubelet_end end = {10 * US_PER_S, 12 * US_PER_S};

    (void)state;
    assert_int_equal(kubelet_gone_us(&params, end, SIM_NEVER, 0.5),
                     13 * US_PER_S);
    assert_int_equal(kubelet_gone_us(&params, end, 0, 0.999), 13 * US_PER_S);
    assert_int_equal(kubelet_gone_us(&params, end, 12 * US_PER_S, 1e-9),
                     13 * US_PER_S);
}

/* Probes at 7, 37, 67, ...; the third failure in a row counts 1 s after. */
static void test_three_timeouts_in_a_row_lose_the_container(void **state)
{
    const struct kubelet_probe *probe = &params.liveness;
    sim_us tick_us = 7 * US_PER_S, lost_us = 98 * US_PER_S;

    (void)state;
    assert_int_equal(
        kubelet_lost_us(probe, tick_us, 37 * US_PER_S, 200 * US_PER_S),
        lost_us);
    assert_int_equal(kubelet_lost_us(probe, tick_us, 8 * US_PER_S, lost_us + 1),
                     lost_us);
    assert_true(kubelet_lost_us(probe, tick_us, 8 * US_PER_S, lost_us) ==
                SIM_NEVER);
    assert_int_equal(
        kubelet_lost_us(probe, tick_us, 37 * US_PER_S + 1, SIM_NEVER),
        128 * US_PER_S);
    assert_int_equal(/* a tick that lies later gives the same clock */
                     kubelet_lost_us(probe, tick_us + 900 * US_PER_S,
                                     37 * US_PER_S, SIM_NEVER),
                     lost_us);
    params.liveness.used = false;
    assert_true(kubelet_lost_us(probe, tick_us, 0, SIM_NEVER) == SIM_NEVER);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_hook_counts_in_whole_seconds),
        TEST(test_a_hook_beyond_the_grace_is_cut),
        TEST(test_a_tiny_grace_still_leaves_two_seconds),
        TEST(test_the_build_pod_has_135_minutes),
        TEST(test_an_idle_daemon_exits_by_itself),
        TEST(test_what_does_not_exit_is_killed),
        TEST(test_three_timeouts_in_a_row_lose_the_container),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

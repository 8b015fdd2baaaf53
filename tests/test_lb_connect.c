#include "tests/lb_rig.h"

static struct rig rig;

static int start3(void **state)
{
    (void)state;
    rig_prepare(&rig, 3);
    rig_start(&rig);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    lb_free(&rig.lb);
    return 0;
}

/* Seconds until the balancer gives up a session whose pod always fails. */
static double fail_all(uint32_t session, enum lb_connect how, sim_us start_us,
                       int *connects)
{
    /* A black hole is noticed after the connect timeout. */
    sim_us notice_us = how == LB_CONNECT_SILENT ? 5 * US_PER_S : 0;
    sim_us now_us = start_us, failed_us;

    *connects = 0;
    do {
        failed_us = now_us + notice_us;
        ++*connects;
        now_us = lb_on_connect_failed(&rig.lb, session, how, failed_us, 0.5);
    } while (now_us != SIM_NEVER);
    return s_from_us(failed_us - start_us);
}

static void test_a_refused_client_is_closed_after_3_s(void **state)
{
    (void)state;
    int connects;

    rig_pods(&rig, 2, 0);
    uint32_t session = rig_served(&rig, 1, 100);
    assert_close(fail_all(session, LB_CONNECT_REFUSED, 7, &connects), 3.0, 0);
    assert_int_equal(connects, 4);
    rig_out(&rig, LB_CLOSE, 1);
    rig_quiet(&rig);
    rig_gauges(&rig, 0, 0);
    assert_int_equal(rig.lb.backends[0].gauges.retry_warnings, 3);
    assert_int_equal(rig.lb.backends[0].gauges.connection_errors, 1);
}

static void test_a_black_hole_costs_20_s(void **state)
{
    (void)state;
    int connects;

    rig_pods(&rig, 1, 0);
    uint32_t session = rig_served(&rig, 1, 100);
    assert_close(fail_all(session, LB_CONNECT_SILENT, 0, &connects), 20.0, 0);
    assert_int_equal(connects, 4);
    rig_out(&rig, LB_CLOSE, 1);
}

static void test_a_short_connect_timeout_bounds_the_pause(void **state)
{
    (void)state;
    rig.backends[0].connect_us = 300 * US_PER_MS;
    rig_pods(&rig, 1, 0);
    uint32_t session = rig_served(&rig, 1, 100);
    assert_int_equal(
        lb_on_connect_failed(&rig.lb, session, LB_CONNECT_REFUSED, 10, 0.5),
        300 * US_PER_MS + 10);
}

static void test_a_dead_pod_attracts_one_client_after_the_other(void **state)
{
    (void)state;
    int connects;

    rig_pods(&rig, 1, 0);
    uint32_t first = rig_served(&rig, 1, 100);
    rig_queued(&rig, 2);
    assert_close(fail_all(first, LB_CONNECT_REFUSED, 0, &connects), 3.0, 0);
    rig_out(&rig, LB_CLOSE, 1);
    struct lb_out o = rig_out(&rig, LB_DISPATCH, 2);
    assert_int_equal(o.pod, 100);
    /* Dispatched at 3.0, closed at 6.0. */
    assert_close(
        fail_all(o.session, LB_CONNECT_REFUSED, 3 * US_PER_S, &connects), 3.0,
        0);
    rig_out(&rig, LB_CLOSE, 2);
    rig_gauges(&rig, 0, 0);
}

static void test_a_retry_may_succeed_after_all(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 0);
    uint32_t session = rig_served(&rig, 1, 100);
    lb_on_connect_failed(&rig.lb, session, LB_CONNECT_REFUSED, 0, 0.5);
    assert_int_equal(rig.lb.sessions.at[session].state, LB_CONNECTING);
    assert_true(lb_on_connected(&rig.lb, session));
    assert_int_equal(rig.lb.sessions.at[session].state, LB_OPEN);
    rig_gauges(&rig, 1, 0);
    lb_on_end(&rig.lb, session);
    rig_gauges(&rig, 0, 0);
}

static void test_a_client_that_leaves_in_a_pause_is_a_ghost(void **state)
{
    (void)state;
    int connects;

    rig_pods(&rig, 1, 0);
    uint32_t a = rig_served(&rig, 1, 100);
    lb_on_connect_failed(&rig.lb, a, LB_CONNECT_REFUSED, 0, 0.5);
    assert_int_equal(lb_on_leave(&rig.lb, a, LB_FIN), LB_LEFT_GHOST);
    assert_false(lb_on_connected(&rig.lb, a));
    lb_on_end(&rig.lb, a);
    rig_gauges(&rig, 0, 0);
    a = rig_served(&rig, 2, 100);
    lb_on_connect_failed(&rig.lb, a, LB_CONNECT_REFUSED, 0, 0.5);
    lb_on_leave(&rig.lb, a, LB_FIN);
    fail_all(a, LB_CONNECT_REFUSED, US_PER_S, &connects);
    assert_int_equal(connects, 3);
    rig_quiet(&rig); /* nobody is left to be told */
    a = rig_served(&rig, 3, 100);
    lb_on_connect_failed(&rig.lb, a, LB_CONNECT_REFUSED, 0, 0.5);
    rig_queued(&rig, 4);
    assert_int_equal(lb_on_leave(&rig.lb, a, LB_RESET), LB_LEFT_FREED);
    rig_out(&rig, LB_DISPATCH, 4);
}

static void test_redispatch_moves_to_an_idle_server(void **state)
{
    (void)state;
    rig.backends[0].redispatch = true;
    rig_pods(&rig, 2, 0);
    uint32_t session = rig_served(&rig, 1, 100);
    assert_int_equal(
        lb_on_connect_failed(&rig.lb, session, LB_CONNECT_REFUSED, 9, 0.5), 9);
    assert_int_equal(rig.lb.sessions.at[session].pod, 101);
    rig_quiet(&rig);
    rig_served(&rig, 2, 100); /* its first place is free again */
}

static void test_redispatch_without_an_idle_server_closes_at_once(void **state)
{
    (void)state;
    rig.backends[0].redispatch = true;
    rig_pods(&rig, 2, 0);
    uint32_t session = rig_served(&rig, 1, 100);
    rig_served(&rig, 2, 101);
    rig_queued(&rig, 3);
    assert_true(lb_on_connect_failed(&rig.lb, session, LB_CONNECT_REFUSED, 9,
                                     0.5) == SIM_NEVER);
    rig_out(&rig, LB_CLOSE, 1);
    rig_out(&rig, LB_DISPATCH, 3);
    assert_int_equal(rig.lb.backends[0].gauges.retry_warnings, 3);
}

/* The only server has room for a second session, but is the one that failed. */
static void test_redispatch_leaves_the_server_that_failed(void **state)
{
    (void)state;
    lb_free(&rig.lb);
    rig.backends[0].maxconn = 2;
    rig.backends[0].redispatch = true;
    rig_start(&rig);
    rig_pods(&rig, 1, 0);
    uint32_t session = rig_served(&rig, 1, 100);
    assert_true(lb_on_connect_failed(&rig.lb, session, LB_CONNECT_REFUSED, 9,
                                     0.5) == SIM_NEVER);
    rig_out(&rig, LB_CLOSE, 1);
}

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, start3, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RIG(test_a_refused_client_is_closed_after_3_s),
        WITH_RIG(test_a_black_hole_costs_20_s),
        WITH_RIG(test_a_short_connect_timeout_bounds_the_pause),
        WITH_RIG(test_a_dead_pod_attracts_one_client_after_the_other),
        WITH_RIG(test_a_retry_may_succeed_after_all),
        WITH_RIG(test_a_client_that_leaves_in_a_pause_is_a_ghost),
        WITH_RIG(test_redispatch_moves_to_an_idle_server),
        WITH_RIG(test_redispatch_without_an_idle_server_closes_at_once),
        WITH_RIG(test_redispatch_leaves_the_server_that_failed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

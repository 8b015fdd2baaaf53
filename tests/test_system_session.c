/* Connections to pods that are dead or stuck. */
#include "tests/session_rig.h"

/* ------------------------------------------------------------ dead pods */

static struct fault lost = {.kind = FAULT_NODE_LOST,
                            .at_us = 100 * US_PER_S,
                            .until_us = SIM_NEVER,
                            .n_nodes = 1,
                            .pool = NO_INDEX};

/* Four connects of 5 s: the client's own 20 s are over at the same time. Who
 * comes behind is closed after 5 s, and dials again a second later.
 */
static void test_a_dead_pod_swallows_a_dial_for_20_s(void **state)
{
    (void)state;
    fixture_build(&g.f, 0, 0, 101.0, 10.0);
    fixture_build(&g.f, 0, 0, 103.0, 10.0);
    fixture_build(&g.f, 0, 0, 104.0, 10.0);
    run(&lost, 1);
    EXPECT(0, NOTE_SILENT, 101.0, 106.0, 111.0, 116.0);
    EXPECT(0, NOTE_HUNG_UP, 121.0);
    EXPECT(1, NOTE_SILENT, 103.0, 108.0, 113.0, 118.0);
    EXPECT(1, NOTE_HUNG_UP, 123.0);
    EXPECT(2, NOTE_QUEUED, 104.0, 110.0);
    EXPECT(2, NOTE_CLOSED, 109.0);
}

/* The checks get no answer either. That of slot 1 begins 5 ms later and fails
 * at 102.005, 106.005 and 110.005; that of slot 0 has just been, and the next
 * ones fail at 104, 108 and 112.
 */
static void test_a_dead_pod_is_down_after_10_to_12_s(void **state)
{
    (void)state;
    fixture_build(&g.f, 0, 0, 112.001, 10.0);
    run(&lost, 1);
    assert_int_equal(state_at(110.004).reachable, 2);
    assert_int_equal(state_at(110.005).reachable, 1);
    assert_int_equal(state_at(111.999).reachable, 1);
    assert_int_equal(state_at(112.0).reachable, 0);
    EXPECT(0, NOTE_TURNED_AWAY, 112.001);
}

/* The build on the dead pod is cut by the limit of 30 s; the dial that waited
 * for its slot has 10 of its 20 s left when it meets the pod.
 */
static void test_a_queued_dial_keeps_its_own_deadline(void **state)
{
    (void)state;
    g.f.pools[0].replicas = 1;
    g.f.backends[0].check = false;
    g.f.backends[0].queue_us = 60 * US_PER_S;
    g.f.backends[0].inactivity_us = 30 * US_PER_S;
    g.f.callers[1].client.attempts = 1;
    fixture_build(&g.f, 0, 0, 0.0, 400.0);
    fixture_build(&g.f, 0, 1, 120.0, 10.0);
    run(&lost, 1);
    assert_int_equal(result(0)->end_us, 130 * US_PER_S);
    EXPECT(1, NOTE_SILENT, 130.0, 135.0);
    EXPECT(1, NOTE_HUNG_UP, 140.0);
    assert_int_equal(result(1)->end, END_GAVE_UP);
    assert_int_equal(result(1)->end_us, 140 * US_PER_S);
}

/* Its name no longer resolves and the balancer keeps its servers: a dial still
 * gets no answer when the pod itself has long been collected.
 */
static void test_a_pod_that_is_gone_does_not_refuse(void **state)
{
    struct fault faults[] = {{.kind = FAULT_DNS_FAIL,
                              .answer = LB_RECORDS_TIMEOUT,
                              .at_us = 90 * US_PER_S,
                              .until_us = US_PER_H},
                             lost};
    (void)state;

    g.f.backends[0].check = false;
    g.f.backends[0].hold_timeout_us = US_PER_H;
    fixture_build(&g.f, 0, 0, 600.0, 10.0);
    run(faults, 2);
    EXPECT(0, NOTE_SILENT, 600.0, 605.0, 610.0, 615.0);
    EXPECT(0, NOTE_HUNG_UP, 620.0);
}

/* ------------------------------------------------------------ stuck */

/* The build on it stands still for 50 s. */
static void test_a_build_on_a_stuck_daemon_stands_still(void **state)
{
    struct fault f = stuck(50.0, 1, false);
    (void)state;

    fixture_build(&g.f, 0, 0, 0.0, 300.0);
    fixture_build(&g.f, 0, 0, 1.0, 300.0);
    run(&f, 1);
    assert_int_equal(result(0)->end_us, 350050 * US_PER_MS);
    assert_int_equal(result(1)->end_us, 301050 * US_PER_MS);
    assert_int_equal(state_at(140.0).reachable, 2); /* its port is open */
}

/* The dial is accepted and gets no answer: the client leaves after 20 s, the
 * pod does not close, so the slot stays taken. At 140 s the daemon sees the
 * end of the stream, and the second dial gets the slot 1 ms later; its first
 * poll after 140.051 is at 141.
 */
static void test_a_stuck_daemon_keeps_the_slot_of_who_left(void **state)
{
    struct fault f = stuck(40.0, 2, false);
    (void)state;

    fixture_build(&g.f, 0, 0, 0.0, 300.0);
    fixture_build(&g.f, 0, 0, 110.0, 10.0);
    g.f.callers[0].client.redial_gap =
        (struct dist){DIST_CONSTANT, 0.5, 0.5, 0.5, 0.5};
    run(&f, 1);
    EXPECT(1, NOTE_SILENT, 110.0);
    EXPECT(1, NOTE_HUNG_UP, 130.0);
    EXPECT(1, NOTE_QUEUED, 131.0, 136.5);
    assert_int_equal(result(1)->served_us, 140001 * US_PER_MS);
    assert_int_equal(result(1)->end_us, 151 * US_PER_S);
    assert_int_equal(result(0)->end_us, 340050 * US_PER_MS);
}

/* Nobody answers for long: the balancer's own limit frees the slot. */
static void test_the_limit_frees_the_slot_of_a_stuck_daemon(void **state)
{
    struct fault f = stuck(1000.0, 2, false);
    (void)state;

    g.f.pools[0].replicas = 1;
    g.f.pools[0].kubelet.liveness.used = false;
    g.f.pools[0].kubelet.readiness.failures = 100;
    g.f.backends[0].inactivity_us = 60 * US_PER_S;
    g.f.callers[1].client.attempts = 1;
    fixture_build(&g.f, 0, 1, 110.0, 10.0);
    fixture_build(&g.f, 0, 1, 186.0, 10.0);
    run(&f, 1);
    EXPECT(0, NOTE_HUNG_UP, 130.0);
    EXPECT(1, NOTE_SILENT, 190.0); /* 130 + 60 */
    EXPECT(1, NOTE_HUNG_UP, 206.0);
}

/* A client that still waits is served when the daemon answers. */
static void test_a_dial_is_served_when_the_daemon_answers(void **state)
{
    struct fault f = stuck(15.0, 2, false);
    (void)state;

    fixture_build(&g.f, 0, 0, 110.0, 10.0);
    run(&f, 1);
    EXPECT(0, NOTE_SILENT, 110.0);
    assert_int_equal(result(0)->served_us, 115 * US_PER_S);
    assert_int_equal(result(0)->end_us, 125050 * US_PER_MS);
    assert_int_equal(result(0)->dials, 1);
}

/* Refused at once and 1, 2, 3 s later; DOWN after three checks, 4 to 6 s. */
static void test_a_closed_port_refuses_and_goes_down(void **state)
{
    struct fault f = stuck(60.0, 2, true);
    (void)state;

    fixture_build(&g.f, 0, 0, 0.0, 300.0);
    fixture_build(&g.f, 0, 0, 101.0, 10.0);
    run(&f, 1);
    EXPECT(1, NOTE_SILENT, 101.0, 102.0, 103.0, 104.0);
    EXPECT(1, NOTE_CLOSED, 104.0);
    assert_int_equal(state_at(103.999).reachable, 2);
    assert_int_equal(state_at(106.0).reachable, 0);
    /* Two good checks after 160 s. */
    assert_int_equal(state_at(161.999).reachable, 0);
    assert_int_equal(state_at(164.0).reachable, 2);
    assert_int_equal(result(0)->end_us, 360050 * US_PER_MS);
}

static void test_only_so_many_daemons_are_stuck(void **state)
{
    struct fault f = stuck(60.0, 1, true);
    (void)state;

    fixture_build(&g.f, 0, 0, 500.0, 1.0);
    run(&f, 1);
    assert_int_equal(state_at(110.0).reachable, 1);
    assert_int_equal(state_at(170.0).reachable, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, prepare, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_dead_pod_swallows_a_dial_for_20_s),
        TEST(test_a_dead_pod_is_down_after_10_to_12_s),
        TEST(test_a_queued_dial_keeps_its_own_deadline),
        TEST(test_a_pod_that_is_gone_does_not_refuse),
        TEST(test_a_build_on_a_stuck_daemon_stands_still),
        TEST(test_a_stuck_daemon_keeps_the_slot_of_who_left),
        TEST(test_the_limit_frees_the_slot_of_a_stuck_daemon),
        TEST(test_a_dial_is_served_when_the_daemon_answers),
        TEST(test_a_closed_port_refuses_and_goes_down),
        TEST(test_only_so_many_daemons_are_stuck),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

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

static uint32_t slot_of(uint32_t pod)
{
    return lb_slots_find(&rig.lb.backends[0].slots, pod);
}

#define GOOD(now, ...)                                                         \
    do {                                                                       \
        uint32_t pods_[] = {__VA_ARGS__};                                      \
        rig_answer(&rig, LB_RECORDS_OK, pods_,                                 \
                   sizeof(pods_) / sizeof(pods_[0]), now);                     \
    } while (0)

static void test_new_addresses_fill_the_lowest_slots(void **state)
{
    (void)state;
    GOOD(0, 7, 5);
    assert_int_equal(slot_of(7), 0);
    assert_int_equal(slot_of(5), 1);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 2);
    GOOD(1, 5, 7); /* order means nothing to what is placed */
    assert_int_equal(slot_of(7), 0);
    GOOD(2, 5);
    assert_int_equal(slot_of(7), NO_INDEX);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 1);
    GOOD(3, 5, 9);
    assert_int_equal(slot_of(9), 0); /* not the slot that was never used */
    GOOD(4, 5, 9, 7);
    assert_int_equal(slot_of(7), 2); /* back, but elsewhere */
}

static void test_an_established_session_outlives_its_address(void **state)
{
    (void)state;
    GOOD(0, 1, 2);
    uint32_t a = rig_served(&rig, 10, 1);
    rig_served(&rig, 11, 2);
    rig_queued(&rig, 12);
    GOOD(1, 2);
    rig_quiet(&rig); /* nothing is cut, the queue stays */
    rig_gauges(&rig, 3, 1);
    lb_on_end(&rig.lb, a);
    rig_quiet(&rig); /* a server in maintenance takes nobody */
    rig_gauges(&rig, 2, 1);
}

static void test_a_reused_slot_is_a_trap_until_its_old_build_ends(void **state)
{
    (void)state;
    /* Slot 0: busy; slot 1: idle; slot 2: empty. */
    GOOD(0, 2, 3);
    uint32_t old = rig_served(&rig, 10, 2);
    GOOD(1, 3);
    GOOD(2, 3, 1);
    assert_int_equal(slot_of(1), 0);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 2);
    rig_served(&rig, 11, 3);
    struct lb_dial d = rig_queued(&rig, 12); /* though pod 1 is idle */
    rig_quiet(&rig);
    lb_on_end(&rig.lb, old);
    struct lb_out o = rig_out(&rig, LB_DISPATCH, 12);
    assert_int_equal(o.session, d.session);
    assert_int_equal(o.pod, 1); /* with the new address */
}

static void test_an_address_is_swapped_in_place_in_one_answer(void **state)
{
    (void)state;
    GOOD(0, 1, 2, 3);
    uint32_t old = rig_served(&rig, 10, 1);
    GOOD(1, 2, 3, 4);
    assert_int_equal(slot_of(4), 0);
    assert_int_equal(slot_of(1), NO_INDEX);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 3);
    rig_served(&rig, 11, 2);
    rig_served(&rig, 12, 3);
    rig_queued(&rig, 13); /* the same trap */
    assert_int_equal(rig.lb.sessions.at[old].pod, 1);
    lb_on_end(&rig.lb, old);
    assert_int_equal(rig_out(&rig, LB_DISPATCH, 13).pod, 4);
}

static void test_an_idle_swapped_server_keeps_its_turn(void **state)
{
    (void)state;
    GOOD(0, 1, 2);
    GOOD(1, 5, 2);
    rig_served(&rig, 10, 5);
    rig_served(&rig, 11, 2);
}

static void test_a_lower_empty_slot_comes_before_the_vacated_one(void **state)
{
    (void)state;
    GOOD(0, 1, 2, 3);
    GOOD(1, 2, 3);
    GOOD(2, 3, 4); /* 2 leaves slot 1; slot 0 is asked first */
    assert_int_equal(slot_of(4), 0);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 2);
}

static void test_records_beyond_the_slots_are_ignored(void **state)
{
    (void)state;
    GOOD(0, 1, 2, 3, 4, 5);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 3);
    assert_int_equal(slot_of(4), NO_INDEX);
    GOOD(1, 5, 4, 3, 2); /* 1 leaves: the first without a place enters */
    assert_int_equal(slot_of(5), 0);
    GOOD(2, 5, 4, 3, 2, 1); /* and now 1 is the one left out */
    assert_int_equal(slot_of(1), NO_INDEX);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(rig_dial(&rig, i).result, LB_DIAL_SERVED);
    rig_queued(&rig, 3); /* though pods 1 and 4 are idle */
}

static void test_losing_the_last_server_closes_the_queue(void **state)
{
    (void)state;
    GOOD(0, 1);
    uint32_t a = rig_served(&rig, 10, 1);
    rig_queued(&rig, 11);
    struct lb_dial ghost = rig_queued(&rig, 12);
    rig_queued(&rig, 13);
    lb_on_leave(&rig.lb, ghost.session, LB_FIN);
    sim_us lost_us = rig_answer(&rig, LB_RECORDS_NX, NULL, 0, 100 * US_PER_S);
    lb_on_hold(&rig.lb, 0, lost_us);
    rig_out(&rig, LB_CLOSE, 11);
    rig_out(&rig, LB_CLOSE, 13);
    rig_quiet(&rig);
    rig_gauges(&rig, 1, 0); /* the build goes on */
    assert_int_equal(rig.lb.backends[0].gauges.connection_errors, 3);
    assert_int_equal(rig_dial(&rig, 14).result, LB_DIAL_CLOSED);
    lb_on_end(&rig.lb, a);
}

static void test_2_6_lets_the_queue_wait_for_a_server(void **state)
{
    (void)state;
    rig.params.version = LB_2_6;
    GOOD(0, 1);
    rig_served(&rig, 10, 1);
    struct lb_dial d = rig_queued(&rig, 11);
    lb_on_hold(&rig.lb, 0, rig_answer(&rig, LB_RECORDS_NX, NULL, 0, US_PER_S));
    rig_quiet(&rig);
    rig_gauges(&rig, 2, 1);
    lb_on_queue_limit(&rig.lb, d.session, d.generation);
    rig_out(&rig, LB_CLOSE, 11);
}

/* Seconds from the last good answer to maintenance, the first bad one coming
 * one query later.
 */
static double lost_after_s(enum lb_records_kind kind)
{
    sim_us good_us = 50 * US_PER_S;

    GOOD(good_us, 1);
    return s_from_us(rig_answer(&rig, kind, NULL, 0, good_us + US_PER_S) -
                     good_us);
}

static void test_hold_times_run_from_the_last_good_answer(void **state)
{
    (void)state;
    assert_close(lost_after_s(LB_RECORDS_NX), 6.0, 0);
    assert_close(lost_after_s(LB_RECORDS_OTHER), 6.0, 0);
    assert_close(lost_after_s(LB_RECORDS_OK), 6.0, 0); /* empty */
    assert_close(lost_after_s(LB_RECORDS_REFUSED), 30.0, 0);
    assert_close(lost_after_s(LB_RECORDS_TIMEOUT), 32.0, 0); /* 31 to 32 */
    rig.backends[0].hold_nx_us = 0;
    assert_close(lost_after_s(LB_RECORDS_NX), 1.0, 0);
}

static void
test_a_failure_that_changes_its_kind_counts_from_the_start(void **state)
{
    (void)state;
    GOOD(50 * US_PER_S, 1);
    rig_answer(&rig, LB_RECORDS_REFUSED, NULL, 0, 51 * US_PER_S);
    assert_int_equal(rig_answer(&rig, LB_RECORDS_NX, NULL, 0, 53 * US_PER_S),
                     56 * US_PER_S);
    rig_answer(&rig, LB_RECORDS_REFUSED, NULL, 0, 54 * US_PER_S);
    /* The hold of NX is over already: the first such answer ends it. */
    assert_int_equal(rig_answer(&rig, LB_RECORDS_NX, NULL, 0, 70 * US_PER_S),
                     70 * US_PER_S);
    lb_on_hold(&rig.lb, 0, 56 * US_PER_S); /* of the earlier failure */
    assert_int_equal(lb_active_servers(&rig.lb, 0), 1);
    lb_on_hold(&rig.lb, 0, 70 * US_PER_S);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 0);
}

/* Told at every query or once: unanswered from 1 s on, the resolutions fail at
 * 4, 8, ... 32 s, the first one 30 s after the good answer at 0.
 */
static void test_a_failure_that_goes_on_changes_nothing(void **state)
{
    (void)state;
    GOOD(0, 1);
    assert_int_equal(rig_answer(&rig, LB_RECORDS_TIMEOUT, NULL, 0, US_PER_S),
                     32 * US_PER_S);
    assert_int_equal(
        rig_answer(&rig, LB_RECORDS_TIMEOUT, NULL, 0, 6 * US_PER_S),
        32 * US_PER_S);
}

static void test_a_good_answer_ends_the_hold(void **state)
{
    (void)state;
    GOOD(0, 1);
    sim_us lost_us = rig_answer(&rig, LB_RECORDS_NX, NULL, 0, US_PER_S);
    GOOD(3 * US_PER_S, 1);
    lb_on_hold(&rig.lb, 0, lost_us);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 1);
    rig_answer(&rig, LB_RECORDS_NX, NULL, 0, 4 * US_PER_S);
    lb_on_hold(&rig.lb, 0, lost_us); /* 6 s; the new one is due at 9 s */
    assert_int_equal(lb_active_servers(&rig.lb, 0), 1);
    lb_on_hold(&rig.lb, 0, 9 * US_PER_S);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 0);
    assert_true(rig_answer(&rig, LB_RECORDS_OTHER, NULL, 0, 12 * US_PER_S) ==
                SIM_NEVER); /* nothing is left to lose */
}

static void test_the_answer_size_caps_the_records(void **state)
{
    (void)state;
    struct lb_backend_params p;
    uint32_t payload[] = {8192, 4096, 1232, 512};
    uint32_t want[] = {289, 143, 41, 15};

    lb_backend_defaults(&p);
    for (int i = 0; i < 4; i++) {
        p.payload_bytes = payload[i];
        assert_int_equal(lb_max_records(&p), want[i]);
    }
    p.payload_bytes = 8192;
    p.name_chars = 41;
    assert_int_equal(lb_max_records(&p), 290);
    p.name_chars = 47;
    p.ipv6 = false;
    assert_int_equal(lb_max_records(&p), 507);
    p.payload_bytes = 76;
    assert_int_equal(lb_max_records(&p), 0);
    p.payload_bytes = 76 + 16;
    assert_int_equal(lb_max_records(&p), 1);
    p.payload_bytes = 0;
    p.name_chars = UINT32_MAX;
    assert_int_equal(lb_max_records(&p), 0);
}

static void test_one_record_too_many_loses_the_whole_backend(void **state)
{
    (void)state;
    uint32_t pods[290];

    lb_free(&rig.lb);
    rig.backends[0].n_slots = 400;
    rig_start(&rig);
    for (uint32_t i = 0; i < 290; i++)
        pods[i] = i;
    rig_answer(&rig, LB_RECORDS_OK, pods, 289, 0);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 289);
    rig_served(&rig, 1, 0);
    sim_us lost_us = rig_answer(&rig, LB_RECORDS_OK, pods, 290, US_PER_S);
    assert_int_equal(lost_us, 6 * US_PER_S);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 289); /* until then */
    lb_on_hold(&rig.lb, 0, lost_us);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 0);
    assert_int_equal(rig_dial(&rig, 2).result, LB_DIAL_CLOSED);
    rig_gauges(&rig, 1, 0);
    rig_answer(&rig, LB_RECORDS_OK, pods, 283, 9 * US_PER_S);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 283);
    assert_int_equal(slot_of(0), 0);
    rig_served(&rig, 3, 1); /* slot 0 still runs its old build */
}

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, start3, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RIG(test_new_addresses_fill_the_lowest_slots),
        WITH_RIG(test_an_established_session_outlives_its_address),
        WITH_RIG(test_a_reused_slot_is_a_trap_until_its_old_build_ends),
        WITH_RIG(test_an_address_is_swapped_in_place_in_one_answer),
        WITH_RIG(test_an_idle_swapped_server_keeps_its_turn),
        WITH_RIG(test_a_lower_empty_slot_comes_before_the_vacated_one),
        WITH_RIG(test_records_beyond_the_slots_are_ignored),
        WITH_RIG(test_losing_the_last_server_closes_the_queue),
        WITH_RIG(test_2_6_lets_the_queue_wait_for_a_server),
        WITH_RIG(test_hold_times_run_from_the_last_good_answer),
        WITH_RIG(test_a_failure_that_changes_its_kind_counts_from_the_start),
        WITH_RIG(test_a_failure_that_goes_on_changes_nothing),
        WITH_RIG(test_a_good_answer_ends_the_hold),
        WITH_RIG(test_the_answer_size_caps_the_records),
        WITH_RIG(test_one_record_too_many_loses_the_whole_backend),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

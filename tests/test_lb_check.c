#include "sim/engine/random.h"
#include "tests/lb_rig.h"

static struct rig rig;

static int start4(void **state)
{
    (void)state;
    rig_prepare(&rig, 4); /* phases 0, 0.5, 1.0 and 1.5 s */
    rig_start(&rig);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    lb_free(&rig.lb);
    return 0;
}

/* The planned check of pod 100's slot, if its time is as given. */
static struct lb_out planned(sim_us at_us)
{
    assert_true(rig.lb.n_out > 0);
    struct lb_out o = rig_out(&rig, LB_CHECK, NO_INDEX);

    assert_int_equal(o.at_us, at_us);
    return o;
}

static void run(struct lb_out o)
{
    lb_on_check(&rig.lb, o.backend, o.slot, o.generation, o.at_us);
}

static uint32_t up(void)
{
    return lb_active_servers(&rig.lb, 0);
}

static void test_checks_lie_on_a_grid_of_the_slot(void **state)
{
    (void)state;
    const struct lb_backend_params *p = &rig.backends[0];
    sim_us s = US_PER_S;

    assert_int_equal(lb_check_next_us(p, 0, 0), 2 * s);
    assert_int_equal(lb_check_next_us(p, 0, -1), 0);
    assert_int_equal(lb_check_next_us(p, 3, 0), 1500 * US_PER_MS);
    assert_int_equal(lb_check_next_us(p, 3, 1500 * US_PER_MS),
                     3500 * US_PER_MS);
    assert_int_equal(lb_check_next_us(p, 3, -s), -500 * US_PER_MS);
    assert_int_equal(lb_check_count(p, 3, 0, 1500 * US_PER_MS), 1);
    assert_int_equal(lb_check_count(p, 3, 1500 * US_PER_MS, 3 * s), 0);
    assert_int_equal(lb_check_count(p, 0, -5 * s, 5 * s), 5);
}

/* A check of slot 0 begins at 12, 16 and 20 s; it fails 2 s later each. */
static void test_a_silent_port_is_found_at_half_the_pace(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 100 * US_PER_MS);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_SILENT, 11 * US_PER_S);
    struct lb_out o = planned(22 * US_PER_S);
    assert_int_equal(up(), 1);
    run(o);
    assert_int_equal(up(), 0);
    rig_quiet(&rig);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_OPEN, 23 * US_PER_S);
    run(planned(26 * US_PER_S)); /* good at 24 and 26 */
    assert_int_equal(up(), 1);
}

/* Failed at 14, good at 18: the next three fail at 22, 26 and 30 s. */
static void test_a_silence_between_good_checks_counts_anew(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 100 * US_PER_MS);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_SILENT, 11 * US_PER_S);
    planned(22 * US_PER_S);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_OPEN, 17 * US_PER_S);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_SILENT, 19 * US_PER_S);
    planned(30 * US_PER_S);
    assert_int_equal(up(), 1);
}

/* Silent for two checks, then closed: the third one fails at once. */
static void test_a_silent_port_that_closes_keeps_its_failures(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 100 * US_PER_MS);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_SILENT, 11 * US_PER_S);
    planned(22 * US_PER_S);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED, 19 * US_PER_S);
    run(planned(20 * US_PER_S));
    assert_int_equal(up(), 0);
}

static void test_a_new_server_that_is_silent_goes_after_one_check(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 100 * US_PER_MS);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_SILENT, 200 * US_PER_MS);
    run(planned(4 * US_PER_S));
    assert_int_equal(up(), 0);
}

/* init-state down: the check at 2 s lets it in, and it serves the queue. */
static void test_a_server_may_have_to_wait_for_one_good_check(void **state)
{
    (void)state;
    rig.backends[0].init_down = true;
    rig_pods(&rig, 1, 100 * US_PER_MS);
    assert_int_equal(up(), 0);
    assert_int_equal(rig_dial(&rig, 1).result, LB_DIAL_CLOSED);
    run(planned(2 * US_PER_S));
    assert_int_equal(up(), 1);
    rig_served(&rig, 2, 100);
}

/* Closed at 2, open at 4 and 6: after a failure it needs rise of them. */
static void test_a_failure_before_makes_it_wait_for_two(void **state)
{
    (void)state;
    rig.backends[0].init_down = true;
    rig_pods(&rig, 1, 100 * US_PER_MS);
    planned(2 * US_PER_S);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED, 200 * US_PER_MS);
    rig_quiet(&rig);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_OPEN, 3 * US_PER_S);
    run(planned(6 * US_PER_S));
    assert_int_equal(up(), 1);
}

static void test_without_checks_nothing_waits_for_one(void **state)
{
    (void)state;
    rig.backends[0].init_down = true;
    rig.backends[0].check = false;
    rig_pods(&rig, 1, 100 * US_PER_MS);
    assert_int_equal(up(), 1);
}

static void test_the_first_failure_is_enough_for_a_new_server(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 100 * US_PER_MS);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED, 200 * US_PER_MS);
    struct lb_out o = planned(2 * US_PER_S);
    assert_int_equal(up(), 1);
    run(o);
    assert_int_equal(up(), 0);
    rig_quiet(&rig); /* and stays so while the port is closed */
    assert_int_equal(rig_dial(&rig, 1).result, LB_DIAL_CLOSED);
}

static void test_a_proven_server_goes_down_at_the_third_failure(void **state)
{
    (void)state;
    rig_pods(&rig, 2, 0);
    rig_served(&rig, 1, 100);
    rig_served(&rig, 2, 101);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED, 11 * US_PER_S);
    struct lb_out o = planned(16 * US_PER_S); /* 12, 14, 16 */
    run(o);
    assert_int_equal(up(), 1);
    rig_gauges(&rig, 2, 0); /* its session goes on */
    rig_queued(&rig, 3);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_OPEN, 17 * US_PER_S);
    o = planned(20 * US_PER_S); /* 18 and 20 */
    run(o);
    assert_int_equal(up(), 2);
    rig_quiet(&rig); /* UP, and still full */
}

static void test_a_server_that_comes_up_takes_from_the_queue(void **state)
{
    (void)state;
    rig_pods(&rig, 2, 0);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED, 11 * US_PER_S);
    run(planned(16 * US_PER_S));
    rig_served(&rig, 1, 101);
    rig_queued(&rig, 2);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_OPEN, 17 * US_PER_S);
    run(planned(20 * US_PER_S));
    assert_int_equal(rig_out(&rig, LB_DISPATCH, 2).pod, 100);
    rig_quiet(&rig);
}

static void
test_a_session_that_ends_on_a_down_server_frees_nothing(void **state)
{
    (void)state;
    rig_pods(&rig, 2, 0);
    uint32_t a = rig_served(&rig, 1, 100);
    rig_served(&rig, 2, 101);
    rig_queued(&rig, 3);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED, 11 * US_PER_S);
    run(planned(16 * US_PER_S));
    lb_on_end(&rig.lb, a);
    rig_quiet(&rig);
    rig_gauges(&rig, 2, 1);
}

static void test_the_last_server_that_goes_down_closes_the_queue(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 0);
    rig_served(&rig, 1, 100);
    rig_queued(&rig, 2);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED, 11 * US_PER_S);
    run(planned(16 * US_PER_S));
    rig_out(&rig, LB_CLOSE, 2);
    rig_gauges(&rig, 1, 0);
}

static void test_a_short_outage_between_two_checks_is_not_seen(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 0);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED, 11 * US_PER_S);
    struct lb_out o = planned(16 * US_PER_S);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_OPEN, 11500 * US_PER_MS);
    rig_quiet(&rig);
    run(o); /* stale */
    assert_int_equal(up(), 1);
}

static void
test_failures_in_a_row_add_up_over_a_gap_without_checks(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 0);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED, 11 * US_PER_S);
    planned(16 * US_PER_S);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_OPEN,
               14500 * US_PER_MS); /* two failed */
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED,
               15500 * US_PER_MS); /* none between */
    run(planned(16 * US_PER_S));
    assert_int_equal(up(), 0);
}

static void test_a_change_at_the_very_check_comes_after_it(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 0);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED,
               10 * US_PER_S); /* the check was good */
    struct lb_out o = planned(16 * US_PER_S);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_OPEN,
               16 * US_PER_S); /* the third one failed */
    assert_int_equal(up(), 0);
    planned(20 * US_PER_S);
    run(o); /* stale */
    assert_int_equal(up(), 0);
}

static void test_an_address_that_leaves_takes_its_checks_along(void **state)
{
    (void)state;
    uint32_t other = 200;

    rig_pods(&rig, 1, 0);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED, 11 * US_PER_S);
    struct lb_out o = planned(16 * US_PER_S);
    rig_pods(&rig, 2, 12 * US_PER_S); /* so that the backend is not empty */
    uint32_t second = 101;
    rig_answer(&rig, LB_RECORDS_OK, &second, 1, 13 * US_PER_S);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_OPEN,
               13 * US_PER_S); /* is not known now */
    rig_quiet(&rig);
    uint32_t both[] = {101, 100};
    rig_answer(&rig, LB_RECORDS_OK, both, 2, 14 * US_PER_S);
    run(o); /* stale: the address is new and not yet checked */
    assert_int_equal(up(), 2);
    lb_on_port(&rig.lb, 0, other, LB_PORT_CLOSED, 14 * US_PER_S);
    rig_quiet(&rig);
}

static void test_a_swapped_address_inherits_the_health(void **state)
{
    (void)state;
    uint32_t next[] = {101, 200};

    rig_pods(&rig, 2, 0);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED, 11 * US_PER_S);
    run(planned(16 * US_PER_S));
    rig_answer(&rig, LB_RECORDS_OK, next, 2, 17 * US_PER_S);
    assert_int_equal(lb_slots_find(&rig.lb.backends[0].slots, 200), 0);
    assert_int_equal(up(), 1);
    run(planned(20 * US_PER_S));
    assert_int_equal(up(), 2);
}

static void test_without_check_no_port_changes_anything(void **state)
{
    (void)state;
    rig.backends[0].check = false;
    rig_pods(&rig, 1, 0);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_CLOSED, 11 * US_PER_S);
    rig_quiet(&rig);
    lb_on_port(&rig.lb, 0, 100, LB_PORT_OPEN, 12 * US_PER_S);
    rig_quiet(&rig);
    assert_int_equal(up(), 1);
}

/* The same server, check by check. */
struct brute {
    bool up, checked, open;
    uint32_t streak;
};

static void brute_check(struct brute *b)
{
    uint32_t need = !b->up ? 2 : b->checked ? 3 : 1;

    b->checked = b->checked || (b->up && b->open);
    b->streak = b->up == b->open ? 0 : b->streak + 1;
    if (b->streak < need)
        return;
    b->up = b->open;
    b->checked = b->checked || b->up;
    b->streak = 0;
}

/* The planned turn of the server, if any, while it lies at or before until. */
static void turn_until(struct lb_out *next, sim_us until_us)
{
    for (;;) {
        if (rig.lb.n_out > 0)
            *next = rig.lb.out[rig.lb.n_out - 1];
        rig.lb.n_out = 0;
        if (next->kind != LB_CHECK || next->at_us > until_us)
            return;
        struct lb_out o = *next;
        next->kind = LB_CLOSE; /* used */
        run(o);
    }
}

static void test_counted_checks_equal_executed_ones(void **state)
{
    (void)state;
    struct random_world world = {.seed = 11};
    struct brute b = {.up = true, .open = true};
    struct lb_out next = {.kind = LB_CLOSE};
    sim_us now_us = 0, check_us = 2 * US_PER_S;
    int turns = 0;

    rig_pods(&rig, 1, 0);
    for (uint64_t i = 0; i < 4000; i++) {
        /* Half seconds up to 7.5 s: ties with checks on purpose. */
        now_us += (sim_us)(16 * random_u01(&world, 1, 1, i)) * US_PER_S / 2;
        for (; check_us <= now_us; check_us += 2 * US_PER_S) {
            bool before = b.up;
            brute_check(&b);
            turns += before != b.up;
            turn_until(&next, check_us);
            assert_int_equal(up(), b.up);
        }
        b.open = !b.open;
        lb_on_port(&rig.lb, 0, 100, b.open ? LB_PORT_OPEN : LB_PORT_CLOSED,
                   now_us);
        turn_until(&next, now_us);
    }
    assert_true(turns > 500);
}

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, start4, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RIG(test_checks_lie_on_a_grid_of_the_slot),
        WITH_RIG(test_a_silent_port_is_found_at_half_the_pace),
        WITH_RIG(test_a_silence_between_good_checks_counts_anew),
        WITH_RIG(test_a_silent_port_that_closes_keeps_its_failures),
        WITH_RIG(test_a_new_server_that_is_silent_goes_after_one_check),
        WITH_RIG(test_a_server_may_have_to_wait_for_one_good_check),
        WITH_RIG(test_a_failure_before_makes_it_wait_for_two),
        WITH_RIG(test_without_checks_nothing_waits_for_one),
        WITH_RIG(test_the_first_failure_is_enough_for_a_new_server),
        WITH_RIG(test_a_proven_server_goes_down_at_the_third_failure),
        WITH_RIG(test_a_server_that_comes_up_takes_from_the_queue),
        WITH_RIG(test_a_session_that_ends_on_a_down_server_frees_nothing),
        WITH_RIG(test_the_last_server_that_goes_down_closes_the_queue),
        WITH_RIG(test_a_short_outage_between_two_checks_is_not_seen),
        WITH_RIG(test_failures_in_a_row_add_up_over_a_gap_without_checks),
        WITH_RIG(test_a_change_at_the_very_check_comes_after_it),
        WITH_RIG(test_an_address_that_leaves_takes_its_checks_along),
        WITH_RIG(test_a_swapped_address_inherits_the_health),
        WITH_RIG(test_without_check_no_port_changes_anything),
        WITH_RIG(test_counted_checks_equal_executed_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Clients whose dials cannot succeed sleep, and wake as if they had dialled. */
#include "tests/outcome.h"

#define S(seconds) us_from_s(seconds)

enum { CLIENTS = 40 };

static const struct random_world dice = {20262, 0, false};

static uint32_t pick(uint64_t system, uint64_t *n, uint32_t low, uint32_t high)
{
    double u = random_u01(&dice, 0, system, (*n)++);

    return low + (uint32_t)(u * (high - low + 1));
}

/* One pool whose name does not resolve for a while from 0 on. Its servers are
 * lost at 6 s, or some seconds later.
 */
static void init(struct fixture *f, struct fault *fault, double until_s)
{
    fixture_init(f, 1, 2, 6);
    *fault = (struct fault){.kind = FAULT_DNS_FAIL,
                            .until_us = S(until_s),
                            .pool = NO_INDEX,
                            .answer = LB_RECORDS_NX};
    f->p.faults = fault;
    f->p.n_faults = 1;
}

/* Asked at 60 s, 20 dials an attempt each 35.2 s: without sleep there are
 * dials at 60, 61, ..., 79, 95.2, ..., 3578.2; with it those of the first
 * instants, and those that follow the name's return.
 */
static void test_a_client_sleeps_while_no_server_is_there(void **state)
{
    struct fixture f;
    struct fault fault;
    (void)state;

    init(&f, &fault, 3580.0);
    f.pools[0].autoscaled = false; /* no other event is skipped or is not */
    fixture_build(&f, 0, 0, 60.0, 900.0);
    int64_t n_skipped = outcome_skips_dials(&f, 1);
    /* 100 attempts of 20 dials from 60 s to 3579 s, and perhaps one more; the
     * first dial is executed, and the end of the sleep is an event too.
     */
    assert_in_range(n_skipped, 1990, 2020);
    fixture_free(&f);
}

/* At the job's limit its sleep is over: 14,400 s after the first dial. */
static void test_a_sleeping_client_is_killed_in_time(void **state)
{
    struct outcome o;
    struct fixture f;
    struct fault fault;
    (void)state;

    init(&f, &fault, 20000.0);
    f.callers[0].client.attempts = 1000;
    fixture_build(&f, 0, 0, 60.0, 900.0);
    assert_true(outcome_skips_dials(&f, 1) > 8000);
    outcome_run(&o, &f, 1, true);
    assert_int_equal(o.builds[0].end, END_TIMED_OUT);
    assert_int_equal(o.builds[0].end_us, S(60.0 + 14400.0));
    /* 409 attempts of 35.2 s are over, the 410th has 3.2 s: 4 dials */
    assert_int_equal(o.builds[0].attempts, 410);
    assert_int_equal(o.builds[0].dials, 409 * 20 + 4);
    fixture_free(&f);
}

/* The last attempt is executed: 3 attempts, the last from 130.4 s to 150.4 s.
 */
static void test_a_sleeping_client_gives_up_in_time(void **state)
{
    struct outcome o;
    struct fixture f;
    struct fault fault;
    (void)state;

    init(&f, &fault, 20000.0);
    f.callers[0].client.attempts = 3;
    fixture_build(&f, 0, 0, 60.0, 900.0);
    assert_true(outcome_skips_dials(&f, 1) > 30);
    outcome_run(&o, &f, 1, true);
    assert_int_equal(o.builds[0].end, END_GAVE_UP);
    assert_int_equal(o.builds[0].attempts, 3);
    assert_int_equal(o.builds[0].dials, 60);
    fixture_free(&f);
}

/* 26 attempts of 35.2 s end at 975.2 s. The dial of the instant in which it
 * leaves would come after that: there were 10 more, from 975.2 s to 984.2 s.
 */
static void test_a_client_that_leaves_does_not_dial_then(void **state)
{
    struct outcome o;
    struct fixture f;
    struct fault fault;
    (void)state;

    init(&f, &fault, 20000.0);
    fixture_build(&f, 0, 0, 60.0, 900.0);
    f.t.builds[0].outcome = TRACE_CANCELLED;
    f.t.builds[0].leaves_us = S(985.2);
    assert_true(outcome_skips_dials(&f, 1) > 500);
    outcome_run(&o, &f, 1, true);
    assert_int_equal(o.builds[0].end, END_LEFT);
    assert_int_equal(o.builds[0].attempts, 27);
    assert_int_equal(o.builds[0].dials, 26 * 20 + 10);
    fixture_free(&f);
}

/* The server is up for some seconds, as far as the balancer knows, but its port
 * is shut: each dial burns its connects at once, which are counted.
 */
static void test_a_client_dials_a_server_that_only_seems_to_be_up(void **state)
{
    struct outcome o;
    struct fixture f;
    struct fault fault;
    (void)state;

    init(&f, &fault, 600.0);
    fault.kind = FAULT_DAEMON_STUCK;
    fault.shut = true;
    fault.n_pods = 1;
    f.pools[0].autoscaled = false;
    f.pools[0].replicas = 1;
    f.backends[0].check = false;
    f.backends[0].redispatch = true;
    fixture_build(&f, 0, 0, 1.0, 900.0);
    outcome_skips_dials(&f, 1);
    outcome_run(&o, &f, 1, true);
    assert_true(o.gauges[0].retry_warnings > 10);
    fixture_free(&f);
}

/* Clients of two kinds, asked for at whole seconds, so that many dial in one
 * instant and change places from attempt to attempt. There is a slot or two for
 * them when the name resolves again: who dials first has it.
 */
static void test_clients_wake_in_the_order_of_their_dials(void **state)
{
    int64_t n_skipped = 0;
    (void)state;

    for (uint64_t i = 0; i < 300; i++) {
        struct fixture f;
        struct fault faults[2];
        uint64_t n = 0;

        init(&f, faults, 100.0 + pick(i, &n, 0, 3000));
        f.p.lb.version = (enum lb_version)pick(i, &n, 0, 4);
        for (int c = 0; c < 2; c++) {
            f.callers[c].client.delay_us = pick(i, &n, 1, 20) * US_PER_S;
            f.callers[c].client.exit_us = 0;
            f.callers[c].client.launch_us = 0;
            f.callers[c].client.attempts = pick(i, &n, 1, 200);
            f.callers[c].client.create_dials = pick(i, &n, 0, 3) == 0;
        }
        uint32_t n_clients = pick(i, &n, 2, CLIENTS);
        double asked_s = 60.0;
        for (uint32_t k = 0; k < n_clients; k++) {
            asked_s += pick(i, &n, 0, 3) * pick(i, &n, 0, 40);
            fixture_build(&f, 0, pick(i, &n, 0, 1), asked_s, 700.0);
        }
        if (pick(i, &n, 0, 2) == 0) {
            faults[1] = (struct fault){.kind = FAULT_NO_RETRY,
                                       .at_us = S(500.0 + pick(i, &n, 0, 500)),
                                       .until_us = S(1010.0),
                                       .pool = NO_INDEX};
            f.p.n_faults = 2;
        }
        n_skipped += outcome_skips_dials(&f, i);
        fixture_free(&f);
    }
    assert_true(n_skipped > 100000);
}

/* One client a second, and every dial at a whole second: at each one's last
 * dial most others have a dial of that instant, too, and sleep on. Asked,
 * dials, sleeps, wakes with those of its instant, dials, would be served, ends.
 */
static void test_a_last_dial_wakes_no_one_else(void **state)
{
    enum { N = 1000, EACH = 6, POOL = 20 };
    struct fixture f;
    struct fault fault;
    (void)state;

    init(&f, &fault, 20000.0);
    f.pools[0].autoscaled = false;
    f.callers[0].client.exit_us = f.callers[0].client.launch_us = 0;
    f.callers[0].client.attempts = 60;
    for (uint32_t i = 0; i < N; i++)
        fixture_build(&f, 0, 0, 60.0 + i, 900.0);
    struct system *s = fixture_system(&f);
    system_run(s, &(struct random_world){.seed = 1}, NULL);
    assert_int_equal(system_builds(s)[N - 1].attempts, 60);
    assert_in_range(system_events(s), EACH * N, EACH * N + POOL);
    system_free(s);
    fixture_free(&f);
}

/* Whoever wants to hear of every dial, or of every span, is not disturbed. */
static void test_who_looks_at_dials_sees_them(void **state)
{
    struct fixture f;
    struct fault fault;
    (void)state;

    init(&f, &fault, 1000.0);
    fixture_build(&f, 0, 0, 60.0, 900.0);
    struct system *s = fixture_system(&f);
    struct history h = history_run(s, 1);
    assert_true(h.of_kind[NOTE_TURNED_AWAY] > 500);
    system_free(s);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_client_sleeps_while_no_server_is_there),
        cmocka_unit_test(test_a_sleeping_client_is_killed_in_time),
        cmocka_unit_test(test_a_sleeping_client_gives_up_in_time),
        cmocka_unit_test(test_a_client_that_leaves_does_not_dial_then),
        cmocka_unit_test(test_a_client_dials_a_server_that_only_seems_to_be_up),
        cmocka_unit_test(test_clients_wake_in_the_order_of_their_dials),
        cmocka_unit_test(test_a_last_dial_wakes_no_one_else),
        cmocka_unit_test(test_who_looks_at_dials_sees_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

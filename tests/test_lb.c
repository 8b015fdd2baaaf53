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
    lb_free(&rig.lb); /* may repeat */
    return 0;
}

static void test_without_a_usable_server_a_dial_is_closed_at_once(void **state)
{
    (void)state;
    struct lb_dial d = rig_dial(&rig, 7);

    assert_int_equal(d.result, LB_DIAL_CLOSED);
    assert_int_equal(d.session, NO_INDEX);
    rig_gauges(&rig, 0, 0);
    assert_int_equal(rig.lb.backends[0].gauges.sessions_total, 1);
    assert_int_equal(rig.lb.backends[0].gauges.connection_errors, 1);
    rig_quiet(&rig);
}

static void test_a_full_pool_queues_for_the_connect_timeout(void **state)
{
    (void)state;
    rig_pods(&rig, 2, 0);
    rig_served(&rig, 1, 100);
    rig_served(&rig, 2, 101);
    struct lb_dial d = lb_on_dial(&rig.lb, 0, 3, 17, 0.5);
    assert_int_equal(d.result, LB_DIAL_QUEUED);
    assert_int_equal(d.pod, NO_INDEX);
    assert_int_equal(d.limit_us, 5 * US_PER_S + 17);
    rig_gauges(&rig, 3, 1);
    lb_on_queue_limit(&rig.lb, d.session, d.generation);
    rig_out(&rig, LB_CLOSE, 3);
    rig_quiet(&rig);
    rig_gauges(&rig, 2, 0);
    assert_int_equal(rig.lb.backends[0].gauges.connection_errors, 1);
    assert_int_equal(rig.lb.backends[0].gauges.max_queue, 1);
    assert_int_equal(rig.lb.backends[0].gauges.max_sessions, 3);
}

static void test_timeout_queue_replaces_the_connect_timeout(void **state)
{
    (void)state;
    struct lb_backend_params p;

    lb_backend_defaults(&p);
    assert_int_equal(lb_queue_limit_us(&p), 5 * US_PER_S);
    p.queue_us = 600 * US_PER_S;
    assert_int_equal(lb_queue_limit_us(&p), 600 * US_PER_S);
}

static void test_a_freed_slot_goes_to_the_oldest_in_the_queue(void **state)
{
    (void)state;
    rig_pods(&rig, 2, 0);
    rig_served(&rig, 1, 100);
    uint32_t second = rig_served(&rig, 2, 101);
    struct lb_dial d3 = rig_queued(&rig, 3), d4 = rig_queued(&rig, 4);
    lb_on_end(&rig.lb, second);
    struct lb_out o = rig_out(&rig, LB_DISPATCH, 3);
    assert_int_equal(o.session, d3.session);
    assert_int_equal(o.pod, 101);
    assert_int_equal(o.slot, 1);
    rig_quiet(&rig);
    rig_gauges(&rig, 3, 1);
    /* The place was never seen free: a newcomer is behind client 4. */
    rig_queued(&rig, 5);
    lb_on_end(&rig.lb, d3.session);
    assert_int_equal(rig_out(&rig, LB_DISPATCH, 4).session, d4.session);
}

static void test_a_limit_that_comes_late_is_ignored(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 0);
    uint32_t first = rig_served(&rig, 1, 100);
    struct lb_dial d = rig_queued(&rig, 2);
    lb_on_end(&rig.lb, first);
    rig_out(&rig, LB_DISPATCH, 2);
    lb_on_queue_limit(&rig.lb, d.session, d.generation); /* is served */
    rig_quiet(&rig);
    lb_on_end(&rig.lb, d.session);
    lb_on_queue_limit(&rig.lb, d.session, d.generation); /* is gone */
    rig_served(&rig, 3, 100);
    struct lb_dial again = rig_queued(&rig, 4);
    lb_on_queue_limit(&rig.lb, again.session, again.generation - 1);
    rig_quiet(&rig);
    rig_gauges(&rig, 2, 1);
    assert_int_equal(rig.lb.sessions.n, 2); /* places are used again */
}

static void test_a_client_that_leaves_the_queue_is_a_ghost(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 0);
    uint32_t first = rig_served(&rig, 1, 100);
    struct lb_dial ghost = rig_queued(&rig, 2);
    rig_queued(&rig, 3);
    assert_int_equal(lb_on_leave(&rig.lb, ghost.session, LB_FIN),
                     LB_LEFT_GHOST);
    rig_gauges(&rig, 3, 2); /* counts like a live one */
    lb_on_end(&rig.lb, first);
    struct lb_out o = rig_out(&rig, LB_GHOST, NO_INDEX);
    assert_int_equal(o.session, ghost.session);
    assert_int_equal(o.pod, 100);
    rig_quiet(&rig); /* holds the slot for its millisecond */
    rig_gauges(&rig, 2, 1);
    lb_on_end(&rig.lb, ghost.session);
    rig_out(&rig, LB_DISPATCH, 3);
    rig_gauges(&rig, 1, 0);
}

static void test_a_ghost_ends_silently_at_its_limit(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 0);
    rig_served(&rig, 1, 100);
    struct lb_dial ghost = rig_queued(&rig, 2);
    lb_on_leave(&rig.lb, ghost.session, LB_FIN);
    lb_on_queue_limit(&rig.lb, ghost.session, ghost.generation);
    rig_quiet(&rig);
    rig_gauges(&rig, 1, 0);
    assert_int_equal(rig.lb.backends[0].gauges.connection_errors, 1);
}

static void test_a_reset_or_an_empty_close_leaves_the_queue(void **state)
{
    (void)state;
    enum lb_how hows[] = {LB_RESET, LB_FIN_BARE};

    rig_pods(&rig, 1, 0);
    rig_served(&rig, 1, 100);
    for (int i = 0; i < 2; i++) {
        struct lb_dial d = rig_queued(&rig, 2);
        rig_gauges(&rig, 2, 1);
        assert_int_equal(lb_on_leave(&rig.lb, d.session, hows[i]),
                         LB_LEFT_FREED);
        rig_gauges(&rig, 1, 0);
    }
    rig_quiet(&rig);
    assert_int_equal(rig.lb.backends[0].gauges.connection_errors, 0);
}

static void test_abortonclose_knows_no_ghosts(void **state)
{
    (void)state;
    rig.backends[0].abortonclose = true;
    rig_pods(&rig, 1, 0);
    rig_served(&rig, 1, 100);
    struct lb_dial a = rig_queued(&rig, 2), b = rig_queued(&rig, 3);
    struct lb_dial c = rig_queued(&rig, 4);
    /* From the middle, the head and the tail of the queue. */
    assert_int_equal(lb_on_leave(&rig.lb, b.session, LB_FIN), LB_LEFT_FREED);
    rig_gauges(&rig, 3, 2);
    assert_int_equal(lb_on_leave(&rig.lb, a.session, LB_FIN), LB_LEFT_FREED);
    assert_int_equal(lb_on_leave(&rig.lb, c.session, LB_FIN), LB_LEFT_FREED);
    rig_gauges(&rig, 1, 0);
}

static void test_a_served_client_that_closes_waits_for_its_pod(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 0);
    uint32_t first = rig_served(&rig, 1, 100);
    rig_queued(&rig, 2);
    assert_int_equal(lb_on_leave(&rig.lb, first, LB_FIN), LB_LEFT_OPEN);
    rig_quiet(&rig);
    rig_gauges(&rig, 2, 1);
    lb_on_end(&rig.lb, first);
    struct lb_out o = rig_out(&rig, LB_DISPATCH, 2);
    assert_int_equal(lb_on_leave(&rig.lb, o.session, LB_RESET), LB_LEFT_FREED);
    rig_gauges(&rig, 0, 0);
}

static void test_backends_book_the_same_pod_twice(void **state)
{
    (void)state;
    uint32_t pods[] = {100, 101};
    struct lb_records a = {LB_RECORDS_OK, pods, 2};

    lb_on_answer(&rig.lb, 0, &a, 0);
    lb_on_answer(&rig.lb, 1, &a, 0);
    for (uint32_t backend = 0; backend < 2; backend++) {
        for (uint32_t client = 0; client < 2; client++) {
            struct lb_dial d = lb_on_dial(&rig.lb, backend, client, 0, 0.5);
            assert_int_equal(d.result, LB_DIAL_SERVED);
            assert_int_equal(d.pod, 100 + client);
        }
        assert_int_equal(lb_on_dial(&rig.lb, backend, 2, 0, 0.5).result,
                         LB_DIAL_QUEUED);
        assert_int_equal(lb_sessions(&rig.lb, backend), 3);
    }
}

static void test_ghosts_of_a_long_queue_outnumber_their_clients(void **state)
{
    (void)state;
    /* Measured: T 20, clients leave after G 3 and come back g 1 later, N 4,
     * M 2: sessions = 2 + 4 * 20 / (3 + 1) = 22.
     */
    struct lb_dial open[80];
    uint32_t n = 0;

    rig_pods(&rig, 2, 0);
    rig_served(&rig, 90, 100);
    rig_served(&rig, 91, 101);
    for (int second = 0; second < 80; second++) {
        if (second >= 20) /* one entry a second; the bound of the oldest */
            lb_on_queue_limit(&rig.lb, open[n - 20].session,
                              open[n - 20].generation);
        if (n >= 3)
            lb_on_leave(&rig.lb, open[n - 3].session, LB_FIN);
        open[n++] = rig_queued(&rig, (uint32_t)second % 4);
        if (second >= 20)
            rig_gauges(&rig, 22, 20);
    }
    rig_quiet(&rig); /* every entry that ended was a ghost */
}

static void test_restart_cuts_all_and_forgets_all(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 0);
    rig_served(&rig, 1, 100);
    rig_queued(&rig, 2);
    struct lb_dial ghost = rig_queued(&rig, 3);
    lb_on_leave(&rig.lb, ghost.session, LB_FIN);
    lb_on_restart(&rig.lb);
    assert_int_equal(rig_out(&rig, LB_CUT, 1).pod, 100);
    rig_out(&rig, LB_CLOSE, 2);
    rig_quiet(&rig);
    assert_int_equal(rig_dial(&rig, 1).result, LB_DIAL_REFUSED);
    const struct lb_gauges *g = &rig.lb.backends[0].gauges;
    assert_int_equal(g->sessions + g->max_sessions + g->max_queue, 0);
    assert_int_equal(g->sessions_total + g->connection_errors, 0);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 0);
    lb_on_queue_limit(&rig.lb, ghost.session, ghost.generation);
    lb_on_listen(&rig.lb);
    assert_int_equal(rig_dial(&rig, 1).result, LB_DIAL_CLOSED);
    rig_pods(&rig, 1, US_PER_S);
    rig_served(&rig, 1, 100); /* "free", whatever still runs there */
    rig_gauges(&rig, 1, 0);
}

static void test_soft_stop_refuses_the_new_and_keeps_the_old(void **state)
{
    (void)state;
    rig_pods(&rig, 1, 0);
    uint32_t first = rig_served(&rig, 1, 100);
    rig_queued(&rig, 2);
    lb_on_stop(&rig.lb);
    assert_int_equal(rig_dial(&rig, 3).result, LB_DIAL_REFUSED);
    rig_gauges(&rig, 2, 1);
    lb_on_end(&rig.lb, first);
    rig_out(&rig, LB_DISPATCH, 2);
}

/* The old process serves its queue, the new one knows of no session. */
static void test_a_process_that_is_replaced_goes_on(void **state)
{
    (void)state;
    struct lb old;
    rig_pods(&rig, 1, 0);
    uint32_t served = rig_served(&rig, 1, 100);
    struct lb_dial queued = rig_queued(&rig, 2);
    uint32_t highest = queued.generation;

    lb_on_reload(&rig.lb, &old);
    rig_gauges(&rig, 0, 0);
    assert_int_equal(rig_dial(&rig, 3).result, LB_DIAL_CLOSED);
    rig_pods(&rig, 1, US_PER_S);
    struct lb_dial again = rig_dial(&rig, 4);
    assert_int_equal(again.result, LB_DIAL_SERVED); /* the same pod */
    assert_int_equal(again.session, served);        /* but not the same */
    assert_true(again.generation > highest);
    assert_int_equal(lb_on_dial(&old, 0, 5, 0, 0.5).result, LB_DIAL_REFUSED);
    lb_on_end(&old, served);
    assert_int_equal(old.n_out, 1);
    assert_int_equal(old.out[0].kind, LB_DISPATCH);
    assert_int_equal(old.out[0].client, 2);
    rig_gauges(&rig, 1, 0);
    lb_free(&old);
}

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, start3, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RIG(test_without_a_usable_server_a_dial_is_closed_at_once),
        WITH_RIG(test_a_full_pool_queues_for_the_connect_timeout),
        cmocka_unit_test(test_timeout_queue_replaces_the_connect_timeout),
        WITH_RIG(test_a_freed_slot_goes_to_the_oldest_in_the_queue),
        WITH_RIG(test_a_limit_that_comes_late_is_ignored),
        WITH_RIG(test_a_client_that_leaves_the_queue_is_a_ghost),
        WITH_RIG(test_a_ghost_ends_silently_at_its_limit),
        WITH_RIG(test_a_reset_or_an_empty_close_leaves_the_queue),
        WITH_RIG(test_abortonclose_knows_no_ghosts),
        WITH_RIG(test_a_served_client_that_closes_waits_for_its_pod),
        WITH_RIG(test_backends_book_the_same_pod_twice),
        WITH_RIG(test_ghosts_of_a_long_queue_outnumber_their_clients),
        WITH_RIG(test_restart_cuts_all_and_forgets_all),
        WITH_RIG(test_soft_stop_refuses_the_new_and_keeps_the_old),
        WITH_RIG(test_a_process_that_is_replaced_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

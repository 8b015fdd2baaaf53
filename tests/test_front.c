/* Clients and balancer together, on a small event loop. */
#include "models/client.h"
#include "sim/engine/fel.h"
#include "sim/engine/random.h"
#include "sim/engine/tally.h"
#include "tests/lb_rig.h"

enum { MAX_CLIENTS = 64, BUSY = 1000 };

enum kind { EV_DIAL, EV_HOLD, EV_LIMIT, EV_WORK, EV_GHOST, EV_FREE };

static struct front {
    struct rig rig;
    struct client_params params;
    struct random_world world;
    struct client clients[MAX_CLIENTS];
    uint32_t session[MAX_CLIENTS];
    sim_us work_us[MAX_CLIENTS], end_us[MAX_CLIENTS];
    struct fel *fel;
    struct level sessions;
    sim_us now_us;
} f;

static void plan(sim_us at_us, enum kind kind, uint32_t entity,
                 uint32_t generation)
{
    fel_push(f.fel, (struct event){at_us, (uint16_t)kind, entity, generation});
}

static void obey(uint32_t i, struct client_todo t)
{
    uint32_t generation = f.clients[i].generation;

    if (t.leave)
        lb_on_leave(&f.rig.lb, f.session[i], LB_FIN);
    if (t.what == CLIENT_DO_DIAL)
        plan(t.at_us, EV_DIAL, i, generation);
    else if (t.what == CLIENT_DO_HOLD)
        plan(t.at_us, EV_HOLD, i, generation);
    else if (t.what == CLIENT_DO_WORK)
        plan(t.at_us, EV_WORK, i, generation);
    else if (t.what == CLIENT_DO_END)
        f.end_us[i] = t.at_us;
}

static double gap_u(uint32_t i)
{
    return random_u01(&f.world, 1, i, f.clients[i].dials);
}

static void drain(void)
{
    for (size_t n = 0; n < f.rig.lb.n_out; n++) {
        struct lb_out o = f.rig.lb.out[n];
        if (o.kind == LB_GHOST)
            plan(f.now_us + US_PER_MS, EV_GHOST, o.session, 0);
        else if (o.kind == LB_DISPATCH)
            obey(o.client, client_on_connected(&f.clients[o.client], f.now_us));
        else if (o.kind == LB_CLOSE)
            obey(o.client, client_on_closed(&f.clients[o.client], f.now_us,
                                            gap_u(o.client)));
    }
    f.rig.lb.n_out = 0;
    level_set(&f.sessions, f.now_us, lb_sessions(&f.rig.lb, 0));
}

static void dial(uint32_t i)
{
    struct client_todo hold = client_on_dial(&f.clients[i], f.now_us);
    struct lb_dial d = lb_on_dial(&f.rig.lb, 0, i, f.now_us, 0.5);

    f.session[i] = d.session;
    if (d.result == LB_DIAL_SERVED) {
        obey(i, client_on_connected(&f.clients[i], f.now_us));
    } else if (d.result == LB_DIAL_QUEUED) {
        obey(i, hold);
        plan(d.limit_us, EV_LIMIT, d.session, d.generation);
    } else {
        obey(i, client_on_closed(&f.clients[i], f.now_us, gap_u(i)));
    }
}

/* Client i works, or has worked. */
static void work(uint32_t i)
{
    struct client *c = &f.clients[i];

    if (c->state == CLIENT_CONNECTED) {
        client_on_work(c, f.now_us);
        plan(f.now_us + f.work_us[i], EV_WORK, i, c->generation);
        return;
    }
    lb_on_end(&f.rig.lb, f.session[i]);
    obey(i, client_on_build_end(c, f.now_us, CLIENT_BUILD_OK, 0.5));
}

static void on_client(const struct event *e)
{
    if (e->generation != f.clients[e->entity].generation)
        return;
    if (e->kind == EV_DIAL)
        dial(e->entity);
    else if (e->kind == EV_WORK)
        work(e->entity);
    else
        obey(e->entity, client_on_deadline(&f.clients[e->entity], f.now_us,
                                           gap_u(e->entity)));
}

static void run_until(sim_us until_us)
{
    struct event e;

    while (fel_next_us(f.fel) <= until_us && fel_pop(f.fel, &e)) {
        f.now_us = e.at_us;
        if (e.kind == EV_LIMIT)
            lb_on_queue_limit(&f.rig.lb, e.entity, e.generation);
        else if (e.kind == EV_GHOST || e.kind == EV_FREE)
            lb_on_end(&f.rig.lb, e.entity);
        else
            on_client(&e);
        drain();
    }
    f.now_us = until_us;
}

static void add_client(uint32_t i, sim_us asked_us, sim_us work_us)
{
    f.work_us[i] = work_us;
    f.end_us[i] = SIM_NEVER;
    obey(i, client_on_start(&f.clients[i], &f.params, asked_us));
}

/* n_pods servers, each busy for good until EV_FREE of its session (0 ...). */
static void start(uint32_t n_pods, sim_us queue_us)
{
    memset(&f, 0, sizeof(f));
    f.world.seed = 7;
    client_defaults(&f.params, CLIENT_BUILDX);
    rig_prepare(&f.rig, 40);
    f.rig.backends[0].queue_us = queue_us;
    rig_start(&f.rig);
    rig_pods(&f.rig, n_pods, 0);
    f.fel = fel_new();
    for (uint32_t i = 0; i < n_pods; i++)
        rig_served(&f.rig, BUSY, 100 + i);
    level_start(&f.sessions, 0, n_pods);
}

static void stop(void)
{
    lb_free(&f.rig.lb);
    fel_free(f.fel);
}

static void test_one_waiting_client_shows_for_25_s_of_40(void **state)
{
    (void)state;
    start(1, 0);
    f.params.attempts = 1;
    add_client(0, 0, US_PER_S);
    run_until(4 * US_PER_S);
    assert_int_equal(lb_sessions(&f.rig.lb, 0), 2);
    run_until(5500 * US_PER_MS);
    assert_int_equal(lb_sessions(&f.rig.lb, 0), 1); /* the 1 s gap */
    run_until(24900 * US_PER_MS);
    run_until(25100 * US_PER_MS);
    assert_int_equal(f.end_us[0], 25050 * US_PER_MS);
    assert_int_equal(lb_sessions(&f.rig.lb, 0), 2); /* its ghost */
    run_until(30 * US_PER_S);
    assert_int_equal(lb_sessions(&f.rig.lb, 0), 1);
    stop();
}

static void test_a_long_queue_limit_leaves_two_ghosts(void **state)
{
    (void)state;
    start(1, 60 * US_PER_S);
    f.params.attempts = 1;
    add_client(0, 0, US_PER_S);
    run_until(59 * US_PER_S);
    assert_int_equal(f.end_us[0], 40050 * US_PER_MS);
    assert_int_equal(lb_sessions(&f.rig.lb, 0), 3); /* until 60 and 81 s */
    run_until(70 * US_PER_S);
    assert_int_equal(lb_sessions(&f.rig.lb, 0), 2);
    run_until(82 * US_PER_S);
    assert_int_equal(lb_sessions(&f.rig.lb, 0), 1);
    stop();
}

static void test_a_waiting_client_counts_for_0_55_to_0_62(void **state)
{
    (void)state;
    start(2, 0);
    for (uint32_t i = 0; i < MAX_CLIENTS; i++)
        add_client(i, (sim_us)(40e6 * random_u01(&f.world, 2, i, 0)), 0);
    run_until(400 * US_PER_S);
    level_start(&f.sessions, f.now_us, lb_sessions(&f.rig.lb, 0));
    run_until(3600 * US_PER_S);
    double frac =
        (level_mean(&f.sessions, f.now_us) - 2.0) / (double)MAX_CLIENTS;
    /* The last ghost of a cycle is in it: 0.03 at most. */
    assert_true(frac >= 0.55 && frac <= 0.65);
    stop();
}

static void
test_a_burst_in_lockstep_is_seen_whole_and_then_not_at_all(void **state)
{
    (void)state;
    start(2, 0);
    for (uint32_t i = 0; i < 20; i++)
        add_client(i, 0, 0);
    run_until(4 * US_PER_S);
    assert_int_equal(lb_sessions(&f.rig.lb, 0), 22);
    run_until(10 * US_PER_S);
    assert_int_equal(lb_sessions(&f.rig.lb, 0), 22);
    run_until(35 * US_PER_S); /* all sleep */
    assert_int_equal(lb_sessions(&f.rig.lb, 0), 2);
    run_until(41 * US_PER_S);
    assert_int_equal(lb_sessions(&f.rig.lb, 0), 22);
    stop();
}

static void
test_a_slot_that_frees_while_all_sleep_waits_for_a_dial(void **state)
{
    (void)state;
    start(1, 0);
    add_client(0, 0, 100 * US_PER_S);
    plan(31 * US_PER_S, EV_FREE, 0, 0);
    run_until(200 * US_PER_S);
    /* Redials at 40.2, connects 0.05 later, works 100 s. */
    assert_int_equal(f.end_us[0], 140250 * US_PER_MS);
    assert_int_equal(f.clients[0].outcome, CLIENT_DONE);
    assert_int_equal(f.clients[0].attempt, 2);
    assert_int_equal(lb_sessions(&f.rig.lb, 0), 0);
    stop();
}

static void test_a_ghost_burns_a_slot_for_a_millisecond(void **state)
{
    (void)state;
    start(1, 0);
    f.params.attempts = 1;
    add_client(0, 0, 0); /* its last dial leaves at 25.0 */
    f.params.attempts = 360;
    run_until(24900 * US_PER_MS);
    add_client(1, 24950 * US_PER_MS, 10 * US_PER_S);
    plan(25100 * US_PER_MS, EV_FREE, 0, 0);
    run_until(25100 * US_PER_MS);
    assert_int_equal(f.clients[1].state, CLIENT_PROBING);
    run_until(60 * US_PER_S);
    /* 25.1 + 0.001 + 0.05 + 10 */
    assert_int_equal(f.end_us[1], 35151 * US_PER_MS);
    stop();
}

static void test_everybody_is_served_once_when_slots_free(void **state)
{
    (void)state;
    start(4, 0);
    for (uint32_t i = 0; i < MAX_CLIENTS; i++)
        add_client(i, 0, 30 * US_PER_S);
    for (uint32_t i = 0; i < 4; i++)
        plan((10 + i) * US_PER_S, EV_FREE, i, 0);
    run_until(3 * US_PER_H);
    for (uint32_t i = 0; i < MAX_CLIENTS; i++) {
        assert_int_equal(f.clients[i].state, CLIENT_ENDED);
        assert_int_equal(f.clients[i].outcome, CLIENT_DONE);
    }
    assert_int_equal(lb_sessions(&f.rig.lb, 0), 0);
    assert_int_equal(fel_length(f.fel), 0);
    stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_waiting_client_shows_for_25_s_of_40),
        cmocka_unit_test(test_a_long_queue_limit_leaves_two_ghosts),
        cmocka_unit_test(test_a_waiting_client_counts_for_0_55_to_0_62),
        cmocka_unit_test(
            test_a_burst_in_lockstep_is_seen_whole_and_then_not_at_all),
        cmocka_unit_test(
            test_a_slot_that_frees_while_all_sleep_waits_for_a_dial),
        cmocka_unit_test(test_a_ghost_burns_a_slot_for_a_millisecond),
        cmocka_unit_test(test_everybody_is_served_once_when_slots_free),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

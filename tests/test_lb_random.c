/* Random operations, and what must hold after each of them. */
#include "sim/engine/random.h"
#include "tests/lb_rig.h"

enum { N_SLOTS = 5, N_PODS = 9, N_STEPS = 30000 };

static struct rig rig;
static struct random_world world;
static uint64_t n_draws;
static sim_us now_us;

static uint32_t below(uint32_t n)
{
    return (uint32_t)(n * random_u01(&world, 0, 0, n_draws++));
}

/* Sessions of backend 0 in a state; with a slot, those that count in it. */
static uint32_t count(enum lb_session_state state, uint32_t slot)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < rig.lb.sessions.n; i++) {
        const struct lb_session *s = &rig.lb.sessions.at[i];
        n += s->state == state &&
             (slot == NO_INDEX || (s->slot == slot && s->reserved));
    }
    return n;
}

static uint32_t length(const struct lb_slots *s, uint32_t load)
{
    uint32_t n = 0, before = NO_INDEX;

    for (uint32_t i = s->idle[load].head; i != NO_INDEX; i = s->slots[i].next) {
        assert_true(s->slots[i].idle && s->slots[i].served == load);
        assert_int_equal(s->slots[i].prev, before);
        assert_int_equal(s->idle[load].members[s->slots[i].rank], i);
        before = i;
        n++;
    }
    assert_int_equal(before, s->idle[load].tail);
    assert_int_equal(n, s->idle[load].n);
    return n;
}

static void check_slots(bool fixed)
{
    const struct lb_slots *s = &rig.lb.backends[0].slots;
    uint32_t n_up = 0, n_placed = 0, n_idle = 0, n_listed = 0;

    for (uint32_t i = 0; i < s->n; i++) {
        const struct lb_slot *t = &s->slots[i];
        bool room = t->up && t->served < s->maxconn;
        n_up += t->up;
        n_placed += t->pod != NO_INDEX;
        n_idle += room;
        assert_true(t->pod != NO_INDEX || !t->up);
        assert_int_equal(t->idle, room);
        assert_int_equal(t->served,
                         count(LB_OPEN, i) + count(LB_CONNECTING, i));
        assert_true(t->pod == NO_INDEX || lb_slots_find(s, t->pod) == i);
    }
    for (uint32_t load = 0; load < s->maxconn; load++)
        n_listed += length(s, load);
    assert_int_equal(n_listed, n_idle);
    assert_int_equal(n_up, s->n_up);
    assert_int_equal(n_placed, s->n_placed);
    if (fixed && n_idle > 0)
        assert_int_equal(lb_queue(&rig.lb, 0), 0); /* nobody waits for it */
}

static void check_all(bool fixed)
{
    uint32_t queued = count(LB_QUEUED, NO_INDEX);
    uint32_t seated = count(LB_OPEN, NO_INDEX) + count(LB_CONNECTING, NO_INDEX);

    rig_gauges(&rig, queued + seated, queued);
    check_slots(fixed);
}

static void random_answer(void)
{
    uint32_t pods[N_PODS], n = 0;

    for (uint32_t i = 0; i < N_PODS; i++)
        if (below(3) > 0)
            pods[n++] = i;
    sim_us hold_us = rig_answer(&rig, LB_RECORDS_OK, pods, n, now_us);
    if (hold_us != SIM_NEVER && below(2) == 0)
        lb_on_hold(&rig.lb, 0, hold_us);
}

static void random_session(void)
{
    if (rig.lb.sessions.n == 0)
        return;
    uint32_t i = below((uint32_t)rig.lb.sessions.n);
    const struct lb_session *s = &rig.lb.sessions.at[i];
    uint32_t act = below(4);

    if (s->state == LB_FREE)
        return;
    if (act == 0 && s->client != NO_INDEX)
        lb_on_leave(&rig.lb, i, (enum lb_how)below(3));
    else if (s->state == LB_QUEUED)
        lb_on_queue_limit(&rig.lb, i, s->generation);
    else if (act == 1)
        lb_on_connect_failed(&rig.lb, i, LB_CONNECT_REFUSED, now_us,
                             random_u01(&world, 0, 0, n_draws++));
    else if (act == 2)
        lb_on_connected(&rig.lb, i);
    else
        lb_on_end(&rig.lb, i);
}

static void random_check(void)
{
    lb_on_port(&rig.lb, 0, below(N_PODS), (enum lb_port)below(3), now_us);
    for (size_t i = 0; i < rig.lb.n_out; i++) {
        struct lb_out o = rig.lb.out[i];
        if (o.kind != LB_CHECK || below(2) == 0)
            continue;
        now_us = o.at_us > now_us ? o.at_us : now_us;
        lb_on_check(&rig.lb, 0, o.slot, o.generation, now_us);
    }
}

static void step(void)
{
    uint32_t what = below(200);

    now_us += below(3000) * US_PER_MS;
    if (what == 0) {
        lb_on_restart(&rig.lb);
        lb_on_listen(&rig.lb);
    } else if (what < 20) {
        random_answer();
    } else if (what < 40) {
        random_check();
    } else if (what < 120) {
        lb_on_dial(&rig.lb, 0, what, now_us,
                   random_u01(&world, 0, 0, n_draws++));
    } else {
        random_session();
    }
    rig.lb.n_out = 0;
}

static void run(enum lb_version version, uint32_t maxconn, bool redispatch)
{
    bool fixed = version != LB_2_6 && version != LB_3_1_0;

    rig_prepare(&rig, N_SLOTS);
    rig.params.version = version;
    rig.backends[0].maxconn = maxconn;
    rig.backends[0].redispatch = redispatch;
    rig_start(&rig);
    now_us = 0;
    for (int i = 0; i < N_STEPS; i++) {
        step();
        check_all(fixed);
    }
    lb_free(&rig.lb);
}

static void test_books_balance_with_one_session_a_server(void **state)
{
    (void)state;
    run(LB_3_1, 1, false);
    run(LB_3_2, 1, true);
}

static void test_books_balance_with_several_sessions_a_server(void **state)
{
    (void)state;
    run(LB_3_0, 3, false);
    run(LB_3_2, 2, false);
}

static void test_books_balance_in_versions_that_overfill(void **state)
{
    (void)state;
    run(LB_2_6, 1, true);
    run(LB_3_1_0, 2, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_books_balance_with_one_session_a_server),
        cmocka_unit_test(test_books_balance_with_several_sessions_a_server),
        cmocka_unit_test(test_books_balance_in_versions_that_overfill),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

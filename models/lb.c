#include "models/lb.h"

#include "models/lb_service.h"

#include <assert.h>

static uint32_t pick(const struct lb *lb, const struct lb_backend *b, double u)
{
    return lb_slots_pick(&b->slots, lb->p->version == LB_3_2, u);
}

static void seat(struct lb_backend *b, struct lb_session *s, uint32_t slot)
{
    s->state = LB_OPEN;
    s->reserved = true;
    s->slot = slot;
    s->pod = b->slots.slots[slot].pod;
    lb_slots_take(&b->slots, slot);
}

static void raise(uint32_t *mark, uint32_t value)
{
    if (value > *mark)
        *mark = value;
}

/* A newcomer for whom a server is usable, busy or not. */
static struct lb_dial admit(struct lb *lb, uint32_t backend, uint32_t client,
                            sim_us now_us, uint32_t slot)
{
    struct lb_backend *b = &lb->backends[backend];
    uint32_t session = lb_sessions_new(&lb->sessions);
    struct lb_session *s = &lb->sessions.at[session];

    s->backend = backend;
    s->client = client;
    b->gauges.sessions++;
    if (slot != NO_INDEX) {
        seat(b, s, slot);
        return (struct lb_dial){LB_DIAL_SERVED, session, s->generation, s->pod,
                                SIM_NEVER};
    }
    s->state = LB_QUEUED;
    lb_queue_push(&b->queue, &lb->sessions, session);
    raise(&b->gauges.max_queue, b->queue.n);
    return (struct lb_dial){LB_DIAL_QUEUED, session, s->generation, NO_INDEX,
                            now_us + lb_queue_limit_us(b->p)};
}

struct lb_dial lb_on_dial(struct lb *lb, uint32_t backend, uint32_t client,
                          sim_us now_us, double u)
{
    assert(backend < lb->p->n_backends && client != NO_INDEX);
    struct lb_backend *b = &lb->backends[backend];
    struct lb_dial none = {LB_DIAL_REFUSED, NO_INDEX, 0, NO_INDEX, SIM_NEVER};

    if (!lb->listening)
        return none;
    b->gauges.sessions_total++;
    raise(&b->gauges.max_sessions, b->gauges.sessions + 1);
    if (b->slots.n_up == 0) {
        b->gauges.connection_errors++;
        none.result = LB_DIAL_CLOSED;
        return none;
    }
    return admit(lb, backend, client, now_us, pick(lb, b, u));
}

void lb_on_idle_dials(struct lb *lb, uint32_t backend, uint64_t n)
{
    struct lb_gauges *g = &lb->backends[backend].gauges;

    if (!lb->listening)
        return;
    g->sessions_total += n;
    g->connection_errors += n;
}

static void unqueue(struct lb *lb, uint32_t session)
{
    struct lb_backend *b = &lb->backends[lb->sessions.at[session].backend];

    lb_queue_remove(&b->queue, &lb->sessions, session);
}

void lb_on_queue_limit(struct lb *lb, uint32_t session, uint32_t generation)
{
    assert(session < lb->sessions.n);
    const struct lb_session *s = &lb->sessions.at[session];

    if (s->state != LB_QUEUED || s->generation != generation)
        return;
    lb->backends[s->backend].gauges.connection_errors++;
    unqueue(lb, session);
    lb_close(lb, session, LB_CLOSE);
}

/* The place of a session in its slot is free for the queue. */
static void vacate(struct lb *lb, const struct lb_session *s)
{
    uint32_t backend = s->backend, slot = s->slot;

    if (s->reserved)
        lb_slots_release(&lb->backends[backend].slots, slot);
    lb_serve(lb, backend, slot);
}

void lb_on_end(struct lb *lb, uint32_t session)
{
    assert(session < lb->sessions.n);
    struct lb_session s = lb->sessions.at[session];

    assert(s.state == LB_OPEN || s.state == LB_CONNECTING);
    lb_forget(lb, session);
    vacate(lb, &s);
}

enum lb_left lb_on_leave(struct lb *lb, uint32_t session, enum lb_how how)
{
    assert(session < lb->sessions.n);
    struct lb_session *s = &lb->sessions.at[session];
    const struct lb_backend_params *p = lb->backends[s->backend].p;
    bool noticed = how != LB_FIN || p->abortonclose;

    assert(s->state != LB_FREE && s->client != NO_INDEX);
    s->client = NO_INDEX;
    if (s->state == LB_OPEN && how != LB_RESET)
        return LB_LEFT_OPEN;
    if (s->state != LB_OPEN && !noticed)
        return LB_LEFT_GHOST;
    if (s->state != LB_QUEUED) {
        lb_on_end(lb, session);
        return LB_LEFT_FREED;
    }
    unqueue(lb, session);
    lb_forget(lb, session);
    return LB_LEFT_FREED;
}

/* With redispatch a failed connect goes to another idle server; false if
 * there is none.
 */
static bool move(struct lb *lb, uint32_t session, double u)
{
    struct lb_session *s = &lb->sessions.at[session];
    struct lb_backend *b = &lb->backends[s->backend];
    uint32_t slot = pick(lb, b, u);

    if (slot == NO_INDEX || slot == s->slot)
        return false;
    struct lb_session before = *s;
    seat(b, s, slot);
    vacate(lb, &before);
    return true;
}

/* No connect is left. */
static sim_us give_up(struct lb *lb, uint32_t session)
{
    struct lb_session s = lb->sessions.at[session];

    lb->backends[s.backend].gauges.connection_errors++;
    lb_close(lb, session, LB_CLOSE);
    vacate(lb, &s);
    return SIM_NEVER;
}

sim_us lb_on_connect_failed(struct lb *lb, uint32_t session,
                            enum lb_connect how, sim_us now_us, double u)
{
    assert(session < lb->sessions.n);
    struct lb_session *s = &lb->sessions.at[session];
    struct lb_backend *b = &lb->backends[s->backend];
    sim_us pause_us = US_PER_S < b->p->connect_us ? US_PER_S : b->p->connect_us;

    assert(s->state == LB_OPEN || s->state == LB_CONNECTING);
    s->state = LB_CONNECTING;
    if (++s->failed > b->p->retries)
        return give_up(lb, session);
    if (b->p->redispatch) {
        if (move(lb, session, u))
            return now_us;
        /* The rest burns on the dead server within a millisecond. */
        b->gauges.retry_warnings += b->p->retries - s->failed + 1;
        return give_up(lb, session);
    }
    b->gauges.retry_warnings++;
    return how == LB_CONNECT_REFUSED ? now_us + pause_us : now_us;
}

bool lb_on_connected(struct lb *lb, uint32_t session)
{
    assert(session < lb->sessions.n);
    struct lb_session *s = &lb->sessions.at[session];

    assert(s->state == LB_OPEN || s->state == LB_CONNECTING);
    s->state = LB_OPEN;
    return s->client != NO_INDEX;
}

uint32_t lb_active_servers(const struct lb *lb, uint32_t backend)
{
    return lb->backends[backend].slots.n_up;
}

/* system_session.c - the balancer's side: sessions, and the pods they are
 * connected to.
 */
#include "models/system_parts.h"

/* The balancer's 1 ms for a client that is no longer there. */
enum { GHOST_US = 1000 };

/* The session is gone; a build survives it in a process that is replaced. */
static void lose_session(struct system *s, uint32_t build)
{
    struct sys_build *b = &s->builds[build];

    if (!s->reloading || b->pod == NO_INDEX) {
        sys_closed(s, build, NOTE_CLOSED);
        return;
    }
    b->session = NO_INDEX;
    b->on_old = true;
}

void sys_on_old_end(struct system *s)
{
    for (uint32_t i = 0; i < s->next_build; i++)
        if (s->builds[i].on_old && s->builds[i].pod != NO_INDEX)
            sys_closed(s, i, NOTE_CLOSED);
}

static void repeat_connect(struct system *s, uint32_t session,
                           enum lb_connect how)
{
    const struct lb_session *at = &s->lb.sessions.at[session];
    uint32_t generation = at->generation;
    double u = at->client == NO_INDEX ? 0.5 : sys_choice_u(s, at->client);
    sim_us again_us = lb_on_connect_failed(&s->lb, session, how, s->now_us, u);

    if (again_us != SIM_NEVER)
        sys_plan(s, again_us, EV_LB_CONNECT, session, generation);
}

/* A pod on a lost node does not even refuse: a connect takes its full time. */
static void connect_failed(struct system *s, uint32_t session,
                           const struct sys_pod *p)
{
    const struct lb_session *at = &s->lb.sessions.at[session];

    if (at->client != NO_INDEX)
        sys_note(s, NOTE_SILENT, p->pool, at->client, at->pod);
    if (s->nodes[p->node].lost)
        sys_plan(s, s->now_us + s->p->lb.backends[at->backend].connect_us,
                 EV_LB_SILENT, session, at->generation);
    else
        repeat_connect(s, session, LB_CONNECT_REFUSED);
}

/* The balancer connects the session to its pod, which may be dead by now. */
void sys_connect_pod(struct system *s, uint32_t session, uint32_t pod)
{
    struct lb_session *at = &s->lb.sessions.at[session];
    const struct sys_pod *p = &s->pods[pod];
    uint32_t client = at->client;

    if (p->phase != POD_RUNNING || s->nodes[p->node].lost) {
        connect_failed(s, session, p);
        return;
    }
    if (at->state == LB_CONNECTING && !lb_on_connected(&s->lb, session)) {
        sys_plan(s, s->now_us + GHOST_US, EV_GHOST, session, at->generation);
        return;
    }
    if (client == NO_INDEX)
        return;
    sys_attach(s, client, pod);
    sys_obey(s, client,
             client_on_connected(&s->builds[client].client, s->now_us));
}

/* Everything the balancer wants done; acting may make it want more. */
void sys_obey_lb(struct system *s, uint32_t backend)
{
    for (size_t i = 0; i < s->lb.n_out; i++) {
        struct lb_out o = s->lb.out[i];
        switch (o.kind) {
        case LB_DISPATCH:
            sys_connect_pod(s, o.session, o.pod);
            break;
        case LB_GHOST:
            sys_plan(s, s->now_us + GHOST_US, EV_GHOST, o.session,
                     s->lb.sessions.at[o.session].generation);
            break;
        case LB_CLOSE:
        case LB_CUT:
            if (o.client != NO_INDEX)
                lose_session(s, o.client);
            break;
        case LB_CHECK:
            sys_plan(s, o.at_us, EV_LB_CHECK, o.backend << SLOT_BITS | o.slot,
                     o.generation);
            break;
        }
    }
    s->lb.n_out = 0;
    sys_gauges(s, backend);
}

void sys_on_session(struct system *s, enum event_kind kind, uint32_t session,
                    uint32_t generation)
{
    const struct lb_session *at = &s->lb.sessions.at[session];

    if (at->generation != generation || at->state == LB_FREE)
        return;
    uint32_t backend = at->backend;
    if (kind == EV_LB_LIMIT)
        lb_on_queue_limit(&s->lb, session, generation);
    else if (kind == EV_LB_CONNECT)
        sys_connect_pod(s, session, at->pod);
    else if (kind == EV_LB_SILENT)
        repeat_connect(s, session, LB_CONNECT_SILENT);
    else
        lb_on_end(&s->lb, session);
    sys_obey_lb(s, backend);
}

/* system_client.c - builds on their way through the balancer. */
#include "models/system_parts.h"

#include <assert.h>

static bool fault_on(const struct system *s, enum fault_kind kind,
                     uint32_t pool)
{
    const struct fault *f;

    return sys_fault(s, kind, pool, &f);
}

/* ------------------------------------------------------------ connections */

void sys_attach(struct system *s, uint32_t build, uint32_t pod)
{
    struct sys_build *b = sys_build(s, build);
    struct sys_pod *p = sys_pod(s, pod);
    struct build_result *r = &s->results[build];
    struct pool_state *state = &s->pools[b->pool].state;

    assert(b->pod == NO_INDEX);
    b->pod = pod;
    b->was_cut = b->pod_killed = false;
    b->next_on_pod = p->first_build;
    p->first_build = build;
    if (p->n_builds++ == 0 && p->ready && !p->terminating)
        sys_idle(s, p->pool, -1);
    r->served_us = s->now_us;
    r->waited_us += s->now_us - b->waits_since_us;
    r->pod = pod;
    r->node = p->node;
    r->cold = p->n_served == 0;
    sys_count(s, b->pool, &state->waiting, -1);
    sys_count(s, b->pool, &state->running, +1);
    sys_note(s, NOTE_SERVED, b->pool, build, pod);
}

void sys_detach(struct system *s, uint32_t build)
{
    struct sys_build *b = sys_build(s, build);

    if (b->pod == NO_INDEX)
        return;
    struct sys_pod *p = sys_pod(s, b->pod);
    uint32_t *at = &p->first_build;
    while (*at != build)
        at = &sys_build(s, *at)->next_on_pod;
    *at = b->next_on_pod;
    p->n_builds--;
    uint32_t pod = b->pod;
    b->pod = NO_INDEX;
    sys_stop_work(s, build, pod);
    b->waits_since_us = s->now_us;
    sys_count(s, b->pool, &s->pools[b->pool].state.running, -1);
    sys_count(s, b->pool, &s->pools[b->pool].state.waiting, +1);
    if (p->n_builds == 0) {
        if (p->ready && !p->terminating)
            sys_idle(s, p->pool, +1);
        sys_pod_idle(s, pod);
    }
}

/* The client closes its open dial or session. */
static void leave(struct system *s, uint32_t build)
{
    struct sys_build *b = sys_build(s, build);
    uint32_t session = b->session;

    sys_note(s, NOTE_HUNG_UP, b->pool, build, b->client.attempt);
    sys_detach(s, build);
    if (session == NO_INDEX)
        return;
    b->session = NO_INDEX;
    struct lb *lb = sys_lb(s, build);
    if (lb_on_leave(lb, session, LB_FIN) == LB_LEFT_OPEN)
        sys_half_closed(s, lb, session);
}

/* ------------------------------------------------------------ the client */

/* A client that the scenario forbids to try again ends with its attempt. */
static bool gives_up(const struct system *s, uint32_t build)
{
    const struct sys_build *b = sys_build(s, build);

    return b->client.fresh && b->client.attempt > 0 &&
           fault_on(s, FAULT_NO_RETRY, b->pool);
}

void sys_obey(struct system *s, uint32_t build, struct client_todo todo)
{
    struct sys_build *b = sys_build(s, build);
    uint32_t generation = b->client.generation;

    if (todo.leave)
        leave(s, build);
    switch (todo.what) {
    case CLIENT_DO_DIAL:
        if (gives_up(s, build)) {
            sys_obey(s, build,
                     client_on_kill(&b->client, s->now_us, CLIENT_GAVE_UP));
            return;
        }
        if (sys_retry_sleeps(s, build, todo.at_us))
            return;
        b->dial_planned_us = s->now_us;
        sys_plan(s, todo.at_us, EV_DIAL, build, generation);
        break;
    case CLIENT_DO_HOLD:
        if (todo.at_us != SIM_NEVER)
            sys_plan(s, todo.at_us, EV_HOLD, build, generation);
        break;
    case CLIENT_DO_WORK:
        sys_plan(s, todo.at_us, EV_WORK, build, generation);
        break;
    case CLIENT_DO_RUN:
        break;
    case CLIENT_DO_END:
        sys_end_job(s, build);
        break;
    }
}

/* A number for the client's next choice; one a dial. */
static double gap_u(const struct system *s, uint32_t build)
{
    const struct client *c = &sys_build(s, build)->client;

    return sys_u(s, DRAW_GAP, build, 2 * (uint64_t)c->dials + c->waited);
}

/* Only from 3.2 on does the balancer choose by chance. */
double sys_choice_u(const struct system *s, uint32_t client)
{
    if (s->p->lb.version < LB_3_2)
        return 0.5;
    return sys_u(s, DRAW_LB_CHOICE, client, sys_build(s, client)->client.dials);
}

void sys_closed(struct system *s, uint32_t build, enum note_kind how)
{
    struct sys_build *b = sys_build(s, build);

    b->session = NO_INDEX;
    sys_detach(s, build);
    sys_note(s, how, b->pool, build, b->client.attempt);
    if (b->client.state == CLIENT_BUILDING) {
        b->was_cut = true;
        if (b->pod_killed)
            s->pools[b->pool].result.kills++;
        else
            s->pools[b->pool].result.cuts++;
    }
    sys_obey(s, build,
             client_on_closed(&b->client, s->now_us, gap_u(s, build)));
}

static void dial(struct system *s, uint32_t build)
{
    struct sys_build *b = sys_build(s, build);
    if (b->retry != 0) {
        sys_on_last_dial(s, build);
        return;
    }
    struct client_todo hold = client_on_dial(&b->client, s->now_us);

    if (s->results[build].first_dial_us == SIM_NEVER)
        s->results[build].first_dial_us = s->now_us;
    struct lb_dial d = lb_on_dial(&s->lb, b->backend, build, s->now_us,
                                  sys_choice_u(s, build));
    sys_note(s, NOTE_DIAL, b->pool, build, b->client.attempt);
    if (d.result == LB_DIAL_CLOSED || d.result == LB_DIAL_REFUSED) {
        sys_closed(s, build,
                   d.result == LB_DIAL_CLOSED ? NOTE_TURNED_AWAY
                                              : NOTE_REFUSED);
        return;
    }
    b->session = d.session;
    b->process = s->process;
    if (d.result == LB_DIAL_SERVED) {
        sys_obey(s, build, hold);
        sys_connect_pod(s, &s->lb, d.session);
        return;
    }
    sys_note(s, NOTE_QUEUED, b->pool, build, b->client.attempt);
    sys_plan(s, d.limit_us, EV_LB_LIMIT, d.session, d.generation);
    if (hold.at_us <= d.limit_us) /* else the balancer closes it before */
        sys_obey(s, build, hold);
}

/* ------------------------------------------------------------ losses */

void sys_lose_builds(struct system *s, uint32_t pod)
{
    while (sys_pod(s, pod)->first_build != NO_INDEX) {
        uint32_t build = sys_pod(s, pod)->first_build;
        struct sys_build *b = sys_build(s, build);
        uint32_t session = b->session, backend = b->backend;
        struct lb *lb = sys_lb(s, build);
        b->pod_killed = true;
        sys_closed(s, build, NOTE_LOST);
        if (session != NO_INDEX)
            lb_on_end(lb, session);
        sys_obey_lb(s, backend);
    }
    sys_release(s, pod, false);
    sys_obey_lb(s, s->pools[sys_pod(s, pod)->pool].p->backend);
}

/* ------------------------------------------------------------ events */

void sys_on_client(struct system *s, enum event_kind kind, uint32_t build,
                   uint32_t generation)
{
    if (!sys_is_open(s, build))
        return;
    struct sys_build *b = sys_build(s, build);
    uint32_t backend = b->backend;

    if (generation != b->client.generation)
        return;
    if (kind == EV_DIAL)
        dial(s, build);
    else if (kind == EV_WORK)
        sys_start_work(s, build);
    else if (kind == EV_WORK_END)
        sys_on_mark(s, build);
    else if (kind == EV_LB_IDLE)
        sys_on_idle(s, build);
    else
        sys_obey(s, build,
                 client_on_deadline(&b->client, s->now_us, gap_u(s, build)));
    sys_obey_lb(s, backend);
}

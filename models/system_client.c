/* system_client.c - builds on their way through the balancer. */
#include "models/system_state.h"

#include <assert.h>

/* The balancer's 1 ms for a client that is no longer there. */
enum { GHOST_US = 1000 };

static bool fault_on(const struct system *s, enum fault_kind kind,
                     uint32_t pool)
{
    const struct fault *f;

    return sys_fault(s, kind, pool, &f);
}

/* ------------------------------------------------------------ connections */

static void attach(struct system *s, uint32_t build, uint32_t pod)
{
    struct sys_build *b = &s->builds[build];
    struct sys_pod *p = &s->pods[pod];
    struct build_result *r = &s->results[build];
    struct pool_state *state = &s->pools[b->pool].state;

    assert(b->pod == NO_INDEX);
    b->pod = pod;
    b->on_old = b->was_cut = b->pod_killed = false;
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

static void detach(struct system *s, uint32_t build)
{
    struct sys_build *b = &s->builds[build];

    if (b->pod == NO_INDEX)
        return;
    struct sys_pod *p = &s->pods[b->pod];
    uint32_t *at = &p->first_build;
    while (*at != build)
        at = &s->builds[*at].next_on_pod;
    *at = b->next_on_pod;
    p->n_builds--;
    uint32_t pod = b->pod;
    b->pod = NO_INDEX;
    b->waits_since_us = s->now_us;
    sys_count(s, b->pool, &s->pools[b->pool].state.running, -1);
    sys_count(s, b->pool, &s->pools[b->pool].state.waiting, +1);
    if (p->n_builds == 0) {
        if (p->ready && !p->terminating)
            sys_idle(s, p->pool, +1);
        sys_pod_idle(s, pod);
    }
}

/* The client closes its open dial or session. The pod closes when it sees the
 * end of the stream, within a millisecond: at once, here.
 */
static void leave(struct system *s, uint32_t build)
{
    struct sys_build *b = &s->builds[build];
    uint32_t session = b->session;

    sys_note(s, NOTE_HUNG_UP, b->pool, build, b->client.attempt);
    detach(s, build);
    if (session == NO_INDEX)
        return;
    b->session = NO_INDEX;
    if (lb_on_leave(&s->lb, session, LB_FIN) == LB_LEFT_OPEN)
        lb_on_end(&s->lb, session);
}

/* ------------------------------------------------------------ the end */

static enum build_end end_of(const struct system *s, uint32_t build)
{
    const struct sys_build *b = &s->builds[build];

    switch (b->client.outcome) {
    case CLIENT_DONE:
    case CLIENT_ERROR:
        return END_SERVED;
    case CLIENT_CUT:
        return b->pod_killed ? END_KILLED : END_CUT;
    case CLIENT_GAVE_UP:
        if (!b->was_cut)
            return END_GAVE_UP;
        return b->pod_killed ? END_KILLED : END_CUT;
    case CLIENT_TIMED_OUT:
        return END_TIMED_OUT;
    case CLIENT_CANCELLED:
        return END_LEFT;
    }
    assert(!"no outcome");
    return END_UNFINISHED;
}

static void finish(struct system *s, uint32_t build)
{
    struct sys_build *b = &s->builds[build];
    struct build_result *r = &s->results[build];

    assert(b->session == NO_INDEX && b->pod == NO_INDEX);
    r->end = (uint8_t)end_of(s, build);
    r->end_us = s->now_us;
    r->waited_us += s->now_us - b->waits_since_us;
    r->attempts = b->client.attempt;
    r->dials = b->client.dials;
    s->n_open--;
    sys_count(s, b->pool, &s->pools[b->pool].state.waiting, -1);
    sys_note(s, NOTE_END, b->pool, build, r->end);
}

/* ------------------------------------------------------------ the client */

/* A client that the scenario forbids to try again ends with its attempt. */
static bool gives_up(const struct system *s, uint32_t build)
{
    const struct sys_build *b = &s->builds[build];

    return b->client.fresh && b->client.attempt > 0 &&
           fault_on(s, FAULT_NO_RETRY, b->pool);
}

static void obey(struct system *s, uint32_t build, struct client_todo todo)
{
    struct sys_build *b = &s->builds[build];
    uint32_t generation = b->client.generation;

    if (todo.leave)
        leave(s, build);
    switch (todo.what) {
    case CLIENT_DO_DIAL:
        if (gives_up(s, build)) {
            obey(s, build,
                 client_on_kill(&b->client, s->now_us, CLIENT_GAVE_UP));
            return;
        }
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
        finish(s, build);
        break;
    }
}

/* A number for the client's next choice; one a dial. */
static double gap_u(const struct system *s, uint32_t build)
{
    const struct client *c = &s->builds[build].client;

    return sys_u(s, DRAW_GAP, build, 2 * (uint64_t)c->dials + c->waited);
}

static double choice_u(const struct system *s, uint32_t client)
{
    return sys_u(s, DRAW_LB_CHOICE, client, s->builds[client].client.dials);
}

static void closed(struct system *s, uint32_t build, enum note_kind how)
{
    struct sys_build *b = &s->builds[build];

    b->session = NO_INDEX;
    detach(s, build);
    sys_note(s, how, b->pool, build, b->client.attempt);
    if (b->client.state == CLIENT_BUILDING) {
        b->was_cut = true;
        if (b->pod_killed)
            s->pools[b->pool].result.kills++;
        else
            s->pools[b->pool].result.cuts++;
    }
    obey(s, build, client_on_closed(&b->client, s->now_us, gap_u(s, build)));
}

/* The session is gone; a build survives it in a process that is replaced. */
static void lose_session(struct system *s, uint32_t build)
{
    struct sys_build *b = &s->builds[build];

    if (!s->reloading || b->pod == NO_INDEX) {
        closed(s, build, NOTE_CLOSED);
        return;
    }
    b->session = NO_INDEX;
    b->on_old = true;
}

void sys_on_old_end(struct system *s)
{
    for (uint32_t i = 0; i < s->next_build; i++)
        if (s->builds[i].on_old && s->builds[i].pod != NO_INDEX)
            closed(s, i, NOTE_CLOSED);
}

static void repeat_connect(struct system *s, uint32_t session,
                           enum lb_connect how)
{
    const struct lb_session *at = &s->lb.sessions.at[session];
    uint32_t generation = at->generation;
    double u = at->client == NO_INDEX ? 0.5 : choice_u(s, at->client);
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
static void connect_pod(struct system *s, uint32_t session, uint32_t pod)
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
    attach(s, client, pod);
    obey(s, client, client_on_connected(&s->builds[client].client, s->now_us));
}

/* Everything the balancer wants done; acting may make it want more. */
void sys_obey_lb(struct system *s, uint32_t backend)
{
    for (size_t i = 0; i < s->lb.n_out; i++) {
        struct lb_out o = s->lb.out[i];
        switch (o.kind) {
        case LB_DISPATCH:
            connect_pod(s, o.session, o.pod);
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

static void dial(struct system *s, uint32_t build)
{
    struct sys_build *b = &s->builds[build];
    uint32_t backend = s->pools[b->pool].p->backend;
    struct client_todo hold = client_on_dial(&b->client, s->now_us);

    if (s->results[build].first_dial_us == SIM_NEVER)
        s->results[build].first_dial_us = s->now_us;
    struct lb_dial d =
        lb_on_dial(&s->lb, backend, build, s->now_us, choice_u(s, build));
    sys_note(s, NOTE_DIAL, b->pool, build, b->client.attempt);
    if (d.result == LB_DIAL_CLOSED || d.result == LB_DIAL_REFUSED) {
        closed(s, build,
               d.result == LB_DIAL_CLOSED ? NOTE_TURNED_AWAY : NOTE_REFUSED);
        return;
    }
    b->session = d.session;
    if (d.result == LB_DIAL_SERVED) {
        obey(s, build, hold);
        connect_pod(s, d.session, d.pod);
        return;
    }
    sys_note(s, NOTE_QUEUED, b->pool, build, b->client.attempt);
    sys_plan(s, d.limit_us, EV_LB_LIMIT, d.session, d.generation);
    if (hold.at_us <= d.limit_us) /* else the balancer closes it before */
        obey(s, build, hold);
}

/* ------------------------------------------------------------ work */

static void start_work(struct system *s, uint32_t build)
{
    struct sys_build *b = &s->builds[build];
    const struct trace_build *t = &s->t->builds[build];
    double factor = s->results[build].cold ? s->p->cold_factor : 1.0;

    obey(s, build, client_on_work(&b->client, s->now_us));
    s->pods[b->pod].n_served++;
    sys_note(s, NOTE_WORK, b->pool, build, b->pod);
    sim_us work_us = t->work_us;
    if (factor != 1.0)
        work_us = us_from_s(factor * s_from_us(work_us));
    sys_plan(s, s->now_us + work_us, EV_WORK_END, build, b->client.generation);
}

static void end_work(struct system *s, uint32_t build)
{
    struct sys_build *b = &s->builds[build];
    bool error = s->t->builds[build].outcome == TRACE_ERROR;
    uint32_t session = b->session;

    if (s->nodes[s->pods[b->pod].node].lost)
        return; /* it hangs until its pod is declared lost */
    if (error)
        sys_note(s, NOTE_FAILED, b->pool, build, b->client.attempt);
    b->session = NO_INDEX;
    detach(s, build);
    if (session != NO_INDEX)
        lb_on_end(&s->lb, session);
    obey(s, build,
         client_on_build_end(&b->client, s->now_us,
                             error ? CLIENT_BUILD_ERROR : CLIENT_BUILD_OK,
                             sys_u(s, DRAW_BUILD_END, build, 0)));
}

void sys_lose_builds(struct system *s, uint32_t pod)
{
    while (s->pods[pod].first_build != NO_INDEX) {
        uint32_t build = s->pods[pod].first_build;
        struct sys_build *b = &s->builds[build];
        uint32_t backend = s->pools[b->pool].p->backend;
        uint32_t session = b->session;
        b->pod_killed = true;
        closed(s, build, NOTE_LOST);
        if (session != NO_INDEX)
            lb_on_end(&s->lb, session);
        sys_obey_lb(s, backend);
    }
}

/* ------------------------------------------------------------ events */

/* Infinite-server demand: what the trace alone asks for. */
static void ask_demand(struct system *s, uint32_t build)
{
    const struct trace_build *t = &s->t->builds[build];
    sim_us end_us = t->asked_us + t->work_us;
    uint32_t pool = s->builds[build].pool;

    if (end_us > t->leaves_us)
        end_us = t->leaves_us;
    if (end_us <= t->asked_us)
        return;
    sys_count(s, pool, &s->pools[pool].state.demand, +1);
    sys_plan(s, end_us, EV_DEMAND_END, build, 0);
}

void sys_on_asked(struct system *s, uint32_t build)
{
    struct sys_build *b = &s->builds[build];
    const struct trace_build *t = &s->t->builds[build];
    const struct client_params *c =
        &s->p->callers[s->caller_of[t->caller]].client;
    sim_us job_end_us = client_job_end_us(c, s->now_us);

    s->n_open++;
    b->waits_since_us = s->now_us;
    sys_count(s, b->pool, &s->pools[b->pool].state.waiting, +1);
    sys_note(s, NOTE_ASKED, b->pool, build, 0);
    if (t->leaves_us != SIM_NEVER)
        sys_plan(s, t->leaves_us > s->now_us ? t->leaves_us : s->now_us,
                 EV_LEAVES, build, 0);
    if (job_end_us != SIM_NEVER)
        sys_plan(s, job_end_us, EV_JOB_END, build, 0);
    ask_demand(s, build);
    obey(s, build, client_on_start(&b->client, c, s->now_us));
}

void sys_on_client(struct system *s, enum event_kind kind, uint32_t build,
                   uint32_t generation)
{
    struct sys_build *b = &s->builds[build];

    if (generation != b->client.generation)
        return;
    if (kind == EV_DIAL)
        dial(s, build);
    else if (kind == EV_WORK)
        start_work(s, build);
    else if (kind == EV_WORK_END)
        end_work(s, build);
    else
        obey(s, build,
             client_on_deadline(&b->client, s->now_us, gap_u(s, build)));
    sys_obey_lb(s, s->pools[b->pool].p->backend);
}

void sys_on_job_end(struct system *s, uint32_t build, enum event_kind kind)
{
    struct client *c = &s->builds[build].client;

    if (c->state == CLIENT_ENDED)
        return;
    obey(s, build,
         client_on_kill(c, s->now_us,
                        kind == EV_LEAVES ? CLIENT_CANCELLED
                                          : CLIENT_TIMED_OUT));
    sys_obey_lb(s, s->pools[s->builds[build].pool].p->backend);
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
        connect_pod(s, session, at->pod);
    else if (kind == EV_LB_SILENT)
        repeat_connect(s, session, LB_CONNECT_SILENT);
    else
        lb_on_end(&s->lb, session);
    sys_obey_lb(s, backend);
}

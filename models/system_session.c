/* system_session.c - the balancer's side: sessions, and the pods they are
 * connected to.
 */
#include "models/system_parts.h"

#include "sim/base/mem.h"

/* The balancer's 1 ms for a client that is no longer there. */
enum { GHOST_US = 1000 };

/* ------------------------------------------------------------ processes */

/* The balancer process that took a build's dial. */
struct lb *sys_lb(struct system *s, uint32_t build)
{
    uint32_t process = sys_build(s, build)->process;

    return process == s->process ? &s->lb : &s->old[process];
}

static bool holds(const struct lb *lb, uint32_t session, uint32_t generation)
{
    return session < lb->sessions.n &&
           lb->sessions.at[session].state != LB_FREE &&
           lb->sessions.at[session].generation == generation;
}

/* The process of a session, or NULL if the session is over. */
static struct lb *process_of(struct system *s, uint32_t session,
                             uint32_t generation)
{
    if (holds(&s->lb, session, generation))
        return &s->lb;
    for (uint32_t i = 0; i < s->process; i++)
        if (holds(&s->old[i], session, generation))
            return &s->old[i];
    return NULL;
}

/* A new process takes the dials; the one before goes on with its sessions. */
void sys_replace_process(struct system *s)
{
    s->old =
        mem_grow(s->old, &s->cap_old, (size_t)s->process + 1, sizeof *s->old);
    lb_on_reload(&s->lb, &s->old[s->process++]);
}

/* ------------------------------------------------------------ pods */

/* What a connect to the pod meets. */
enum lb_port sys_port_of(const struct system *s, uint32_t pod)
{
    uint32_t node = sys_pod_node(s, pod);

    if (node != NO_INDEX && s->nodes[node].lost)
        return LB_PORT_SILENT;
    if (!sys_pod_is_there(s, pod))
        return LB_PORT_CLOSED;
    const struct sys_pod *p = sys_pod(s, pod);
    return p->phase != POD_RUNNING || p->daemon == DAEMON_SHUT ? LB_PORT_CLOSED
                                                               : LB_PORT_OPEN;
}

static void repeat_connect(struct system *s, struct lb *lb, uint32_t session,
                           enum lb_connect how)
{
    const struct lb_session *at = &lb->sessions.at[session];
    uint32_t generation = at->generation;
    double u = at->client == NO_INDEX ? 0.5 : sys_choice_u(s, at->client);
    sim_us again_us = lb_on_connect_failed(lb, session, how, s->now_us, u);

    if (again_us != SIM_NEVER)
        sys_plan(s, again_us, EV_LB_CONNECT, session, generation);
}

/* A client that was queued and is not answered now leaves when its own time
 * is over; that of a dial that is served needs no event.
 */
static void limit_patience(struct system *s, uint32_t build)
{
    const struct client *c = &sys_build(s, build)->client;
    sim_us until_us = client_deadline_us(c);

    if (until_us != SIM_NEVER)
        sys_plan(s, until_us > s->now_us ? until_us : s->now_us, EV_HOLD, build,
                 c->generation);
}

static void note_silent(struct system *s, const struct lb_session *at)
{
    if (at->client == NO_INDEX)
        return;
    sys_note(s, NOTE_SILENT, sys_build(s, at->client)->pool, at->client,
             at->pod);
    limit_patience(s, at->client);
}

/* A pod on a lost node does not even refuse: a connect takes its full time. */
static void connect_failed(struct system *s, struct lb *lb, uint32_t session,
                           enum lb_port port)
{
    const struct lb_session *at = &lb->sessions.at[session];

    note_silent(s, at);
    if (port == LB_PORT_CLOSED) {
        repeat_connect(s, lb, session, LB_CONNECT_REFUSED);
        return;
    }
    sys_plan(s, s->now_us + s->p->lb.backends[at->backend].connect_us,
             EV_LB_SILENT, session, at->generation);
}

static void plan_end(struct system *s, const struct lb *lb, uint32_t session,
                     sim_us after_us)
{
    sys_plan(s, s->now_us + after_us, EV_GHOST, session,
             lb->sessions.at[session].generation);
}

static sim_us inactivity_us(const struct system *s, const struct lb *lb,
                            uint32_t session)
{
    return s->p->lb.backends[lb->sessions.at[session].backend].inactivity_us;
}

/* The pod's kernel accepts, its daemon does not answer: the client waits for
 * as long as it has patience. A pod that does not close keeps the session of a
 * client that has left, until the balancer's own limit.
 */
static void swallow(struct system *s, struct lb *lb, uint32_t session)
{
    const struct lb_session *at = &lb->sessions.at[session];

    if (sys_pod_is_there(s, at->pod))
        sys_pod(s, at->pod)->swallows = true;
    note_silent(s, at);
    if (at->client == NO_INDEX)
        plan_end(s, lb, session, inactivity_us(s, lb, session));
}

/* The daemon answers. */
static void connected(struct system *s, struct lb *lb, uint32_t session)
{
    const struct lb_session *at = &lb->sessions.at[session];
    uint32_t build = at->client;

    if (build == NO_INDEX) {
        plan_end(s, lb, session, GHOST_US);
        return;
    }
    sys_attach(s, build, at->pod);
    sys_obey(s, build,
             client_on_connected(&sys_build(s, build)->client, s->now_us));
}

/* The balancer connects the session to its pod, which may be dead by now. */
void sys_connect_pod(struct system *s, struct lb *lb, uint32_t session)
{
    const struct lb_session *at = &lb->sessions.at[session];
    enum lb_port port = sys_port_of(s, at->pod);

    if (port != LB_PORT_OPEN) {
        connect_failed(s, lb, session, port);
        return;
    }
    if (at->state == LB_CONNECTING)
        lb_on_connected(lb, session);
    if (sys_pod_hangs(s, at->pod))
        swallow(s, lb, session);
    else
        connected(s, lb, session);
}

/* The client has closed its side of a session that was connected. The pod
 * closes when it sees the end of the stream, within a millisecond: at once,
 * here. One that hangs does not.
 */
void sys_half_closed(struct system *s, struct lb *lb, uint32_t session)
{
    uint32_t pod = lb->sessions.at[session].pod;

    if (sys_pod_hangs(s, pod))
        swallow(s, lb, session);
    else
        lb_on_end(lb, session);
}

/* ------------------------------------------------------------ obey */

/* Everything that one process wants done; acting may make it want more. */
static void obey(struct system *s, struct lb *lb)
{
    for (size_t i = 0; i < lb->n_out; i++) {
        struct lb_out o = lb->out[i];
        switch (o.kind) {
        case LB_DISPATCH:
        case LB_GHOST:
            sys_connect_pod(s, lb, o.session);
            break;
        case LB_CLOSE:
        case LB_CUT:
            if (o.client != NO_INDEX)
                sys_closed(s, o.client, NOTE_CLOSED);
            break;
        case LB_CHECK: /* none is made by a process that has stopped */
            if (lb == &s->lb)
                sys_plan(s, o.at_us, EV_LB_CHECK,
                         o.backend << SLOT_BITS | o.slot, o.generation);
            break;
        }
    }
    lb->n_out = 0;
}

void sys_obey_lb(struct system *s, uint32_t backend)
{
    if (s->lb.n_out > 0)
        obey(s, &s->lb);
    for (uint32_t i = 0; i < s->process; i++)
        obey(s, &s->old[i]);
    sys_gauges(s, backend);
}

/* ------------------------------------------------------------ swallowed */

/* A session that hangs on the pod goes on, or ends with the pod. */
static void release(struct system *s, struct lb *lb, uint32_t session,
                    bool answers)
{
    uint32_t build = lb->sessions.at[session].client;

    if (answers) {
        connected(s, lb, session);
        return;
    }
    if (build != NO_INDEX)
        sys_closed(s, build, NOTE_LOST);
    lb_on_end(lb, session);
}

static bool is_swallowed(const struct system *s, const struct lb_session *at,
                         uint32_t pod)
{
    return at->state == LB_OPEN && at->pod == pod &&
           (at->client == NO_INDEX ||
            sys_build(s, at->client)->pod == NO_INDEX);
}

static void release_from(struct system *s, struct lb *lb, uint32_t pod,
                         bool answers)
{
    for (uint32_t i = 0; i < lb->sessions.n; i++)
        if (is_swallowed(s, &lb->sessions.at[i], pod)) {
            release(s, lb, i, answers);
            obey(s, lb); /* what is dispatched now is connected, not hanging */
        }
}

/* The daemon answers again, or all its connections end. */
void sys_release(struct system *s, uint32_t pod, bool answers)
{
    if (!sys_pod(s, pod)->swallows)
        return;
    sys_pod(s, pod)->swallows = false;
    release_from(s, &s->lb, pod, answers);
    for (uint32_t i = 0; i < s->process; i++)
        release_from(s, &s->old[i], pod, answers);
}

/* What the daemon of a running pod does from now on. */
void sys_set_daemon(struct system *s, uint32_t pod, enum sys_daemon daemon)
{
    sys_pod(s, pod)->daemon = daemon;
    sys_port(s, pod);
    sys_pace(s, pod);
    if (daemon == DAEMON_WELL)
        sys_release(s, pod, true);
    sys_obey_lb(s, s->pools[sys_pod(s, pod)->pool].p->backend);
}

/* ------------------------------------------------------------ events */

/* What is left of a process that was replaced is cut. */
void sys_on_old_end(struct system *s, uint32_t process)
{
    lb_on_restart(&s->old[process]);
    obey(s, &s->old[process]);
    lb_free(&s->old[process]);
}

void sys_on_session(struct system *s, enum event_kind kind, uint32_t session,
                    uint32_t generation)
{
    struct lb *lb = process_of(s, session, generation);

    if (!lb)
        return;
    uint32_t backend = lb->sessions.at[session].backend;
    if (kind == EV_LB_LIMIT)
        lb_on_queue_limit(lb, session, generation);
    else if (kind == EV_LB_CONNECT)
        sys_connect_pod(s, lb, session);
    else if (kind == EV_LB_SILENT)
        repeat_connect(s, lb, session, LB_CONNECT_SILENT);
    else
        lb_on_end(lb, session);
    sys_obey_lb(s, backend);
}

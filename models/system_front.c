/* system_front.c - what the balancer knows of the pods, and what it reports.
 */
#include "models/lb_check.h"
#include "models/lb_dns.h"
#include "models/system_parts.h"

#include <assert.h>

/* ------------------------------------------------------------ names */

static sim_us stale_until_us(const struct system *s, uint32_t backend)
{
    const struct fault *f;

    if (sys_fault(s, FAULT_DNS_STALE, s->pool_on_backend[backend], &f))
        return f->until_us;
    return s->now_us;
}

static void plan_answer(struct system *s, uint32_t backend, sim_us listed_us)
{
    sim_us from_us = stale_until_us(s, backend);
    sim_us at_us = dns_visible_us(&s->dns[backend],
                                  listed_us > from_us ? listed_us : from_us);

    if (at_us == s->answer_us[backend])
        return;
    s->answer_us[backend] = at_us;
    sys_plan(s, at_us, EV_LB_ANSWER, backend, 0);
}

static void plan_answers(struct system *s, uint32_t pool, sim_us listed_us)
{
    struct group backends = sys_backends_of(&s->routes, pool);

    for (size_t i = 0; i < backends.n; i++)
        plan_answer(s, backends.at[i], listed_us);
}

void sys_endpoint_changed(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);
    bool up = p->ready && !p->terminating;
    double u = sys_u(s, DRAW_SLICE, sys_pod_identity(s, pod), up ? 0 : 1);
    sim_us listed_us = dns_listed_us(&s->p->dns, s->now_us, u);

    if (up) {
        p->listed_us = listed_us;
        p->withdrawn_us = SIM_NEVER;
    } else {
        p->withdrawn_us = listed_us > p->listed_us ? listed_us : p->listed_us;
    }
    plan_answers(s, p->pool, listed_us);
}

static size_t listed_pods(struct system *s, uint32_t backend, sim_us at_us)
{
    struct group pools = sys_pools_of(&s->routes, backend);
    const struct sys_pod *p;
    size_t n = 0;

    for (size_t k = 0; k < pools.n; k++) {
        for (uint32_t i = s->pools[pools.at[k]].first; i != NO_INDEX;
             i = p->next) {
            p = sys_pod(s, i);
            if (p->listed_us > at_us || p->withdrawn_us <= at_us)
                continue;
            s->scratch = mem_grow(s->scratch, &s->cap_scratch, n + 1,
                                  sizeof s->scratch[0]);
            s->scratch[n++] = i;
        }
    }
    return n;
}

static void note_reachable(struct system *s, uint32_t backend)
{
    uint32_t pool = s->pool_on_backend[backend];

    for (; pool != NO_INDEX; pool = s->pools[pool].next_on_backend) {
        int32_t *field = &s->pools[pool].state.reachable;
        sys_count(s, pool, field,
                  (int32_t)lb_active_servers(&s->lb, backend) - *field);
    }
    if (s->retries.n_on[backend] > 0 && lb_active_servers(&s->lb, backend) > 0)
        sys_retries_wake(s);
}

/* Pods of the last answer that the backend's own clients can reach now. */
static void note_known(struct system *s, uint32_t backend, size_t n)
{
    const struct lb_slots *slots = &s->lb.backends[backend].slots;

    for (size_t i = 0; i < n; i++) {
        struct sys_pod *p = sys_pod(s, s->scratch[i]);
        if (s->pools[p->pool].p->backend != backend || p->known)
            continue;
        p->known = lb_slots_find(slots, s->scratch[i]) != NO_INDEX;
        if (p->known || !p->shown)
            sys_note(s, p->known ? NOTE_POD_KNOWN : NOTE_POD_LISTED, p->pool,
                     s->scratch[i], p->node);
        p->shown = true;
    }
}

/* Pods that earlier answers had and this one has not. */
static void note_unlisted(struct system *s, uint32_t backend, sim_us shown_us)
{
    uint32_t pool = s->pool_on_backend[backend];
    struct sys_pod *p;

    for (; pool != NO_INDEX; pool = s->pools[pool].next_on_backend)
        for (uint32_t i = s->pools[pool].first; i != NO_INDEX; i = p->next) {
            p = sys_pod(s, i);
            if (!p->shown || p->withdrawn_us > shown_us)
                continue;
            p->shown = false;
            sys_note(s, NOTE_POD_UNLISTED, pool, i, p->node);
        }
}

/* A pod is taken to listen when it is placed; its checks find out that it does
 * not.
 */
static void note_dead(struct system *s, uint32_t backend, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t pod = s->scratch[i];
        if (sys_pod(s, pod)->phase != POD_RUNNING || sys_pod_hangs(s, pod))
            lb_on_port(&s->lb, backend, pod, sys_port_of(s, pod), s->now_us);
    }
}

/* The backend has lost its servers. */
static void forget_pods(struct system *s, uint32_t backend)
{
    uint32_t pool = s->pool_on_backend[backend];

    for (; pool != NO_INDEX; pool = s->pools[pool].next_on_backend)
        for (uint32_t i = s->pools[pool].first; i != NO_INDEX;
             i = sys_pod(s, i)->next)
            sys_pod(s, i)->known = false;
}

/* What the balancer's resolver gets now. */
static struct lb_records look_up(struct system *s, uint32_t backend)
{
    const struct fault *f;

    if (sys_fault(s, FAULT_DNS_FAIL, NO_INDEX, &f))
        return (struct lb_records){.kind = f->answer};
    sim_us shown_us = dns_snapshot_us(&s->dns[backend], s->now_us);
    size_t n = listed_pods(s, backend, shown_us);
    note_unlisted(s, backend, shown_us);
    return (struct lb_records){.kind = n == 0 ? LB_RECORDS_NX : LB_RECORDS_OK,
                               .pods = s->scratch,
                               .n = (uint32_t)n};
}

/* The balancer's resolver gets an answer that may differ from the last. */
static void on_answer(struct system *s, uint32_t backend)
{
    if (s->answer_us[backend] == s->now_us)
        s->answer_us[backend] = SIM_NEVER;
    if (!s->lb.listening || !s->routes.is_dialled[backend] ||
        stale_until_us(s, backend) > s->now_us)
        return;
    struct lb_records a = look_up(s, backend);
    sim_us hold_us = lb_on_answer(&s->lb, backend, &a, s->now_us);
    note_known(s, backend, a.n);
    note_dead(s, backend, a.n);
    if (hold_us != SIM_NEVER)
        sys_plan(s, hold_us, EV_LB_HOLD, backend, 0);
    sys_obey_lb(s, backend);
    note_reachable(s, backend);
}

static void on_hold(struct system *s, uint32_t backend)
{
    lb_on_hold(&s->lb, backend, s->now_us);
    if (s->lb.backends[backend].slots.n_placed == 0)
        forget_pods(s, backend);
    sys_obey_lb(s, backend);
    note_reachable(s, backend);
}

/* A resolver that was stuck asks again; its next answer shows everything. */
void sys_names_fresh(struct system *s)
{
    for (uint32_t i = 0; i < s->p->lb.n_backends; i++)
        if (s->routes.is_dialled[i])
            plan_answer(s, i, s->now_us);
}

/* The names' server begins to fail, or ends to. The cache on the balancer's
 * node keeps its answer, good or bad, until it expires.
 */
void sys_names_fail(struct system *s)
{
    for (uint32_t i = 0; i < s->p->lb.n_backends; i++)
        if (s->routes.is_dialled[i])
            sys_plan(s, dns_next_fill_us(&s->dns[i], s->now_us), EV_LB_ANSWER,
                     i, 0);
    sys_names_fresh(s);
}

/* ------------------------------------------------------------ gauges */

/* What the exporter shows of a backend, to each pool that is scaled by it. */
void sys_gauges(struct system *s, uint32_t backend)
{
    int32_t sessions = (int32_t)lb_sessions(&s->lb, backend);
    int32_t queue = (int32_t)lb_queue(&s->lb, backend);
    uint32_t pool = s->pool_on_backend[backend];

    for (; pool != NO_INDEX; pool = s->pools[pool].next_on_backend) {
        struct pool_state *state = &s->pools[pool].state;
        if (state->queue != queue)
            sys_count(s, pool, &state->queue, queue - state->queue);
        if (state->sessions == sessions)
            continue;
        if (s->pools[pool].hpa_asleep)
            sys_scale_wake(s, pool);
        sys_count(s, pool, &state->sessions, sessions - state->sessions);
    }
}

/* ------------------------------------------------------------ checks */

/* A pod's port may have changed: the balancer's health checks will find it. */
void sys_port(struct system *s, uint32_t pod)
{
    struct group backends = sys_backends_of(&s->routes, sys_pod(s, pod)->pool);

    for (size_t i = 0; i < backends.n; i++) {
        uint32_t backend = backends.at[i];
        lb_on_port(&s->lb, backend, pod, sys_port_of(s, pod), s->now_us);
        sys_obey_lb(s, backend);
        note_reachable(s, backend);
    }
}

static void on_check(struct system *s, uint32_t entity, uint32_t generation)
{
    uint32_t backend = entity >> SLOT_BITS;

    lb_on_check(&s->lb, backend, entity & (LB_SLOTS - 1), generation,
                s->now_us);
    sys_obey_lb(s, backend);
    note_reachable(s, backend);
}

/* ------------------------------------------------------------ restarts */

void sys_lb_restart(struct system *s, sim_us gap_us)
{
    lb_on_restart(&s->lb);
    for (uint32_t i = 0; i < s->p->lb.n_backends; i++) {
        forget_pods(s, i);
        sys_obey_lb(s, i);
        note_reachable(s, i);
    }
    sys_plan(s, s->now_us + gap_us, EV_LB_LISTEN, 0, 0);
}

/* Changes that the first answer need not show yet, because it may be as old as
 * CoreDNS keeps one: the resolver's new clock decides when it sees them.
 */
static void plan_later_answers(struct system *s, uint32_t pool)
{
    sim_us unseen_us = s->now_us - s->p->dns.upstream_us;
    const struct sys_pod *p;

    for (uint32_t i = s->pools[pool].first; i != NO_INDEX; i = p->next) {
        p = sys_pod(s, i);
        if (p->listed_us > unseen_us && p->listed_us != SIM_NEVER)
            plan_answers(s, pool, p->listed_us);
        if (p->withdrawn_us > unseen_us && p->withdrawn_us != SIM_NEVER)
            plan_answers(s, pool, p->withdrawn_us);
    }
}

/* A new process asks for the names at once; its first answers place all. */
static void on_listen(struct system *s)
{
    sys_retries_wake(s);
    lb_on_listen(&s->lb);
    for (uint32_t i = 0; i < s->p->lb.n_backends; i++) {
        dns_start(&s->dns[i], s->now_us);
        on_answer(s, i);
    }
    for (uint32_t i = 0; i < s->p->n_pools; i++)
        plan_later_answers(s, i);
}

/* A new process takes the dials from now on and knows nothing of the builds
 * on the old one, which go on until its grace is over.
 */
void sys_lb_reload(struct system *s, sim_us grace_us)
{
    sys_plan(s, s->now_us + grace_us, EV_LB_OLD_END, s->process, 0);
    sys_replace_process(s);
    for (uint32_t i = 0; i < s->p->lb.n_backends; i++) {
        forget_pods(s, i);
        sys_gauges(s, i);
    }
    on_listen(s);
}

/* ------------------------------------------------------------ the start */

/* Time since the process started; before the history, so that its phases are
 * settled.
 */
static sim_us dns_phase_us(const struct system *s, uint32_t backend)
{
    double u = sys_u(s, DRAW_DNS_PHASE, backend, 0);
    sim_us period_us = s->p->dns.query_us + s->p->dns.cache_us;

    return (sim_us)(u * (double)period_us) - 10 * period_us;
}

void sys_front_start(struct system *s)
{
    for (uint32_t i = 0; i < s->p->lb.n_backends; i++) {
        dns_init(&s->dns[i], &s->p->dns, &s->world, DRAW_DNS_FILL, i);
        dns_start(&s->dns[i], dns_phase_us(s, i));
        s->answer_us[i] = SIM_NEVER;
        s->pool_on_backend[i] = NO_INDEX;
    }
    for (uint32_t i = (uint32_t)s->p->n_pools; i-- > 0;) {
        uint32_t backend = s->p->pools[i].backend;
        s->pools[i].next_on_backend = s->pool_on_backend[backend];
        s->pool_on_backend[backend] = i;
    }
    for (uint32_t i = 0; i < s->p->lb.n_backends; i++)
        on_answer(s, i);
}

/* ------------------------------------------------------------ events */

void sys_on_balancer(struct system *s, enum event_kind kind, uint32_t entity,
                     uint32_t generation)
{
    switch (kind) {
    case EV_LB_LISTEN:
        on_listen(s);
        break;
    case EV_LB_CHECK:
        on_check(s, entity, generation);
        break;
    case EV_LB_ANSWER:
        on_answer(s, entity);
        break;
    default:
        on_hold(s, entity);
        break;
    }
}

/* system_pod_life.c - one pod from its creation to its end. */
#include "models/system_parts.h"

#include <assert.h>

/* ------------------------------------------------------------ figures */

static struct pool_state *state_of(struct system *s, uint32_t pod)
{
    return &s->pools[sys_pod(s, pod)->pool].state;
}

/* A pod counts as idle while it could take a build and has none. */
static void set_ready(struct system *s, uint32_t pod, bool ready)
{
    struct sys_pod *p = sys_pod(s, pod);
    int32_t sign = ready ? 1 : -1;

    sys_scale_wake(s, p->pool);
    p->ready = ready;
    s->pools[p->pool].sets[p->set].n_ready += ready ? 1 : UINT32_MAX;
    sys_count(s, p->pool, &state_of(s, pod)->ready, sign);
    if (p->n_builds == 0)
        sys_idle(s, p->pool, sign);
    if (s->watches_budgets)
        sys_block_nodes(s);
}

/* ------------------------------------------------------------ start */

static void on_create(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);

    p->phase = POD_PENDING;
    p->created_us = s->now_us;
    s->pools[p->pool].sets[p->set].n_active++;
    s->pools[p->pool].result.pods_started++;
    sys_count_pending(s, p->pool, +1);
    sys_note(s, NOTE_POD_CREATED, p->pool, pod, NO_INDEX);
    sys_schedule_soon(s, p->pool);
}

static void on_bound(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);
    const struct kubelet_params *k = &s->pools[p->pool].p->kubelet;
    struct kubelet *kubelet = &s->nodes[p->node].kubelet;
    struct kubelet_draws u = sys_kubelet_draws(s, pod);
    const struct fault *f;
    double factor = s->p->boot_factor;

    if (sys_fault(s, FAULT_SLOW_PULL, p->pool, &f))
        factor *= f->factor;
    p->phase = POD_STARTING;
    sys_note(s, NOTE_POD_BOUND, p->pool, pod, p->node);
    sim_us pull_us = s->now_us;
    if (kubelet->image_us == SIM_NEVER &&
        sys_fault(s, FAULT_PULL_FAILS, p->pool, &f))
        pull_us = kubelet_pull_us(s->now_us, f->until_us);
    p->started_us = kubelet_on_bind(kubelet, k, pull_us, factor, &u);
    sim_us ready_us =
        kubelet_ready_us(k, s->now_us, kubelet->started_us, p->started_us, &u);
    sys_plan(s, p->started_us, EV_POD_STARTED, pod, p->generation);
    if (ready_us != SIM_NEVER)
        sys_plan(s, ready_us, EV_POD_READY, pod, p->generation);
}

static void on_started(struct system *s, uint32_t pod)
{
    sys_pod(s, pod)->phase = POD_RUNNING;
    sys_port(s, pod);
    sys_note(s, NOTE_POD_STARTED, sys_pod(s, pod)->pool, pod,
             sys_pod(s, pod)->node);
}

static void on_ready(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);
    bool again = p->ready_us != SIM_NEVER;

    if (p->ready)
        return;
    p->ready_us = s->now_us;
    p->unready = false;
    s->pools[p->pool].changed_us = s->now_us;
    sys_count(s, p->pool, &state_of(s, pod)->starting, -1);
    set_ready(s, pod, true);
    sys_note(s, again ? NOTE_POD_READY_AGAIN : NOTE_POD_READY, p->pool, pod,
             p->node);
    sys_endpoint_changed(s, pod);
    sys_rollout_go_on(s, p->pool);
}

/* A pod from before the history: ready and known to everyone. */
void sys_pod_settle(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);

    p->generation++;
    p->phase = POD_RUNNING;
    p->started_us = p->ready_us = p->listed_us = p->created_us;
    sys_note(s, NOTE_POD_SETTLED, p->pool, pod, p->node);
    sys_count(s, p->pool, &state_of(s, pod)->starting, -1);
    set_ready(s, pod, true);
}

/* ------------------------------------------------------------ drain */

static bool is_blind(const struct system *s, const struct sys_pod *p)
{
    const struct fault *f;

    return s->pools[p->pool].p->drain.blind ||
           sys_fault(s, FAULT_NETSTAT_MISSING, p->pool, &f);
}

/* Looks that find a busy pod change nothing: wait for its last build. */
static void await_look(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);

    p->awaits_idle = p->n_builds > 0 && !is_blind(s, p);
    if (!p->awaits_idle)
        sys_plan(s, p->drain.look_us, EV_POD_LOOK, pod, p->generation);
}

/* Scripts that were waiting for a build no longer see one. */
void sys_blind_scripts(struct system *s)
{
    for (uint32_t pool = 0; pool < s->p->n_pools; pool++)
        for (uint32_t i = s->pools[pool].first; i != NO_INDEX;
             i = sys_pod(s, i)->next)
            if (sys_pod(s, i)->awaits_idle && is_blind(s, sys_pod(s, i)))
                sys_pod_idle(s, i);
}

/* The last build of the pod has ended. */
void sys_pod_idle(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);

    if (!p->awaits_idle)
        return;
    p->awaits_idle = false;
    drain_skip_busy(&p->drain, s->now_us);
    sys_plan(s, p->drain.look_us, EV_POD_LOOK, pod, p->generation);
}

static void on_look(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);
    bool busy = p->n_builds > 0 && !is_blind(s, p);
    struct drain_step step = drain_on_look(&p->drain, busy);

    sys_note(s, NOTE_POD_LOOK, p->pool, pod, p->drain.n_idle);
    if (step.done)
        sys_plan(s, step.at_us, EV_POD_TERM, pod, p->generation);
    else
        await_look(s, pod);
}

/* SIGTERM: the daemon stops, whatever still runs is lost. */
static void on_term(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);
    const struct kubelet_params *k = &s->pools[p->pool].p->kubelet;
    double u = sys_u(s, DRAW_EXIT, sys_pod_identity(s, pod), 0);
    struct kubelet_end end =
        kubelet_on_delete(k, p->drain_us, s->now_us - p->drain_us);

    p->generation++;
    p->phase = POD_STOPPING;
    p->awaits_idle = false;
    sys_note(s, NOTE_POD_TERM, p->pool, pod, p->node);
    sys_port(s, pod);
    sys_lose_builds(s, pod);
    sim_us gone_us = kubelet_gone_us(k, end, s->now_us, u);
    sys_plan(s, gone_us > s->now_us ? gone_us : s->now_us, EV_POD_GONE, pod,
             p->generation);
}

/* ------------------------------------------------------------ end */

static void on_gone(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);
    uint32_t pool = p->pool, node = p->node;
    struct karp_size size = sys_request(s, pool);

    if (p->ready_us == SIM_NEVER)
        s->pools[pool].result.pods_never_ready++;
    sys_count(s, pool, &state_of(s, pod)->draining, -1);
    sys_note(s, NOTE_POD_GONE, pool, pod, node);
    sys_pod_end(s, pod);
    if (karp_on_pod_terminal(&s->karp, s->now_us, node, size, true))
        sys_node_drained(s, node);
    sys_nodes_touched(s);
    sys_schedule_all(s);
    sys_rollout_go_on(s, pool);
}

/* A pod that has no node goes at once. */
static void drop_pending(struct system *s, uint32_t pod)
{
    uint32_t pool = sys_pod(s, pod)->pool;

    sys_pending(s, pod, false);
    sys_count_pending(s, pool, -1);
    s->pools[pool].result.pods_never_ready++;
    sys_note(s, NOTE_POD_GONE, pool, pod, NO_INDEX);
    sys_pod_end(s, pod);
    sys_rollout_go_on(s, pool);
}

/* The kubelet handles the deletion. */
void sys_pod_drain(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);
    const struct pool_params *pool = s->pools[p->pool].p;

    if (p->draining || !sys_node_hears(s, p->node))
        return;
    p->draining = true;
    p->generation++;
    p->drain_us = s->now_us;
    if (p->phase != POD_RUNNING || !pool->has_drain) {
        sys_plan(s, s->now_us, EV_POD_TERM, pod, p->generation);
        return;
    }
    struct kubelet_end end =
        kubelet_on_delete(&pool->kubelet, s->now_us, SIM_NEVER);
    sys_plan(s, end.term_us, EV_POD_TERM, pod, p->generation);
    drain_start(&p->drain, &pool->drain, s->now_us);
    await_look(s, pod);
}

/* A pod that was lost or evicted before its turn came is left alone. */
void sys_delete(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);

    if (p->terminating)
        return;
    s->pools[p->pool].sets[p->set].n_active--;
    p->generation++;
    if (s->pools[p->pool].rolling && p->set != s->pools[p->pool].set)
        sys_note(s, NOTE_POD_OUTDATED, p->pool, pod, p->node);
    sys_note(s, NOTE_POD_DELETED, p->pool, pod, p->node);
    if (p->phase == POD_PENDING) {
        drop_pending(s, pod);
        return;
    }
    bool was_ready = p->ready;
    if (was_ready)
        set_ready(s, pod, false);
    else
        sys_count(s, p->pool, &state_of(s, pod)->starting, -1);
    p->terminating = true;
    sys_count(s, p->pool, &state_of(s, pod)->draining, +1);
    if (was_ready)
        sys_endpoint_changed(s, pod);
    karp_on_pod_terminating(&s->karp, s->now_us, p->node);
    sys_nodes_touched(s);
    sys_pod_drain(s, pod);
    sys_rollout_go_on(s, p->pool);
}

/* It is no longer heard of, or fails its probes: it leaves the name. */
void sys_pod_unready(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);

    if (!p->ready)
        return;
    p->unready = true;
    s->pools[p->pool].changed_us = s->now_us;
    set_ready(s, pod, false);
    sys_count(s, p->pool, &state_of(s, pod)->starting, +1);
    sys_note(s, NOTE_POD_UNREADY, p->pool, pod, p->node);
    sys_endpoint_changed(s, pod);
    sys_rollout_go_on(s, p->pool);
}

void sys_pod_ready_again(struct system *s, uint32_t pod)
{
    const struct sys_pod *p = sys_pod(s, pod);

    if (p->unready && p->phase == POD_RUNNING && p->daemon == DAEMON_WELL)
        on_ready(s, pod);
}

static void lose(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);
    struct karp_size size = sys_request(s, p->pool);
    bool was_ready = p->ready;

    p->generation++;
    p->phase = POD_STOPPING;
    if (p->terminating) {
        sys_count(s, p->pool, &state_of(s, pod)->draining, -1);
    } else {
        s->pools[p->pool].sets[p->set].n_active--;
        if (was_ready)
            set_ready(s, pod, false);
        else
            sys_count(s, p->pool, &state_of(s, pod)->starting, -1);
    }
    karp_on_pod_lost(&s->karp, s->now_us, p->node, size, p->terminating);
    p->terminating = true;
    p->awaits_idle = false;
    sys_port(s, pod);
    sys_lose_builds(s, pod);
    if (was_ready)
        sys_endpoint_changed(s, pod);
    sys_note(s, NOTE_POD_GONE, p->pool, pod, p->node);
    sys_pod_end(s, pod);
}

/* The node is gone: its pods too, and the ReplicaSet makes new ones. */
void sys_pods_lost(struct system *s, uint32_t node)
{
    while (s->nodes[node].first_pod != NO_INDEX) {
        uint32_t pool = sys_pod(s, s->nodes[node].first_pod)->pool;
        for (uint32_t i; (i = s->nodes[node].first_pod) != NO_INDEX &&
                         sys_pod(s, i)->pool == pool;)
            lose(s, i);
        for (uint32_t set = 0; set < 2; set++)
            sys_rs_soon(s, pool, set);
    }
}

/* ------------------------------------------------------------ events */

/* What the kubelet hears from the control plane, or tells it. */
static bool is_told(enum event_kind kind)
{
    return kind == EV_POD_BOUND || kind == EV_POD_READY ||
           kind == EV_POD_UNREADY || kind == EV_POD_GONE;
}

void sys_on_pod(struct system *s, enum event_kind kind, uint32_t pod,
                uint32_t generation)
{
    if (!sys_pod_is_there(s, pod))
        return;
    const struct sys_pod *p = sys_pod(s, pod);
    if (kind == EV_POD_CREATE)
        on_create(s, pod);
    else if (kind == EV_POD_DELETE)
        sys_delete(s, pod);
    else if (kind == EV_POD_TRIGGER)
        sys_pending(s, pod, p->phase == POD_PENDING);
    else if (p->generation != generation || s->nodes[p->node].lost)
        return;
    else if (is_told(kind) && !sys_node_hears(s, p->node))
        sys_plan(s, s->nodes[p->node].away_until_us, kind, pod, generation);
    else if (kind == EV_POD_BOUND)
        on_bound(s, pod);
    else if (kind == EV_POD_STARTED)
        on_started(s, pod);
    else if (kind == EV_POD_READY)
        on_ready(s, pod);
    else if (kind == EV_POD_UNREADY)
        sys_pod_unready(s, pod);
    else if (kind == EV_POD_KILLED)
        sys_on_pod_killed(s, pod);
    else if (kind == EV_POD_LOOK)
        on_look(s, pod);
    else if (kind == EV_POD_TERM)
        on_term(s, pod);
    else
        on_gone(s, pod);
}

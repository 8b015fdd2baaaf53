/* system_pods.c - how many pods there are: replicas, the ReplicaSet's pods,
 * its victims, and the node each pod gets.
 */
#include "models/system_parts.h"

#include <assert.h>

static bool is_active(const struct sys_pod *p)
{
    return p->phase != POD_PLANNED && !p->terminating;
}

/* ------------------------------------------------------------ replicas */

/* The ReplicaSet hears of a change of its pods or of its size. */
void sys_rs_soon(struct system *s, uint32_t pool, uint32_t set)
{
    struct sys_pool *p = &s->pools[pool];
    double u = sys_u(s, DRAW_RS_LAG, pool, p->n_draws++);

    sys_plan(s, rs_sync_us(&p->sets[set].rs, s->now_us, u), EV_RS_SYNC, pool,
             set);
}

/* As the Deployment sums them up: what the HPA sees. */
uint32_t sys_status_replicas(const struct sys_pool *p)
{
    return p->sets[0].rs.status_replicas + p->sets[1].rs.status_replicas;
}

/* The Deployment's spec.replicas is written. */
void sys_want(struct system *s, uint32_t pool, uint32_t replicas)
{
    struct sys_pool *p = &s->pools[pool];
    uint32_t was = (uint32_t)p->state.wanted;

    if (was == replicas)
        return;
    sys_scale_wake(s, pool);
    sys_poll_wake(s, pool);
    p->changed_us = s->now_us;
    sys_wanted_changed(s, pool, was, replicas);
    sys_count(s, pool, &p->state.wanted, (int32_t)replicas - (int32_t)was);
    sys_note(s, NOTE_SCALE, pool, was, replicas);
    if (p->rolling) {
        sys_rollout_scale(s, pool, was, replicas);
        return;
    }
    p->sets[p->set].spec = replicas;
    sys_rs_soon(s, pool, p->set);
}

static struct rs_pod_view view_of(const struct rs_params *rs,
                                  const struct sys_pod *p, uint32_t pod)
{
    return (struct rs_pod_view){
        .pod = pod,
        .node = p->phase == POD_BINDING ? NO_INDEX : p->node,
        .phase = p->phase == POD_RUNNING ? RS_RUNNING : RS_PENDING,
        .ready = p->ready,
        .restarts = p->n_restarts,
        .deletion_cost = p->n_builds > 0 ? rs->busy_cost : 0,
        .ready_us = p->ready_us,
        .created_us = p->created_us,
        .uid = p->uid,
    };
}

static void count_on_node(struct system *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s->ranked[i].node != NO_INDEX)
            s->nodes[s->ranked[i].node].view = 0;
    for (size_t i = 0; i < n; i++)
        if (s->ranked[i].node != NO_INDEX)
            s->nodes[s->ranked[i].node].view++;
    for (size_t i = 0; i < n; i++)
        if (s->ranked[i].node != NO_INDEX)
            s->ranked[i].on_node = s->nodes[s->ranked[i].node].view;
}

static size_t keep_set(struct system *s, size_t n, uint32_t set)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (sys_pod(s, s->ranked[i].pod)->set == set)
            s->ranked[kept++] = s->ranked[i];
    return kept;
}

static void delete_pods(struct system *s, uint32_t pool, uint32_t set,
                        uint32_t k)
{
    struct sys_pool *p = &s->pools[pool];
    struct rs *rs = &p->sets[set].rs;
    const struct sys_pod *pod;
    size_t n = 0;

    for (uint32_t i = p->first; i != NO_INDEX; i = pod->next) {
        pod = sys_pod(s, i);
        if (!is_active(pod))
            continue;
        s->ranked =
            mem_grow(s->ranked, &s->cap_ranked, n + 1, sizeof *s->ranked);
        s->ranked[n++] = view_of(rs->p, pod, i);
    }
    count_on_node(s, n); /* of both templates */
    n = keep_set(s, n, set);
    const uint32_t *victims = rs_victims(rs, s->ranked, n, k, s->now_us);
    for (uint32_t i = 0; i < k; i++)
        sys_plan(s, rs->at_us[i], EV_POD_DELETE, victims[i], 0);
}

void sys_on_rs_sync(struct system *s, uint32_t pool, uint32_t set)
{
    struct sys_pool *p = &s->pools[pool];
    struct sys_set *r = &p->sets[set];
    const struct fault *f;

    if (sys_fault(s, FAULT_CONTROLLER_RESTART, pool, &f)) {
        sys_plan(s, f->until_us, EV_RS_SYNC, pool, set);
        return;
    }
    bool status = r->n_active != r->rs.status_replicas;
    double u = sys_u(s, DRAW_RS_TRIP, pool, p->n_draws++);

    if (status) {
        sys_scale_wake(s, pool);
        p->changed_us = s->now_us;
    }
    bool refused =
        r->n_active < r->spec && sys_fault(s, FAULT_PODS_REFUSED, pool, &f);
    struct rs_plan plan =
        refused ? rs_on_refused(&r->rs, s->now_us, r->n_active, u)
                : rs_on_sync(&r->rs, s->now_us, r->n_active, r->spec, u);
    for (uint32_t i = 0; i < plan.n_create; i++)
        sys_plan(s, r->rs.at_us[i], EV_POD_CREATE, sys_pod_new(s, pool, set),
                 0);
    if (plan.n_delete > 0)
        delete_pods(s, pool, set, plan.n_delete);
    if (plan.again_us != SIM_NEVER)
        sys_plan(s, plan.again_us, EV_RS_SYNC, pool, set);
}

/* ------------------------------------------------------------ scheduling */

void sys_schedule_soon(struct system *s, uint32_t pool)
{
    if (s->pools[pool].schedule_planned || s->pools[pool].state.pending == 0)
        return;
    s->pools[pool].schedule_planned = true;
    sys_plan(s, s->now_us, EV_SCHEDULE, pool, 0);
}

/* There may be room that there was not. */
void sys_schedule_all(struct system *s)
{
    for (uint32_t i = members_next(&s->pending, 0); i != NO_INDEX;
         i = members_next(&s->pending, i + 1))
        sys_schedule_soon(s, i);
}

/* The nodes as kube-scheduler sees them for a pod of this pool. */
static size_t view_nodes(struct system *s, uint32_t pool)
{
    const struct sys_pool *p = &s->pools[pool];
    size_t n = 0;

    for (size_t i = 0; i < s->karp.n_live; i++) {
        uint32_t node = s->karp.live[i];
        const struct karp_node *k = &s->karp.nodes[node];
        if (k->phase != KARP_INITIALIZED || !(p->p->node_pools >> k->pool & 1))
            continue;
        s->views = mem_grow(s->views, &s->cap_views, n + 1, sizeof *s->views);
        s->view_node = mem_grow(s->view_node, &s->cap_view_node, n + 1,
                                sizeof *s->view_node);
        const struct karp_size *all =
            &s->p->karpenter.types[k->type].allocatable;
        s->views[n] = (struct sched_node){
            .alloc_mcpu = all->mcpu,
            .alloc_mib = all->mib,
            .used_mcpu = all->mcpu - k->room.mcpu + k->used.mcpu,
            .used_mib = all->mib - k->room.mib + k->used.mib,
            .zone = k->zone,
            .schedulable = k->ready && !karp_leaving(k),
            .matches = true,
        };
        s->nodes[node].view = (uint32_t)n;
        s->view_node[n++] = node;
    }
    return n;
}

static void count_owners(struct system *s, uint32_t pool)
{
    const struct sys_pod *p;

    for (uint32_t i = s->pools[pool].first; i != NO_INDEX; i = p->next) {
        p = sys_pod(s, i);
        if (p->node == NO_INDEX || p->terminating ||
            s->karp.nodes[p->node].phase != KARP_INITIALIZED)
            continue;
        s->views[s->nodes[p->node].view].n_owner++;
    }
}

static void bind(struct system *s, uint32_t pod, uint32_t view)
{
    struct sys_pod *p = sys_pod(s, pod);
    struct pool_state *state = &s->pools[p->pool].state;
    struct karp_size size = sys_request(s, p->pool);
    double u = sys_u(s, DRAW_BIND, sys_pod_identity(s, pod), 0);

    sys_pod_place(s, pod, s->view_node[view]);
    p->phase = POD_BINDING;
    s->views[view].used_mcpu += size.mcpu;
    s->views[view].used_mib += size.mib;
    s->views[view].n_owner++;
    sys_pending(s, pod, false);
    karp_on_pod_bound(&s->karp, s->now_us, p->node, size);
    sys_nodes_touched(s);
    sys_count_pending(s, p->pool, -1);
    sys_count(s, p->pool, &state->starting, +1);
    sys_plan(s, s->now_us + dist_us(&s->p->sched.bind, u, 1.0), EV_POD_BOUND,
             pod, p->generation);
}

/* The first pod that fits nowhere ends the round: the others ask for as much.
 */
void sys_on_schedule(struct system *s, uint32_t pool)
{
    struct sys_pool *p = &s->pools[pool];
    struct sched_pod wants = {p->p->request_mcpu, p->p->request_mib};
    struct sys_pod *pod;
    size_t n = view_nodes(s, pool);
    bool room = n > 0;

    p->schedule_planned = false;
    count_owners(s, pool);
    for (uint32_t i = p->first; i != NO_INDEX; i = pod->next) {
        pod = sys_pod(s, i);
        if (pod->phase != POD_PENDING)
            continue;
        uint64_t id = sys_pod_identity(s, i);
        uint32_t view = NO_INDEX;
        if (room)
            view = sched_pick(s->views, n, &wants, sys_u(s, DRAW_SCHED, id, 0));
        if (view != NO_INDEX) {
            bind(s, i, view);
            continue;
        }
        room = false;
        if (pod->noticed)
            continue;
        pod->noticed = true;
        sim_us delay_us = dist_us(&s->p->karpenter.trigger,
                                  sys_u(s, DRAW_TRIGGER, id, 0), 1.0);
        sys_plan(s, s->now_us + delay_us, EV_POD_TRIGGER, i, 0);
    }
}

/* ------------------------------------------------------------ the start */

/* The pods that exist before the history; their nodes come next. */
void sys_pods_start(struct system *s)
{
    for (uint32_t pool = 0; pool < s->p->n_pools; pool++) {
        struct sys_pool *p = &s->pools[pool];
        sys_count(s, pool, &p->state.wanted, (int32_t)p->p->replicas);
        for (uint32_t i = 0; i < p->p->replicas; i++) {
            uint32_t pod = sys_pod_new(s, pool, p->set);
            sys_pod(s, pod)->phase = POD_PENDING;
            sys_pod(s, pod)->created_us = -US_PER_H;
            p->sets[p->set].n_active++;
            sys_count_pending(s, pool, +1);
        }
        p->sets[p->set].spec = p->p->replicas;
        p->sets[p->set].rs.status_replicas = p->p->replicas;
    }
}

/* Pods that got a node at once have been ready for an hour; those for which
 * there is none are pending.
 */
void sys_pods_settle(struct system *s)
{
    for (uint32_t pool = 0; pool < s->p->n_pools; pool++) {
        sys_on_schedule(s, pool);
        for (uint32_t i = s->pools[pool].first; i != NO_INDEX;
             i = sys_pod(s, i)->next)
            if (sys_pod(s, i)->phase == POD_BINDING)
                sys_pod_settle(s, i);
    }
}

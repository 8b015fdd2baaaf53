/* system_view.c - reads the state, changes nothing. */
#include "models/system_view.h"

#include "models/system_parts.h"

/* ------------------------------------------------------------ balancer */

void system_view_backend(const struct system *s, size_t backend,
                         struct view_backend *out)
{
    *out = (struct view_backend){
        .listening = s->lb.listening,
        .dialled = s->pool_on_backend[backend] != NO_INDEX,
        .sessions = lb_sessions(&s->lb, (uint32_t)backend),
        .queue = lb_queue(&s->lb, (uint32_t)backend),
        .servers_up = lb_active_servers(&s->lb, (uint32_t)backend),
        .gauges = s->lb.backends[backend].gauges,
    };
}

void system_view_server(const struct system *s, size_t backend, size_t slot,
                        struct view_server *out)
{
    const struct lb_slot *x = &s->lb.backends[backend].slots.slots[slot];

    *out = (struct view_server){
        .placed = x->pod != NO_INDEX,
        .up = x->up,
        .sessions = x->served,
    };
}

/* ------------------------------------------------------------ pools */

/* The HPA wrote its status long before the history; until its first sync here
 * that was the present size.
 */
static void view_hpa(const struct sys_pool *p, struct view_pool *out)
{
    const struct hpa_status *status = &p->hpa.status;
    bool synced = status->conditions.able != HPA_NOT_SET;

    out->hpa_min = p->p->hpa.min;
    out->hpa_max = p->p->hpa.max;
    out->hpa_current = synced ? status->current : out->replicas;
    out->hpa_desired = synced ? status->desired : out->spec;
}

void system_view_pool(const struct system *s, size_t pool,
                      struct view_pool *out)
{
    const struct sys_pool *p = &s->pools[pool];
    const struct fault *f;

    *out = (struct view_pool){
        .spec = (uint32_t)p->state.wanted,
        .replicas = sys_status_replicas(p),
        .updated = p->sets[p->set].rs.status_replicas,
        .ready = p->sets[0].n_ready + p->sets[1].n_ready,
        .scaled = p->p->autoscaled && !p->p->keda.paused,
        .operator_down = sys_fault(s, FAULT_KEDA_RESTART, (uint32_t)pool, &f),
        .keda = &p->keda.seen,
    };
    view_hpa(p, out);
}

/* ------------------------------------------------------------ pods */

void system_view_pod(const struct system *s, uint32_t pod, struct view_pod *out)
{
    const struct sys_pod *p = sys_pod(s, pod);

    *out = (struct view_pod){
        .exists = p->phase != POD_PLANNED,
        .running = p->phase == POD_RUNNING || p->phase == POD_STOPPING,
        .ready = p->ready,
        .terminating = p->terminating,
        .node = p->node,
    };
}

uint32_t system_view_next_pod(const struct system *s, size_t pool, uint32_t pod)
{
    return pod == NO_INDEX ? s->pools[pool].first : sys_pod(s, pod)->next;
}

/* ------------------------------------------------------------ nodes */

static bool has_instance(const struct karp_node *n)
{
    return n->phase >= KARP_LAUNCHED && n->phase < KARP_GONE;
}

void system_view_node(const struct system *s, size_t node,
                      struct view_node *out)
{
    const struct karp_node *n = &s->karp.nodes[node];

    *out = (struct view_node){
        .node_pool = n->pool,
        .is_replacement = s->nodes[node].replaces != NO_INDEX,
        .drifted = n->drifted_us != SIM_NEVER,
        .launched = n->launched_us != SIM_NEVER,
    };
}

void system_view_node_pool(const struct system *s, size_t node_pool,
                           struct view_node_pool *out)
{
    *out = (struct view_node_pool){0};
    for (size_t i = 0; i < s->karp.n_live; i++) {
        const struct karp_node *n = &s->karp.nodes[s->karp.live[i]];
        if (n->pool != node_pool || !has_instance(n) ||
            n->phase >= KARP_DRAINING)
            continue;
        const struct karp_size *c = &s->p->karpenter.types[n->type].capacity;
        out->n_nodes++;
        out->used.mcpu += c->mcpu;
        out->used.mib += c->mib;
    }
}

uint32_t system_view_nodes(const struct system *s)
{
    uint32_t n = 0;

    for (size_t i = 0; i < s->karp.n_live; i++)
        n += has_instance(&s->karp.nodes[s->karp.live[i]]);
    return n;
}

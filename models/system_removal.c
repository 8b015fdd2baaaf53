/* system_removal.c - nodes that go although pods run on them: expiry, drift
 * with a replacement first, and instances that are lost.
 */
#include "models/system_parts.h"

/* Until the control plane believes that a silent node is not ready. */
#define NOT_READY_US (40 * US_PER_S)
/* Between two looks for claims whose instance the cloud no longer lists. */
#define COLLECT_US (120 * US_PER_S)
/* The longest back-off of an eviction that the budget refused. */
#define EVICT_AGAIN_US (10 * US_PER_S)

/* ------------------------------------------------------------ eviction */

static bool on_node(const struct sys_pod *p, uint32_t node)
{
    return p->node == node && !p->terminating && p->phase != POD_GONE;
}

/* Whether the PodDisruptionBudget lets one more pod go. */
static bool may_evict(const struct sys_pool *p)
{
    int32_t healthy = p->state.ready;

    if (p->p->pdb_max_unavailable >= 0 &&
        healthy <= p->state.wanted - p->p->pdb_max_unavailable)
        return false;
    return healthy > (int32_t)p->p->pdb_min_available;
}

/* Evicts what the budgets allow; returns false if pods are left. */
static bool evict_pool(struct system *s, uint32_t pool, uint32_t node)
{
    uint32_t next;
    bool any = false, all = true;

    for (uint32_t i = s->pools[pool].first; i != NO_INDEX; i = next) {
        next = s->pods[i].next;
        if (!on_node(&s->pods[i], node))
            continue;
        if (s->pods[i].ready && !may_evict(&s->pools[pool])) {
            all = false;
            continue;
        }
        sys_note(s, NOTE_POD_EVICTED, pool, i, node);
        sys_delete(s, i);
        any = true;
    }
    for (uint32_t set = 0; any && set < 2; set++)
        sys_rs_soon(s, pool, set);
    return all;
}

/* The pods of a node that is deleted: Karpenter evicts them, through their
 * budgets, for as long as it takes.
 */
void sys_on_evict(struct system *s, uint32_t node)
{
    bool all = true;

    if (s->karp.nodes[node].phase != KARP_DRAINING)
        return;
    for (uint32_t pool = 0; pool < s->p->n_pools; pool++)
        if (!evict_pool(s, pool, node))
            all = false;
    if (!all)
        sys_plan(s, s->now_us + EVICT_AGAIN_US, EV_NODE_EVICT, node, 0);
}

static void marked(struct system *s, uint32_t node)
{
    sys_node_marked(s, node);
    sys_on_evict(s, node);
}

/* Expiry asks nobody. */
void sys_on_expiry(struct system *s, uint32_t node)
{
    if (s->karp.nodes[node].phase != KARP_INITIALIZED ||
        !karp_mark(&s->karp, s->now_us, node))
        return;
    sys_note(s, NOTE_NODE_EXPIRED, sys_payer(s, node), node, 0);
    marked(s, node);
}

/* ------------------------------------------------------------ drift */

static void replaced(struct system *s, uint32_t node, bool ok)
{
    karp_disrupt_on_replaced(&s->karp, s->now_us, node, ok);
    if (s->karp.nodes[node].phase == KARP_DRAINING)
        marked(s, node);
    sys_nodes_touched(s);
}

/* A drifted node with pods: room for them is made elsewhere first. */
void sys_replace(struct system *s, uint32_t node)
{
    size_t n = 0;

    for (uint32_t pool = 0; pool < s->p->n_pools; pool++)
        for (uint32_t i = s->pools[pool].first; i != NO_INDEX;
             i = s->pods[i].next)
            if (on_node(&s->pods[i], node))
                sys_unplaced(s, n++, i);
    size_t n_claims = sys_solve(s, n);
    for (size_t i = 0; i < n; i++)
        if (s->unplaced[i].node == NO_INDEX) {
            replaced(s, node, false);
            return;
        }
    s->nodes[node].n_replacements = (uint32_t)n_claims;
    for (size_t i = s->karp.n_nodes - n_claims; i < s->karp.n_nodes; i++)
        s->nodes[i].replaces = node;
    sys_request_claims(s, n_claims, sys_solve_us(s));
    if (n_claims == 0)
        replaced(s, node, true);
}

void sys_replacement_ready(struct system *s, uint32_t claim)
{
    uint32_t node = s->nodes[claim].replaces;

    s->nodes[claim].replaces = NO_INDEX;
    if (node != NO_INDEX && --s->nodes[node].n_replacements == 0)
        replaced(s, node, true);
}

void sys_replacement_failed(struct system *s, uint32_t claim)
{
    uint32_t node = s->nodes[claim].replaces;

    s->nodes[claim].replaces = NO_INDEX;
    if (node != NO_INDEX)
        replaced(s, node, false);
}

/* A candidate must be one whose pods may be evicted now. */
void sys_block_nodes(struct system *s)
{
    for (size_t i = 0; i < s->karp.n_live; i++) {
        uint32_t node = s->karp.live[i];
        uint32_t pool = sys_payer(s, node);
        if (s->karp.nodes[node].phase == KARP_INITIALIZED)
            karp_on_blocked(&s->karp, s->now_us, node,
                            s->karp.nodes[node].n_active > 0 &&
                                !may_evict(&s->pools[pool]));
    }
    sys_nodes_touched(s);
}

/* ------------------------------------------------------------ loss */

/* The instance is gone from one moment to the next. Nobody is told: builds on
 * it hang, dials get no answer.
 */
void sys_node_lost(struct system *s, uint32_t node)
{
    uint32_t pool = sys_payer(s, node);
    double u = sys_u(s, DRAW_LOST, node, 0);
    sim_us seen_us = s->now_us + NOT_READY_US;

    sys_node_stopped(s, node);
    s->nodes[node].lost = true;
    for (uint32_t i = 0; i < s->p->n_pools; i++)
        for (uint32_t pod = s->pools[i].first; pod != NO_INDEX;
             pod = s->pods[pod].next)
            if (s->pods[pod].node == node) {
                sys_port(s, pod);
                sys_pace(s, pod);
            }
    sys_note(s, NOTE_NODE_TERMINATED, pool, node, 1);
    sys_plan(s, seen_us, EV_NODE_SILENT, node, 0);
    sys_plan(s, seen_us + (sim_us)(u * (double)COLLECT_US), EV_NODE_COLLECT,
             node, 0);
}

/* It counts as not ready, and so do its pods. */
void sys_on_silent(struct system *s, uint32_t node)
{
    if (s->karp.nodes[node].phase == KARP_GONE)
        return;
    karp_on_ready(&s->karp, s->now_us, node, false);
    for (uint32_t pool = 0; pool < s->p->n_pools; pool++)
        for (uint32_t i = s->pools[pool].first; i != NO_INDEX;
             i = s->pods[i].next)
            if (s->pods[i].node == node)
                sys_pod_silent(s, i);
    sys_nodes_touched(s);
}

/* Its claim and its pods are deleted; the ReplicaSet makes new ones. */
void sys_on_collect(struct system *s, uint32_t node)
{
    if (s->karp.nodes[node].phase == KARP_GONE)
        return;
    sys_pods_lost(s, node);
    karp_on_gone(&s->karp, s->now_us, node);
    sys_nodes_touched(s);
}

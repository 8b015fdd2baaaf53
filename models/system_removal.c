/* system_removal.c - nodes that go although pods run on them: expiry, and drift
 * with a replacement first.
 */
#include "models/system_parts.h"

/* The longest back-off of an eviction that the budget refused. */
#define EVICT_AGAIN_US (10 * US_PER_S)

/* ------------------------------------------------------------ eviction */

/* Whether the PodDisruptionBudget lets one more pod go. */
static bool may_evict(const struct sys_pool *p)
{
    int32_t healthy = p->state.ready;

    if (p->p->pdb_max_unavailable >= 0 &&
        healthy <= p->state.wanted - p->p->pdb_max_unavailable)
        return false;
    return healthy > (int32_t)p->p->pdb_min_available;
}

/* Evicts what the budget allows, from the pod on, of the pods of its pool on
 * the node; *left if some are left. Returns the first of another pool.
 */
static uint32_t evict_pool(struct system *s, uint32_t pod, bool *left)
{
    uint32_t pool = sys_pod(s, pod)->pool, node = sys_pod(s, pod)->node, next;
    bool any = false;

    for (; pod != NO_INDEX && sys_pod(s, pod)->pool == pool; pod = next) {
        next = sys_pod(s, pod)->next_on_node;
        if (sys_pod(s, pod)->terminating)
            continue;
        if (sys_pod(s, pod)->ready && !may_evict(&s->pools[pool])) {
            *left = true;
            continue;
        }
        sys_note(s, NOTE_POD_EVICTED, pool, pod, node);
        sys_delete(s, pod);
        any = true;
    }
    for (uint32_t set = 0; any && set < 2; set++)
        sys_rs_soon(s, pool, set);
    return pod;
}

/* The pods of a node that is deleted: Karpenter evicts them, through their
 * budgets, for as long as it takes.
 */
void sys_on_evict(struct system *s, uint32_t node)
{
    uint32_t pod = s->nodes[node].first_pod;
    bool left = false;

    if (s->karp.nodes[node].phase != KARP_DRAINING)
        return;
    while (pod != NO_INDEX)
        pod = evict_pool(s, pod, &left);
    if (left)
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

    for (uint32_t i = s->nodes[node].first_pod; i != NO_INDEX;
         i = sys_pod(s, i)->next_on_node)
        if (!sys_pod(s, i)->terminating)
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

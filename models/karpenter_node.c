#include "models/karpenter_node.h"

#include "models/karpenter_disrupt.h"

#include <assert.h>
#include <string.h>

/* Karpenter keeps instants in whole seconds. */
static sim_us whole_s(sim_us us)
{
    return us - us % US_PER_S;
}

static sim_us sum_us(sim_us from, sim_us after)
{
    return from > 0 && after > SIM_NEVER - from ? SIM_NEVER : from + after;
}

/* Every change of state goes through here: the loop's grid comes first. */
static struct karp_node *changing(struct karp *k, sim_us now_us, uint32_t node)
{
    assert(node < k->n_nodes);
    karp_disrupt_forward(k, now_us);
    return &k->nodes[node];
}

void karp_on_aged(struct karp *k, uint32_t node, sim_us age_us)
{
    k->nodes[node].claimed_us -= age_us;
    karp_tell(k->p->watch, k->nodes[node].claimed_us, KARP_NODE_AGED, node, 0);
}

void karp_on_registered(struct karp *k, sim_us now_us, uint32_t node)
{
    struct karp_node *n = changing(k, now_us, node);

    if (n->phase >= KARP_TERMINATING)
        return;
    n->registered_us = now_us;
    if (n->phase == KARP_LAUNCHED)
        n->phase = KARP_REGISTERED;
    karp_tell(k->p->watch, now_us, KARP_NODE_REGISTERED, node, 0);
}

void karp_on_initialized(struct karp *k, sim_us now_us, uint32_t node)
{
    struct karp_node *n = changing(k, now_us, node);

    if (n->phase >= KARP_TERMINATING)
        return;
    n->initialized_us = whole_s(now_us);
    n->ready = true;
    if (n->phase == KARP_REGISTERED)
        n->phase = KARP_INITIALIZED;
    karp_watch(k, node);
    karp_tell(k->p->watch, now_us, KARP_NODE_INITIALIZED, node, 0);
}

void karp_on_ready(struct karp *k, sim_us now_us, uint32_t node, bool ready)
{
    changing(k, now_us, node)->ready = ready;
    karp_tell(k->p->watch, now_us, ready ? KARP_NODE_READY : KARP_NODE_UNREADY,
              node, 0);
}

void karp_on_blocked(struct karp *k, sim_us now_us, uint32_t node, bool blocked)
{
    struct karp_node *n = changing(k, now_us, node);

    if (n->blocked == blocked)
        return;
    n->blocked = blocked;
    karp_tell(k->p->watch, now_us,
              blocked ? KARP_NODE_BLOCKED : KARP_NODE_UNBLOCKED, node, 0);
}

/* Restarts the clock of consolidateAfter. */
static void note_pod_event(const struct karp *k, struct karp_node *n,
                           sim_us now_us)
{
    if (n->pod_event_us != SIM_NEVER &&
        now_us - n->pod_event_us < k->p->dedupe_us)
        return;
    n->pod_event_us = whole_s(now_us);
}

void karp_on_pod_bound(struct karp *k, sim_us now_us, uint32_t node,
                       struct karp_size size)
{
    struct karp_node *n = changing(k, now_us, node);

    n->used.mcpu += size.mcpu;
    n->used.mib += size.mib;
    n->n_active++;
    note_pod_event(k, n, now_us);
    karp_tell(k->p->watch, now_us, KARP_POD_BOUND, node, 0);
}

void karp_on_pod_terminating(struct karp *k, sim_us now_us, uint32_t node)
{
    struct karp_node *n = changing(k, now_us, node);

    assert(n->n_active > 0);
    n->n_active--;
    n->n_terminating++;
    karp_watch(k, node);
    note_pod_event(k, n, now_us);
    karp_tell(k->p->watch, now_us, KARP_POD_TERMINATING, node, 0);
}

/* Takes a pod off the node; true if that was what a drain waited for. */
static bool take_off(struct karp *k, sim_us now_us, uint32_t node,
                     struct karp_size size, bool terminating)
{
    struct karp_node *n = &k->nodes[node];
    uint32_t *n_pods = terminating ? &n->n_terminating : &n->n_active;

    assert(*n_pods > 0);
    (*n_pods)--;
    n->used.mcpu -= size.mcpu;
    n->used.mib -= size.mib;
    karp_watch(k, node);
    if (n->phase != KARP_DRAINING || n->n_active + n->n_terminating > 0)
        return false;
    n->drained_us = now_us;
    return true;
}

bool karp_on_pod_terminal(struct karp *k, sim_us now_us, uint32_t node,
                          struct karp_size size, bool terminating)
{
    struct karp_node *n = changing(k, now_us, node);

    note_pod_event(k, n, now_us);
    karp_tell(k->p->watch, now_us, KARP_POD_TERMINAL, node, terminating);
    return take_off(k, now_us, node, size, terminating);
}

bool karp_on_pod_lost(struct karp *k, sim_us now_us, uint32_t node,
                      struct karp_size size, bool terminating)
{
    changing(k, now_us, node);
    karp_tell(k->p->watch, now_us, KARP_POD_LOST, node, terminating);
    return take_off(k, now_us, node, size, terminating);
}

sim_us karp_consolidatable_us(const struct karp *k, uint32_t node)
{
    const struct karp_node *n = &k->nodes[node];
    sim_us after_us = k->p->pools[n->pool].consolidate_after_us;
    sim_us base_us = n->pod_event_us;

    if (n->initialized_us == SIM_NEVER || after_us == SIM_NEVER)
        return SIM_NEVER;
    if (base_us == SIM_NEVER)
        base_us = n->initialized_us;
    sim_us due_us = sum_us(base_us, after_us);

    return due_us > n->initialized_us ? due_us : n->initialized_us;
}

sim_us karp_liveness_us(const struct karp *k, uint32_t node)
{
    const struct karp_node *n = &k->nodes[node];

    if (n->phase == KARP_CLAIMED)
        return n->claimed_us + k->p->launch_timeout_us;
    if (n->phase == KARP_LAUNCHED)
        return n->launched_us + k->p->register_timeout_us;
    return SIM_NEVER;
}

bool karp_on_liveness(struct karp *k, sim_us now_us, uint32_t node)
{
    if (now_us < karp_liveness_us(k, node))
        return false;
    return karp_mark(k, now_us, node);
}

sim_us karp_expiry_us(const struct karp *k, uint32_t node)
{
    const struct karp_node *n = &k->nodes[node];

    return sum_us(n->claimed_us, k->p->pools[n->pool].expire_after_us);
}

bool karp_mark(struct karp *k, sim_us now_us, uint32_t node)
{
    struct karp_node *n = changing(k, now_us, node);

    if (n->phase >= KARP_DRAINING)
        return false;
    n->marked_us = now_us;
    n->queued = false;
    karp_tell(k->p->watch, now_us, KARP_NODE_MARKED, node, 0);
    if (n->phase == KARP_CLAIMED) {
        karp_on_gone(k, now_us, node);
        return true;
    }
    n->phase = KARP_DRAINING;
    if (n->n_active + n->n_terminating == 0)
        n->drained_us = now_us;
    if (n->registered_us != SIM_NEVER) /* a node object carries the taint */
        karp_batch_on_pending(&k->batch, now_us, KARP_NODE, node);
    return true;
}

bool karp_drained(const struct karp *k, uint32_t node)
{
    const struct karp_node *n = &k->nodes[node];

    return n->phase == KARP_DRAINING && n->drained_us != SIM_NEVER;
}

sim_us karp_terminate_us(const struct karp *k, uint32_t node, double u)
{
    const struct karp_node *n = &k->nodes[node];

    assert(karp_drained(k, node));
    if (n->registered_us == SIM_NEVER)
        return n->drained_us;
    sim_us least_us = n->marked_us + k->p->min_drain_us;
    sim_us due_us = n->drained_us + dist_us(&k->p->daemon_drain, u, 1.0);

    return due_us > least_us ? due_us : least_us;
}

void karp_on_terminate(struct karp *k, sim_us now_us, uint32_t node)
{
    struct karp_node *n = changing(k, now_us, node);

    if (n->phase != KARP_DRAINING)
        return;
    n->phase = KARP_TERMINATING;
    n->terminated_us = now_us;
    karp_tell(k->p->watch, now_us, KARP_NODE_TERMINATED, node, 0);
}

/* Takes the node out of the ascending list of live ones. */
static void bury(struct karp *k, uint32_t node)
{
    size_t low = 0, high = k->n_live;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (k->live[middle] < node)
            low = middle + 1;
        else
            high = middle;
    }
    assert(low < k->n_live && k->live[low] == node);
    k->n_live--;
    memmove(&k->live[low], &k->live[low + 1],
            (k->n_live - low) * sizeof *k->live);
}

void karp_on_gone(struct karp *k, sim_us now_us, uint32_t node)
{
    struct karp_node *n = changing(k, now_us, node);

    if (n->phase == KARP_GONE)
        return;
    assert(n->n_active + n->n_terminating == 0);
    if (n->phase == KARP_CLAIMED)
        k->n_unlaunched--;
    n->phase = KARP_GONE;
    n->queued = false;
    if (n->terminated_us == SIM_NEVER)
        n->terminated_us = now_us;
    bury(k, node);
    karp_tell(k->p->watch, now_us, KARP_NODE_GONE, node, 0);
    karp_batch_on_settled(&k->batch, now_us, KARP_NODE, node);
}

void karp_on_stop(struct karp *k, sim_us now_us)
{
    karp_disrupt_forward(k, now_us);
    karp_tell(k->p->watch, now_us, KARP_RESTARTED, 0, 0);
    k->loop.started = k->loop.validating = false;
    k->loop.next_us = SIM_NEVER;
}

void karp_on_restart(struct karp *k, sim_us now_us)
{
    karp_disrupt_forward(k, now_us);
    for (size_t i = 0; i < k->n_live; i++) {
        struct karp_node *n = &k->nodes[k->live[i]];
        n->nominated_us = 0;
        n->queued = false;
        if (n->n_active + n->n_terminating > 0)
            note_pod_event(k, n, now_us);
    }
    memset(k->away_us, 0, sizeof k->away_us);
    memset(k->zone_away_us, 0, sizeof k->zone_away_us);
    karp_batch_on_restart(&k->batch, now_us);
    karp_disrupt_start(k, now_us);
}

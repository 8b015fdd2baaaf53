#include "models/karpenter_state.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Pool a is asked before pool b. */
static bool goes_before(const struct karp_pool *a, const struct karp_pool *b)
{
    if (a->weight != b->weight)
        return a->weight > b->weight;
    return strcmp(a->name, b->name) > 0;
}

static void order_pools(struct karp *k)
{
    const struct karp_pool *pools = k->p->pools;

    for (uint32_t i = 0; i < k->p->n_pools; i++) {
        uint32_t at = i;
        for (; at > 0; at--) {
            if (!goes_before(&pools[i], &pools[k->pool_order[at - 1]]))
                break;
            k->pool_order[at] = k->pool_order[at - 1];
        }
        k->pool_order[at] = i;
    }
}

void karp_init(struct karp *k, const struct karp_params *p)
{
    assert(p->n_types <= KARP_TYPES && p->n_zones <= KARP_ZONES);
    assert(p->n_pools <= KARP_POOLS);
    assert(p->poll_us > 0 && p->unsynced_us > 0 && p->ice_sweep_us > 0);
    *k = (struct karp){.p = p};
    karp_batch_init(&k->batch, p->batch_idle_us, p->batch_max_us, p->repeat_us);
    k->batch.no_elision = p->no_elision;
    k->batch.watch = p->watch;
    order_pools(k);
    k->fault_used = mem_array(p->n_faults, sizeof *k->fault_used);
    k->loop.next_us = SIM_NEVER;
}

void karp_again(struct karp *k)
{
    karp_batch_again(&k->batch);
    k->n_nodes = k->n_live = k->n_watched = 0;
    k->n_refusals = 0;
    k->n_unlaunched = k->n_fleets = 0;
    memset(k->away_us, 0, sizeof k->away_us);
    memset(k->zone_away_us, 0, sizeof k->zone_away_us);
    memset(k->fault_used, 0, k->p->n_faults * sizeof *k->fault_used);
    k->loop = (struct karp_loop){
        .next_us = SIM_NEVER,
        .picks = k->loop.picks,
        .cap_picks = k->loop.cap_picks,
        .taken = k->loop.taken,
        .cap_taken = k->loop.cap_taken,
    };
}

void karp_free(struct karp *k)
{
    karp_batch_free(&k->batch);
    free(k->nodes);
    free(k->live);
    free(k->watched);
    free(k->refusals);
    free(k->fault_used);
    free(k->open);
    free(k->loop.picks);
    free(k->loop.taken);
    *k = (struct karp){0};
}

uint32_t karp_add(struct karp *k, sim_us now_us, uint32_t pool)
{
    uint32_t index = (uint32_t)k->n_nodes;

    assert(pool < k->p->n_pools && k->n_nodes < NO_INDEX);
    k->nodes =
        mem_grow(k->nodes, &k->cap_nodes, k->n_nodes + 1, sizeof *k->nodes);
    k->live = mem_grow(k->live, &k->cap_live, k->n_live + 1, sizeof *k->live);
    k->nodes[k->n_nodes++] = (struct karp_node){
        .pool = pool,
        .type = NO_INDEX,
        .zone = NO_INDEX,
        .claimed_us = now_us,
        .launched_us = SIM_NEVER,
        .registered_us = SIM_NEVER,
        .initialized_us = SIM_NEVER,
        .marked_us = SIM_NEVER,
        .drained_us = SIM_NEVER,
        .terminated_us = SIM_NEVER,
        .drifted_us = SIM_NEVER,
        .no_room_us = SIM_NEVER,
        .pod_event_us = SIM_NEVER,
    };
    k->live[k->n_live++] = index;
    k->n_unlaunched++;
    karp_tell(k->p->watch, now_us, KARP_NODE_CLAIMED, index, 0);
    return index;
}

void karp_watch(struct karp *k, uint32_t node)
{
    if (k->nodes[node].watched)
        return;
    k->nodes[node].watched = true;
    k->watched = mem_grow(k->watched, &k->cap_watched, k->n_watched + 1,
                          sizeof *k->watched);
    k->watched[k->n_watched++] = node;
}

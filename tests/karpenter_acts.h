/* karpenter_acts.h - what the small world does with a decision: a scheduler
 * that spreads, a cloud with constant latencies.
 */
#ifndef TESTS_KARPENTER_ACTS_H
#define TESTS_KARPENTER_ACTS_H

#include "tests/karpenter_world.h"

/* A pod that runs on an adopted node from the start. */
static inline uint32_t world_resident(struct world *w, uint32_t node)
{
    uint32_t pod = w->n_pods++;

    w->pods[pod] = (struct world_pod){.size = AMD_POD, .node = node};
    karp_on_pod_bound(&w->k, 0, node, AMD_POD);
    return pod;
}

/* The pod is deleted at at_us; its build ends at busy_until_us. */
static inline void world_delete(struct world *w, sim_us at_us, uint32_t pod,
                                sim_us busy_until_us)
{
    w->pods[pod].busy_until_us = busy_until_us;
    world_plan(w, at_us, WORLD_LEAVE, pod);
}

/* Most free cpu first, then the oldest. */
static inline uint32_t world_roomiest(const struct world *w,
                                      const struct world_pod *d)
{
    uint32_t best = NO_INDEX;
    int64_t most = -1;

    for (size_t i = 0; i < w->k.n_live; i++) {
        const struct karp_node *n = &w->k.nodes[w->k.live[i]];
        int64_t left = n->room.mcpu - n->used.mcpu;
        if (((d->pools >> n->pool) & 1) && left > most &&
            world_fits(&w->k, w->k.live[i], d->size)) {
            best = w->k.live[i];
            most = left;
        }
    }
    return best;
}

static inline void world_bind(struct world *w, sim_us now_us)
{
    for (uint32_t i = 0; i < w->n_pods; i++) {
        struct world_pod *d = &w->pods[i];
        if (d->node != NO_INDEX || d->gone || d->created_us > now_us)
            continue;
        uint32_t node = world_roomiest(w, d);
        if (node == NO_INDEX)
            continue;
        d->node = node;
        karp_on_pod_bound(&w->k, now_us, node, d->size);
        karp_batch_on_settled(&w->k.batch, now_us, KARP_POD, i);
        world_note(w, now_us, WORLD_BIND, i);
    }
}

static inline void world_leave(struct world *w, sim_us now_us, uint32_t pod)
{
    struct world_pod *d = &w->pods[pod];
    sim_us end_us = now_us + S(31);

    if (d->terminating || d->gone)
        return;
    if (d->node == NO_INDEX) {
        d->gone = true;
        karp_batch_on_settled(&w->k.batch, now_us, KARP_POD, pod);
        return;
    }
    d->terminating = true;
    karp_on_pod_terminating(&w->k, now_us, d->node);
    if (end_us < d->busy_until_us)
        end_us = d->busy_until_us;
    world_plan(w, end_us, WORLD_TERMINAL, pod);
}

static inline void world_drained(struct world *w, uint32_t node)
{
    w->p.daemon_drain = (struct dist){DIST_CONSTANT, w->drain_s, 0, 0, 1e6};
    if (karp_drained(&w->k, node))
        world_plan(w, karp_terminate_us(&w->k, node, 0.5), WORLD_TERMINATE,
                   node);
}

static inline void world_solve(struct world *w, sim_us now_us)
{
    struct karp_pod pods[WORLD_PODS];
    size_t n = 0;

    for (uint32_t i = 0; i < w->n_pods; i++) {
        const struct world_pod *d = &w->pods[i];
        if (d->node == NO_INDEX && !d->gone && d->created_us < now_us)
            pods[n++] =
                (struct karp_pod){i, d->pools, d->size, d->created_us, 0};
    }
    size_t first = w->k.n_nodes;
    size_t n_claims = karp_solve(&w->k, now_us, pods, n);

    for (size_t i = first; i < first + n_claims; i++) {
        world_note(w, now_us, WORLD_CLAIM, (uint32_t)i);
        world_plan(w, now_us + S(0.2), WORLD_REQUEST, (uint32_t)i);
        world_plan(w, karp_liveness_us(&w->k, (uint32_t)i), WORLD_LIVENESS,
                   (uint32_t)i);
    }
    world_plan(w, now_us + S(0.2), WORLD_SOLVED, 0);
}

static inline void world_request(struct world *w, sim_us now_us, uint32_t node)
{
    struct karp_answer a = karp_on_request(&w->k, now_us, node, 0.4);

    if (a.outcome == KARP_LAUNCHING)
        world_plan(w, now_us + w->launch_us, WORLD_LAUNCHED, node);
    if (a.outcome == KARP_REFUSED)
        world_plan(w, now_us + S(2), WORLD_REFUSED, node);
    if (a.outcome == KARP_RETRY)
        world_plan(w, now_us + a.retry_us, WORLD_REQUEST, node);
}

/* A replacement is not simulated: it is there after a minute. */
static inline void world_replaced(struct world *w, sim_us now_us, uint32_t node)
{
    karp_disrupt_on_replaced(&w->k, now_us, node, true);
    for (uint32_t i = 0; i < w->n_pods; i++)
        if (w->pods[i].node == node && !w->pods[i].gone)
            world_leave(w, now_us, i);
    world_drained(w, node);
}

static inline void world_loop(struct world *w, sim_us now_us)
{
    enum karp_disrupt_act act = karp_disrupt_on_due(&w->k, now_us);

    if (act == KARP_DISRUPT_VALIDATE)
        world_note(w, now_us, WORLD_VALIDATE, (uint32_t)w->k.loop.n_picks);
    for (size_t i = 0; i < w->k.loop.n_taken; i++) {
        uint32_t node = w->k.loop.taken[i];
        world_note(w, now_us, WORLD_MARK, node);
        if (act == KARP_DISRUPT_DRAIN)
            world_drained(w, node);
        else
            world_plan(w, now_us + S(60), WORLD_REPLACED, node);
    }
}

#endif

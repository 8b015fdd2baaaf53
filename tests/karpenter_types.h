/* karpenter_types.h - types and pools for the tests of Karpenter.
 */
#ifndef TESTS_KARPENTER_TYPES_H
#define TESTS_KARPENTER_TYPES_H

#include "models/karpenter_state.h"
#include "sim/upstream/karp_replay.h"
#include "tests/support.h"

#include <stdio.h>

#define S(seconds) us_from_s(seconds)

enum { LARGE, SMALL, ARM, N_WORLD_TYPES };

static const struct karp_size AMD_POD = {42000, 158720};
static const struct karp_size ARM_POD = {14000, 52224};

/* m6id.24xlarge (2 pods), m6id.12xlarge (1), m7gd.16xlarge (4 arm pods) in
 * three zones; sizes at 6 % overhead, by hand in test_catalog.c.
 */
static inline void world_types(struct karp_params *p)
{
    karp_defaults(p);
    p->n_types = N_WORLD_TYPES;
    p->n_zones = 3;
    p->types[LARGE] = (struct karp_type){
        "m6id.24xlarge", {96000, 369623}, {95690, 361161}, 5.6952, 7};
    p->types[SMALL] = (struct karp_type){
        "m6id.12xlarge", {48000, 184811}, {47810, 181882}, 2.8476, 7};
    p->types[ARM] = (struct karp_type){
        "m7gd.16xlarge", {64000, 246355}, {63770, 237893}, 3.4171, 7};
    p->batch_idle_us = p->batch_max_us = S(45);
}

/* One more pool of these types: 5 min, one node at a time, any size. */
static inline struct karp_pool *world_pool(struct karp_params *p,
                                           const char *name, uint64_t types)
{
    struct karp_pool *pool = &p->pools[p->n_pools++];

    karp_pool_defaults(pool, p);
    snprintf(pool->name, sizeof pool->name, "%s", name);
    pool->types = types;
    pool->consolidate_after_us = S(300);
    pool->budgets[0] = (struct karp_budget){.value = 1.0};
    return pool;
}

/* A pod of that size may bind now: initialized, ready, untainted, room. */
static inline bool world_fits(const struct karp *k, uint32_t node,
                              struct karp_size size)
{
    const struct karp_node *n = &k->nodes[node];

    return n->phase == KARP_INITIALIZED && n->ready && !n->queued &&
           n->used.mcpu + size.mcpu <= n->room.mcpu &&
           n->used.mib + size.mib <= n->room.mib;
}

#endif

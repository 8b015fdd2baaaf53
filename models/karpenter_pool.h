/* karpenter_pool.h - instance types and node pools.
 *
 * Models    what a NodePool and the list of instance types say, as numbers.
 * Source    kubernetes-sigs/karpenter v1.12.0, apis/v1/nodepool.go;
 *           cloudprovider/types.go.
 * Left out  requirements other than type and zone, capacity types, taints
 *           and labels (the caller turns them into a set of pools a pod).
 */
#ifndef MODELS_KARPENTER_POOL_H
#define MODELS_KARPENTER_POOL_H

#include "sim/base/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KARP_TYPES = 60, /* a set of types is one uint64_t; 60 fit one fleet */
    KARP_ZONES = 8,
    KARP_POOLS = 32, /* a set of pools is one uint32_t */
    KARP_BUDGETS = 8,
    KARP_NAME = 64
};
#define KARP_NO_LIMIT INT64_MAX

struct karp_size {
    int64_t mcpu, mib;
};

struct karp_type {
    char name[KARP_NAME];
    struct karp_size capacity;    /* modelled; what limits are charged with */
    struct karp_size allocatable; /* capacity less reserved and eviction */
    double usd_per_h;             /* >= 0 */
    uint32_t zones;               /* bit z: offered in zone z */
};

enum { KARP_EMPTY = 1, KARP_DRIFTED = 2 }; /* reasons of a disruption */

struct karp_span {
    sim_us from_us, until_us; /* [from, until) */
};

struct karp_budget {
    double value;     /* nodes, or percent of the pool's nodes; >= 0 */
    bool percent;     /* rounded up to whole nodes */
    uint32_t reasons; /* set of KARP_EMPTY, KARP_DRIFTED; 0 is all */
    bool scheduled;   /* holds only during active[n_active] */
    const struct karp_span *active; /* borrowed; ascending, disjoint */
    size_t n_active;
};

struct karp_pool {
    char name[KARP_NAME];
    uint64_t types; /* bit t: p->types[t] allowed */
    uint32_t zones; /* bit z: zone z allowed */
    int weight;     /* higher first; equal weights by name, descending */
    struct karp_size limit;      /* KARP_NO_LIMIT: none */
    struct karp_size daemon;     /* requests of DaemonSets, taken off first */
    double daemon_cost;          /* their part of the disruption cost */
    sim_us consolidate_after_us; /* SIM_NEVER: never */
    sim_us expire_after_us;      /* SIM_NEVER: never */
    struct karp_budget budgets[KARP_BUDGETS];
    size_t n_budgets; /* 0: unrestricted */
};

#endif

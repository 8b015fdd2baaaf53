/* fixture.h - a small pool, put together by hand, for tests of the system. */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include "models/catalog.h"
#include "models/system.h"

#include <string.h>

enum { FIXTURE_POOLS = 2 };

/* Parameters and a trace with one pool, or two, on m6id.24xlarge with two
 * pods a node.
 */
struct fixture {
    struct system_params p;
    struct pool_params pools[FIXTURE_POOLS];
    struct pool_link links[FIXTURE_POOLS];
    struct caller_params callers[2]; /* buildx, buildctl */
    struct lb_backend_params backends[FIXTURE_POOLS];
    struct trace t;
    uint32_t pool_of[64], caller_of[64];
};

static inline void fixture_pool(struct fixture *f, uint32_t i, uint32_t min,
                                uint32_t max)
{
    struct pool_params *p = &f->pools[i];
    struct keda_hpa hpa;

    memset(p, 0, sizeof *p);
    (void)snprintf(p->name, sizeof p->name, "pool%u", i);
    p->autoscaled = true;
    p->replicas = min;
    keda_defaults(&p->keda);
    p->keda.has_min = p->keda.has_max = true;
    p->keda.min = min;
    p->keda.max = max;
    p->keda.n_triggers = 1;
    keda_trigger_defaults(&p->keda.triggers[0]);
    keda_hpa_bounds(&p->keda, &hpa);
    hpa_defaults(&p->hpa);
    p->hpa.kubernetes_minor = 35;
    p->hpa.min = hpa.min;
    p->hpa.max = hpa.max;
    p->hpa.n_metrics = 1;
    p->hpa.metrics[0].target_milli = hpa.metrics[0].target_milli;
    rs_defaults(&p->rs);
    kubelet_defaults(&p->kubelet);
    drain_defaults(&p->drain);
    rollout_defaults(&p->rollout);
    p->has_drain = true;
    p->request_mcpu = 42000;
    p->request_mib = 158720;
    p->backend = i;
    p->node_pools = UINT32_C(1) << i;
    p->pdb_max_unavailable = -1;
    f->links[i] = (struct pool_link){i, i};
}

static inline void fixture_nodes(struct karp_params *k, uint32_t n_pools)
{
    const struct catalog_type *t = catalog_find("m6id.24xlarge");
    struct catalog_size all = catalog_capacity(t, 0.06);
    struct catalog_size room = catalog_allocatable(t, 0.06);

    karp_defaults(k);
    k->n_zones = 3;
    k->n_types = 1;
    k->types[0] = (struct karp_type){
        .name = "m6id.24xlarge",
        .capacity = {all.mcpu, all.mib},
        .allocatable = {room.mcpu, room.mib},
        .usd_per_h = 5.6952,
        .zones = 7,
    };
    for (uint32_t i = 0; i < n_pools; i++) {
        karp_pool_defaults(&k->pools[i], k);
        k->pools[i].consolidate_after_us = 300 * US_PER_S;
        k->pools[i].budgets[0] = (struct karp_budget){.value = 1};
    }
    k->n_pools = n_pools;
}

static inline void fixture_init(struct fixture *f, uint32_t n_pools,
                                uint32_t min, uint32_t max)
{
    memset(f, 0, sizeof *f);
    struct system_params *p = &f->p;
    for (uint32_t i = 0; i < n_pools; i++) {
        fixture_pool(f, i, min, max);
        lb_backend_defaults(&f->backends[i]);
        f->backends[i].name = "bk";
    }
    client_defaults(&f->callers[0].client, CLIENT_BUILDX);
    client_defaults(&f->callers[1].client, CLIENT_BUILDCTL);
    *p = (struct system_params){
        .pools = f->pools,
        .n_pools = n_pools,
        .links = f->links,
        .n_links = n_pools,
        .callers = f->callers,
        .n_callers = 2,
        .lb = {LB_3_1, f->backends, n_pools},
        .boot_factor = 1.0,
        .cold_factor = 1.0,
        .settle_us = 2 * US_PER_H,
        .regret_us = 600 * US_PER_S,
    };
    dns_defaults(&p->dns);
    sched_defaults(&p->sched);
    billing_defaults(&p->billing);
    fixture_nodes(&p->karpenter, n_pools);
    strings_add(&f->t.strings, "", 0);
}

/* A build of pool p, caller c, asked for at a time, that works for so long. */
static inline void fixture_build(struct fixture *f, uint32_t pool,
                                 uint32_t caller, double asked_s, double work_s)
{
    char name[32];
    int n = snprintf(name, sizeof name, "pool%u", pool);
    uint32_t pool_string = strings_add(&f->t.strings, name, (size_t)n);
    n = snprintf(name, sizeof name, "caller%u", caller);
    uint32_t caller_string = strings_add(&f->t.strings, name, (size_t)n);

    f->pool_of[pool_string] = pool;
    f->caller_of[caller_string] = caller;
    struct trace_build b = {
        .asked_us = us_from_s(asked_s),
        .work_us = us_from_s(work_s),
        .leaves_us = SIM_NEVER,
        .pool = pool_string,
        .caller = caller_string,
    };
    trace_add(&f->t, &b);
    f->t.span_us = us_from_s(asked_s) + 1;
}

static inline struct system *fixture_system(struct fixture *f)
{
    return system_new(&f->p, &f->t, f->pool_of, f->caller_of);
}

static inline void fixture_free(struct fixture *f)
{
    trace_free(&f->t);
}

#endif

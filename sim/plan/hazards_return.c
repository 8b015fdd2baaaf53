/* hazards_return.c - what a node carries, and whether it is given back. */
#include "sim/plan/hazards_parts.h"
#include "sim/plan/oracle.h"

#include <math.h>

enum { UNLIMITED = 1 << 30 };

static bool offers(const struct karp_params *k, uint32_t node_pool, uint32_t t,
                   const struct pool_params *pool)
{
    return (pool->node_pools >> node_pool & 1) &&
           (k->pools[node_pool].types >> t & 1) &&
           oracle_pods_per_node(k, node_pool, t, pool) > 0;
}

/* ------------------------------------------------------------ a node */

static int64_t whole_pods(const struct karp_size *has,
                          const struct pool_params *pool)
{
    int64_t by_cpu = UNLIMITED, by_mib = UNLIMITED;

    if (pool->request_mcpu > 0)
        by_cpu = has->mcpu / pool->request_mcpu;
    if (pool->request_mib > 0)
        by_mib = has->mib / pool->request_mib;
    return by_cpu < by_mib ? by_cpu : by_mib;
}

/* Requests that fit the machine and not what is left of it for pods. */
static void check_reserve(struct hazard_search *h,
                          const struct pool_params *pool, uint32_t node_pool,
                          uint32_t t)
{
    const struct karp_params *k = &h->p->karpenter;
    const struct karp_type *type = &k->types[t];
    const struct karp_size *daemon = &k->pools[node_pool].daemon;
    int64_t nominal = whole_pods(&type->capacity, pool);
    uint32_t carries = oracle_pods_per_node(k, node_pool, t, pool);

    if (nominal >= UNLIMITED || carries >= nominal)
        return;
    struct hazard *at = hazard_add(h, HAZARD_WARNING, "reserve-costs-a-pod");
    hazard_place(h, at, "Deployment", pool->name);
    hazard_what(at,
                "%ld pods of pool %s, %ldm and %ldMi each, would fill a %s, "
                "but system and DaemonSets leave %ldm and %ldMi: it carries "
                "%u",
                (long)nominal, pool->name, (long)pool->request_mcpu,
                (long)pool->request_mib, type->name,
                (long)(type->allocatable.mcpu - daemon->mcpu),
                (long)(type->allocatable.mib - daemon->mib), carries);
    hazard_advice(at, "lower the requests so that %ld fit", (long)nominal);
}

/* The kubelet takes a limited number of pods, whatever they ask for. */
static void check_pod_quota(struct hazard_search *h,
                            const struct pool_params *pool, uint32_t node_pool,
                            uint32_t t)
{
    const struct karp_params *k = &h->p->karpenter;
    uint32_t quota = h->s->facts[t].max_pods;
    uint32_t carries = oracle_pods_per_node(k, node_pool, t, pool);

    if (quota == 0 || carries <= quota)
        return;
    struct hazard *at = hazard_add(h, HAZARD_WARNING, "pods-per-node-quota");
    hazard_place(h, at, "Deployment", pool->name);
    hazard_what(at,
                "by their requests %u pods of pool %s fit a %s, whose kubelet "
                "takes %u pods in all, DaemonSets included",
                carries, pool->name, k->types[t].name, quota);
    hazard_advice(at, "raise the requests to what a build needs; drydock "
                      "packs by requests only");
}

/* ------------------------------------------------------------ sizes */

static void range_per_node(const struct karp_params *k, uint32_t node_pool,
                           const struct pool_params *pool, uint32_t *least,
                           uint32_t *most)
{
    *least = UINT32_MAX;
    *most = 0;
    for (uint32_t t = 0; t < k->n_types; t++) {
        uint32_t n = oracle_pods_per_node(k, node_pool, t, pool);
        if (!offers(k, node_pool, t, pool))
            continue;
        *least = n < *least ? n : *least;
        *most = n > *most ? n : *most;
    }
}

/* One pod at a time never asks for a node of two. */
static void check_weights(struct hazard_search *h,
                          const struct pool_params *pool, uint32_t node_pool)
{
    const struct karp_pool *p = &h->p->karpenter.pools[node_pool];
    uint32_t least, most, pods = hazard_most(pool);

    range_per_node(&h->p->karpenter, node_pool, pool, &least, &most);
    if (most <= least || least == 0)
        return;
    struct hazard *at = hazard_add(h, HAZARD_NOTE, "sizes-unweighted");
    hazard_place(h, at, "NodePool", p->name);
    hazard_what(at,
                "node pool %s offers sizes for %u and for %u pods of pool %s: "
                "growth by single pods takes the small one each time, %u "
                "nodes in place of %u, and removal of empty nodes never "
                "mends it",
                p->name, least, most, pool->name, (pods + least - 1) / least,
                (pods + most - 1) / most);
    hazard_advice(at, "give each size a node pool of its own, the large one "
                      "with the higher weight");
}

/* ------------------------------------------------------------ budgets */

/* Empty nodes that may go at once when the pool has so many. */
static double allowed(const struct karp_pool *p, double n_nodes)
{
    double least = n_nodes;

    for (size_t i = 0; i < p->n_budgets; i++) {
        const struct karp_budget *b = &p->budgets[i];
        double n = b->percent ? ceil(b->value / 100.0 * n_nodes) : b->value;
        if (b->scheduled || (b->reasons && !(b->reasons & KARP_EMPTY)))
            continue;
        least = n < least ? n : least;
    }
    return least;
}

static void tell_never(struct hazard_search *h, const struct karp_pool *p,
                       const char *why)
{
    struct hazard *at = hazard_add(h, HAZARD_WARNING, "nodes-never-return");

    hazard_place(h, at, "NodePool", p->name);
    hazard_what(at,
                "empty nodes of node pool %s are never given back: %s, so "
                "that a peak is paid for until the nodes expire",
                p->name, why);
    hazard_advice(at, "set consolidateAfter, and a budget of one node or more");
}

/* Terminating pods do not keep a node from counting as empty, so it may hold
 * the slot for as long as they drain.
 */
static void tell_slot(struct hazard_search *h, const struct pool_params *pool,
                      const struct karp_pool *p, double n_nodes)
{
    struct hazard *at = hazard_add(h, HAZARD_WARNING, "budget-slot-held");
    char grace[32];

    duration_print(pool->kubelet.grace_us, grace);
    hazard_place(h, at, "NodePool", p->name);
    hazard_what(at,
                "node pool %s gives back one node at a time, and a node whose "
                "pods only drain counts as empty: it may hold that slot for "
                "up to %s while the others of the %.0f nodes of a full pool "
                "%s stand empty",
                p->name, grace, n_nodes, pool->name);
    hazard_advice(at, "allow more nodes in spec.disruption.budgets: empty "
                      "nodes cost no build");
}

static void check_return(struct hazard_search *h,
                         const struct pool_params *pool, uint32_t node_pool)
{
    const struct karp_pool *p = &h->p->karpenter.pools[node_pool];
    uint32_t least, most;

    range_per_node(&h->p->karpenter, node_pool, pool, &least, &most);
    if (most == 0)
        return;
    double n_nodes = ceil((double)hazard_most(pool) / most);
    double n = allowed(p, n_nodes);
    if (p->consolidate_after_us == SIM_NEVER)
        tell_never(h, p, "consolidateAfter is Never");
    else if (n < 1.0)
        tell_never(h, p, "its budget allows none");
    else if (n < 2.0 && n_nodes >= 2.0 && pool->autoscaled && pool->has_drain)
        tell_slot(h, pool, p, n_nodes);
}

void hazards_return(struct hazard_search *h)
{
    const struct karp_params *k = &h->p->karpenter;

    for (size_t i = 0; i < h->p->n_pools; i++)
        for (uint32_t n = 0; n < k->n_pools; n++) {
            const struct pool_params *pool = &h->p->pools[i];
            if (!(pool->node_pools >> n & 1))
                continue;
            check_weights(h, pool, n);
            check_return(h, pool, n);
            for (uint32_t t = 0; t < k->n_types; t++) {
                if (!offers(k, n, t, pool))
                    continue;
                check_reserve(h, pool, n, t);
                check_pod_quota(h, pool, n, t);
            }
        }
}

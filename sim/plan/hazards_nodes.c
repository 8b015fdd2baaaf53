/* hazards_nodes.c - is there room for the pods that a pool may have? */
#include "sim/plan/hazards_parts.h"
#include "sim/plan/oracle.h"

#include <string.h>

/* Nodes of one type that a node pool's limits allow. */
static int64_t nodes_within(const struct karp_pool *p,
                            const struct karp_type *t)
{
    int64_t by_cpu = INT64_MAX, by_mib = INT64_MAX;

    if (p->limit.mcpu != KARP_NO_LIMIT && t->capacity.mcpu > 0)
        by_cpu = p->limit.mcpu / t->capacity.mcpu;
    if (p->limit.mib != KARP_NO_LIMIT && t->capacity.mib > 0)
        by_mib = p->limit.mib / t->capacity.mib;
    return by_cpu < by_mib ? by_cpu : by_mib;
}

/* The most pods of a pool that one node pool can carry. */
static int64_t room(const struct karp_params *k, uint32_t node_pool,
                    const struct pool_params *pool)
{
    const struct karp_pool *p = &k->pools[node_pool];
    int64_t most = 0;

    for (uint32_t t = 0; t < k->n_types; t++) {
        int64_t pods = oracle_pods_per_node(k, node_pool, t, pool);
        if (!(p->types >> t & 1) || pods == 0)
            continue;
        int64_t nodes = nodes_within(p, &k->types[t]);
        int64_t carries = nodes > UINT32_MAX ? UINT32_MAX : nodes * pods;
        if (carries > most)
            most = carries;
    }
    return most;
}

/* Nodes are charged with their cores; the type that spends the fewest a pod
 * goes furthest.
 */
static int64_t within_quota(const struct karp_params *k,
                            const struct pool_params *pool)
{
    int64_t most = 0;

    if (k->quota_mcpu == KARP_NO_LIMIT)
        return INT64_MAX;
    for (uint32_t i = 0; i < k->n_pools; i++)
        for (uint32_t t = 0; t < k->n_types; t++) {
            if (!(pool->node_pools >> i & 1) || !(k->pools[i].types >> t & 1) ||
                k->types[t].capacity.mcpu <= 0)
                continue;
            int64_t carries = k->quota_mcpu / k->types[t].capacity.mcpu *
                              oracle_pods_per_node(k, i, t, pool);
            most = carries > most ? carries : most;
        }
    return most;
}

static int64_t within_limits(const struct karp_params *k,
                             const struct pool_params *pool)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < k->n_pools; i++)
        if (pool->node_pools >> i & 1)
            sum += room(k, i, pool);
    return sum;
}

int64_t hazard_room(const struct system_params *p,
                    const struct pool_params *pool)
{
    int64_t limits = within_limits(&p->karpenter, pool);
    int64_t quota = within_quota(&p->karpenter, pool);

    return limits < quota ? limits : quota;
}

static void check_quota(struct hazard_search *h, const struct pool_params *pool)
{
    int64_t carries = within_quota(&h->p->karpenter, pool);

    if (carries >= hazard_most(pool))
        return;
    struct hazard *at = hazard_add(h, HAZARD_ERROR, "quota-below-maximum");
    hazard_what(at,
                "the account's quota of %.10g cores carries %ld pods of pool "
                "%s even if no other pool has any; its maximum is %u",
                (double)h->p->karpenter.quota_mcpu / 1000.0, (long)carries,
                pool->name, hazard_most(pool));
    hazard_advice(at, "ask for a larger quota of running on-demand cores, or "
                      "lower the maximum");
}

static void too_small(struct hazard_search *h, const struct pool_params *pool,
                      int64_t carries)
{
    struct hazard *at = hazard_add(h, HAZARD_ERROR, "no-room-for-maximum");

    if (carries == 0) {
        hazard_what(at, "no node pool can carry a pod of pool %s", pool->name);
        hazard_advice(at, "compare its requests, nodeSelector and tolerations "
                          "with the NodePools");
        return;
    }
    hazard_what(at,
                "limits of the node pools of pool %s are reached at %ld pods, "
                "its maximum is %u: the others stay pending",
                pool->name, (long)carries, hazard_most(pool));
    hazard_advice(at, "raise spec.limits to %.1f times what they are, or more",
                  (double)hazard_most(pool) / (double)carries);
}

static void check_each(struct hazard_search *h, const struct pool_params *pool,
                       uint32_t node_pool)
{
    const struct karp_pool *p = &h->p->karpenter.pools[node_pool];
    int64_t carries = room(&h->p->karpenter, node_pool, pool);

    if (carries >= hazard_most(pool))
        return;
    struct hazard *at = hazard_add(h, HAZARD_NOTE, "one-node-pool-too-small");
    hazard_place(h, at, "NodePool", p->name);
    hazard_what(at,
                "node pool %s alone can carry %ld of the %u pods that pool %s "
                "may have, if the other sizes are sold out",
                p->name, (long)carries, hazard_most(pool), pool->name);
    hazard_advice(at, "give every node pool the limits of the whole");
}

static void check_room(struct hazard_search *h, const struct pool_params *pool)
{
    int64_t sum = within_limits(&h->p->karpenter, pool);
    int n = __builtin_popcount(pool->node_pools);

    if (sum < hazard_most(pool)) {
        too_small(h, pool, sum);
        return;
    }
    for (uint32_t i = 0; n > 1 && i < h->p->karpenter.n_pools; i++)
        if (pool->node_pools >> i & 1)
            check_each(h, pool, i);
}

/* ------------------------------------------------------------ sizes */

/* Types that can carry the pool, over all node pools. */
static uint64_t useful_types(const struct karp_params *k,
                             const struct pool_params *pool)
{
    uint64_t all = 0;

    for (uint32_t i = 0; i < k->n_pools; i++)
        for (uint32_t t = 0; t < k->n_types; t++)
            if ((pool->node_pools >> i & 1) && (k->pools[i].types >> t & 1) &&
                oracle_pods_per_node(k, i, t, pool) > 0)
                all |= UINT64_C(1) << t;
    return all;
}

/* "m6id" of "m6id.24xlarge". */
static bool same_family(const char *a, const char *b)
{
    size_t n = strcspn(a, ".");

    return strncmp(a, b, n + 1) == 0;
}

static void check_types(struct hazard_search *h, const struct pool_params *pool)
{
    const struct karp_params *k = &h->p->karpenter;
    uint64_t types = useful_types(k, pool);
    const char *first = NULL;
    bool one_family = true;

    for (uint32_t t = 0; t < k->n_types; t++) {
        if (!(types >> t & 1))
            continue;
        first = first ? first : k->types[t].name;
        one_family = one_family && same_family(first, k->types[t].name);
    }
    if (!first || !one_family)
        return;
    bool one_size = (types & (types - 1)) == 0;
    struct hazard *at = hazard_add(h, one_size ? HAZARD_WARNING : HAZARD_NOTE,
                                   one_size ? "one-size" : "one-family");
    hazard_what(
        at, "pool %s can only run on %.*s: no growth while %s", pool->name,
        one_size ? (int)strlen(first) : (int)strcspn(first, "."), first,
        one_size ? "that size is sold out" : "the whole family is sold out");
    hazard_advice(at,
                  "add a node pool of another %s with a lower weight, with "
                  "the same limits",
                  one_size ? "size, then of another family" : "family");
}

void hazards_nodes(struct hazard_search *h)
{
    for (size_t i = 0; i < h->p->n_pools; i++) {
        check_room(h, &h->p->pools[i]);
        check_quota(h, &h->p->pools[i]);
        check_types(h, &h->p->pools[i]);
    }
}

#include "sim/upstream/karp_cluster.h"

#include "models/karpenter_launch.h"

#include <stdio.h>
#include <string.h>

/* ------------------------------------------------------------ what stays */

/* More than any limit, and still a quantity. */
static const struct karp_size unlimited = {INT64_C(1000000000000000),
                                           INT64_C(1000000000000)};

void karp_cluster_number(const struct karp_params *p,
                         uint32_t numbers[KARP_POOLS])
{
    for (size_t i = 0; i < p->n_pools; i++) {
        numbers[i] = 0;
        for (size_t j = 0; j < p->n_pools; j++)
            numbers[i] += strcmp(p->pools[j].name, p->pools[i].name) < 0;
    }
}

static json_t *size_json(struct karp_size s)
{
    return json_pack("{s:I, s:I}", "mcpu", (json_int_t)s.mcpu, "mib",
                     (json_int_t)s.mib);
}

/* The numbers of the bits that are set. */
static json_t *set_json(uint64_t set)
{
    json_t *list = json_array();

    for (int i = 0; i < 64; i++)
        if ((set >> i) & 1)
            json_array_append_new(list, json_integer(i));
    return list;
}

static json_t *types_json(const struct karp_params *p)
{
    json_t *list = json_array();

    for (size_t i = 0; i < p->n_types; i++) {
        const struct karp_type *t = &p->types[i];
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o, s:f}", "name", t->name, "capacity",
                            size_json(t->capacity), "allocatable",
                            size_json(t->allocatable), "usd", t->usd_per_h));
    }
    return list;
}

static json_t *limit_json(struct karp_size limit)
{
    if (limit.mcpu == KARP_NO_LIMIT && limit.mib == KARP_NO_LIMIT)
        return json_null();
    if (limit.mcpu == KARP_NO_LIMIT)
        limit.mcpu = unlimited.mcpu;
    if (limit.mib == KARP_NO_LIMIT)
        limit.mib = unlimited.mib;
    return size_json(limit);
}

static json_t *after_json(sim_us us)
{
    return us == SIM_NEVER ? json_null() : json_integer((json_int_t)us);
}

static json_t *budget_json(const struct karp_budget *b)
{
    json_t *reasons = json_array();
    char nodes[32];

    (void)snprintf(nodes, sizeof nodes, "%.15g%s", b->value,
                   b->percent ? "%" : "");
    if (b->reasons & KARP_EMPTY)
        json_array_append_new(reasons, json_string("Empty"));
    if (b->reasons & KARP_DRIFTED)
        json_array_append_new(reasons, json_string("Drifted"));
    return json_pack("{s:s, s:o}", "nodes", nodes, "reasons", reasons);
}

static json_t *pool_json(const struct karp_pool *p)
{
    json_t *budgets = json_array();

    for (size_t i = 0; i < p->n_budgets; i++)
        json_array_append_new(budgets, budget_json(&p->budgets[i]));
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "weight",
                     p->weight, "types", set_json(p->types), "zones",
                     set_json(p->zones), "limit", limit_json(p->limit),
                     "daemon", size_json(p->daemon), "daemons",
                     (json_int_t)(p->daemon_cost / 10.0), "after_us",
                     after_json(p->consolidate_after_us), "expire_us",
                     after_json(p->expire_after_us), "budgets", budgets);
}

static json_t *pools_json(const struct karp_params *p, const uint32_t numbers[])
{
    json_t *list = json_array();

    for (uint32_t at = 0; at < p->n_pools; at++)
        for (size_t i = 0; i < p->n_pools; i++)
            if (numbers[i] == at)
                json_array_append_new(list, pool_json(&p->pools[i]));
    return list;
}

json_t *karp_cluster_json(const struct karp_params *p, const char *kind,
                          const uint32_t numbers[])
{
    return json_pack("{s:s, s:I, s:I, s:I, s:o, s:o}", "kind", kind, "zones",
                     (json_int_t)p->n_zones, "idle_us",
                     (json_int_t)p->batch_idle_us, "max_us",
                     (json_int_t)p->batch_max_us, "types", types_json(p),
                     "pools", pools_json(p, numbers));
}

/* ------------------------------------------------------------ of a solve */

/* How far it came before it was marked, if it was. */
static const char *phase_name(const struct karp_node *n)
{
    if (n->initialized_us != SIM_NEVER)
        return "initialized";
    return n->registered_us != SIM_NEVER ? "registered" : "launched";
}

static json_t *node_json(const struct karp_node *n, const uint32_t numbers[])
{
    bool marked = karp_leaving(n);
    struct karp_size none = {0, 0};

    /* What is left on a marked node is about to end and asks for no other. */
    return json_pack(
        "{s:I, s:I, s:s, s:o, s:b, s:b}", "pool", (json_int_t)numbers[n->pool],
        "type", (json_int_t)n->type, "phase", phase_name(n), "used",
        size_json(marked ? none : n->used), "unready",
        n->initialized_us != SIM_NEVER && !n->ready, "marked", marked);
}

static json_t *away_json(const struct karp *k, sim_us now_us)
{
    json_t *list = json_array();

    for (uint32_t t = 0; t < k->p->n_types; t++)
        for (uint32_t z = 0; z < k->p->n_zones; z++)
            if (!karp_available(k, t, z, now_us))
                json_array_append_new(
                    list, json_pack("[I, I]", (json_int_t)t, (json_int_t)z));
    return list;
}

static json_t *pod_json(const struct karp *k, const struct karp_pod *pod,
                        const uint32_t numbers[])
{
    json_t *pools = json_array();

    for (size_t i = 0; i < k->p->n_pools; i++)
        if ((pod->pools >> i) & 1)
            json_array_append_new(pools, json_integer(numbers[i]));
    return json_pack("{s:o, s:o}", "size", size_json(pod->size), "pools",
                     pools);
}

void karp_cluster_solve(json_t *scenario, const struct karp *k, sim_us now_us,
                        const struct karp_pod pods[], size_t n,
                        const uint32_t numbers[])
{
    json_t *nodes = json_array(), *pending = json_array();

    for (size_t i = 0; i < k->n_live; i++)
        json_array_append_new(nodes, node_json(&k->nodes[k->live[i]], numbers));
    for (size_t i = 0; i < n; i++)
        json_array_append_new(pending, pod_json(k, &pods[i], numbers));
    json_object_set_new(scenario, "nodes", nodes);
    json_object_set_new(scenario, "away", away_json(k, now_us));
    json_object_set_new(scenario, "pending", pending);
}

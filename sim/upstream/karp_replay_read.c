#include "models/karpenter_disrupt.h"
#include "models/karpenter_node.h"
#include "sim/upstream/karp_replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_int_t karp_replay_int(const json_t *o, const char *key, json_int_t absent)
{
    const json_t *v = json_object_get(o, key);

    return json_is_integer(v) ? json_integer_value(v) : absent;
}

static struct karp_size size_of(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);

    return (struct karp_size){karp_replay_int(v, "mcpu", 0),
                              karp_replay_int(v, "mib", 0)};
}

static void read_types(const json_t *scenario, struct karp_params *p)
{
    const json_t *types = json_object_get(scenario, "types"), *o;
    uint32_t zones = (UINT32_C(1) << p->n_zones) - 1;

    for (size_t i = 0; (o = json_array_get(types, i)) && i < KARP_TYPES; i++) {
        struct karp_type *t = &p->types[p->n_types++];
        *t = (struct karp_type){
            .capacity = size_of(o, "capacity"),
            .allocatable = size_of(o, "allocatable"),
            .usd_per_h = json_number_value(json_object_get(o, "usd")),
            .zones = zones};
        (void)snprintf(t->name, sizeof t->name, "%s",
                       json_string_value(json_object_get(o, "name")));
    }
}

static uint32_t reasons_of(const json_t *list)
{
    uint32_t set = 0;
    const json_t *v;
    size_t i;

    json_array_foreach(list, i, v)
    {
        set |= strcmp(json_string_value(v), "Empty") == 0 ? KARP_EMPTY
                                                          : KARP_DRIFTED;
    }
    return set;
}

static void read_budgets(const json_t *list, struct karp_pool *pool)
{
    const json_t *o;

    pool->n_budgets = 0;
    for (size_t i = 0; (o = json_array_get(list, i)) && i < KARP_BUDGETS; i++) {
        char *end = NULL;
        struct karp_budget *b = &pool->budgets[pool->n_budgets++];
        *b = (struct karp_budget){
            .value =
                strtod(json_string_value(json_object_get(o, "nodes")), &end),
            .reasons = reasons_of(json_object_get(o, "reasons"))};
        b->percent = *end == '%';
    }
}

static void read_pool(const json_t *o, struct karp_params *p)
{
    const json_t *types = json_object_get(o, "types"), *v;
    size_t at = p->n_pools++, i;
    struct karp_pool *pool = &p->pools[at];

    karp_pool_defaults(pool, p);
    (void)snprintf(pool->name, sizeof pool->name, "pool-%02zu", at);
    pool->weight = (int)karp_replay_int(o, "weight", 0);
    pool->types = 0;
    json_array_foreach(types, i, v)
    {
        pool->types |= UINT64_C(1) << json_integer_value(v);
    }
    if (json_is_object(json_object_get(o, "limit")))
        pool->limit = size_of(o, "limit");
    pool->daemon = size_of(o, "daemon");
    /* Each is critical and counts as much as a pod can. */
    pool->daemon_cost = 10.0 * (double)karp_replay_int(o, "daemons", 0);
    pool->consolidate_after_us = karp_replay_int(o, "after_us", SIM_NEVER);
    pool->expire_after_us = karp_replay_int(o, "expire_us", SIM_NEVER);
    read_budgets(json_object_get(o, "budgets"), pool);
}

void karp_replay_read(const json_t *scenario, struct karp_params *p)
{
    const json_t *o;

    karp_defaults(p);
    p->batch_idle_us = karp_replay_int(scenario, "idle_us", p->batch_idle_us);
    p->batch_max_us = karp_replay_int(scenario, "max_us", p->batch_max_us);
    p->n_zones = (size_t)karp_replay_int(scenario, "zones", 1);
    read_types(scenario, p);
    for (size_t i = 0;
         (o = json_array_get(json_object_get(scenario, "pools"), i)) &&
         i < KARP_POOLS;
         i++)
        read_pool(o, p);
}

uint32_t karp_replay_adopt(struct karp *k, uint32_t pool, uint32_t type)
{
    const struct karp_type *t = &k->p->types[type];
    const struct karp_size daemon = k->p->pools[pool].daemon;
    uint32_t node = karp_add(k, 0, pool);
    struct karp_node *n = &k->nodes[node];

    k->n_unlaunched--;
    n->fleet = k->n_fleets++;
    n->types = UINT64_C(1) << type;
    n->type = type;
    n->zone = 0;
    n->room.mcpu = t->allocatable.mcpu - daemon.mcpu;
    n->room.mib = t->allocatable.mib - daemon.mib;
    n->phase = KARP_INITIALIZED;
    n->ready = true;
    n->launched_us = n->registered_us = n->initialized_us = 0;
    karp_watch(k, node);
    return node;
}

/* An earlier phase is put back. */
static void read_node(const json_t *o, struct karp *k)
{
    const char *phase = json_string_value(json_object_get(o, "phase"));
    uint32_t node =
        karp_replay_adopt(k, (uint32_t)karp_replay_int(o, "pool", 0),
                          (uint32_t)karp_replay_int(o, "type", 0));
    struct karp_node *n = &k->nodes[node];

    karp_on_aged(k, node, karp_replay_int(o, "age_s", 0) * US_PER_S);
    n->used = size_of(o, "used");
    n->n_active = n->used.mcpu > 0;
    if (strcmp(phase, "initialized") != 0) {
        n->phase =
            strcmp(phase, "launched") == 0 ? KARP_LAUNCHED : KARP_REGISTERED;
        n->initialized_us = SIM_NEVER;
        n->ready = false;
    }
    if (json_is_true(json_object_get(o, "unready")))
        karp_on_ready(k, 0, node, false);
    if (json_is_true(json_object_get(o, "marked")))
        karp_mark(k, 0, node);
}

void karp_replay_nodes(const json_t *scenario, struct karp *k)
{
    const json_t *list = json_object_get(scenario, "nodes"), *o;
    size_t i;

    json_array_foreach(list, i, o)
    {
        read_node(o, k);
    }
    list = json_object_get(scenario, "away");
    json_array_foreach(list, i, o)
    {
        k->away_us[json_integer_value(json_array_get(o, 0))]
                  [json_integer_value(json_array_get(o, 1))] = SIM_NEVER;
    }
}

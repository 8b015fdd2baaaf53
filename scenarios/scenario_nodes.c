#include "scenarios/scenario_build.h"

#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MAX_TYPES = 400 };

/* The catalogue with the scenario's own types before it. */
struct types {
    struct catalog_type at[MAX_TYPES];
    size_t n;
};

static int add_type(struct build *b, const struct yaml_node *name,
                    const struct yaml_node *entry, struct types *types)
{
    static const char *const keys[] = {"arch", "vcpu", "memory", "max_pods"};
    const char *arch = NULL;
    int64_t vcpu = 0, memory = 0, pods = 110;

    if (entry->kind != YAML_MAP || strlen(name->text) >= KARP_NAME)
        return yaml_fail(entry, b->err,
                         "an instance type must be a map with "
                         "arch, vcpu and memory");
    int rc = yaml_known(entry, keys, COUNT(keys), b->err);
    if (rc == ERR_OK)
        rc = yaml_text(entry, "arch", &arch, b->err);
    if (rc == ERR_OK)
        rc = yaml_int(entry, "vcpu", (struct yaml_range){1, 2048}, &vcpu,
                      b->err);
    if (rc == ERR_OK)
        rc = yaml_quantity(entry, "memory", &memory, b->err);
    if (rc == ERR_OK)
        rc = yaml_int(entry, "max_pods", (struct yaml_range){1, 10000}, &pods,
                      b->err);
    if (rc != ERR_OK)
        return rc;
    bool arm = arch && strcmp(arch, "arm64") == 0;
    if (!arch || (!arm && strcmp(arch, "amd64") != 0) || vcpu == 0 ||
        memory == 0)
        return yaml_fail(entry, b->err,
                         "an instance type needs arch (amd64 or "
                         "arm64), vcpu and memory");
    if (types->n == MAX_TYPES / 2)
        return yaml_fail(entry, b->err, "too many instance types");
    types->at[types->n++] =
        (struct catalog_type){.name = name->text,
                              .arch = arm ? "arm64" : "amd64",
                              .n_vcpu = (uint32_t)vcpu,
                              .max_pods = (uint32_t)pods,
                              .memory_mib = memory / 1000 / (1 << 20)};
    return ERR_OK;
}

static const struct catalog_type *find_type(const struct types *types,
                                            const char *name)
{
    for (size_t i = 0; i < types->n; i++)
        if (strcmp(types->at[i].name, name) == 0)
            return &types->at[i];
    return NULL;
}

static int collect_types(struct build *b, struct types *types)
{
    const struct yaml_node *added;
    size_t n;
    const struct catalog_type *known = catalog_types(&n);
    int rc = yaml_map(b->root, "instance_types", &added, b->err);

    for (size_t i = 0; rc == ERR_OK && added && i < added->n; i++)
        rc = add_type(b, added->items[i].key, added->items[i].value, types);
    for (size_t i = 0; i < n && types->n < MAX_TYPES; i++)
        if (!find_type(types, known[i].name))
            types->at[types->n++] = known[i];
    return rc;
}

/* A type that a NodePool names and nobody knows would silently be missing. */
static int check_names(struct build *b, const struct m_node_pool *p,
                       const struct types *types)
{
    for (size_t i = 0; p->requirements && i < p->requirements->n; i++) {
        const struct yaml_node *r = p->requirements->items[i].value;
        const struct yaml_node *values = yaml_get(r, "values");

        if (strcmp(yaml_get(r, "key")->text,
                   "node.kubernetes.io/instance-type") != 0)
            continue;
        for (size_t k = 0; values && k < values->n; k++)
            if (!find_type(types, values->items[k].value->text))
                return yaml_fail(values->items[k].value, b->err,
                                 "instance type %s is not known: describe it "
                                 "under instance_types in the scenario",
                                 values->items[k].value->text);
    }
    return ERR_OK;
}

static int add_zone(struct build *b, const struct yaml_node *at,
                    const char *name)
{
    struct karp_params *k = &b->s->system.karpenter;

    if (build_find_zone(b->s, name) != NO_INDEX)
        return ERR_OK;
    if (k->n_zones == KARP_ZONES || strlen(name) >= KARP_NAME || !*name)
        return yaml_fail(at, b->err, "1 to %d zones, with short names",
                         KARP_ZONES);
    snprintf(k->zones[k->n_zones++], KARP_NAME, "%s", name);
    return ERR_OK;
}

/* Zones that NodePools name; a requirement is well formed here. */
static int zones_of_pools(struct build *b)
{
    int rc = ERR_OK;

    for (size_t i = 0; i < b->n_node_pools; i++) {
        const struct yaml_node *list = b->node_pools[i].requirements;

        for (size_t k = 0; list && k < list->n; k++) {
            const struct yaml_node *r = list->items[k].value;
            const struct yaml_node *v = yaml_get(r, "values");
            bool zone = strcmp(yaml_get(r, "key")->text,
                               "topology.kubernetes.io/zone") == 0 &&
                        strcmp(yaml_get(r, "operator")->text, "In") == 0;

            for (size_t m = 0; zone && v && m < v->n && rc == ERR_OK; m++)
                rc = add_zone(b, v->items[m].value, v->items[m].value->text);
        }
    }
    return rc;
}

static int build_zones(struct build *b)
{
    const char *region = "us-east-2";
    const struct yaml_node *list = NULL;
    int rc = yaml_text(b->root, "region", &region, b->err);

    if (rc == ERR_OK)
        rc = yaml_list(b->root, "zones", &list, b->err);
    if (rc == ERR_OK && strlen(region) >= KARP_NAME - 1)
        return yaml_fail(b->root, b->err, "the name of the region is too long");
    snprintf(b->s->region, sizeof b->s->region, "%s", region);
    for (size_t i = 0; rc == ERR_OK && list && i < list->n; i++)
        rc = add_zone(b, list->items[i].value, list->items[i].value->text);
    if (rc == ERR_OK && !list)
        rc = zones_of_pools(b);
    for (char c = 'a'; rc == ERR_OK && !list && c <= 'c'; c++) {
        char name[KARP_NAME + 1];

        if (b->s->system.karpenter.n_zones > 0 && c == 'a')
            break;
        snprintf(name, sizeof name, "%s%c", region, c);
        rc = add_zone(b, b->root, name);
    }
    return rc;
}

/* Whether pods of any pool may run on a node pool. */
static bool carries_any(const struct build *b, const struct m_node_pool *p)
{
    for (uint32_t i = 0; i < b->s->system.n_pools; i++)
        if (m_pod_fits_pool(b->pods[i], p))
            return true;
    return false;
}

static uint32_t use_type(struct build *b, const struct catalog_type *t)
{
    struct karp_params *k = &b->s->system.karpenter;
    uint32_t have = build_find_type(b->s, t->name);

    if (have != NO_INDEX || k->n_types == KARP_TYPES)
        return have;
    struct catalog_price price = catalog_price(t, b->s->region);
    struct karp_type *type = &k->types[k->n_types];
    *type = (struct karp_type){.usd_per_h = price.usd_per_h,
                               .zones = (1U << k->n_zones) - 1U};
    snprintf(type->name, sizeof type->name, "%s", t->name);
    b->s->facts[k->n_types] = *t;
    return (uint32_t)k->n_types++;
}

static int fill_types(struct build *b, const struct m_node_pool *p,
                      const struct types *types, struct karp_pool *out)
{
    out->types = 0;
    for (size_t i = 0; i < types->n; i++) {
        if (!m_admits_type(p, &types->at[i]))
            continue;
        uint32_t type = use_type(b, &types->at[i]);
        if (type == NO_INDEX)
            return yaml_fail(p->node, b->err,
                             "the NodePools allow more than %d instance types "
                             "together",
                             KARP_TYPES);
        out->types |= UINT64_C(1) << type;
    }
    if (out->types == 0)
        return yaml_fail(p->node, b->err,
                         "NodePool %s allows no instance "
                         "type on demand that is known",
                         p->name);
    return ERR_OK;
}

/* The model knows which pools a pod may use, not which of their types. */
static int check_selector(struct build *b, const struct m_node_pool *p,
                          uint64_t types)
{
    const struct scenario *s = b->s;

    for (uint32_t i = 0; i < s->system.n_pools; i++)
        for (uint32_t t = 0; t < s->system.karpenter.n_types; t++)
            if (types >> t & 1 && m_pod_fits_pool(b->pods[i], p) &&
                !m_pod_fits_type(b->pods[i], &s->facts[t]))
                return yaml_fail(b->pods[i]->node, b->err,
                                 "the nodeSelector of %s leaves out %s of "
                                 "NodePool %s: give the type a NodePool of its "
                                 "own",
                                 b->pods[i]->name, s->facts[t].name, p->name);
    return ERR_OK;
}

static void fill_zones(const struct scenario *s, const struct m_node_pool *p,
                       struct karp_pool *out)
{
    out->zones = 0;
    for (uint32_t z = 0; z < s->system.karpenter.n_zones; z++)
        if (m_admits_zone(p, s->system.karpenter.zones[z]))
            out->zones |= 1U << z;
}

/* Reads the NodePools that carry build pods, and leaves only these. */
static int read_node_pools(struct build *b)
{
    size_t kept = 0;

    for (size_t i = 0; i < b->n_node_pools; i++) {
        struct m_node_pool p;
        int rc = m_node_pool(b->node_pools[i].node, &p, b->err);

        if (!carries_any(b, &p)) {
            scenario_note(b->s, "NodePool %s carries no build pod", p.name);
            continue;
        }
        if (rc != ERR_OK)
            return rc;
        b->node_pools[kept++] = p;
    }
    b->n_node_pools = kept;
    return ERR_OK;
}

static void note_unused(struct build *b, const struct m_node_pool *p)
{
    static const char *const keys[] = {"startupTaints",
                                       "terminationGracePeriod"};
    const struct yaml_node *spec = yaml_get(p->node, "spec");
    const struct yaml_node *nodes =
        yaml_get(yaml_get(spec, "template"), "spec");

    for (size_t i = 0; i < COUNT(keys); i++)
        if (yaml_get(nodes, keys[i]))
            scenario_note(b->s, "NodePool %s: %s is not modelled", p->name,
                          keys[i]);
    if (p->when_underutilized)
        scenario_note(b->s,
                      "NodePool %s: WhenEmptyOrUnderutilized is taken as "
                      "WhenEmpty",
                      p->name);
}

static int add_node_pool(struct build *b, const struct m_node_pool *p,
                         const struct types *types)
{
    struct karp_params *k = &b->s->system.karpenter;
    struct karp_pool *out = &k->pools[k->n_pools];
    int rc = check_names(b, p, types);

    if (rc != ERR_OK)
        return rc;
    if (k->n_pools == KARP_POOLS)
        return yaml_fail(p->node, b->err, "more than %d NodePools", KARP_POOLS);
    karp_pool_defaults(out, k);
    snprintf(out->name, sizeof out->name, "%s", p->name);
    out->weight = p->weight;
    out->limit = p->limit;
    out->consolidate_after_us = p->consolidate_after_us;
    out->expire_after_us = p->expire_after_us;
    note_unused(b, p);
    fill_zones(b->s, p, out);
    rc = fill_types(b, p, types, out);
    if (rc == ERR_OK && out->zones == 0)
        return yaml_fail(p->node, b->err, "NodePool %s allows no zone",
                         p->name);
    if (rc == ERR_OK)
        rc = check_selector(b, p, out->types);
    for (uint32_t i = 0; i < b->s->system.n_pools; i++)
        if (m_pod_fits_pool(b->pods[i], p))
            b->s->system.pools[i].node_pools |= 1U << k->n_pools;
    k->n_pools++;
    return rc;
}

static int read_prices(struct build *b, const struct types *types)
{
    struct karp_params *k = &b->s->system.karpenter;
    const struct yaml_node *prices;
    char key[KARP_NAME + 16];
    int rc = yaml_map(b->root, "prices", &prices, b->err);

    for (size_t i = 0; rc == ERR_OK && prices && i < prices->n; i++) {
        const char *name = prices->items[i].key->text;

        if (!find_type(types, name))
            return yaml_fail(prices->items[i].key, b->err,
                             "instance type %s is not known", name);
        snprintf(key, sizeof key, "type.%s.price", name);
        if (build_find_type(b->s, name) != NO_INDEX)
            rc = build_set(b, key, prices->items[i].value);
    }
    for (size_t t = 0; t < k->n_types && rc == ERR_OK; t++)
        if (k->types[t].usd_per_h < 0.0)
            return err_set(b->err, ERR_INPUT,
                           "%s: no list price of %s in %s: write prices: {%s: "
                           "USD_PER_HOUR}",
                           b->s->path, k->types[t].name, b->s->region,
                           k->types[t].name);
    return rc;
}

uint32_t build_find_type(const struct scenario *s, const char *name)
{
    for (uint32_t i = 0; i < s->system.karpenter.n_types; i++)
        if (strcmp(s->system.karpenter.types[i].name, name) == 0)
            return i;
    return NO_INDEX;
}

uint32_t build_find_zone(const struct scenario *s, const char *name)
{
    for (uint32_t i = 0; i < s->system.karpenter.n_zones; i++)
        if (strcmp(s->system.karpenter.zones[i], name) == 0)
            return i;
    return NO_INDEX;
}

int build_nodes(struct build *b)
{
    struct types *types = mem_array(1, sizeof *types);
    int rc = collect_types(b, types);

    if (rc == ERR_OK)
        rc = read_node_pools(b);
    if (rc == ERR_OK)
        rc = build_zones(b);
    for (size_t i = 0; i < b->n_node_pools && rc == ERR_OK; i++)
        rc = add_node_pool(b, &b->node_pools[i], types);
    for (size_t i = 0; i < b->s->system.n_pools && rc == ERR_OK; i++)
        if (b->s->system.pools[i].node_pools == 0)
            rc = yaml_fail(b->pods[i]->node, b->err,
                           "no NodePool takes the pods of %s: compare "
                           "nodeSelector and tolerations with its labels and "
                           "taints",
                           b->pods[i]->name);
    if (rc == ERR_OK)
        rc = read_prices(b, types);
    free(types);
    return rc;
}

#include "scenarios/manifest_kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL = 64 };

static const char type_label[] = "node.kubernetes.io/instance-type";
static const char zone_label[] = "topology.kubernetes.io/zone";
static const char arch_label[] = "kubernetes.io/arch";
static const char os_label[] = "kubernetes.io/os";
static const char capacity_label[] = "karpenter.sh/capacity-type";
static const char pool_label[] = "karpenter.sh/nodepool";

/* The value of a well-known label on nodes of a type; false for all others. */
static bool label_of_type(const struct catalog_type *t, const char *key,
                          char value[LABEL])
{
    size_t family = strcspn(t->name, ".");
    const char *size = t->name + family + (t->name[family] == '.');

    if (strcmp(key, type_label) == 0)
        snprintf(value, LABEL, "%s", t->name);
    else if (strcmp(key, arch_label) == 0)
        snprintf(value, LABEL, "%s", t->arch);
    else if (strcmp(key, os_label) == 0)
        snprintf(value, LABEL, "linux");
    else if (strcmp(key, capacity_label) == 0)
        snprintf(value, LABEL, "on-demand");
    else if (strcmp(key, "karpenter.k8s.aws/instance-family") == 0)
        snprintf(value, LABEL, "%.*s", (int)family, t->name);
    else if (strcmp(key, "karpenter.k8s.aws/instance-size") == 0)
        snprintf(value, LABEL, "%s", size);
    else if (strcmp(key, "karpenter.k8s.aws/instance-category") == 0)
        snprintf(value, LABEL, "%.1s", t->name);
    else if (strcmp(key, "karpenter.k8s.aws/instance-generation") == 0)
        snprintf(value, LABEL, "%.1s", t->name + (family > 0));
    else if (strcmp(key, "karpenter.k8s.aws/instance-cpu") == 0)
        snprintf(value, LABEL, "%u", t->n_vcpu);
    else if (strcmp(key, "karpenter.k8s.aws/instance-memory") == 0)
        snprintf(value, LABEL, "%lld", (long long)t->memory_mib);
    else
        return false;
    return true;
}

static bool holds(const struct yaml_node *list, const char *value)
{
    for (size_t i = 0; list && i < list->n; i++)
        if (strcmp(list->items[i].value->text, value) == 0)
            return true;
    return false;
}

static bool compare(const struct yaml_node *values, const char *value,
                    bool greater)
{
    if (!values || values->n == 0)
        return false;
    double bound = strtod(values->items[0].value->text, NULL);
    double have = strtod(value, NULL);
    return greater ? have > bound : have < bound;
}

/* Whether one requirement lets a label have this value. */
static bool admits(const struct yaml_node *r, const char *value)
{
    const char *operation = yaml_get(r, "operator")->text;
    const struct yaml_node *values = yaml_get(r, "values");

    if (strcmp(operation, "In") == 0)
        return holds(values, value);
    if (strcmp(operation, "NotIn") == 0)
        return !holds(values, value);
    if (strcmp(operation, "Gt") == 0 || strcmp(operation, "Lt") == 0)
        return compare(values, value, *operation == 'G');
    return strcmp(operation, "Exists") == 0;
}

bool m_admits_type(const struct m_node_pool *p, const struct catalog_type *t)
{
    char value[LABEL];

    for (size_t i = 0; p->requirements && i < p->requirements->n; i++) {
        const struct yaml_node *r = p->requirements->items[i].value;

        if (label_of_type(t, yaml_get(r, "key")->text, value) &&
            !admits(r, value))
            return false;
    }
    return true;
}

bool m_admits_zone(const struct m_node_pool *p, const char *zone)
{
    for (size_t i = 0; p->requirements && i < p->requirements->n; i++) {
        const struct yaml_node *r = p->requirements->items[i].value;

        if (strcmp(yaml_get(r, "key")->text, zone_label) == 0 &&
            !admits(r, zone))
            return false;
    }
    return true;
}

static bool is_of_type(const char *key)
{
    static const struct catalog_type any = {.name = "a.b", .arch = ""};
    char value[LABEL];

    return label_of_type(&any, key, value);
}

/* A label that nodes of the pool have, or may get by a requirement. */
static bool pool_has(const struct m_node_pool *p, const char *key,
                     const char *value)
{
    const struct yaml_node *label = yaml_get(p->labels, key);

    if (label)
        return strcmp(label->text, value) == 0;
    if (strcmp(key, pool_label) == 0)
        return strcmp(p->name, value) == 0;
    for (size_t i = 0; p->requirements && i < p->requirements->n; i++) {
        const struct yaml_node *r = p->requirements->items[i].value;

        if (strcmp(yaml_get(r, "key")->text, key) == 0)
            return admits(r, value);
    }
    /* Without a requirement a node has whatever value its type has. */
    return is_of_type(key) || strcmp(key, zone_label) == 0;
}

static const char *text_of(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *v = yaml_get(map, key);

    return v ? v->text : "";
}

static bool tolerates(const struct yaml_node *toleration,
                      const struct yaml_node *taint)
{
    const char *effect = text_of(toleration, "effect");
    const char *key = text_of(toleration, "key");
    bool exists = strcmp(text_of(toleration, "operator"), "Exists") == 0;

    if (*effect && strcmp(effect, text_of(taint, "effect")) != 0)
        return false;
    if (!*key)
        return exists;
    return strcmp(key, text_of(taint, "key")) == 0 &&
           (exists ||
            strcmp(text_of(toleration, "value"), text_of(taint, "value")) == 0);
}

static bool taint_is_tolerated(const struct m_deployment *d,
                               const struct yaml_node *taint)
{
    if (strcmp(text_of(taint, "effect"), "PreferNoSchedule") == 0)
        return true;
    for (size_t i = 0; d->tolerances && i < d->tolerances->n; i++)
        if (tolerates(d->tolerances->items[i].value, taint))
            return true;
    return false;
}

bool m_pod_fits_pool(const struct m_deployment *d, const struct m_node_pool *p)
{
    for (size_t i = 0; d->selector && i < d->selector->n; i++)
        if (!pool_has(p, d->selector->items[i].key->text,
                      d->selector->items[i].value->text))
            return false;
    for (size_t i = 0; p->taints && i < p->taints->n; i++)
        if (!taint_is_tolerated(d, p->taints->items[i].value))
            return false;
    return true;
}

bool m_pod_fits_type(const struct m_deployment *d, const struct catalog_type *t)
{
    char value[LABEL];

    for (size_t i = 0; d->selector && i < d->selector->n; i++)
        if (label_of_type(t, d->selector->items[i].key->text, value) &&
            strcmp(value, d->selector->items[i].value->text) != 0)
            return false;
    return true;
}

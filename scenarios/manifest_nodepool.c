#include "scenarios/manifest_kinds.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A duration, or "Never". */
static int read_when(const struct yaml_node *map, const char *key, sim_us *out,
                     struct err *e)
{
    const char *text = NULL;
    int rc = yaml_text(map, key, &text, e);

    if (rc != ERR_OK || !text)
        return rc;
    if (strcmp(text, "Never") == 0) {
        *out = SIM_NEVER;
        return ERR_OK;
    }
    return yaml_duration(map, key, out, e);
}

static int read_limits(const struct yaml_node *spec, struct karp_size *out,
                       struct err *e)
{
    const struct yaml_node *limits;
    int64_t cpu = -1, memory = -1;
    int rc = yaml_map(spec, "limits", &limits, e);

    *out = (struct karp_size){KARP_NO_LIMIT, KARP_NO_LIMIT};
    if (rc == ERR_OK)
        rc = yaml_quantity(limits, "cpu", &cpu, e);
    if (rc == ERR_OK)
        rc = yaml_quantity(limits, "memory", &memory, e);
    if (cpu >= 0)
        out->mcpu = cpu;
    if (memory >= 0)
        out->mib = memory / 1000 / (1 << 20);
    return rc;
}

/* "1" or "10%". */
static int read_nodes(const struct yaml_node *node, struct m_node_budget *out,
                      struct err *e)
{
    const char *text = "10%";
    int rc = yaml_string(node, "nodes", &text, e);
    size_t n = strspn(text, "0123456789");

    if (rc != ERR_OK)
        return rc;
    out->percent = text[n] == '%';
    out->value = strtod(text, NULL);
    if (n == 0 || n > 9 || text[n + out->percent] ||
        (out->percent && out->value > 100.0))
        return yaml_fail(yaml_get(node, "nodes"), e,
                         "nodes must be a number or a percentage up to 100%%, "
                         "not \"%s\"",
                         text);
    return ERR_OK;
}

static int read_reasons(const struct yaml_node *node, uint32_t *out,
                        struct err *e)
{
    /* Underutilized nodes are never disrupted here: a bit without effect. */
    static const struct {
        const char *name;
        uint32_t bit;
    } reasons[] = {{"Empty", KARP_EMPTY},
                   {"Drifted", KARP_DRIFTED},
                   {"Underutilized", 1U << 31}};
    const struct yaml_node *list;
    int rc = yaml_list(node, "reasons", &list, e);

    for (size_t i = 0; rc == ERR_OK && list && i < list->n; i++) {
        const struct yaml_node *v = list->items[i].value;
        size_t k = 0;

        while (k < COUNT(reasons) && strcmp(v->text, reasons[k].name) != 0)
            k++;
        if (k == COUNT(reasons))
            return yaml_fail(v, e,
                             "a reason must be Empty, Drifted or "
                             "Underutilized, not \"%s\"",
                             v->text);
        *out |= reasons[k].bit;
    }
    return rc;
}

static int read_budget(const struct yaml_node *node, struct m_node_budget *out,
                       struct err *e)
{
    static const char *const keys[] = {"nodes", "schedule", "duration",
                                       "reasons"};

    if (node->kind != YAML_MAP)
        return yaml_fail(node, e, "a budget must be a map");
    int rc = yaml_known(node, keys, COUNT(keys), e);
    if (rc == ERR_OK)
        rc = read_nodes(node, out, e);
    if (rc == ERR_OK)
        rc = read_reasons(node, &out->reasons, e);
    if (rc == ERR_OK)
        rc = yaml_string(node, "schedule", &out->schedule, e);
    if (rc == ERR_OK)
        rc = yaml_duration(node, "duration", &out->duration_us, e);
    if (rc == ERR_OK && !out->schedule != !yaml_get(node, "duration"))
        return yaml_fail(node, e, "schedule and duration go together");
    return rc;
}

static int read_disruption(const struct yaml_node *spec,
                           struct m_node_pool *out, struct err *e)
{
    static const char *const keys[] = {"consolidationPolicy",
                                       "consolidateAfter", "budgets"};
    const struct yaml_node *disruption, *budgets = NULL;
    const char *policy = "WhenEmptyOrUnderutilized";
    int rc = yaml_map(spec, "disruption", &disruption, e);

    if (rc == ERR_OK)
        rc = yaml_known(disruption, keys, COUNT(keys), e);
    if (rc == ERR_OK)
        rc = yaml_string(disruption, "consolidationPolicy", &policy, e);
    if (rc == ERR_OK)
        rc = read_when(disruption, "consolidateAfter",
                       &out->consolidate_after_us, e);
    if (rc == ERR_OK)
        rc = yaml_list(disruption, "budgets", &budgets, e);
    if (rc != ERR_OK)
        return rc;
    out->when_underutilized = strcmp(policy, "WhenEmpty") != 0;
    if (out->when_underutilized &&
        strcmp(policy, "WhenEmptyOrUnderutilized") != 0)
        return yaml_fail(yaml_get(disruption, "consolidationPolicy"), e,
                         "consolidationPolicy must be WhenEmpty or "
                         "WhenEmptyOrUnderutilized, not %s",
                         policy);
    if (budgets && budgets->n > M_BUDGETS)
        return yaml_fail(budgets, e, "more than %d budgets", M_BUDGETS);
    /* Not written: one of 10 %. An empty list restricts nothing. */
    out->n_budgets = budgets ? budgets->n : 1;
    out->budgets[0] = (struct m_node_budget){.value = 10.0, .percent = true};
    for (size_t i = 0; budgets && i < budgets->n && rc == ERR_OK; i++) {
        out->budgets[i] = (struct m_node_budget){0};
        rc = read_budget(budgets->items[i].value, &out->budgets[i], e);
    }
    return rc;
}

static int check_requirement(const struct yaml_node *r, struct err *e)
{
    static const char *const operators[] = {"In",           "NotIn", "Exists",
                                            "DoesNotExist", "Gt",    "Lt"};
    const struct yaml_node *values;
    const char *key = NULL, *operation = NULL;

    if (r->kind != YAML_MAP)
        return yaml_fail(r, e, "a requirement must be a map");
    int rc = yaml_string(r, "key", &key, e);
    if (rc == ERR_OK)
        rc = yaml_string(r, "operator", &operation, e);
    if (rc == ERR_OK)
        rc = yaml_list(r, "values", &values, e);
    if (rc != ERR_OK)
        return rc;
    if (!key || !operation)
        return yaml_fail(r, e, "a requirement needs key and operator");
    for (size_t i = 0; i < COUNT(operators); i++)
        if (strcmp(operators[i], operation) == 0)
            return ERR_OK;
    return yaml_fail(yaml_get(r, "operator"), e,
                     "unknown operator %s of a requirement", operation);
}

static int read_template(const struct yaml_node *spec, struct m_node_pool *out,
                         struct err *e)
{
    const struct yaml_node *node_spec = NULL;
    int rc = yaml_path(spec, "template/metadata/labels", &out->labels, e);

    if (rc == ERR_OK)
        rc = yaml_path(spec, "template/spec", &node_spec, e);
    if (rc == ERR_OK)
        rc = yaml_list(node_spec, "taints", &out->taints, e);
    if (rc == ERR_OK)
        rc = yaml_list(node_spec, "requirements", &out->requirements, e);
    if (rc == ERR_OK)
        rc = read_when(node_spec, "expireAfter", &out->expire_after_us, e);
    for (size_t i = 0;
         rc == ERR_OK && out->requirements && i < out->requirements->n; i++)
        rc = check_requirement(out->requirements->items[i].value, e);
    return rc;
}

int m_node_pool(const struct yaml_node *node, struct m_node_pool *out,
                struct err *e)
{
    const struct yaml_node *spec = NULL;
    const char *version = NULL;
    int64_t weight = 0;

    *out = (struct m_node_pool){.node = node,
                                .name = manifest_name(node),
                                .expire_after_us = 720 * US_PER_H};
    int rc = yaml_map(node, "spec", &spec, e);
    if (rc == ERR_OK && !spec)
        return yaml_fail(node, e, "the NodePool has no spec");
    /* First, so that a mistake in the rest is known to matter or not. */
    if (rc == ERR_OK)
        rc = read_template(spec, out, e);
    if (rc == ERR_OK)
        rc = yaml_string(node, "apiVersion", &version, e);
    if (rc == ERR_OK && (!version || strcmp(version, "karpenter.sh/v1") != 0))
        return yaml_fail(node, e, "a NodePool must be karpenter.sh/v1");
    if (rc == ERR_OK && strlen(out->name) >= KARP_NAME)
        return yaml_fail(node, e, "the name is longer than %d characters",
                         KARP_NAME - 1);
    if (rc == ERR_OK)
        rc = yaml_int(spec, "weight", (struct yaml_range){1, 100}, &weight, e);
    if (rc == ERR_OK)
        rc = read_limits(spec, &out->limit, e);
    if (rc == ERR_OK)
        rc = read_disruption(spec, out, e);
    out->weight = (int)weight;
    return rc;
}

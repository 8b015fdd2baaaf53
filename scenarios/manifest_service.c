#include "scenarios/manifest_kinds.h"

#include <string.h>

int m_service(const struct yaml_node *node, struct m_service *out,
              struct err *e)
{
    const struct yaml_node *spec, *families = NULL;
    const char *cluster_ip = NULL;

    *out = (struct m_service){.node = node,
                              .name = manifest_name(node),
                              .space = manifest_space(node)};
    int rc = yaml_path(node, "spec", &spec, e);
    if (rc == ERR_OK)
        rc = yaml_map(spec, "selector", &out->selector, e);
    if (rc == ERR_OK)
        rc = yaml_text(spec, "clusterIP", &cluster_ip, e);
    if (rc == ERR_OK)
        rc = yaml_bool(spec, "publishNotReadyAddresses", &out->not_ready, e);
    if (rc == ERR_OK)
        rc = yaml_list(spec, "ipFamilies", &families, e);
    out->headless = cluster_ip && strcmp(cluster_ip, "None") == 0;
    out->ipv4_only = families && families->n == 1 &&
                     strcmp(families->items[0].value->text, "IPv4") == 0;
    return rc;
}

int m_budget(const struct yaml_node *node, struct m_budget *out, struct err *e)
{
    const struct yaml_range all = {0, MANIFEST_REPLICAS};
    const struct yaml_node *spec, *selector;
    int64_t min = -1, max = -1;

    *out = (struct m_budget){.node = node, .space = manifest_space(node)};
    int rc = yaml_path(node, "spec", &spec, e);
    if (rc == ERR_OK)
        rc = yaml_map(spec, "selector", &selector, e);
    if (rc == ERR_OK)
        rc = yaml_int(spec, "minAvailable", all, &min, e);
    if (rc == ERR_OK)
        rc = yaml_int(spec, "maxUnavailable", all, &max, e);
    if (rc == ERR_OK)
        rc = yaml_map(selector, "matchLabels", &out->selector, e);
    if (rc != ERR_OK)
        return rc;
    if (min >= 0 && max >= 0)
        return yaml_fail(spec, e,
                         "minAvailable and maxUnavailable exclude "
                         "each other");
    if (yaml_get(selector, "matchExpressions"))
        return yaml_fail(selector, e, "matchExpressions are not modelled");
    out->min_available = min > 0 ? (uint32_t)min : 0;
    out->max_unavailable = (int32_t)max;
    return ERR_OK;
}

bool m_selects(const struct yaml_node *selector, const struct yaml_node *labels)
{
    if (!selector || selector->kind != YAML_MAP)
        return false;
    for (size_t i = 0; i < selector->n; i++) {
        const struct yaml_entry *pair = &selector->items[i];
        const struct yaml_node *have = yaml_get(labels, pair->key->text);

        if (!have || strcmp(have->text, pair->value->text) != 0)
            return false;
    }
    return true;
}

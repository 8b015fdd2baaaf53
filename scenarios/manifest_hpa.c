#include "scenarios/manifest_kinds.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static int read_select(const struct yaml_node *rules, struct hpa_rules *out,
                       struct err *e)
{
    static const char *const names[] = {"Max", "Min", "Disabled"};
    const struct yaml_node *v = yaml_get(rules, "selectPolicy");
    const char *text = NULL;
    int rc = yaml_string(rules, "selectPolicy", &text, e);

    if (rc != ERR_OK || !text)
        return rc;
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(text, names[i]) == 0) {
            out->select = (enum hpa_select)i;
            out->has_select = true;
            return ERR_OK;
        }
    return yaml_fail(v, e, "selectPolicy must be Max, Min or Disabled, not %s",
                     text);
}

static int read_policy(const struct yaml_node *node, struct hpa_policy *out,
                       struct err *e)
{
    static const char *const keys[] = {"type", "value", "periodSeconds"};
    const char *type = NULL;
    int64_t value = 0, period = 0;

    if (node->kind != YAML_MAP)
        return yaml_fail(node, e, "a policy must be a map");
    int rc = yaml_known(node, keys, COUNT(keys), e);
    if (rc == ERR_OK)
        rc = yaml_string(node, "type", &type, e);
    if (rc == ERR_OK)
        rc = yaml_int(node, "value", (struct yaml_range){1, INT32_MAX}, &value,
                      e);
    if (rc == ERR_OK)
        rc = yaml_int(node, "periodSeconds", (struct yaml_range){1, 1800},
                      &period, e);
    if (rc != ERR_OK)
        return rc;
    if (!type || value == 0 || period == 0)
        return yaml_fail(node, e,
                         "a policy needs type, value and periodSeconds");
    bool percent = strcmp(type, "Percent") == 0;
    if (!percent && strcmp(type, "Pods") != 0)
        return yaml_fail(yaml_get(node, "type"), e,
                         "type must be Pods or Percent, not %s", type);
    *out = (struct hpa_policy){.type = percent ? HPA_PERCENT : HPA_PODS,
                               .value = (int32_t)value,
                               .period_us = period * US_PER_S};
    return ERR_OK;
}

static int read_policies(const struct yaml_node *rules, struct hpa_rules *out,
                         struct err *e)
{
    const struct yaml_node *list;
    int rc = yaml_list(rules, "policies", &list, e);

    if (rc != ERR_OK || !list)
        return rc;
    if (list->n == 0 || list->n > HPA_POLICIES)
        return yaml_fail(list, e, "policies needs 1 to %d entries",
                         HPA_POLICIES);
    for (size_t i = 0; i < list->n && rc == ERR_OK; i++)
        rc = read_policy(list->items[i].value, &out->policies[i], e);
    out->n_policies = list->n;
    out->has_policies = true;
    return rc;
}

static int read_rules(const struct yaml_node *rules, struct hpa_rules *out,
                      struct err *e)
{
    static const char *const keys[] = {"stabilizationWindowSeconds",
                                       "selectPolicy", "policies", "tolerance"};
    int64_t window = -1, tolerance = -1;
    int rc = yaml_known(rules, keys, COUNT(keys), e);

    if (rc == ERR_OK)
        rc = yaml_int(rules, "stabilizationWindowSeconds",
                      (struct yaml_range){0, 3600}, &window, e);
    if (rc == ERR_OK)
        rc = read_select(rules, out, e);
    if (rc == ERR_OK)
        rc = read_policies(rules, out, e);
    if (rc == ERR_OK)
        rc = yaml_quantity(rules, "tolerance", &tolerance, e);
    if (window >= 0) {
        out->has_window = true;
        out->window_us = window * US_PER_S;
    }
    if (tolerance >= 0) {
        out->has_tolerance = true;
        out->tolerance_frac = (double)tolerance / 1000.0;
    }
    return rc;
}

int m_behavior(const struct yaml_node *behavior, struct m_scaler *out,
               struct err *e)
{
    static const char *const keys[] = {"scaleUp", "scaleDown"};
    const struct yaml_node *up, *down;

    if (!behavior)
        return ERR_OK;
    out->hpa.has_behavior = true;
    int rc = yaml_known(behavior, keys, COUNT(keys), e);
    if (rc == ERR_OK)
        rc = yaml_map(behavior, "scaleUp", &up, e);
    if (rc == ERR_OK)
        rc = yaml_map(behavior, "scaleDown", &down, e);
    if (rc != ERR_OK)
        return rc;
    out->tolerance = yaml_get(up, "tolerance");
    if (!out->tolerance)
        out->tolerance = yaml_get(down, "tolerance");
    rc = read_rules(up, &out->hpa.up, e);
    return rc == ERR_OK ? read_rules(down, &out->hpa.down, e) : rc;
}

int m_proxy_of(const struct yaml_node *at, const char *location, char *proxy,
               struct err *e)
{
    static const char metric[] = "haproxy_backend_current_sessions";
    size_t n = strlen(metric);
    const char *p;

    if (strncmp(location, metric, n) != 0 ||
        (location[n] != '{' && location[n] != 0))
        return yaml_fail(at, e, "only the metric %s is modelled, not \"%s\"",
                         metric, location);
    p = strstr(location + n, "proxy");
    if (!p)
        return yaml_fail(at, e,
                         "the label proxy=\"...\" must say which "
                         "backend's sessions are read");
    p += strlen("proxy");
    p += strspn(p, " =~!");
    char quote = *p;
    const char *end =
        quote == '"' || quote == '\'' ? strchr(p + 1, quote) : NULL;
    if (!end)
        return yaml_fail(at, e, "label values must be quoted: %s", location);
    if (end - p > MANIFEST_PROXY - 1)
        return yaml_fail(at, e, "the name of the backend is too long");
    snprintf(proxy, MANIFEST_PROXY, "%.*s", (int)(end - p - 1), p + 1);
    return ERR_OK;
}

static int read_target(const struct yaml_node *target, struct keda_trigger *t,
                       struct err *e)
{
    int64_t milli = 0;
    int rc = yaml_quantity(target, "averageValue", &milli, e);

    if (rc != ERR_OK)
        return rc;
    if (milli <= 0)
        return yaml_fail(target, e,
                         "an External metric needs target.averageValue > 0");
    t->target = (double)milli / 1000.0;
    return ERR_OK;
}

/* One metric, named by the backend in its selector or in its name. */
static int read_metric(const struct yaml_node *metric, struct m_scaler *out,
                       struct err *e)
{
    const struct yaml_node *id, *labels, *target;
    const char *type = NULL, *name = NULL, *proxy = NULL;

    if (metric->kind != YAML_MAP)
        return yaml_fail(metric, e, "a metric must be a map");
    int rc = yaml_string(metric, "type", &type, e);
    if (rc != ERR_OK)
        return rc;
    if (!type || strcmp(type, "External") != 0)
        return yaml_fail(metric, e,
                         "only metrics of type External are "
                         "modelled");
    rc = yaml_path(metric, "external/metric", &id, e);
    if (rc == ERR_OK)
        rc = yaml_path(id, "selector/matchLabels", &labels, e);
    if (rc == ERR_OK)
        rc = yaml_path(metric, "external/target", &target, e);
    if (rc == ERR_OK)
        rc = yaml_text(id, "name", &name, e);
    if (rc == ERR_OK)
        rc = yaml_text(labels, "proxy", &proxy, e);
    if (rc != ERR_OK)
        return rc;
    if (!name || !target)
        return yaml_fail(metric, e,
                         "an External metric needs a name and a "
                         "target");
    if (!proxy)
        return yaml_fail(metric, e,
                         "selector.matchLabels.proxy must say which "
                         "backend's sessions are read");
    snprintf(out->proxy, sizeof out->proxy, "%s", proxy);
    return read_target(target, &out->keda.triggers[0], e);
}

static int read_bounds(const struct yaml_node *spec, struct m_scaler *out,
                       struct err *e)
{
    const struct yaml_range all = {1, MANIFEST_REPLICAS};
    int64_t min = 1, max = 0;
    int rc = yaml_int(spec, "minReplicas", all, &min, e);

    if (rc == ERR_OK)
        rc = yaml_int(spec, "maxReplicas", all, &max, e);
    if (rc != ERR_OK)
        return rc;
    if (max == 0)
        return yaml_fail(spec, e, "maxReplicas is missing");
    if (min > max)
        return yaml_fail(yaml_get(spec, "minReplicas"), e,
                         "minReplicas %lld is above maxReplicas %lld",
                         (long long)min, (long long)max);
    out->keda.has_min = out->keda.has_max = true;
    out->keda.min = (uint32_t)min;
    out->keda.max = (uint32_t)max;
    return ERR_OK;
}

void m_scaler_head(const struct yaml_node *node, bool is_keda,
                   struct m_scaler *out)
{
    const struct yaml_node *target =
        yaml_get(yaml_get(node, "spec"), "scaleTargetRef");
    const struct yaml_node *name = yaml_get(target, "name");

    *out = (struct m_scaler){.node = node,
                             .name = manifest_name(node),
                             .target = name ? name->text : "",
                             .is_keda = is_keda};
}

int m_hpa(const struct yaml_node *node, struct m_scaler *out, struct err *e)
{
    const struct yaml_node *spec, *target, *metrics = NULL, *behavior = NULL;
    const char *version = NULL;

    *out = (struct m_scaler){.node = node, .name = manifest_name(node)};
    keda_defaults(&out->keda);
    keda_trigger_defaults(&out->keda.triggers[0]);
    out->keda.n_triggers = 1;
    int rc = yaml_string(node, "apiVersion", &version, e);
    if (rc == ERR_OK && (!version || strcmp(version, "autoscaling/v2") != 0))
        return yaml_fail(node, e,
                         "a HorizontalPodAutoscaler must be "
                         "autoscaling/v2");
    if (rc == ERR_OK)
        rc = yaml_path(node, "spec", &spec, e);
    if (rc == ERR_OK)
        rc = yaml_path(node, "spec/scaleTargetRef", &target, e);
    if (rc == ERR_OK)
        rc = yaml_string(target, "name", &out->target, e);
    if (rc == ERR_OK && !out->target)
        return yaml_fail(node, e, "spec.scaleTargetRef.name is missing");
    if (rc == ERR_OK)
        rc = read_bounds(spec, out, e);
    if (rc == ERR_OK)
        rc = yaml_list(spec, "metrics", &metrics, e);
    if (rc == ERR_OK && (!metrics || metrics->n != 1))
        return yaml_fail(spec, e,
                         "exactly one metric is modelled for a plain "
                         "HorizontalPodAutoscaler");
    if (rc == ERR_OK)
        rc = read_metric(metrics->items[0].value, out, e);
    if (rc == ERR_OK)
        rc = yaml_map(spec, "behavior", &behavior, e);
    return rc == ERR_OK ? m_behavior(behavior, out, e) : rc;
}

#include "scenarios/manifest_kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Numbers in a trigger's metadata are strings; KEDA reads them as Go floats. */
static int read_float(const struct yaml_node *metadata, const char *key,
                      double *out, struct err *e)
{
    const char *text = NULL;
    char *end;
    int rc = yaml_string(metadata, key, &text, e);

    if (rc != ERR_OK || !text)
        return rc;
    double value = strtod(text, &end);
    if (!*text || *end || !isfinite(value) || fabs(value) > 1e9)
        return yaml_fail(yaml_get(metadata, key), e,
                         "%s must be a number, not \"%s\"", key, text);
    *out = value;
    return ERR_OK;
}

/* Milliseconds if it is a bare number, else a duration. */
static int read_timeout(const struct yaml_node *metadata, sim_us *out,
                        struct err *e)
{
    const char *text = NULL;
    int64_t ms;
    int rc = yaml_string(metadata, "timeout", &text, e);

    if (rc != ERR_OK || !text)
        return rc;
    if (whole_number(text, &ms) && ms > 0 && ms <= 3600000) {
        *out = ms * US_PER_MS;
        return ERR_OK;
    }
    sim_us us = 0;
    if (duration_parse(text, &us, e) != ERR_OK)
        return yaml_place(yaml_get(metadata, "timeout"), e);
    if (us <= 0 || us > US_PER_H)
        return yaml_fail(yaml_get(metadata, "timeout"), e,
                         "timeout must be above 0 and at most 1h");
    *out = us;
    return ERR_OK;
}

static int read_metrics_api(const struct yaml_node *metadata,
                            struct m_scaler *out, struct keda_trigger *t,
                            struct err *e)
{
    const char *format = NULL, *location = NULL;
    int rc = yaml_string(metadata, "format", &format, e);

    if (rc == ERR_OK)
        rc = yaml_string(metadata, "valueLocation", &location, e);
    if (rc != ERR_OK)
        return rc;
    if (!format || strcmp(format, "prometheus") != 0)
        return yaml_fail(metadata, e,
                         "a metrics-api trigger needs format: "
                         "prometheus; the balancer exports "
                         "nothing else");
    if (!location || !yaml_get(metadata, "targetValue"))
        return yaml_fail(metadata, e,
                         "a metrics-api trigger needs "
                         "valueLocation and targetValue");
    rc = m_proxy_of(yaml_get(metadata, "valueLocation"), location, out->proxy,
                    e);
    if (rc == ERR_OK)
        rc = read_float(metadata, "targetValue", &t->target, e);
    if (rc == ERR_OK)
        rc = read_float(metadata, "activationTargetValue", &t->activation, e);
    return rc == ERR_OK ? read_timeout(metadata, &t->timeout_us, e) : rc;
}

static int read_cron(const struct yaml_node *metadata, struct keda_trigger *t,
                     struct err *e)
{
    static const char *const keys[] = {"timezone", "start", "end",
                                       "desiredReplicas"};
    const char *text[COUNT(keys)] = {NULL, NULL, NULL, NULL};
    int64_t replicas;
    int rc = ERR_OK;

    t->kind = KEDA_CRON;
    for (size_t i = 0; i < COUNT(keys) && rc == ERR_OK; i++) {
        rc = yaml_string(metadata, keys[i], &text[i], e);
        if (rc == ERR_OK && !text[i])
            return yaml_fail(metadata, e, "a cron trigger needs %s", keys[i]);
    }
    if (rc != ERR_OK)
        return rc;
    if (!whole_number(text[3], &replicas) || replicas < 0 ||
        replicas > MANIFEST_REPLICAS)
        return yaml_fail(yaml_get(metadata, keys[3]), e,
                         "desiredReplicas must be a whole number from 0 to "
                         "%d, not \"%s\"",
                         MANIFEST_REPLICAS, text[3]);
    t->cron_replicas = (uint32_t)replicas;
    if (keda_cron_parse(&t->cron, text[1], text[2], text[0], e) != ERR_OK)
        return yaml_place(metadata, e);
    return ERR_OK;
}

static int read_metric_type(const struct yaml_node *trigger,
                            struct keda_trigger *t, struct err *e)
{
    const char *type = NULL;
    int rc = yaml_string(trigger, "metricType", &type, e);

    if (rc != ERR_OK || !type || strcmp(type, "AverageValue") == 0)
        return rc;
    t->is_value = strcmp(type, "Value") == 0;
    if (!t->is_value)
        return yaml_fail(yaml_get(trigger, "metricType"), e,
                         "metricType must be AverageValue or Value, not %s",
                         type);
    return ERR_OK;
}

static int read_trigger(const struct yaml_node *trigger, struct m_scaler *out,
                        struct err *e)
{
    static const char *const keys[] = {"type",       "name",
                                       "metadata",   "authenticationRef",
                                       "metricType", "useCachedMetrics"};
    struct keda_trigger *t = &out->keda.triggers[out->keda.n_triggers++];
    const struct yaml_node *metadata;
    const char *type = NULL;

    keda_trigger_defaults(t);
    if (trigger->kind != YAML_MAP)
        return yaml_fail(trigger, e, "a trigger must be a map");
    int rc = yaml_known(trigger, keys, COUNT(keys), e);
    if (rc == ERR_OK)
        rc = yaml_string(trigger, "type", &type, e);
    if (rc == ERR_OK)
        rc = yaml_map(trigger, "metadata", &metadata, e);
    if (rc == ERR_OK)
        rc = yaml_bool(trigger, "useCachedMetrics", &t->use_cached, e);
    if (rc == ERR_OK)
        rc = read_metric_type(trigger, t, e);
    if (rc != ERR_OK)
        return rc;
    if (!type || !metadata)
        return yaml_fail(trigger, e, "a trigger needs type and metadata");
    if (strcmp(type, "metrics-api") == 0)
        return read_metrics_api(metadata, out, t, e);
    if (strcmp(type, "cron") == 0)
        return read_cron(metadata, t, e);
    return yaml_fail(yaml_get(trigger, "type"), e,
                     "trigger type %s is not modelled; metrics-api and cron "
                     "are",
                     type);
}

int m_triggers(const struct yaml_node *spec, struct m_scaler *out,
               struct err *e)
{
    const struct yaml_node *list;
    int rc = yaml_list(spec, "triggers", &list, e);

    if (rc != ERR_OK)
        return rc;
    if (!list || list->n == 0 || list->n > KEDA_TRIGGERS)
        return yaml_fail(list ? list : spec, e,
                         "triggers needs 1 to %d "
                         "entries",
                         KEDA_TRIGGERS);
    for (size_t i = 0; i < list->n && rc == ERR_OK; i++)
        rc = read_trigger(list->items[i].value, out, e);
    if (rc == ERR_OK && !*out->proxy)
        return yaml_fail(list, e,
                         "one trigger must be metrics-api and read a "
                         "backend's sessions");
    return rc;
}

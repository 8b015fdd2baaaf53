#include "sim/upstream/keda_object.h"

#include "sim/upstream/page.h"

#include <stdlib.h>

static json_t *number_text(double x)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%.15g", x);
    return json_string(text);
}

static json_t *cron_json(const struct keda_trigger *t)
{
    return json_pack("{s:s, s:s, s:s, s:o}", "timezone", "UTC", "start",
                     t->cron.start.text, "end", t->cron.end.text,
                     "desiredReplicas", number_text(t->cron_replicas));
}

static json_t *metrics_api_json(const struct keda_trigger *t,
                                const char *location, size_t number,
                                uint16_t port)
{
    char url[64];

    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/metrics?t=%zu", port,
                   number);
    return json_pack("{s:o, s:o, s:s, s:s, s:s}", "targetValue",
                     number_text(t->target), "activationTargetValue",
                     number_text(t->activation), "url", url, "valueLocation",
                     location, "format", "prometheus");
}

static json_t *triggers_json(const struct keda_params *p, const char *location,
                             uint16_t port)
{
    json_t *list = json_array();

    for (size_t i = 0; i < p->n_triggers; i++) {
        const struct keda_trigger *t = &p->triggers[i];
        bool cron = t->kind == KEDA_CRON;
        json_array_append_new(
            list,
            json_pack("{s:s, s:o, s:s, s:b}", "type",
                      cron ? "cron" : "metrics-api", "metadata",
                      cron ? cron_json(t)
                           : metrics_api_json(t, location, i, port),
                      "metricType", t->is_value ? "Value" : "AverageValue",
                      "useCachedMetrics", t->use_cached));
    }
    return list;
}

static void set_if(json_t *o, const char *key, bool has, json_int_t value)
{
    if (has)
        json_object_set_new(o, key, json_integer(value));
}

static json_t *fallback_json(const struct keda_params *p)
{
    static const char *const words[] = {
        "static", "currentReplicas", "currentReplicasIfHigher",
        "currentReplicasIfLower", "scalingModifiers"};

    return json_pack("{s:i, s:i, s:s}", "failureThreshold",
                     (int)p->fallback_threshold, "replicas",
                     (int)p->fallback_replicas, "behavior", words[p->fallback]);
}

json_t *keda_object_json(const struct system_params *params, uint32_t pool,
                         uint16_t port)
{
    const struct pool_params *in = &params->pools[pool];
    const struct keda_params *p = &in->keda;
    char *location = page_location(params->lb.backends[in->backend].name);
    json_t *o =
        json_pack("{s:o}", "triggers", triggers_json(p, location, port));

    free(location);
    set_if(o, "minReplicaCount", p->has_min, p->min);
    set_if(o, "maxReplicaCount", p->has_max, p->max);
    set_if(o, "idleReplicaCount", p->has_idle, p->idle);
    set_if(o, "pollingInterval", true, p->polling_us / US_PER_S);
    set_if(o, "cooldownPeriod", true, p->cooldown_us / US_PER_S);
    set_if(o, "initialCooldownPeriod", true, p->initial_cooldown_us / US_PER_S);
    if (p->has_fallback)
        json_object_set_new(o, "fallback", fallback_json(p));
    return o;
}

json_t *keda_object_annotations(const struct keda_params *p)
{
    json_t *o = json_object();

    if (p->paused_scale_in)
        json_object_set_new(o, "autoscaling.keda.sh/paused-scale-in",
                            json_string("true"));
    if (p->paused_scale_out)
        json_object_set_new(o, "autoscaling.keda.sh/paused-scale-out",
                            json_string("true"));
    if (p->force_activation)
        json_object_set_new(o, "autoscaling.keda.sh/force-activation",
                            json_string("true"));
    return o;
}

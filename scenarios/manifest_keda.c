#include "scenarios/manifest_kinds.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct yaml_range replica_range = {0, MANIFEST_REPLICAS};
static const struct yaml_range seconds = {0, 30 * 86400};

/* An optional count; *has says whether it is written. */
static int read_count(const struct yaml_node *spec, const char *key, bool *has,
                      uint32_t *out, struct err *e)
{
    int64_t value = -1;
    int rc = yaml_int(spec, key, replica_range, &value, e);

    *has = value >= 0;
    if (*has)
        *out = (uint32_t)value;
    return rc;
}

static int read_seconds(const struct yaml_node *spec, const char *key,
                        sim_us *out, struct err *e)
{
    int64_t value = -1;
    int rc = yaml_int(spec, key, seconds, &value, e);

    if (value >= 0)
        *out = value * US_PER_S;
    return rc;
}

static int read_fallback_behavior(const struct yaml_node *fallback,
                                  struct m_scaler *out, struct err *e)
{
    static const char *const names[] = {
        "static", "currentReplicas", "currentReplicasIfHigher",
        "currentReplicasIfLower", "scalingModifiers"};
    const char *text = NULL;
    int rc = yaml_string(fallback, "behavior", &text, e);

    if (rc != ERR_OK || !text || !*text)
        return rc;
    out->fallback_behavior = yaml_get(fallback, "behavior");
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(text, names[i]) == 0) {
            out->keda.fallback = (enum keda_fallback)i;
            return ERR_OK;
        }
    return yaml_fail(out->fallback_behavior, e,
                     "unknown behavior of the fallback: %s", text);
}

static int read_fallback(const struct yaml_node *spec, struct m_scaler *out,
                         struct err *e)
{
    static const char *const keys[] = {"failureThreshold", "replicas",
                                       "behavior"};
    const struct yaml_node *fallback;
    int64_t threshold = INT64_MIN, replicas = INT64_MIN;
    int rc = yaml_map(spec, "fallback", &fallback, e);

    if (rc != ERR_OK || !fallback)
        return rc;
    rc = yaml_known(fallback, keys, COUNT(keys), e);
    if (rc == ERR_OK)
        rc = yaml_int(fallback, "failureThreshold",
                      (struct yaml_range){INT32_MIN, INT32_MAX}, &threshold, e);
    if (rc == ERR_OK)
        rc = yaml_int(fallback, "replicas",
                      (struct yaml_range){INT32_MIN, MANIFEST_REPLICAS},
                      &replicas, e);
    if (rc != ERR_OK)
        return rc;
    if (threshold == INT64_MIN || replicas == INT64_MIN)
        return yaml_fail(fallback, e,
                         "fallback needs failureThreshold and replicas");
    out->keda.has_fallback = true;
    out->keda.fallback_threshold = (int32_t)threshold;
    out->keda.fallback_replicas = (int32_t)replicas;
    return read_fallback_behavior(fallback, out, e);
}

/* Go's ParseBool; anything it cannot read pauses as well. */
static bool pauses(const char *text)
{
    static const char *const no[] = {"0", "f", "F", "false", "FALSE", "False"};

    for (size_t i = 0; i < COUNT(no); i++)
        if (strcmp(text, no[i]) == 0)
            return false;
    return true;
}

static int read_pause(const struct yaml_node *node, struct keda_params *k,
                      struct err *e)
{
    const struct {
        const char *key;
        bool *flag;
    } flags[] = {
        {"autoscaling.keda.sh/paused", &k->paused},
        {"autoscaling.keda.sh/paused-scale-in", &k->paused_scale_in},
        {"autoscaling.keda.sh/paused-scale-out", &k->paused_scale_out},
        {"autoscaling.keda.sh/force-activation", &k->force_activation},
    };
    const char *const fixed = "autoscaling.keda.sh/paused-replicas";
    const struct yaml_node *notes;
    int rc = yaml_path(node, "metadata/annotations", &notes, e);
    const char *text = NULL;
    int64_t n;

    for (size_t i = 0; i < COUNT(flags) && rc == ERR_OK; i++) {
        text = NULL;
        rc = yaml_string(notes, flags[i].key, &text, e);
        if (text)
            *flags[i].flag = pauses(text);
    }
    text = NULL;
    if (rc == ERR_OK)
        rc = yaml_string(notes, fixed, &text, e);
    if (rc != ERR_OK || !text)
        return rc;
    if (!whole_number(text, &n) || n < 0 || n > MANIFEST_REPLICAS)
        return yaml_fail(yaml_get(notes, fixed), e,
                         "paused-replicas must be a whole number from 0 to "
                         "%d, not \"%s\"",
                         MANIFEST_REPLICAS, text);
    k->paused = k->has_paused_replicas = true;
    k->paused_replicas = (uint32_t)n;
    return ERR_OK;
}

static int read_target(const struct yaml_node *spec, struct m_scaler *out,
                       struct err *e)
{
    const struct yaml_node *target;
    const char *kind = "Deployment";
    int rc = yaml_map(spec, "scaleTargetRef", &target, e);

    if (rc == ERR_OK)
        rc = yaml_string(target, "name", &out->target, e);
    if (rc == ERR_OK)
        rc = yaml_string(target, "kind", &kind, e);
    if (rc != ERR_OK)
        return rc;
    if (!out->target)
        return yaml_fail(spec, e, "spec.scaleTargetRef.name is missing");
    if (strcmp(kind, "Deployment") != 0)
        return yaml_fail(target, e, "only Deployments are modelled, not %s",
                         kind);
    return ERR_OK;
}

static int read_advanced(const struct yaml_node *spec, struct m_scaler *out,
                         struct err *e)
{
    static const char *const keys[] = {"restoreToOriginalReplicaCount",
                                       "horizontalPodAutoscalerConfig",
                                       "scalingModifiers"};
    static const char *const hpa_keys[] = {"name", "behavior"};
    const struct yaml_node *advanced, *config, *behavior = NULL;
    int rc = yaml_map(spec, "advanced", &advanced, e);

    if (rc == ERR_OK)
        rc = yaml_known(advanced, keys, COUNT(keys), e);
    if (rc != ERR_OK)
        return rc;
    const struct yaml_node *formula = yaml_get(advanced, "scalingModifiers");
    if (formula)
        return yaml_fail(formula, e, "scalingModifiers are not modelled");
    rc = yaml_map(advanced, "horizontalPodAutoscalerConfig", &config, e);
    if (rc == ERR_OK)
        rc = yaml_known(config, hpa_keys, COUNT(hpa_keys), e);
    if (rc == ERR_OK)
        rc = yaml_map(config, "behavior", &behavior, e);
    return rc == ERR_OK ? m_behavior(behavior, out, e) : rc;
}

static int read_numbers(const struct yaml_node *spec, struct keda_params *k,
                        struct err *e)
{
    int rc = read_count(spec, "minReplicaCount", &k->has_min, &k->min, e);

    if (rc == ERR_OK)
        rc = read_count(spec, "maxReplicaCount", &k->has_max, &k->max, e);
    if (rc == ERR_OK)
        rc = read_count(spec, "idleReplicaCount", &k->has_idle, &k->idle, e);
    if (rc == ERR_OK)
        rc = read_seconds(spec, "pollingInterval", &k->polling_us, e);
    if (rc == ERR_OK)
        rc = read_seconds(spec, "cooldownPeriod", &k->cooldown_us, e);
    if (rc == ERR_OK)
        rc = read_seconds(spec, "initialCooldownPeriod",
                          &k->initial_cooldown_us, e);
    if (rc == ERR_OK && k->polling_us < US_PER_S)
        return yaml_fail(yaml_get(spec, "pollingInterval"), e,
                         "pollingInterval must be at least 1");
    return rc;
}

int m_scaled_object(const struct yaml_node *node, struct m_scaler *out,
                    struct err *e)
{
    static const char *const keys[] = {
        "scaleTargetRef",  "pollingInterval",  "cooldownPeriod",
        "minReplicaCount", "maxReplicaCount",  "initialCooldownPeriod",
        "advanced",        "idleReplicaCount", "triggers",
        "fallback"};
    const struct yaml_node *spec = NULL;

    *out = (struct m_scaler){
        .node = node, .name = manifest_name(node), .is_keda = true};
    keda_defaults(&out->keda);
    int rc = yaml_map(node, "spec", &spec, e);
    if (rc == ERR_OK && !spec)
        return yaml_fail(node, e, "the ScaledObject has no spec");
    if (rc == ERR_OK)
        rc = yaml_known(spec, keys, COUNT(keys), e);
    if (rc == ERR_OK)
        rc = read_target(spec, out, e);
    if (rc == ERR_OK)
        rc = read_numbers(spec, &out->keda, e);
    if (rc == ERR_OK)
        rc = read_fallback(spec, out, e);
    if (rc == ERR_OK)
        rc = read_advanced(spec, out, e);
    if (rc == ERR_OK)
        rc = m_triggers(spec, out, e);
    if (rc == ERR_OK)
        rc = read_pause(node, &out->keda, e);
    if (rc == ERR_OK && keda_refuses(&out->keda))
        return yaml_fail(spec, e, "KEDA refuses this object: %s",
                         keda_refuses(&out->keda));
    return rc;
}

/* keda_params.h - one ScaledObject, as written, and the operator's settings.
 *
 * Source    KEDA 2.16.0 to 2.20.2: scaledobject_types.go, hpa.go, scaler.go.
 * Left out  scalingModifiers formulas; CPU and memory triggers; push scalers.
 */
#ifndef MODELS_KEDA_PARAMS_H
#define MODELS_KEDA_PARAMS_H

#include "models/keda_cron.h"

#include <stddef.h>

enum { KEDA_TRIGGERS = 8 }; /* as many as HPA_METRICS */

enum keda_trigger_kind { KEDA_METRICS_API, KEDA_CRON };

/* What `fallback.behavior` says; 2.16 has only the first. */
enum keda_fallback {
    KEDA_STATIC, /* or empty */
    KEDA_CURRENT_REPLICAS,
    KEDA_CURRENT_IF_HIGHER,
    KEDA_CURRENT_IF_LOWER,
    KEDA_MODIFIERS /* from 2.20; without a formula the value is -1 */
};

struct keda_trigger {
    enum keda_trigger_kind kind;
    bool is_value;          /* metricType Value; else AverageValue */
    bool use_cached;        /* useCachedMetrics */
    double target;          /* targetValue; a cron trigger always has 1 */
    double activation;      /* active while value > activation */
    sim_us timeout_us;      /* of one GET */
    struct keda_cron cron;  /* KEDA_CRON only */
    uint32_t cron_replicas; /* desiredReplicas inside the interval; outside
                               the value is 0, before 2.18 1, and the trigger
                               inactive */
};

struct keda_params {
    uint32_t minor, patch; /* of KEDA 2: 16 and 1 mean 2.16.1 */
    bool has_min, has_max, has_idle;
    uint32_t min, max, idle; /* as written; see keda_min(), keda_max() */
    bool has_fallback;
    int32_t fallback_threshold; /* failureThreshold */
    int32_t fallback_replicas;  /* negative values switch the fallback off */
    enum keda_fallback fallback;
    size_t n_triggers;
    struct keda_trigger triggers[KEDA_TRIGGERS];
    sim_us polling_us, cooldown_us, initial_cooldown_us;
    double race_frac; /* first polls of a loop that find their scalers closed;
                         up to 2.19 */
    bool paused;      /* no polls, no HPA; also true for paused-replicas */
    bool has_paused_replicas;
    uint32_t paused_replicas;
    bool paused_scale_in, paused_scale_out, force_activation; /* from 2.18 */
    sim_us origin_us; /* time 0 in microseconds since 1970, for cron */
};

/* Version 2.16.1, polling 30 s, cooldown 300 s, initial cooldown 0, nothing
 * else written, no trigger.
 */
void keda_defaults(struct keda_params *p);

/* One metrics-api trigger: target 1, activation 0, AverageValue, 3 s. */
void keda_trigger_defaults(struct keda_trigger *t);

/* minReplicaCount, default 0; maxReplicaCount, default 100. */
uint32_t keda_min(const struct keda_params *p);
uint32_t keda_max(const struct keda_params *p);

/* Version at least 2.minor.patch. */
bool keda_since(const struct keda_params *p, uint32_t minor, uint32_t patch);

/* What makes KEDA refuse the object, in words, or NULL if nothing does: min
 * above max, idle not below min, a target that is not positive, no trigger.
 */
const char *keda_refuses(const struct keda_params *p);

/* The HPA that KEDA creates. */
struct keda_hpa {
    uint32_t min, max;
    size_t n_metrics;
    struct keda_hpa_metric {
        int64_t target_milli;
        bool is_value;
    } metrics[KEDA_TRIGGERS];
    /* paused-scale-out and paused-scale-in: behavior must then be present,
     * with selectPolicy Disabled in that direction.
     */
    bool up_disabled, down_disabled;
};

void keda_hpa_bounds(const struct keda_params *p, struct keda_hpa *out);

/* A value in milli-units as the version reports it: cut toward zero up to
 * 2.19, rounded from 2.20; NaN and infinities give INT64_MIN, from 2.20 zero;
 * negative ones give 0 from 2.20.2.
 */
int64_t keda_milli(const struct keda_params *p, double value);

#endif

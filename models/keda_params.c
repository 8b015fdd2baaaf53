#include "models/keda_params.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void keda_defaults(struct keda_params *p)
{
    *p = (struct keda_params){
        .minor = 16,
        .patch = 1,
        .polling_us = 30 * US_PER_S,
        .cooldown_us = 300 * US_PER_S,
    };
}

void keda_trigger_defaults(struct keda_trigger *t)
{
    *t = (struct keda_trigger){
        .kind = KEDA_METRICS_API,
        .target = 1.0,
        .timeout_us = 3 * US_PER_S,
    };
}

uint32_t keda_min(const struct keda_params *p)
{
    return p->has_min ? p->min : 0;
}

uint32_t keda_max(const struct keda_params *p)
{
    return p->has_max ? p->max : 100;
}

bool keda_since(const struct keda_params *p, uint32_t minor, uint32_t patch)
{
    return p->minor > minor || (p->minor == minor && p->patch >= patch);
}

static int64_t target_milli(const struct keda_params *p,
                            const struct keda_trigger *t)
{
    return t->kind == KEDA_CRON ? 1000 : keda_milli(p, t->target);
}

const char *keda_refuses(const struct keda_params *p)
{
    if (p->n_triggers == 0)
        return "there is no trigger";
    if (keda_min(p) > keda_max(p))
        return "minReplicaCount is above maxReplicaCount";
    if (p->has_idle && p->idle >= keda_min(p))
        return "idleReplicaCount is not below minReplicaCount";
    for (size_t i = 0; i < p->n_triggers; i++)
        if (target_milli(p, &p->triggers[i]) <= 0)
            return "a trigger's target is not above zero";
    return NULL;
}

void keda_hpa_bounds(const struct keda_params *p, struct keda_hpa *out)
{
    *out = (struct keda_hpa){
        .min = keda_min(p) > 0 ? keda_min(p) : 1,
        .max = keda_max(p),
        .n_metrics = p->n_triggers,
        .up_disabled = p->paused_scale_out && keda_since(p, 18, 0),
        .down_disabled = p->paused_scale_in && keda_since(p, 18, 0),
    };
    for (size_t i = 0; i < p->n_triggers; i++) {
        out->metrics[i].target_milli = target_milli(p, &p->triggers[i]);
        out->metrics[i].is_value = p->triggers[i].is_value;
    }
}

/* Upstream prints three decimals, which rounds the exact binary value, and
 * reads them again: 0.9285 is a little less than it looks and gives 928.
 */
static double printed_milli(double value)
{
    char text[400]; /* the largest double has 309 digits */

    (void)snprintf(text, sizeof text, "%.3f", value);
    return round(strtod(text, NULL) * 1000.0);
}

int64_t keda_milli(const struct keda_params *p, double value)
{
    double milli = value * 1000.0;

    if (keda_since(p, 20, 0)) {
        if (!isfinite(value))
            return 0;
        milli = printed_milli(value);
    }
    if (value < 0.0 && keda_since(p, 20, 2))
        return 0;
    if (!(milli >= -9223372036854775808.0 && milli < 9223372036854775808.0))
        return INT64_MIN; /* as amd64 converts what does not fit */
    return (int64_t)milli;
}

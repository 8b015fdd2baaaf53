/* hazards_scaling.c - bounds, fallback, and settings without effect. */
#include "sim/plan/hazards_parts.h"

#include "traces/demand.h"

#include <math.h>
#include <stdlib.h>

static struct hazard *add(struct hazard_search *h, enum hazard_level level,
                          const char *code, const struct pool_params *pool)
{
    struct hazard *at = hazard_add(h, level, code);

    hazard_place(h, at, "ScaledObject", pool->name);
    return at;
}

/* ------------------------------------------------------------ bounds */

static bool has_cron(const struct keda_params *k)
{
    for (size_t i = 0; i < k->n_triggers; i++)
        if (k->triggers[i].kind == KEDA_CRON)
            return true;
    return false;
}

/* Without a server the balancer refuses, so no session ever wakes the pool. */
static void check_zero(struct hazard_search *h, const struct pool_params *pool)
{
    const struct keda_params *k = &pool->keda;

    if (keda_min(k) > 0 && !(k->has_idle && k->idle == 0))
        return;
    struct hazard *at = add(h, has_cron(k) ? HAZARD_WARNING : HAZARD_ERROR,
                            "zero-never-wakes", pool);
    hazard_what(at,
                "pool %s may go down to 0 pods: a backend without servers "
                "closes every dial at once, the session metric stays 0 and "
                "the pool never wakes%s",
                pool->name, has_cron(k) ? " outside its cron interval" : "");
    hazard_advice(at, "set minReplicaCount to 1 or more%s",
                  k->has_idle ? " and remove idleReplicaCount" : "");
}

/* One pod of one: an update may take it away before the new one is ready. */
static void check_rollout(struct hazard_search *h,
                          const struct pool_params *pool)
{
    uint32_t min = pool->autoscaled ? keda_min(&pool->keda) : pool->replicas;
    int64_t surge, unavailable;

    rollout_bounds(&pool->rollout, min, &surge, &unavailable);
    if (min == 0 || (!pool->rollout.recreate && min > unavailable))
        return;
    struct hazard *at = hazard_add(h, HAZARD_WARNING, "update-empties-pool");
    hazard_place(h, at, "Deployment", pool->name);
    hazard_what(at,
                "an update of pool %s may take away all of its %u pods "
                "before a new one is ready; clients fail meanwhile",
                pool->name, min);
    hazard_advice(at, "set maxUnavailable 0 with maxSurge 1, or keep 2 pods");
}

/* The most builds of the history that would be served at once if nobody ever
 * waited, and when there are so many of them first.
 */
static int32_t demand_peak(const struct by_pool *builds, uint32_t pool,
                           sim_us *at_us)
{
    struct group own = by_pool_of(builds, pool);
    struct flow f;
    size_t n;
    int32_t peak = 0;

    *at_us = 0;
    flow_fill(&f, builds->trace, own.at, own.n);
    struct demand_step *steps = flow_steps(&f, &n);
    for (size_t k = 0; k < n; k++)
        if (steps[k].builds > peak) {
            peak = steps[k].builds;
            *at_us = steps[k].at_us;
        }
    free(steps);
    flow_free(&f);
    return peak;
}

static void check_maximum(struct hazard_search *h, uint32_t index)
{
    const struct pool_params *pool = &h->p->pools[index];
    sim_us at_us;
    int32_t peak = demand_peak(&h->builds, index, &at_us);

    if (peak < 0 || (uint32_t)peak <= hazard_most(pool))
        return;
    struct hazard *at = add(h, HAZARD_WARNING, "maximum-below-demand", pool);
    hazard_what(at,
                "pool %s may have %u pods, but %d builds of this history "
                "would run at once if nobody waited",
                pool->name, hazard_most(pool), peak);
    hazard_advice(at, "expect waiting, or raise the maximum: one that is not "
                      "reached costs nothing");
}

/* ------------------------------------------------------------ fallback */

static void check_jump(struct hazard_search *h, const struct pool_params *pool)
{
    const struct keda_params *k = &pool->keda;

    if (keda_since(k, 17, 0) || k->fallback_replicas == 0)
        return;
    char interval[32];
    struct hazard *at = add(h, HAZARD_WARNING, "fallback-jump", pool);
    duration_print(k->polling_us, interval);
    hazard_what(at,
                "KEDA 2.%u sets pool %s to %d replicas on the first failed "
                "poll (one every %s), whatever failureThreshold %d says and "
                "past every scale-down rule",
                k->minor, pool->name, k->fallback_replicas, interval,
                k->fallback_threshold);
    hazard_advice(at, "move to KEDA 2.17.1 or newer");
}

static bool lowers(const struct keda_params *k)
{
    return k->fallback == KEDA_STATIC || k->fallback == KEDA_CURRENT_IF_LOWER;
}

static void check_lowering(struct hazard_search *h,
                           const struct pool_params *pool)
{
    const struct keda_params *k = &pool->keda;

    if (!lowers(k) || k->fallback_replicas >= (int64_t)keda_max(k))
        return;
    struct hazard *at = add(h, HAZARD_WARNING, "fallback-lowers", pool);
    hazard_what(at,
                "when the metric is lost, a pool %s larger than %d shrinks "
                "toward %d (maximum %u), whatever waits",
                pool->name, k->fallback_replicas, k->fallback_replicas,
                keda_max(k));
    hazard_advice(at, "%s",
                  keda_since(k, 17, 0)
                      ? "set fallback.behavior: currentReplicasIfHigher"
                      : "move to KEDA 2.17 or newer, where fallback.behavior "
                        "can be currentReplicasIfHigher");
}

static void check_fallback_bounds(struct hazard_search *h,
                                  const struct pool_params *pool)
{
    const struct keda_params *k = &pool->keda;

    if (k->fallback_replicas >= (int64_t)keda_min(k) &&
        k->fallback_replicas <= (int64_t)keda_max(k))
        return;
    struct hazard *at = add(h, HAZARD_WARNING, "fallback-out-of-bounds", pool);
    hazard_what(at, "fallback of pool %s is %d replicas, outside %u to %u: %s",
                pool->name, k->fallback_replicas, keda_min(k), keda_max(k),
                keda_since(k, 17, 0) ? "it is moved to the bound"
                                     : "failed polls and the HPA take turns "
                                       "in setting two different sizes");
    hazard_advice(at, "choose a number inside the bounds");
}

/* Up to 2.17 the target is cut to a whole number in the fallback's formula. */
static void check_cut_target(struct hazard_search *h,
                             const struct pool_params *pool)
{
    const struct keda_params *k = &pool->keda;
    double target = k->triggers[0].target;

    if (k->n_triggers == 0 || keda_since(k, 18, 0) || target == floor(target))
        return;
    struct hazard *at = add(h, target < 1.0 ? HAZARD_ERROR : HAZARD_WARNING,
                            "fallback-target-cut", pool);
    hazard_what(at,
                "in fallback KEDA 2.%u cuts the target %g of pool %s to %.0f, "
                "so that the pool gets %s",
                k->minor, target, pool->name, floor(target),
                target < 1.0 ? "its minimum" : "fewer pods than it says");
    hazard_advice(at, "use a whole targetValue, or KEDA 2.18 or newer");
}

static void check_fallback(struct hazard_search *h,
                           const struct pool_params *pool)
{
    if (!pool->keda.has_fallback || pool->keda.fallback_replicas < 0) {
        struct hazard *at = add(h, HAZARD_NOTE, "no-fallback", pool);
        hazard_what(at,
                    "pool %s has no fallback: it keeps its size while the "
                    "metric is lost",
                    pool->name);
        hazard_advice(at, "set fallback if the pool should grow then");
        return;
    }
    check_jump(h, pool);
    check_lowering(h, pool);
    check_fallback_bounds(h, pool);
    check_cut_target(h, pool);
}

/* ------------------------------------------------------------ no effect */

static void no_effect(struct hazard_search *h, const struct pool_params *pool,
                      const char *setting, const char *why)
{
    struct hazard *at = add(h, HAZARD_NOTE, "no-effect", pool);

    hazard_what(at, "%s of pool %s has no effect on its size: %s", setting,
                pool->name, why);
    hazard_advice(at, "remove it, or look for the setting that was meant");
}

static void check_no_effect(struct hazard_search *h,
                            const struct pool_params *pool)
{
    const struct keda_params *k = &pool->keda;
    struct keda_params usual;
    bool cached = k->n_triggers > 0 && k->triggers[0].use_cached;

    keda_defaults(&usual);
    if (keda_min(k) == 0 || k->has_idle)
        return;
    if (k->cooldown_us != usual.cooldown_us)
        no_effect(h, pool, "cooldownPeriod",
                  "it only delays the step to zero, and the minimum is "
                  "above zero; the scale-down window is what counts");
    if (k->polling_us != usual.polling_us && !cached)
        no_effect(h, pool, "pollingInterval",
                  "the HPA reads the metric by itself, every 15 s; polls "
                  "only count failures");
    if (k->n_triggers > 0 && k->triggers[0].activation > 0.0)
        no_effect(h, pool, "activationTargetValue",
                  "it only decides about leaving zero");
}

/* ------------------------------------------------------------ target */

static void check_target(struct hazard_search *h,
                         const struct pool_params *pool)
{
    const struct keda_params *k = &pool->keda;
    uint32_t maxconn = h->p->lb.backends[pool->backend].maxconn;

    if (k->n_triggers == 0 || k->triggers[0].kind != KEDA_METRICS_API ||
        k->triggers[0].target <= maxconn)
        return;
    struct hazard *at = add(h, HAZARD_WARNING, "target-above-maxconn", pool);
    hazard_what(at,
                "the scaler gives pool %s one pod for %g sessions, but a pod "
                "takes only %u: the rest waits and the pool does not grow",
                pool->name, k->triggers[0].target, maxconn);
    hazard_advice(at, "set targetValue to %u or less", maxconn);
}

static void check_direction(struct hazard_search *h,
                            const struct pool_params *pool)
{
    const struct hpa_params *p = &pool->hpa;

    if (!p->has_behavior)
        return;
    if (p->up.select == HPA_SELECT_DISABLED) {
        struct hazard *at = add(h, HAZARD_ERROR, "growth-disabled", pool);
        hazard_what(at, "pool %s never grows: scaleUp is Disabled", pool->name);
        hazard_advice(at, "set selectPolicy Max");
    }
    if (p->down.select == HPA_SELECT_DISABLED) {
        struct hazard *at = add(h, HAZARD_WARNING, "shrink-disabled", pool);
        hazard_what(at, "pool %s never shrinks: scaleDown is Disabled",
                    pool->name);
        hazard_advice(at, "set selectPolicy Max with a slow policy");
    }
}

static void check_paused(struct hazard_search *h,
                         const struct pool_params *pool)
{
    if (!pool->keda.paused)
        return;
    struct hazard *at = add(h, HAZARD_WARNING, "paused", pool);
    hazard_what(at, "scaling of pool %s is paused: its size is fixed",
                pool->name);
    hazard_advice(at, "remove the autoscaling.keda.sh/paused annotations");
}

void hazards_scaling(struct hazard_search *h)
{
    for (uint32_t i = 0; i < h->p->n_pools; i++) {
        const struct pool_params *pool = &h->p->pools[i];
        check_maximum(h, i);
        check_rollout(h, pool);
        if (!pool->autoscaled)
            continue;
        check_zero(h, pool);
        check_target(h, pool);
        check_direction(h, pool);
        check_fallback(h, pool);
        check_no_effect(h, pool);
        check_paused(h, pool);
    }
}

#include "scenarios/params_rows.h"

#define ROW(TYPE, FIELD, KEY, MIN, MAX, SOURCE, HELP)                          \
    PARAM_ROW(POOL, struct pool_params, TYPE, FIELD, KEY, MIN, MAX, SOURCE,    \
              HELP)
#define SETS(FIELD) PARAM_FLAG(struct pool_params, FIELD)
#define WRITTEN .from_manifests = true
#define KEDA_SOURCE "KEDA ScaledObject"
#define HPA_SOURCE "kubernetes horizontal.go"

static const char *const fallback_names[] = {"static",
                                             "currentReplicas",
                                             "currentReplicasIfHigher",
                                             "currentReplicasIfLower",
                                             "scalingModifiers",
                                             NULL};
static const char *const select_names[] = {"Max", "Min", "Disabled", NULL};

static const struct param rows[] = {
    {ROW(U32, replicas, "replicas", 0, MANIFEST_REPLICAS, "apps/v1 Deployment",
         "replicas at the start; the whole time without a scaler"),
     WRITTEN},
    {ROW(U32, keda.min, "min_replicas", 0, MANIFEST_REPLICAS, KEDA_SOURCE,
         "minReplicaCount"),
     SETS(keda.has_min), WRITTEN},
    {ROW(U32, keda.max, "max_replicas", 1, MANIFEST_REPLICAS, KEDA_SOURCE,
         "maxReplicaCount"),
     SETS(keda.has_max), WRITTEN},
    {ROW(U32, keda.idle, "idle_replicas", 0, MANIFEST_REPLICAS, KEDA_SOURCE,
         "idleReplicaCount"),
     SETS(keda.has_idle), WRITTEN},
    {ROW(I32, keda.fallback_replicas, "fallback_replicas", -1,
         MANIFEST_REPLICAS, KEDA_SOURCE,
         "fallback.replicas; -1 switches the fallback off"),
     SETS(keda.has_fallback), WRITTEN},
    {ROW(I32, keda.fallback_threshold, "fallback_threshold", -1, 1000000,
         KEDA_SOURCE, "fallback.failureThreshold"),
     WRITTEN},
    {ROW(ENUM, keda.fallback, "fallback_behavior", 0, 0, KEDA_SOURCE,
         "fallback.behavior; from KEDA 2.17"),
     .names = fallback_names, WRITTEN},
    {ROW(DOUBLE, keda.triggers[0].target, "keda.target", 0.001, 1e6,
         KEDA_SOURCE, "targetValue: sessions that one pod should carry"),
     WRITTEN},
    {ROW(DOUBLE, keda.triggers[0].activation, "keda.activation", 0, 1e6,
         KEDA_SOURCE, "activationTargetValue"),
     WRITTEN},
    {ROW(TIME, keda.triggers[0].timeout_us, "keda.timeout", 0.001, 3600,
         "KEDA metrics_api_scaler.go", "limit of one read of the metric"),
     WRITTEN},
    {ROW(BOOL, keda.triggers[0].use_cached, "keda.cached", 0, 1, KEDA_SOURCE,
         "useCachedMetrics"),
     WRITTEN},
    {ROW(TIME, keda.polling_us, "keda.polling", 1, 30 * PARAM_DAY, KEDA_SOURCE,
         "pollingInterval"),
     WRITTEN},
    {ROW(TIME, keda.cooldown_us, "keda.cooldown", 0, 30 * PARAM_DAY,
         KEDA_SOURCE, "cooldownPeriod"),
     WRITTEN},
    {ROW(TIME, keda.initial_cooldown_us, "keda.initial_cooldown", 0,
         30 * PARAM_DAY, KEDA_SOURCE, "initialCooldownPeriod"),
     WRITTEN},
    {ROW(DOUBLE, keda.race_frac, "keda.first_poll_race", 0, 1, "assumed",
         "first polls after a start that find no scaler; up to KEDA 2.19")},
    {ROW(BOOL, keda.paused, "keda.paused", 0, 1, "KEDA annotations",
         "no polls and no HorizontalPodAutoscaler"),
     WRITTEN},
    {ROW(BOOL, keda.paused_scale_in, "keda.paused_scale_in", 0, 1,
         "KEDA annotations", "never down; from KEDA 2.18"),
     WRITTEN},
    {ROW(BOOL, keda.paused_scale_out, "keda.paused_scale_out", 0, 1,
         "KEDA annotations", "never up; from KEDA 2.18"),
     WRITTEN},
    {ROW(BOOL, keda.force_activation, "keda.force_activation", 0, 1,
         "KEDA annotations", "always active; from KEDA 2.18"),
     WRITTEN},
    {ROW(TIME, hpa.sync_us, "hpa.sync_period", 1, 3600, HPA_SOURCE,
         "time between two reconciles")},
    {ROW(TIME, hpa.down_stabilization_us, "hpa.down_stabilization", 0, 3600,
         HPA_SOURCE, "scale-down window where none is written")},
    {ROW(DOUBLE, hpa.tolerance_up_frac, "hpa.tolerance_up", 0, 10, HPA_SOURCE,
         "no scale-up within this share of the target")},
    {ROW(DOUBLE, hpa.tolerance_down_frac, "hpa.tolerance_down", 0, 10,
         HPA_SOURCE, "no scale-down within this share of the target")},
    {ROW(TIME, hpa.read_us, "hpa.read", 0, 60, "assumed",
         "reading scale and metric in a reconcile")},
    {ROW(TIME, hpa.write_us, "hpa.write", 0, 60, "assumed",
         "writing the scale")},
    {ROW(TIME, hpa.status_us, "hpa.status", 0, 60, "assumed",
         "writing the status")},
    {ROW(TIME, hpa.echo_us, "hpa.echo", 0, 60, "assumed",
         "start of the status write to its echo; at most hpa.status")},
    {ROW(NEVER, hpa.resync_us, "hpa.resync", 0, 3600, HPA_SOURCE,
         "one instant of the resync ticks; never: none")},
    {ROW(BOOL, hpa.resync_ties, "hpa.resync_ties", 0, 1, HPA_SOURCE,
         "a tick at the very start of a reconcile asks for another")},
    {ROW(TIME, hpa.up.window_us, "hpa.up_window", 0, 3600,
         "autoscaling/v2 behavior", "scaleUp.stabilizationWindowSeconds"),
     SETS(hpa.up.has_window), WRITTEN},
    {ROW(ENUM, hpa.up.select, "hpa.up_select", 0, 0, "autoscaling/v2 behavior",
         "scaleUp.selectPolicy"),
     .names = select_names, SETS(hpa.up.has_select), WRITTEN},
    {ROW(RULES, hpa.up, "hpa.up_policies", 0, 0, "autoscaling/v2 behavior",
         "scaleUp.policies: pods or percent a period"),
     WRITTEN},
    {ROW(DOUBLE, hpa.up.tolerance_frac, "hpa.up_tolerance", 0, 10,
         "autoscaling/v2 behavior", "scaleUp.tolerance; from 1.35"),
     SETS(hpa.up.has_tolerance), WRITTEN},
    {ROW(TIME, hpa.down.window_us, "hpa.down_window", 0, 3600,
         "autoscaling/v2 behavior", "scaleDown.stabilizationWindowSeconds"),
     SETS(hpa.down.has_window), WRITTEN},
    {ROW(ENUM, hpa.down.select, "hpa.down_select", 0, 0,
         "autoscaling/v2 behavior", "scaleDown.selectPolicy"),
     .names = select_names, SETS(hpa.down.has_select), WRITTEN},
    {ROW(RULES, hpa.down, "hpa.down_policies", 0, 0, "autoscaling/v2 behavior",
         "scaleDown.policies: pods or percent a period"),
     WRITTEN},
    {ROW(DOUBLE, hpa.down.tolerance_frac, "hpa.down_tolerance", 0, 10,
         "autoscaling/v2 behavior", "scaleDown.tolerance; from 1.35"),
     SETS(hpa.down.has_tolerance), WRITTEN},
};

struct param_part params_pool_rows(void)
{
    return (struct param_part){rows, sizeof rows / sizeof *rows};
}

bool param_is_of_scaler(const struct param *row)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (row == &rows[i])
            return true;
    return false;
}

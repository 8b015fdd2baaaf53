/* hpa_params.h - what one HorizontalPodAutoscaler and its controller are told.
 *
 * Models    autoscaling/v2 spec of one HPA, and the controller's flags.
 * Source    Kubernetes horizontal.go, replica_calculator.go, and the API
 *           server's defaulting of autoscaling/v2 (defaults.go).
 */
#ifndef MODELS_HPA_PARAMS_H
#define MODELS_HPA_PARAMS_H

#include "sim/base/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HPA_METRICS = 8,   /* metrics of one HPA, at most */
    HPA_POLICIES = 16, /* policies of one direction, at most */
    HPA_WRITES = 5     /* attempts on a conflict, from Kubernetes 1.34 */
};

enum hpa_select { HPA_SELECT_MAX, HPA_SELECT_MIN, HPA_SELECT_DISABLED };

enum hpa_policy_type { HPA_PODS, HPA_PERCENT };

struct hpa_policy {
    enum hpa_policy_type type;
    int32_t value;    /* pods or percent, >= 1 */
    sim_us period_us; /* 1 to 1800 s */
};

/* One direction of `behavior`. Before hpa_behavior_defaults a has_ flag says
 * that the user wrote the field; afterwards all are true but has_tolerance,
 * and has_window of a scale-down.
 */
struct hpa_rules {
    bool has_window, has_select, has_policies, has_tolerance;
    sim_us window_us; /* 0 to 3600 s */
    enum hpa_select select;
    size_t n_policies; /* 1 to HPA_POLICIES after defaulting */
    struct hpa_policy policies[HPA_POLICIES];
    double tolerance_frac; /* >= 0; the API takes it from 1.35 on */
};

/* One metric of type External. */
struct hpa_metric {
    int64_t target_milli; /* > 0 */
    bool is_value;        /* target type Value; false: AverageValue */
};

struct hpa_params {
    uint32_t kubernetes_minor; /* 32 to 35; others act as the nearest */
    uint32_t min, max;         /* min <= max; 0 only with HPAScaleToZero */
    size_t n_metrics;
    struct hpa_metric metrics[HPA_METRICS];
    bool has_behavior; /* absent and present are two algorithms */
    struct hpa_rules up, down;

    /* Flags of the controller. */
    sim_us sync_us;               /* S */
    sim_us down_stabilization_us; /* D: behavior absent, or window unset */
    double tolerance_up_frac;     /* one flag upstream, so usually equal */
    double tolerance_down_frac;

    /* Parts of a reconcile; constant, so that skipped ones can be counted. */
    sim_us read_us;   /* scale GET and metrics, without a hanging endpoint */
    sim_us write_us;  /* scale PUT */
    sim_us status_us; /* HPA status PUT */
    sim_us echo_us;   /* from the start of that PUT to its echo in the queue;
                         <= status_us */
    sim_us resync_us; /* any one moment of the informer's resync ticks, which
                         come every sync_us; SIM_NEVER: none */
    bool resync_ties; /* a tick at the very start of a reconcile asks for
                         another one: upstream it is chance */
};

/* Flags and latencies as upstream has them, min 1, max 10, no behavior, no
 * metric: sync 15 s, stabilisation 300 s, tolerance 0.1; read 50 ms, write
 * 20 ms, status 10 ms, echo 5 ms (a whole reconcile takes 20 to 300 ms in
 * practice), no resync tick; version 1.34.
 */
void hpa_defaults(struct hpa_params *p);

/* Fills what the user left out of `behavior`, as the API server does; does
 * nothing if has_behavior is false. A present direction keeps each field it
 * sets, policies as a whole list. The window of a scale-down stays unset: the
 * controller puts down_stabilization_us in its place. May be repeated.
 */
void hpa_behavior_defaults(struct hpa_params *p);

/* Window in force for each direction; behavior must be present. */
sim_us hpa_up_window_us(const struct hpa_params *p);
sim_us hpa_down_window_us(const struct hpa_params *p);

/* Attempts of one reconcile to write the scale when the Deployment changed in
 * between: 1, or HPA_WRITES from 1.34. The size written stays the same.
 */
uint32_t hpa_write_attempts(const struct hpa_params *p);

/* Delay before the next such attempt: 10 to 11 ms; u in (0, 1). */
sim_us hpa_retry_us(double u);

#endif

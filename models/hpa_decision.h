/* hpa_decision.h - what one reconcile of an HPA sees and what it decides.
 *
 * Source    Kubernetes horizontal.go: conditions and their reasons.
 */
#ifndef MODELS_HPA_DECISION_H
#define MODELS_HPA_DECISION_H

#include "models/hpa_params.h"

/* Reasons of the three conditions; the status is fixed by the reason. */
enum hpa_reason {
    HPA_NOT_SET,
    HPA_FAILED_GET_SCALE, /* AbleToScale */
    HPA_SUCCEEDED_GET_SCALE,
    HPA_READY_FOR_NEW_SCALE,
    HPA_SCALE_UP_STABILIZED,
    HPA_SCALE_DOWN_STABILIZED,
    HPA_SUCCEEDED_RESCALE,
    HPA_FAILED_UPDATE_SCALE,
    HPA_VALID_METRIC_FOUND, /* ScalingActive */
    HPA_SCALING_DISABLED,
    HPA_FAILED_GET_EXTERNAL_METRIC,
    HPA_DESIRED_WITHIN_RANGE, /* ScalingLimited */
    HPA_SCALE_UP_LIMIT,
    HPA_SCALE_DOWN_LIMIT,
    HPA_TOO_MANY_REPLICAS,
    HPA_TOO_FEW_REPLICAS,
    HPA_REASONS
};

/* What one reconcile sees. */
struct hpa_reading {
    bool scale_lost;     /* the scale could not be read; the rest is void */
    sim_us scale_age_us; /* how long before the decision the scale was read:
                            what hanging metrics took; usually 0 */
    uint32_t spec;       /* C: spec.replicas of the Deployment */
    uint32_t status;     /* R: its status.replicas, pending pods included,
                            pods being deleted not */
    uint32_t ready;      /* ready pods; used by targets of type Value, which
                            are lost if no_pods: there is none of any kind */
    bool no_pods;
    struct hpa_usage {
        bool ok;             /* false: an error or no series */
        int64_t usage_milli; /* sum over the series, see hpa_sum_milli() */
    } metrics[HPA_METRICS];  /* n_metrics of them */
};

struct hpa_conditions {
    enum hpa_reason able, active, limited;
};

struct hpa_decision {
    bool has_proposal;   /* the metric was used; else a bound or nothing */
    uint32_t proposal;   /* P, before any rule */
    uint32_t stabilized; /* after the windows; both 0 without proposal */
    uint32_t desired;    /* N; equals spec if nothing is to be written */
    bool write;          /* spec.replicas is to become desired */
    bool status;         /* the status changed and is written, too */
    struct hpa_conditions conditions;   /* as they are if the write succeeds */
    int64_t average_milli[HPA_METRICS]; /* ceil(U / R) or, for a Value target,
                                           U; 0 if not read */
};

/* The name that `kubectl describe hpa` shows; "" for HPA_NOT_SET. */
const char *hpa_reason_name(enum hpa_reason reason);

#endif

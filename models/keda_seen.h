/* keda_seen.h - what the operator's own metrics say about one ScaledObject.
 *
 * Models    keda_scaler_metrics_value, keda_scaler_detail_errors_total,
 *           keda_scaled_object_errors_total.
 * Source    KEDA prommetrics.go, scale_handler.go of 2.16.1.
 * Left out  keda_scaler_active and the latencies. Polls that are not executed
 *           leave the value as the HPA's last query found it: at most one
 *           sync old.
 */
#ifndef MODELS_KEDA_SEEN_H
#define MODELS_KEDA_SEEN_H

#include "models/keda_params.h"

/* Starts from {0}. */
struct keda_seen {
    struct keda_seen_trigger {
        bool has_value;
        int64_t value_milli; /* the last good or fallback one */
        uint64_t errors;     /* evaluations that gave no value */
    } triggers[KEDA_TRIGGERS];
    uint64_t errors; /* of the object: each of these, and each poll in which
                        there is one */
};

/* One evaluation of a trigger, for the HPA or by a poll. */
void keda_seen_evaluation(struct keda_seen *x, size_t trigger, bool ok,
                          int64_t value_milli);

/* A poll is over. */
void keda_seen_poll(struct keda_seen *x, bool error);

/* n more polls that end as one did whose triggers gave ok[n_triggers]. */
void keda_seen_idle(struct keda_seen *x, const bool ok[], size_t n_triggers,
                    uint64_t n);

#endif

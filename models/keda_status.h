/* keda_status.h - failures in a row, as the status of a ScaledObject counts
 * them, and the fallback that follows from them.
 *
 * Models    the object as the API server has it; the scale loop's, read anew
 *           by every poll; the copy on which the HPA's queries count, which
 *           lives in the scalers' cache until an evaluation ends in an error
 *           and is made by whoever misses it first. A count writes what it
 *           changed on its own object and reads the whole result back.
 * Source    KEDA fallback.go, scale_handler.go (performGetScalersCache,
 *           ClearScalersCache) of 2.16.0 to 2.20.2.
 * Left out  writes that fail; two evaluations at one instant.
 */
#ifndef MODELS_KEDA_STATUS_H
#define MODELS_KEDA_STATUS_H

#include "models/keda_params.h"

/* The Deployment as KEDA sees it. */
struct keda_context {
    uint32_t spec;  /* spec.replicas */
    uint32_t ready; /* ready pods; only fallback of Value triggers */
};

struct keda_status {
    bool fallback;       /* the condition: one evaluation late up to 2.19 */
    bool fallback_known; /* it is neither true nor false before a first count */
    struct keda_count {
        bool known;   /* has been counted at all */
        bool failing; /* written beside the number, each if it changes */
        uint32_t failures;
    } health[KEDA_TRIGGERS];
};

struct keda_statuses {
    struct keda_status api;  /* survives restarts */
    struct keda_status loop; /* as the last poll read or wrote it */
    struct keda_status own;  /* the queries', if they have one to themselves */
    enum keda_copy {
        KEDA_NO_COPY, /* the next evaluation makes one */
        KEDA_OWN_COPY,
        KEDA_LOOPS_COPY /* a poll made it: they share the loop's */
    } copy;
};

struct keda_reading {
    bool ok;
    int64_t value_milli; /* if ok */
};

/* A new process reads the object before its first poll. */
void keda_status_on_restart(struct keda_statuses *s);

/* A poll begins. */
void keda_status_on_poll(struct keda_statuses *s);

/* An evaluation ended in an error: the copy goes with the scalers' cache. */
void keda_status_on_error(struct keda_statuses *s);

/* 2.16 jumped to the fallback: the loop writes the condition. */
void keda_status_on_jump(struct keda_statuses *s);

/* Counts what one trigger gave to a poll or to a query, and puts the fallback's
 * value in the place of a failure that lies beyond the threshold. Returns
 * whether the value is the fallback's.
 */
bool keda_status_count(struct keda_statuses *s, const struct keda_params *p,
                       bool poll, size_t trigger, const struct keda_context *c,
                       struct keda_reading *v);

bool keda_status_same(const struct keda_statuses *a,
                      const struct keda_statuses *b);

#endif

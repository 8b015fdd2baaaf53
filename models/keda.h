/* keda.h - KEDA's two loops around one ScaledObject.
 *
 * Models    the answers to the HPA's metric queries; the poll loop's own
 *           changes of the replica count; counting of failures and fallback
 *           by version; cached metrics; cron; pausing.
 * Source    KEDA scale_handler.go, scale_scaledobjects.go, fallback.go,
 *           scalers_cache.go of 2.16.0 to 2.20.2.
 * Left out  operator outages, lost status patches (see keda_status.h).
 *
 * Cached metrics, where upstream races: a failed poll, or a failed query that
 * got no fallback value, deletes every record up to 2.20, so the next query
 * reads live; from 2.21 the record stays and holds the error. From 2.19 a
 * poll stores the fallback value as if it were healthy, and the next query
 * resets the counter.
 */
#ifndef MODELS_KEDA_H
#define MODELS_KEDA_H

#include "models/keda_seen.h"
#include "models/keda_status.h"

/* How one GET of the endpoint goes. */
enum keda_read {
    KEDA_READ_OK,
    KEDA_READ_FAILS, /* at once: refused, bad status, bad body */
    KEDA_READ_HANGS  /* fails when the timeout is over */
};

/* What an evaluation finds. After a failed GET there is a second one; its
 * success is the evaluation's. Of cron triggers only `lost` matters.
 */
struct keda_sample {
    enum keda_read first, second;
    bool lost;         /* up to 2.19: a poll whose scalers were closed under
                          it; makes no GET, fails, is not counted */
    double value;      /* if one of them is KEDA_READ_OK */
    sim_us latency_us; /* of a GET that is KEDA_READ_OK; >= 0 */
};

struct keda {
    const struct keda_params *p; /* borrowed; may be exchanged */
    sim_us created_us;
    bool has_last_active;
    sim_us last_active_us;
    struct keda_statuses status;
    struct keda_record {
        bool stored;
        struct keda_reading v;
    } records[KEDA_TRIGGERS]; /* of cached metrics */
    struct keda_seen seen;    /* since the operator started */
};

/* The answer to one query of the HPA. */
struct keda_answer {
    bool ok;
    bool fallback; /* value_milli is the fallback's */
    int64_t value_milli;
    uint32_t gets;
    sim_us delay_us; /* spent on GETs; hung ones last for their timeout */
};

enum keda_move {
    KEDA_STAY,
    KEDA_JUMP,      /* to fallback.replicas, only 2.16 */
    KEDA_FROM_ZERO, /* or from idle */
    KEDA_TO_IDLE,   /* or to zero, after the cooldown */
    KEDA_TO_MIN
};

/* What one poll decides. */
struct keda_poll {
    enum keda_move move;
    uint32_t replicas; /* to set if move is not KEDA_STAY; else spec */
    bool active, error, fallback;
    uint32_t gets;
    sim_us delay_us;
    bool ok[KEDA_TRIGGERS]; /* what each trigger gave, fallback included */
    int64_t value_milli[KEDA_TRIGGERS];
};

/* created_us   when the ScaledObject was created; negative: before time 0 */
void keda_init(struct keda *k, const struct keda_params *p, sim_us created_us);

/* The operator restarted: cached records are lost. A poll follows at once. */
void keda_on_restart(struct keda *k);

/* The HPA asks for the metric of one trigger. */
struct keda_answer keda_on_hpa_query(struct keda *k, sim_us now_us,
                                     size_t trigger,
                                     const struct keda_sample *s,
                                     const struct keda_context *c);

/* How long a query waits at the metrics adapter for an operator that will be
 * there in away_us > 0; with KEDA_DEADLINE_US it fails uncounted. Up to 2.19
 * the adapter looks for it each half second.
 */
#define KEDA_DEADLINE_US (60 * US_PER_S)
sim_us keda_wait_us(const struct keda_params *p, sim_us away_us);

/* One poll; s[n_triggers]. The first comes when the loop starts, the next at
 * keda_next_poll_us(). paused must be false.
 */
struct keda_poll keda_on_poll(struct keda *k, sim_us now_us,
                              const struct keda_sample s[],
                              const struct keda_context *c);

/* Start of the poll after the one at start_us that hung for delay_us. */
sim_us keda_next_poll_us(const struct keda_params *p, sim_us start_us,
                         sim_us delay_us);

/* How long the same samples and context change nothing but lastActiveTime:
 * polls from now_us on and before the returned moment stay and leave health,
 * records and conditions. now_us if that is not so, SIM_NEVER if it stays so.
 */
sim_us keda_idle_until(const struct keda *k, sim_us now_us,
                       const struct keda_sample s[],
                       const struct keda_context *c);

/* Stands for n >= 1 polls, the last one at last_us, all before
 * keda_idle_until(). Returns the number of GETs they made.
 */
uint64_t keda_on_idle(struct keda *k, sim_us last_us, uint64_t n,
                      const struct keda_sample s[],
                      const struct keda_context *c);

#endif

/* system_link.h - somebody outside who scales, in the place of the models of
 * KEDA and the HPA: the real controllers, or a test's own.
 *
 * While a system has a link it runs no poll and no reconcile of its own. It
 * calls the link at the instants that the link asked for, when everything else
 * of that instant that comes before control has happened (order of enum
 * event_kind). The link then looks at the pools and writes their scales with
 * the functions below, which must not be called at any other time.
 */
#ifndef MODELS_SYSTEM_LINK_H
#define MODELS_SYSTEM_LINK_H

#include "models/system.h"

struct scaler_link {
    void *context; /* borrowed */
    /* The replication stands at time 0 and nothing has happened yet. Returns
     * when on_time is wanted first, >= 0; SIM_NEVER: not at all.
     */
    sim_us (*on_start)(void *context, struct system *s);
    /* Returns when to be called next, > now_us; SIM_NEVER: not again. */
    sim_us (*on_time)(void *context, struct system *s, sim_us now_us);
};

/* For the runs to come; NULL: the models scale. Borrowed. */
void system_set_link(struct system *s, const struct scaler_link *link);

/* What scalers see of a pool, and what the faults of the scenario do to them.
 */
struct pool_view {
    uint32_t spec, status; /* replicas, as the Deployment has them */
    sim_us changed_us;     /* last change of the Deployment object */
    int32_t sessions;      /* gauge of its backend */
    bool scale_lost;       /* the scale cannot be read */
    bool conflicts;        /* every write of the scale fails */
    sim_us keda_away_us;   /* so long no operator is to be asked */
};
struct pool_view system_view(const struct system *s, uint32_t pool);

/* What the Deployment's selector lists; ready ones may be draining. */
struct pods_view {
    uint32_t all, ready;
};
struct pods_view system_pods(const struct system *s, uint32_t pool);

/* What a GET of the gauges meets now, and another one at once after it; by
 * chance polls and queries may differ, and triggers.
 */
struct keda_sample system_sample(const struct system *s, uint32_t pool,
                                 size_t trigger, bool poll);

/* Gauges of a backend, as the balancer's page has them. */
struct backend_view {
    size_t sessions, queue;
};
struct backend_view system_backend(const struct system *s, uint32_t backend);

/* Writes spec.replicas. */
void system_scale(struct system *s, uint32_t pool, uint32_t replicas);

/* When the models' own loops would begin in this replication: the first start
 * of a reconcile, the first poll.
 */
struct scale_phases {
    sim_us hpa_us, poll_us;
};
struct scale_phases system_phases(const struct system *s, uint32_t pool);

/* Tells those who look on that the metric of a trigger could not be had. */
void system_metric_lost(const struct system *s, uint32_t pool,
                        uint32_t trigger);

/* The draw for the wait between a conflict and the next try: see
 * hpa_retry_us.
 */
double system_retry_u(struct system *s, uint32_t pool);

#endif

/* hpa.h - the replica count that a HorizontalPodAutoscaler asks for.
 *
 * Models    one HPA with External metrics, scaling a Deployment: reading,
 *           tolerance, stabilisation windows, rate policies, the controller's
 *           memory with its reuse of slots, conditions, timing of reconciles.
 * Source    Kubernetes horizontal.go, replica_calculator.go (1.32 to 1.35);
 *           arithmetic is binary64 and int32 as there, on amd64.
 * Left out  Resource, Pods, Object metrics; selector errors; queueing behind
 *           other HPAs (five workers); API client limits.
 *
 * A reconcile starts at T. At T + read_us (later if the metric hangs) the
 * caller takes the reading and calls hpa_on_sync(). If the decision says write,
 * the new size is written write_us later: hpa_on_scaled(), or
 * hpa_on_write_failed() after the last conflict. hpa_next_sync_us() gives the
 * next T; the first is hpa_first_sync_us().
 */
#ifndef MODELS_HPA_H
#define MODELS_HPA_H

#include "models/hpa_decision.h"
#include "models/hpa_params.h"

struct hpa_recommendation {
    sim_us at_us;
    int32_t replicas;
};

struct hpa_event {
    sim_us at_us;
    int32_t change; /* size of the step, > 0 */
    bool stale;     /* its slot may be reused; it still counts */
};

struct hpa_events {
    struct hpa_event *at; /* owned */
    size_t n, cap;
};

/* Memory of the controller, and the status that it wrote last. */
struct hpa {
    const struct hpa_params *p; /* borrowed; may be exchanged for an edited
                                   one between reconciles */
    bool has_log;
    struct hpa_recommendation *log; /* owned */
    size_t n_log, cap_log;
    sim_us *above_us; /* owned; see hpa_memory.c */
    size_t cap_above, written;
    bool has_above;
    struct hpa_recommendation peak; /* the youngest of the highest entries of
                                       the log that are younger than: */
    sim_us peak_after_us;
    struct hpa_events ups, downs;
    struct hpa_status {
        uint32_t current, desired;
        int64_t average_milli[HPA_METRICS];
        bool has_average[HPA_METRICS]; /* shown; a lost metric has none */
        struct hpa_conditions conditions;
    } status;
};

/* behavior of p must have its defaults. */
void hpa_init(struct hpa *h, const struct hpa_params *p);
void hpa_free(struct hpa *h);

/* As after hpa_init with the same p, for another history; keeps its memory. */
void hpa_again(struct hpa *h);

/* The controller restarted or changed its leader: log and events are lost,
 * the status, kept by the API server, is not.
 */
void hpa_on_restart(struct hpa *h);

/* One reconcile up to the write of the scale. A log that does not exist yet
 * starts with an entry of r->spec, made when the scale was read.
 */
struct hpa_decision hpa_on_sync(struct hpa *h, sim_us now_us,
                                const struct hpa_reading *r);

/* The same with a proposal in place of the metrics. */
struct hpa_decision hpa_on_proposal(struct hpa *h, sim_us now_us,
                                    const struct hpa_reading *r,
                                    uint32_t proposal);

/* The write succeeded: stores the scale event if behavior is present. */
void hpa_on_scaled(struct hpa *h, sim_us now_us, uint32_t from, uint32_t to);

/* The write failed: the proposal stays logged, there is no scale event. */
void hpa_on_write_failed(struct hpa *h);

/* Start of the first reconcile: sync_us after the controller saw the HPA or
 * started itself.
 */
sim_us hpa_first_sync_us(const struct hpa_params *p, sim_us seen_us);

/* Start of the reconcile after the one that started at start_us.
 *
 * read_us   when its reading was complete (the now_us of hpa_on_sync), plus
 *           whatever retries of the write took
 * Returns sync_us after the first of: echo of the status write, a resync tick
 * while it ran, its end.
 */
sim_us hpa_next_sync_us(const struct hpa_params *p, sim_us start_us,
                        sim_us read_us, const struct hpa_decision *d);

/* How long the same reading changes nothing: a reconcile at any moment from
 * now_us on and before the returned one decides as one at now_us does, and
 * writes neither scale nor status. now_us itself if that is not so; SIM_NEVER
 * if it stays so. Never later than the truth, sometimes earlier: ask again.
 */
sim_us hpa_idle_until(const struct hpa *h, sim_us now_us,
                      const struct hpa_reading *r);

/* Stands for n calls of hpa_on_sync at first_us, first_us + step_us, ..., all
 * before hpa_idle_until(h, first_us, r). The log afterwards is the same, in
 * the same slots; the time taken does not depend on n. Between two idle
 * reconciles without a resync tick the step is sync_us + read_us.
 */
void hpa_on_idle(struct hpa *h, sim_us first_us, sim_us step_us, uint64_t n,
                 const struct hpa_reading *r);

/* Sum of the milli-values of the series of one metric, saturating. */
int64_t hpa_sum_milli(const int64_t values[], size_t n);

#endif

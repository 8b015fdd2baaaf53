/* hpa_rules.h - the steps inside one reconcile; for hpa.c and its tests.
 *
 * Source    Kubernetes replica_calculator.go (proposal), horizontal.go (the
 *           rest). Replica counts are int32 and wrap, floating point is
 *           binary64, and a double outside int32 becomes INT32_MIN, as on
 *           amd64.
 */
#ifndef MODELS_HPA_RULES_H
#define MODELS_HPA_RULES_H

#include "models/hpa.h"

/* The metrics' proposal P >= 0.
 *
 * average   filled for each metric that could be read, 0 for the others
 * Returns true and *proposal, or false if no metric could be read or some
 * could not and the others would scale down. *proposal is INT32_MAX at most.
 */
bool hpa_propose(const struct hpa_params *p, const struct hpa_reading *r,
                 int64_t average[HPA_METRICS], int32_t *proposal);

/* Metric i could not be read; or it is of type Value and outside its
 * tolerance, and there is no pod to count.
 */
bool hpa_is_lost(const struct hpa_params *p, size_t i,
                 const struct hpa_reading *r);

/* x cut toward zero; INT32_MIN if it does not fit, as on amd64. */
int32_t hpa_int32(double x);

/* Whether ratio r lies inside the tolerance of the version. */
bool hpa_tolerates(const struct hpa_params *p, double r);

/* The size after the windows. */
int32_t hpa_stabilize(const struct hpa *h, sim_us now_us, int32_t spec,
                      int32_t proposal);

/* The size after rate limit and bounds, and why it is what it is. */
int32_t hpa_limit(const struct hpa *h, sim_us now_us, int32_t spec,
                  int32_t stabilized, enum hpa_reason *why);

/* First moment after now_us at which hpa_stabilize or hpa_limit may answer
 * otherwise for the same spec and proposal, if until then nothing but the
 * proposal is logged and nothing is scaled.
 */
sim_us hpa_rules_until(const struct hpa *h, sim_us now_us, int32_t spec,
                       int32_t proposal);

/* Logs a proposal: over the last slot that is too old, else behind. */
void hpa_log(struct hpa *h, sim_us now_us, int32_t proposal);

/* Whether the peak is the highest of the entries that are younger. */
bool hpa_log_has_peak(const struct hpa *h, sim_us after_us);

/* The same n times, step_us apart, in time that does not depend on n. */
void hpa_log_repeat(struct hpa *h, sim_us first_us, sim_us step_us, uint64_t n,
                    int32_t proposal);

/* Stores a scale event in one direction's list. */
void hpa_events_store(struct hpa_events *e, const struct hpa_rules *rules,
                      sim_us now_us, int32_t change);

/* Sum of the events with age below period_us. */
int32_t hpa_events_sum(const struct hpa_events *e, sim_us now_us,
                       sim_us period_us);

#endif

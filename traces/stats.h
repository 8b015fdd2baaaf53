/* stats.h - what a trace says about itself, before any simulation.
 *
 * Source    "The Physics of the M_t/G/infinity Queue" (Eick, Massey, Whitt
 *           1993) for the infinite-server demand D(t): builds that would be
 *           served at t if nobody ever waited.
 */
#ifndef TRACES_STATS_H
#define TRACES_STATS_H

#include "sim/base/err.h"
#include "traces/trace.h"

#include <stdio.h>

/* One change of the infinite-server demand of one pool. */
struct demand_step {
    sim_us at_us;
    int32_t builds; /* in service from at_us on */
};

/* The step function D(t) of one pool, exact: work starts when it is asked
 * for; a cancelled build ends at the earlier of its work and its leaving.
 *
 * pool      index into trace strings, or NO_INDEX for all pools together
 * Returns an owned array of *n steps, strictly increasing in time; no two
 *         neighbours are equal and the last one is 0.
 */
struct demand_step *trace_demand(const struct trace *t, uint32_t pool,
                                 size_t *n);

/* Figures of one pool. */
struct pool_stats {
    uint32_t pool; /* index into trace strings */
    size_t n_builds, n_runs, n_censored, n_error, n_cancelled;
    sim_us first_us, last_us; /* of asked_us */
    int64_t demand_peak;
    sim_us demand_peak_us; /* when the peak is first reached */
    double demand_mean;    /* over the span of the trace */
    /* Of the work that is known; 0 if every build is censored. */
    double work_p50_s, work_p90_s, work_p99_s, work_mean_s, work_max_s;
    size_t burst_p50, burst_p90, burst_max; /* builds a run, in this pool */
    double capped_frac; /* share of busy time that D sits at its maximum */
    bool capped;        /* looks cut by a fixed pool: peaks are too low */
    double asked_by_hour[7][24]; /* mean builds asked for, Monday first */
};

/* Fills an owned array of *n pools, in order of their names.
 *
 * A pool is called capped if its maximum is at least 2, capped_frac is above
 * 0.05, and most ends out of the full house are followed by a start within
 * five minutes: work was waiting, so the starts are not the first dials. The
 * last condition spares small pools that are often at their maximum by
 * themselves. A trace without real instants counts as starting on a Monday.
 */
struct pool_stats *trace_stats(const struct trace *t, size_t *n);

/* The text report of `drydock trace stats`.
 * Errors    ERR_IO if writing to out failed.
 */
int trace_stats_print(const struct trace *t, FILE *out, struct err *e);

/* Keeps the builds asked for in [from_us, to_us), times since the origin;
 * the origin moves to from_us. Times outside the record are moved to its
 * bounds. Builds asked for earlier are dropped even if they still run at
 * from_us, so that the first hours of a cut see too little demand.
 *
 * from_us <= to_us
 */
void trace_cut(struct trace *t, sim_us from_us, sim_us to_us);

#endif

/* demand.h - the infinite-server demand of a set of builds, as sorted times.
 *
 * Shared by the files of trace statistics; stats.h is the public face.
 */
#ifndef TRACES_DEMAND_H
#define TRACES_DEMAND_H

#include "traces/stats.h"

/* Starts and ends of the builds that hold a slot for some time, each sorted
 * upwards by itself. Work of length zero is left out.
 */
struct flow {
    sim_us *starts, *ends; /* owned; n each */
    size_t n;
};

/* Fills f from the builds of t that index[n] names, in the order of the trace,
 * which is sorted.
 */
void flow_fill(struct flow *f, const struct trace *t, const uint32_t index[],
               size_t n);

void flow_free(struct flow *f);

/* D(t) as an owned array of *n steps; instants at which as many builds start
 * as end are no steps.
 */
struct demand_step *flow_steps(const struct flow *f, size_t *n);

/* Share of the ends out of a full house that are followed by a start within
 * five minutes, where full is the level `peak`; 0 if there are none. Near 1
 * on a pool of fixed size with a queue in front of it, near 0 otherwise.
 */
double flow_refill_frac(const struct flow *f, int64_t peak);

#endif

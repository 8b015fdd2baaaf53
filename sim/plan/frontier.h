/* frontier.h - the honest baseline: a fixed number of pods, always ready.
 *
 * Models    one pool of the trace, first come first served, on c slots that
 *           cost no start. A cancelled build leaves at its time, from the queue
 *           or from its slot.
 * Left out  balancer, names, retries: c real pods wait a little longer.
 */
#ifndef SIM_PLAN_FRONTIER_H
#define SIM_PLAN_FRONTIER_H

#include "traces/by_pool.h"

/* Starts with frontier_init; constant from then on, shared by threads. */
struct frontier {
    struct frontier_build {
        sim_us asked_us, work_us;
        sim_us leaves_us; /* SIM_NEVER: it does not */
        bool counted;     /* asked for at or after the warm-up */
    } * builds;           /* owned; in order of asked_us */
    size_t n;
    uint32_t plenty; /* so many slots have a p95 wait of zero */
};

void frontier_init(struct frontier *f, const struct by_pool *b, uint32_t pool,
                   sim_us warm_up_us);
void frontier_free(struct frontier *f); /* takes {0}; may repeat */

/* What c slots come to. */
struct frontier_point {
    size_t n;        /* counted builds that have a wait */
    sim_us p95_us;   /* of these; 0 if there are none */
    size_t n_within; /* of these: waits of at most the limit */
};

/* n_slots > 0. A build that leaves unserved has no wait, as in figures.h. */
struct frontier_point frontier_at(const struct frontier *f, uint32_t n_slots,
                                  sim_us limit_us);

/* The smallest number of slots whose p95 wait is at most limit_us >= 0; 0 if
 * the pool has no builds.
 *
 * By bisection: with more slots every single build starts no later. Builds
 * that leave unserved have no wait and so can bend the quantile; then one
 * number fits and the next smaller one does not.
 */
uint32_t frontier_smallest(const struct frontier *f, sim_us limit_us);

#endif

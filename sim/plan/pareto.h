/* pareto.h - which of many settings are not beaten, by paired comparisons.
 *
 * Models    every setting has seen the same worlds, so that replication r of
 *           one is compared with replication r of the other. A beats B only
 *           if no interval of a difference says that A is worse in any
 *           objective, and at least one says that it is better. With a single
 *           replication, which has no interval, the bare numbers decide.
 * Source    Law, "Simulation Modeling and Analysis", sections 10.2 and 11.2.
 * Left out  elimination of settings while the sweep runs.
 */
#ifndef SIM_PLAN_PARETO_H
#define SIM_PLAN_PARETO_H

#include <stdbool.h>
#include <stddef.h>

/* A difference of means under common random numbers. */
struct paired {
    double mean, half_width; /* 0 for one replication */
    double correlation;      /* of the two; NaN if one does not vary or n < 3 */
};

/* a[n] less b[n]; n >= 1, 0 < error < 1: the intervals cover 1 - error. */
struct paired paired_difference(const double a[], const double b[], size_t n,
                                double error);

/* All objectives are to be small. */
struct pareto_task {
    const double *y; /* [setting][objective][replication] */
    size_t n_settings, n_objectives, n_reps;
    double error; /* of each interval */
};

bool pareto_beats(const struct pareto_task *t, size_t a, size_t b);

/* front[i] if setting i is a candidate that no candidate beats. A beaten
 * setting still beats others.
 *
 * candidate    n_settings; in
 * front        n_settings; out
 */
void pareto_front(const struct pareto_task *t, const bool candidate[],
                  bool front[]);

#endif

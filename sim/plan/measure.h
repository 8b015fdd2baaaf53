/* measure.h - the figures that need every change of a run: elasticity, flaps,
 * and how far from the oracle and the best fixed pool a run came out.
 *
 * They cost some time, so that replicate() takes them only when asked to.
 */
#ifndef SIM_PLAN_MEASURE_H
#define SIM_PLAN_MEASURE_H

#include "sim/plan/figures.h"

/* What the trace and the parameters alone say; shared by threads. */
struct measure_plan;

/* Everything is borrowed and outlives the plan. */
struct measure_plan *measure_plan_new(const struct system_params *params,
                                      const struct by_pool *builds);
void measure_plan_free(struct measure_plan *p); /* takes NULL */

/* Looks on while replications run, one after the other. */
struct measure;

struct measure *measure_new(const struct measure_plan *p);
void measure_free(struct measure *m); /* takes NULL */

/* Before each replication. */
void measure_start(struct measure *m);

void measure_on_note(struct measure *m, const struct note *n);
void measure_on_row(struct measure *m, const struct timeline_row *r);

/* After the run: fills the figures from FIG_MEASURED on. A figure that means
 * nothing here is a NaN.
 *
 * f         of the same pool and run, as figures_take left it
 */
void measure_take(struct measure *m, struct pool_figures *f,
                  const struct system *s, uint32_t pool);

/* Share of a pool's builds that began on a node with a warm cache, see flap.h.
 */
double measure_warm_frac(const struct system *s, const struct by_pool *builds,
                         uint32_t pool);

#endif

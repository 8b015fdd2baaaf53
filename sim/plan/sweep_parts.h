/* sweep_parts.h - shared by the files of sweep.h and by no one else. */
#ifndef SIM_PLAN_SWEEP_PARTS_H
#define SIM_PLAN_SWEEP_PARTS_H

#include "sim/plan/sweep.h"

/* The scenario at a place of the grid, SIZE_MAX: as it is; see scenario_vary.
 */
int sweep_scenario(const struct sweep *s, size_t place, struct scenario *out,
                   struct err *e);

#endif

/* sweep_parts.h - shared by the files of sweep.h and by no one else. */
#ifndef SIM_PLAN_SWEEP_PARTS_H
#define SIM_PLAN_SWEEP_PARTS_H

#include "sim/plan/sweep.h"

/* A place of the grid as sets of a scenario; SIZE_MAX: as it is. */
struct sweep_sets {
    char text[SWEEP_AXES][TRIALS_SET];
    const char *set[SWEEP_AXES]; /* into text */
    size_t n;
};
void sweep_sets(const struct sweep *s, size_t place, struct sweep_sets *x);

#endif

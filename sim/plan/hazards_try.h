/* hazards_try.h - hazards that the manifests alone cannot decide.
 *
 * Models    four short replications of the scenario without its faults: the
 *           busiest day of its history, the same day with two minutes without
 *           the metric at its peak, a burst to the maximum of every pool, and
 *           an update of the idle pools; and the day again with settings at
 *           their defaults, to see which of them changed anything.
 * Left out  chance: one replication each. A hazard that it shows is real, one
 *           that it does not show may still come.
 *
 * All of it takes about a tenth of a second: loads are bounded as trial.h
 * says, and a scenario with more than TRIAL_PODS pods is not tried.
 */
#ifndef SIM_PLAN_HAZARDS_TRY_H
#define SIM_PLAN_HAZARDS_TRY_H

#include "sim/plan/hazards.h"

/* Adds to what hazards_find found, and says in h->simulation what was run. */
void hazards_try(struct hazards *h, const struct scenario *s, uint64_t seed);

#endif

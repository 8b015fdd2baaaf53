/* trials_parts.h - shared by the files of trials.h and by no one else. */
#ifndef SIM_PLAN_TRIALS_PARTS_H
#define SIM_PLAN_TRIALS_PARTS_H

#include "sim/plan/trials.h"

/* What the run that s has just done comes to in one pool. */
void trial_take(struct trial *x, const struct system *s,
                const struct scenario *scenario, const struct trace *t,
                uint32_t pool);

/* Carries out a set that begins with '@'.
 * Errors    ERR_INPUT
 */
int trials_extra(struct scenario *s, const char *set, struct err *e);

#endif

/* effect.h - what a setting buys: differences to another one on the same
 * histories.
 */
#ifndef SIM_PLAN_EFFECT_H
#define SIM_PLAN_EFFECT_H

#include "sim/plan/pareto.h"
#include "sim/plan/replicate.h"
#include "sim/plan/trials.h"

/* The histories that settings are compared on: the first of each kind that is
 * drawn, so that the intervals are of what may come; the recorded worlds if
 * there are no others.
 *
 * out[n]    n at most are wanted
 * Returns how many there are.
 */
size_t effect_histories(const struct histories *h, size_t n, size_t out[]);

/* Where settings are compared; everything is borrowed. */
struct effect_on {
    struct trials *t; /* only effect_run changes it */
    const size_t *histories;
    size_t n;
};

/* Mean over the histories of a trial figure of a pool, NO_INDEX: of all. */
struct estimate effect_mean(const struct effect_on *on, size_t setting,
                            uint32_t pool, size_t figure);

/* Setting less base; 95 % half-widths. All must be run. */
struct paired effect_of(const struct effect_on *on, size_t setting, size_t base,
                        uint32_t pool, size_t figure);

/* Runs settings[n_settings] on the histories.
 * Errors    as trials_run
 */
int effect_run(const struct effect_on *on, const size_t settings[],
               size_t n_settings, struct err *e);

#endif

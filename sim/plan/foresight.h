/* foresight.h - what a scaler would do that knows the trace.
 *
 * Models    the perfect-foresight oracle without waiting: it starts capacity
 *           exactly one start lag early and decides for every idle gap of
 *           every level whether to hold the unit or to stop it and start it
 *           again. Level k is busy while the demand is above (k - 1) times
 *           what one unit carries; the levels decide independently, which is
 *           optimal since the price is the same at every level.
 * Source    rent or buy: holding costs the gap, a start the break-even time.
 * Left out  waiting, units of several sizes, builds that cannot migrate.
 */
#ifndef SIM_PLAN_FORESIGHT_H
#define SIM_PLAN_FORESIGHT_H

#include "sim/engine/tally.h"
#include "traces/stats.h"

struct foresight_task {
    const struct demand_step *steps; /* borrowed; at_us strictly rising, the
                                        demand before the first one is 0 */
    size_t n;
    uint32_t per_unit;        /* builds that one unit carries, > 0 */
    sim_us from_us, until_us; /* the window; what is before is not known */
    sim_us break_even_us;     /* what a start costs, in time of one unit */
};

struct foresight {
    level_area busy_us; /* unit time of busy levels */
    level_area held_us; /* of idle gaps that are held */
    uint64_t n_first;   /* levels that were started at all */
    uint64_t n_again;   /* gaps that are not held */
    uint64_t n_gaps;    /* all of them */
    uint64_t moved;     /* units started or stopped inside the window */
    uint64_t needed;    /* the same for the bare demand, every gap stopped */
};

/* O(n + builds); a gap as long as the break-even time is held. */
struct foresight foresight_plan(const struct foresight_task *t);

/* Paid unit time: busy, held, and the price of starting again. The first
 * start of a level is not in it, since every policy pays that.
 */
level_area foresight_cost_us(const struct foresight *f, sim_us break_even_us);

#endif

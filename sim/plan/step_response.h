/* step_response.h - how the loop answers a burst.
 *
 * Models    the step: so many builds at one instant, all of the same work, and
 *           the supply of ready pods that follows.
 * Source    control engineering's figures of a step.
 * Left out  whether the loop swings by itself.
 */
#ifndef SIM_PLAN_STEP_RESPONSE_H
#define SIM_PLAN_STEP_RESPONSE_H

#include "models/system.h"
#include "traces/stats.h"

#define STEP_BAND 0.1 /* settled within this share of the demand */

/* A step function from at_us of its first step on, 0 before. */
struct step_curve {
    const struct demand_step *steps; /* borrowed; at_us strictly rising */
    size_t n;
};

/* Times are since the burst; SIM_NEVER: not within what was seen. Overshoot
 * and settling look at the demand while it is held: until its first fall.
 */
struct step_response {
    int32_t burst;         /* builds that it rose by */
    sim_us first_us;       /* to the first new ready pod */
    sim_us reached_us;     /* to as many ready pods as builds */
    double overshoot_frac; /* most pods above the demand, over the burst */
    sim_us settled_us;     /* from when on the supply stays within STEP_BAND */
    sim_us back_us;        /* since the demand's last change: to as few pods as
                              before the burst, or fewer */
};

/* burst_us      of the burst
 * until_us      end of what was seen, > burst_us
 */
struct step_response step_response(const struct step_curve *demand,
                                   const struct step_curve *supply,
                                   sim_us burst_us, sim_us until_us);

/* The same for a pool of a system: a quiet time of an hour, or of the
 * warm-up if that is longer, then burst builds of one run; the pool is seen
 * for a day longer than the work.
 *
 * p          its faults are left out
 * pool       autoscaled or not
 * burst      > 0
 * work_us    of each build, > 0; shorter than the pool's answer, it is the
 *            fall that is answered
 */
struct step_response step_response_run(const struct system_params *p,
                                       uint32_t pool, uint32_t burst,
                                       sim_us work_us, uint64_t seed);

#endif

/* pace.h - simulated time on the wall: real programs run at their own speed,
 * with every duration divided by a factor.
 */
#ifndef SIM_DRIVE_PACE_H
#define SIM_DRIVE_PACE_H

#include "sim/base/units.h"

#define PACE_MAX_SHRINK 1000.0

/* At the real instant at_ns it is at_us; from there time runs shrink times as
 * fast.
 */
struct pace {
    double shrink; /* 1 to PACE_MAX_SHRINK */
    sim_us at_us;
    int64_t at_ns; /* as wall_ns */
};

/* The simulated instant at a real one. */
sim_us pace_us(const struct pace *p, int64_t real_ns);

/* The first real instant at which pace_us() is us or more; INT64_MAX for
 * SIM_NEVER and for what lies centuries ahead.
 */
int64_t pace_ns(const struct pace *p, sim_us us);

/* A duration for a configuration file, in real milliseconds: rounded to the
 * nearest, at least 1, at most INT32_MAX.
 */
int32_t pace_ms(double shrink, sim_us us);

#endif

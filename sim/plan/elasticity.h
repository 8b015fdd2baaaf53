/* elasticity.h - how closely the supply of pods follows the demand for them.
 *
 * Models    the elasticity metrics of the SPEC Research Group and of AtLarge,
 *           of one pool: D(t), the infinite-server demand of the trace, which
 *           no setting changes, against s(t), the pods that are ready and not
 *           draining. Both are step functions and are integrated exactly from
 *           change to change; only instability is defined on a grid.
 * Source    Herbst et al., "Ready for Rain?", SPEC-RG-2016-01; Ilyushkin et
 *           al., "An Experimental Performance Evaluation of Autoscalers for
 *           Complex Workflows"; the code of BUNGEE (jitter counts units).
 * Left out  aggregates over several metrics.
 */
#ifndef SIM_PLAN_ELASTICITY_H
#define SIM_PLAN_ELASTICITY_H

#include "sim/engine/tally.h"

#define ELASTICITY_GRID_US (60 * US_PER_S)

/* A sum that loses nothing to rounding worth mentioning. */
struct exact_sum {
    double sum, rest;
};

void exact_add(struct exact_sum *s, double x);
double exact_total(const struct exact_sum *s);

/* One pool over the window [from, until). Starts with elasticity_start. */
struct elasticity {
    sim_us from_us, until_us, grid_us;
    sim_us at_us; /* everything before is counted */
    int32_t demand, supply;
    level_area under, over;
    sim_us under_us, over_us;
    struct exact_sum under_share, over_share, over_of_demand;
    uint64_t demand_moved, supply_moved;
    int32_t last_demand, last_supply; /* at the last point of the grid */
    uint64_t n_points;                /* of the grid so far */
    uint64_t supply_alone, demand_alone, opposed;
};

/* What came out; fractions of the time, of the grid, of what is named. */
struct elasticity_figures {
    double under_pods, over_pods; /* A_U, A_O: mean missing, mean surplus */
    double under_frac, over_frac; /* the same of the largest pool */
    double under_norm_frac;       /* of the demand, at least one pod */
    double over_norm_frac;        /* of the supply, at least one pod */
    double over_demand_frac;      /* of the demand; may pass 1 */
    double under_time_frac, over_time_frac;
    double supply_alone_frac; /* grid steps in which the supply rises against a
                                flat or falling demand, or does not fall with
                                it */
    double demand_alone_frac; /* the mirror case */
    double opposed_frac;      /* steps with opposite changes */
    double jitter_per_h;      /* units moved by supply less those by demand */
};

/* from_us <= until_us, grid_us > 0; both functions are 0 until set. */
void elasticity_start(struct elasticity *e, sim_us from_us, sim_us until_us,
                      sim_us grid_us);

/* From at_us on these hold; at_us never falls. What happens up to the start of
 * the window is its first state and no change.
 */
void elasticity_on_change(struct elasticity *e, sim_us at_us, int32_t demand,
                          int32_t supply);

/* Ends the window. Everything is 0 if it is empty.
 *
 * largest   pods that the pool may have at most, > 0
 */
void elasticity_take(struct elasticity *e, uint32_t largest,
                     struct elasticity_figures *out);

#endif

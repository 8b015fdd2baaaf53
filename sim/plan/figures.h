/* figures.h - what one replication comes to, pool by pool.
 *
 * Models    the figures of summary.json: one row of a table each, which names,
 *           groups and documents them.
 *
 * All figures are of the window, from the end of the warm-up to the horizon,
 * and of the builds asked for after the warm-up. Exactly one of served,
 * gave_up, killed, cut, timed_out, unfinished and left counts each build, so
 * they add up to builds.
 *
 * A wait is the time that a build was asked for and held no slot, over all its
 * attempts: until it was served, and again after it lost a slot. Builds whose
 * owner cancelled them before they were served have no wait: how long they
 * would have waited is not known.
 */
#ifndef SIM_PLAN_FIGURES_H
#define SIM_PLAN_FIGURES_H

#include "models/system.h"
#include "sim/plan/oracle.h"

enum figure {
    FIG_BUILDS,
    FIG_SERVED,
    FIG_GAVE_UP,
    FIG_KILLED,
    FIG_CUT,
    FIG_TIMED_OUT,
    FIG_UNFINISHED,
    FIG_LEFT,
    FIG_ATTEMPTS_MAX,
    FIG_WAIT_MEAN, /* the six waits in seconds */
    FIG_WAIT_P50,
    FIG_WAIT_P90,
    FIG_WAIT_P95,
    FIG_WAIT_P99,
    FIG_WAIT_MAX,
    FIG_DEMAND_PEAK,
    FIG_DEMAND_MEAN,
    FIG_SESSIONS_PEAK,
    FIG_QUEUE_PEAK,
    FIG_REPLICAS_PEAK, /* spec.replicas */
    FIG_READY_PEAK,
    FIG_NODES_PEAK,
    FIG_REACHABLE_PEAK,
    FIG_POD_HOURS, /* of pods that exist, draining ones included */
    FIG_NODE_HOURS,
    FIG_COST_USD,
    FIG_IDLE_FRAC, /* of the time of ready pods: without a build */
    FIG_COLD_FRAC, /* of builds that got a slot: first of their pod */
    FIG_PODS_STARTED,
    FIG_REGRETTED_PER_DAY,
    FIG_ORACLE_COST_USD, /* see oracle.h */
    FIG_ORACLE_POD_HOURS,
    FIG_ORACLE_NODE_HOURS,
    FIG_KILLS,      /* builds whose pod was killed under them, and */
    FIG_CUTS,       /* whose connection was cut; tried again or not */
    FIG_WAITS_SLOT, /* hours of builds by what they waited for, in the order */
    FIG_WAITS_ASLEEP, /* of enum wait_cause */
    FIG_WAITS_NAME,
    FIG_WAITS_POD,
    FIG_WAITS_NODE,
    FIG_WAITS_BATCH,
    FIG_WAITS_CAPACITY,
    FIG_WAITS_SCALER,
    FIG_WAITS_MAXIMUM,
    FIG_MEASURED, /* from here on only if measured; see measure.h, */
    FIG_UNDER_PODS = FIG_MEASURED, /* elasticity.h, flap.h */
    FIG_OVER_PODS,
    FIG_UNDER_FRAC, /* of the largest pool */
    FIG_OVER_FRAC,
    FIG_UNDER_NORM, /* of the demand */
    FIG_OVER_NORM,  /* of the supply */
    FIG_OVER_DEMAND,
    FIG_UNDER_TIME,
    FIG_OVER_TIME,
    FIG_SUPPLY_ALONE,
    FIG_DEMAND_ALONE,
    FIG_OPPOSED,
    FIG_GRID,
    FIG_JITTER,
    FIG_CHURN,
    FIG_DEMAND_CHURN,
    FIG_ORACLE_CHURN,
    FIG_EXCESS_CHURN,
    FIG_PAIRS_1M, /* removals wanted back within so long, a day */
    FIG_PAIRS_2M,
    FIG_PAIRS_5M,
    FIG_PAIRS_10M,
    FIG_PAIRS_30M,
    FIG_HOLD_SAVES,
    FIG_REVERSALS,
    FIG_HASTY_FRAC,
    FIG_HASTY_DOWNS,
    FIG_BRIEF_FRAC,
    FIG_BRIEF_S,
    FIG_NEVER_READY,
    FIG_BRIEF_NODES,
    FIG_STARTS_P99,
    FIG_STARTS_MAX,
    FIG_WARM_FRAC,
    FIG_FORESIGHT_USD, /* oracle_foresee */
    FIG_FORESIGHT_POD_HOURS,
    FIG_FORESIGHT_NODE_HOURS,
    FIG_FORESIGHT_STARTS,
    FIG_STATIC_PODS, /* frontier.h, at the same p95 wait */
    FIG_STATIC_USD,
    FIG_GAP_CLOSED, /* 0: as dear as the fixed pool, 1: as the oracle */
    N_FIGURES
};

struct figure_row {
    const char *group; /* object of summary.json around it; NULL: none */
    const char *key;
    bool whole; /* a count: whole in every single replication */
};
extern const struct figure_row figure_rows[N_FIGURES];

struct pool_figures {
    double at[N_FIGURES];
};

/* What was run; everything is borrowed. */
struct figures_of {
    const struct system_params *params;
    const struct by_pool *builds;
    const struct oracle_bound *bounds; /* one a pool; NULL: not asked for */
};

/* Figures of one pool of the run that s has just done. */
void figures_take(struct pool_figures *f, const struct system *s,
                  const struct figures_of *of, uint32_t pool);

/* Wait of one build in microseconds, or SIM_NEVER if it has none. */
sim_us build_wait_us(const struct build_result *r);

#endif

/* levers.h - what single changes buy, inside the autoscaler and around it.
 *
 * Models    one change at a time against today's setting, on the same
 *           histories: scale-down rules that were in force before, the drain,
 *           the balancer's queue, nodes, probes, Karpenter's batches, a
 *           schedule for the busy half of the working days; and, against an
 *           outage of the metric at the highest demand, other fallbacks.
 */
#ifndef SIM_PLAN_LEVERS_H
#define SIM_PLAN_LEVERS_H

#include "sim/plan/effect.h"

enum { LEVERS = 24, LEVER_SETS = 3, LEVER_TEXT = 96 };

struct lever {
    char words[LEVER_TEXT];
    char sets[LEVER_SETS][TRIALS_SET]; /* n_sets of them */
    size_t n_sets;
    size_t setting, base; /* of the trials; SIZE_MAX: not possible here */
    struct err why;       /* not possible: why */
    struct paired usd, wait_h, p95_s, regretted; /* setting less base */
    struct estimate warm_frac;
};

/* Starts from {0}. */
struct levers {
    struct lever at[LEVERS];
    size_t n;
};

/* pool      the one with most builds; schedule and outage are made for it
 * fallback  replicas that are recommended for it; 0: none
 * Errors    as trials_run
 */
int levers_work(struct levers *l, const struct effect_on *on, uint32_t pool,
                uint32_t fallback, struct err *e);

/* Removals against the window of scale-down, all else as today. */
struct window_point {
    sim_us window_us;
    size_t setting;
    struct estimate usd, wait_h, regretted, churn, nodes_started, warm_frac;
};
enum { WINDOWS = 9 };

/* Errors    as trials_run */
int levers_windows(struct window_point points[WINDOWS],
                   const struct effect_on *on, struct err *e);

#endif

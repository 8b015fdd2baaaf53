/* size_study.h - what lies beside the recommendation: the price of a node
 * more, and how waits and cost depend on minimum and maximum.
 *
 * Models    each pool's minimum and maximum varied by whole nodes, all else as
 *           recommended, on the same histories. The price of waiting at which
 *           another candidate would be chosen follows from two differences:
 *           dollars over hours.
 * Source    marginal value of a warm node.
 */
#ifndef SIM_PLAN_SIZE_STUDY_H
#define SIM_PLAN_SIZE_STUDY_H

#include "sim/plan/effect.h"
#include "sim/plan/size.h"

enum {
    STUDY_HISTORIES = 12, /* that settings are compared on */
    STUDY_POINTS = 12
};

/* One setting of a curve; means of all pools together, the wait of this one. */
struct study_point {
    uint32_t pods;
    size_t setting;
    struct estimate usd, wait_h, p95_s;
};

/* A node more or less: the recommended setting's figures less its own. */
struct study_step {
    uint32_t pods;
    size_t setting; /* of the trials; SIZE_MAX: there is none */
    struct paired usd, wait_h, p95_s;
};

struct study_pool {
    struct study_point min[STUDY_POINTS], max[STUDY_POINTS];
    size_t n_min, n_max;
    struct study_step less, more;   /* minimum */
    double price_from, price_until; /* of an hour of waiting, dollars; for
                                       which the choice stays; HUGE_VAL */
};

/* Starts from {0}. */
struct size_study {
    size_t histories[STUDY_HISTORIES], n_histories;
    struct study_pool pools[SIZE_POOLS]; /* of those with an answer */
};

/* Where the study compares settings. */
struct effect_on study_on(const struct size_study *s, struct trials *t);

/* Errors    as trials_run */
int size_study(struct size_study *s, struct size_plan *plan,
               const struct size_task *task, struct err *e);

#endif

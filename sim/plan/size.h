/* size.h - minimum, maximum and scale-down settings of each pool.
 *
 * Models    the cheapest setting that meets the targets on every history, by
 *           the price of its nodes and of the hours that builds wait. Pool by
 *           pool in the order of the scenario, each beside those that are
 *           settled already. Two steps a pool:
 *
 *           1. Minimum, window and policies, with a maximum that never binds.
 *              Each pair of window and policies is a chain of minima, a node
 *              apart. A chain is followed upwards, the cheapest end first, and
 *              candidates are tried on all histories in the order of their
 *              price, until one meets the targets.
 *           2. Maximum: for each history the smallest that meets the targets,
 *              by bisection, and of these the largest.
 *
 *           What is left out needs no luck: a candidate that misses on more
 *           histories than it may cannot be the answer whatever the others
 *           say; one that is dearer than a candidate that has met the targets
 *           everywhere cannot be the cheapest; a chain's price rises with the
 *           minimum, since a node more is paid for around the clock; and a
 *           history in which the wanted replicas stay at or below a maximum is
 *           the same, event by event, under every maximum from there on.
 *           Histories that threw out a candidate, and hard ones, come first,
 *           and one on which not even a pool that is always full of pods keeps
 *           the targets ends the search. So the answer is that of trying
 *           everything.
 * Source    scenario approach with a union bound (guarantee.h); marginal value
 *           of a warm node.
 * Left out  settings that differ by the hour; joint search over pools, which
 *           share nothing but Karpenter's batches.
 */
#ifndef SIM_PLAN_SIZE_H
#define SIM_PLAN_SIZE_H

#include "sim/plan/trials.h"

enum {
    SIZE_POOLS = 32,    /* sized beside each other, since ... */
    SIZE_BACKENDS = 64, /* ... all their settings are one of the trials */
    SIZE_COMBOS = 64,   /* pairs of window and policies */
    SIZE_SCREEN = 3,    /* histories that order candidates by price */
    SIZE_TEXT = 96      /* of policies; a longer list is not varied */
};

struct size_task {
    struct trials *trials;
    double error;        /* of the guarantee of all pools together */
    uint32_t n_may_miss; /* histories of each kind */
    double regretted;    /* removals a day that a pool may regret at most; */
                         /* NaN: as today */
    double tolerated;    /* builds that a build may wait for, at saturation */
    uint32_t least_max[SIZE_POOLS]; /* what is known beside the histories;
                                           0: nothing */
    bool exhaustive;                /* try every candidate on every history */
    uint32_t exhaust_nodes;         /* of these, the largest minimum */
};

/* Why a candidate is not the answer. */
enum size_reason { SIZE_OPEN, SIZE_MEETS, SIZE_MISSES, SIZE_FLAPS };

struct size_candidate {
    size_t combo;
    uint32_t min;
    size_t setting;            /* of the trials */
    double usd, wait_h, price; /* means over the screen; price of both */
    double regretted;
    enum size_reason reason;
    size_t history; /* that it missed first */
    enum scenario_goal goal;
};

struct size_combo {
    char window[32], policies[SIZE_TEXT]; /* as --set takes them */
};

struct size_pool {
    bool sized;        /* it is scaled and has builds */
    uint32_t per_node; /* pods of a node */
    uint32_t *peaks;   /* owned; largest demand of each history */
    uint32_t peak;     /* and of all */
    uint32_t open;     /* a maximum that does not bind */
    struct size_combo combos[SIZE_COMBOS]; /* the first is today's */
    size_t n_combos;
    struct size_candidate *tried; /* owned; in the order of trying */
    size_t n, cap;
    size_t best;     /* of tried; SIZE_MAX: none meets the targets */
    size_t hopeless; /* a history that no minimum helps, more than may
                        miss; SIZE_MAX: none */
    enum scenario_goal hopeless_goal;
    bool tied; /* too many candidates failed by the targets of pools that are
                  settled before this one */
    uint32_t max_proved; /* the smallest that meets the targets */
    size_t max_history;  /* the history that asks for it; SIZE_MAX: none */
    uint32_t max_burst;  /* by the burst rule, on the largest demand */
    uint32_t max; /* recommended: the largest of these and least_max; 0: none */
    uint32_t fallback; /* recommended; 0: not known */
};

/* Starts from {0}. */
struct size_plan {
    struct size_pool pools[SIZE_POOLS];
    size_t screen[SIZE_SCREEN], n_screen;
    size_t today, setting; /* of the trials: as it is, as recommended */
    size_t n_missed[HISTORY_DAYS + 1]; /* histories, by kind, with all pools as
                                          recommended and all targets */
    bool settled; /* every pool that is sized has an answer, and together they
                     miss on no more histories than they may */
};

/* Window and policies of a pool that has an answer, of its combos. A pool of
 * one size is never scaled down: then today's will do.
 */
size_t size_combo(const struct size_pool *p);

/* Errors    ERR_IO "interrupted"; what is settled by then stays. */
int size_search(struct size_plan *p, const struct size_task *task,
                struct err *e);

void size_free(struct size_plan *p);

#endif

/* sweep_judge.h - what a finished sweep says.
 *
 * The front is that of pareto.h over cost, p95 wait and regretted removals,
 * among the settings whose mean of builds that gave up is at most the
 * scenario's target, or 0 without one. Differences to today's setting have
 * intervals that hold together with 95 % (Bonferroni). With several
 * replications the means are held against the targets.
 */
#ifndef SIM_PLAN_SWEEP_JUDGE_H
#define SIM_PLAN_SWEEP_JUDGE_H

#include "sim/plan/replicate.h"
#include "sim/plan/sweep.h"

struct sweep_line {
    struct estimate got[SWEEP_METRICS];
    struct paired off[SWEEP_METRICS]; /* less today's */
    bool done;                        /* the rest is empty if not */
    bool front, meets;                /* is on the front; meets every target */
    bool beats_today;                 /* beats today's setting as in pareto.h */
};

/* Starts from {0}. */
struct sweep_verdict {
    struct sweep_line *lines; /* owned; by setting */
    size_t n_done, n_front, n_meet, n_beat_today;
    size_t best;      /* cheapest that meets the targets; SIZE_MAX: none */
    bool give_ups;    /* no setting is without: all of them are compared */
    double cost_corr; /* median over the other settings; NaN: not known */
    double wait_corr;
};

/* The first setting must be done; otherwise nothing is filled in. */
void sweep_judge(struct sweep_verdict *v, const struct sweep *s);

/* Whether no outcome depends on an axis: at least two of its values are done,
 * and with all other axes as they are each gives the same figures.
 */
bool sweep_is_flat(const struct sweep *s, size_t axis);

void sweep_verdict_free(struct sweep_verdict *v);

#endif

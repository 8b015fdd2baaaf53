/* select.h - the cheapest of many settings that meets its limit, without
 * running all of them to the end.
 *
 * Models    every setting sees the same worlds. A setting that misses its limit
 *           is out. One that is dearer than the cheapest so far, by more than
 *           their paired differences leave open, is set aside; it returns if
 *           the one that beat it misses the limit later. At the end the
 *           cheapest mean among those that are left is chosen.
 *           Racing leaves out the runs that no decision would read. Decisions
 *           are taken at fixed numbers of replications and read their values in
 *           order, so that the answer is the same with racing on or off, and
 *           for every number of threads, as long as the value of a run depends
 *           on its setting and replication alone.
 * Source    Kim and Nelson, "A Fully Sequential Procedure for Indifference-Zone
 *           Selection in Simulation", ACM TOMACS 11(3), 2001, with c = 1.
 *           Theirs compares all pairs; here a setting is held against the
 *           cheapest only, which drops fewer, so that their bound holds: for
 *           normal costs, and if `left` comes to 1, the choice is the best, or
 *           within the indifference of it, with probability 1 - error.
 * Left out  unequal numbers of replications (OCBA): they would break the pairs.
 */
#ifndef SIM_PLAN_SELECT_H
#define SIM_PLAN_SELECT_H

#include <stdbool.h>
#include <stddef.h>

struct select_run {
    size_t setting, replication; /* in */
    double cost;                 /* out; the smaller the better; finite */
    double over; /* out; above its limit by so much; <= 0: met */
};

enum select_limit {
    SELECT_EVERY, /* the limit is to be met in every replication */
    SELECT_MEAN   /* the mean of over is to be at most 0 */
};

struct select_task {
    size_t n_settings;   /* >= 1 */
    size_t first;        /* replications before any is beaten, >= 2 */
    size_t batch;        /* replications between decisions, >= 1 */
    size_t at_most;      /* >= first */
    double error;        /* 0 < error < 1 */
    double indifference; /* a difference in cost that does not matter, > 0 */
    enum select_limit limit;
    bool racing; /* leave out what no decision reads */
    void *context;
    /* Fills in runs[n], on whatever threads; each run is asked for once. */
    void (*run)(void *context, struct select_run runs[], size_t n);
    /* Asked before each call of run; true: end with what there is. Or NULL. */
    bool (*should_stop)(void *context);
};

enum select_state {
    SELECT_IN,
    SELECT_BEATEN, /* in cost, by a setting that has not missed the limit */
    SELECT_MISSED  /* the limit */
};

/* Starts from {0}. */
struct selection {
    struct select_line {
        enum select_state state;
        size_t by;     /* BEATEN: which beat it */
        size_t n_read; /* replications that the decision read */
        double cost;   /* mean over these */
        double over;   /* EVERY: the largest of these; MEAN: their mean */
    } * lines;         /* owned; one a setting */
    size_t n_lines;
    size_t best;     /* SIZE_MAX: none meets the limit */
    size_t n_left;   /* still in, the best included; more than 1: not told
                        apart within at_most replications */
    size_t n_runs;   /* that were asked for */
    bool is_stopped; /* by should_stop: best is only the best so far */
};

void select_best(struct selection *s, const struct select_task *t);

void selection_free(struct selection *s); /* takes {0}; may repeat */

/* Kim and Nelson's h^2 for so many settings >= 2 and first replications. */
double select_h2(size_t n_settings, size_t first, double error);

#endif

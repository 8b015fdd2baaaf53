/* sweep.h - a grid of settings, all of them run in the same worlds.
 *
 * Models    the full grid of some parameters' values, and today's setting,
 *           which is the scenario as it is. They are trials (trials.h) on the
 *           record: replication r of every setting draws from the world
 *           (seed, r).
 */
#ifndef SIM_PLAN_SWEEP_H
#define SIM_PLAN_SWEEP_H

#include "scenarios/scenario.h"
#include "sim/plan/pareto.h"
#include "sim/plan/stop.h"
#include "sim/plan/trials.h"

enum {
    SWEEP_FIRST = 20, /* replications before the first look, */
    SWEEP_EVERY = 10, /* and between two */
    SWEEP_AXES = 16,
    SWEEP_VALUES = 1000, /* an axis */
    SWEEP_SETTINGS = 4096,
    SWEEP_RUNS = 1000000, /* settings times replications */
    SWEEP_TEXT = 320
};

/* What a run comes to: the figures that targets are about, and one more. Waits
 * are those of the pool that has the longest, the rest are sums over pools.
 */
enum { SWEEP_REGRETTED = GOALS, SWEEP_METRICS };

struct sweep_axis {
    char *key;     /* owned */
    char **values; /* owned, as all of them; distinct */
    size_t n;
};

struct sweep_setting {
    size_t place; /* in the grid, the last axis fastest; SIZE_MAX: outside */
    bool done;
};

/* Starts from {0}. The first setting is today's, wherever it stands in the
 * grid; the others are in the order of the grid.
 */
struct sweep {
    const struct scenario *base; /* borrowed */
    struct sweep_axis axes[SWEEP_AXES];
    size_t n_axes, n_grid;
    struct sweep_setting *settings; /* owned */
    size_t n, cap;
    size_t n_impossible;   /* contradictions, left out */
    struct err impossible; /* the first of them */
    double *values;        /* owned; [setting][metric][replication] */
    uint32_t n_reps;       /* of each setting; sweep_run may need fewer */
    enum stop_state stop;  /* GO_ON: nobody asked for fewer */
};

/* Adds an axis from "KEY=A,B,C"; a comma within brackets does not separate.
 *
 * Errors    ERR_USAGE: not of this form, a key or value twice, too many.
 */
int sweep_vary(struct sweep *s, const char *text, struct err *e);

/* Makes the settings.
 *
 * base      outlives the sweep
 * n_reps    of each setting
 * Errors    ERR_INPUT: unknown key, value of the wrong form or out of range,
 *           more settings than SWEEP_SETTINGS or runs than SWEEP_RUNS, none
 *           that is possible.
 */
int sweep_make(struct sweep *s, const struct scenario *base, uint32_t n_reps,
               struct err *e);

/* Runs all of them. Settings whose replications are not all there are not
 * done; an interrupt is no error.
 *
 * t         of the same base, with n_reps worlds of the record
 * within    relative error of the mean cost; > 0: stops with as many
 *           replications as every setting needs for it (stop.h), all of them
 *           with as many. 0: n_reps of each.
 * Errors    ERR_IO as trials_run
 */
int sweep_run(struct sweep *s, struct trials *t, double within, struct err *e);

/* The value of an axis in a setting, as it was written; today's setting has
 * the value that is in force.
 */
void sweep_value(const struct sweep *s, size_t setting, size_t axis,
                 char out[SWEEP_TEXT]);

/* Replications of one metric, n_reps of them. */
const double *sweep_metric(const struct sweep *s, size_t setting,
                           size_t metric);

/* Takes {0}; may repeat. */
void sweep_free(struct sweep *s);

#endif

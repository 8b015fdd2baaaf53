/* plots.h - the figures of one run, drawn by gnuplot.
 *
 * Models    timeline: demand, pods and nodes of each pool over the window;
 *           burst: the interval with the most builds waiting, and how much of
 *           it the scaler could see; waits: how long builds waited; week: what
 *           an hour of the week costs and how many pods idle in it.
 *
 * Names from traces and scenarios reach gnuplot as quoted strings only, made
 * harmless by text_gnuplot; no shell is involved.
 */
#ifndef PLOTS_PLOTS_H
#define PLOTS_PLOTS_H

#include "models/system.h"
#include "traces/trace.h"

#include <stdbool.h>

/* One replication. Everything is borrowed. */
struct plots_input {
    const char *title_prefix; /* name of the scenario */
    const struct trace *trace;
    const char *const *pool_names;
    size_t n_pools;
    const struct timeline_row *rows; /* of all pools, at_us not falling */
    size_t n_rows;
    const struct build_result *builds; /* trace->n of them */
    const uint32_t *build_pool;        /* pool of each build, or NO_INDEX */
    sim_us window_from_us; /* end of the warm-up, since the trace's origin */
    sim_us window_us;      /* from there to the horizon, > 0 */
    bool synthetic;        /* the trace was made up: every figure says so */
};

/* Draws every figure, as figure_draw does. */
int plots_draw(const char *folder, const struct plots_input *in, struct err *e);

#endif

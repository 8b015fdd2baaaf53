/* pareto.h - cost against p95 wait of the settings of a sweep.
 *
 * Models    a point a setting, as large as its regretted removals; the front,
 *           today's setting, the cheapest that meets the targets; the fixed
 *           pools that an autoscaler must beat and the bound that none can.
 */
#ifndef PLOTS_PARETO_H
#define PLOTS_PARETO_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct pareto_point {
    double usd, usd_half_width;
    double wait_s, wait_half_width_s;
    double regretted; /* removals a day */
    bool front, gives_up;
};

/* The cheapest fixed pools with a p95 wait of at most so much. */
struct pareto_fixed {
    double usd, wait_s;
};

/* Everything is borrowed. */
struct pareto_input {
    const char *title_prefix; /* name of the scenario */
    bool synthetic;           /* the trace was made up */
    double days;              /* of the window that the cost is for */
    unsigned n_reps;
    const struct pareto_point *points; /* the first is today's setting */
    size_t n;                          /* at least 1 */
    size_t best;      /* cheapest that meets the targets; SIZE_MAX: none or no
                         targets */
    double bound_usd; /* no setting without waiting is cheaper; 0: unknown */
    const struct pareto_fixed *fixed; /* wait_s rising */
    size_t n_fixed;
};

/* The waits that the figure shows, from-until; for those who fill in fixed. */
void pareto_range(const struct pareto_input *in, double *from_s,
                  double *until_s);

/* Draws folder/plots/pareto.svg and .png, with .gp and .dat beside them.
 *
 * Errors    as figure_draw
 */
int pareto_draw(const char *folder, const struct pareto_input *in,
                struct err *e);

#endif

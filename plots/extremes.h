/* extremes.h - the levels of one pool at equal distances, for a timeline to
 * zoom into.
 *
 * Models    columns of equal width over an interval, two points each: the
 *           lowest and the highest value of the column, in the order in which
 *           they came. Joining two columns keeps that, so that no peak and no
 *           dip is ever lost, and none stands more than a column off.
 */
#ifndef PLOTS_EXTREMES_H
#define PLOTS_EXTREMES_H

#include "plots/series.h"

enum {
    EXTREMES_LEVELS = 8,
    EXTREMES_COLUMNS = 1 << 16, /* at most, and before any are joined */
    EXTREMES_LEAST = 1 << 6     /* columns that are not joined further */
};

/* What is kept of a pool, and how it is shown. */
struct extremes_level {
    const char *key, *label, *panel; /* panel: what the axis measures */
    const char *colour;              /* of style.gp */
    bool shown;                      /* at first */
    double unit;                     /* of one point */
};
extern const struct extremes_level extremes_levels[EXTREMES_LEVELS];

/* Starts from {0}. */
struct extremes {
    size_t n;                         /* columns, a power of two */
    int32_t *points[EXTREMES_LEVELS]; /* owned; 2 n of each, in its unit */
};

/* Takes [from, until) of a pool; until > from. Columns are not narrower than a
 * tenth of a second, unless there would be fewer than EXTREMES_LEAST.
 */
void extremes_take(struct extremes *x, const struct plots_input *in,
                   uint32_t pool, sim_us from_us, sim_us until_us);

/* Joins columns 0 and 1, 2 and 3, ...; n > 1. */
void extremes_halve(struct extremes *x);

/* Runs of equal points, of all levels, in the first n_points of each. */
size_t extremes_runs(const struct extremes *x, size_t n_points);

/* Takes {0}; may repeat. */
void extremes_free(struct extremes *x);

#endif

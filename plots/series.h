/* series.h - the rows of one pool as step functions over an interval. */
#ifndef PLOTS_SERIES_H
#define PLOTS_SERIES_H

#include "plots/plots.h"

enum { MAX_DRAWN = 4 }; /* pools in one figure */

/* The state of a pool from one instant to another. */
struct series_step {
    sim_us from_us, until_us; /* until > from */
    struct pool_state state;
    double usd_per_h;
};

/* A walk over the steps of one pool. Rows of one instant count as the last of
 * them; before its first row a pool is empty.
 */
struct series {
    const struct plots_input *in; /* borrowed */
    uint32_t pool;
    sim_us at_us, until_us;
    size_t next; /* row to look at */
    struct pool_state state;
    double usd_per_h;
};

/* Begins a walk over [from, until). */
void series_start(struct series *s, const struct plots_input *in, uint32_t pool,
                  sim_us from_us, sim_us until_us);

/* The next step, cut to the interval; false at the end. */
bool series_next(struct series *s, struct series_step *out);

/* Hears every step of every pool over the window, those of a pool in order. */
typedef void (*series_heard)(void *context, uint32_t pool,
                             const struct series_step *step);

/* One walk over the rows, however many pools there are. */
void series_all(const struct plots_input *in, series_heard on_step,
                void *context);

/* The highest values in each of n columns of equal width, n >= 1.
 *
 * max[n]    out; column i is [from + i w / n, from + (i + 1) w / n)
 */
void series_envelope(const struct plots_input *in, uint32_t pool,
                     struct pool_state max[], size_t n);

/* The highest values in the whole window. */
struct pool_state series_peak(const struct plots_input *in, uint32_t pool);

/* The pools with the most counted builds, the biggest first; pools that are
 * equal stay in their order.
 *
 * Returns how many, at most MAX_DRAWN.
 */
size_t series_biggest(const struct plots_input *in, uint32_t pools[MAX_DRAWN]);

/* Number of counted builds of a pool. */
size_t series_builds(const struct plots_input *in, uint32_t pool);

/* Start of column i of n over [from, from + width). */
sim_us series_column_us(sim_us from_us, sim_us width_us, size_t i, size_t n);

#endif

/* tally.h - figures of observations and of step functions, exact where the
 * clock is.
 */
#ifndef SIM_ENGINE_TALLY_H
#define SIM_ENGINE_TALLY_H

#include "sim/base/units.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* Moments of observations, by Welford's recurrence. Starts from {0}. */
struct tally {
    uint64_t n;
    double mean, m2, min, max;
};

static inline void tally_add(struct tally *t, double x)
{
    double off = x - t->mean;

    t->min = t->n == 0 || x < t->min ? x : t->min;
    t->max = t->n == 0 || x > t->max ? x : t->max;
    t->n++;
    t->mean += off / (double)t->n;
    t->m2 += off * (x - t->mean);
}

double tally_variance(const struct tally *t); /* n - 1 below; 0 for n < 2 */

/* Half-width of the 95 % confidence interval of the mean; 0 for n < 2.
 * Source    Law, "Simulation Modeling and Analysis", section 4.5.
 */
double tally_half_width(const struct tally *t);

/* Half-width of the same interval for the mean of x[n], n >= 2. */
double half_width(const double x[], size_t n);

/* Exact p-quantile of sorted[n]: the smallest value with at least p n values
 * at or below it (type 1, inverse of the empirical distribution).
 *
 * n >= 1, 0 <= p <= 1
 */
double quantile(const double sorted[], size_t n, double p);

/* Sorts x[n] upwards in place. */
void sort_doubles(double x[], size_t n);

__extension__ typedef __int128 level_area; /* value times microseconds */

/* A step function integrated over time: value and area exact in whole
 * microseconds. Starts with level_start.
 */
struct level {
    int64_t value, peak;
    sim_us since_us, start_us;
    level_area area; /* up to since_us */
};

void level_start(struct level *l, sim_us now_us, int64_t value);

/* Area up to now, in unit-microseconds. */
static inline level_area level_area_at(const struct level *l, sim_us now_us)
{
    assert(now_us >= l->since_us);
    return l->area + (level_area)l->value * (now_us - l->since_us);
}

static inline void level_set(struct level *l, sim_us now_us, int64_t value)
{
    l->area = level_area_at(l, now_us);
    l->since_us = now_us;
    l->value = value;
    if (value > l->peak)
        l->peak = value;
}

static inline void level_add(struct level *l, sim_us now_us, int64_t change)
{
    level_set(l, now_us, l->value + change);
}

/* The same in unit-seconds. */
double level_area_s(const struct level *l, sim_us now_us);

/* Time average from the start to now; the present value if no time passed. */
double level_mean(const struct level *l, sim_us now_us);

#endif

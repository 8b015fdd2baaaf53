/* dist.h - latencies as distributions with bounds, drawn by inversion so that
 * one uniform number makes one variate.
 */
#ifndef SIM_ENGINE_DIST_H
#define SIM_ENGINE_DIST_H

#include "sim/base/err.h"
#include "sim/base/units.h"

#define DIST_NO_BOUND_S 9e12 /* max_s of a distribution without a bound */

enum dist_kind {
    DIST_CONSTANT,    /* a */
    DIST_UNIFORM,     /* from a to b, a <= b */
    DIST_EXPONENTIAL, /* mean a > 0 */
    DIST_LOGNORMAL    /* median a > 0, 90 % quantile b > a */
};

/* All in seconds. A variate outside [min_s, max_s] is moved to the bound, so
 * that the quantiles inside the bounds stay what they say.
 * 0 <= min_s <= max_s <= DIST_NO_BOUND_S
 */
struct dist {
    enum dist_kind kind;
    double a, b;
    double min_s, max_s;
};

/* The variate that belongs to u in (0, 1), times factor >= 0 and then bounded;
 * it does not fall when u grows.
 */
sim_us dist_us(const struct dist *d, double u, double factor);

/* Mean of the bounded variate in seconds, in closed form. */
double dist_mean_s(const struct dist *d);

/* Reads "2s", "uniform(0s, 6s)", "exponential(90s)" or
 * "lognormal(p50=35s, p90=60s, min=15s, max=900s)"; bounds are optional,
 * and may follow in "uniform" and "exponential" too.
 * Errors    ERR_INPUT; *out is untouched.
 */
int dist_parse(const char *text, struct dist *out, struct err *e);

/* Writes the same form; at most 127 characters. */
void dist_print(const struct dist *d, char out[128]);

#endif

/* dist.h - latencies as distributions with bounds, drawn by inversion so that
 * one uniform number makes one variate.
 */
#ifndef SIM_ENGINE_DIST_H
#define SIM_ENGINE_DIST_H

#include "sim/base/err.h"
#include "sim/base/units.h"

enum dist_kind {
    DIST_CONSTANT,    /* a */
    DIST_UNIFORM,     /* from a to b */
    DIST_EXPONENTIAL, /* mean a */
    DIST_LOGNORMAL    /* median a, 90 % quantile b */
};

/* All in seconds. A variate outside [min_s, max_s] is moved to the bound, so
 * that the quantiles inside the bounds stay what they say.
 */
struct dist {
    enum dist_kind kind;
    double a, b;
    double min_s, max_s;
};

/* The variate that belongs to u in (0, 1), times factor and then bounded. */
sim_us dist_us(const struct dist *d, double u, double factor);

/* Mean of the bounded variate in seconds, by numerical integration to 1e-6
 * relative.
 */
double dist_mean_s(const struct dist *d);

/* Reads "2s", "uniform(0s, 6s)", "exponential(90s)" or
 * "lognormal(p50=35s, p90=60s, min=15s, max=900s)"; bounds are optional.
 * Errors    ERR_INPUT; *out is untouched.
 */
int dist_parse(const char *text, struct dist *out, struct err *e);

/* Writes the same form; at most 127 characters. */
void dist_print(const struct dist *d, char out[128]);

#endif

/* dist.h - latencies as distributions with bounds, drawn by inversion so that
 * one uniform number makes one variate.
 */
#ifndef SIM_ENGINE_DIST_H
#define SIM_ENGINE_DIST_H

#include "sim/base/err.h"
#include "sim/base/units.h"
#include "sim/engine/random.h"

#include <stddef.h>

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

/* The variates of n entities from first on, each from its draw 0 in the stream,
 * to us[n]: what dist_us makes of random_stream_u01, with factor 1.
 */
void dist_fill(const struct dist *d, struct random_stream s, uint64_t first,
               sim_us us[], size_t n);

/* The same for entities 0, 1, 2, ..., one by one, but drawn some at a time: a
 * draw hangs on its key alone, and when it is made before its turn no event has
 * to wait for the end of a logarithm. Starts with d and s, and n = 0.
 */
enum { DIST_AHEAD = 32 };

struct dist_row {
    struct dist d;
    struct random_stream s;
    uint64_t n; /* taken so far */
    sim_us us[DIST_AHEAD];
};

static inline sim_us dist_next(struct dist_row *r)
{
    size_t i = r->n % DIST_AHEAD;

    if (i == 0)
        dist_fill(&r->d, r->s, r->n, r->us, DIST_AHEAD);
    r->n++;
    return r->us[i];
}

/* Mean of the bounded variate in seconds, in closed form. */
double dist_mean_s(const struct dist *d);

/* Reads "2s", "uniform(0s, 6s)", "exponential(90s)" or
 * "lognormal(p50=35s, p90=60s, min=15s, max=900s)"; bounds are optional,
 * and may follow in "uniform" and "exponential" too. Durations are at most
 * 200 years.
 * Errors    ERR_INPUT; *out is untouched.
 */
int dist_parse(const char *text, struct dist *out, struct err *e);

/* Writes the same form; at most 127 characters. */
void dist_print(const struct dist *d, char out[128]);

#endif

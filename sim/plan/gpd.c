#include "sim/plan/gpd.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>

/* Below it the law is taken as exponential. */
#define NO_SHAPE 1e-8

/* The likelihood ratio of a level is larger than its law for large n by about
 * 1 + this / n: found by simulation for shapes from -0.2 to 0.25.
 */
#define BARTLETT 5.0

enum { GRID = 16, GOLDEN_STEPS = 26, BISECTIONS = 16, DOUBLINGS = 40 };

/* (m^shape - 1) / shape */
static double reach(double shape, double once_in)
{
    if (fabs(shape) < NO_SHAPE)
        return log(once_in);
    return expm1(shape * log(once_in)) / shape;
}

double gpd_level(const struct gpd *g, double once_in)
{
    assert(once_in >= 1.0);
    return g->scale * reach(g->shape, once_in);
}

double gpd_log_likelihood(const struct gpd *g, const double y[], size_t n)
{
    double sum = 0.0, tau = g->shape / g->scale;
    bool exponential = fabs(g->shape) < NO_SHAPE;

    for (size_t i = 0; i < n; i++) {
        if (exponential) {
            sum += y[i] / g->scale;
            continue;
        }
        if (!(1.0 + tau * y[i] > 0.0))
            return -INFINITY;
        sum += log1p(tau * y[i]);
    }
    if (!exponential)
        sum *= 1.0 + 1.0 / g->shape;
    return -(double)n * log(g->scale) - sum;
}

/* ------------------------------------------------------------ maxima */

struct sample {
    const double *y; /* borrowed */
    size_t n;
    double mean, max;
    double shape;          /* held while the scale is sought */
    double level, once_in; /* held while the shape is sought */
};

typedef double objective(const struct sample *s, double x);

/* The largest value between low and high, of a function with one hill there;
 * *at is where.
 */
static double climb(objective *f, const struct sample *s, double range[2],
                    double *at)
{
    const double golden = 0.6180339887498949;
    double low = range[0], high = range[1];
    double a = high - golden * (high - low), b = low + golden * (high - low);
    double fa = f(s, a), fb = f(s, b);

    for (int i = 0; i < GOLDEN_STEPS; i++) {
        if (fa < fb || fb == -INFINITY) { /* values begin further up */
            low = a;
            a = b;
            fa = fb;
            b = low + golden * (high - low);
            fb = f(s, b);
        } else {
            high = b;
            b = a;
            fb = fa;
            a = high - golden * (high - low);
            fa = f(s, a);
        }
    }
    *at = fa > fb ? a : b;
    return fmax(fa, fb);
}

/* The same for a function of the shape that may have no value, or several
 * hills: the best of a grid, and what is around it.
 */
static double climb_shapes(objective *f, const struct sample *s, double *at)
{
    const double step = (GPD_MOST - GPD_LEAST) / GRID;
    double best = -INFINITY;
    int where = 0;

    for (int i = 0; i <= GRID; i++) {
        double value = f(s, GPD_LEAST + step * i);
        if (value > best) {
            best = value;
            where = i;
        }
    }
    double range[2] = {fmax(GPD_LEAST, GPD_LEAST + step * (where - 1)),
                       fmin(GPD_MOST, GPD_LEAST + step * (where + 1))};
    double found = climb(f, s, range, at);

    if (found >= best)
        return found;
    *at = GPD_LEAST + step * where;
    return best;
}

static struct sample sample_of(const double y[], size_t n)
{
    struct sample s = {.y = y, .n = n};

    assert(n >= 2);
    for (size_t i = 0; i < n; i++) {
        assert(y[i] > 0.0);
        s.mean += y[i] / (double)n;
        s.max = fmax(s.max, y[i]);
    }
    return s;
}

/* ------------------------------------------------------------ fit */

static double by_scale(const struct sample *s, double log_scale)
{
    struct gpd g = {s->shape, exp(log_scale)};

    return gpd_log_likelihood(&g, s->y, s->n);
}

/* Heavy tails have means far above their scale. */
static double best_scale(const struct sample *s, double *log_scale)
{
    double range[2] = {log(s->mean) - 8.0, log(s->mean) + 3.0};
    double least = -s->shape * s->max * (1.0 + 1e-9);

    if (least > 0.0)
        range[0] = fmax(range[0], log(least));
    return climb(by_scale, s, range, log_scale);
}

static double by_shape(const struct sample *s, double shape)
{
    struct sample held = *s;
    double log_scale;

    held.shape = shape;
    return best_scale(&held, &log_scale);
}

static struct gpd fit(struct sample *s, double *likelihood)
{
    double log_scale;

    *likelihood = climb_shapes(by_shape, s, &s->shape);
    best_scale(s, &log_scale);
    return (struct gpd){s->shape, exp(log_scale)};
}

struct gpd gpd_fit(const double y[], size_t n)
{
    struct sample s = sample_of(y, n);
    double likelihood;

    return fit(&s, &likelihood);
}

/* ------------------------------------------------------------ profile */

/* The scale follows from shape and level. */
static double by_level(const struct sample *s, double shape)
{
    struct gpd g = {shape, s->level / reach(shape, s->once_in)};

    return gpd_log_likelihood(&g, s->y, s->n);
}

static double profile(struct sample *s, double level)
{
    double shape;

    s->level = level;
    return climb_shapes(by_level, s, &shape);
}

/* Where the profile passes `least` between a level below it and one above. */
static double pass(struct sample *s, double refused, double kept, double least)
{
    for (int i = 0; i < BISECTIONS; i++) {
        double middle = sqrt(refused * kept);
        if (profile(s, middle) < least)
            refused = middle;
        else
            kept = middle;
    }
    return kept;
}

struct gpd_interval gpd_level_interval(const double y[], size_t n,
                                       double once_in, double error)
{
    assert(once_in > 1.0 && error > 0.0 && error < 1.0);
    struct sample s = sample_of(y, n);
    double likelihood;
    struct gpd g = fit(&s, &likelihood);
    double level = gpd_level(&g, once_in), low = level, high = level;
    double refused = gsl_cdf_chisq_Pinv(1.0 - error, 1.0) / 2.0;
    double least = likelihood - refused * (1.0 + BARTLETT / (double)n);

    s.once_in = once_in;
    for (int i = 0; i < DOUBLINGS && profile(&s, low) >= least; i++)
        low /= 1.5;
    for (int i = 0; i < DOUBLINGS && profile(&s, high) >= least; i++)
        high *= 1.5;
    return (struct gpd_interval){
        .low = pass(&s, low, level, least),
        .high = pass(&s, high, level, least),
    };
}

#include "sim/plan/control.h"

#include "sim/engine/tally.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

double control_pairing_gain(const double a[], const double b[], size_t n)
{
    struct tally x = {0}, y = {0}, off = {0};

    assert(n >= 1);
    for (size_t i = 0; i < n; i++) {
        tally_add(&x, a[i]);
        tally_add(&y, b[i]);
        tally_add(&off, a[i] - b[i]);
    }
    double apart = tally_variance(&x) + tally_variance(&y);

    if (n < 3 || !(apart > 0.0))
        return NAN;
    return apart / tally_variance(&off);
}

/* ------------------------------------------------------------ control */

/* Sums of squares and of products about the means. */
struct sums {
    struct tally y, x;
    double xy, error; /* error: of y about its line on x */
};

static struct sums sums_of(const double y[], const double x[], size_t n)
{
    struct sums s = {0};

    for (size_t i = 0; i < n; i++) {
        tally_add(&s.y, y[i]);
        tally_add(&s.x, x[i]);
    }
    for (size_t i = 0; i < n; i++)
        s.xy += (y[i] - s.y.mean) * (x[i] - s.x.mean);
    for (size_t i = 0; i < n && s.x.m2 > 0.0; i++) {
        double off = y[i] - s.y.mean - s.xy / s.x.m2 * (x[i] - s.x.mean);
        s.error += off * off;
    }
    return s;
}

static double student(double error, size_t dof)
{
    return gsl_cdf_tdist_Pinv(1.0 - error / 2.0, (double)dof);
}

static struct controlled plain(const struct tally *y, double error)
{
    size_t n = (size_t)y->n;
    double se = sqrt(tally_variance(y) / (double)n);

    return (struct controlled){
        .mean = y->mean,
        .half_width = n < 2 ? 0.0 : student(error, n - 1) * se,
        .correlation = NAN,
        .gain = 1.0,
    };
}

struct controlled control_variate(const double y[], const double x[], size_t n,
                                  double known_mean, double error)
{
    assert(n >= 1 && error > 0.0 && error < 1.0);
    struct sums s = sums_of(y, x, n);
    struct controlled c = plain(&s.y, error);

    if (n < 4 || !(s.x.m2 > 0.0))
        return c;
    double miss = s.x.mean - known_mean;
    double variance =
        s.error / (double)(n - 2) * (1.0 / (double)n + miss * miss / s.x.m2);

    c.slope = s.xy / s.x.m2;
    c.mean -= c.slope * miss;
    c.half_width = student(error, n - 2) * sqrt(variance);
    if (s.y.m2 > 0.0) {
        c.correlation = s.xy / sqrt(s.x.m2 * s.y.m2);
        c.gain = tally_variance(&s.y) / (double)n / variance;
    }
    return c;
}

#include "sim/plan/pareto.h"

#include "sim/engine/tally.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

static double student(size_t n, double error)
{
    return n < 2 ? 0.0 : gsl_cdf_tdist_Pinv(1.0 - error / 2.0, (double)(n - 1));
}

/* Mean of a - b and the half-width of its interval; in two passes, since a
 * large grid asks for millions of them.
 */
static struct paired difference(const double a[], const double b[], size_t n,
                                double quantile_t)
{
    double mean = 0.0, squares = 0.0;

    for (size_t i = 0; i < n; i++)
        mean += a[i] - b[i];
    mean /= (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (a[i] - b[i] - mean) * (a[i] - b[i] - mean);
    double variance = n < 2 ? 0.0 : squares / (double)(n - 1);

    return (struct paired){
        .mean = mean,
        .half_width = quantile_t * sqrt(variance / (double)n),
        .correlation = NAN,
    };
}

static double correlation(const double a[], const double b[], size_t n)
{
    struct tally x = {0}, y = {0};
    double sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        tally_add(&x, a[i]);
        tally_add(&y, b[i]);
    }
    double scale = sqrt(tally_variance(&x)) * sqrt(tally_variance(&y));

    if (n < 3 || !(scale > 0.0))
        return NAN;
    for (size_t i = 0; i < n; i++)
        sum += (a[i] - x.mean) * (b[i] - y.mean);
    double r = sum / (double)(n - 1) / scale;
    return fmax(-1.0, fmin(1.0, r));
}

struct paired paired_difference(const double a[], const double b[], size_t n,
                                double error)
{
    assert(n >= 1 && error > 0.0 && error < 1.0);
    struct paired p = difference(a, b, n, student(n, error));

    p.correlation = correlation(a, b, n);
    return p;
}

/* ------------------------------------------------------------ dominance */

static const double *values(const struct pareto_task *t, size_t setting,
                            size_t objective)
{
    return &t->y[(setting * t->n_objectives + objective) * t->n_reps];
}

static bool beats(const struct pareto_task *t, size_t a, size_t b,
                  double quantile_t)
{
    bool better = false;

    for (size_t k = 0; k < t->n_objectives; k++) {
        struct paired d =
            difference(values(t, a, k), values(t, b, k), t->n_reps, quantile_t);
        if (d.mean - d.half_width > 0.0)
            return false;
        better = better || d.mean + d.half_width < 0.0;
    }
    return better;
}

bool pareto_beats(const struct pareto_task *t, size_t a, size_t b)
{
    return beats(t, a, b, student(t->n_reps, t->error));
}

void pareto_front(const struct pareto_task *t, const bool candidate[],
                  bool front[])
{
    double quantile_t = student(t->n_reps, t->error);

    for (size_t i = 0; i < t->n_settings; i++) {
        front[i] = candidate[i];
        for (size_t k = 0; k < t->n_settings && front[i]; k++)
            front[i] = k == i || !candidate[k] || !beats(t, k, i, quantile_t);
    }
}

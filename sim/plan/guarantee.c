#include "sim/plan/guarantee.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

/* A binomial of n takes its count as unsigned; more histories never fit. */
enum { MOST = 1 << 30, STEPS = 100 };

/* P(Bin(n, p) <= k) */
static double at_most(size_t k, double p, size_t n)
{
    assert(n <= MOST);
    return gsl_cdf_binomial_P((unsigned)k, p, (unsigned)n);
}

/* The p at which P(Bin(n, p) <= k) falls to the error; it falls with p. */
static double falls_to(size_t k, size_t n, double error)
{
    double low = 0.0, high = 1.0;

    if (k >= n)
        return 1.0;
    if (k == 0) /* (1 - p)^n */
        return -expm1(log(error) / (double)n);
    for (int i = 0; i < STEPS && low < high; i++) {
        double middle = low + (high - low) / 2.0;
        if (at_most(k, middle, n) > error)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double guarantee_share(size_t n_histories, size_t n_missed, size_t n_candidates,
                       double error)
{
    assert(n_histories >= 1 && n_missed <= n_histories && n_candidates >= 1);
    assert(error > 0.0 && error < 1.0);
    return falls_to(n_missed, n_histories, error / (double)n_candidates);
}

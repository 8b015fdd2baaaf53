#include "sim/plan/guarantee.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>

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

/* ------------------------------------------------------------ how many */

static bool proves(size_t n, double eps, size_t n_allowed, double error)
{
    return n > n_allowed && at_most(n_allowed, eps, n) <= error;
}

size_t guarantee_histories(double eps, size_t n_allowed, size_t n_candidates,
                           double error)
{
    assert(eps > 0.0 && eps < 1.0 && n_candidates >= 1);
    assert(error > 0.0 && error < 1.0);
    double each = error / (double)n_candidates;
    size_t low = n_allowed, high = n_allowed + 1;

    while (!proves(high, eps, n_allowed, each)) {
        low = high;
        high *= 2;
    }
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (proves(middle, eps, n_allowed, each))
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* ------------------------------------------------------------ intervals */

struct share guarantee_interval(size_t n_hits, size_t n, double error)
{
    assert(n >= 1 && n_hits <= n && error > 0.0 && error < 1.0);
    /* The lower end is the upper end for the others. */
    return (struct share){
        .low = 1.0 - falls_to(n - n_hits, n, error / 2.0),
        .high = falls_to(n_hits, n, error / 2.0),
    };
}

/* The smallest rank whose value is above the quantile with 1 - error:
 * the value of rank r is below it if r values or more are.
 */
static size_t upper_rank(size_t n, double p, double error)
{
    for (size_t r = 1; r <= n; r++)
        if (at_most(r - 1, p, n) >= 1.0 - error)
            return r;
    return 0;
}

size_t guarantee_upper_rank(size_t n, double p, double error)
{
    assert(p > 0.0 && p < 1.0 && error > 0.0 && error < 1.0);
    return upper_rank(n, p, error);
}

struct ranks guarantee_ranks(size_t n, double p, double error)
{
    assert(p > 0.0 && p < 1.0 && error > 0.0 && error < 1.0);
    size_t mirrored = upper_rank(n, 1.0 - p, error / 2.0);

    return (struct ranks){
        .low = mirrored == 0 ? 0 : n + 1 - mirrored,
        .high = upper_rank(n, p, error / 2.0),
    };
}

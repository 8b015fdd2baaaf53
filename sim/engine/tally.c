#include "sim/engine/tally.h"

#include <assert.h>
#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>

double tally_variance(const struct tally *t)
{
    return t->n < 2 ? 0.0 : t->m2 / (double)(t->n - 1);
}

double tally_half_width(const struct tally *t)
{
    if (t->n < 2)
        return 0.0;
    double student = gsl_cdf_tdist_Pinv(0.975, (double)(t->n - 1));

    return student * sqrt(tally_variance(t) / (double)t->n);
}

double half_width(const double x[], size_t n)
{
    struct tally t = {0};

    assert(n >= 2);
    for (size_t i = 0; i < n; i++)
        tally_add(&t, x[i]);
    return tally_half_width(&t);
}

double quantile(const double sorted[], size_t n, double p)
{
    assert(n >= 1 && p >= 0.0 && p <= 1.0);
    /* 0.07 * 100 comes out a little above 7 and must not ask for 8. */
    double need = ceil(p * (double)n * (1.0 - 4.0 * DBL_EPSILON));
    size_t rank = need >= 1.0 ? (size_t)need : 1;

    return sorted[rank - 1];
}

void sort_doubles(double x[], size_t n)
{
    gsl_sort(x, 1, n); /* unlike qsort, which allocates */
}

void level_start(struct level *l, sim_us now_us, int64_t value)
{
    *l = (struct level){
        .value = value, .peak = value, .since_us = now_us, .start_us = now_us};
}

double level_area_s(const struct level *l, sim_us now_us)
{
    return (double)level_area_at(l, now_us) / (double)US_PER_S;
}

double level_mean(const struct level *l, sim_us now_us)
{
    if (now_us == l->start_us)
        return (double)l->value;
    return (double)level_area_at(l, now_us) / (double)(now_us - l->start_us);
}

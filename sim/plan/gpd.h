/* gpd.h - the law of what lies above a high threshold.
 *
 * Models    the generalised Pareto law of excesses y >= 0:
 *           P(Y > y) = (1 + shape y / scale)^(-1 / shape), exponential for
 *           shape 0. Fits keep the shape within [GPD_LEAST, GPD_MOST]: below,
 *           intervals are not regular; above, the mean is infinite.
 * Source    Coles, "An Introduction to Statistical Modeling of Extreme
 *           Values", 2001, section 4.3.
 * Left out  doubt about how often the threshold is passed: the share of it in
 *           a level's interval is small beside that of the law.
 */
#ifndef SIM_PLAN_GPD_H
#define SIM_PLAN_GPD_H

#include <stddef.h>

#define GPD_LEAST (-0.5)
#define GPD_MOST 1.0

struct gpd {
    double shape, scale; /* scale > 0, in the unit of y */
};

/* The excess that one in `once_in` exceeds on average; once_in >= 1. */
double gpd_level(const struct gpd *g, double once_in);

/* Log-likelihood of y[n]; -INFINITY if one is outside of the law's range. */
double gpd_log_likelihood(const struct gpd *g, const double y[], size_t n);

/* Estimate by maximum likelihood; n >= 2, y[i] > 0. */
struct gpd gpd_fit(const double y[], size_t n);

struct gpd_interval {
    double low, high;
};

/* Interval of gpd_level(once_in) by profile likelihood, for once_in > 1: the
 * levels that the likelihood ratio does not refuse at 1 - error. The ratio's
 * law for large n is corrected by its size for small n (Bartlett).
 */
struct gpd_interval gpd_level_interval(const double y[], size_t n,
                                       double once_in, double error);

#endif

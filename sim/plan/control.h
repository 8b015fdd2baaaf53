/* control.h - what is known beside a figure makes the figure sharper.
 *
 * Models    the gain of common random numbers, and the control variate: a
 *           figure of a replication that goes with a quantity whose mean is
 *           known, such as the work of a resampled trace, is freed of the part
 *           that this quantity explains.
 * Source    Law, "Simulation Modeling and Analysis", sections 11.2 and 11.4;
 *           Lavenberg and Welch, Management Science 27, 1981, for the interval.
 * Left out  several controls at once.
 */
#ifndef SIM_PLAN_CONTROL_H
#define SIM_PLAN_CONTROL_H

#include "sim/plan/pareto.h"

/* How many replications with draws of their own one pair is worth: the sum of
 * the two variances over the variance of the difference. 1 without any gain,
 * below 1 if the pairing does harm.
 *
 * a[n], b[n]   n >= 1
 * Returns INFINITY for differences that do not vary while a or b does, NaN if
 * neither does or n < 3.
 */
double control_pairing_gain(const double a[], const double b[], size_t n);

struct controlled {
    double mean, half_width; /* of y at the control's known mean */
    double slope;            /* of y on the control */
    double correlation;      /* NaN if one of the two does not vary */
    double gain; /* variance of the plain mean over that of this one; 1: none */
};

/* Mean of y, given that the mean of the control x is known.
 *
 * y[n], x[n]   one pair a replication, n >= 1
 * error        0 < error < 1: the interval covers 1 - error if y and x are
 *              jointly normal, and for large n
 * Returns the plain mean and its interval if x does not vary or n < 4.
 */
struct controlled control_variate(const double y[], const double x[], size_t n,
                                  double known_mean, double error);

#endif

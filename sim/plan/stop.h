/* stop.h - how many replications are enough.
 *
 * Models    sequential stopping: the half-width of the mean's interval is
 *           looked at after the first replications and every so many more;
 *           two looks in a row must be content, since one alone stops too
 *           soon too often. The answer depends on the values in the order of
 *           their replications, and so on no number of threads.
 * Source    Law, "Simulation Modeling and Analysis", section 9.4.
 */
#ifndef SIM_PLAN_STOP_H
#define SIM_PLAN_STOP_H

#include <stddef.h>

struct stop_rule {
    double half_width; /* at most; 0: does not matter */
    double relative;   /* error of the mean, at most; 0: does not matter */
    double error;      /* 0 < error < 1: intervals cover 1 - error */
    size_t first;      /* the first look, >= 2; 20 or more for good cover */
    size_t every;      /* from then on, >= 1; 10 to 20 */
    size_t at_most;    /* replications, >= first */
};

enum stop_state {
    STOP_GO_ON,   /* more replications are needed */
    STOP_PRECISE, /* two looks were content: the second one is stopped.n */
    STOP_AT_MOST  /* it was the limit that stopped */
};

struct stopped {
    enum stop_state state;
    size_t n; /* replications that count; those behind are not used */
    double mean, half_width;
};

/* y[n]      replications 0 to n - 1
 * Errors    none; with n below the first look, go on.
 */
struct stopped stop_after(const struct stop_rule *r, const double y[],
                          size_t n);

#endif

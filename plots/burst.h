/* burst.h - the interval with the most builds waiting, and what the scaler
 * could see of it: clients in their back-off hold no session.
 */
#ifndef PLOTS_BURST_H
#define PLOTS_BURST_H

#include "plots/script.h"

enum { BURST_COLUMNS = 360 };

#define BURST_PAUSE_US (600 * US_PER_S)  /* quiet for so long: it is over */
#define BURST_MARGIN_US (600 * US_PER_S) /* shown before and after */
#define BURST_MOST_US (3 * US_PER_H)     /* shown at most */

struct burst {
    uint32_t pool;            /* NO_INDEX: nothing was ever asked for */
    bool waits;               /* else nobody waits: the highest demand */
    int32_t peak;             /* builds waiting, or the demand */
    sim_us peak_us;           /* the first time it is reached */
    sim_us from_us, until_us; /* first and last wait without a long pause */
    sim_us shown_from_us, shown_until_us;
    double seen_frac; /* sessions by builds present, in [from, until) shown */
};

/* Time averages over one column of what is shown. */
struct burst_column {
    double present; /* builds that wait or run */
    double sessions, ready, wanted, waiting;
};

/* Finds the burst; of two that are equal the one that peaks first in the pool
 * that comes first.
 */
void burst_find(struct burst *b, const struct plots_input *in);

/* Fills column[n], n >= 1. */
void burst_columns(const struct burst *b, const struct plots_input *in,
                   struct burst_column column[], size_t n);

/* As figure.h has it; in is a struct plots_input. */
void burst_put(const void *in, FILE *gp, FILE *dat);

#endif

/* week.h - what an hour of the week costs, and how many pods idle in it. */
#ifndef PLOTS_WEEK_H
#define PLOTS_WEEK_H

#include "plots/script.h"

enum { WEEK_HOURS = 168, WEEK_LAYERS = MAX_DRAWN + 1 };

/* One pool, or several, hour by hour; hour 0 is Monday's first in UTC, or the
 * first after the origin of a trace without dates. Integrals are exact but for
 * the rounding of doubles.
 */
struct week {
    double span_s[WEEK_HOURS];  /* of the window in that hour */
    double usd[WEEK_HOURS];     /* spent in it */
    double idle_s[WEEK_HOURS];  /* ready pods beyond running builds */
    double ready_s[WEEK_HOURS]; /* ready pods */
};

/* Adds one pool over the window; the span is set, not added to. */
void week_add(struct week *w, const struct plots_input *in, uint32_t pool);

/* As figure.h has it; in is a struct plots_input. */
void week_put(const void *in, FILE *gp, FILE *dat);

#endif

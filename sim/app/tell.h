/* tell.h - lines of a story: how long after its beginning, when, what. */
#ifndef SIM_APP_TELL_H
#define SIM_APP_TELL_H

#include "sim/base/units.h"
#include "traces/trace.h"

#include <stdio.h>

enum { TELL_TEXT = 512, TELL_SPAN = 40 };

struct teller {
    const struct trace *trace; /* borrowed; says what an instant is */
    FILE *out;                 /* borrowed */
    sim_us zero_us;            /* where the story begins */
    sim_us day;                /* of the last line, since 1970 */
};

struct teller teller_of(const struct trace *t, sim_us zero_us, FILE *out);

/* One line; a day of the calendar has a line of its own before its first. */
void tell(struct teller *t, sim_us at_us, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A line below the last one, without a time. */
void tell_more(struct teller *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A duration: "4.7s", "3m10s", "0.04s". */
void tell_span(sim_us us, char out[TELL_SPAN]);

/* An instant alone: "2026-06-02 23:31:55.457 UTC", "226.790 s". */
void tell_instant(const struct trace *t, sim_us at_us, char out[40]);

/* A name of the user in quotes, harmless for a terminal, cut if it is long. */
void tell_name(const char *name, char out[96]);

#endif

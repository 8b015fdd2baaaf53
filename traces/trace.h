/* trace.h - the history of a build pool: who asked when, and for how much.
 *
 * A trace holds what does not depend on the configuration: first dial, work,
 * and clients that leave by themselves. Recorded waiting is not part of it.
 */
#ifndef TRACES_TRACE_H
#define TRACES_TRACE_H

#include "sim/base/mem.h"
#include "sim/base/units.h"

#include <stdbool.h>

enum trace_outcome {
    TRACE_OK,       /* ends by itself and succeeds */
    TRACE_ERROR,    /* fails by itself after work_us */
    TRACE_CANCELLED /* the client leaves at leaves_us, served or not */
};

struct trace_build {
    sim_us asked_us;  /* first dial, since trace origin_us */
    sim_us work_us;   /* holds a slot so long once served, >= 0 */
    sim_us leaves_us; /* cancelled: since origin_us; else SIM_NEVER */
    uint32_t id;      /* all five are indices into trace strings */
    uint32_t run;     /* builds of one run were started together */
    uint32_t pool;
    uint32_t caller;
    uint32_t name;
    uint8_t outcome; /* enum trace_outcome */
    bool censored;   /* work_us is only a lower bound */
};

/* Starts from {0}. Builds are sorted by (asked_us, order of input). */
struct trace {
    struct trace_build *builds; /* owned */
    size_t n, cap;
    struct strings strings; /* owned */
    sim_us origin_us;       /* since 1970-01-01; 0 if times are relative */
    sim_us span_us;         /* the record covers [0, span_us) */
    bool absolute;          /* origin_us is a real instant */
    bool synthetic;         /* made by trace synth: say so when shown */
};

/* Adds a copy of b behind the others; sorting is the reader's business. */
void trace_add(struct trace *t, const struct trace_build *b);

/* Sorts by (asked_us, present order) and moves the origin so that the window
 * starts at or before the first build.
 */
void trace_sort(struct trace *t);

void trace_free(struct trace *t);

#endif

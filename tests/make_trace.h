/* make_trace.h - small traces for tests, built in memory. */
#ifndef TESTS_MAKE_TRACE_H
#define TESTS_MAKE_TRACE_H

#include "traces/trace.h"

#include <stdbool.h>
#include <string.h>

#define MONDAY_US (INT64_C(1779667200) * US_PER_S) /* 2026-05-25T00:00:00Z */

static inline uint32_t text(struct trace *t, const char *s)
{
    return strings_add(&t->strings, s, strlen(s));
}

/* Adds a build that ends well; a test changes what it wants changed. */
static inline struct trace_build *add(struct trace *t, const char *pool,
                                      const char *run, double asked_s,
                                      double work_s)
{
    struct trace_build b = {
        .asked_us = us_from_s(asked_s),
        .work_us = us_from_s(work_s),
        .leaves_us = SIM_NEVER,
        .run = text(t, run),
        .pool = text(t, pool),
    };

    trace_add(t, &b);
    return &t->builds[t->n - 1];
}

static inline void leaves(struct trace_build *b, double at_s)
{
    b->outcome = TRACE_CANCELLED;
    b->leaves_us = us_from_s(at_s);
}

/* Two pools, three runs, 100 s; the figures below are worked out by hand. */
static inline struct trace small_trace(void)
{
    struct trace t = {.span_us = 100 * US_PER_S};

    add(&t, "zeta", "a", 0.0, 40.0);
    add(&t, "amd64", "a", 10.0, 20.0);
    add(&t, "amd64", "a", 10.0, 30.0);
    add(&t, "amd64", "b", 25.0, 2.5)->outcome = TRACE_ERROR;
    leaves(add(&t, "amd64", "c", 90.0, 600.0), 95.0);
    add(&t, "amd64", "c", 92.0, 50.0)->censored = true;
    return t;
}

/* Bursts of 11 builds every two hours. With three slots, asked_s is when
 * a build starts on a pool of three that needs gap_s to start the next one.
 */
static inline struct trace bursts(bool three_slots, double gap_s)
{
    struct trace t = {.span_us = 20 * US_PER_H};

    for (int burst = 0; burst < 10; burst++) {
        double slots[3] = {0}, at_s = 7200.0 * burst;

        for (int i = 0; i < 11; i++) {
            int first = slots[1] < slots[0];
            double work_s = 600.0 + 37.0 * i;

            first = slots[2] < slots[first] ? 2 : first;
            add(&t, "amd64", "a", at_s + (three_slots ? slots[first] : 0.0),
                work_s);
            slots[first] += work_s + gap_s;
        }
    }
    trace_sort(&t);
    return t;
}

#endif

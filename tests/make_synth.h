/* make_synth.h - synthetic traces for tests; a refusal fails the test. */
#ifndef TESTS_MAKE_SYNTH_H
#define TESTS_MAKE_SYNTH_H

#include "traces/synth.h"

static inline void set(struct synth_params *p, const char *assignment)
{
    struct err e = {0};

    if (synth_set(p, assignment, &e) != ERR_OK)
        fail_msg("%s: %s", assignment, e.msg);
}

static inline struct trace make(const struct synth_params *p)
{
    struct err e = {0};
    struct trace t;

    if (trace_synth(&t, p, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    return t;
}

/* A trace of the defaults and up to three changes. */
static inline struct trace make_with(const char *a, const char *b,
                                     const char *c)
{
    struct synth_params p;

    synth_defaults(&p);
    if (a)
        set(&p, a);
    if (b)
        set(&p, b);
    if (c)
        set(&p, c);
    return make(&p);
}

static inline const char *at(const struct trace *t, uint32_t index)
{
    return strings_at(&t->strings, index);
}

#endif

/* merge.c - one clock, one set of strings, one build an id. */
#include "sim/app/merge.h"

#include <stdlib.h>
#include <string.h>

/* Where t has the build of an id: index + 1, by index of the string; 0: no. */
struct places {
    size_t *at; /* owned */
    size_t cap;
};

static size_t *place(struct places *p, uint32_t id)
{
    p->at = mem_grow(p->at, &p->cap, (size_t)id + 1, sizeof *p->at);
    return &p->at[id];
}

static uint32_t moved(struct trace *t, const struct trace *more, uint32_t text)
{
    const char *s = strings_at(&more->strings, text);

    return strings_add(&t->strings, s, strlen(s));
}

static void shift(struct trace *t, sim_us by_us)
{
    for (size_t i = 0; i < t->n; i++) {
        t->builds[i].asked_us += by_us;
        if (t->builds[i].leaves_us != SIM_NEVER)
            t->builds[i].leaves_us += by_us;
    }
    t->span_us += by_us;
    t->origin_us -= by_us;
}

static struct trace_build adopted(struct trace *t, const struct trace *more,
                                  size_t i, sim_us by_us)
{
    struct trace_build b = more->builds[i];

    b.asked_us += by_us;
    if (b.leaves_us != SIM_NEVER)
        b.leaves_us += by_us;
    b.id = moved(t, more, b.id);
    b.run = moved(t, more, b.run);
    b.pool = moved(t, more, b.pool);
    b.caller = moved(t, more, b.caller);
    b.name = moved(t, more, b.name);
    return b;
}

static void add_all(struct trace *t, const struct trace *more, sim_us by_us,
                    size_t *n_again)
{
    struct places places = {0};

    for (size_t i = 0; i < t->n; i++)
        *place(&places, t->builds[i].id) = i + 1;
    for (size_t i = 0; i < more->n; i++) {
        struct trace_build b = adopted(t, more, i, by_us);
        size_t *had = place(&places, b.id);
        if (b.id == 0 || *had == 0) {
            trace_add(t, &b);
            *had = t->n;
            continue;
        }
        ++*n_again;
        struct trace_build *old = &t->builds[*had - 1];
        if (!b.censored || old->censored)
            *old = b;
    }
    free(places.at);
}

int trace_merge(struct trace *t, const struct trace *more, size_t *n_again,
                struct err *e)
{
    if (t->n > 0 && t->absolute != more->absolute)
        return err_set(e, ERR_INPUT,
                       "its times are %s, those before are %s; import them "
                       "one by one",
                       more->absolute ? "instants" : "seconds",
                       t->absolute ? "instants" : "seconds");
    if (t->n == 0) {
        t->absolute = more->absolute;
        t->origin_us = more->origin_us;
    } else if (more->origin_us < t->origin_us) {
        shift(t, t->origin_us - more->origin_us);
    }
    sim_us by_us = more->origin_us - t->origin_us;
    add_all(t, more, by_us, n_again);
    if (more->span_us + by_us > t->span_us)
        t->span_us = more->span_us + by_us;
    t->synthetic = t->synthetic || more->synthetic;
    trace_sort(t);
    return ERR_OK;
}

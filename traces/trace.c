#include "traces/trace.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void trace_add(struct trace *t, const struct trace_build *b)
{
    t->builds = mem_grow(t->builds, &t->cap, t->n + 1, sizeof *t->builds);
    t->builds[t->n++] = *b;
}

struct place {
    sim_us asked_us;
    size_t index;
};

static int by_place(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->asked_us != y->asked_us)
        return x->asked_us < y->asked_us ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static bool is_sorted(const struct trace *t)
{
    for (size_t i = 1; i < t->n; i++)
        if (t->builds[i].asked_us < t->builds[i - 1].asked_us)
            return false;
    return true;
}

/* qsort alone keeps no order among equals, hence the index as second key. */
static void sort_builds(struct trace *t)
{
    struct place *places = mem_array(t->n, sizeof *places);
    struct trace_build *sorted = mem_array(t->n, sizeof *sorted);

    for (size_t i = 0; i < t->n; i++)
        places[i] = (struct place){t->builds[i].asked_us, i};
    qsort(places, t->n, sizeof *places, by_place);
    for (size_t i = 0; i < t->n; i++)
        sorted[i] = t->builds[places[i].index];
    free(places);
    free(t->builds);
    t->builds = sorted;
    t->cap = t->n;
}

static void move_origin(struct trace *t, sim_us by_us)
{
    for (size_t i = 0; i < t->n; i++) {
        struct trace_build *b = &t->builds[i];

        b->asked_us -= by_us;
        if (b->leaves_us != SIM_NEVER)
            b->leaves_us -= by_us;
    }
    t->span_us -= by_us;
    if (t->absolute)
        t->origin_us += by_us;
}

/* An origin of 1970 is one that no reader has set. */
void trace_sort(struct trace *t)
{
    if (t->n == 0)
        return;
    if (!is_sorted(t))
        sort_builds(t);
    sim_us first_us = t->builds[0].asked_us;

    if (first_us < 0 || (t->absolute && t->origin_us == 0))
        move_origin(t, first_us);
    if (t->span_us <= t->builds[t->n - 1].asked_us)
        t->span_us = t->builds[t->n - 1].asked_us + 1;
}

void trace_free(struct trace *t)
{
    free(t->builds);
    strings_free(&t->strings);
    *t = (struct trace){0};
}

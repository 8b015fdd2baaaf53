/* size_peaks.c - the largest demand of each history, which no setting changes.
 */
#include "sim/base/mem.h"
#include "sim/plan/size_parts.h"

#include <stdlib.h>

struct change {
    sim_us at_us;
    int by;
};

/* At one instant those that end go first. */
static int by_time(const void *left, const void *right)
{
    const struct change *a = left, *b = right;

    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    return a->by - b->by;
}

static uint32_t highest(struct change *changes, size_t n)
{
    int level = 0, most = 0;

    qsort(changes, n, sizeof *changes, by_time);
    for (size_t i = 0; i < n; i++) {
        level += changes[i].by;
        most = level > most ? level : most;
    }
    return (uint32_t)most;
}

static sim_us end_of(const struct trace_build *b)
{
    sim_us end_us = b->asked_us + b->work_us;

    return b->leaves_us < end_us ? b->leaves_us : end_us;
}

static uint32_t peak_of(const struct scenario *s, const struct trace *t,
                        uint32_t pool, struct change *changes)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++) {
        const struct trace_build *b = &t->builds[i];
        sim_us end_us = end_of(b);
        if (s->pool_of[b->pool] != pool || end_us <= b->asked_us)
            continue;
        changes[n++] = (struct change){b->asked_us, 1};
        changes[n++] = (struct change){end_us, -1};
    }
    return highest(changes, n);
}

static void take(struct size_plan *plan, const struct scenario *s, size_t i,
                 const struct trace *t)
{
    struct change *changes = mem_array(2 * t->n, sizeof *changes);

    for (uint32_t pool = 0; pool < s->system.n_pools; pool++) {
        struct size_pool *p = &plan->pools[pool];
        p->peaks[i] = peak_of(s, t, pool, changes);
        if (p->peaks[i] > p->peak)
            p->peak = p->peaks[i];
    }
    free(changes);
}

void size_peaks(struct size_plan *plan, const struct trials *t)
{
    size_t n = histories_n(t->histories);

    for (uint32_t pool = 0; pool < t->base->system.n_pools; pool++)
        plan->pools[pool].peaks = mem_array(n, sizeof(uint32_t));
    for (size_t i = 0; i < n; i++) {
        struct random_world w;
        struct trace own = {0};
        take(plan, t->base, i, history_take(t->histories, i, &own, &w));
        trace_free(&own);
    }
}

#include "traces/demand.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>

/* A runner that is used once is replaced within minutes, not seconds. */
#define REFILL_WITHIN_US (5 * 60 * US_PER_S)

/* When a build that never waits lets go of its slot. */
static sim_us end_us(const struct trace_build *b)
{
    sim_us room_us = SIM_NEVER - b->asked_us;
    sim_us end = b->work_us < room_us ? b->asked_us + b->work_us : SIM_NEVER;

    if (b->outcome == TRACE_CANCELLED && b->leaves_us < end)
        return b->leaves_us;
    return end;
}

static int by_time(const void *a, const void *b)
{
    sim_us x = *(const sim_us *)a, y = *(const sim_us *)b;

    return (x > y) - (x < y);
}

void flow_fill(struct flow *f, const struct trace *t, const uint32_t index[],
               size_t n)
{
    sim_us last_us = INT64_MIN;

    f->starts = mem_array(n, sizeof *f->starts);
    f->ends = mem_array(n, sizeof *f->ends);
    f->n = 0;
    for (size_t i = 0; i < n; i++) {
        const struct trace_build *b = &t->builds[index[i]];

        assert(b->asked_us >= last_us);
        last_us = b->asked_us;
        if (end_us(b) <= b->asked_us)
            continue;
        f->starts[f->n] = b->asked_us;
        f->ends[f->n++] = end_us(b);
    }
    qsort(f->ends, f->n, sizeof *f->ends, by_time);
}

void flow_free(struct flow *f)
{
    free(f->starts);
    free(f->ends);
    *f = (struct flow){0};
}

/* How many of times[n], from index i on, lie exactly at now. */
static size_t tied(const sim_us times[], size_t n, size_t i, sim_us now_us)
{
    size_t from = i;

    while (i < n && times[i] == now_us)
        i++;
    return i - from;
}

struct demand_step *flow_steps(const struct flow *f, size_t *n)
{
    struct demand_step *steps = mem_array(2 * f->n, sizeof *steps);
    size_t up = 0, down = 0;

    *n = 0;
    while (down < f->n) { /* the last end comes after every start */
        sim_us now_us = f->ends[down];

        if (up < f->n && f->starts[up] < now_us)
            now_us = f->starts[up];
        size_t in = tied(f->starts, f->n, up, now_us);
        size_t out = tied(f->ends, f->n, down, now_us);
        up += in;
        down += out;
        if (in != out)
            steps[(*n)++] = (struct demand_step){now_us, (int32_t)(up - down)};
    }
    return steps;
}

double flow_refill_frac(const struct flow *f, int64_t peak)
{
    size_t up = 0, n_full = 0, n_refilled = 0;

    for (size_t i = 0; i < f->n; i++) {
        sim_us now_us = f->ends[i];

        while (up < f->n && f->starts[up] < now_us)
            up++;
        if ((int64_t)(up - i) != peak)
            continue;
        n_full++;
        if (up < f->n && f->starts[up] - now_us <= REFILL_WITHIN_US)
            n_refilled++;
    }
    return n_full == 0 ? 0.0 : (double)n_refilled / (double)n_full;
}

struct demand_step *trace_demand(const struct trace *t, uint32_t pool,
                                 size_t *n)
{
    uint32_t *index = mem_array(t->n, sizeof *index);
    struct flow f;
    size_t n_index = 0;

    for (size_t i = 0; i < t->n; i++)
        if (pool == NO_INDEX || t->builds[i].pool == pool)
            index[n_index++] = (uint32_t)i;
    flow_fill(&f, t, index, n_index);
    struct demand_step *steps = flow_steps(&f, n);

    flow_free(&f);
    free(index);
    return steps;
}

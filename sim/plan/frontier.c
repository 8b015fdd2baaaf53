#include "sim/plan/frontier.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>

static bool is_cancelled(const struct trace_build *b)
{
    return b->outcome == TRACE_CANCELLED;
}

static void collect(struct frontier *f, const struct trace *t, struct group own,
                    sim_us warm_up_us)
{
    for (size_t i = 0; i < own.n; i++) {
        const struct trace_build *b = &t->builds[own.at[i]];
        f->builds[f->n++] = (struct frontier_build){
            b->asked_us, b->work_us, is_cancelled(b) ? b->leaves_us : SIM_NEVER,
            b->asked_us >= warm_up_us};
    }
}

/* ------------------------------------------------------------ slots */

/* A heap of the instants at which the slots are free, the earliest first. */
static void sift(sim_us heap[], size_t n, sim_us new_us)
{
    size_t i = 0;

    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && heap[child + 1] < heap[child])
            child++;
        if (heap[child] >= new_us)
            break;
        heap[i] = heap[child];
    }
    heap[i] = new_us;
}

/* Waits of all builds, SIM_NEVER for those that left before. */
static void serve(const struct frontier *f, uint32_t n_slots, sim_us waits_us[])
{
    sim_us *free_us = mem_array(n_slots, sizeof *free_us);

    for (size_t i = 0; i < f->n; i++) {
        const struct frontier_build *b = &f->builds[i];
        sim_us at_us = free_us[0] > b->asked_us ? free_us[0] : b->asked_us;
        waits_us[i] = at_us - b->asked_us;
        if (b->leaves_us <= at_us) {
            /* One that leaves as it comes is served for no time at all. */
            if (waits_us[i] > 0)
                waits_us[i] = SIM_NEVER;
            continue;
        }
        sim_us end_us = at_us + b->work_us;
        sift(free_us, n_slots, end_us < b->leaves_us ? end_us : b->leaves_us);
    }
    free(free_us);
}

static int by_time(const void *left, const void *right)
{
    sim_us a = *(const sim_us *)left, b = *(const sim_us *)right;

    return (a > b) - (a < b);
}

/* Keeps the waits that count; returns how many. */
static size_t keep_counted(const struct frontier *f, sim_us waits_us[])
{
    size_t n = 0;

    for (size_t i = 0; i < f->n; i++)
        if (f->builds[i].counted && waits_us[i] != SIM_NEVER)
            waits_us[n++] = waits_us[i];
    return n;
}

/* The rank of quantile(): 95 of 100 and so on, in whole numbers. */
static size_t rank_p95(size_t n)
{
    return (95 * n + 99) / 100;
}

struct frontier_point frontier_at(const struct frontier *f, uint32_t n_slots,
                                  sim_us limit_us)
{
    sim_us *waits_us = mem_array(f->n, sizeof *waits_us);
    struct frontier_point p = {0};

    assert(n_slots > 0);
    serve(f, n_slots, waits_us);
    p.n = keep_counted(f, waits_us);
    for (size_t i = 0; i < p.n; i++)
        p.n_within += waits_us[i] <= limit_us;
    if (p.n > 0) {
        qsort(waits_us, p.n, sizeof *waits_us, by_time);
        p.p95_us = waits_us[rank_p95(p.n) - 1];
    }
    free(waits_us);
    return p;
}

/* ------------------------------------------------------------ bisection */

/* The same without sorting. */
static bool is_enough(const struct frontier *f, uint32_t n_slots,
                      sim_us limit_us, sim_us scratch_us[])
{
    size_t within = 0;

    serve(f, n_slots, scratch_us);
    size_t n = keep_counted(f, scratch_us);

    for (size_t i = 0; i < n; i++)
        within += scratch_us[i] <= limit_us;
    return within >= rank_p95(n);
}

uint32_t frontier_smallest(const struct frontier *f, sim_us limit_us)
{
    sim_us *scratch_us = mem_array(f->n, sizeof *scratch_us);
    uint32_t low = 0, high = f->n > 0 ? f->plenty : 0; /* high is enough */

    assert(limit_us >= 0);
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (is_enough(f, middle, limit_us, scratch_us))
            high = middle;
        else
            low = middle;
    }
    free(scratch_us);
    return high;
}

/* ------------------------------------------------------------ bound */

/* Slots for a p95 wait of zero, found by doubling. */
static uint32_t enough_for_most(const struct frontier *f)
{
    sim_us *scratch_us = mem_array(f->n, sizeof *scratch_us);
    uint32_t n = 1;

    while (n < f->n && !is_enough(f, n, 0, scratch_us))
        n *= 2;
    free(scratch_us);
    return n;
}

void frontier_init(struct frontier *f, const struct by_pool *b, uint32_t pool,
                   sim_us warm_up_us)
{
    struct group own = by_pool_of(b, pool);

    *f = (struct frontier){.builds = mem_array(own.n, sizeof *f->builds)};
    collect(f, b->trace, own, warm_up_us);
    f->plenty = enough_for_most(f);
}

void frontier_free(struct frontier *f)
{
    free(f->builds);
    *f = (struct frontier){0};
}

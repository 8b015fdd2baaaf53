#include "sim/plan/burst_rule.h"

#include "traces/stats.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As in traces/stats.h: who starts so soon after a full house has waited. */
#define REFILL_US (300 * US_PER_S)

uint64_t burst_rule_slots(uint64_t burst, double tolerated)
{
    assert(tolerated >= 0.0);
    if (!(tolerated < (double)burst)) /* one wave each; avoids an overflow */
        return burst > 0;
    uint64_t waves = (uint64_t)floor(tolerated) + 1;

    return (burst + waves - 1) / waves;
}

/* ------------------------------------------------------------ the record */

static void find_plateaus(struct burst_peak *p, const struct demand_step *steps,
                          size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        sim_us lasts_us = steps[i + 1].at_us - steps[i].at_us;
        if (steps[i].builds != p->recorded)
            continue;
        p->n_plateaus++;
        if (lasts_us > p->longest_us)
            p->longest_us = lasts_us;
    }
}

static struct burst_peak recorded(const struct trace *t, uint32_t pool)
{
    struct burst_peak p = {0};
    size_t n;
    struct pool_stats *pools = trace_stats(t, &n);

    for (size_t i = 0; i < n; i++)
        if (pools[i].pool == pool) {
            p.recorded = p.uncapped = pools[i].demand_peak;
            p.uncapped_us = pools[i].demand_peak_us;
            p.capped = pools[i].capped;
            p.capped_frac = pools[i].capped_frac;
        }
    free(pools);
    return p;
}

/* ------------------------------------------------------------ moving */

/* First asking of every run, by its string; SIM_NEVER: not seen. */
static sim_us *run_starts(const struct trace *t)
{
    sim_us *starts = mem_array(t->strings.n, sizeof *starts);

    for (size_t i = 0; i < t->strings.n; i++)
        starts[i] = SIM_NEVER;
    for (size_t i = 0; i < t->n; i++) {
        const struct trace_build *b = &t->builds[i];
        if (b->asked_us < starts[b->run])
            starts[b->run] = b->asked_us;
    }
    return starts;
}

/* The latest time before the one asked about at which the house was full; it
 * is asked about rising times.
 */
struct full_house {
    const struct demand_step *steps;
    size_t n, next;
    int64_t peak;
    sim_us until_us; /* SIM_NEVER: it was not full yet */
};

static bool was_full(struct full_house *f, sim_us at_us)
{
    for (; f->next < f->n && f->steps[f->next].at_us < at_us; f->next++)
        if (f->steps[f->next].builds == f->peak)
            f->until_us = f->steps[f->next + 1].at_us;
    return f->until_us != SIM_NEVER && at_us - f->until_us <= REFILL_US;
}

static void copy(struct trace *out, const struct trace *t)
{
    *out = (struct trace){
        .origin_us = t->origin_us,
        .span_us = t->span_us,
        .absolute = t->absolute,
        .synthetic = t->synthetic,
    };
    for (uint32_t i = 0; i < t->strings.n; i++) {
        const char *text = strings_at(&t->strings, i);
        strings_add(&out->strings, text, strlen(text));
    }
    for (size_t i = 0; i < t->n; i++)
        trace_add(out, &t->builds[i]);
}

static size_t move(struct trace *t, uint32_t pool, struct full_house *f)
{
    sim_us *starts = run_starts(t);
    size_t n_moved = 0;

    for (size_t i = 0; i < t->n; i++) {
        struct trace_build *b = &t->builds[i];
        if (b->pool != pool || !was_full(f, b->asked_us) || b->run == 0 ||
            starts[b->run] >= b->asked_us)
            continue;
        b->asked_us = starts[b->run];
        n_moved++;
    }
    free(starts);
    return n_moved;
}

static void find_uncapped(struct burst_peak *p, const struct trace *t,
                          uint32_t pool)
{
    size_t n;
    struct demand_step *steps = trace_demand(t, pool, &n);

    p->uncapped = 0;
    for (size_t i = 0; i < n; i++)
        if (steps[i].builds > p->uncapped) {
            p->uncapped = steps[i].builds;
            p->uncapped_us = steps[i].at_us;
        }
    free(steps);
}

struct burst_peak burst_uncap(struct trace *out, const struct trace *t,
                              uint32_t pool)
{
    struct burst_peak p = recorded(t, pool);
    size_t n;
    struct demand_step *steps = trace_demand(t, pool, &n);
    struct trace moved;

    copy(&moved, t);
    find_plateaus(&p, steps, n);
    if (p.capped) {
        struct full_house f = {steps, n, 0, p.recorded, SIM_NEVER};
        p.n_moved = move(&moved, pool, &f);
        trace_sort(&moved);
        find_uncapped(&p, &moved, pool);
    }
    free(steps);
    if (out)
        *out = moved;
    else
        trace_free(&moved);
    return p;
}

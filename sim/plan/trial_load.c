/* trial_load.c - which builds a trial serves. */
#include "sim/plan/trial.h"

#include "sim/plan/hazards_parts.h"
#include "traces/stats.h"

#include <stdlib.h>

#define DAY_HALF_US (12 * US_PER_H)
#define SETTLE_US (2 * US_PER_H)
#define BURST_WORK_US (600 * US_PER_S)
#define BURST_PATIENCE_US (1200 * US_PER_S)
#define BURST_AT_US (600 * US_PER_S)

uint64_t trial_pods(const struct scenario *s)
{
    uint64_t n = 0;

    for (size_t i = 0; i < s->system.n_pools; i++) {
        const struct pool_params *p = &s->system.pools[i];
        uint32_t least = p->autoscaled ? keda_min(&p->keda) : 0;
        n += p->replicas > least ? p->replicas : least;
    }
    return n;
}

static void begin(struct trial_load *l, const struct scenario *s)
{
    *l = (struct trial_load){
        .trace = s->trace, .settle_us = SETTLE_US, .patience_us = SIM_NEVER};
    l->trace.builds = NULL;
    l->trace.n = l->trace.cap = 0;
}

static size_t n_within(const struct trace *t, sim_us from_us, sim_us until_us)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        n += t->builds[i].asked_us >= from_us &&
             t->builds[i].asked_us < until_us;
    return n;
}

/* Where a day begins and ends; a hundred pods are as dear as many builds. */
static sim_us half_us(const struct scenario *s, sim_us peak_us)
{
    sim_us pods = (sim_us)trial_pods(s), half = DAY_HALF_US;

    if (pods > 100)
        half = half * 100 / pods;
    while (n_within(&s->trace, peak_us - half, peak_us + half) > TRIAL_BUILDS &&
           half > US_PER_S)
        half /= 2;
    return half;
}

static sim_us peak_us(const struct trace *t)
{
    size_t n;
    struct demand_step *steps = trace_demand(t, NO_INDEX, &n);
    int32_t most = 0;
    sim_us at_us = 0;

    for (size_t i = 0; i < n; i++)
        if (steps[i].builds > most) {
            most = steps[i].builds;
            at_us = steps[i].at_us;
        }
    free(steps);
    return at_us;
}

void trial_busiest(struct trial_load *l, const struct scenario *s)
{
    const struct trace *t = &s->trace;
    sim_us peak = peak_us(t), half = half_us(s, peak);

    begin(l, s);
    l->start_us = peak > half ? peak - half : 0;
    l->peak_us = peak - l->start_us;
    if (half < l->settle_us)
        l->settle_us = half;
    for (size_t i = 0; i < t->n && l->trace.n < TRIAL_BUILDS; i++) {
        struct trace_build b = t->builds[i];
        if (b.asked_us < l->start_us || b.asked_us >= peak + half)
            continue;
        b.asked_us -= l->start_us;
        if (b.leaves_us != SIM_NEVER)
            b.leaves_us -= l->start_us;
        trace_add(&l->trace, &b);
        l->trace.span_us = b.asked_us + 1;
    }
    l->trace.origin_us += l->start_us;
}

/* The first name in the history that stands for a pool. */
static uint32_t name_of(const struct scenario *s, uint32_t pool)
{
    for (uint32_t i = 0; i < s->trace.strings.n && s->pool_of; i++)
        if (s->pool_of[i] == pool)
            return i;
    return NO_INDEX;
}

static void add_builds(struct trial_load *l, const struct scenario *s,
                       uint32_t pool, uint32_t n, sim_us work_us)
{
    struct trace_build b = {.asked_us = l->peak_us,
                            .work_us = work_us,
                            .leaves_us = SIM_NEVER,
                            .pool = name_of(s, pool)};

    for (uint32_t i = 0; i < n && b.pool != NO_INDEX; i++)
        trace_add(&l->trace, &b);
}

void trial_burst(struct trial_load *l, const struct scenario *s)
{
    uint32_t n_pools = (uint32_t)s->system.n_pools, share = TRIAL_BURST;
    uint64_t sum = 0;

    for (uint32_t i = 0; i < n_pools; i++)
        sum += hazard_most(&s->system.pools[i]);
    if (sum > TRIAL_BURST)
        share /= n_pools;
    begin(l, s);
    l->peak_us = BURST_AT_US;
    l->patience_us = BURST_PATIENCE_US;
    l->trace.span_us = BURST_AT_US + 1;
    for (uint32_t i = 0; i < n_pools; i++) {
        uint32_t n = hazard_most(&s->system.pools[i]);
        add_builds(l, s, i, n < share ? n : share, BURST_WORK_US);
    }
}

void trial_idle(struct trial_load *l, const struct scenario *s)
{
    begin(l, s);
    l->trace.span_us = 1;
    for (uint32_t i = 0; i < s->system.n_pools; i++)
        add_builds(l, s, i, 1, US_PER_S);
}

void trial_load_free(struct trial_load *l)
{
    free(l->trace.builds);
    *l = (struct trial_load){0};
}

#include "sim/plan/step_response.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ curves */

static int32_t value_at(const struct step_curve *c, sim_us at_us)
{
    int32_t value = 0;

    for (size_t i = 0; i < c->n && c->steps[i].at_us <= at_us; i++)
        value = c->steps[i].builds;
    return value;
}

/* First time from at_us on, before until_us, at which it is at least (rising)
 * or at most (falling) a value; SIM_NEVER: none.
 */
static sim_us first_time(const struct step_curve *c, sim_us at_us,
                         sim_us until_us, int32_t value, bool rising)
{
    int32_t now = value_at(c, at_us);

    if (rising ? now >= value : now <= value)
        return at_us;
    for (size_t i = 0; i < c->n && c->steps[i].at_us < until_us; i++) {
        now = c->steps[i].builds;
        if (c->steps[i].at_us > at_us && (rising ? now >= value : now <= value))
            return c->steps[i].at_us;
    }
    return SIM_NEVER;
}

static sim_us since(sim_us at_us, sim_us from_us)
{
    return at_us == SIM_NEVER ? SIM_NEVER : at_us - from_us;
}

/* The first change after the burst, or the end. */
static sim_us held_until(const struct step_curve *demand, sim_us burst_us,
                         sim_us until_us)
{
    for (size_t i = 0; i < demand->n; i++)
        if (demand->steps[i].at_us > burst_us &&
            demand->steps[i].at_us < until_us)
            return demand->steps[i].at_us;
    return until_us;
}

static sim_us last_change(const struct step_curve *demand, sim_us burst_us,
                          sim_us until_us)
{
    sim_us last_us = SIM_NEVER;

    for (size_t i = 0; i < demand->n && demand->steps[i].at_us < until_us; i++)
        if (demand->steps[i].at_us > burst_us)
            last_us = demand->steps[i].at_us;
    return last_us;
}

/* ------------------------------------------------------------ the step */

/* While the demand is held at a level from the burst on. */
static void look_at_hold(struct step_response *r, const struct step_curve *s,
                         sim_us burst_us, sim_us end_us, int32_t level)
{
    sim_us settled_us = SIM_NEVER;
    int32_t most = 0;

    for (size_t i = 0; i <= s->n; i++) {
        bool first = i == s->n; /* the level at the burst comes last here */
        sim_us at_us = first ? burst_us : s->steps[i].at_us;
        if (!first && (at_us <= burst_us || at_us >= end_us))
            continue;
        int32_t over = value_at(s, at_us) - level;
        most = over > most ? over : most;
    }
    for (size_t i = s->n + 1; i-- > 0;) {
        sim_us at_us = i == 0 ? burst_us : s->steps[i - 1].at_us;
        if (i > 0 && (at_us <= burst_us || at_us >= end_us))
            continue;
        if (abs(value_at(s, at_us) - level) > STEP_BAND * level)
            break;
        settled_us = at_us;
    }
    r->overshoot_frac = (double)most / r->burst;
    r->settled_us = since(settled_us, burst_us);
}

struct step_response step_response(const struct step_curve *demand,
                                   const struct step_curve *supply,
                                   sim_us burst_us, sim_us until_us)
{
    int32_t level = value_at(demand, burst_us);
    int32_t before = value_at(supply, burst_us - 1);
    struct step_response r = {.burst = level - value_at(demand, burst_us - 1)};
    sim_us last_us = last_change(demand, burst_us, until_us);

    assert(r.burst > 0 && until_us > burst_us);
    r.first_us = since(first_time(supply, burst_us, until_us, before + 1, true),
                       burst_us);
    r.reached_us =
        since(first_time(supply, burst_us, until_us, level, true), burst_us);
    look_at_hold(&r, supply, burst_us, held_until(demand, burst_us, until_us),
                 level);
    r.back_us = SIM_NEVER;
    if (last_us != SIM_NEVER)
        r.back_us = since(first_time(supply, last_us, until_us, before, false),
                          last_us);
    return r;
}

/* ------------------------------------------------------------ a system */

/* What is seen of one pool. */
struct scope {
    uint32_t pool;
    struct demand_step *demand, *supply; /* owned */
    size_t n_demand, cap_demand, n_supply, cap_supply;
};

/* The last value of an instant counts. */
static void add(struct demand_step **steps, size_t *n, size_t *cap,
                struct demand_step step)
{
    if (*n > 0 && (*steps)[*n - 1].at_us == step.at_us) {
        (*steps)[*n - 1] = step;
        return;
    }
    if (*n > 0 && (*steps)[*n - 1].builds == step.builds)
        return;
    *steps = mem_grow(*steps, cap, *n + 1, sizeof **steps);
    (*steps)[(*n)++] = step;
}

static void on_row(void *context, const struct timeline_row *row)
{
    struct scope *s = context;

    if (row->pool != s->pool)
        return;
    add(&s->demand, &s->n_demand, &s->cap_demand,
        (struct demand_step){row->at_us, row->state.demand});
    add(&s->supply, &s->n_supply, &s->cap_supply,
        (struct demand_step){row->at_us, row->state.ready});
}

static struct trace burst_of(uint32_t n, sim_us at_us, sim_us work_us)
{
    struct trace t = {.span_us = at_us + 1};
    struct trace_build b = {
        .asked_us = at_us, .work_us = work_us, .leaves_us = SIM_NEVER};

    strings_add(&t.strings, "", 0);
    b.run = strings_add(&t.strings, "burst", 5);
    for (uint32_t i = 0; i < n; i++)
        trace_add(&t, &b);
    return t;
}

struct step_response step_response_run(const struct system_params *p,
                                       uint32_t pool, uint32_t burst,
                                       sim_us work_us, uint64_t seed)
{
    assert(burst > 0 && work_us > 0 && pool < p->n_pools);
    struct system_params quiet = *p;
    struct random_world w = {.seed = seed};
    uint32_t pool_of[] = {pool, pool}, caller_of[] = {0, 0};
    struct scope scope = {.pool = pool};
    struct system_observer look = {.context = &scope, .on_row = on_row};

    quiet.n_faults = 0;
    quiet.settle_us = work_us + US_PER_DAY; /* time to shrink again */
    sim_us at_us = quiet.warm_up_us > US_PER_H ? quiet.warm_up_us : US_PER_H;
    struct trace t = burst_of(burst, at_us, work_us);
    struct system *s = system_new(&quiet, &t, pool_of, caller_of);
    system_run(s, &w, &look);
    struct step_curve demand = {scope.demand, scope.n_demand};
    struct step_curve supply = {scope.supply, scope.n_supply};
    struct step_response r =
        step_response(&demand, &supply, at_us, system_horizon_us(s));
    system_free(s);
    trace_free(&t);
    free(scope.demand);
    free(scope.supply);
    return r;
}

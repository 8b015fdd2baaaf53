#include "sim/plan/foresight.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>

struct state {
    const struct foresight_task *t;
    struct foresight out;
    sim_us *idle_us; /* owned; by level, since when; SIM_NEVER: never busy */
    size_t cap;
    uint64_t units; /* busy levels */
    sim_us at_us;
};

static void make_levels(struct state *s, uint64_t top)
{
    size_t had = s->cap;

    if (top <= had)
        return;
    s->idle_us = mem_grow(s->idle_us, &s->cap, top, sizeof *s->idle_us);
    for (; had < s->cap; had++)
        s->idle_us[had] = SIM_NEVER;
}

/* A stop of the past is found out when the gap has become too long. */
static void raise_level(struct state *s, uint64_t level, sim_us at_us)
{
    sim_us idle_us = s->idle_us[level];

    if (idle_us == SIM_NEVER) {
        s->out.n_first++;
        s->out.moved += at_us > s->t->from_us;
        return;
    }
    s->out.n_gaps++;
    if (at_us - idle_us <= s->t->break_even_us) {
        s->out.held_us += at_us - idle_us;
    } else {
        s->out.n_again++;
        s->out.moved += 2;
    }
}

static void set_units(struct state *s, sim_us at_us, uint64_t units)
{
    make_levels(s, units);
    if (at_us > s->t->from_us)
        s->out.needed += units > s->units ? units - s->units : s->units - units;
    for (uint64_t k = s->units; k < units; k++)
        raise_level(s, k, at_us);
    for (uint64_t k = units; k < s->units; k++)
        s->idle_us[k] = at_us;
    s->units = units;
}

static void advance(struct state *s, sim_us to_us)
{
    if (to_us <= s->at_us)
        return;
    s->out.busy_us += (level_area)s->units * (to_us - s->at_us);
    s->at_us = to_us;
}

/* The levels that are idle at the end were stopped when they became so. */
static void stop_rest(struct state *s)
{
    for (uint64_t k = s->units; k < s->cap; k++)
        s->out.moved += s->idle_us[k] != SIM_NEVER;
}

static uint64_t units_for(const struct foresight_task *t, int32_t builds)
{
    assert(builds >= 0);
    return ((uint64_t)builds + t->per_unit - 1) / t->per_unit;
}

struct foresight foresight_plan(const struct foresight_task *t)
{
    struct state s = {.t = t, .at_us = t->from_us};
    uint64_t first = 0;
    size_t i = 0;

    assert(t->per_unit > 0 && t->from_us <= t->until_us);
    for (; i < t->n && t->steps[i].at_us <= t->from_us; i++)
        first = units_for(t, t->steps[i].builds);
    set_units(&s, t->from_us, first);
    for (; i < t->n && t->steps[i].at_us < t->until_us; i++) {
        advance(&s, t->steps[i].at_us);
        set_units(&s, t->steps[i].at_us, units_for(t, t->steps[i].builds));
    }
    advance(&s, t->until_us);
    stop_rest(&s);
    free(s.idle_us);
    return s.out;
}

level_area foresight_cost_us(const struct foresight *f, sim_us break_even_us)
{
    return f->busy_us + f->held_us + (level_area)f->n_again * break_even_us;
}

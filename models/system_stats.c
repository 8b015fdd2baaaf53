/* system_stats.c - what is measured while the history runs. */
#include "models/system_parts.h"

#include <assert.h>
#include <string.h>

/* Ready pods without a build; part of no state, so counted apart. */
void sys_idle(struct system *s, uint32_t pool, int32_t change)
{
    struct level *idle = &s->pools[pool].result.idle;

    if (!s->window_over)
        level_add(idle, s->now_us, change);
    else
        idle->value += change; /* what builds wait for depends on it */
}

/* ------------------------------------------------------------ rows */

static void show_row(const struct system *s, uint32_t pool)
{
    const struct sys_pool *p = &s->pools[pool];

    if (!s->observer.on_row)
        return;
    struct timeline_row row = {
        .at_us = s->now_us,
        .pool = pool,
        .state = p->state,
        .usd_per_h = billing_rate_usd_per_h(&p->billing),
    };
    s->observer.on_row(s->observer.context, &row);
}

/* Few change in one instant; where all do, they do so in order. */
static void sort_changed(struct system *s)
{
    for (size_t i = 1; i < s->n_changed; i++) {
        uint32_t pool = s->changed[i];
        size_t at = i;
        for (; at > 0 && s->changed[at - 1] > pool; at--)
            s->changed[at] = s->changed[at - 1];
        s->changed[at] = pool;
    }
}

/* What builds wait for may have changed. Where nothing else has, it hangs on
 * what is queued beside an idle pod that the balancer knows.
 */
static bool waits_differ(const struct sys_pool *p)
{
    int32_t unknown = p->state.ready - p->state.reachable;

    return p->waits_stale ||
           (p->any_waits && p->result.idle.value > (unknown > 0 ? unknown : 0));
}

/* The instant is over: each pool that is not as it was is looked at once. */
void sys_rows(struct system *s)
{
    if (s->n_changed > 1)
        sort_changed(s);
    for (size_t i = 0; i < s->n_changed; i++) {
        uint32_t pool = s->changed[i];
        struct sys_pool *p = &s->pools[pool];
        p->has_changed = false;
        if (waits_differ(p))
            sys_count_waits(s, pool);
        show_row(s, pool);
    }
    s->n_changed = 0;
}

/* ------------------------------------------------------------ the window */

static void restart_levels(struct system *s, struct sys_pool *p)
{
    const int32_t *values = (const int32_t *)&p->state;

    for (size_t i = 0; i < POOL_LEVELS; i++)
        level_start(&p->result.levels[i], s->now_us, values[i]);
    level_start(&p->result.idle, s->now_us, p->result.idle.value);
}

void sys_stats_start(struct system *s)
{
    for (size_t i = 0; i < s->p->n_pools; i++) {
        struct sys_pool *p = &s->pools[i];
        memset(&p->result, 0, sizeof p->result);
        memset(&p->state, 0, sizeof p->state);
        restart_levels(s, p);
        sys_changed(s, (uint32_t)i);
    }
    s->window_over = false;
}

/* The warm-up is over: what was measured so far does not count. */
void sys_window_begin(struct system *s)
{
    for (size_t i = 0; i < s->p->n_pools; i++) {
        struct sys_pool *p = &s->pools[i];
        struct level idle = p->result.idle;
        sys_count_waits(s, (uint32_t)i);
        memset(&p->result, 0, sizeof p->result);
        p->result.idle = idle;
        restart_levels(s, p);
        billing_reset(&p->billing, s->now_us);
    }
}

static void close_pool(struct system *s, struct sys_pool *p)
{
    for (size_t i = 0; i < POOL_LEVELS; i++)
        level_add(&p->result.levels[i], s->now_us, 0);
    level_add(&p->result.idle, s->now_us, 0);
    p->result.cost_usd = billing_total_usd(&p->billing, s->now_us);
}

void sys_window_end(struct system *s)
{
    for (uint32_t i = 0; i < s->p->n_pools; i++) {
        sys_count_waits(s, i);
        close_pool(s, &s->pools[i]);
    }
    s->window_over = true;
}

/* The run is over: how its builds have ended. */
void sys_count_builds(struct system *s)
{
    for (size_t i = 0; i < s->t->n; i++) {
        const struct build_result *r = &s->results[i];
        struct pool_result *p = &s->pools[sys_pool_of(s, i)].result;
        if (!r->counted)
            continue;
        p->builds++;
        p->ends[r->end]++;
        p->cold += r->served_us != SIM_NEVER && r->cold;
        if (r->attempts > p->attempts_max)
            p->attempts_max = r->attempts;
    }
}

/* ------------------------------------------------------------ regrets */

/* Each level of the wanted count remembers when it was given up; wanted back
 * within the break-even time, giving it up is regretted.
 */
void sys_wanted_changed(struct system *s, uint32_t pool, uint32_t from,
                        uint32_t to)
{
    struct sys_pool *p = &s->pools[pool];
    uint32_t top = from > to ? from : to;

    for (size_t had = p->cap_removed; had < top;) {
        p->removed_us =
            mem_grow(p->removed_us, &p->cap_removed, top, sizeof(sim_us));
        for (; had < p->cap_removed; had++)
            p->removed_us[had] = SIM_NEVER;
    }
    for (uint32_t level = from; level > to; level--)
        p->removed_us[level - 1] = s->now_us;
    for (uint32_t level = from; level < to; level++) {
        sim_us removed_us = p->removed_us[level];
        if (removed_us != SIM_NEVER && !s->window_over &&
            s->now_us - removed_us < s->p->regret_us)
            p->result.regretted++;
    }
    if (s->window_over)
        return;
    if (from > to)
        p->result.removed += from - to;
    else
        p->result.added += to - from;
}

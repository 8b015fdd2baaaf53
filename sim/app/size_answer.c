/* size_answer.c - the answer of `drydock size` in one line. */
#include "sim/app/show.h"
#include "sim/app/size_out.h"

#include <stdarg.h>

void size_where(const struct histories *h, size_t history, char out[SIZE_WHERE])
{
    enum history_kind kind = history_kind(h, history);
    size_t i = history - history_first(h, kind);

    if (kind == HISTORY_RECORDED)
        (void)snprintf(out, SIZE_WHERE, "on the record in world %zu", i);
    else
        (void)snprintf(out, SIZE_WHERE, "on number %zu drawn by %s", i,
                       history_drawn_by(kind));
}

static size_t add(char *out, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static size_t add(char *out, size_t at, const char *format, ...)
{
    va_list list;

    if (at >= SIZE_ANSWER)
        return at;
    va_start(list, format);
    at += (size_t)vsnprintf(out + at, SIZE_ANSWER - at, format, list);
    va_end(list);
    return at;
}

static size_t say_pools(const struct size_job *j, char *out, size_t at)
{
    bool first = true;

    for (uint32_t i = 0; i < j->scenario.system.n_pools; i++) {
        const struct size_pool *p = &j->plan.pools[i];
        const struct keda_params *k = &j->scenario.system.pools[i].keda;
        if (p->max == 0)
            continue;
        at = add(out, at, "%s%s min %u, max %u (today %u, %u)",
                 first ? "" : "; ", j->scenario.system.pools[i].name,
                 p->tried[p->best].min, p->max, keda_min(k), keda_max(k));
        first = false;
    }
    return at;
}

/* Not even a pool that is always full of pods helps there. */
static void say_hopeless(const struct size_job *j, uint32_t pool,
                         char out[SIZE_ANSWER])
{
    const struct size_pool *p = &j->plan.pools[pool];
    char where[SIZE_WHERE];

    size_where(&j->histories, p->hopeless, where);
    add(out, 0,
        "no: %s misses its target of %s even with %u pods around the clock, "
        "%s; the size of the pool is not what binds",
        j->scenario.system.pools[pool].name,
        scenario_goal_name(p->hopeless_goal), p->open, where);
}

/* The last candidate that a history threw out stands for all of them. */
static void say_tied(const struct size_job *j, uint32_t pool,
                     char out[SIZE_ANSWER])
{
    const struct size_pool *p = &j->plan.pools[pool];
    size_t at = add(out, 0,
                    "no: whatever is tried for %s, the pools before it miss "
                    "their targets",
                    j->scenario.system.pools[pool].name);
    char where[SIZE_WHERE];

    for (size_t i = p->n; i-- > 0;)
        if (p->tried[i].reason == SIZE_MISSES) {
            size_where(&j->histories, p->tried[i].history, where);
            add(out, at, ", such as %s %s",
                scenario_goal_name(p->tried[i].goal), where);
            return;
        }
}

/* What stands in the way, of the first pool without an answer. */
static void say_no(const struct size_job *j, char out[SIZE_ANSWER])
{
    for (uint32_t i = 0; i < j->scenario.system.n_pools; i++) {
        const struct size_pool *p = &j->plan.pools[i];
        const char *name = j->scenario.system.pools[i].name;
        if (!p->sized || p->max > 0)
            continue;
        if (p->hopeless != SIZE_MAX)
            say_hopeless(j, i, out);
        else if (p->tied)
            say_tied(j, i, out);
        else
            add(out, 0,
                "no: none of %zu settings of %s meets the targets and regrets "
                "no more removals than it may",
                p->n, name);
        return;
    }
    add(out, 0, "no: together the pools miss the targets");
}

void size_answer(const struct size_job *j, char out[SIZE_ANSWER])
{
    char usd[SHOW_CELL], now[SHOW_CELL];
    size_t at = 0;

    if (!size_has_answer(j)) {
        say_no(j, out);
        return;
    }
    show_value(SHOW_USD,
               size_figure(j, j->plan.setting, NO_INDEX, GOAL_COST_USD).mean,
               usd);
    show_value(SHOW_USD,
               size_figure(j, j->plan.today, NO_INDEX, GOAL_COST_USD).mean,
               now);
    const struct scenario_target *over = size_over_usd(j);
    at = add(out, at, "%s", over ? "no: " : "");
    at = say_pools(j, out, at);
    at = add(out, at, ": %s over %.1f days (today %s)", usd, size_days(j), now);
    if (!over)
        return;
    show_value(SHOW_USD, over->at_most, usd);
    add(out, at,
        ", above the target cost_usd of %s: the cheapest that meets the other "
        "targets",
        usd);
}

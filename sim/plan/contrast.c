#include "sim/plan/contrast.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ERROR_SHARE 0.05

/* ------------------------------------------------------------ differences */

static double value(const struct replications *r, uint32_t rep, uint32_t pool,
                    enum figure figure)
{
    const struct pool_figures *f = &r->figures[rep * r->n_pools];
    double sum = 0.0;

    if (pool != NO_INDEX)
        return f[pool].at[figure];
    for (size_t i = 0; i < r->n_pools; i++)
        sum += f[i].at[figure];
    return sum;
}

static struct paired difference(const struct replications *base,
                                const struct replications *head,
                                const uint32_t pools[2], enum figure figure,
                                double error)
{
    assert(base->n_reps == head->n_reps);
    uint32_t n = head->n_reps;
    double *a = mem_array(n, sizeof *a), *b = mem_array(n, sizeof *b);

    for (uint32_t r = 0; r < n; r++) {
        a[r] = value(head, r, pools[1], figure);
        b[r] = value(base, r, pools[0], figure);
    }
    struct paired p = paired_difference(a, b, n, error);
    free(a);
    free(b);
    return p;
}

struct paired contrast_figure(const struct replications *base,
                              const struct replications *head,
                              const uint32_t pools[2], enum figure figure)
{
    return difference(base, head, pools, figure, ERROR_SHARE);
}

/* ------------------------------------------------------------ what counts */

static void add_line(struct contrast *c, enum scenario_goal goal, uint32_t pool)
{
    c->lines = mem_grow(c->lines, &c->cap, c->n + 1, sizeof *c->lines);
    c->lines[c->n++] = (struct contrast_line){.goal = goal, .pool = pool};
}

static void add_goal(struct contrast *c, const struct contrast_side *head,
                     enum scenario_goal goal)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->lines[i].goal == goal)
            return;
    if (!verdict_is_wait(goal)) {
        add_line(c, goal, NO_INDEX);
        return;
    }
    for (uint32_t i = 0; i < head->results->n_pools; i++)
        if (c->base_pool[i] != NO_INDEX)
            add_line(c, goal, i);
}

static void choose(struct contrast *c, const struct contrast_side *head)
{
    static const enum scenario_goal usual[] = {GOAL_P95_WAIT, GOAL_GAVE_UP,
                                               GOAL_KILLED};
    const struct scenario *s = head->scenario;

    for (size_t i = 0; i < s->n_targets; i++)
        if (s->targets[i].goal != GOAL_COST_USD)
            add_goal(c, head, s->targets[i].goal);
    bool none = c->n == 0;
    for (size_t i = 0; none && i < sizeof usual / sizeof *usual; i++)
        add_goal(c, head, usual[i]);
    add_line(c, GOAL_COST_USD, NO_INDEX);
}

static void match_pools(struct contrast *c, const struct scenario *base,
                        const struct scenario *head)
{
    c->base_pool = mem_array(head->system.n_pools, sizeof *c->base_pool);
    for (uint32_t i = 0; i < head->system.n_pools; i++) {
        c->base_pool[i] = NO_INDEX;
        for (uint32_t k = 0; k < base->system.n_pools; k++)
            if (strcmp(base->system.pools[k].name,
                       head->system.pools[i].name) == 0)
                c->base_pool[i] = k;
    }
}

/* ------------------------------------------------------------ judging */

static bool is_equal(const struct contrast_side *base,
                     const struct contrast_side *head, const uint32_t pools[2],
                     enum figure figure)
{
    for (uint32_t r = 0; r < head->results->n_reps; r++)
        if (value(base->results, r, pools[0], figure) !=
            value(head->results, r, pools[1], figure))
            return false;
    return true;
}

static enum contrast_sense sense_of(struct paired p, uint32_t n_reps)
{
    if (n_reps == 1)
        return CONTRAST_UNKNOWN;
    if (!(fabs(p.mean) > p.half_width))
        return CONTRAST_NOISE;
    return p.mean < 0.0 ? CONTRAST_BETTER : CONTRAST_WORSE;
}

static struct estimate mean_of(const struct replications *r, uint32_t pool,
                               enum figure figure)
{
    return pool == NO_INDEX ? estimate_total(r, figure)
                            : estimate_of(r, pool, figure);
}

static void judge(struct contrast *c, struct contrast_line *line,
                  const struct contrast_side *base,
                  const struct contrast_side *head)
{
    enum figure figure = verdict_figure(line->goal);
    uint32_t pools[2] = {NO_INDEX, line->pool};

    if (line->pool != NO_INDEX)
        pools[0] = c->base_pool[line->pool];
    line->base = mean_of(base->results, pools[0], figure);
    line->head = mean_of(head->results, pools[1], figure);
    line->off = difference(base->results, head->results, pools, figure,
                           ERROR_SHARE / (double)c->n);
    line->sense = is_equal(base, head, pools, figure)
                      ? CONTRAST_SAME
                      : sense_of(line->off, head->results->n_reps);
    c->n_sense[line->sense]++;
}

void contrast_take(struct contrast *c, const struct contrast_side *base,
                   const struct contrast_side *head)
{
    *c = (struct contrast){0};
    match_pools(c, base->scenario, head->scenario);
    choose(c, head);
    for (size_t i = 0; i < c->n; i++)
        judge(c, &c->lines[i], base, head);
}

void contrast_free(struct contrast *c)
{
    free(c->lines);
    free(c->base_pool);
    *c = (struct contrast){0};
}

/* ------------------------------------------------------------ hazards */

static bool is_same(const struct hazard *base, const struct hazard *head,
                    bool by_text)
{
    if (strcmp(base->code, head->code) != 0)
        return false;
    return by_text ? strcmp(base->what, head->what) == 0 &&
                         base->level == head->level
                   : base->level >= head->level;
}

void contrast_hazards(const struct hazards *base, const struct hazards *head,
                      bool fresh[], bool gone[])
{
    for (size_t i = 0; i < head->n; i++)
        fresh[i] = true;
    for (size_t k = 0; k < base->n; k++)
        gone[k] = true;
    for (int by_text = 1; by_text >= 0; by_text--)
        for (size_t i = 0; i < head->n; i++)
            for (size_t k = 0; k < base->n && fresh[i]; k++)
                if (gone[k] &&
                    is_same(&base->at[k], &head->at[i], by_text == 1))
                    fresh[i] = gone[k] = false;
}

/* ------------------------------------------------------------ histories */

static bool is_same_text(const struct trace *a, uint32_t i,
                         const struct trace *b, uint32_t k)
{
    return strcmp(strings_at(&a->strings, i), strings_at(&b->strings, k)) == 0;
}

size_t contrast_history(const struct scenario *base,
                        const struct scenario *head)
{
    const struct trace *a = &base->trace, *b = &head->trace;

    for (size_t i = 0; i < a->n && i < b->n; i++) {
        const struct trace_build *x = &a->builds[i], *y = &b->builds[i];
        if (x->asked_us + a->origin_us != y->asked_us + b->origin_us ||
            x->work_us != y->work_us || !is_same_text(a, x->pool, b, y->pool))
            return i;
    }
    if (a->n != b->n)
        return a->n < b->n ? a->n : b->n;
    return SIZE_MAX;
}

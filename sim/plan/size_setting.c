/* size_setting.c - a choice for one pool as a setting of all. */
#include "sim/plan/follow.h"
#include "sim/plan/size_parts.h"

#include <assert.h>
#include <stdarg.h>

_Static_assert(4 * SIZE_POOLS + 2 * SIZE_BACKENDS + 2 * KARP_POOLS <=
                   TRIALS_SETS,
               "room for add_choice() and add_ceilings()");

struct sets {
    char text[TRIALS_SETS][TRIALS_SET];
    size_t n;
};

__attribute__((format(printf, 2, 3))) static void
add_set(struct sets *s, const char *format, ...)
{
    va_list list;

    assert(s->n < TRIALS_SETS);
    va_start(list, format);
    (void)vsnprintf(s->text[s->n++], TRIALS_SET, format, list);
    va_end(list);
}

static void add_choice(struct sets *sets, const struct size_work *w,
                       uint32_t pool, const struct size_choice *c)
{
    const char *name = w->task->trials->base->system.pools[pool].name;
    const struct keda_params *today =
        &w->task->trials->base->system.pools[pool].keda;
    const struct size_combo *combo = &w->plan->pools[pool].combos[c->combo];

    if (c->combo == 0 && c->min == keda_min(today) && c->max == keda_max(today))
        return;
    add_set(sets, "%s.min_replicas=%u", name, c->min);
    add_set(sets, "%s.max_replicas=%u", name, c->max);
    if (c->combo == 0)
        return;
    add_set(sets, "%s.hpa.down_window=%s", name, combo->window);
    add_set(sets, "%s.hpa.down_policies=%s", name, combo->policies);
}

/* Only what would stand in the way is raised. */
static void add_ceilings(struct sets *sets, const struct scenario *s,
                         const uint32_t max[])
{
    struct follow f = {0};
    char text[FOLLOW_TEXT];

    follow_ceilings(&f, s, max);
    for (size_t i = 0; i < f.n; i++) {
        if (f.rows[i].today >= f.rows[i].need)
            continue;
        follow_set(&f.rows[i], s, text);
        add_set(sets, "%s", text);
    }
    follow_free(&f);
}

size_t size_combo(const struct size_pool *p)
{
    const struct size_candidate *best = &p->tried[p->best];

    return p->max == best->min ? 0 : best->combo;
}

struct size_choice size_settled(const struct size_pool *p)
{
    return (struct size_choice){p->tried[p->best].min, p->max, size_combo(p)};
}

int size_setting(const struct size_work *w, const struct size_choice *c,
                 size_t *setting, struct err *e)
{
    const struct scenario *s = w->task->trials->base;
    uint32_t max[SIZE_POOLS];
    const char *set[TRIALS_SETS];
    struct sets sets = {.n = 0};

    for (uint32_t i = 0; i < s->system.n_pools; i++) {
        const struct pool_params *pool = &s->system.pools[i];
        const struct size_pool *p = &w->plan->pools[i];
        struct size_choice choice = {
            .max = pool->autoscaled ? keda_max(&pool->keda) : pool->replicas};
        bool chosen =
            i == w->at || ((i < w->at || w->beside_all) && p->max > 0);
        if (chosen) {
            choice = i == w->at ? *c : size_settled(p);
            add_choice(&sets, w, i, &choice);
        }
        max[i] = choice.max;
    }
    add_ceilings(&sets, s, max);
    for (size_t i = 0; i < sets.n; i++)
        set[i] = sets.text[i];
    return trials_setting(w->task->trials, set, sets.n, setting, e);
}

double size_screened(const struct size_work *w, size_t setting, size_t figure)
{
    double sum = 0.0;

    for (size_t i = 0; i < w->plan->n_screen; i++)
        sum += trials_at(w->task->trials, setting, w->plan->screen[i])[w->at]
                   .at[figure];
    return sum / (double)w->plan->n_screen;
}

uint32_t size_nodes(const struct size_pool *p, uint64_t pods)
{
    uint64_t nodes = (pods + p->per_node - 1) / p->per_node;

    return (uint32_t)(nodes > 0 ? nodes * p->per_node : p->per_node);
}

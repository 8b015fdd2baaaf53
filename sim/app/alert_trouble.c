/* alert_trouble.c - troubles from builds, and spells held against them. */
#include "sim/app/alert_trouble.h"

#include "sim/app/metric_labels.h"
#include "sim/plan/figures.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ troubles */

sim_us trouble_bound_us(const struct scenario *s)
{
    for (size_t i = 0; i < s->n_targets; i++)
        if (s->targets[i].goal == GOAL_P95_WAIT)
            return us_from_s(s->targets[i].at_most);
    return 300 * US_PER_S;
}

static void add(struct troubles *t, uint32_t pool, sim_us from_us,
                sim_us until_us, bool lost)
{
    t->at = mem_grow(t->at, &t->cap, t->n + 1, sizeof *t->at);
    t->at[t->n++] = (struct trouble){
        .pool = pool,
        .from_us = from_us,
        .until_us = until_us,
        .n_waiting = !lost,
        .n_lost = lost,
    };
}

static void add_build(struct troubles *t, const struct scenario *s, size_t i,
                      const struct build_result *b)
{
    const struct trace_build *asked = &s->trace.builds[i];
    uint32_t pool = s->pool_of[asked->pool];
    sim_us bound_us = trouble_bound_us(s);
    sim_us until_us = b->served_us != SIM_NEVER ? b->served_us : b->end_us;

    if (!b->counted)
        return;
    if (b->waited_us > bound_us && until_us != SIM_NEVER)
        add(t, pool, asked->asked_us + bound_us, until_us, false);
    if (b->end == END_GAVE_UP || b->end == END_KILLED || b->end == END_CUT ||
        b->end == END_TIMED_OUT)
        add(t, pool, b->end_us, b->end_us, true);
}

static int by_pool(const void *a, const void *b)
{
    const struct trouble *x = a, *y = b;

    if (x->pool != y->pool)
        return x->pool < y->pool ? -1 : 1;
    return (x->from_us > y->from_us) - (x->from_us < y->from_us);
}

static int by_time(const void *a, const void *b)
{
    const struct trouble *x = a, *y = b;

    if (x->from_us != y->from_us)
        return x->from_us < y->from_us ? -1 : 1;
    return (x->pool > y->pool) - (x->pool < y->pool);
}

static void join(struct troubles *t)
{
    size_t kept = 0;

    for (size_t i = 0; i < t->n; i++) {
        struct trouble *last = kept > 0 ? &t->at[kept - 1] : NULL;
        const struct trouble *x = &t->at[i];
        if (!last || last->pool != x->pool ||
            x->from_us - last->until_us >= ALERT_GRACE) {
            t->at[kept++] = *x;
            continue;
        }
        if (x->until_us > last->until_us)
            last->until_us = x->until_us;
        last->n_waiting += x->n_waiting;
        last->n_lost += x->n_lost;
    }
    t->n = kept;
}

void troubles_find(struct troubles *out, const struct scenario *s,
                   const struct build_result builds[])
{
    *out = (struct troubles){0};
    for (size_t i = 0; i < s->trace.n; i++)
        add_build(out, s, i, &builds[i]);
    if (out->n == 0)
        return;
    qsort(out->at, out->n, sizeof *out->at, by_pool);
    join(out);
    qsort(out->at, out->n, sizeof *out->at, by_time);
}

void troubles_free(struct troubles *t)
{
    free(t->at);
    *t = (struct troubles){0};
}

/* ------------------------------------------------------------ spells */

static bool names(const char *labels, const char *name)
{
    char quoted[OBJECT_NAME + 8];

    (void)snprintf(quoted, sizeof quoted, "=\"%.*s\"", OBJECT_NAME - 1, name);
    return name[0] && strstr(labels, quoted);
}

uint32_t spell_pool(const struct scenario *s, const char *labels)
{
    uint32_t found = NO_INDEX;

    for (uint32_t i = 0; i < s->system.n_pools; i++) {
        char objects[POOL_OBJECTS][OBJECT_NAME];
        bool its = names(labels, s->system.pools[i].name);
        pool_objects(s, i, objects);
        for (size_t k = 0; k < POOL_OBJECTS; k++)
            its = its || names(labels, objects[k]);
        if (its && found != NO_INDEX)
            return NO_INDEX;
        if (its)
            found = i;
    }
    return found;
}

static bool same_pool(uint32_t a, uint32_t b)
{
    return a == NO_INDEX || b == NO_INDEX || a == b;
}

/* Both hold at some instant, or would if the other were longer by the grace on
 * either side. A spell does not hold at its end.
 */
static bool overlaps(const struct alert_spell *x, sim_us from_us,
                     sim_us until_us, sim_us grace_us)
{
    return x->from_us <= until_us + grace_us &&
           x->until_us > from_us - grace_us;
}

bool spell_covers(const struct alert_spell *x, uint32_t pool,
                  const struct trouble *t)
{
    return same_pool(pool, t->pool) && overlaps(x, t->from_us, t->until_us, 0);
}

bool spell_touches_fault(const struct alert_spell *x, uint32_t pool,
                         const struct fault *f)
{
    sim_us until_us =
        f->until_us != SIM_NEVER ? f->until_us : f->at_us + f->gap_us;

    return same_pool(pool, f->pool) && x->from_us <= until_us + ALERT_GRACE &&
           x->until_us > f->at_us;
}

static uint32_t first_within(const struct alert_spell *x, uint32_t pool,
                             const struct troubles *t, sim_us grace_us)
{
    for (uint32_t i = 0; i < t->n; i++)
        if (same_pool(pool, t->at[i].pool) &&
            overlaps(x, t->at[i].from_us, t->at[i].until_us, grace_us))
            return i;
    return NO_INDEX;
}

enum spell_meaning spell_judge(const struct alert_spell *x, uint32_t pool,
                               const struct troubles *t,
                               const struct scenario *s, uint32_t *trouble)
{
    *trouble = first_within(x, pool, t, 0);
    if (*trouble != NO_INDEX)
        return SPELL_REAL;
    for (size_t i = 0; i < s->system.n_faults; i++)
        if (spell_touches_fault(x, pool, &s->system.faults[i]))
            return SPELL_FAULT;
    *trouble = first_within(x, pool, t, ALERT_GRACE - 1);
    return *trouble != NO_INDEX ? SPELL_NEAR : SPELL_FALSE;
}

const char *spell_meaning_name(enum spell_meaning m)
{
    static const char *const names_of[] = {"real", "near", "fault", "false"};

    return names_of[m];
}

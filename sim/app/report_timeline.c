/* report_timeline.c - the levels of a run, or of two, for the page's script. */
#include "plots/extremes.h"
#include "plots/scripts.h"
#include "sim/app/report.h"
#include "sim/app/show.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

struct drawn {
    const struct report_side *side; /* borrowed */
    struct run_drawing drawing;
    uint32_t pools[SHOW_POOLS]; /* that are drawn */
    struct extremes levels[SHOW_POOLS];
    size_t n_pools;
    size_t n_points; /* until the side's own end */
};

struct timeline {
    sim_us from_us, until_us; /* of both sides */
    struct drawn drawn[2];
    size_t n;
};

static sim_us from_us(const struct report_side *s)
{
    return s->run->scenario.system.warm_up_us;
}

static sim_us until_us(const struct report_side *s)
{
    return s->run->results.horizon_us;
}

bool report_has_timeline(const struct report *r)
{
    for (size_t i = 0; i < r->n_sides; i++)
        if (r->sides[i].run->results.n_pools == 0 ||
            until_us(&r->sides[i]) <= from_us(&r->sides[i]))
            return false;
    return r->n_sides > 0;
}

/* ------------------------------------------------------------ columns */

static void span(struct timeline *t, const struct report *r)
{
    t->n = r->n_sides;
    t->from_us = from_us(&r->sides[0]);
    t->until_us = until_us(&r->sides[0]);
    for (size_t i = 1; i < t->n; i++) {
        if (from_us(&r->sides[i]) < t->from_us)
            t->from_us = from_us(&r->sides[i]);
        if (until_us(&r->sides[i]) > t->until_us)
            t->until_us = until_us(&r->sides[i]);
    }
}

static void add_pool(struct drawn *d, uint32_t pool)
{
    for (size_t i = 0; i < d->n_pools; i++)
        if (d->pools[i] == pool)
            return;
    if (d->n_pools < SHOW_POOLS)
        d->pools[d->n_pools++] = pool;
}

/* The pools that matter on the last side, and then on this one: so that both
 * show the same ones where they have them.
 */
static void choose_pools(struct drawn *d, const struct run *last)
{
    const struct run *own = d->side->run;
    const struct system_params *p = &own->scenario.system;
    uint32_t pools[SHOW_POOLS];
    size_t n = show_pools(&last->results, SHOW_POOLS, pools);

    for (size_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < p->n_pools; k++)
            if (strcmp(p->pools[k].name,
                       last->scenario.system.pools[pools[i]].name) == 0)
                add_pool(d, k);
    n = show_pools(&own->results, SHOW_POOLS, pools);
    for (size_t i = 0; i < n; i++)
        add_pool(d, pools[i]);
}

static void take(struct timeline *t, struct drawn *d,
                 const struct report_side *side, const struct run *last)
{
    d->side = side;
    run_drawing_take(&d->drawing, side->run);
    choose_pools(d, last);
    for (size_t i = 0; i < d->n_pools; i++)
        extremes_take(&d->levels[i], &d->drawing.in, d->pools[i], t->from_us,
                      t->until_us);
}

/* Points that begin before the side's history ends. */
static void cut(const struct timeline *t, struct drawn *d)
{
    size_t n = 2 * d->levels[0].n;

    d->n_points = n;
    while (d->n_points > 0 &&
           series_column_us(t->from_us, t->until_us - t->from_us,
                            d->n_points - 1, n) >= until_us(d->side))
        d->n_points--;
}

static size_t count_runs(struct timeline *t)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++) {
        struct drawn *d = &t->drawn[i];
        cut(t, d);
        for (size_t k = 0; k < d->n_pools; k++)
            n += extremes_runs(&d->levels[k], d->n_points);
    }
    return n;
}

static void halve(struct timeline *t)
{
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < t->drawn[i].n_pools; k++)
            extremes_halve(&t->drawn[i].levels[k]);
}

static void release(struct timeline *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct drawn *d = &t->drawn[i];
        for (size_t k = 0; k < d->n_pools; k++)
            extremes_free(&d->levels[k]);
        run_drawing_free(&d->drawing);
    }
}

/* ------------------------------------------------------------ writing */

/* [value, how often, value, how often, ...] */
static void put_points(const int32_t points[], size_t n, FILE *out)
{
    const char *pause = "";

    putc('[', out);
    for (size_t i = 0, k; i < n; i = k, pause = ",") {
        for (k = i + 1; k < n && points[k] == points[i];)
            k++;
        fprintf(out, "%s%" PRId32 ",%zu", pause, points[i], k - i);
    }
    putc(']', out);
}

static void put_pool(const struct drawn *d, size_t pool, FILE *out)
{
    fputs("{\"name\": ", out);
    text_json(out, d->drawing.names[d->pools[pool]]);
    for (size_t k = 0; k < EXTREMES_LEVELS; k++) {
        fprintf(out, ",\n\"%s\": ", extremes_levels[k].key);
        put_points(d->levels[pool].points[k], d->n_points, out);
    }
    putc('}', out);
}

static void put_side(const struct drawn *d, FILE *out)
{
    fputs("{\"name\": ", out);
    text_json(out, d->side->name);
    fputs(", \"pools\": [\n", out);
    for (size_t i = 0; i < d->n_pools; i++) {
        fputs(i > 0 ? ",\n" : "", out);
        put_pool(d, i, out);
    }
    fputs("]}", out);
}

static void put_level(const struct extremes_level *l, FILE *out)
{
    char colour[SCRIPTS_COLOUR];
    bool known = scripts_colour(l->colour, colour);

    assert(known);
    fprintf(out,
            "{\"key\": \"%s\", \"label\": \"%s\", \"panel\": \"%s\", "
            "\"colour\": \"%s\", \"shown\": %s, \"unit\": %g}",
            l->key, l->label, l->panel, colour, l->shown ? "true" : "false",
            l->unit);
}

static void put_all(const struct timeline *t, FILE *out)
{
    const struct drawn *d = &t->drawn[0];
    const struct trace *trace = &d->side->run->scenario.trace;
    sim_us zero_us = trace->absolute ? trace->origin_us : 0;

    fprintf(out,
            "{\"absolute\": %s, \"from_s\": %.6f, \"width_s\": %.6f, "
            "\"points\": %zu,\n\"levels\": [",
            trace->absolute ? "true" : "false", s_from_us(zero_us + t->from_us),
            s_from_us(t->until_us - t->from_us), 2 * d->levels[0].n);
    for (size_t k = 0; k < EXTREMES_LEVELS; k++) {
        fputs(k > 0 ? ",\n" : "", out);
        put_level(&extremes_levels[k], out);
    }
    fputs("],\n\"sides\": [", out);
    for (size_t i = 0; i < t->n; i++) {
        fputs(i > 0 ? ",\n" : "", out);
        put_side(&t->drawn[i], out);
    }
    fputs("]}\n", out);
}

void report_timeline(const struct report *r, FILE *out)
{
    struct timeline t = {0};

    assert(r->n_sides > 0);
    span(&t, r);
    for (size_t i = 0; i < t.n; i++)
        take(&t, &t.drawn[i], &r->sides[i], r->sides[t.n - 1].run);
    while (count_runs(&t) > REPORT_RUNS &&
           t.drawn[0].levels[0].n > EXTREMES_LEAST)
        halve(&t);
    put_all(&t, out);
    release(&t);
}

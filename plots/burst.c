#include "plots/burst.h"

#include "plots/heading.h"
#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* -------------------------------------------------------------- finding */

/* What a walk over one pool has found. */
struct stretch {
    bool open;                /* false before the first level above zero */
    sim_us from_us, until_us; /* levels above zero, the last ones */
    int32_t peak;
    sim_us peak_us, first_us, last_us; /* the peak, and its own stretch */
};

struct search {
    struct stretch *pools; /* owned */
    bool waits;
};

static int32_t height_of(const struct pool_state *s, bool waits)
{
    return waits ? s->waiting : s->demand;
}

static void take_step(void *context, uint32_t pool,
                      const struct series_step *step)
{
    const struct search *x = context;
    struct stretch *t = &x->pools[pool];
    int32_t height = height_of(&step->state, x->waits);

    if (height <= 0)
        return;
    if (!t->open || step->from_us - t->until_us >= BURST_PAUSE_US)
        t->from_us = step->from_us;
    t->open = true;
    t->until_us = step->until_us;
    if (height > t->peak) {
        t->peak = height;
        t->peak_us = step->from_us;
        t->first_us = t->from_us;
    }
    if (t->first_us == t->from_us)
        t->last_us = t->until_us;
}

static void search(struct burst *b, const struct plots_input *in, bool waits)
{
    struct search x = {mem_array(in->n_pools, sizeof *x.pools), waits};

    *b = (struct burst){.pool = NO_INDEX, .waits = waits};
    series_all(in, take_step, &x);
    for (uint32_t pool = 0; pool < in->n_pools; pool++) {
        const struct stretch *t = &x.pools[pool];
        if (t->peak <= b->peak)
            continue;
        b->pool = pool;
        b->peak = t->peak;
        b->peak_us = t->peak_us;
        b->from_us = t->first_us;
        b->until_us = t->last_us;
    }
    free(x.pools);
}

/* From a little before the first wait to a little after the last; of a long
 * one as much as holds its peak.
 */
static void choose_shown(struct burst *b, const struct plots_input *in)
{
    sim_us first_us = in->window_from_us, last_us = first_us + in->window_us;
    sim_us from_us = b->from_us - BURST_MARGIN_US;
    sim_us until_us = b->until_us + BURST_MARGIN_US;

    if (until_us - from_us > BURST_MOST_US) {
        if (b->peak_us - from_us > BURST_MOST_US / 2)
            from_us = b->peak_us - BURST_MOST_US / 2;
        until_us = from_us + BURST_MOST_US;
    }
    b->shown_from_us = from_us > first_us ? from_us : first_us;
    b->shown_until_us = until_us < last_us ? until_us : last_us;
}

static double present(const struct pool_state *s)
{
    return (double)s->waiting + s->running;
}

static void measure_seen(struct burst *b, const struct plots_input *in)
{
    sim_us from_us =
        b->from_us > b->shown_from_us ? b->from_us : b->shown_from_us;
    sim_us until_us =
        b->until_us < b->shown_until_us ? b->until_us : b->shown_until_us;
    double seen = 0, all = 0;
    struct series_step step;
    struct series s;

    series_start(&s, in, b->pool, from_us, until_us);
    while (series_next(&s, &step)) {
        double span_s = s_from_us(step.until_us - step.from_us);

        seen += span_s * step.state.sessions;
        all += span_s * present(&step.state);
    }
    b->seen_frac = all > 0 ? seen / all : 1;
}

void burst_find(struct burst *b, const struct plots_input *in)
{
    search(b, in, true);
    if (b->pool == NO_INDEX)
        search(b, in, false);
    if (b->pool == NO_INDEX) {
        b->waits = false;
        b->peak_us = b->from_us = b->until_us = in->window_from_us;
    }
    choose_shown(b, in);
    measure_seen(b, in);
}

/* -------------------------------------------------------------- columns */

/* Adds the part of a step that lies in [from, until), weighed by its share. */
static void add_part(struct burst_column *c, const struct series_step *step,
                     sim_us from_us, sim_us until_us)
{
    sim_us a_us = step->from_us > from_us ? step->from_us : from_us;
    sim_us b_us = step->until_us < until_us ? step->until_us : until_us;
    const struct pool_state *s = &step->state;

    if (b_us <= a_us)
        return;
    double share = (double)(b_us - a_us) / (double)(until_us - from_us);

    c->present += share * present(s);
    c->sessions += share * s->sessions;
    c->ready += share * s->ready;
    c->wanted += share * s->wanted;
    c->waiting += share * s->waiting;
}

void burst_columns(const struct burst *b, const struct plots_input *in,
                   struct burst_column column[], size_t n)
{
    sim_us from_us = b->shown_from_us, width_us = b->shown_until_us - from_us;
    struct series_step step;
    struct series s;
    size_t i = 0;

    memset(column, 0, n * sizeof *column);
    series_start(&s, in, b->pool, from_us, b->shown_until_us);
    while (series_next(&s, &step)) {
        while (series_column_us(from_us, width_us, i + 1, n) <= step.from_us)
            i++;
        for (size_t k = i; k < n; k++) {
            sim_us a_us = series_column_us(from_us, width_us, k, n);

            if (a_us >= step.until_us)
                break;
            add_part(&column[k], &step, a_us,
                     series_column_us(from_us, width_us, k + 1, n));
        }
    }
}

/* -------------------------------------------------------------- writing */

static size_t widest_gap(const struct burst_column column[], size_t n)
{
    size_t widest = 0;

    for (size_t i = 1; i < n; i++)
        if (column[i].present - column[i].sessions >
            column[widest].present - column[widest].sessions)
            widest = i;
    return widest;
}

static void put_row(FILE *dat, double x, const struct burst_column *c)
{
    fprintf(dat, "%.3f %.3f %.3f %.3f %.3f\n", x, c->present, c->sessions,
            c->ready, c->wanted);
}

static void put_data(const struct plot *f, const struct burst *b,
                     const struct time_axis *a,
                     const struct burst_column column[])
{
    sim_us width_us = b->shown_until_us - b->shown_from_us;

    fprintf(f->dat, "# time present sessions ready wanted\n");
    for (size_t i = 0; i < BURST_COLUMNS; i++)
        for (size_t side = 0; side < 2; side++) {
            sim_us at_us = series_column_us(b->shown_from_us, width_us,
                                            i + side, BURST_COLUMNS);
            put_row(f->dat, time_axis_at(a, at_us), &column[i]);
        }
}

static void put_title(const struct plot *f, const struct burst *b)
{
    char name[4 * NAME_SHOWN + 1];

    if (b->pool == NO_INDEX) {
        heading_title(f->gp, "No build was asked for");
        return;
    }
    script_short(f->in->pool_names[b->pool], name);
    if (!b->waits)
        heading_title(f->gp, "No build waited; the highest demand is %d on %s",
                      b->peak, name);
    else if (b->seen_frac > 0.995)
        heading_title(f->gp,
                      "%s: %d build%s at worst; the scaler sees all clients",
                      name, b->peak, b->peak == 1 ? " waits" : "s wait");
    else
        heading_title(f->gp,
                      "%s: %d build%s at worst; the scaler sees %.0f %% of the "
                      "clients",
                      name, b->peak, b->peak == 1 ? " waits" : "s wait",
                      100 * b->seen_frac);
}

/* Where the scaler misses most: a mark in the figure, and in words. */
static void put_gap(const struct plot *f, const struct burst *b,
                    const struct time_axis *a,
                    const struct burst_column column[])
{
    sim_us width_us = b->shown_until_us - b->shown_from_us;
    size_t i = widest_gap(column, BURST_COLUMNS);
    const struct burst_column *c = &column[i];
    bool gap = c->present - c->sessions >= 0.5;
    sim_us at_us = series_column_us(b->shown_from_us, width_us, 2 * i + 1,
                                    2 * BURST_COLUMNS);
    char when[40], span[32], shown[160];

    time_axis_say(a, at_us, when);
    script_wait(s_from_us(width_us) / BURST_COLUMNS, span);
    if (gap)
        snprintf(shown, sizeof shown,
                 "widest gap %s: %.0f of %.0f seen | means over %s", when,
                 c->sessions, c->present, span);
    else
        snprintf(shown, sizeof shown, "means over %s", span);
    heading_subtitle(f->gp, f->in->title_prefix, f->in->synthetic, shown);
    script_number(f->gp, "gap", gap);
    fprintf(f->gp, "gap_x = %.3f\n", time_axis_at(a, at_us));
    script_number(f->gp, "gap_low", c->sessions);
    script_number(f->gp, "gap_high", c->present);
}

static int32_t highest(const struct burst_column column[])
{
    double most = 0;

    for (size_t i = 0; i < BURST_COLUMNS; i++) {
        most = fmax(most, fmax(column[i].present, column[i].sessions));
        most = fmax(most, fmax(column[i].ready, column[i].wanted));
    }
    return (int32_t)ceil(most);
}

static void write_all(const struct plot *f)
{
    struct burst_column *column = mem_array(BURST_COLUMNS, sizeof *column);
    struct time_axis a;
    struct burst b;

    burst_find(&b, f->in);
    burst_columns(&b, f->in, column, BURST_COLUMNS);
    time_axis_init(&a, f->in->trace, b.shown_from_us, b.shown_until_us);
    time_axis_write(&a, f->gp, b.shown_from_us, b.shown_until_us);
    put_title(f, &b);
    put_gap(f, &b, &a, column);
    fprintf(f->gp, "array y_top[1]\narray y_step[1]\n");
    script_count_axis(f->gp, "y", 0, highest(column));
    put_data(f, &b, &a, column);
    free(column);
}

void burst_put(const void *in, FILE *gp, FILE *dat)
{
    struct plot f = script_begin(in, gp, dat);

    write_all(&f);
}

#include "plots/timeline.h"

#include "plots/heading.h"
#include <stdlib.h>

static bool same(const struct pool_state *a, const struct pool_state *b)
{
    return a->demand == b->demand && a->waiting == b->waiting &&
           a->ready == b->ready && a->wanted == b->wanted &&
           a->nodes == b->nodes;
}

static void put_row(FILE *dat, double x, const struct pool_state *s)
{
    fprintf(dat, "%.3f %d %d %d %d %d\n", x, s->demand, s->waiting, s->ready,
            s->wanted, s->nodes);
}

static size_t n_columns(const struct plot *f)
{
    return f->n_pools > 2 ? TIMELINE_COLUMNS / 4 : TIMELINE_COLUMNS;
}

/* One block of data, corner by corner, so that a fill is one shape. Columns
 * that repeat the one before are left out.
 */
static void put_pool(const struct plot *f, const struct time_axis *a,
                     uint32_t pool)
{
    const struct plots_input *in = f->in;
    size_t n = n_columns(f);
    struct pool_state *max = mem_array(n, sizeof *max);

    series_envelope(in, pool, max, n);
    fprintf(f->dat, "# time demand waiting ready wanted nodes\n");
    for (size_t i = 0; i < n; i++) {
        sim_us at_us =
            series_column_us(in->window_from_us, in->window_us, i, n);
        if (i > 0 && same(&max[i], &max[i - 1]))
            continue;
        if (i > 0)
            put_row(f->dat, time_axis_at(a, at_us), &max[i - 1]);
        put_row(f->dat, time_axis_at(a, at_us), &max[i]);
    }
    put_row(f->dat, time_axis_at(a, in->window_from_us + in->window_us),
            &max[n - 1]);
    fputs("\n\n", f->dat);
    free(max);
}

static const char *plural(int32_t n)
{
    return n == 1 ? "" : "s";
}

static void put_findings(const struct plot *f)
{
    for (size_t i = 0; i < f->n_pools; i++) {
        struct pool_state top = series_peak(f->in, f->pools[i]);
        int32_t pods = top.wanted > top.ready ? top.wanted : top.ready;
        int32_t most = top.demand > top.waiting ? top.demand : top.waiting;
        char name[4 * NAME_SHOWN + 1];

        script_short(f->in->pool_names[f->pools[i]], name);
        script_element(f->gp, "finding", i,
                       "%s, peaks: demand %d, waiting %d, ready %d, nodes %d",
                       name, top.demand, top.waiting, top.ready, top.nodes);
        script_count_axis(f->gp, "y", i, most > pods ? most : pods);
        fprintf(f->gp, "nodes_top[%zu] = %d\n", i + 1,
                top.nodes > 0 ? top.nodes : 1);
    }
}

static void put_title(const struct plot *f)
{
    char name[4 * NAME_SHOWN + 1];

    if (f->n_pools == 0) {
        heading_title(f->gp, "No pool to show");
        return;
    }
    struct pool_state top = series_peak(f->in, f->pools[0]);

    script_short(f->in->pool_names[f->pools[0]], name);
    heading_title(f->gp,
                  "%s: demand peaks at %d build%s; at most %d pod%s ready and "
                  "%d node%s",
                  name, top.demand, plural(top.demand), top.ready,
                  plural(top.ready), top.nodes, plural(top.nodes));
}

static void write_all(const struct plot *f)
{
    const struct plots_input *in = f->in;
    sim_us until_us = in->window_from_us + in->window_us;
    char column[32], shown[120];
    struct time_axis a;

    time_axis_init(&a, in->trace, in->window_from_us, until_us);
    time_axis_write(&a, f->gp, in->window_from_us, until_us);
    script_wait(s_from_us(in->window_us) / (double)n_columns(f), column);
    int n = snprintf(shown, sizeof shown, "highest value in every %s", column);
    if (in->n_pools > f->n_pools)
        snprintf(shown + n, sizeof shown - (size_t)n,
                 " | the %zu biggest of %zu pools", f->n_pools, in->n_pools);
    heading_subtitle(f->gp, f->in->title_prefix, f->in->synthetic, shown);
    put_title(f);
    fprintf(f->gp,
            "array finding[%d]\narray y_top[%d]\narray y_step[%d]\n"
            "array nodes_top[%d]\n",
            MAX_DRAWN, MAX_DRAWN, MAX_DRAWN, MAX_DRAWN);
    put_findings(f);
    for (size_t i = 0; i < f->n_pools; i++)
        put_pool(f, &a, f->pools[i]);
}

void timeline_put(const void *in, FILE *gp, FILE *dat)
{
    struct plot f = script_begin(in, gp, dat);

    write_all(&f);
}

#include "plots/pair.h"

#include "plots/burst.h"
#include "plots/figure.h"
#include "plots/heading.h"
#include "plots/scripts.h"
#include "plots/waits.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BEFORE = 0, AFTER, SIDES };

struct pair {
    const struct plots_input *in[SIDES]; /* borrowed */
    struct burst burst[SIDES];           /* each side's own */
    int worse;                           /* whose burst is shown */
    uint32_t pool[SIDES];                /* of it; NO_INDEX: it has none */
    FILE *gp, *dat;
};

/* ------------------------------------------------------------ choosing */

static uint32_t find_pool(const struct plots_input *in, const char *name)
{
    for (uint32_t i = 0; i < in->n_pools; i++)
        if (strcmp(in->pool_names[i], name) == 0)
            return i;
    return NO_INDEX;
}

/* Somebody who waits is worse than any demand; of equals the one before. */
static void choose(struct pair *p)
{
    for (int i = 0; i < SIDES; i++)
        burst_find(&p->burst[i], p->in[i]);
    const struct burst *b = &p->burst[BEFORE], *a = &p->burst[AFTER];
    bool higher = a->waits == b->waits ? a->peak > b->peak : a->waits;

    p->worse = higher ? AFTER : BEFORE;
    uint32_t pool = p->burst[p->worse].pool;

    p->pool[0] = p->pool[1] = NO_INDEX;
    if (pool == NO_INDEX)
        return;
    for (int i = 0; i < SIDES; i++)
        p->pool[i] = find_pool(p->in[i], p->in[p->worse]->pool_names[pool]);
}

/* "pool amd64", or nothing. */
enum { POOL_TEXT = 4 * NAME_SHOWN + 6 };
static void put_name(const struct pair *p, char out[POOL_TEXT])
{
    uint32_t pool = p->burst[p->worse].pool;
    char name[4 * NAME_SHOWN + 1];

    out[0] = '\0';
    if (pool == NO_INDEX)
        return;
    script_short(p->in[p->worse]->pool_names[pool], name);
    (void)snprintf(out, POOL_TEXT, "pool %s", name);
}

static void put_subtitle(const struct pair *p, const char *shown)
{
    heading_subtitle(p->gp, p->in[AFTER]->title_prefix, p->in[AFTER]->synthetic,
                     shown);
}

/* ------------------------------------------------------------ burst */

/* "13 builds for 5m 29s" */
static void say_burst(const struct burst *b, char out[64])
{
    char span[32];

    script_wait(s_from_us(b->until_us - b->from_us), span);
    if (b->waits)
        (void)snprintf(out, 64, "%d for %s", b->peak, span);
    else
        (void)snprintf(out, 64, "none");
}

static void put_burst_title(const struct pair *p)
{
    char name[POOL_TEXT], shown[160], was[64], is[64];

    put_name(p, name);
    say_burst(&p->burst[BEFORE], was);
    say_burst(&p->burst[AFTER], is);
    bool nobody = !p->burst[BEFORE].waits && !p->burst[AFTER].waits;

    script_number(p->gp, "nobody_waits", nobody);
    if (nobody)
        heading_title(p->gp, "Nobody waits, before or after");
    else
        heading_title(
            p->gp,
            "Builds waiting in the worst burst: %s; before the change "
            "%s",
            is, was);
    (void)snprintf(shown, sizeof shown, "%s%sfirst replication", name,
                   name[0] ? " | " : "");
    put_subtitle(p, shown);
}

static void put_columns(const struct pair *p, const struct time_axis *a,
                        struct burst_column *column[SIDES])
{
    const struct burst *b = &p->burst[p->worse];
    sim_us width_us = b->shown_until_us - b->shown_from_us;

    fprintf(p->dat, "# time waiting-before waiting-after ready-before "
                    "ready-after\n");
    for (size_t i = 0; i < BURST_COLUMNS; i++)
        for (size_t side = 0; side < 2; side++) {
            sim_us at_us = series_column_us(b->shown_from_us, width_us,
                                            i + side, BURST_COLUMNS);
            fprintf(p->dat, "%.3f %.3f %.3f %.3f %.3f\n",
                    time_axis_at(a, at_us), column[BEFORE][i].waiting,
                    column[AFTER][i].waiting, column[BEFORE][i].ready,
                    column[AFTER][i].ready);
        }
}

static void put_tops(const struct pair *p, struct burst_column *column[SIDES])
{
    double waiting = 1, ready = 1;

    for (int k = 0; k < SIDES; k++)
        for (size_t i = 0; i < BURST_COLUMNS; i++) {
            waiting = fmax(waiting, column[k][i].waiting);
            ready = fmax(ready, column[k][i].ready);
        }
    fputs("array y_top[2]\narray y_step[2]\n", p->gp);
    script_count_axis(p->gp, "y", 0, (int32_t)ceil(waiting));
    script_count_axis(p->gp, "y", 1, (int32_t)ceil(ready));
}

static void write_burst(struct pair *p)
{
    const struct burst *b = &p->burst[p->worse];
    struct burst_column *column[SIDES];
    struct time_axis a;

    for (int i = 0; i < SIDES; i++) {
        struct burst part = *b;
        column[i] = mem_array(BURST_COLUMNS, sizeof *column[i]);
        part.pool = p->pool[i];
        if (part.pool != NO_INDEX)
            burst_columns(&part, p->in[i], column[i], BURST_COLUMNS);
    }
    time_axis_init(&a, p->in[AFTER]->trace, b->shown_from_us,
                   b->shown_until_us);
    time_axis_write(&a, p->gp, b->shown_from_us, b->shown_until_us);
    put_burst_title(p);
    put_tops(p, column);
    put_columns(p, &a, column);
    for (int i = 0; i < SIDES; i++)
        free(column[i]);
}

/* ------------------------------------------------------------ waits */

static void put_waits_title(const struct pair *p,
                            const struct waits_line line[SIDES])
{
    char was[32], is[32], name[POOL_TEXT], shown[200];

    double p95_s = line[AFTER].waits.p95_s;

    waits_say(line[BEFORE].waits.p95_s, was);
    waits_say(p95_s, is);
    heading_title(p->gp,
                  "95 %% of builds wait %s%s after the change, %s before",
                  p95_s > NO_WAIT_S ? "at most " : "", is, was);
    put_name(p, name);
    (void)snprintf(shown, sizeof shown,
                   "%s%sfrom the first dial to the slot | first replication | "
                   "at once: within 1 s",
                   name, name[0] ? " | " : "");
    put_subtitle(p, shown);
}

static void write_waits(struct pair *p)
{
    struct waits_line line[SIDES] = {{.name = "before"}, {.name = "after"}};

    for (int i = 0; i < SIDES; i++)
        if (p->pool[i] != NO_INDEX)
            waits_take(&line[i].waits, p->in[i], p->pool[i]);
    put_waits_title(p, line);
    waits_lines(p->gp, p->dat, line, SIDES, true);
    for (int i = 0; i < SIDES; i++)
        waits_free(&line[i].waits);
}

/* ------------------------------------------------------------ drawing */

static void put_burst(const void *in, FILE *gp, FILE *dat)
{
    struct pair p = *(const struct pair *)in;

    p.gp = gp;
    p.dat = dat;
    write_burst(&p);
}

static void put_waits(const void *in, FILE *gp, FILE *dat)
{
    struct pair p = *(const struct pair *)in;

    p.gp = gp;
    p.dat = dat;
    write_waits(&p);
}

int pair_draw(const char *folder, const struct plots_input *before,
              const struct plots_input *after, struct err *e)
{
    static const struct figure figures[] = {
        {"pair_burst", put_burst, scripts_pair_burst},
        {"pair_waits", put_waits, scripts_waits},
    };
    struct pair p = {.in = {before, after}};

    assert(before->window_us > 0 && after->window_us > 0);
    choose(&p);
    return figure_draw(folder, figures, sizeof figures / sizeof *figures, &p,
                       e);
}

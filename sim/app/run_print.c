/* run_print.c - the one table of `drydock run`: the answer first. */
#include "sim/app/colour.h"
#include "sim/app/run.h"
#include "sim/app/show.h"
#include "sim/base/text.h"

#include <inttypes.h>

static void print_plain(FILE *out, const char *text)
{
    char plain[RUN_ANSWER];

    text_plain(text, plain, sizeof plain);
    fprintf(out, "%s\n", plain);
}

static void print_basis(const struct run *r, FILE *out)
{
    const struct scenario *s = &r->scenario;
    char line[RUN_ANSWER], from[40] = "", span[32];

    if (s->trace.absolute)
        run_time(r, s->system.warm_up_us, from);
    run_span(r, span);
    (void)snprintf(
        line, sizeof line,
        "%.200s: %s%.200s%s%s, %s%s%s; seed %" PRIu64 ", %u replication%s",
        s->name, s->trace.synthetic ? "synthetic trace " : "trace ",
        run_trace_name(r), s->adopted ? ", all builds given to " : "",
        s->adopted ? s->system.pools[0].name : "", span,
        s->trace.absolute ? " from " : "", from, r->options->seed,
        r->results.n_reps, r->results.n_reps == 1 ? "" : "s");
    print_plain(out, line);
}

enum colour run_colour(const struct run *r)
{
    if (r->verdict.n == 0)
        return COLOUR_PLAIN;
    return r->verdict.met ? COLOUR_GOOD : COLOUR_BAD;
}

static void print_head(const struct run *r, FILE *out)
{
    enum colour colour = run_colour(r);
    char answer[RUN_ANSWER];

    run_answer(r, answer);
    colour_begin(out, colour);
    print_plain(out, answer);
    colour_end(out, colour);
    if (r->scenario.question[0] != '\0')
        print_plain(out, r->scenario.question);
    print_basis(r, out);
}

/* ------------------------------------------------------------ columns */

static size_t column_width(const struct run *r, size_t pool, const char *name)
{
    size_t width = show_width(name);
    char cell[SHOW_CELL];

    for (size_t i = 0; i < n_show_rows; i++) {
        show_cell(&show_rows[i], &r->results, pool, cell);
        if (show_width(cell) > width)
            width = show_width(cell);
    }
    return width + 3;
}

enum { LABEL_WIDTH = 26, MOST_ERRORS = 12 };

/* The pools that are shown, and how wide. */
struct columns {
    uint32_t pools[SHOW_POOLS];
    size_t widths[SHOW_POOLS], n;
};

static void print_names(const struct run *r, const struct columns *c, FILE *out)
{
    char name[POOL_NAME];

    fprintf(out, "\n%*s", LABEL_WIDTH, "");
    for (size_t i = 0; i < c->n; i++) {
        text_plain(r->scenario.system.pools[c->pools[i]].name, name,
                   sizeof name);
        show_padded(out, name, c->widths[i], true);
    }
    fputc('\n', out);
}

static void print_row(const struct run *r, const struct show_row *row,
                      const struct columns *c, FILE *out)
{
    char cell[SHOW_CELL];

    show_padded(out, row->label, LABEL_WIDTH, false);
    for (size_t i = 0; i < c->n; i++) {
        show_cell(row, &r->results, c->pools[i], cell);
        show_padded(out, cell, c->widths[i], true);
    }
    fputc('\n', out);
}

/* Errors come first. */
static void print_hazards(const struct run *r, FILE *out)
{
    const struct hazards *h = &r->hazards;
    size_t n = h->n_level[HAZARD_ERROR];

    for (size_t i = 0; i < n && i < MOST_ERRORS; i++)
        print_plain(out, h->at[i].what);
    if (n > MOST_ERRORS)
        fprintf(out, "and %zu more\n", n - MOST_ERRORS);
}

static void choose_columns(const struct run *r, struct columns *c)
{
    char name[POOL_NAME];

    c->n = show_pools(&r->results, SHOW_POOLS, c->pools);
    for (size_t i = 0; i < c->n; i++) {
        text_plain(r->scenario.system.pools[c->pools[i]].name, name,
                   sizeof name);
        c->widths[i] = column_width(r, c->pools[i], name);
    }
}

/* What a percentile does not say then. */
static void print_limit(const struct run *r, FILE *out)
{
    if (estimate_total(&r->results, FIG_GAVE_UP).mean +
            estimate_total(&r->results, FIG_TIMED_OUT).mean >
        0.0)
        fputs("\nA wait ends where a build gives up or its job ends: a p95 "
              "does not mean that 95 % got a pod.\n",
              out);
}

void run_print(const struct run *r, FILE *out)
{
    struct columns c;

    print_head(r, out);
    choose_columns(r, &c);
    print_names(r, &c, out);
    for (size_t i = 0; i < n_show_rows; i++) {
        if (!show_wants(&show_rows[i], &r->results))
            continue;
        if (show_rows[i].opens && i > 0)
            fputc('\n', out);
        print_row(r, &show_rows[i], &c, out);
    }
    print_limit(r, out);
    if (c.n < r->results.n_pools)
        fprintf(out, "\n" SHOW_LEFT_OUT "\n", c.n, r->results.n_pools);
    if (r->hazards.n_level[HAZARD_ERROR] > 0) {
        fprintf(out, "\nErrors in the configuration (drydock check):\n");
        print_hazards(r, out);
    }
}

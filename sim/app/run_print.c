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

enum { LABEL_WIDTH = 26 };

static void print_names(const struct run *r, const size_t widths[], FILE *out)
{
    char name[POOL_NAME];

    fprintf(out, "\n%*s", LABEL_WIDTH, "");
    for (size_t i = 0; i < r->results.n_pools; i++) {
        text_plain(r->scenario.system.pools[i].name, name, sizeof name);
        show_padded(out, name, widths[i], true);
    }
    fputc('\n', out);
}

static void print_row(const struct run *r, const struct show_row *row,
                      const size_t widths[], FILE *out)
{
    char cell[SHOW_CELL];

    show_padded(out, row->label, LABEL_WIDTH, false);
    for (size_t i = 0; i < r->results.n_pools; i++) {
        show_cell(row, &r->results, i, cell);
        show_padded(out, cell, widths[i], true);
    }
    fputc('\n', out);
}

static void print_hazards(const struct run *r, FILE *out)
{
    const struct hazards *h = &r->hazards;

    for (size_t i = 0; i < h->n; i++)
        if (h->at[i].level == HAZARD_ERROR)
            print_plain(out, h->at[i].what);
}

void run_print(const struct run *r, FILE *out)
{
    size_t widths[SCENARIO_POOLS];
    char name[POOL_NAME];

    print_head(r, out);
    for (size_t i = 0; i < r->results.n_pools; i++) {
        text_plain(r->scenario.system.pools[i].name, name, sizeof name);
        widths[i] = column_width(r, i, name);
    }
    print_names(r, widths, out);
    for (size_t i = 0; i < n_show_rows; i++) {
        if (!show_wants(&show_rows[i], &r->results))
            continue;
        if (show_rows[i].opens && i > 0)
            fputc('\n', out);
        print_row(r, &show_rows[i], widths, out);
    }
    if (r->hazards.n_level[HAZARD_ERROR] > 0) {
        fprintf(out, "\nErrors in the configuration (drydock check):\n");
        print_hazards(r, out);
    }
}

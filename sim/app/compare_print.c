/* compare_print.c - the answer and the tables on a terminal. */
#include "sim/app/colour.h"
#include "sim/app/compare_out.h"
#include "sim/base/text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { LABEL_WIDTH = 26, PRINTED_BUILDS = 5, MOST_LINES = 60 };

static void put_plain(FILE *out, const char *text)
{
    char plain[COMPARE_ANSWER];

    text_plain(text, plain, sizeof plain);
    fputs(plain, out);
}

/* ------------------------------------------------------------ head */

static const char *const names[SIDES] = {"BASE", "HEAD"};

static enum colour verdict_colour(const struct compare_job *j)
{
    const size_t *n = j->contrast.n_sense;
    bool better = n[CONTRAST_BETTER] > 0, worse = n[CONTRAST_WORSE] > 0;

    if (better != worse)
        return better ? COLOUR_GOOD : COLOUR_BAD;
    return better || n[CONTRAST_UNKNOWN] > 0 ? COLOUR_WARNING : COLOUR_PLAIN;
}

static void put_coloured(FILE *out, const char *text, enum colour colour)
{
    colour_begin(out, colour);
    put_plain(out, text);
    colour_end(out, colour);
    fputc('\n', out);
}

static void print_head(const struct compare_job *j, FILE *out)
{
    char answer[COMPARE_ANSWER];
    const struct run *r = &j->side[HEAD].run;

    compare_answer(j, answer);
    put_coloured(out, answer, verdict_colour(j));
    for (int i = HEAD; i >= BASE; i--) {
        run_answer(&j->side[i].run, answer);
        fprintf(out, "%s ", names[i]);
        put_plain(out, j->side[i].label);
        fputs(": ", out);
        put_coloured(out, answer, run_colour(&j->side[i].run));
    }
    (void)snprintf(answer, sizeof answer, "%s%s",
                   r->scenario.trace.synthetic ? "synthetic " : "",
                   run_trace_name(r));
    fputs("trace ", out);
    put_plain(out, answer);
    fprintf(out, "; seed %" PRIu64 ", %u replication%s of each%s\n",
            j->options->seed, j->options->n_reps,
            j->options->n_reps == 1 ? "" : "s",
            j->options->n_reps == 1 ? ": no intervals"
                                    : ", the same worlds in both");
}

/* ------------------------------------------------------------ figures */

struct cells {
    char text[3][SHOW_CELL]; /* base, head, difference */
};

static void fill_cells(const struct compare_job *j, const struct show_row *row,
                       uint32_t pool, struct cells *c)
{
    const struct replications *base = &j->side[BASE].run.results;
    const struct replications *head = &j->side[HEAD].run.results;
    const uint32_t pools[2] = {j->contrast.base_pool[pool], pool};

    show_value(row->form, estimate_of(base, pools[0], row->figure).mean,
               c->text[0]);
    show_value(row->form, estimate_of(head, pools[1], row->figure).mean,
               c->text[1]);
    struct paired off = contrast_figure(base, head, pools, row->figure);
    show_paired(row->form, off, head->n_reps, c->text[2]);
    bool shown = c->text[2][0] == '+' || c->text[2][0] == '-'; /* not as 0 */
    if (!shown || head->n_reps == 1 || !(fabs(off.mean) > off.half_width))
        return;
    size_t n = strnlen(c->text[2], SHOW_CELL - 3);
    (void)snprintf(c->text[2] + n, SHOW_CELL - n, " *");
}

static void print_pool(const struct compare_job *j, uint32_t pool, FILE *out)
{
    const char *name = j->side[HEAD].run.scenario.system.pools[pool].name;
    struct cells c;

    fputc('\n', out);
    put_plain(out, name);
    if (j->contrast.base_pool[pool] == NO_INDEX) {
        fputs(" is new\n", out);
        return;
    }
    fputc('\n', out);
    for (size_t i = 0; i < n_show_rows; i++) {
        if (!compare_wants(j, &show_rows[i], pool))
            continue;
        fill_cells(j, &show_rows[i], pool, &c);
        show_padded(out, show_rows[i].label, LABEL_WIDTH, false);
        show_padded(out, c.text[0], 12, true);
        show_padded(out, c.text[1], 12, true);
        fprintf(out, "   %s\n", c.text[2]);
    }
}

static void print_figures(const struct compare_job *j, FILE *out)
{
    fprintf(
        out, "\n%*s%12s%12s   difference%s\n", LABEL_WIDTH, "", "BASE", "HEAD",
        j->options->n_reps > 1 ? " (* its 95 % interval is without 0)" : "");
    const struct replications *head = &j->side[HEAD].run.results;
    uint32_t pools[SHOW_POOLS];
    size_t n = show_pools(head, SHOW_POOLS, pools);

    for (size_t i = 0; i < n; i++)
        print_pool(j, pools[i], out);
    if (n < head->n_pools)
        fprintf(out, "\n%zu of %zu pools" COMPARE_LEFT_OUT "\n", n,
                head->n_pools);
}

/* ------------------------------------------------------------ changes */

static void print_side(const struct compare_side *side,
                       const struct param_side *x, FILE *out)
{
    char where[COMPARE_TEXT];

    put_plain(out, x->value);
    compare_say(side, x->where, where, sizeof where);
    fputs(" (", out);
    put_plain(out, where);
    fputc(')', out);
}

static void print_change(const struct compare_job *j, size_t i, FILE *out)
{
    const struct param_change *c = &j->diff.at[i];

    fputs("  ", out);
    put_plain(out, c->key);
    if (c->kind != CHANGE_VALUE) {
        fputs(c->kind == CHANGE_ADDED ? " is new\n" : " is gone\n", out);
        return;
    }
    fputs(": ", out);
    print_side(&j->side[BASE], &c->base, out);
    fputs(" -> ", out);
    print_side(&j->side[HEAD], &c->head, out);
    fputs(j->effects[i] == EFFECT_NONE ? ": no effect on this history\n" : "\n",
          out);
}

static void print_changes(const struct compare_job *j, FILE *out)
{
    fputs(j->diff.n > 0 ? "\nWhat changed:\n"
                        : "\nNo parameter is different.\n",
          out);
    for (size_t i = 0; i < j->diff.n && i < MOST_LINES; i++)
        print_change(j, i, out);
    if (j->diff.n > MOST_LINES)
        fprintf(out, "  and %zu more, see compare.json\n",
                j->diff.n - MOST_LINES);
}

/* ------------------------------------------------------------ hazards */

static void print_hazards(const struct compare_job *j, int side,
                          const bool shown[], FILE *out)
{
    const struct hazards *h = &j->side[side].run.hazards;
    char text[COMPARE_TEXT];
    size_t n = 0;

    for (size_t i = 0; i < h->n; i++) {
        if (!shown[i])
            continue;
        if (n == 0)
            fputs(side == HEAD ? "\nNew hazards:\n" : "\nFixed hazards:\n",
                  out);
        if (n++ >= MOST_LINES)
            continue;
        fputs("  ", out);
        colour_level(out, h->at[i].level);
        fputs(": ", out);
        compare_say(&j->side[side], h->at[i].what, text, sizeof text);
        put_plain(out, text);
        fprintf(out, " [%s]\n", h->at[i].code);
    }
    if (n > MOST_LINES)
        fprintf(out, "  and %zu more, see compare.json\n", n - MOST_LINES);
}

/* ------------------------------------------------------------ the rest */

static void print_bursts(const struct compare_job *j, FILE *out)
{
    char text[COMPARE_TEXT];

    fputs("\nThe worst burst (first replication):\n", out);
    for (int i = 0; i < SIDES; i++) {
        fprintf(out, "  %s: ", names[i]);
        put_plain(out,
                  compare_burst(&j->side[i], text) ? text : "nobody waits");
        fputc('\n', out);
    }
}

static void print_builds(const struct compare_job *j, FILE *out)
{
    const struct trace *t = &j->side[HEAD].run.scenario.trace;
    char more[SHOW_CELL], was[COMPARE_TEXT], is[COMPARE_TEXT];

    if (j->n_worst > 0)
        fputs("\nBuilds that fare worst (first replication):\n", out);
    for (size_t i = 0; i < j->n_worst && i < PRINTED_BUILDS; i++) {
        const struct trace_build *b = &t->builds[j->worst[i].build];
        show_value(SHOW_WAIT, s_from_us(j->worst[i].more_us), more);
        compare_fate(&j->side[BASE], j->worst[i].build, was);
        compare_fate(&j->side[HEAD], j->worst[i].build, is);
        fprintf(out, "  +%s (%s, was %s)  ", more, is, was);
        put_plain(out, strings_at(&t->strings, b->id));
        fputs("  ", out);
        put_plain(out, strings_at(&t->strings, b->name));
        fputc('\n', out);
    }
}

void compare_print(const struct compare_job *j, FILE *out)
{
    print_head(j, out);
    print_figures(j, out);
    print_changes(j, out);
    print_hazards(j, HEAD, j->fresh, out);
    print_hazards(j, BASE, j->gone, out);
    print_bursts(j, out);
    print_builds(j, out);
}

/* compare_report.c - report.md, the comment on a pull request: the picture and
 * the verdict first, everything else folded; and report.html. GitHub refuses
 * comments above 65,536 characters: a part that no longer fits is left out, and
 * said so.
 */
#include "sim/app/compare_out.h"
#include "sim/app/report.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    REPORT_BYTES = 58000,
    REPORT_CHANGES = 60,
    REPORT_HAZARDS = 20,
    REPORT_JUDGED = 64, /* lines of the verdict */
    REPORT_NAME = 160   /* of a foreign name, before it is escaped */
};

static void put_text(const char *text, FILE *out)
{
    char safe[2 * COMPARE_ANSWER];

    text_markdown(text, safe, sizeof safe);
    fputs(safe, out);
}

/* Cut between two characters. */
static void put_name(const char *text, FILE *out)
{
    char cut[REPORT_NAME + 1];

    text_plain(text, cut, sizeof cut);
    put_text(cut, out);
    if (strlen(text) > REPORT_NAME)
        fputs("...", out);
}

/* ------------------------------------------------------------ head */

static void put_line(const struct compare_job *j,
                     const struct contrast_line *line, FILE *out)
{
    static const char *const words[] = {"same", "no difference beyond noise",
                                        "**better**", "**worse**",
                                        "one replication: not known"};
    enum show_form form = compare_form(line->goal);
    char name[COMPARE_TEXT], was[SHOW_CELL], is[SHOW_CELL], off[SHOW_CELL];

    compare_name(j, line, name);
    show_value(form, line->base.mean, was);
    show_value(form, line->head.mean, is);
    show_paired(form, line->off, j->options->n_reps, off);
    fputs("| ", out);
    put_name(name, out);
    fprintf(out, " | %s | %s | %s | %s |\n", was, is, off, words[line->sense]);
}

/* Of very many lines those that say most. */
static void put_most(const struct compare_job *j, FILE *out)
{
    const struct contrast *c = &j->contrast;
    size_t n = 0;
    for (int sense = CONTRAST_UNKNOWN; sense >= CONTRAST_SAME; sense--)
        for (size_t i = 0; i < c->n; i++)
            if ((int)c->lines[i].sense == sense && n++ < REPORT_JUDGED)
                put_line(j, &c->lines[i], out);
    fprintf(out, "\nand %zu more, see compare.json\n", n - REPORT_JUDGED);
}

static void put_judged(const struct compare_job *j, FILE *out)
{
    const struct contrast *c = &j->contrast;

    fputs("| | base | head | difference | |\n|---|---:|---:|---:|---|\n", out);
    if (c->n > REPORT_JUDGED)
        put_most(j, out);
    else
        for (size_t i = 0; i < c->n; i++)
            put_line(j, &c->lines[i], out);
    fputc('\n', out);
}

static void put_title(const void *of, FILE *out)
{
    fputs("## drydock: ", out);
    put_text(compare_word(of), out);
    fputs("\n\n", out);
}

static void put_picture(const void *of, FILE *out)
{
    const struct compare_job *j = of;

    if (j->has_plots)
        fputs("![Builds waiting and pods ready in the worst burst, before "
              "and after](plots/pair_burst.png)\n\n",
              out);
}

static void put_verdict(const struct compare_job *j, FILE *out)
{
    char answer[COMPARE_ANSWER];

    compare_answer(j, answer);
    fputs("**", out);
    put_text(answer, out);
    fputs("**\n\n", out);
    put_judged(j, out);
    run_answer(&j->side[HEAD].run, answer);
    fputs(compare_fails(j) ? "**Not good to merge:** " : "", out);
    put_text(answer, out);
    fputs("\n\n", out);
}

static void put_basis(const struct compare_job *j, FILE *out)
{
    const struct run *r = &j->side[HEAD].run;
    char span[32];

    run_span(r, span);
    fputs("Base ", out);
    put_name(j->side[BASE].label, out);
    fputs(", head ", out);
    put_name(j->side[HEAD].label, out);
    fputs(r->scenario.trace.synthetic
              ? ", synthetic trace (made up, not recorded) "
              : ", trace ",
          out);
    put_name(run_trace_name(r), out);
    fprintf(out, ": %zu builds, %s. Seed %" PRIu64 ", %u replication%s each",
            r->scenario.trace.n, span, j->options->seed, j->options->n_reps,
            j->options->n_reps == 1 ? ": no intervals" : "s");
    fputs(j->options->n_reps == 1
              ? ".\n\n"
              : ", the same worlds in both; \u00b1 is the half-width of an "
                "interval of the paired difference. Those of the table above "
                "hold together with 95 %, those below each by itself.\n\n",
          out);
}

/* ------------------------------------------------------------ changes */

static void put_side(const struct compare_side *side,
                     const struct param_side *x, FILE *out)
{
    char where[COMPARE_TEXT];

    compare_say(side, x->where, where, sizeof where);
    put_name(x->value, out);
    fputs(" | ", out);
    put_name(where, out);
}

static void put_change(const struct compare_job *j, size_t i, FILE *out)
{
    bool idle = j->effects[i] == EFFECT_NONE;
    const struct param_change *c = &j->diff.at[i];

    fputs("| ", out);
    put_name(c->key, out);
    fputs(" | ", out);
    if (c->kind == CHANGE_VALUE)
        put_side(&j->side[BASE], &c->base, out);
    else
        fputs(c->kind == CHANGE_ADDED ? "(not there) |" : "(there) |", out);
    fputs(" | ", out);
    if (c->kind == CHANGE_VALUE)
        put_side(&j->side[HEAD], &c->head, out);
    else
        fputs(c->kind == CHANGE_ADDED ? "new |" : "gone |", out);
    fprintf(out, " | %s%s%s |\n", c->help, idle && c->help[0] ? "; " : "",
            idle ? "no effect on this history" : "");
}

static void put_changes(const struct compare_job *j, FILE *out)
{
    size_t n = j->diff.n;

    if (n == 0) {
        fputs("No parameter of the model is different.\n", out);
        return;
    }
    fputs("| parameter | base | at | head | at | what it is |\n"
          "|---|---|---|---|---|---|\n",
          out);
    for (size_t i = 0; i < n && i < REPORT_CHANGES; i++)
        put_change(j, i, out);
    if (n > REPORT_CHANGES)
        fprintf(out, "\nand %zu more, see compare.json\n", n - REPORT_CHANGES);
}

/* ------------------------------------------------------------ hazards */

static void put_hazard(const struct compare_side *side, const struct hazard *h,
                       FILE *out)
{
    char text[COMPARE_TEXT];

    fprintf(out, "- **%s** ", hazard_level_name(h->level));
    compare_say(side, h->what, text, sizeof text);
    put_text(text, out);
    fputs(". ", out);
    put_text(h->advice, out);
    if (h->where[0] != '\0') {
        compare_say(side, h->where, text, sizeof text);
        fputs(" (", out);
        put_text(text, out);
        fputc(')', out);
    }
    fputs(".\n", out);
}

static void put_side_hazards(const struct compare_job *j, int side,
                             const bool shown[], FILE *out)
{
    const struct hazards *h = &j->side[side].run.hazards;
    size_t n = 0;

    for (size_t i = 0; i < h->n; i++) {
        if (!shown[i])
            continue;
        if (n++ == 0)
            fputs(side == HEAD ? "\nNew:\n\n" : "\nFixed:\n\n", out);
        if (n <= REPORT_HAZARDS)
            put_hazard(&j->side[side], &h->at[i], out);
    }
    if (n > REPORT_HAZARDS)
        fprintf(out, "- and %zu more, see compare.json\n", n - REPORT_HAZARDS);
}

static void put_hazards(const struct compare_job *j, FILE *out)
{
    put_side_hazards(j, HEAD, j->fresh, out);
    put_side_hazards(j, BASE, j->gone, out);
}

static size_t count(const struct hazards *h, const bool shown[])
{
    size_t n = 0;

    for (size_t i = 0; i < h->n; i++)
        n += shown[i];
    return n;
}

/* ------------------------------------------------------------ figures */

static void put_row(const struct compare_job *j, const struct show_row *row,
                    uint32_t pool, FILE *out)
{
    const struct replications *base = &j->side[BASE].run.results;
    const struct replications *head = &j->side[HEAD].run.results;
    const uint32_t pools[2] = {j->contrast.base_pool[pool], pool};
    char was[SHOW_CELL], is[SHOW_CELL], off[SHOW_CELL];

    show_value(row->form, estimate_of(base, pools[0], row->figure).mean, was);
    show_value(row->form, estimate_of(head, pools[1], row->figure).mean, is);
    show_paired(row->form, contrast_figure(base, head, pools, row->figure),
                head->n_reps, off);
    fprintf(out, "| %s | %s | %s | %s |\n", row->label, was, is, off);
}

static void put_figures(const struct compare_job *j, FILE *out)
{
    const struct system_params *p = &j->side[HEAD].run.scenario.system;

    uint32_t pools[SHOW_POOLS];
    size_t n = show_pools(&j->side[HEAD].run.results, SHOW_POOLS, pools);

    for (size_t i = 0; i < n; i++) {
        uint32_t pool = pools[i];

        fputs("\n| ", out);
        put_name(p->pools[pool].name, out);
        fputs(" | base | head | difference |\n|---|---:|---:|---:|\n", out);
        for (size_t k = 0; k < n_show_rows; k++)
            if (j->contrast.base_pool[pool] != NO_INDEX &&
                compare_wants(j, &show_rows[k], pool))
                put_row(j, &show_rows[k], pool, out);
    }
    if (n < p->n_pools)
        fprintf(out, "\n%zu of %zu pools" COMPARE_LEFT_OUT "\n", n, p->n_pools);
}

/* ------------------------------------------------------------ builds */

static void put_builds(const struct compare_job *j, FILE *out)
{
    const struct trace *t = &j->side[HEAD].run.scenario.trace;
    static const char *const names[SIDES] = {"Base", "Head"};
    char text[COMPARE_TEXT], more[SHOW_CELL];

    for (int i = 0; i < SIDES; i++) {
        fprintf(out, "- %s, the worst burst: ", names[i]);
        put_text(compare_burst(&j->side[i], text) ? text : "nobody waits", out);
        fputc('\n', out);
    }
    if (j->has_plots)
        fputs("\n![How long builds waited, before and "
              "after](plots/pair_waits.png)\n",
              out);
    if (j->n_worst > 0)
        fputs("\n| build | name | wait, base | wait, head | more |\n"
              "|---|---|---:|---:|---:|\n",
              out);
    for (size_t i = 0; i < j->n_worst; i++) {
        const struct trace_build *b = &t->builds[j->worst[i].build];
        fputs("| ", out);
        put_name(strings_at(&t->strings, b->id), out);
        fputs(" | ", out);
        put_name(strings_at(&t->strings, b->name), out);
        for (int side = 0; side < SIDES; side++) {
            compare_fate(&j->side[side], j->worst[i].build, text);
            fprintf(out, " | %s", text);
        }
        show_value(SHOW_WAIT, s_from_us(j->worst[i].more_us), more);
        fprintf(out, " | +%s |\n", more);
    }
}

/* ------------------------------------------------------------ parts */

typedef void part_put(const struct compare_job *j, FILE *out);

/* A part that would make the comment too long is replaced by a sentence. */
static void put_part(const struct compare_job *j, const char *title,
                     part_put *put, FILE *out)
{
    struct mem_file part;

    mem_file_open(&part);
    fprintf(part.out, "<details><summary>%s</summary>\n\n", title);
    put(j, part.out);
    fputs("\n</details>\n\n", part.out);
    mem_file_close(&part);
    if ((size_t)ftell(out) + part.n <= REPORT_BYTES)
        fwrite(part.text, 1, part.n, out);
    else
        fprintf(out, "%s: too long, see compare.json.\n\n", title);
    free(part.text);
}

/* ------------------------------------------------------------ the whole */

static void put_answer(const void *of, FILE *out)
{
    put_verdict(of, out);
    put_basis(of, out);
}

static void put_rest(const void *of, FILE *out)
{
    const struct compare_job *j = of;
    char title[160];
    size_t fresh = count(&j->side[HEAD].run.hazards, j->fresh);
    size_t gone = count(&j->side[BASE].run.hazards, j->gone);

    (void)snprintf(title, sizeof title, "What changed: %zu parameter%s",
                   j->diff.n, j->diff.n == 1 ? "" : "s");
    put_part(j, title, put_changes, out);
    (void)snprintf(title, sizeof title, "Hazards: %zu new, %zu fixed", fresh,
                   gone);
    if (fresh + gone > 0)
        put_part(j, title, put_hazards, out);
    put_part(j, "The worst burst, and the builds that fare worst", put_builds,
             out);
    put_part(j, "All figures", put_figures, out);
}

static void put_numbers(const void *of, FILE *out)
{
    compare_json(of, out);
}

struct report compare_report(const struct compare_job *j)
{
    bool better = j->contrast.n_sense[CONTRAST_BETTER] > 0;
    bool worse = j->contrast.n_sense[CONTRAST_WORSE] > 0;

    return (struct report){
        .name = compare_word(j),
        .tone = compare_fails(j) || (worse && !better) ? TONE_BAD
                : better && !worse                     ? TONE_GOOD
                                                       : TONE_PLAIN,
        .of = j,
        .title = put_title,
        .picture = put_picture,
        .answer = put_answer,
        .rest = put_rest,
        .numbers = put_numbers,
        .folder = j->options->out,
        .sides = {{"base", &j->side[BASE].run}, {"head", &j->side[HEAD].run}},
        .n_sides = SIDES,
    };
}

/* out_report.c - report.md, to be pasted into a pull request: the answer, the
 * table, pictures; and report.html. GitHub refuses comments above 65,536
 * characters, so that lists are cut.
 */
#include "sim/app/report.h"
#include "sim/app/show.h"
#include "sim/base/text.h"

#include <inttypes.h>

enum {
    REPORT_TEXT = 2 * RUN_ANSWER, /* of one text, escaped */
    REPORT_HAZARDS = 6
};

static void put_text(const char *text, FILE *out)
{
    char safe[REPORT_TEXT];

    text_markdown(text, safe, sizeof safe);
    fputs(safe, out);
}

/* ------------------------------------------------------------ pictures */

enum { PICTURE_FIRST, PICTURES = 4 };

/* Pictures of pixels: a comment shows no SVG of somebody's files. */
static void put_picture(size_t i, FILE *out)
{
    static const char *const pictures[PICTURES][2] = {
        {"timeline", "Demand, pods and nodes over time"},
        {"burst", "The interval with the most builds waiting"},
        {"waits", "How long builds waited"},
        {"week", "Cost and idle pods by hour of the week"},
    };

    fprintf(out, "![%s](plots/%s.png)\n\n", pictures[i][1], pictures[i][0]);
}

/* Those that are not on top. */
static void put_pictures(FILE *out)
{
    fputs("\n<details><summary>More pictures</summary>\n\n", out);
    for (size_t i = PICTURE_FIRST + 1; i < PICTURES; i++)
        put_picture(i, out);
    fputs("</details>\n", out);
}

/* ------------------------------------------------------------ head */

static void put_title(const void *of, FILE *out)
{
    const struct run *r = of;

    fputs("# drydock: ", out);
    put_text(r->scenario.name, out);
    fputs("\n\n", out);
}

static void put_first_picture(const void *of, FILE *out)
{
    const struct run *r = of;

    if (r->has_plots)
        put_picture(PICTURE_FIRST, out);
}

static void put_verdict(const struct run *r, FILE *out)
{
    char answer[RUN_ANSWER];

    run_answer(r, answer);
    fputs("**", out);
    put_text(answer, out);
    fputs("**\n\n", out);
    if (r->scenario.question[0] != '\0') {
        fputs("Question: ", out);
        put_text(r->scenario.question, out);
        fputs("\n\n", out);
    }
}

static void put_basis(const struct run *r, FILE *out)
{
    const struct scenario *s = &r->scenario;
    char from[40], to[40], span[32], builds[SHOW_CELL];

    show_value(SHOW_COUNT, estimate_total(&r->results, FIG_BUILDS).mean,
               builds);
    run_when(r, s->system.warm_up_us, from);
    run_when(r, r->results.horizon_us, to);
    run_span(r, span);
    fputs(s->trace.synthetic ? "Synthetic trace (made up, not recorded) "
                             : "Trace ",
          out);
    put_text(run_trace_name(r), out);
    fprintf(out,
            ": %s builds, %s, %s to %s. Seed %" PRIu64 ", %u replication%s",
            builds, span, from, to, r->options->seed, r->results.n_reps,
            r->results.n_reps == 1 ? "" : "s");
    if (r->results.n_reps > 1)
        fputs("; \u00b1 is the half-width of the 95 % interval of the mean",
              out);
    fputs(".\n\n", out);
}

static void put_targets(const struct run *r, FILE *out)
{
    const struct verdict *v = &r->verdict;

    if (v->n == 0)
        return;
    fputs("| target | at most | got | |\n|---|---:|---:|---|\n", out);
    for (size_t i = 0; i < v->n; i++) {
        const struct verdict_line *line = &v->lines[i];
        enum scenario_goal goal = line->target.goal;
        enum show_form form = verdict_is_wait(goal)   ? SHOW_WAIT
                              : goal == GOAL_COST_USD ? SHOW_USD
                                                      : SHOW_COUNT;
        char limit[SHOW_CELL], got[SHOW_CELL];
        show_value(form, line->target.at_most, limit);
        show_estimate(form, line->got, r->results.n_reps, got);
        fputs("| ", out);
        put_text(scenario_goal_name(goal), out);
        fprintf(out, " | %s | %s | %s%s |\n", limit, got,
                line->met ? "met" : "**missed**",
                line->close ? ", too close to call" : "");
    }
    fputc('\n', out);
}

/* ------------------------------------------------------------ table */

static void put_row(const struct run *r, const struct show_row *row,
                    const uint32_t pools[], size_t n, FILE *out)
{
    char cell[SHOW_CELL];

    fprintf(out, "| %s |", row->label);
    for (size_t i = 0; i < n; i++) {
        show_cell(row, &r->results, pools[i], cell);
        fprintf(out, " %s |", cell);
    }
    fputc('\n', out);
}

static void put_table(const struct run *r, FILE *out)
{
    uint32_t pools[SHOW_POOLS];
    size_t n = show_pools(&r->results, SHOW_POOLS, pools);

    fputs("<details><summary>All figures</summary>\n\n| |", out);
    for (size_t i = 0; i < n; i++) {
        fputc(' ', out);
        put_text(r->scenario.system.pools[pools[i]].name, out);
        fputs(" |", out);
    }
    fputs("\n|---|", out);
    for (size_t i = 0; i < n; i++)
        fputs("---:|", out);
    fputc('\n', out);
    for (size_t i = 0; i < n_show_rows; i++)
        if (show_wants(&show_rows[i], &r->results))
            put_row(r, &show_rows[i], pools, n, out);
    if (n < r->results.n_pools)
        fprintf(out, "\n" SHOW_LEFT_OUT "\n", n, r->results.n_pools);
    fputs("\n</details>\n", out);
}

/* ------------------------------------------------------------ hazards */

static void put_hazard(const struct hazard *h, FILE *out)
{
    fprintf(out, "- **%s** ", hazard_level_name(h->level));
    put_text(h->what, out);
    fputs(". ", out);
    put_text(h->advice, out);
    fputs(".\n", out);
}

static void put_hazards(const struct run *r, FILE *out)
{
    const struct hazards *h = &r->hazards;
    size_t n = h->n_level[HAZARD_ERROR] + h->n_level[HAZARD_WARNING];

    if (n == 0)
        return;
    fputs("\n## Hazards in the configuration\n\n", out);
    for (size_t i = 0; i < n && i < REPORT_HAZARDS; i++)
        put_hazard(&h->at[i], out);
    if (n > REPORT_HAZARDS)
        fprintf(out, "- and %zu more: see `drydock check`\n",
                n - REPORT_HAZARDS);
}

/* ------------------------------------------------------------ the whole */

static void put_answer(const void *of, FILE *out)
{
    put_verdict(of, out);
    put_basis(of, out);
    put_targets(of, out);
}

static void put_rest(const void *of, FILE *out)
{
    const struct run *r = of;

    put_table(r, out);
    if (r->has_plots)
        put_pictures(out);
    put_hazards(r, out);
    out_measured(r, out);
    fputs(
        "\nWaits count from a build's first dial, over all its retries, until "
        "it holds a slot or gives up; at least p percent of them are no "
        "longer than their p-th percentile. The "
        "lower bound is the price of nodes for the demand of an endless "
        "pool; no setting without waiting can be cheaper. "
        "Every build and every change of state is in `builds.csv` and "
        "`timeline.csv`.\n",
        out);
}

static void put_numbers(const void *of, FILE *out)
{
    out_summary(of, out);
}

struct report out_report(const struct run *r)
{
    bool asked = r->verdict.n > 0;

    return (struct report){
        .name = r->scenario.name,
        .tone = !asked           ? TONE_PLAIN
                : r->verdict.met ? TONE_GOOD
                                 : TONE_BAD,
        .of = r,
        .title = put_title,
        .picture = put_first_picture,
        .answer = put_answer,
        .rest = put_rest,
        .numbers = put_numbers,
        .folder = r->options->out,
        .sides = {{"", r}},
        .n_sides = 1,
    };
}

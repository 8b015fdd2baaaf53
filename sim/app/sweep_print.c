/* sweep_print.c - the answer and the table of `drydock sweep`. */
#include "scenarios/params.h"
#include "sim/app/show.h"
#include "sim/app/sweep_out.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ALL_SETTINGS = 24, /* so many are few */
    MOST_ROWS = 48     /* of a front: the cheapest, today's, and the answer */
};

static const struct {
    size_t metric;
    enum show_form form;
    const char *head;
} columns[] = {
    {GOAL_COST_USD, SHOW_USD, "cost"},
    {GOAL_P95_WAIT, SHOW_WAIT, "p95 wait"},
    {GOAL_GAVE_UP, SHOW_COUNT, "gave up"},
    {GOAL_KILLED, SHOW_COUNT, "killed"},
    {SWEEP_REGRETTED, SHOW_NUMBER, "regretted a day"},
};
enum { FIGURES = sizeof columns / sizeof *columns };

static void print_plain(FILE *out, const char *text)
{
    char plain[SWEEP_ANSWER];

    text_plain(text, plain, sizeof plain);
    fprintf(out, "%s\n", plain);
}

/* ------------------------------------------------------------ the answer */

/* "amd64.max_replicas=64, hpa.sync_period=30s"; cut if it is too long. */
static void name_setting(const struct sweep_job *j, size_t setting, char *out,
                         size_t size)
{
    const struct sweep *s = &j->sweep;
    char value[SWEEP_TEXT];
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < s->n_axes && n < size; i++) {
        sweep_value(s, setting, i, value);
        n += (size_t)snprintf(out + n, size - n, "%s%s=%s", i > 0 ? ", " : "",
                              s->axes[i].key, value);
    }
}

static void cell(const struct sweep_job *j, size_t setting, size_t column,
                 char out[SHOW_CELL])
{
    struct estimate got = j->verdict.lines[setting].got[columns[column].metric];

    show_estimate(columns[column].form, got, j->sweep.n_reps, out);
}

/* What the cheapest setting that meets the targets costs, against today. */
static void answer_best(const struct sweep_job *j, char out[SWEEP_ANSWER])
{
    char name[2048], usd[SHOW_CELL], wait[SHOW_CELL], usd_now[SHOW_CELL],
        wait_now[SHOW_CELL];
    const struct sweep_verdict *v = &j->verdict;

    name_setting(j, v->best, name, sizeof name);
    cell(j, v->best, 0, usd);
    cell(j, v->best, 1, wait);
    cell(j, 0, 0, usd_now);
    cell(j, 0, 1, wait_now);
    if (v->best == 0)
        (void)snprintf(out, SWEEP_ANSWER,
                       "today's setting is the cheapest of the %zu that meet "
                       "the targets: %s, p95 wait %s",
                       v->n_meet, usd, wait);
    else
        (void)snprintf(out, SWEEP_ANSWER,
                       "%s is the cheapest of the %zu that meet the targets: "
                       "%s, p95 wait %s; today %s, p95 wait %s",
                       name, v->n_meet, usd, wait, usd_now, wait_now);
}

void sweep_answer(const struct sweep_job *j, char out[SWEEP_ANSWER])
{
    const struct sweep_verdict *v = &j->verdict;

    if (j->scenario.n_targets > 0 && v->best != SIZE_MAX)
        answer_best(j, out);
    else if (j->scenario.n_targets > 0)
        (void)snprintf(out, SWEEP_ANSWER,
                       "no: none of %zu settings meets the targets", v->n_done);
    else
        (void)snprintf(out, SWEEP_ANSWER,
                       "%zu settings side by side; the scenario has no targets "
                       "to judge them by",
                       v->n_done);
}

/* ------------------------------------------------------------ the basis */

static void print_front(const struct sweep_job *j, FILE *out)
{
    const struct sweep_verdict *v = &j->verdict;

    fprintf(out,
            "%zu of %zu settings are on the Pareto front of cost, p95 wait and "
            "regretted removals; ",
            v->n_front, v->n_done);
    if (v->lines[0].front)
        fputs("today's is one of them\n", out);
    else if (v->n_beat_today > 0)
        fprintf(out, "%zu beat%s today's\n", v->n_beat_today,
                v->n_beat_today == 1 ? "s" : "");
    else
        fputs("today's has builds that give up\n", out);
    if (v->give_ups)
        fputs("in every setting more builds give up than the targets allow\n",
              out);
}

static void print_correlation(const struct sweep_verdict *v, FILE *out)
{
    char cost[SHOW_CELL], wait[SHOW_CELL];

    show_value(SHOW_NUMBER, v->cost_corr, cost);
    show_value(SHOW_NUMBER, v->wait_corr, wait);
    fprintf(out, "correlation with today's, median: cost %s, p95 wait %s%s\n",
            cost, wait,
            fmin(v->cost_corr, v->wait_corr) < 0.2
                ? ": too little for the pairing to help"
                : "");
}

static void print_basis(const struct sweep_job *j, FILE *out)
{
    const struct sweep *s = &j->sweep;
    char line[SWEEP_ANSWER];

    (void)snprintf(line, sizeof line,
                   "%.200s: seed %" PRIu64 ", %u replication%s a setting%s",
                   j->scenario.name, j->options->seed, s->n_reps,
                   s->n_reps == 1 ? "" : "s",
                   s->n_reps > 1 ? ", the same worlds in all" : "");
    print_plain(out, line);
    if (s->stop == STOP_PRECISE)
        fprintf(out, "stopped there: every mean cost is known to %g %%\n",
                j->within_pct);
    if (s->stop == STOP_AT_MOST)
        fprintf(out,
                "that is the most: not every mean cost is known to %g %%\n",
                j->within_pct);
    if (s->n_reps == 1)
        fputs("one replication has no intervals: small differences mean "
              "nothing (--reps 20)\n",
              out);
    if (isfinite(j->verdict.cost_corr) && isfinite(j->verdict.wait_corr))
        print_correlation(&j->verdict, out);
    if (s->n_impossible > 0) {
        (void)snprintf(line, sizeof line,
                       "%zu setting%s left out as contradictory: %.900s",
                       s->n_impossible, s->n_impossible == 1 ? "" : "s",
                       s->impossible.msg);
        print_plain(out, line);
    }
    if (j->verdict.n_done < s->n)
        fprintf(out, "stopped early: %zu of %zu settings are done\n",
                j->verdict.n_done, s->n);
}

static void print_flat(const struct sweep_job *j, FILE *out)
{
    char line[SWEEP_ANSWER];

    for (size_t i = 0; i < j->sweep.n_axes; i++) {
        const char *key = j->sweep.axes[i].key;
        if (!sweep_is_flat(&j->sweep, i))
            continue;
        (void)snprintf(
            line, sizeof line,
            "%.300s: the outcomes are the same for every value%s", key,
            params_is_idle(&j->scenario, key) ? ", as nothing scales there"
                                              : " on this history");
        print_plain(out, line);
    }
}

/* ------------------------------------------------------------ the table */

/* Settings in the order of their cost, as the table has them. */
struct place {
    size_t setting;
    double usd;
};

static int by_cost(const void *left, const void *right)
{
    const struct place *a = left, *b = right;

    if (a->usd != b->usd)
        return a->usd < b->usd ? -1 : 1;
    return (a->setting > b->setting) - (a->setting < b->setting);
}

static size_t choose(const struct sweep_job *j, struct place *places)
{
    const struct sweep_verdict *v = &j->verdict;
    size_t n = 0;

    for (size_t i = 0; i < j->sweep.n; i++)
        if (v->lines[i].done &&
            (i == 0 || v->lines[i].front || v->n_done <= ALL_SETTINGS))
            places[n++] =
                (struct place){i, v->lines[i].got[GOAL_COST_USD].mean};
    qsort(places, n, sizeof *places, by_cost);
    for (size_t i = MOST_ROWS, all = n; i < all; i++) {
        n = i == MOST_ROWS ? MOST_ROWS : n;
        if (places[i].setting == 0 || places[i].setting == v->best)
            places[n++] = places[i];
    }
    return n;
}

static void add_remark(char out[SWEEP_TEXT], bool holds, const char *remark)
{
    size_t n = strlen(out);

    if (holds)
        (void)snprintf(out + n, SWEEP_TEXT - n, "%s%s", n > 0 ? ", " : "",
                       remark);
}

/* A column of the table: values of an axis, a figure, or the remarks. */
static void column_text(const struct sweep_job *j, size_t column,
                        size_t setting, char out[SWEEP_TEXT])
{
    const struct sweep_line *line = &j->verdict.lines[setting];
    size_t axes = j->sweep.n_axes;
    char raw[SWEEP_TEXT];

    out[0] = '\0';
    if (column < axes) {
        sweep_value(&j->sweep, setting, column, raw);
        text_plain(raw, out, SWEEP_TEXT);
    } else if (column < axes + FIGURES) {
        cell(j, setting, column - axes, out);
    } else {
        add_remark(out, setting == 0, "today");
        add_remark(out, line->front, "front");
        add_remark(out, line->beats_today, "beats today");
        add_remark(out, setting == j->verdict.best, "cheapest");
    }
}

static void column_head(const struct sweep_job *j, size_t column,
                        char out[SWEEP_TEXT])
{
    size_t axes = j->sweep.n_axes;

    if (column < axes)
        text_plain(j->sweep.axes[column].key, out, SWEEP_TEXT);
    else if (column < axes + FIGURES)
        (void)snprintf(out, SWEEP_TEXT, "%s", columns[column - axes].head);
    else
        out[0] = '\0';
}

static size_t column_width(const struct sweep_job *j, size_t column,
                           const struct place *places, size_t n)
{
    char text[SWEEP_TEXT];

    column_head(j, column, text);
    size_t most = show_width(text);

    for (size_t i = 0; i < n; i++) {
        column_text(j, column, places[i].setting, text);
        size_t width = show_width(text);
        most = width > most ? width : most;
    }
    return most;
}

/* Row 0 is the head; the remarks stand left, everything else right. */
static void print_rows(const struct sweep_job *j, const struct place *places,
                       size_t n, FILE *out)
{
    size_t n_columns = j->sweep.n_axes + FIGURES + 1;
    size_t widths[SWEEP_AXES + FIGURES + 1];
    char text[SWEEP_TEXT];

    for (size_t c = 0; c < n_columns; c++)
        widths[c] = column_width(j, c, places, n);
    for (size_t i = 0; i <= n; i++) {
        for (size_t c = 0; c < n_columns; c++) {
            if (i == 0)
                column_head(j, c, text);
            else
                column_text(j, c, places[i - 1].setting, text);
            if (c + 1 < n_columns)
                show_padded(out, text, widths[c] + 2 * (c > 0), true);
            else if (text[0] != '\0')
                fprintf(out, "  %s", text);
        }
        fputc('\n', out);
    }
}

void sweep_print(const struct sweep_job *j, FILE *out)
{
    struct place *places = mem_array(j->sweep.n, sizeof *places);
    char answer[SWEEP_ANSWER];
    size_t n = choose(j, places);

    sweep_answer(j, answer);
    print_plain(out, answer);
    print_front(j, out);
    print_basis(j, out);
    print_flat(j, out);
    fputc('\n', out);
    print_rows(j, places, n, out);
    if (n < j->verdict.n_done)
        fprintf(out,
                "\nand %zu settings more; --output DIR writes all of them to "
                "sweep.csv\n",
                j->verdict.n_done - n);
    free(places);
}

/* sweep_csv.c - sweep.csv. A single replication has no half-widths and no
 * correlation: these fields are empty then.
 */
#include "sim/app/sweep_out.h"
#include "sim/base/text.h"

#include <inttypes.h>
#include <math.h>

static const struct {
    size_t metric;
    const char *name;
} columns[] = {
    {GOAL_COST_USD, "cost_usd"},
    {GOAL_P95_WAIT, "p95_wait_s"},
    {GOAL_MEAN_WAIT, "mean_wait_s"},
    {GOAL_GAVE_UP, "gave_up"},
    {GOAL_KILLED, "killed"},
    {SWEEP_REGRETTED, "regretted_removals_per_day"},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void put_head(const struct sweep *s, FILE *out)
{
    for (size_t i = 0; i < s->n_axes; i++) {
        text_csv(out, s->axes[i].key);
        fputc(',', out);
    }
    fputs("today,front,meets_targets,beats_today,seed,replications", out);
    for (size_t i = 0; i < COLUMNS; i++)
        fprintf(out, ",%s,%s_half_width", columns[i].name, columns[i].name);
    for (size_t i = 0; i < COLUMNS; i++)
        fprintf(out, ",%s_less_today,%s_less_today_half_width", columns[i].name,
                columns[i].name);
    fputs(",cost_correlation,p95_wait_correlation\n", out);
}

static void put_number(FILE *out, double x, bool known)
{
    if (known && isfinite(x))
        fprintf(out, ",%.9g", x);
    else
        fputc(',', out);
}

static void put_line(const struct sweep_job *j, size_t i, FILE *out)
{
    const struct sweep_line *line = &j->verdict.lines[i];
    bool many = j->sweep.n_reps > 1;

    fprintf(out, "%d,%d,%d,%d,%" PRIu64 ",%u", i == 0, line->front, line->meets,
            line->beats_today, j->options->seed, j->sweep.n_reps);
    for (size_t c = 0; c < COLUMNS; c++) {
        put_number(out, line->got[columns[c].metric].mean, true);
        put_number(out, line->got[columns[c].metric].half_width, many);
    }
    for (size_t c = 0; c < COLUMNS; c++) {
        put_number(out, line->off[columns[c].metric].mean, true);
        put_number(out, line->off[columns[c].metric].half_width, many);
    }
    put_number(out, line->off[GOAL_COST_USD].correlation, true);
    put_number(out, line->off[GOAL_P95_WAIT].correlation, true);
    fputc('\n', out);
}

void sweep_csv(const struct sweep_job *j, FILE *out)
{
    const struct sweep *s = &j->sweep;
    char value[SWEEP_TEXT];

    put_head(s, out);
    for (size_t i = 0; i < s->n; i++) {
        if (!j->verdict.lines[i].done)
            continue;
        for (size_t axis = 0; axis < s->n_axes; axis++) {
            sweep_value(s, i, axis, value);
            text_csv(out, value);
            fputc(',', out);
        }
        put_line(j, i, out);
    }
}

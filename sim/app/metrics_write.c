/* metrics_write.c - OpenMetrics text, version 1.0. */
#include "sim/app/metrics.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

sim_us metrics_at_us(const struct metrics *m, uint32_t tick)
{
    sim_us at_us = tick * m->scenario->scrape.interval_us;

    return at_us +
           (m->scenario->trace.absolute ? m->scenario->trace.origin_us : 0);
}

/* The family of a counter is named without its ending. */
static void put_head(enum metric row, FILE *out)
{
    const struct metric_row *r = metric_row(row);
    int n = (int)strlen(r->name) - (metric_is_counter(row) ? 6 : 0);

    fprintf(out, "# TYPE %.*s %s\n# HELP %.*s %s.\n", n, r->name,
            metric_is_counter(row) ? "counter" : "gauge", n, r->name, r->help);
}

static void put_value(double value, FILE *out)
{
    if (value == floor(value) && fabs(value) < 1e15)
        fprintf(out, "%" PRId64, (int64_t)value);
    else
        fprintf(out, "%.17g", value);
}

static void put_time(sim_us at_us, FILE *out)
{
    if (at_us % US_PER_S == 0)
        fprintf(out, " %" PRId64 "\n", at_us / US_PER_S);
    else
        fprintf(out, " %.6f\n", s_from_us(at_us));
}

static void put_series(struct metrics *m, uint32_t series, FILE *out)
{
    const struct history_series *s = &m->history.series[series];
    const char *name = metric_row((enum metric)s->family)->name;
    struct history_reader r;
    struct history_run run;

    history_read(&m->history, series, &r);
    while (history_next(&r, &run))
        for (uint32_t i = 0; i < run.n; i++) {
            fputs(name, out);
            if (s->labels[0])
                fprintf(out, "{%s}", s->labels);
            putc(' ', out);
            put_value(run.value, out);
            put_time(metrics_at_us(m, run.first + i), out);
        }
}

void metrics_write(struct metrics *m, FILE *out)
{
    const char *before = "";

    for (unsigned row = 0; row < METRICS; row++) {
        uint32_t series = m->history.first_of[row];
        const char *name = metric_row((enum metric)row)->name;
        if (series == NO_INDEX)
            continue;
        if (strcmp(name, before) != 0)
            put_head((enum metric)row, out);
        before = name;
        for (; series != NO_INDEX;
             series = m->history.series[series].next_of_family)
            put_series(m, series, out);
    }
    fputs("# EOF\n", out);
}

/* alert_engine.c - a unit test without expectations; its failures tell. */
#include "sim/app/alert_engine.h"

#include "sim/base/file.h"
#include "sim/base/program.h"
#include "sim/base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT_S = 600 };
#define US_PER_WEEK (7 * US_PER_DAY)

/* ------------------------------------------------------------ the clock */

static bool asks_for(const struct alert_rules *r, const char *const words[],
                     size_t n_words)
{
    for (size_t i = 0; i < r->n; i++)
        for (size_t k = 0; k < n_words; k++)
            if (strstr(r->rules[i].expr, words[k]))
                return true;
    return false;
}

bool alert_engine_misdates(const struct alert_rules *r)
{
    static const char *const words[] = {
        "time()",        "timestamp(", "day_of_month(", "day_of_year(",
        "days_in_month", "month(",     "year("};

    return asks_for(r, words, sizeof words / sizeof *words);
}

/* 1970 began on a Thursday, at midnight: so does the week here. */
static sim_us lead_of(const struct alert_rules *r, const struct metrics *m)
{
    static const char *const words[] = {"hour(", "minute(", "day_of_week("};
    sim_us step_us = m->scenario->scrape.interval_us;

    if (!asks_for(r, words, sizeof words / sizeof *words))
        return 0;
    sim_us lead_us = metrics_at_us(m, 0) % US_PER_WEEK;
    return (lead_us < 0 ? lead_us + US_PER_WEEK : lead_us) / step_us * step_us;
}

/* ------------------------------------------------------------ the test */

/* n instants without a sample; promtool's _xN. */
static void put_gap(uint32_t n, FILE *out)
{
    if (n > 0)
        fprintf(out, "_x%u ", n);
}

/* A series that is no longer scraped is stale at once, as in truth. */
static void put_absence(uint32_t n, FILE *out)
{
    if (n == 0)
        return;
    fputs("stale ", out);
    put_gap(n - 1, out);
}

/* n times the same value; VxN is one V and N more. */
static void put_run(const struct history_run *run, FILE *out)
{
    if (run->value == floor(run->value) && fabs(run->value) < 1e15)
        fprintf(out, "%" PRId64, (int64_t)run->value);
    else
        fprintf(out, "%.17g", run->value);
    if (run->n > 1)
        fprintf(out, "x%u", run->n - 1);
    putc(' ', out);
}

static void put_series(struct metrics *m, uint32_t series, uint32_t lead,
                       FILE *out)
{
    const struct history_series *s = &m->history.series[series];
    struct history_reader r;
    struct history_run run;
    uint32_t next = 0;
    bool seen = false;

    fputs("{\"series\":", out);
    size_t size = strlen(s->labels) + 128;
    char *name = mem_array(size, 1);
    (void)snprintf(name, size, "%s{%s}",
                   metric_row((enum metric)s->family)->name, s->labels);
    text_json(out, name);
    free(name);
    fputs(",\"values\":\"", out);
    put_gap(lead, out);
    for (history_read(&m->history, series, &r); history_next(&r, &run);) {
        if (seen)
            put_absence(run.first - next, out);
        else
            put_gap(run.first, out);
        put_run(&run, out);
        next = run.first + run.n;
        seen = true;
    }
    if (next < m->n_ticks)
        put_absence(1, out);
    fputs("\"}", out);
}

static void put_input(struct metrics *m, uint32_t lead, FILE *out)
{
    for (size_t i = 0; i < m->history.n_series; i++) {
        if (i > 0)
            fputs(",\n", out);
        put_series(m, (uint32_t)i, lead, out);
    }
}

/* Asked at every evaluation of the history, which lasts until the last scrape.
 */
static void put_questions(const struct metrics *m, sim_us interval_us,
                          sim_us lead_us, FILE *out)
{
    sim_us end_us =
        lead_us + (sim_us)(m->n_ticks - 1) * m->scenario->scrape.interval_us;
    sim_us first_us = (lead_us + interval_us - 1) / interval_us * interval_us;
    const char *comma = "";

    for (sim_us at_us = first_us; at_us <= end_us; at_us += interval_us) {
        fprintf(out,
                "%s{\"expr\":\"ALERTS{alertstate='firing'}\",\"eval_time\":\""
                "%" PRId64 "ms\"}",
                comma, at_us / US_PER_MS);
        comma = ",\n";
    }
}

static int write_test(struct metrics *m, sim_us interval_us, sim_us lead_us,
                      const char *folder, struct err *e)
{
    sim_us step_us = m->scenario->scrape.interval_us;
    struct sink sink;
    int rc = sink_open_in(&sink, folder, "test.yml", e);

    if (rc != ERR_OK)
        return rc;
    fprintf(sink.out,
            "{\"rule_files\":[\"rules.yml\"],\"evaluation_interval\":\"%" PRId64
            "ms\",\"tests\":[{\"interval\":\"%" PRId64
            "ms\",\n\"input_series\":[",
            interval_us / US_PER_MS, step_us / US_PER_MS);
    put_input(m, (uint32_t)(lead_us / step_us), sink.out);
    fputs("],\n\"promql_expr_test\":[", sink.out);
    put_questions(m, interval_us, lead_us, sink.out);
    fputs("]}]}\n", sink.out);
    return sink_end(&sink, metrics_check(m, e), e);
}

static int write_rules(const struct alert_rules *r, const char *folder,
                       struct err *e)
{
    struct sink sink;
    int rc = sink_open_in(&sink, folder, "rules.yml", e);

    if (rc == ERR_OK)
        alert_rules_write(r, sink.out);
    return sink_end(&sink, rc, e);
}

/* ------------------------------------------------------------ promtool */

/* The first line of promtool's that says what is wrong. */
static int complain(const struct alert_rules *r, FILE *said, struct err *e)
{
    char line[512] = "";

    while (fgets(line, sizeof line, said)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] && !strstr(line, "FAILED") && !strstr(line, "Checking") &&
            !strstr(line, "Unit Testing"))
            break;
    }
    const char *text = line + strspn(line, " \t");
    if (strncmp(text, "rules.yml: ", 11) == 0)
        text += 11;
    return err_set(e, ERR_INPUT, "%s: promtool: %s", r->file.path, text);
}

static int promtool(const char *path, const char *what, const char *file,
                    const char *folder, FILE *said, struct err *e)
{
    char *const argv[] = {(char *)"promtool", (char *)what, (char *)"rules",
                          (char *)file, NULL};

    return program_run(path, argv, folder, LIMIT_S, said, e);
}

static int check_rules(const struct alert_rules *r, const char *path,
                       const char *folder, struct err *e)
{
    FILE *said = scratch_open(folder, e);

    if (!said)
        return ERR_IO;
    int rc = promtool(path, "check", "rules.yml", folder, said, e);
    if (rc > 0)
        rc = complain(r, said, e);
    fclose(said);
    return rc;
}

/* Who is asked, about what, and where the files are. */
struct inquiry {
    const struct alert_rules *rules;
    struct metrics *metrics;
    const char *promtool, *folder;
};

static int ask(struct alert_spells *out, const struct inquiry *q,
               sim_us interval_us, struct err *e)
{
    sim_us lead_us = lead_of(q->rules, q->metrics);
    int rc = write_test(q->metrics, interval_us, lead_us, q->folder, e);
    FILE *said = rc == ERR_OK ? scratch_open(q->folder, e) : NULL;

    if (!said)
        return rc == ERR_OK ? ERR_IO : rc;
    rc = promtool(q->promtool, "test", "test.yml", q->folder, said, e);
    if (rc >= 0)
        rc = alert_engine_read(out, said, interval_us, lead_us, e);
    if (rc != ERR_OK && e->msg[0])
        err_prefix(e, q->rules->file.path, 0);
    fclose(said);
    return rc;
}

/* Whether a rule before this one has its interval. */
static bool is_asked(const struct alert_rules *r, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (!r->rules[k].records &&
            r->rules[k].interval_us == r->rules[i].interval_us)
            return true;
    return r->rules[i].records;
}

/* Each evaluation has all groups; those of another interval are left out of
 * what it tells.
 */
static void keep_own(struct alert_spells *s, size_t from,
                     const struct alert_rules *r, sim_us interval_us)
{
    size_t kept = from;

    for (size_t i = from; i < s->n; i++) {
        const char *name = strings_at(&s->strings, s->at[i].alert);
        bool own = false;
        for (size_t k = 0; k < r->n; k++)
            own = own || (!r->rules[k].records &&
                          r->rules[k].interval_us == interval_us &&
                          strcmp(r->rules[k].name, name) == 0);
        if (own)
            s->at[kept++] = s->at[i];
    }
    s->n = kept;
}

int alert_engine_run(struct alert_spells *out, const struct alert_rules *r,
                     struct metrics *m, const char *folder, struct err *e)
{
    char *path = program_find("promtool");

    if (!path)
        return err_set(e, ERR_IO,
                       "no promtool: install the package prometheus "
                       "(apt-get install --no-install-recommends prometheus)");
    const struct inquiry q = {r, m, path, folder};
    int rc = write_rules(r, folder, e);
    if (rc == ERR_OK)
        rc = check_rules(r, path, folder, e);
    for (size_t i = 0; i < r->n && rc == ERR_OK && m->n_ticks > 0; i++) {
        size_t had = out->n;
        if (is_asked(r, i))
            continue;
        rc = ask(out, &q, r->rules[i].interval_us, e);
        keep_own(out, had, r, r->rules[i].interval_us);
    }
    free(path);
    return rc;
}

void alert_spells_free(struct alert_spells *s)
{
    free(s->at);
    strings_free(&s->strings);
    *s = (struct alert_spells){0};
}

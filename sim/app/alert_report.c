/* alert_report.c - promtool's report of what its unit test did not expect. */
#include "sim/app/alert_engine.h"

#include <stdlib.h>
#include <string.h>

/* A report under way. */
struct reading {
    struct alert_spells *out;
    size_t first; /* of its spells */
    sim_us at_us, interval_us, lead_us;
    struct err *err;
};

/* ------------------------------------------------------------ one sample */

/* Past a quoted text; NULL if it does not end. */
static const char *past_quotes(const char *at)
{
    if (*at++ != '"')
        return NULL;
    for (; *at != '"'; at++)
        if (!*at || (*at == '\\' && !*++at))
            return NULL;
    return at + 1;
}

/* The text between quotes, with \" and \\ resolved; others stay. */
static uint32_t unquoted(struct strings *s, const char *at, size_t n)
{
    char *text = mem_array(n + 1, 1);
    size_t k = 0;

    for (size_t i = 1; i + 1 < n; i++) {
        if (at[i] == '\\' && strchr("\"\\", at[i + 1]))
            i++;
        text[k++] = at[i];
    }
    uint32_t index = strings_add(s, text, k);
    free(text);
    return index;
}

struct labels {
    char *text; /* owned; those that stay */
    size_t n;
    uint32_t alert;
};

static void keep(struct labels *l, const char *from, const char *until)
{
    size_t n = (size_t)(until - from);

    if (l->n > 0) {
        memcpy(l->text + l->n, ", ", 2);
        l->n += 2;
    }
    memcpy(l->text + l->n, from, n);
    l->n += n;
}

static bool is_key(const char *at, size_t n, const char *key)
{
    return strlen(key) == n && strncmp(at, key, n) == 0;
}

/* One sample, `{a="1", b="2"} 1E+00`; returns where it ends, NULL if it is
 * none.
 */
static const char *read_labels(struct reading *r, const char *at,
                               struct labels *l)
{
    if (*at++ != '{')
        return NULL;
    while (*at != '}') {
        size_t n = strcspn(at, "=\"}");
        const char *value = at + n + 1;
        const char *end = at[n] == '=' ? past_quotes(value) : NULL;
        if (!end)
            return NULL;
        if (is_key(at, n, "alertname"))
            l->alert = unquoted(&r->out->strings, value, (size_t)(end - value));
        else if (!is_key(at, n, "__name__") && !is_key(at, n, "alertstate"))
            keep(l, at, end);
        at = end + strspn(end, ", ");
    }
    return at + 1;
}

/* ------------------------------------------------------------ spells */

static void fires(struct reading *r, uint32_t alert, uint32_t labels)
{
    struct alert_spells *s = r->out;

    for (size_t i = s->n; i > r->first; i--) {
        struct alert_spell *x = &s->at[i - 1];
        if (x->alert != alert || x->labels != labels)
            continue;
        if (x->until_us != r->at_us)
            break;
        x->until_us += r->interval_us;
        return;
    }
    s->at = mem_grow(s->at, &s->cap, s->n + 1, sizeof *s->at);
    s->at[s->n++] = (struct alert_spell){
        .alert = alert,
        .labels = labels,
        .from_us = r->at_us,
        .until_us = r->at_us + r->interval_us,
    };
}

static int read_samples(struct reading *r, const char *line)
{
    const char *at = line;
    struct labels l = {.text = mem_array(strlen(line) + 2, 1)};
    int rc = ERR_OK;

    while (*at && rc == ERR_OK) {
        l.n = 0;
        l.alert = 0;
        at = read_labels(r, at, &l);
        if (!at || l.alert == 0) {
            rc = err_set(r->err, ERR_IO,
                         "promtool's report is not understood: "
                         "%.200s",
                         line);
            break;
        }
        fires(r, l.alert, strings_add(&r->out->strings, l.text, l.n));
        at += strcspn(at, "{"); /* past the value and a comma */
    }
    free(l.text);
    return rc;
}

/* ------------------------------------------------------------ lines */

static const char *after(const char *line, const char *words)
{
    const char *at = line + strspn(line, " ");
    size_t n = strlen(words);

    return strncmp(at, words, n) == 0 ? at + n : NULL;
}

/* Whole weeks have a unit that durations elsewhere do not; so have years. */
static int prometheus_duration(const char *text, sim_us *out, struct err *e)
{
    size_t n = strspn(text, "0123456789");
    bool weeks = n > 0 && strcmp(text + n, "w") == 0;
    bool years = n > 0 && strcmp(text + n, "y") == 0;

    if (!weeks && !years)
        return duration_parse(text, out, e);
    *out = strtoll(text, NULL, 10) * (weeks ? 7 : 365) * US_PER_DAY;
    return ERR_OK;
}

static int read_time(struct reading *r, const char *text)
{
    char copy[64];
    size_t n = strcspn(text, ",");
    sim_us at_us;

    if (n >= sizeof copy)
        n = sizeof copy - 1;
    memcpy(copy, text, n);
    copy[n] = '\0';
    int rc = prometheus_duration(copy, &at_us, r->err);
    if (rc == ERR_OK)
        r->at_us = at_us - r->lead_us;
    return rc;
}

static int read_line(struct reading *r, const char *line)
{
    const char *rest;

    if ((rest = after(line, "expr: \"ALERTS")))
        return read_time(r, strstr(rest, "time: ") ? strstr(rest, "time: ") + 6
                                                   : "");
    if ((rest = after(line, "got: ")))
        return read_samples(r, rest);
    if (line[strspn(line, " ")] == '\0' || after(line, "Unit Testing") ||
        after(line, "FAILED:") || after(line, "SUCCESS") ||
        after(line, "exp: nil"))
        return ERR_OK;
    return err_set(r->err, ERR_INPUT, "promtool: %.400s",
                   line + strspn(line, " "));
}

int alert_engine_read(struct alert_spells *out, FILE *report,
                      sim_us interval_us, sim_us lead_us, struct err *e)
{
    struct reading r = {.out = out,
                        .first = out->n,
                        .interval_us = interval_us,
                        .lead_us = lead_us,
                        .err = e};
    char *line = NULL;
    size_t size = 0;
    int rc = ERR_OK;

    strings_add(&out->strings, "", 0);
    while (rc == ERR_OK && getline(&line, &size, report) >= 0) {
        line[strcspn(line, "\n")] = '\0';
        rc = read_line(&r, line);
    }
    free(line);
    return rc;
}

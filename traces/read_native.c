#include "traces/readers.h"

#include <string.h>

enum native_column {
    NATIVE_BUILD,
    NATIVE_RUN,
    NATIVE_POOL,
    NATIVE_ASKED,
    NATIVE_WORK,
    NATIVE_OUTCOME,
    NATIVE_LEAVES,
    NATIVE_CALLER,
    NATIVE_NAME,
    N_NATIVE
};

static const char *const native_columns[N_NATIVE] = {
    "build",   "run",       "pool",   "asked_at", "work_s",
    "outcome", "leaves_at", "caller", "name"};

/* One file being read. */
struct native {
    struct record *r;
    struct jobs *j;
    struct err *e;
    uint32_t column[N_NATIVE]; /* NO_INDEX if there is none */
    uint32_t where[WHERE_MAX]; /* of each filter, or NO_INDEX */
    size_t n_columns;
    bool has_times; /* trace.absolute is decided */
};

bool native_is_header(const struct record *r)
{
    static const int needed[] = {NATIVE_BUILD, NATIVE_POOL, NATIVE_ASKED,
                                 NATIVE_WORK};

    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        const char *name = native_columns[needed[i]];

        if (record_find(r, name, strlen(name)) == NO_INDEX)
            return false;
    }
    return true;
}

/* Steps over text if v begins with it. */
static bool skip_text(struct slice *v, const char *text)
{
    size_t n = strlen(text);

    if (v->n < n || memcmp(v->s, text, n) != 0)
        return false;
    v->s += n;
    v->n -= n;
    return true;
}

/* "instant seconds", or "0 seconds" for a relative trace. */
static bool read_window(struct trace *t, struct slice v)
{
    const char *blank = memchr(v.s, ' ', v.n);
    sim_us from_us = 0, span_us;

    if (!blank)
        return false;
    struct slice from = {v.s, (size_t)(blank - v.s)};
    struct slice span = {blank + 1, v.n - from.n - 1};

    if (!value_is(from, "0") && !value_timestamp(from, &from_us))
        return false;
    if (!value_seconds(span, &span_us) || span_us <= 0)
        return false;
    t->absolute = !value_is(from, "0");
    t->origin_us = from_us;
    t->span_us = span_us;
    return true;
}

int native_read_comment(struct jobs *j, struct slice line,
                        const struct input *in, struct err *e)
{
    if (skip_text(&line, "# drydock trace, synthetic"))
        j->trace->synthetic = true;
    if (!skip_text(&line, "# window: "))
        return ERR_OK;
    if (!read_window(j->trace, line))
        return input_fail(in, in->line - 1, e,
                          "write \"# window: \", then the first instant, or 0, "
                          "and the length in seconds");
    j->has_window = true;
    return ERR_OK;
}

static struct slice at_column(const struct native *n, uint32_t column)
{
    return column == NO_INDEX ? (struct slice){NULL, 0} : n->r->fields[column];
}

/* A quote is written before a text that a spreadsheet would run. */
static struct slice text_at(const struct native *n, enum native_column c)
{
    struct slice v = at_column(n, n->column[c]);
    size_t quotes = 0;

    while (quotes < v.n && v.s[quotes] == '\'')
        quotes++;
    if (quotes > 0 && quotes < v.n && v.s[quotes] != '\0' &&
        strchr("=+-@", v.s[quotes])) {
        v.s++;
        v.n--;
    }
    return v;
}

static int refuse(const struct native *n, enum native_column c,
                  const char *what)
{
    struct slice v = at_column(n, n->column[c]);

    return input_fail(n->r->in, n->r->line, n->e, "%s \"%.*s\" %s",
                      native_columns[c], (int)(v.n < 60 ? v.n : 60),
                      v.s ? v.s : "", what);
}

/* The first time of a file decides whether its times are instants or seconds.
 */
static int read_time(struct native *n, enum native_column c, sim_us *us)
{
    struct trace *t = n->j->trace;
    struct slice v = at_column(n, n->column[c]);
    bool relative = value_seconds(v, us);

    if (!relative && !value_timestamp(v, us))
        return refuse(n, c,
                      "is not a time; write 2026-06-09T17:02:11Z, or seconds "
                      "from the start of the trace");
    if (relative && *us < 0)
        return refuse(n, c, "is before the start of the trace");
    if (relative && *us >= (c == NATIVE_ASKED ? UNIX_ERA_US : LATEST_US))
        return refuse(n, c,
                      "is more than 31 years from the start; write a Unix time "
                      "like 2026-06-09T17:02:11Z");
    if (n->has_times && relative == t->absolute)
        return refuse(n, c,
                      "is of another kind than the times before it: instants "
                      "and seconds do not mix");
    n->has_times = true;
    t->absolute = !relative;
    *us -= t->origin_us;
    return ERR_OK;
}

/* Empty: not known. ">N": at least N. */
static int read_work(struct native *n, struct trace_build *b)
{
    struct slice v = at_column(n, n->column[NATIVE_WORK]);

    if (value_is_null(v)) {
        b->censored = true;
        return ERR_OK;
    }
    b->censored = skip_text(&v, ">");
    if (!value_length(v, &b->work_us))
        return refuse(n, NATIVE_WORK,
                      "is not a number of seconds from 0 on; write >N for at "
                      "least N, or nothing if it is not known");
    return ERR_OK;
}

static int read_outcome(struct native *n, struct trace_build *b)
{
    struct slice v = at_column(n, n->column[NATIVE_OUTCOME]);
    struct slice leaves = at_column(n, n->column[NATIVE_LEAVES]);

    b->leaves_us = SIM_NEVER;
    if (value_is(v, "error"))
        b->outcome = TRACE_ERROR;
    else if (value_is(v, "cancelled"))
        b->outcome = TRACE_CANCELLED;
    else if (!value_is_null(v) && !value_is(v, "ok"))
        return refuse(n, NATIVE_OUTCOME, "is not ok, error or cancelled");
    if (b->outcome != TRACE_CANCELLED)
        return value_is_null(leaves)
                   ? ERR_OK
                   : refuse(n, NATIVE_LEAVES, "needs the outcome cancelled");
    int rc = read_time(n, NATIVE_LEAVES, &b->leaves_us);
    if (rc == ERR_OK && b->leaves_us < b->asked_us)
        return refuse(n, NATIVE_LEAVES, "is before asked_at");
    return rc;
}

static int read_texts(struct native *n, struct trace_build *b)
{
    struct strings *s = &n->j->trace->strings;
    uint32_t *const texts[N_NATIVE] = {
        [NATIVE_BUILD] = &b->id,  [NATIVE_RUN] = &b->run,
        [NATIVE_POOL] = &b->pool, [NATIVE_CALLER] = &b->caller,
        [NATIVE_NAME] = &b->name,
    };

    for (int c = 0; c < N_NATIVE; c++)
        if (texts[c] && n->column[c] != NO_INDEX) {
            struct slice v = text_at(n, (enum native_column)c);

            *texts[c] = strings_add(s, v.s, v.n);
        }
    if (b->id == 0)
        return refuse(n, NATIVE_BUILD, "must not be empty");
    if (b->pool == 0)
        return refuse(n, NATIVE_POOL, "must not be empty");
    if (b->run == 0)
        b->run = b->id;
    if (!jobs_is_new(n->j, b->id))
        return refuse(n, NATIVE_BUILD, "is there twice");
    return ERR_OK;
}

static void count(struct native *n, const struct trace_build *b)
{
    struct import_report *report = n->j->report;
    sim_us end_us = b->asked_us + b->work_us;

    report->censored += b->censored && b->outcome != TRACE_CANCELLED;
    report->out_of_order += b->asked_us < n->j->previous_us;
    n->j->previous_us = b->asked_us;
    if (b->leaves_us < end_us)
        end_us = b->leaves_us;
    jobs_saw(n->j, end_us);
}

static int read_build(struct native *n)
{
    struct trace_build b = {.asked_us = 0};
    int rc = read_time(n, NATIVE_ASKED, &b.asked_us);

    if (rc == ERR_OK)
        rc = read_work(n, &b);
    if (rc == ERR_OK)
        rc = read_outcome(n, &b);
    if (rc == ERR_OK)
        rc = read_texts(n, &b);
    if (rc != ERR_OK)
        return rc;
    count(n, &b);
    trace_add(n->j->trace, &b);
    return ERR_OK;
}

static int read_row(struct native *n)
{
    struct slice values[WHERE_MAX];
    struct import_report *report = n->j->report;

    if (n->r->n != n->n_columns)
        return input_fail(n->r->in, n->r->line, n->e,
                          "%zu fields, but the header has %zu", n->r->n,
                          n->n_columns);
    report->rows++;
    for (size_t i = 0; i < n->j->where.n; i++)
        values[i] = at_column(n, n->where[i]);
    if (where_keeps(&n->j->where, values))
        return read_build(n);
    report->filtered++;
    return ERR_OK;
}

static void find_columns(struct native *n)
{
    for (int c = 0; c < N_NATIVE; c++)
        n->column[c] =
            record_find(n->r, native_columns[c], strlen(native_columns[c]));
    for (size_t i = 0; i < n->j->where.n; i++) {
        struct slice name = n->j->where.clauses[i].field;

        n->where[i] = record_find(n->r, name.s, name.n);
    }
    n->n_columns = n->r->n;
}

int read_native(struct record *r, struct jobs *j, struct err *e)
{
    struct native n = {.r = r, .j = j, .e = e, .has_times = j->has_window};
    int rc;

    find_columns(&n);
    while ((rc = record_next(r, e)) > 0) {
        rc = read_row(&n);
        if (rc != ERR_OK)
            return rc;
    }
    if (rc == ERR_OK && !j->has_window)
        j->trace->span_us = j->latest_us;
    return rc;
}

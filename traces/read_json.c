#include "traces/json_split.h"
#include "traces/pages.h"
#include "traces/readers.h"
#include "traces/steps.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCRATCH = 32 }; /* bytes of a printed number */

/* One file being read. The slices of a row point into its object, into
 * numbers, or into labels.
 */
struct json_reader {
    struct input *in;
    struct jobs *j;
    struct err *e;
    struct pages pages;
    unsigned long line; /* where the present outermost object begins */
    struct job_row row;
    char fields[N_JOB_FIELDS][SCRATCH];
    char filters[WHERE_MAX][SCRATCH];
    char *labels; /* owned */
    size_t cap_labels;
};

static struct slice text_of(const char *text)
{
    return (struct slice){text, strlen(text)};
}

/* A member as text; a null is there and empty. Numbers are printed into
 * scratch; arrays and objects have no text.
 */
static struct slice member_text(const json_t *value, char scratch[SCRATCH])
{
    switch (value ? (int)json_typeof(value) : -1) {
    case JSON_STRING:
        return (struct slice){json_string_value(value),
                              json_string_length(value)};
    case JSON_INTEGER:
        snprintf(scratch, SCRATCH, "%" JSON_INTEGER_FORMAT,
                 json_integer_value(value));
        return text_of(scratch);
    case JSON_REAL:
        snprintf(scratch, SCRATCH, "%.17g", json_real_value(value));
        return text_of(scratch);
    case JSON_TRUE:
        return text_of("true");
    case JSON_FALSE:
        return text_of("false");
    case JSON_NULL:
        return text_of("");
    default:
        return (struct slice){NULL, 0};
    }
}

static void append_label(struct json_reader *r, size_t *n, const char *text,
                         size_t length)
{
    r->labels = mem_grow(r->labels, &r->cap_labels, *n + length + 1, 1);
    memcpy(r->labels + *n, text, length);
    *n += length;
    r->labels[(*n)++] = ',';
}

/* Labels as "a,b,"; an empty array is there and empty. */
static struct slice join_labels(struct json_reader *r, const json_t *labels)
{
    size_t n = 0;
    size_t i;
    json_t *label;

    json_array_foreach(labels, i, label)
    {
        if (json_is_string(label))
            append_label(r, &n, json_string_value(label),
                         json_string_length(label));
    }
    return n > 0 ? (struct slice){r->labels, n - 1} : text_of("");
}

/* The build step, unless the row has columns for it. */
static void find_step(struct json_reader *r, const json_t *steps)
{
    char scratch[SCRATCH];
    size_t i;
    json_t *step;

    json_array_foreach(steps, i, step)
    {
        struct slice name = member_text(json_object_get(step, "name"), scratch);
        const json_t *conclusion = json_object_get(step, "conclusion");

        if (!json_is_object(step) || !steps_is_build(name) ||
            value_is(member_text(conclusion, scratch), "skipped"))
            continue;
        r->row.f[JOB_STEP_STARTED] = member_text(
            json_object_get(step, "started_at"), r->fields[JOB_STEP_STARTED]);
        r->row.f[JOB_STEP_COMPLETED] =
            member_text(json_object_get(step, "completed_at"),
                        r->fields[JOB_STEP_COMPLETED]);
    }
}

static void fill_fields(struct json_reader *r, const json_t *job)
{
    struct slice *f = r->row.f;

    for (size_t i = 0; i < n_job_aliases; i++) {
        enum job_field field = job_aliases[i].field;
        const json_t *value = json_object_get(job, job_aliases[i].column);

        if (field >= N_JOB_COLUMNS || f[field].s || !value)
            continue;
        if (field == JOB_LABELS && json_is_array(value))
            f[field] = join_labels(r, value);
        else if (field != JOB_STEPS || json_is_string(value))
            f[field] = member_text(value, r->fields[field]);
    }
    if (!f[JOB_STEP_STARTED].s)
        find_step(r, json_object_get(job, "steps"));
}

/* Members that the user's options name. */
static void fill_options(struct json_reader *r, const json_t *job)
{
    const struct jobs *j = r->j;
    const char *work = j->options->work_column;
    char name[128];

    if (work)
        r->row.f[JOB_WORK] =
            member_text(json_object_get(job, work), r->fields[JOB_WORK]);
    for (size_t i = 0; i < j->where.n; i++) {
        struct slice field = j->where.clauses[i].field;

        if (field.n >= sizeof name)
            continue;
        memcpy(name, field.s, field.n);
        name[field.n] = '\0';
        r->row.where[i] =
            member_text(json_object_get(job, name), r->filters[i]);
    }
}

static bool has_time(const struct slice f[])
{
    return f[JOB_CREATED].s || f[JOB_RUN_CREATED].s || f[JOB_STARTED].s ||
           f[JOB_STEP_STARTED].s;
}

static int read_job(struct json_reader *r, const json_t *job)
{
    memset(&r->row, 0, sizeof r->row);
    r->row.line = r->line;
    if (!json_is_object(job))
        return input_fail(r->in, r->line, r->e, "a job that is not an object");
    fill_fields(r, job);
    fill_options(r, job);
    if (!has_time(r->row.f))
        return input_fail(r->in, r->line, r->e,
                          "not a job: it has neither started_at nor "
                          "created_at");
    return jobs_add_row(r->j, &r->row, r->in, r->e);
}

static int read_array(struct json_reader *r, const json_t *rows)
{
    size_t i;
    json_t *row;

    json_array_foreach(rows, i, row)
    {
        int rc = read_job(r, row);

        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

/* One page of GitHub's list of jobs. */
static int read_page(struct json_reader *r, const json_t *page,
                     const json_t *jobs)
{
    char scratch[SCRATCH];
    const json_t *run = json_object_get(json_array_get(jobs, 0), "run_id");
    json_int_t total = json_integer_value(json_object_get(page, "total_count"));
    struct slice name = member_text(run, scratch);

    pages_add(&r->pages, name.s ? name.s : "", name.n,
              total > 0 ? (uint64_t)total : 0, json_array_size(jobs));
    return read_array(r, jobs);
}

/* Finds the jobs in one outermost object, however they are wrapped. */
static int read_object(struct json_reader *r, const json_t *object)
{
    const json_t *jobs = json_object_get(object, "jobs");
    const json_t *data = json_object_get(object, "data");
    const json_t *event = json_object_get(object, "workflow_job");
    const json_t *message = json_object_get(object, "message");

    if (json_is_array(jobs))
        return read_page(r, object, jobs);
    if (json_is_array(data))
        return read_array(r, data);
    if (event)
        return read_job(r, event);
    if (json_object_get(object, "workflow_runs"))
        return input_fail(r->in, r->line, r->e,
                          "a list of runs, which has no jobs; ask for the "
                          "jobs of each run");
    if (json_is_string(message) && json_object_get(object, "documentation_url"))
        return input_fail(r->in, r->line, r->e,
                          "not a job but an answer that says \"%.80s\"",
                          json_string_value(message));
    return read_job(r, object);
}

/* A zero byte is allowed in a text, which then ends there. */
static int parse(struct json_reader *r, const struct json_split *s)
{
    json_error_t why;
    json_t *object = json_loadb(s->text, s->n, JSON_ALLOW_NUL, &why);

    r->line = s->line;
    if (!object)
        return input_fail(r->in, s->line + (unsigned long)why.line - 1, r->e,
                          "not JSON: %s", why.text);
    int rc = read_object(r, object);
    json_decref(object);
    return rc;
}

int read_json(struct input *in, struct jobs *j, struct err *e)
{
    struct json_reader *r = mem_array(1, sizeof *r);
    struct json_split s = {.in = in};
    int rc;

    *r = (struct json_reader){.in = in, .j = j, .e = e};
    while ((rc = json_split_next(&s, e)) > 0) {
        rc = parse(r, &s);
        if (rc != ERR_OK)
            break;
    }
    j->report->missing_pages = pages_missing(&r->pages);
    pages_free(&r->pages);
    json_split_free(&s);
    free(r->labels);
    free(r);
    return rc;
}

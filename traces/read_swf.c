#define _GNU_SOURCE /* memmem */

#include "traces/readers.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The 18 numbers of a job that are of use here. */
enum swf_field {
    SWF_NUMBER,
    SWF_SUBMIT,
    SWF_WAIT,
    SWF_RUN,
    SWF_PROCESSORS,
    SWF_STATUS = 10,
    SWF_USER,
    SWF_GROUP,
    SWF_PROGRAM,
    SWF_QUEUE,
    SWF_PARTITION,
    N_SWF = 18
};

static const char *const swf_names[N_SWF] = {[SWF_NUMBER] = "number",
                                             [SWF_SUBMIT] = "submit",
                                             [SWF_WAIT] = "wait",
                                             [SWF_RUN] = "run_time",
                                             [SWF_PROCESSORS] = "processors",
                                             [SWF_STATUS] = "status",
                                             [SWF_USER] = "user",
                                             [SWF_GROUP] = "group",
                                             [SWF_PROGRAM] = "program",
                                             [SWF_QUEUE] = "queue",
                                             [SWF_PARTITION] = "partition"};

/* One log being read. */
struct swf {
    struct input *in;
    struct jobs *j;
    struct err *e;
    sim_us origin_us;         /* since 1970, 0 if the log does not say */
    size_t column[WHERE_MAX]; /* of each filter, or N_SWF */
    struct slice f[N_SWF];    /* the present line */
    unsigned long line;       /* its number */
};

/* Splits at blanks; gives how many there are, at most N_SWF. */
static size_t split(struct slice line, struct slice f[N_SWF])
{
    const char *at = line.s, *end = line.s + line.n;
    size_t n = 0;

    while (n < N_SWF) {
        while (at < end && isspace((unsigned char)*at))
            at++;
        if (at == end)
            break;
        f[n].s = at;
        while (at < end && !isspace((unsigned char)*at))
            at++;
        f[n].n = (size_t)(at - f[n].s);
        n++;
    }
    return n;
}

bool swf_is_line(struct slice line)
{
    struct slice f[N_SWF];
    sim_us ignored;

    if (line.n > 0 && line.s[0] == ';')
        return true;
    if (split(line, f) < N_SWF)
        return false;
    for (size_t i = 0; i < N_SWF; i++)
        if (!value_seconds(f[i], &ignored))
            return false;
    return true;
}

/* "; UnixStartTime: N" is the zero of all times; it counts before the first
 * job only, and 0 or less means that nobody knows.
 */
static int read_comment(struct swf *s, struct slice line)
{
    static const char key[] = "UnixStartTime:";
    const char *found = memmem(line.s, line.n, key, sizeof key - 1);
    struct slice f[N_SWF];
    sim_us us;

    if (!found || s->j->report->rows > 0)
        return ERR_OK;
    found += sizeof key - 1;
    struct slice rest = {found, (size_t)(line.s + line.n - found)};

    if (split(rest, f) == 0 || !value_seconds(f[0], &us))
        return input_fail(s->in, s->line, s->e,
                          "UnixStartTime is not a number of seconds");
    if (us > 0) {
        s->origin_us = us;
        s->j->relative = false;
    }
    return ERR_OK;
}

/* Reads a time; -1 is not known and no time at all. */
static int read_field(struct swf *s, enum swf_field field, sim_us *us)
{
    struct slice v = s->f[field];

    if (!value_seconds(v, us))
        return input_fail(s->in, s->line, s->e, "%s \"%.*s\" is not a number",
                          swf_names[field], (int)(v.n < 60 ? v.n : 60), v.s);
    if (*us < 0)
        *us = NO_TIME;
    return ERR_OK;
}

/* "prefix-N", or nothing if N is not known. */
static struct slice name_of(const struct swf *s, enum swf_field field,
                            const char *prefix, char text[80])
{
    struct slice v = s->f[field];

    if (v.s[0] == '-' || v.n > 32)
        return (struct slice){NULL, 0};
    int n = snprintf(text, 80, "%s-%.*s", prefix, (int)v.n, v.s);
    return (struct slice){text, (size_t)n};
}

/* Each number is at most a thousand years, so that the sum is safe. */
static int set_times(struct job *job, const struct swf *s, sim_us wait_us,
                     sim_us run_us)
{
    sim_us begin_us = job->created_us;

    if (begin_us == NO_TIME)
        return ERR_OK;
    job->created_us = begin_us += s->origin_us;
    if (wait_us != NO_TIME)
        job->started_us = begin_us += wait_us;
    if (run_us != NO_TIME)
        job->completed_us = begin_us + run_us;
    if (begin_us >= (s->j->relative ? UNIX_ERA_US : LATEST_US) ||
        job->completed_us >= LATEST_US)
        return input_fail(s->in, s->line, s->e,
                          "the job begins or ends after 2199, or more than "
                          "31 years from the start of the log");
    jobs_saw(s->j, begin_us);
    jobs_saw(s->j, job->completed_us);
    return ERR_OK;
}

/* 2, 3 and 4 are parts of a job that has a line of its own as well. */
static void set_ending(struct job *job, struct slice status)
{
    job->state = JOB_DONE;
    if (value_is(status, "0"))
        job->ending = JOB_FAILED;
    else if (value_is(status, "5"))
        job->ending = JOB_CANCELLED;
    else if (value_is(status, "2") || value_is(status, "3") ||
             value_is(status, "4"))
        job->ending = JOB_SKIPPED;
}

static void set_texts(struct job *job, const struct job_row *row,
                      struct strings *s)
{
    struct slice name = row->f[JOB_NAME];

    job->id = strings_add(s, row->f[JOB_ID].s, row->f[JOB_ID].n);
    job->pool = strings_add(s, row->f[JOB_POOL].s, row->f[JOB_POOL].n);
    job->name = name.s ? strings_add(s, name.s, name.n) : 0;
}

static int read_job(struct swf *s, const struct job_row *row)
{
    struct job job = {
        .created_us = NO_TIME,
        .run_created_us = NO_TIME,
        .started_us = NO_TIME,
        .completed_us = NO_TIME,
        .step_started_us = NO_TIME,
        .step_completed_us = NO_TIME,
        .work_us = NO_TIME,
    };
    sim_us number, wait_us = NO_TIME, run_us = NO_TIME;
    int rc = read_field(s, SWF_NUMBER, &number);

    if (rc == ERR_OK)
        rc = read_field(s, SWF_SUBMIT, &job.created_us);
    if (rc == ERR_OK)
        rc = read_field(s, SWF_WAIT, &wait_us);
    if (rc == ERR_OK)
        rc = read_field(s, SWF_RUN, &run_us);
    if (rc != ERR_OK)
        return rc;
    rc = set_times(&job, s, wait_us, run_us);
    if (rc != ERR_OK)
        return rc;
    set_ending(&job, s->f[SWF_STATUS]);
    set_texts(&job, row, &s->j->trace->strings);
    jobs_put(s->j, &job);
    return ERR_OK;
}

static int read_line(struct swf *s, struct slice line)
{
    struct job_row row = {.line = s->line};
    char pool[80], name[80];
    size_t n = split(line, s->f);

    if (n == 0)
        return ERR_OK;
    if (line.s[0] == ';')
        return read_comment(s, line);
    if (n < N_SWF)
        return input_fail(s->in, s->line, s->e, "%zu numbers, but a job has 18",
                          n);
    row.f[JOB_ID] = s->f[SWF_NUMBER];
    row.f[JOB_NAME] = name_of(s, SWF_PROGRAM, "program", name);
    row.f[JOB_POOL] = name_of(s, SWF_PARTITION, "partition", pool);
    if (!row.f[JOB_POOL].s)
        row.f[JOB_POOL] = (struct slice){"swf", 3};
    for (size_t i = 0; i < s->j->where.n; i++)
        row.where[i] =
            s->column[i] < N_SWF ? s->f[s->column[i]] : (struct slice){NULL, 0};
    return jobs_wants(s->j, &row) ? read_job(s, &row) : ERR_OK;
}

static void find_columns(struct swf *s)
{
    for (size_t i = 0; i < s->j->where.n; i++) {
        struct slice name = s->j->where.clauses[i].field;
        size_t c = 0;

        while (c < N_SWF && !(swf_names[c] && value_is(name, swf_names[c])))
            c++;
        s->column[i] = c;
    }
}

/* A batch system's wait is its own doing, so the first dial is the submission.
 */
int read_swf(struct input *in, struct jobs *j, struct err *e)
{
    struct swf s = {.in = in, .j = j, .e = e};
    struct slice line;
    int rc;

    find_columns(&s);
    j->relative = true;
    if (j->clock == IMPORT_CLOCK_AUTO)
        j->clock = IMPORT_CLOCK_CREATED;
    for (;;) {
        s.line = in->line;
        rc = input_line(in, &line, e);
        if (rc <= 0)
            return rc;
        rc = read_line(&s, line);
        if (rc != ERR_OK)
            return rc;
    }
}

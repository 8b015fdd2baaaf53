#include "traces/convert.h"

#include "traces/runs.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool known(sim_us at_us)
{
    return at_us != NO_TIME;
}

static sim_us first_known(sim_us a_us, sim_us b_us)
{
    return known(a_us) ? a_us : b_us;
}

/* When the job came to its work; NO_TIME if it never did. A job that still
 * waits may yet begin, so its creation stands in.
 */
static sim_us begin_of(const struct jobs *j, const struct job *job)
{
    sim_us start_us = first_known(job->step_started_us, job->started_us);

    if (known(start_us))
        return start_us;
    if (job->state == JOB_DONE && j->met[JOB_STARTED])
        return NO_TIME;
    return first_known(job->created_us, job->run_created_us);
}

/* When its work ended; NO_TIME if it has not or nobody knows. */
static sim_us end_of(const struct job *job, sim_us begin_us)
{
    if (known(job->step_started_us) && job->step_completed_us >= begin_us)
        return job->step_completed_us;
    return job->state == JOB_DONE ? job->completed_us : NO_TIME;
}

/* First dial, and in *by what it is. A creation after the start is one of a
 * clock that is off, and is not used.
 */
static sim_us asked_of(const struct jobs *j, const struct job *job,
                       sim_us begin_us, enum import_asked *by)
{
    bool by_creation = j->clock == IMPORT_CLOCK_CREATED;

    *by = IMPORT_BY_CREATION;
    if (by_creation && known(job->created_us) && job->created_us <= begin_us)
        return job->created_us;
    *by = IMPORT_BY_RUN;
    if (by_creation && known(job->run_created_us) &&
        job->run_created_us <= begin_us)
        return job->run_created_us;
    if (known(job->step_started_us))
        *by = IMPORT_BY_STEP;
    else if (known(job->started_us))
        *by = IMPORT_BY_START;
    else if (known(job->created_us))
        *by = IMPORT_BY_CREATION;
    return begin_us;
}

/* Whether a job makes no build, and counts why. */
static bool is_left_out(struct import_report *r, const struct jobs *j,
                        const struct job *job, sim_us begin_us)
{
    bool copy = job->may_be_copy && known(job->created_us) &&
                known(job->started_us) && job->started_us < job->created_us;
    bool skipped = job->ending == JOB_SKIPPED || job->bare;
    bool no_work = j->options->work_column && !known(job->work_us) &&
                   job->state == JOB_DONE;

    if (skipped)
        r->skipped++;
    else if (copy)
        r->not_rerun++;
    else if (no_work)
        r->no_work++;
    else if (!known(begin_us))
        r->never_started++;
    else
        return false;
    return true;
}

/* Work by the clock. A job that is cut off has done a part, so much at least.
 */
static void set_work(const struct jobs *j, const struct job *job,
                     struct trace_build *b, sim_us begin_us)
{
    sim_us end_us = end_of(job, begin_us);

    if (known(job->work_us)) {
        b->work_us = job->work_us;
    } else if (known(end_us)) {
        b->work_us = end_us > begin_us ? end_us - begin_us : 0;
        b->censored = job->ending == JOB_CANCELLED;
    } else if (job->state == JOB_RUNNING) {
        b->work_us = j->latest_us - begin_us;
        b->censored = true;
    } else {
        b->work_us = job->state == JOB_DONE ? j->options->default_work_us : 0;
        b->censored = b->work_us == 0;
    }
}

static void set_outcome(const struct job *job, struct trace_build *b,
                        sim_us begin_us)
{
    sim_us end_us = end_of(job, begin_us);

    b->leaves_us = SIM_NEVER;
    b->outcome = job->ending == JOB_FAILED ? TRACE_ERROR : TRACE_OK;
    if (job->ending != JOB_CANCELLED)
        return;
    b->outcome = TRACE_CANCELLED;
    if (!known(end_us)) /* with its work, as far as that is known */
        end_us = b->work_us < LATEST_US - begin_us ? begin_us + b->work_us
                                                   : LATEST_US - 1;
    b->leaves_us = end_us;
}

static bool is_day_long(const struct job *job)
{
    if (!known(job->started_us) || !known(job->completed_us))
        return false;
    sim_us off_us = job->completed_us - job->started_us - US_PER_DAY;

    return off_us > -US_PER_S && off_us < US_PER_S;
}

static void count_kept(const struct jobs *j, const struct job *job,
                       const struct trace_build *b)
{
    struct import_report *r = j->report;
    bool done = job->state == JOB_DONE;

    r->censored += !done && b->censored;
    r->queued += job->state == JOB_QUEUED && b->censored;
    r->no_end += done && !known(job->completed_us) && !known(job->work_us);
    r->day_long += done && is_day_long(job);
    assert(b->work_us >= 0 && b->leaves_us >= b->asked_us);
}

/* Whether the job ends before it starts and should be left out: cancelled
 * while it waited, it never came to the pool.
 */
static bool is_backwards(const struct jobs *j, const struct job *job,
                         sim_us begin_us)
{
    sim_us end_us = end_of(job, begin_us);

    if (!known(end_us) || end_us >= begin_us)
        return false;
    j->report->backwards++;
    if (job->ending == JOB_CANCELLED)
        return true;
    j->report->clipped++;
    return false;
}

static void convert(struct jobs *j, const struct job *job)
{
    struct trace_build b = {.id = job->id,
                            .run = job->run > 0 ? job->run : job->id,
                            .pool = job->pool,
                            .caller = job->caller,
                            .name = job->name};
    enum import_asked by;
    sim_us begin_us = begin_of(j, job);

    if (is_left_out(j->report, j, job, begin_us) ||
        is_backwards(j, job, begin_us))
        return;
    b.asked_us = asked_of(j, job, begin_us, &by);
    set_work(j, job, &b, begin_us);
    set_outcome(job, &b, begin_us);
    count_kept(j, job, &b);
    j->report->asked_by[by]++;
    trace_add(j->trace, &b);
}

/* Where only the run's creation is known, a run is a matrix that arrives as a
 * whole; elsewhere the pool is dialled when the build step or the job starts.
 */
static void choose_clock(struct jobs *j)
{
    bool only_run = j->met[JOB_RUN_CREATED] && !j->met[JOB_CREATED] &&
                    !j->met[JOB_STEP_STARTED];

    if (j->clock == IMPORT_CLOCK_AUTO)
        j->clock = only_run ? IMPORT_CLOCK_CREATED : IMPORT_CLOCK_STARTED;
}

int convert_jobs(struct jobs *j, const char *path, struct err *e)
{
    struct trace *t = j->trace;
    int rc = convert_check_where(path, &j->where, e);

    if (rc != ERR_OK)
        return rc;
    choose_clock(j);
    for (size_t i = 0; i < j->n; i++)
        if (!j->jobs[i].gone)
            convert(j, &j->jobs[i]);
    if (t->n == 0)
        return convert_refuse_empty(path, j->report, &j->where, e);
    j->report->kept = t->n;
    t->absolute = !j->relative;
    t->origin_us = 0; /* whatever a comment said */
    t->span_us = j->latest_us;
    trace_sort(t);
    if (!j->met[JOB_RUN])
        runs_guess(t);
    return ERR_OK;
}

int convert_check_where(const char *path, const struct where *w, struct err *e)
{
    const struct where_clause *c = where_unmet(w);

    if (!c)
        return ERR_OK;
    return err_set(
        e, ERR_INPUT, "%s: filter \"%.80s\": nothing here has a field \"%.*s\"",
        path, c->text, (int)(c->field.n < 60 ? c->field.n : 60), c->field.s);
}

struct text {
    char bytes[512];
    size_t n;
};

static void append(struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void append(struct text *t, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int n = vsnprintf(t->bytes + t->n, sizeof t->bytes - t->n, format, args);
    va_end(args);
    t->n += (size_t)n;
    if (t->n >= sizeof t->bytes)
        t->n = sizeof t->bytes - 1;
}

int convert_refuse_empty(const char *path, const struct import_report *r,
                         const struct where *w, struct err *e)
{
    const struct {
        uint64_t n;
        const char *what;
    } reasons[] = {
        {r->superseded, "superseded"},
        {r->not_rerun, "not run again"},
        {r->backwards, "ended before they started"},
        {r->skipped, "skipped"},
        {r->never_started, "never started"},
        {r->no_work, "without work"},
    };
    struct text text = {.n = 0};

    append(&text, "no builds in %" PRIu64 " row%s", r->rows,
           r->rows == 1 ? "" : "s");
    for (size_t i = 0; i < w->n; i++)
        if (w->clauses[i].removed > 0)
            append(&text, ", filter \"%.60s\" removed %" PRIu64,
                   w->clauses[i].text, w->clauses[i].removed);
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].n > 0)
            append(&text, ", %" PRIu64 " %s", reasons[i].n, reasons[i].what);
    return err_set(e, ERR_INPUT, "%s: %s", path, text.bytes);
}

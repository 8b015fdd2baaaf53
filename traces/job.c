#include "traces/job.h"

#include "traces/steps.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct job_alias job_aliases[] = {
    {"id", JOB_ID},
    {"job_id", JOB_ID},
    {"run_id", JOB_RUN},
    {"run", JOB_RUN},
    {"run_attempt", JOB_ATTEMPT},
    {"name", JOB_NAME},
    {"job_name", JOB_NAME},
    {"workflow_name", JOB_WORKFLOW},
    {"workflow", JOB_WORKFLOW},
    {"head_branch", JOB_BRANCH},
    {"branch", JOB_BRANCH},
    {"status", JOB_STATUS},
    {"conclusion", JOB_CONCLUSION},
    {"created_at", JOB_CREATED},
    {"run_created_at", JOB_RUN_CREATED},
    {"started_at", JOB_STARTED},
    {"start_time", JOB_STARTED},
    {"completed_at", JOB_COMPLETED},
    {"end_time", JOB_COMPLETED},
    {"build_started_at", JOB_STEP_STARTED},
    {"build_completed_at", JOB_STEP_COMPLETED},
    {"labels", JOB_LABELS},
    {"runner_name", JOB_RUNNER},
    {"runner_id", JOB_RUNNER},
    {"steps", JOB_STEPS},
    {"label", JOB_LABEL},
    {"pool", JOB_POOL},
};
const size_t n_job_aliases = sizeof job_aliases / sizeof job_aliases[0];

/* Whether text, in lower case, stands in any case right before p. */
static bool stands_before(const char *start, const char *p, const char *text)
{
    size_t n = strlen(text);

    if ((size_t)(p - start) < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (tolower((unsigned char)(p - n)[i]) != text[i])
            return false;
    return true;
}

/* Whether v holds arm64 or aarch64: looks for the digit, which is rare. */
static bool says_arm64(struct slice v)
{
    if (v.n == 0)
        return false;
    const char *p = v.s, *end = v.s + v.n;

    while ((p = memchr(p, '6', (size_t)(end - p)))) {
        if (p + 1 < end && p[1] == '4' &&
            (stands_before(v.s, p, "arm") || stands_before(v.s, p, "aarch")))
            return true;
        p++;
    }
    return false;
}

/* The orchestrator of an arm64 build may be an amd64 machine, so the name of
 * the job counts as well as its labels.
 */
void job_derive(struct job_row *row)
{
    struct slice labels = row->f[JOB_LABELS];
    bool arm64 = says_arm64(row->f[JOB_NAME]) || says_arm64(labels);

    if (!row->f[JOB_POOL].s)
        row->f[JOB_POOL] = (struct slice){arm64 ? "arm64" : "amd64", 5};
    row->f[JOB_LABEL] =
        labels.s ? value_machine(labels) : (struct slice){NULL, 0};
}

static uint32_t text_of(struct strings *s, struct slice v)
{
    return value_is_null(v) ? 0 : strings_add(s, v.s, v.n);
}

/* A job of a nameless line is known by its line. */
static uint32_t read_id(const struct job_row *row, struct strings *s)
{
    char text[32];

    if (!value_is_null(row->f[JOB_ID]))
        return text_of(s, row->f[JOB_ID]);
    int n = snprintf(text, sizeof text, "line %lu", row->line);
    return strings_add(s, text, (size_t)n);
}

/* Builds of a later attempt were started together, and apart from the first. */
static uint32_t read_run(struct slice run, uint64_t attempt, struct strings *s)
{
    char text[128];

    if (value_is_null(run) || value_is(run, "0"))
        return 0;
    if (attempt < 2 || run.n > 64)
        return text_of(s, run);
    int n = snprintf(text, sizeof text, "%.*s.%" PRIu64, (int)run.n, run.s,
                     attempt);
    return strings_add(s, text, (size_t)n);
}

/* Exports without run and workflow leave the job as it is called in there:
 * "job / inner job (matrix)" or "job (matrix)".
 */
static struct slice caller_of(const struct job_row *row)
{
    struct slice name = row->f[JOB_NAME];

    if (row->f[JOB_WORKFLOW].s)
        return row->f[JOB_WORKFLOW];
    if (row->f[JOB_RUN].s)
        return (struct slice){NULL, 0};
    for (size_t i = 0; i + 3 <= name.n; i++)
        if (memcmp(name.s + i, " / ", 3) == 0 ||
            memcmp(name.s + i, " (", 2) == 0)
            return (struct slice){name.s, i};
    return (struct slice){NULL, 0};
}

static bool is_one_of(struct slice v, const char *const words[])
{
    for (; *words; words++)
        if (value_is(v, *words))
            return true;
    return false;
}

static enum job_ending read_ending(struct slice conclusion)
{
    static const char *const failed[] = {
        "failure", "timed_out",       "startup_failure", "failed",
        "error",   "action_required", "stale",           NULL};
    static const char *const cancelled[] = {"cancelled", "canceled", NULL};

    if (value_is(conclusion, "skipped"))
        return JOB_SKIPPED;
    if (is_one_of(conclusion, cancelled))
        return JOB_CANCELLED;
    return is_one_of(conclusion, failed) ? JOB_FAILED : JOB_SUCCEEDED;
}

static bool has_runner(const struct job_row *row)
{
    struct slice runner = row->f[JOB_RUNNER];

    return !value_is_null(runner) && !value_is(runner, "0");
}

/* Where nothing could show that a job still runs, it has ended. */
static bool row_tells_end(const struct job_row *row)
{
    return row->f[JOB_STATUS].s || row->f[JOB_CONCLUSION].s ||
           row->f[JOB_COMPLETED].s || row->f[JOB_STEP_COMPLETED].s;
}

static enum job_state read_state(const struct job *job,
                                 const struct job_row *row)
{
    static const char *const waiting[] = {"queued", "waiting", "pending",
                                          "requested", NULL};
    struct slice status = row->f[JOB_STATUS];

    if (value_is(status, "completed") || !value_is_null(row->f[JOB_CONCLUSION]))
        return JOB_DONE;
    if (is_one_of(status, waiting))
        return JOB_QUEUED;
    if (value_is(status, "in_progress"))
        return JOB_RUNNING;
    if (job->completed_us != NO_TIME || !row_tells_end(row))
        return JOB_DONE;
    return job->started_us == NO_TIME ? JOB_QUEUED : JOB_RUNNING;
}

/* A job that waits for a runner repeats its creation as its start, and one
 * that is cancelled there has no runner.
 */
static bool is_real_start(const struct job *job, const struct job_row *row)
{
    bool same = job->started_us == job->created_us;

    if (job->state == JOB_QUEUED)
        return false;
    if (has_runner(row))
        return true;
    if (job->state == JOB_RUNNING)
        return !same || !value_is_null(row->f[JOB_STATUS]);
    return job->ending != JOB_CANCELLED || (!row->f[JOB_RUNNER].s && !same);
}

static enum job_field read_times(struct job *job, const struct job_row *row)
{
    const struct {
        enum job_field field;
        sim_us *us;
    } times[] = {
        {JOB_CREATED, &job->created_us},
        {JOB_RUN_CREATED, &job->run_created_us},
        {JOB_STARTED, &job->started_us},
        {JOB_COMPLETED, &job->completed_us},
        {JOB_STEP_STARTED, &job->step_started_us},
        {JOB_STEP_COMPLETED, &job->step_completed_us},
    };

    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        *times[i].us = NO_TIME;
        if (!value_instant(row->f[times[i].field], times[i].us))
            return times[i].field;
    }
    if (job->step_started_us == NO_TIME && row->f[JOB_STEPS].n > 0)
        steps_find_build(row->f[JOB_STEPS], &job->step_started_us,
                         &job->step_completed_us);
    return N_JOB_FIELDS;
}

static bool read_work(struct job *job, struct slice work)
{
    job->work_us = NO_TIME;
    return value_is_null(work) || value_length(work, &job->work_us);
}

static void read_texts(struct job *job, const struct job_row *row,
                       struct strings *s)
{
    uint64_t attempt = 0;

    value_count(row->f[JOB_ATTEMPT], &attempt);
    job->may_be_copy = attempt != 1;
    job->id = read_id(row, s);
    job->run = read_run(row->f[JOB_RUN], attempt, s);
    job->name = text_of(s, row->f[JOB_NAME]);
    job->caller = text_of(s, caller_of(row));
    job->pool = text_of(s, row->f[JOB_POOL]);
}

enum job_field job_read(struct job *job, const struct job_row *row,
                        struct strings *s)
{
    struct slice label = row->f[JOB_LABEL];

    *job = (struct job){0};
    enum job_field bad = read_times(job, row);
    if (bad != N_JOB_FIELDS)
        return bad;
    if (!read_work(job, row->f[JOB_WORK]))
        return JOB_WORK;
    read_texts(job, row, s);
    job->ending = (uint8_t)read_ending(row->f[JOB_CONCLUSION]);
    job->state = (uint8_t)read_state(job, row);
    job->bare = label.s && label.n == 0 && !has_runner(row);
    if (!is_real_start(job, row))
        job->started_us = NO_TIME;
    return N_JOB_FIELDS;
}

#include "traces/jobs.h"

#include <stdlib.h>
#include <string.h>

/* Field of the row that a filter means if no column has its very name. */
static enum job_field field_of(struct slice name)
{
    for (size_t i = 0; i < n_job_aliases; i++)
        if (value_is(name, job_aliases[i].column))
            return job_aliases[i].field;
    return N_JOB_FIELDS;
}

int jobs_init(struct jobs *j, struct trace *t, const struct import_options *o,
              struct import_report *r, struct err *e)
{
    *j = (struct jobs){
        .trace = t,
        .options = o,
        .report = r,
        .clock = o->clock,
        .latest_us = NO_TIME,
        .previous_us = NO_TIME,
    };
    int rc = where_init(&j->where, o->where, o->n_where, e);

    for (size_t i = 0; i < j->where.n; i++)
        j->where_field[i] = field_of(j->where.clauses[i].field);
    return rc;
}

void jobs_saw(struct jobs *j, sim_us at_us)
{
    if (at_us > j->latest_us)
        j->latest_us = at_us;
}

/* Slot of the job with this id, index + 1, or 0. */
static uint32_t *slot_of(struct jobs *j, uint32_t id)
{
    j->by_id =
        mem_grow(j->by_id, &j->cap_by_id, (size_t)id + 1, sizeof *j->by_id);
    return &j->by_id[id];
}

static sim_us began(const struct job *job)
{
    if (job->created_us != NO_TIME)
        return job->created_us;
    return job->run_created_us != NO_TIME ? job->run_created_us
                                          : job->started_us;
}

static void watch_order(struct jobs *j, const struct job *job)
{
    sim_us at_us = began(job);

    if (at_us == NO_TIME)
        return;
    if (at_us < j->previous_us)
        j->report->out_of_order++;
    j->previous_us = at_us;
}

/* Exports without FINAL and streams of webhooks may bring the states of a job
 * in any order, so a later line wins only if its state is not an earlier one.
 */
void jobs_put(struct jobs *j, const struct job *job)
{
    uint32_t *slot = slot_of(j, job->id);

    watch_order(j, job);
    if (*slot != 0) {
        struct job *held = &j->jobs[*slot - 1];

        j->report->superseded++;
        if (job->state >= held->state)
            *held = *job;
        return;
    }
    j->jobs = mem_grow(j->jobs, &j->cap, j->n + 1, sizeof *j->jobs);
    j->jobs[j->n++] = *job;
    *slot = (uint32_t)j->n;
}

/* A job whose last state fails a filter is not wanted, even if an earlier one
 * passed.
 */
static void forget(struct jobs *j, struct slice id)
{
    uint32_t index = NO_INDEX;

    if (!value_is_null(id))
        index = strings_find(&j->trace->strings, id.s, id.n);
    if (index == NO_INDEX || index >= j->cap_by_id || j->by_id[index] == 0)
        return;
    j->jobs[j->by_id[index] - 1].gone = true;
    j->by_id[index] = 0;
    j->report->superseded++;
}

static bool passes(struct jobs *j, const struct job_row *row)
{
    struct slice values[WHERE_MAX];

    for (size_t i = 0; i < j->where.n; i++) {
        bool known = j->where_field[i] != N_JOB_FIELDS;

        values[i] = row->where[i];
        if (!values[i].s && known)
            values[i] = row->f[j->where_field[i]];
    }
    return where_keeps(&j->where, values);
}

bool jobs_wants(struct jobs *j, struct job_row *row)
{
    j->report->rows++;
    job_derive(row);
    for (size_t i = 0; i < N_JOB_FIELDS; i++)
        j->met[i] = j->met[i] || row->f[i].s;
    if (passes(j, row))
        return true;
    j->report->filtered++;
    return false;
}

bool jobs_is_new(struct jobs *j, uint32_t id)
{
    uint32_t *slot = slot_of(j, id);
    bool is_new = *slot == 0;

    *slot = 1;
    return is_new;
}

/* A row that is not wanted still tells how far the export reaches. */
static void saw_filtered(struct jobs *j, const struct job_row *row)
{
    static const enum job_field times[] = {JOB_CREATED, JOB_STARTED,
                                           JOB_COMPLETED};
    sim_us at_us;

    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (value_instant(row->f[times[i]], &at_us))
            jobs_saw(j, at_us);
}

static void saw_times(struct jobs *j, const struct job *job)
{
    jobs_saw(j, job->created_us);
    jobs_saw(j, job->run_created_us);
    jobs_saw(j, job->started_us);
    jobs_saw(j, job->completed_us);
    jobs_saw(j, job->step_started_us);
    jobs_saw(j, job->step_completed_us);
}

static int refuse(const struct jobs *j, const struct job_row *row,
                  enum job_field bad, const struct input *in, struct err *e)
{
    struct slice v = row->f[bad];
    int n = v.n < 60 ? (int)v.n : 60;
    const char *column = j->options->work_column;

    if (bad == JOB_WORK)
        return input_fail(in, row->line, e,
                          "%s \"%.*s\" is not a number of seconds from 0 on",
                          column, n, v.s);
    for (size_t i = 0; i < n_job_aliases; i++)
        if (job_aliases[i].field == bad) {
            column = job_aliases[i].column;
            break;
        }
    return input_fail(in, row->line, e,
                      "%s \"%.*s\" is not a time before 2200; write it like "
                      "2026-06-09T17:02:11Z",
                      column, n, v.s);
}

int jobs_add_row(struct jobs *j, struct job_row *row, const struct input *in,
                 struct err *e)
{
    struct job job;

    if (!jobs_wants(j, row)) {
        forget(j, row->f[JOB_ID]);
        saw_filtered(j, row);
        return ERR_OK;
    }
    enum job_field bad = job_read(&job, row, &j->trace->strings);
    if (bad != N_JOB_FIELDS)
        return refuse(j, row, bad, in, e);
    saw_times(j, &job);
    jobs_put(j, &job);
    return ERR_OK;
}

void jobs_free(struct jobs *j)
{
    free(j->jobs);
    free(j->by_id);
    *j = (struct jobs){0};
}

/* jobs.h - the jobs of one import: every job once, in its last state.
 *
 * Memory grows with the jobs that pass the filters, not with the file.
 */
#ifndef TRACES_JOBS_H
#define TRACES_JOBS_H

#include "traces/import.h"
#include "traces/job.h"

struct jobs {
    struct trace *trace;                  /* borrowed; holds the strings */
    const struct import_options *options; /* borrowed */
    struct import_report *report;         /* borrowed */
    enum import_clock clock; /* AUTO until a reader or convert_jobs decides */
    bool relative;           /* times are not since 1970 */
    struct where where;
    enum job_field where_field[WHERE_MAX]; /* N_JOB_FIELDS: not a known name */
    struct job *jobs;                      /* owned; in order of first row */
    size_t n, cap;
    uint32_t *by_id; /* owned; by index of the id: index of the job, + 1 */
    size_t cap_by_id;
    bool met[N_JOB_FIELDS]; /* fields that some row had, empty or not */
    sim_us latest_us;       /* of any instant of any row, or NO_TIME */
    sim_us previous_us;     /* when the job of the row before began */
    bool has_window;        /* the file itself says which span it covers */
};

/* Errors    ERR_USAGE: a bad filter. */
int jobs_init(struct jobs *j, struct trace *t, const struct import_options *o,
              struct import_report *r, struct err *e);

/* Filters, reads and keeps one row.
 * Errors    ERR_INPUT: path:line and the field that makes no sense.
 */
int jobs_add_row(struct jobs *j, struct job_row *row, const struct input *in,
                 struct err *e);

/* Counts the row and derives its fields; whether it passes the filters. */
bool jobs_wants(struct jobs *j, struct job_row *row);

/* Whether no job has had this id; from now on one has. For readers that keep
 * no jobs.
 */
bool jobs_is_new(struct jobs *j, uint32_t id);

/* Keeps a job, or a later state of one that is kept already. */
void jobs_put(struct jobs *j, const struct job *job);

/* Takes note of an instant, so that the end of the export is known. */
void jobs_saw(struct jobs *j, sim_us at_us);

void jobs_free(struct jobs *j);

#endif

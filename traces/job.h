/* job.h - one row of a job history, and what it says about one job.
 *
 * Source    ClickHouse table default.workflow_job of the PyTorch HUD; GitHub
 *           REST "list jobs for a workflow run"; webhook workflow_job.
 */
#ifndef TRACES_JOB_H
#define TRACES_JOB_H

#include "sim/base/mem.h"
#include "traces/value.h"
#include "traces/where.h"

enum job_field {
    JOB_ID,
    JOB_RUN,
    JOB_ATTEMPT,
    JOB_NAME,
    JOB_WORKFLOW,
    JOB_BRANCH,
    JOB_STATUS,
    JOB_CONCLUSION,
    JOB_CREATED,
    JOB_RUN_CREATED,
    JOB_STARTED,
    JOB_COMPLETED,
    JOB_STEP_STARTED,
    JOB_STEP_COMPLETED,
    JOB_LABELS,
    JOB_RUNNER,
    JOB_STEPS,     /* text of an array of tuples */
    JOB_WORK,      /* the column that the user chose as work */
    N_JOB_COLUMNS, /* the two below are derived */
    JOB_LABEL = N_JOB_COLUMNS,
    JOB_POOL,
    N_JOB_FIELDS
};

/* Names of columns; an earlier one is preferred to a later one. */
struct job_alias {
    const char *column;
    enum job_field field;
};
extern const struct job_alias job_aliases[];
extern const size_t n_job_aliases;

/* One row as text. A reader fills f[] by column and where[] for those clauses
 * that name a column of the input exactly.
 */
struct job_row {
    struct slice f[N_JOB_FIELDS];
    struct slice where[WHERE_MAX];
    unsigned long line;
};

/* How far a job has come; a later state supersedes an earlier one. */
enum job_state { JOB_QUEUED, JOB_RUNNING, JOB_DONE };
enum job_ending {
    JOB_SUCCEEDED, /* or not ended, or not known */
    JOB_FAILED,
    JOB_CANCELLED,
    JOB_SKIPPED
};

struct job {
    /* Since 1970, or since the start of a relative log; NO_TIME if missing. */
    sim_us created_us, run_created_us, started_us, completed_us;
    sim_us step_started_us, step_completed_us;
    sim_us work_us;                       /* as the user's column has it */
    uint32_t id, run, pool, caller, name; /* indices of strings */
    uint8_t state, ending;                /* enum job_state, job_ending */
    bool may_be_copy; /* not known to be of the first attempt */
    bool bare;        /* neither labels nor runner: never meant to run */
    bool gone;        /* left out after all */
};

/* Fills the derived fields of the row: label, and pool if it has none. */
void job_derive(struct job_row *row);

/* Reads the row into *job; new strings are added to s.
 *
 * Returns the field whose text is not what it must be, or N_JOB_FIELDS.
 */
enum job_field job_read(struct job *job, const struct job_row *row,
                        struct strings *s);

#endif

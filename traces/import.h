/* import.h - any job history becomes a trace.
 *
 * The format is found by looking at the content. Defects are repaired as
 * README.md says, counted and reported, never hidden.
 */
#ifndef TRACES_IMPORT_H
#define TRACES_IMPORT_H

#include "sim/base/err.h"
#include "traces/trace.h"

#include <stdio.h>

enum import_format {
    IMPORT_NATIVE, /* drydock's own CSV */
    IMPORT_TABLE,  /* CSV or TSV with a header of job columns */
    IMPORT_JSON,   /* HUD rows or GitHub jobs, in any wrapping */
    IMPORT_SWF     /* standard workload format */
};

/* Which instant of a job is taken for the first dial of its build. */
enum import_clock {
    IMPORT_CLOCK_AUTO,    /* as README.md says for the layout */
    IMPORT_CLOCK_CREATED, /* creation of the job, else of its run */
    IMPORT_CLOCK_STARTED  /* start of the build step, else of the job */
};

/* The instant that a build took in the end. */
enum import_asked {
    IMPORT_BY_STEP,     /* start of the build step */
    IMPORT_BY_START,    /* start of the job */
    IMPORT_BY_CREATION, /* creation of the job */
    IMPORT_BY_RUN,      /* creation of the whole run */
    N_IMPORT_ASKED
};

/* What an import met, line by line of its report.
 *
 * rows = kept + filtered + superseded + not_rerun + (backwards - clipped) +
 * skipped + never_started + no_work. Of the others, out_of_order is of rows
 * that pass the filters, missing_pages of rows that are not there, the rest of
 * builds kept.
 */
struct import_report {
    enum import_format format;
    uint64_t bytes, rows; /* read */
    uint64_t kept;        /* builds in the trace */
    uint64_t filtered;    /* left out by --where or --arch */
    uint64_t superseded;  /* earlier versions of a job seen again */
    uint64_t not_rerun;   /* copies in a later attempt: start before creation */
    uint64_t backwards;   /* ends before its start */
    uint64_t clipped;     /* of these, kept with no work: not cancelled */
    uint64_t skipped;     /* skipped jobs, no runner, no labels */
    uint64_t never_started;
    uint64_t no_work;       /* nothing in the column chosen as work */
    uint64_t censored;      /* still running at the end of the export */
    uint64_t queued;        /* of these, not yet started: work unknown */
    uint64_t day_long;      /* exactly 24 h: a lost runner, kept and counted */
    uint64_t no_end;        /* the layout, or an ended job, has no end time */
    uint64_t out_of_order;  /* rows earlier than the row before */
    uint64_t missing_pages; /* jobs that total_count promises and are absent */
    uint64_t asked_by[N_IMPORT_ASKED]; /* builds by what their first dial is */
};

/* filter[n] are "field=glob", "field!=glob" or "field~substring"; all must
 * hold. Fields: name, workflow, conclusion, status, branch, run, label, pool,
 * and any column of the input.
 */
struct import_options {
    const char *const *where; /* borrowed */
    size_t n_where;
    sim_us default_work_us; /* for layouts without end times; 0: keep 0 */
    enum import_clock clock;
    const char *work_column; /* borrowed; seconds of work, or NULL: by times */
    /* Called now and then with the bytes read so far, unpacked; or NULL. */
    void (*on_read)(void *context, uint64_t bytes);
    void *read_context;
};

/* Reads the file into *t (empty on error).
 *
 * o         may be NULL: no filter, defaults
 * r         may be NULL
 * Errors    ERR_IO; ERR_INPUT with path:line; ERR_USAGE for a bad filter.
 */
int trace_import(struct trace *t, const char *path,
                 const struct import_options *o, struct import_report *r,
                 struct err *e);

/* Prints the counts that are not zero, one a line, in words. */
void import_report_print(const struct import_report *r, FILE *out);

/* Writes drydock's own CSV ("-" is standard output, ".gz" compresses).
 * Reading it again gives the same trace, to the microsecond.
 */
int trace_write(const struct trace *t, const char *path, struct err *e);

#endif

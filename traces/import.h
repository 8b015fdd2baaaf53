/* import.h - any job history becomes a trace.
 *
 * The format is found by looking at the content. Defects are repaired as
 * reference says, counted and reported, never hidden.
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

/* What an import met, line by line of its report. */
struct import_report {
    enum import_format format;
    uint64_t bytes, rows; /* read */
    uint64_t kept;        /* builds in the trace */
    uint64_t filtered;    /* left out by --where or --arch */
    uint64_t superseded;  /* earlier versions of a job seen again */
    uint64_t not_rerun;   /* copies in a later attempt: start before creation */
    uint64_t backwards;   /* ends before its start */
    uint64_t skipped;     /* skipped jobs, no runner, no labels */
    uint64_t never_started;
    uint64_t censored;      /* still running at the end of the export */
    uint64_t day_long;      /* exactly 24 h: a lost runner, kept and counted */
    uint64_t no_end;        /* the layout has no end times at all */
    uint64_t out_of_order;  /* rows earlier than the row before */
    uint64_t missing_pages; /* jobs that total_count promises and are absent */
};

/* filter[n] are "field=glob", "field!=glob" or "field~substring"; all must
 * hold. Fields: name, workflow, conclusion, status, branch, run, label, pool,
 * and any column of the input.
 */
struct import_options {
    const char *const *where; /* borrowed */
    size_t n_where;
    sim_us default_work_us; /* for layouts without end times; 0: keep 0 */
};

/* Reads the file into *t (empty on error).
 * Errors    ERR_IO, ERR_INPUT with path:line.
 */
int trace_import(struct trace *t, const char *path,
                 const struct import_options *o, struct import_report *r,
                 struct err *e);

/* Prints the counts that are not zero, one a line, in words. */
void import_report_print(const struct import_report *r, FILE *out);

/* Writes drydock's own CSV ("-" is standard output, ".gz" compresses). */
int trace_write(const struct trace *t, const char *path, struct err *e);

#endif

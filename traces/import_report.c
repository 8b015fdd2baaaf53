#include "traces/import.h"

#include <inttypes.h>

static const char *const formats[] = {
    [IMPORT_NATIVE] = "drydock trace",
    [IMPORT_TABLE] = "table of jobs",
    [IMPORT_JSON] = "JSON jobs",
    [IMPORT_SWF] = "standard workload format",
};

static const char *const clocks[N_IMPORT_ASKED] = {
    [IMPORT_BY_STEP] = "builds first dial when their build step starts",
    [IMPORT_BY_START] = "builds first dial when their job starts",
    [IMPORT_BY_CREATION] = "builds first dial when their job is created",
    [IMPORT_BY_RUN] = "builds first dial when their run is created",
};

static void print_count(FILE *out, uint64_t n, const char *what)
{
    if (n > 0)
        fprintf(out, "%10" PRIu64 "  %s\n", n, what);
}

static void print_dropped(const struct import_report *r, FILE *out)
{
    print_count(out, r->filtered, "rows left out by a filter");
    print_count(out, r->superseded,
                "earlier states of a job seen again, "
                "left out");
    print_count(out, r->not_rerun,
                "copies in a later attempt of jobs that "
                "were not run again, left out");
    print_count(out, r->backwards - r->clipped,
                "jobs cancelled before they started (end before start), "
                "left out");
    print_count(out, r->skipped, "skipped jobs, left out");
    print_count(out, r->never_started,
                "jobs that ended without a start or "
                "have no time, left out");
    print_count(out, r->no_work,
                "jobs without a value in the work column, "
                "left out");
}

static void print_kept(const struct import_report *r, FILE *out)
{
    for (int by = 0; by < N_IMPORT_ASKED; by++)
        print_count(out, r->asked_by[by], clocks[by]);
    print_count(out, r->clipped,
                "builds end before they start: kept with no "
                "work");
    print_count(out, r->censored,
                "builds had not ended when the export was "
                "made: their work is at least what is known");
    print_count(out, r->queued,
                "of these had not started: nothing is known "
                "of their work");
    print_count(out, r->day_long,
                "builds last exactly a day (a lost runner "
                "or a time limit), kept");
    print_count(out, r->no_end,
                "builds have no end time: their work is not "
                "known");
    print_count(out, r->out_of_order,
                "rows were earlier than the row before: "
                "sorted");
    print_count(out, r->missing_pages,
                "jobs are promised by total_count and "
                "absent: pages are missing");
}

void import_report_print(const struct import_report *r, FILE *out)
{
    fprintf(out, "%s: %" PRIu64 " bytes\n", formats[r->format], r->bytes);
    print_count(out, r->rows, "rows read");
    print_count(out, r->kept, "builds kept");
    print_dropped(r, out);
    print_kept(r, out);
}

/* run.h - everything about one `drydock run`, for those who print it. */
#ifndef SIM_APP_RUN_H
#define SIM_APP_RUN_H

#include "plots/plots.h"
#include "sim/app/colour.h"
#include "sim/app/outputs.h"
#include "sim/app/pulse.h"
#include "sim/plan/hazards.h"
#include "sim/plan/verdict.h"

/* What replication 0 left behind. Starts from {0}. */
struct run_log {
    bool wants_rows;
    struct replicate_watch others[OUTPUTS + 1]; /* look on, too */
    size_t n_others;
    struct build_result *builds; /* owned; in the order of the trace */
    size_t n_builds;
    FILE *scratch; /* owned; the rows, which are too many for memory */
    const struct timeline_row *rows; /* owned; mapped from it */
    size_t n_rows;
};

struct run {
    const struct options *options; /* borrowed */
    struct scenario scenario;
    struct replications results;
    struct verdict verdict;
    struct hazards hazards;
    struct run_log log;
    struct pulse pulse;
    double wall_s, cpu_s;
    bool has_plots;
};

/* Before the run: its rows are wanted, and kept in the folder meanwhile. */
int run_log_keep_rows(struct run_log *log, const char *folder, struct err *e);

/* Looks on for the log and for the others; log outlives the run. */
struct replicate_watch run_watch(struct run_log *log, size_t n_builds);

/* After the run: rows[n_rows] are there.
 * Errors    ERR_IO: they could not be kept.
 */
int run_log_finish(struct run_log *log, struct err *e);

/* Takes {0}; may repeat. */
void run_log_free(struct run_log *log);

/* Length of the window as people say it: "14.1 days", "2h10m". */
void run_span(const struct run *r, char out[32]);

/* Name of the trace's file, without folders. */
const char *run_trace_name(const struct run *r);

/* An instant of the trace as people write it: RFC 3339, or seconds since the
 * start if the trace has no real instants. SIM_NEVER is "".
 */
void run_time(const struct run *r, sim_us at_us, char out[40]);

/* The same for a sentence: "1h20m" where there are no real instants. */
void run_when(const struct run *r, sim_us at_us, char out[40]);

/* The answer in one line, e.g. "yes: p95 wait 3m10s (target 5m), nobody gave
 * up; $8,123 over 14 days". Foreign names are in it as they are.
 */
enum { RUN_ANSWER = 2048 };
void run_answer(const struct run *r, char out[RUN_ANSWER]);

/* What the answer is coloured by: whether the targets are met. */
enum colour run_colour(const struct run *r);

/* The table on standard output. */
void run_print(const struct run *r, FILE *out);

/* Files of the run. Each is written whole; one that fails is not there, or is
 * as it was.
 */
int run_write_files(struct run *r, struct err *e);

/* What the figures of a run are drawn from. Starts from run_drawing_take. */
struct run_drawing {
    const char **names;    /* owned; each borrowed from the run */
    uint32_t *pools;       /* owned; of the builds */
    struct plots_input in; /* borrows from both */
};
void run_drawing_take(struct run_drawing *d, const struct run *r);
void run_drawing_free(struct run_drawing *d);

/* Draws the figures into the run's folder; has_plots then. Without gnuplot
 * nothing is drawn, which is a remark and no error.
 */
int run_draw(struct run *r, struct err *e);

void out_summary(const struct run *r, FILE *out);
void out_builds(const struct run *r, FILE *out);
void out_timeline(const struct run *r, FILE *out);
void out_measured(const struct run *r, FILE *out); /* a part of the report */

#endif

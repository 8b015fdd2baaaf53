/* compare_out.h - everything about one `drydock compare`, for those who print
 * it.
 */
#ifndef SIM_APP_COMPARE_OUT_H
#define SIM_APP_COMPARE_OUT_H

#include "scenarios/params_diff.h"
#include "sim/app/run.h"
#include "sim/app/show.h"
#include "sim/plan/contrast.h"

enum { BASE, HEAD, SIDES };

struct compare_side {
    const char *label; /* borrowed; what the user calls it */
    const char *path;  /* borrowed; scenario or folder; NULL: from git */
    char *folder;      /* owned; where git's files are meanwhile, or NULL */
    char *shown;       /* owned; what stands for that folder in texts */
    struct run run;
};

/* Whether the history is the same without a change: alone, in replication 0. */
enum compare_effect { EFFECT_UNTRIED, EFFECT_NONE, EFFECT_SOME };

/* A build, and how much longer it waits with HEAD. */
struct compare_build {
    size_t build; /* of the trace */
    sim_us more_us;
};

/* Behind a table of the pools that show_pools() chose. */
#define COMPARE_LEFT_OUT                                                       \
    " of HEAD: those that lost the most builds, then those that waited "       \
    "longest; all are in compare.json"

enum { COMPARE_BUILDS = 10, COMPARE_TRIED = 24, COMPARE_TEXT = 512 };

struct compare_job {
    const struct options *options; /* borrowed */
    const char *scenario;          /* borrowed; for folders; or NULL */
    struct compare_side side[SIDES];
    struct contrast contrast;
    struct params_diff diff;
    enum compare_effect *effects; /* owned; by change */
    bool *fresh, *gone;           /* owned; by hazard of HEAD, of BASE */
    struct compare_build worst[COMPARE_BUILDS];
    size_t n_worst;
    bool same_history; /* replication 0 of both */
    bool has_plots;
    double started_s;
};

/* ------------------------------------------------------------ the work */

/* Loads both sides; they must have the same history.
 * Errors    ERR_INPUT, ERR_IO; a place in a message is as the user knows it.
 */
int compare_load(struct compare_job *j, const char *git, const char *git_path,
                 struct err *e);

/* Finds which changes matter, and the builds that fare worst; after the runs.
 */
void compare_effects(struct compare_job *j);
void compare_worst(struct compare_job *j);

/* A text with the folder of git's files replaced by what stands for it. */
void compare_say(const struct compare_side *side, const char *text, char *out,
                 size_t size);

/* ------------------------------------------------------------ the answer */

/* The verdict in one line: "worse: p95 wait in amd64 +2m3s ± 4s; ...". */
enum { COMPARE_ANSWER = 4096 };
void compare_answer(const struct compare_job *j, char out[COMPARE_ANSWER]);

/* "better", "worse", "mixed", "same", "no difference", "unknown". */
const char *compare_word(const struct compare_job *j);

/* "p95 wait in amd64", "builds that gave up", "cost". */
void compare_name(const struct compare_job *j, const struct contrast_line *line,
                  char out[COMPARE_TEXT]);

enum show_form compare_form(enum scenario_goal goal);

/* Whether a row is told: it is not 0 everywhere, and not of a bound. */
bool compare_wants(const struct compare_job *j, const struct show_row *row,
                   uint32_t pool);

/* "12m3s, gave up" */
void compare_fate(const struct compare_side *side, size_t build,
                  char out[COMPARE_TEXT]);

/* The worst burst of one side in words; false if nobody waits. */
bool compare_burst(const struct compare_side *side, char out[COMPARE_TEXT]);

/* Something is wrong with HEAD: a missed target, or a new error. */
bool compare_fails(const struct compare_job *j);

void compare_print(const struct compare_job *j, FILE *out);
void compare_json(const struct compare_job *j, FILE *out);
struct report compare_report(const struct compare_job *j);

/* The folder: report.md, report.html, compare.json, plots. */
int compare_write(struct compare_job *j, struct err *e);

/* Draws both on the same axes; without gnuplot nothing is drawn. */
int compare_draw(struct compare_job *j, struct err *e);

#endif

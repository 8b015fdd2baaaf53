/* size_out.h - everything about one `drydock size`, for those who print it. */
#ifndef SIM_APP_SIZE_OUT_H
#define SIM_APP_SIZE_OUT_H

#include "sim/app/search.h"
#include "sim/app/show.h"
#include "sim/plan/burst_rule.h"
#include "sim/plan/follow.h"
#include "sim/plan/gaps.h"
#include "sim/plan/levers.h"
#include "sim/plan/return_level.h"
#include "sim/plan/size_study.h"
#include "sim/plan/step_response.h"

enum { SIZE_ADDED = 8 };

struct size_options {
    struct options common;
    struct search_options search;
    const char *added[SIZE_ADDED]; /* traces of users to come; borrowed */
    size_t n_added;
    const char *starts; /* a longer history of run starts; NULL: none */
    uint32_t n_histories, n_may_miss;
    double growth, confidence, tolerated, horizon_days, regretted;
    uint32_t exhaust_nodes; /* 0: race */
};

struct size_job {
    const struct size_options *options; /* borrowed */
    struct scenario scenario;
    struct trace uncapped; /* the record, if a fixed pool has cut it */
    struct trace added[SIZE_ADDED];
    struct trace starts, filled; /* --starts, with runs of the record in it */
    struct histories histories;
    struct trials trials;
    struct size_plan plan;
    struct size_study study;
    struct follow follow;                      /* of the recommended maxima */
    struct step_response steps[2][SIZE_POOLS]; /* today, recommended */
    struct levers levers;
    struct window_point windows[WINDOWS];
    size_t study_on; /* histories of these two; 0: not worked out */
    struct gaps gaps[SIZE_POOLS];
    struct burst_peak peaks[SIZE_POOLS];
    struct return_level levels[SIZE_POOLS];
    struct search search;
    bool has_plots;    /* plots/maximum.png is drawn */
    const char *phase; /* for progress */
};

/* Of a struct search, with the job as their context: loads what the options
 * name and makes the histories; searches, proves and studies.
 */
int size_load(void *context, struct err *e);
int size_work_out(void *context, struct err *e);

/* "on number 116 drawn by runs", "on the record in world 0" */
enum { SIZE_WHERE = 64 };
void size_where(const struct histories *h, size_t history,
                char out[SIZE_WHERE]);

/* The answer in one line. */
enum { SIZE_ANSWER = 4096 };
void size_answer(const struct size_job *j, char out[SIZE_ANSWER]);

/* The target of cost_usd that the recommended setting misses, or NULL. No
 * search can mend that: it looks for the cheapest anyway.
 */
const struct scenario_target *size_over_usd(const struct size_job *j);

/* What the answer cannot know, and the pools that it is not about: a line each.
 * Returns how many.
 */
enum { SIZE_NOTES = 4, SIZE_NOTE = 320 };
size_t size_notes(const struct size_job *j, char out[SIZE_NOTES][SIZE_NOTE]);

/* What the words of the output mean. */
void size_print_words(const struct size_job *j, FILE *out);

/* The answer, the table with today's values beside it, the proof. */
void size_print(const struct size_job *j, FILE *out);

/* A row of a pool's table: today's cell and the recommended one.
 * Returns the label; NULL: there are only i rows.
 */
const char *size_row(const struct size_job *j, uint32_t pool, size_t i,
                     char cells[2][SHOW_CELL]);

/* report.md */
void size_report(const struct size_job *j, FILE *out);

/* The same for programs. */
void size_json(const struct size_job *j, FILE *out);

/* Share of all histories of a kind, of which n were tried, that miss at most.
 */
double size_miss_share(const struct size_job *j, enum history_kind kind,
                       uint32_t n);

/* The part about maximum, minimum and guarantee. */
void size_print_proof(const struct size_job *j, FILE *out);

/* Of an answer: how today's and the recommended setting answer a burst. */
void size_step_work(struct size_job *j);
void size_step_print(const struct size_job *j, uint32_t pool, FILE *out);

/* The part about levers and windows. */
void size_print_levers(const struct size_job *j, FILE *out);

/* values.yaml: "amd64_min: 10". */
void size_values(const struct size_job *j, FILE *out);

/* patch.yaml: the objects that change, whole. */
void size_patch(const struct size_job *j, FILE *out);

/* plots/; without gnuplot nothing is drawn, which is a remark. */
int size_draw(struct size_job *j, struct err *e);

/* The pool with the largest demand. */
uint32_t size_busiest(const struct size_job *j);

/* Files of --output. */
int size_write(struct size_job *j, struct err *e);

/* Mean over the recorded worlds, or over the compared histories if a pool has
 * grown; pool NO_INDEX: of all.
 */
struct estimate size_figure(const struct size_job *j, size_t setting,
                            uint32_t pool, size_t figure);

/* How many replications that is. */
uint32_t size_basis(const struct size_job *j);

/* What is to be set for a pool that has an answer. */
const struct size_combo *size_combo_of(const struct size_pool *p);

/* Days that the figures are for. */
double size_days(const struct size_job *j);

bool size_has_answer(const struct size_job *j);

#endif

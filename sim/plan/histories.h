/* histories.h - the histories that a setting has to stand, by number.
 *
 * Models    first the recorded history in n_recorded worlds, then n_each
 *           histories that are drawn by runs, which can pile up as they never
 *           did, then as many that are drawn by calendar days, which keep what
 *           ties the runs of a day together. A number means the same history
 *           whatever else is asked for.
 * Source    resample.h
 */
#ifndef SIM_PLAN_HISTORIES_H
#define SIM_PLAN_HISTORIES_H

#include "sim/plan/resample.h"

#include <stdbool.h>

enum history_kind { HISTORY_RECORDED, HISTORY_RUNS, HISTORY_DAYS };

enum { HISTORIES_MAX = 10000 }; /* of a kind */

/* Starts with histories_make; constant from then on, shared by threads. */
struct histories {
    const struct trace *alone;   /* borrowed; the one source, or NULL */
    struct resampler runs, days; /* owned */
    uint64_t seed;
    uint32_t n_recorded, n_runs, n_days;
};

struct histories_task {
    const struct resample_source *sources; /* the first: origin and span */
    size_t n;                              /* >= 1 */
    uint64_t seed;
    uint32_t n_recorded; /* worlds of the record */
    uint32_t n_each;     /* histories of each kind that is drawn */
};

/* There are none by calendar days if a source lacks a whole day of some kind,
 * and nothing is recorded of a pool that has grown: then n_recorded is 0.
 *
 * Errors    ERR_INPUT: a source without builds. *h is empty then.
 */
int histories_make(struct histories *h, const struct histories_task *task,
                   struct err *e);

/* The record alone, in n worlds; it need not have builds. */
void histories_record(struct histories *h, const struct trace *t, uint64_t seed,
                      uint32_t n);

void histories_free(struct histories *h); /* takes {0}; may repeat */

/* All that was recorded; every history has just its strings. */
const struct trace *histories_recorded(const struct histories *h);

size_t histories_n(const struct histories *h);
enum history_kind history_kind(const struct histories *h, size_t i);

/* What the histories of a kind are drawn by: "runs", "days". */
const char *history_drawn_by(enum history_kind kind);

/* The first number of a kind. */
size_t history_first(const struct histories *h, enum history_kind kind);

/* History i and the world that everything else in it is drawn from.
 *
 * own       takes the trace if it had to be made; freed by the caller
 * Returns own or the record.
 */
const struct trace *history_take(const struct histories *h, size_t i,
                                 struct trace *own, struct random_world *w);

#endif

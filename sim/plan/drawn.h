/* drawn.h - one of the histories of `drydock size` in the place of the record.
 *
 * Models    what size draws a history from: the record, or where a fixed pool
 *           has cut it, the record as if nobody had waited; and the world that
 *           goes with a history's number.
 * Left out  histories of --add, --growth and --starts, which are others.
 */
#ifndef SIM_PLAN_DRAWN_H
#define SIM_PLAN_DRAWN_H

#include "scenarios/scenario.h"
#include "sim/plan/burst_rule.h"

/* The first string of t that names a pool of s with builds; NO_INDEX: none. */
uint32_t drawn_string(const struct scenario *s, const struct trace *t,
                      uint32_t pool);

/* The record as if nobody had waited for a fixed pool.
 *
 * peaks     takes those of each pool that has builds; NULL: not wanted
 * out       empty if no pool has cut the record
 */
void drawn_uncap(struct trace *out, const struct scenario *s,
                 struct burst_peak peaks[]);

/* Gives s that history, its world, and a name of its trace that says so.
 *
 * which     "runs:116" or "days:212"; the number is below HISTORIES_MAX
 * seed      of the size that drew it
 * Errors    ERR_INPUT: which is wrong, or the record lacks a whole day of some
 *           kind. s keeps its record then.
 */
int drawn_take(struct scenario *s, const char *which, uint64_t seed,
               struct err *e);

#endif

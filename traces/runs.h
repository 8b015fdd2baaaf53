/* runs.h - which builds were started together.
 *
 * Models    a run of a workflow as jobs of different names that start close to
 *           one another: a name that comes again, or 15 quiet minutes, begin
 *           the next run.
 * Left out  runs of one workflow that overlap.
 */
#ifndef TRACES_RUNS_H
#define TRACES_RUNS_H

#include "traces/trace.h"

/* Gives every build with a caller a run "caller #k"; t is sorted. */
void runs_guess(struct trace *t);

/* Numbers the runs from 0 on, in the order of their first builds; a build
 * without a run is one by itself.
 *
 * n_strings       more than the index of any run
 * run_of[t->n]    takes the number of each build's run
 * Returns how many there are.
 */
size_t runs_number(const struct trace *t, size_t n_strings, uint32_t run_of[]);

#endif

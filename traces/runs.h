/* runs.h - which builds were started together, where the history does not say.
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

#endif

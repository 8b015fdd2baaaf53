/* merge.h - several imported traces as one. */
#ifndef SIM_APP_MERGE_H
#define SIM_APP_MERGE_H

#include "sim/base/err.h"
#include "traces/trace.h"

/* Adds the builds of more to t, on one clock: the earlier origin of the two.
 * t may be {0}. A build that both have (same id, not empty) is kept once, as
 * the one whose work is known has it, else as more has it.
 *
 * n_again   counts such builds
 * Errors    ERR_INPUT: one has real instants and the other has not; t stays.
 */
int trace_merge(struct trace *t, const struct trace *more, size_t *n_again,
                struct err *e);

#endif

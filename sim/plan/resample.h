/* resample.h - other histories that could have been, made of a recorded one.
 *
 * Models    days: every calendar day is replaced by some whole day of its kind
 *           (Monday to Friday, or weekend), clock times kept; shape of the
 *           day, bursts and their order stay, and the peak cannot rise except
 *           across midnight. runs: the builds that were started together are
 *           one atom with their offsets, pools and work; atoms start by a
 *           Poisson process whose rate is that of the hour of the week, and
 *           can overlap as they never did, so that the peak can rise.
 * Source    bootstrap of calendar blocks; cluster process with thinning
 *           (Lewis, Shedler).
 * Left out  dependence between runs (stacked or superseding ones), growth,
 *           the stationary bootstrap of counts.
 */
#ifndef SIM_PLAN_RESAMPLE_H
#define SIM_PLAN_RESAMPLE_H

#include "sim/base/err.h"
#include "sim/engine/random.h"
#include "traces/trace.h"

enum resample_method { RESAMPLE_DAYS, RESAMPLE_RUNS };

/* A history of the same origin and span.
 *
 * t         sorted; a trace without real instants starts on a Monday
 * w         which one; the same world gives the same history
 * Returns ERR_OK and *out, whose strings have the numbers of those of t, so
 *         that whatever was made for these serves both. Copies keep id and
 *         run of their original. Builds without a run are atoms by themselves.
 * Errors    ERR_INPUT: no builds; for days, no whole day of a kind that is
 *           needed. *out is empty then.
 */
int resample(struct trace *out, const struct trace *t,
             enum resample_method method, const struct random_world *w,
             struct err *e);

enum { RESAMPLE_HOURS = 7 * 24 };

/* Starts of runs an hour, by hour of the week from Monday on: counts over
 * recorded time, both smoothed over five hours with weights 1 2 3 2 1.
 */
void resample_rates(const struct trace *t, double per_h[RESAMPLE_HOURS]);

#endif

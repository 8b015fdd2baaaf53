/* resample.h - other histories that could have been, made of recorded ones.
 *
 * Models    days: every calendar day is replaced by some whole day of its kind
 *           (Monday to Friday, or weekend), clock times kept; shape of the
 *           day, bursts and their order stay, and the peak cannot rise except
 *           across midnight. runs: the builds that were started together are
 *           one atom with their offsets, pools and work; atoms start by a
 *           Poisson process whose rate is that of the hour of the week, and
 *           can overlap as they never did, so that the peak can rise.
 *           Several sources are drawn each by itself and laid over another:
 *           the pool's own record and those of its users to come.
 *           Growth by a factor lays copies over another, the last one thinned
 *           run by run. Copies of a day after the first are another day's, and
 *           their runs move by up to half an hour either way, since no second
 *           run starts at the same instant.
 * Source    bootstrap of calendar blocks; cluster process with thinning
 *           (Lewis, Shedler).
 * Left out  dependence between runs (stacked or superseding ones), what an
 *           hour of the week has to do with the size of its runs, the
 *           stationary bootstrap of counts.
 */
#ifndef SIM_PLAN_RESAMPLE_H
#define SIM_PLAN_RESAMPLE_H

#include "sim/base/err.h"
#include "sim/engine/random.h"
#include "traces/trace.h"

enum resample_method { RESAMPLE_DAYS, RESAMPLE_RUNS };

enum { RESAMPLE_HOURS = 7 * 24, RESAMPLE_GROWTH = 100 };

struct resample_source {
    const struct trace *trace; /* borrowed; sorted; a trace without real
                                  instants starts on a Monday */
    double growth; /* > 0, <= RESAMPLE_GROWTH; 1: as many runs as recorded */
};

/* Starts with resampler_make; constant from then on, shared by threads. */
struct resampler {
    struct trace merged; /* owned; see below */
    enum resample_method method;
    struct resample_part *parts; /* owned; one a source */
    size_t n_parts;
};

/* Prepares to draw from n >= 1 sources; the first gives origin and span.
 *
 * merged        all that was recorded, as one trace: builds of the first
 *               source, and those of the others moved by whole weeks into its
 *               span, cut at its end. The strings of the first source keep
 *               their numbers, and every history has just these strings: what
 *               was made for them (system_new) serves all.
 * Errors        ERR_INPUT: a source without builds; for days, one without a
 *               whole day of a kind that is needed. *r is empty then.
 */
int resampler_make(struct resampler *r, const struct resample_source *sources,
                   size_t n, enum resample_method method, struct err *e);
void resampler_free(struct resampler *r); /* takes {0}; may repeat */

/* As source i was given, and how often its runs start. */
double resampler_growth(const struct resampler *r, size_t i);
const double *resampler_rates(const struct resampler *r, size_t i);

/* Runs of the first source start, hour of the week by hour, as often as those
 * of a history that is known for longer: only when its runs begin counts. What
 * a run asks for is still drawn from the source. Before the first draw.
 */
void resampler_take_starts(struct resampler *r, const struct trace *starts);

/* A history of those very starts, each with a run drawn from the first source;
 * it has the strings of every other history.
 */
void resample_on_starts(struct trace *out, const struct resampler *r,
                        const struct trace *starts,
                        const struct random_world *w);

/* A history of the origin and span of the first source.
 *
 * w         which one; the same world gives the same history. The runs drawn
 *           at a lower growth are among those drawn at a higher one.
 * Builds keep id and run of their original. Builds without a run are atoms by
 * themselves.
 */
void resample_history(struct trace *out, const struct resampler *r,
                      const struct random_world *w);

/* One history of one trace, at growth 1; errors as above, *out empty then. */
int resample(struct trace *out, const struct trace *t,
             enum resample_method method, const struct random_world *w,
             struct err *e);

/* Starts of runs an hour, by hour of the week from Monday on: counts over
 * recorded time, both smoothed over five hours with weights 1 2 3 2 1.
 */
void resample_rates(const struct trace *t, double per_h[RESAMPLE_HOURS]);

#endif

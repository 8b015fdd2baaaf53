/* sweep_out.h - everything about one `drydock sweep`, for those who print it.
 */
#ifndef SIM_APP_SWEEP_OUT_H
#define SIM_APP_SWEEP_OUT_H

#include "plots/pareto.h"
#include "sim/app/search.h"
#include "sim/plan/sweep_judge.h"

struct sweep_job {
    const struct options *options; /* borrowed */
    struct scenario scenario;
    struct sweep sweep;
    struct histories histories; /* the record */
    struct trials trials;
    struct sweep_verdict verdict;
    double within_pct; /* that the mean costs should be known to; 0: as is */
    struct search search;
};

/* The answer in one line. */
enum { SWEEP_ANSWER = 4096 };
void sweep_answer(const struct sweep_job *j, char out[SWEEP_ANSWER]);

/* The table on standard output: the front and today's setting, or all settings
 * if they are few.
 */
void sweep_print(const struct sweep_job *j, FILE *out);

/* sweep.csv: a row a setting that is done, today's first. */
void sweep_csv(const struct sweep_job *j, FILE *out);

/* The lines of plots/pareto.*, which need the scenario alone: the bound that
 * no setting beats and the fixed pools, over the waits of in's points.
 */
enum { SWEEP_FIXED = 64 };
void sweep_baselines(const struct scenario *s, struct pareto_input *in,
                     struct pareto_fixed fixed[SWEEP_FIXED]);

/* plots/pareto.*; without gnuplot nothing is drawn, which is a remark. */
int sweep_draw(const struct sweep_job *j, struct err *e);

/* Files of the sweep; what is not drawn is no reason to write no figures. */
int sweep_write(const struct sweep_job *j, struct err *e);

#endif

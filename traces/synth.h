/* synth.h - a calibrated generator of histories like those of a PyTorch-scale
 * docker-build pool.
 *
 * Models    runs as a non-homogeneous Poisson process with weekday and hour
 *           weights, stacked runs, whole matrices of builds with start skew,
 *           image sizes, cancelled runs, failing builds, nightly and weekly
 *           runs.
 * Source    published peaks: 14 days 105 amd64 and 8 arm64, about 70 days 180
 *           and 13 (pytorch/ci-infra, pull request 724).
 */
#ifndef TRACES_SYNTH_H
#define TRACES_SYNTH_H

#include "sim/base/err.h"
#include "traces/trace.h"

#include <stdio.h>

/* Every parameter has one row in the table of synth.c, which parses, checks
 * and documents it.
 */
struct synth_params {
    uint64_t seed;
    sim_us from_us; /* first instant, since 1970, UTC */
    double days;
    double runs_per_day;
    double weekday_weight[7]; /* Monday first, mean 1 */
    double hour_weight[24];   /* UTC, mean 1 */
    double stack_frac;        /* probability of one more run together */
    double weekly_run;        /* 1: Wednesday 03:01 UTC, 0: none */
    double amd64_per_run, arm64_per_run;
    double extra_frac; /* share of runs that bring the extra builds */
    double extra_amd64, extra_arm64;
    double skew_s; /* start skew inside a run, uniform 0 to this */
    double work_median_s, work_sigma, work_min_s, work_max_s;
    double arm64_factor;
    double cancel_frac, cancel_age_s;
    double error_frac;
    double nightly_min, nightly_max; /* release builds once a day */
    double nightly_median_s;
};

/* The calibrated defaults. */
void synth_defaults(struct synth_params *p);

/* Sets one parameter from "key=value".
 * Errors    ERR_INPUT: unknown key (with the nearest one) or out of range.
 */
int synth_set(struct synth_params *p, const char *assignment, struct err *e);

/* Prints the table: key, unit, range, default, meaning. */
void synth_help(FILE *out);

/* Makes a trace, marked as synthetic; empty on error. */
int trace_synth(struct trace *t, const struct synth_params *p, struct err *e);

#endif

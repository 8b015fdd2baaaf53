/* options.h - the options that every command on a scenario takes. */
#ifndef SIM_APP_OPTIONS_H
#define SIM_APP_OPTIONS_H

#include "scenarios/scenario.h"
#include "sim/app/app.h"

enum {
    OPTION_SETS = 256, /* --set, at most */
    OPTION_PATHS = 64  /* --manifests, at most */
};

/* Borrows from argv. Starts from options_defaults. */
struct options {
    const char *scenario; /* the one argument */
    const char *trace;    /* NULL: as the scenario says; so too manifests */
    const char *drawn;    /* of `run` and `explain`; NULL: the record */
    const char *manifests[OPTION_PATHS];
    size_t n_manifests;
    const char *sets[OPTION_SETS];
    size_t n_sets;
    const char *out; /* NULL: no files */
    uint64_t seed;
    uint32_t n_reps, n_threads;
    bool json, quiet;
    bool no_plots; /* of commands that draw */
    /* Of `run` only; "" is the usual name in the folder of out. */
    const char *openmetrics, *perfetto; /* NULL: not wanted */
    bool events, timing;
};

/* Seed 1, one replication, as many threads as the machine has cores. */
void options_defaults(struct options *o);

/* One of these is to be a child of a command's argp, with struct options as its
 * input: the argument SCENARIO, which must be given, and what every command on
 * it takes; the same with --json, with --output, with both.
 */
extern const struct argp options_argp;
extern const struct argp options_json_argp;
extern const struct argp options_output_argp;
extern const struct argp options_results_argp;

/* Another child, with the same input, of a command that has replications and
 * draws: --reps, --threads, --no-plots.
 */
extern const struct argp options_runs_argp;

/* Of the commands that play one history; its argument goes to drawn. */
#define OPTIONS_DRAWN(KEY)                                                     \
    {                                                                          \
        .name = "drawn", .key = KEY, .arg = "runs:N|days:N",                   \
        .doc = "that history of 'drydock size' with the same seed, in its "    \
               "world, in place of the record"                                 \
    }

/* Loads the scenario that the options describe; see scenario_load. */
int options_load(const struct options *o, struct scenario *s, struct err *e);

#endif

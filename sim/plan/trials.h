/* trials.h - settings against histories: each pair is run once and kept.
 *
 * Models    a table of what came out, by setting and history. Whoever decides
 *           asks for a batch of pairs; those that are not there yet are dealt
 *           out to the parts of the search (ranks of ranks.h, or copies of the
 *           program that share a folder) and in each to its threads. Every
 *           part has the whole table in the end. Decisions see the table only,
 *           so that they do not depend on the number of threads or parts, nor
 *           on what an earlier, interrupted run had left behind.
 * Left out  the figures of measure.h, which take longer than they are worth
 *           in a search.
 */
#ifndef SIM_PLAN_TRIALS_H
#define SIM_PLAN_TRIALS_H

#include "models/system.h"
#include "scenarios/scenario.h"
#include "sim/plan/histories.h"

enum { TRIALS_SETTINGS = 20000, TRIALS_SETS = 320, TRIALS_SET = 640 };

/* What a run comes to in one pool: first the figures of the targets, in the
 * order of enum scenario_goal.
 */
enum trial_figure {
    TRIAL_REGRETTED = GOALS, /* removals a day */
    TRIAL_BUILDS,
    TRIAL_WAIT_H, /* hours that builds waited, of all builds together */
    TRIAL_DEMAND_PEAK,
    TRIAL_REPLICAS_PEAK,
    TRIAL_POD_H,
    TRIAL_NODE_H,
    TRIAL_CHURN,         /* replicas added and removed */
    TRIAL_NODES_STARTED, /* both a day */
    TRIAL_COLD_FRAC,     /* of builds: first of their pod */
    TRIAL_WARM_FRAC,     /* on a node that built within the last hour */
    TRIAL_CAUSE,         /* hours waited by what for, as in enum wait_cause */
    TRIAL_FIGURES = TRIAL_CAUSE + WAIT_CAUSES
};

struct trial {
    double at[TRIAL_FIGURES];
};

struct trials_setting {
    uint64_t hash; /* of the key */
    char *key;     /* owned; its sets, a line each; "": as it is */
    struct trials_run {
        struct trial *pools; /* owned; NULL: not run */
        bool wanted;         /* by the batch that is being run */
    } * runs;                /* owned; by history */
};

/* Starts with trials_init. */
struct trials {
    const struct scenario *base; /* borrowed, as all of these */
    const struct histories
        *histories; /* their strings are those of its pool_of */
    uint32_t n_threads;
    void *context;
    /* After each run, by one thread at a time; or NULL. */
    void (*on_done)(void *context, size_t n_done, size_t n_batch);
    /* Asked before each run, by any thread; true: no further runs. Or NULL. */
    bool (*should_stop)(void *context);
    uint32_t part, n_parts;   /* this copy of the program, and all of them */
    struct trials_file *file; /* owned; see trials_file.h; or NULL */
    struct trials_setting *settings; /* owned */
    size_t n, cap;
    size_t n_runs; /* done since the start, by all parts */
    size_t n_batch, n_batch_done;
    bool is_stopped; /* should_stop has ended the last batch */
    bool is_lost;    /* a rank did not come; nothing can be shared any more */
};

/* One part, or as many as there are ranks. */
void trials_init(struct trials *t, const struct scenario *base,
                 const struct histories *h);
void trials_free(struct trials *t); /* takes {0}; may repeat */

/* The number of a setting, made if it is new.
 *
 * set[n]    "KEY=VALUE" of fewer than TRIALS_SET bytes, or what no parameter
 *           says: "@cron POOL REPLICAS START|END", a further trigger, and
 * "@metrics_down FROM UNTIL", in seconds since the origin, for all pools;
 *           n <= TRIALS_SETS
 * Errors    ERR_INPUT as scenario_vary; *setting is not touched then.
 */
int trials_setting(struct trials *t, const char *const set[], size_t n,
                   size_t *setting, struct err *e);

/* The same for sets that scenario_vary has taken, all of them plain. */
size_t trials_setting_tried(struct trials *t, const char *const set[],
                            size_t n);

/* The scenario with the setting's sets; freed by the caller. */
void trials_scenario(const struct trials *t, size_t setting,
                     struct scenario *out);

struct trial_pair {
    size_t setting, history;
};

/* Runs what is not known of pairs[n]; all parts ask for the same.
 *
 * Errors    ERR_IO: "interrupted", if should_stop said so; the file cannot be
 *           written; another part does not bring its runs. What is done is
 *           kept.
 */
int trials_run(struct trials *t, const struct trial_pair pairs[], size_t n,
               struct err *e);

/* Gives what rank 0 has found (trials_file.h) to the other ranks, which must
 * have made the same table; call it before the first run, on all ranks.
 *
 * Errors    ERR_INPUT: a rank has another scenario, trace, seed or version of
 *           the program, with its number; ERR_IO.
 */
int trials_meet(struct trials *t, struct err *e);

/* What came out, by pool; NULL: not run. */
const struct trial *trials_at(const struct trials *t, size_t setting,
                              size_t history);

/* Sum over all pools; of waits the longest. */
double trials_total(const struct trials *t, size_t setting, size_t history,
                    size_t figure);

/* Adds a run that is known from elsewhere; takes a copy of x[pools]. */
void trials_keep(struct trials *t, size_t setting, size_t history,
                 const struct trial x[]);

#endif

/* replicate.h - independent replications of one experiment, on many threads.
 *
 * Models    n replications of the same parameters and trace; replication r
 *           draws from the world (seed, world + r). They are dealt out to the
 *           threads as these come free, and stored by their number, so that
 *           results do not depend on the number of threads.
 * Source    Law, "Simulation Modeling and Analysis", section 9.4: terminating
 *           simulations, one figure a replication.
 */
#ifndef SIM_PLAN_REPLICATE_H
#define SIM_PLAN_REPLICATE_H

#include "scenarios/scenario.h"
#include "sim/plan/figures.h"

enum { REPLICATE_MAX = 10000, REPLICATE_THREADS = 256 };

/* Looks on while replication 0 runs, on whichever thread that is. */
struct replicate_watch {
    void *context;
    void (*on_begin)(void *context, const struct system *s);
    void (*on_note)(void *context, const struct note *n);        /* or NULL */
    void (*on_row)(void *context, const struct timeline_row *r); /* or NULL */
    void (*on_end)(void *context, const struct system *s);
    /* As in struct system_observer, or NULL. */
    void (*on_span)(void *context, sim_us from_us, sim_us until_us);
};

/* Everything is borrowed. */
struct replicate_task {
    const struct system_params *params;
    const struct trace *trace;
    const uint32_t *pool_of, *caller_of; /* as system_new takes them */
    uint64_t seed, world; /* replication r draws from (seed, world + r) */
    uint32_t n_reps;      /* 1 to REPLICATE_MAX */
    uint32_t n_threads;   /* 1 to REPLICATE_THREADS; fewer if refused */
    bool measures; /* also the figures from FIG_MEASURED on; else they are 0 */
    const struct replicate_watch *watch; /* or NULL */
    const struct scaler_link *link; /* scales from outside; n_reps is 1 then */
    /* Called after each replication, by one thread at a time; or NULL. */
    void (*on_done)(void *context, uint32_t n_done);
    void *done_context;
};

/* One replication of a scenario, on one thread, and nobody looks on. */
struct replicate_task replicate_task_of(const struct scenario *s,
                                        uint64_t seed);

/* Starts from {0}. */
struct replications {
    struct pool_figures *figures; /* owned; pools of replication 0, then 1 */
    uint32_t n_reps;
    size_t n_pools;
    uint64_t events;   /* of all replications */
    sim_us horizon_us; /* the same in all */
};

void replicate(struct replications *out, const struct replicate_task *task);

void replications_free(struct replications *r);

/* Mean over replications, with the half-width of its 95 % interval; that is 0
 * for one replication, which has none.
 */
struct estimate {
    double mean, half_width;
};
struct estimate estimate_of(const struct replications *r, size_t pool,
                            enum figure figure);

/* The same for the sum over all pools. */
struct estimate estimate_total(const struct replications *r,
                               enum figure figure);

#endif

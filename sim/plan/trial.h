/* trial.h - one short replication: a part of a history, or a made-up burst,
 * and the few figures by which hazards_try.h judges it.
 *
 * Models    the scenario's own system without its faults.
 * Left out  everything before the part: it begins with the pools as they
 *           stand at the start of the history, and they settle after it.
 */
#ifndef SIM_PLAN_TRIAL_H
#define SIM_PLAN_TRIAL_H

#include "scenarios/scenario.h"

enum {
    TRIAL_BUILDS = 2000,    /* of a day at most: it should take no time */
    TRIAL_BURST = 600,      /* of a burst, all pools together */
    TRIAL_PODS = 1000,      /* at the start; with more nothing is tried */
    TRIAL_EVENTS = 1000000, /* of the day; with more nothing else is tried */
    TRIAL_SAMPLES = 27 * 60 /* a day and what follows, minute by minute */
};

/* What is to be served. Times are since its own start. */
struct trial_load {
    struct trace trace; /* its builds are owned, its strings borrowed */
    sim_us start_us;    /* of time 0, in the history */
    sim_us peak_us;     /* most builds would be in service at once */
    sim_us settle_us;   /* simulated after the last one is asked for */
    sim_us patience_us; /* a job has this at most; SIM_NEVER: its own limit */
};

/* Pods that stand when the history begins. */
uint64_t trial_pods(const struct scenario *s);

/* The busiest day of the history: 24 h around its peak of demand, less if
 * there are more than TRIAL_BUILDS or many pods, which take more time.
 */
void trial_busiest(struct trial_load *l, const struct scenario *s);

/* As many builds at once as each pool may have pods, of ten minutes each; no
 * pool has more than its part of TRIAL_BURST. Jobs end after twenty minutes.
 */
void trial_burst(struct trial_load *l, const struct scenario *s);

/* Next to nothing: a build of a second for each pool. */
void trial_idle(struct trial_load *l, const struct scenario *s);

void trial_load_free(struct trial_load *l);

/* A pool as a scrape sees it. */
struct trial_sample {
    int32_t sessions, queue, wanted, ready, reachable;
};

struct trial_pool {
    double waiting_s; /* builds times seconds without a slot */
    double unseen_s;  /* of these, not in the balancer's queue */
    double lost_s;    /* no server, and a ready pod */
    double gone_s;    /* no server, after watch_us */
    int32_t wanted_least, wanted_most; /* in [watch_us, watch_us + 150 s) */
    int32_t wanted_peak, wanted_floor; /* of the whole run */
    uint64_t builds, gave_up, kills, regretted;
    int64_t removed;
    uint64_t fingerprint; /* equal if the pool's states are, one by one */
    struct trial_sample samples[TRIAL_SAMPLES];
};

struct trial {
    struct trial_pool *pools; /* owned */
    size_t n_pools, n_samples;
    uint64_t events;
};

/* Runs it. p is s->system or a variant of it; its faults are those given.
 *
 * watch_us  from when on some of the figures count
 */
void trial_run(struct trial *t, const struct trial_load *l,
               const struct scenario *s, const struct system_params *p,
               uint64_t seed, sim_us watch_us);

void trial_free(struct trial *t);

#endif

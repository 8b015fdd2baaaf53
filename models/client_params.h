/* client_params.h - what a caller's job decides about its build clients.
 *
 * Source    as in client.h; attempts and delays of the shell loops around it.
 */
#ifndef MODELS_CLIENT_PARAMS_H
#define MODELS_CLIENT_PARAMS_H

#include "sim/engine/dist.h"

#include <stdbool.h>

enum client_tool { CLIENT_BUILDX, CLIENT_BUILDCTL };

enum client_retry {
    CLIENT_RETRY_OLD, /* no slot, any cut, and an error after waiting */
    CLIENT_RETRY_NEW, /* only an attempt that never started to build */
    CLIENT_RETRY_ANY, /* every failure */
    CLIENT_RETRY_NONE /* nothing */
};

struct client_params { /* one caller */
    enum client_tool tool;
    enum client_retry retry;
    uint32_t attempts;         /* >= 1 */
    sim_us delay_us;           /* sleep between attempts, constant */
    sim_us job_timeout_us;     /* set-up included; SIM_NEVER: none */
    sim_us setup_us;           /* start of the job to its first dial */
    uint32_t reruns;           /* jobs that failed are run again, at most */
    struct dist rerun_delay;   /* failure to the start of the next job */
    sim_us wait_budget_us;     /* buildx: wait after a failed probe */
    sim_us poll_us;            /* buildx: polls while it waits, > 0 */
    sim_us first_gap_us;       /* buildx: first loss to the second dial */
    struct dist redial_gap;    /* buildx: a later loss to the next dial */
    sim_us connect_timeout_us; /* silence that ends one dial */
    sim_us connect_ok_us;      /* served to connected */
    sim_us launch_us, exit_us; /* to the first dial of a repeated attempt; */
                               /* from its end: together the overhead */
    double error_retry_frac;   /* old: errors whose output looks retryable */
    bool create_dials;         /* buildx: registering the builder dials too */
    double silent_frac;        /* builds that are silent for a while */
    double silence_frac;       /* and how long, as a part of their work */
};

/* Defaults of docker-builds (buildx, 360 x 15 s, old, 240 min), or with
 * CLIENT_BUILDCTL of the integration test (45 x 15 s, any, no timeout).
 */
void client_defaults(struct client_params *p, enum client_tool tool);

#endif

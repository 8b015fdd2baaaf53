/* system_result.h - what one replication comes to: builds, pools, and the state
 * of a pool between two events.
 */
#ifndef MODELS_SYSTEM_RESULT_H
#define MODELS_SYSTEM_RESULT_H

#include "sim/engine/tally.h"

#include <stdbool.h>

/* How a build ended. Every build has exactly one of these. */
enum build_end {
    END_UNFINISHED, /* still waiting or running at the horizon */
    END_SERVED,     /* its work was done, well or with its own error */
    END_GAVE_UP,    /* out of attempts */
    END_KILLED,     /* its pod was killed and the client did not retry */
    END_CUT,        /* its connection was cut and the client did not retry */
    END_TIMED_OUT,  /* the job's own limit */
    END_LEFT,       /* cancelled by its owner, as the trace says */
    END_KINDS
};

/* The life of one build in figures; times since the trace's origin, or
 * SIM_NEVER.
 */
struct build_result {
    sim_us first_dial_us;
    sim_us waited_us; /* time without a slot, over all attempts; of a build
                         that never waited 0 */
    sim_us served_us; /* slot of the attempt that ended it, else the last */
    sim_us end_us;
    uint32_t attempts; /* tries of the client's loop */
    uint32_t dials;
    uint32_t pod, node; /* of the last slot; NO_INDEX */
    uint8_t end;        /* enum build_end */
    bool counted;       /* asked for at or after the warm-up */
    bool cold;          /* first build of its pod */
};

/* One point of the step functions of one pool. */
struct pool_state {
    int32_t demand;    /* infinite-server demand of the trace */
    int32_t waiting;   /* builds asked for and without a slot */
    int32_t running;   /* builds that hold a slot */
    int32_t sessions;  /* as the balancer reports them: what the scaler sees */
    int32_t queue;     /* as the balancer reports it */
    int32_t wanted;    /* spec.replicas */
    int32_t pending;   /* pods without a node */
    int32_t starting;  /* pods on a node, not ready */
    int32_t ready;     /* pods that are ready and not draining */
    int32_t draining;  /* pods being deleted */
    int32_t reachable; /* pods the balancer knows */
    int32_t nodes;     /* billed nodes */
};

enum { POOL_LEVELS = sizeof(struct pool_state) / sizeof(int32_t) };

struct timeline_row {
    sim_us at_us;
    uint32_t pool;
    struct pool_state state;
    double usd_per_h;
};

/* What a waiting build waits for. The pods that are closest to being of use are
 * counted for the builds first; a build beyond all pods waits for the scaler.
 */
enum wait_cause {
    WAIT_SLOT,     /* queued by the balancer although a pod is idle */
    WAIT_ASLEEP,   /* a pod is idle, the client is between two dials */
    WAIT_NAME,     /* a pod is ready, the balancer does not know it yet */
    WAIT_POD,      /* a pod starts on its node */
    WAIT_NODE,     /* a node is on its way */
    WAIT_BATCH,    /* a pod fits nowhere and no node is asked for yet */
    WAIT_CAPACITY, /* the cloud has no node to give */
    WAIT_SCALER,   /* no pod is wanted for it: not seen, or tolerated */
    WAIT_MAXIMUM,  /* no pod may be wanted for it */
    WAIT_CAUSES
};

/* Sums over one pool; levels run over the window [warm_up, horizon]. */
struct pool_result {
    struct level levels[POOL_LEVELS]; /* in the order of struct pool_state */
    struct level idle;                /* ready pods without a build */
    level_area waits[WAIT_CAUSES];    /* builds times microseconds */
    uint64_t kills, cuts; /* builds that lost their pod, their connection;
                             also those whose client tried again */
    uint64_t ends[END_KINDS], builds, cold, attempts_max;
    uint64_t pods_started, pods_never_ready, nodes_started;
    uint64_t regretted; /* removals wanted back within the break-even time */
    int64_t removed, added; /* replicas, summed over changes of wanted */
    double cost_usd;
};

const char *build_end_name(enum build_end end);

/* As a report has it, "a node on its way". */
const char *wait_cause_name(enum wait_cause cause);

#endif

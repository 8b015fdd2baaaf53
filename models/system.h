/* system.h - one replication of the whole loop.
 *
 * Models    clients, balancer, pods, scaler, nodes: owns every entity and
 *           carries each model's decision to the next. Equal times run in the
 *           order of enum event_kind: the world moves before it is observed,
 *           observation before control.
 */
#ifndef MODELS_SYSTEM_H
#define MODELS_SYSTEM_H

#include "models/system_params.h"
#include "sim/engine/random.h"
#include "sim/engine/tally.h"
#include "traces/trace.h"

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

/* What happened, for people and for tests: one note an occurrence. */
enum note_kind {
    NOTE_ASKED,
    NOTE_DIAL,
    NOTE_REFUSED,     /* no balancer listens */
    NOTE_TURNED_AWAY, /* the balancer has no usable server */
    NOTE_QUEUED,
    NOTE_SILENT, /* the pod that the balancer chose does not answer */
    NOTE_SERVED,
    NOTE_CLOSED, /* by the balancer */
    NOTE_HUNG_UP,
    NOTE_LOST, /* its pod ends under it */
    NOTE_WORK,
    NOTE_FAILED, /* the build's own error */
    NOTE_END,
    NOTE_POD_SETTLED, /* from before the history */
    NOTE_POD_CREATED,
    NOTE_POD_PLACED, /* meant for a node that is there or to come */
    NOTE_POD_BOUND,
    NOTE_POD_STARTED,
    NOTE_POD_READY,
    NOTE_POD_KNOWN, /* to the balancer */
    NOTE_POD_EVICTED,
    NOTE_POD_OUTDATED, /* deleted for its template */
    NOTE_POD_DELETED,
    NOTE_POD_LOOK, /* of its drain script; b idle ones in a row */
    NOTE_POD_TERM,
    NOTE_POD_GONE,
    NOTE_NODE_CLAIMED,
    NOTE_NODE_REFUSED,
    NOTE_NODE_LAUNCHED,
    NOTE_NODE_PAID,
    NOTE_NODE_REGISTERED,
    NOTE_NODE_READY,
    NOTE_NODE_LATE,
    NOTE_NODE_EXPIRED,
    NOTE_NODE_MARKED,
    NOTE_NODE_TERMINATED, /* b 1: lost at once */
    NOTE_NODE_UNPAID,
    NOTE_SCALE,
    NOTE_METRIC_LOST,
    NOTE_FAULT,
    NOTE_KINDS
};

/* a and b depend on the kind: build and session, pod and node, old and new
 * count; note_print knows.
 */
struct note {
    sim_us at_us;
    enum note_kind kind;
    uint32_t pool, a, b;
};

struct system_observer {
    void *context;
    void (*on_note)(void *context, const struct note *n);        /* or NULL */
    void (*on_row)(void *context, const struct timeline_row *r); /* or NULL */
};

struct system;

/* A system for one scenario and trace; both are borrowed and outlive it.
 *
 * pool_of[i]   pool index of trace string i, or NO_INDEX (scenarios/ makes
 *              it; every build's pool must have one)
 * caller_of[i] caller index of trace string i (0 if unnamed)
 */
struct system *system_new(const struct system_params *p, const struct trace *t,
                          const uint32_t *pool_of, const uint32_t *caller_of);

/* Runs one replication from its start to the horizon: until every build has
 * ended and the pool has settled, at most `drain` after the trace's end.
 */
void system_run(struct system *s, const struct random_world *w,
                const struct system_observer *o);

/* Results of the last run; borrowed, valid until the next one. */
const struct build_result *system_builds(const struct system *s);
const struct pool_result *system_pool(const struct system *s, size_t pool);

/* Builds of the pool by what they wait for, WAIT_CAUSES of them; whenever it
 * changes there is an on_row, in which this is valid.
 */
const int32_t *system_waits_for(const struct system *s, size_t pool);
sim_us system_horizon_us(const struct system *s);
uint64_t system_events(const struct system *s);

/* Bytes of state held. */
size_t system_memory(const struct system *s);

void system_free(struct system *s);

/* A note in words, without a newline: seconds since the origin, pool, what. */
void note_print(const struct system *s, const struct note *n, char out[256]);

const char *build_end_name(enum build_end end);

/* As a report has it, "a node on its way". */
const char *wait_cause_name(enum wait_cause cause);

/* As the scenario's list of faults has it, "lb_restart". */
const char *fault_name(enum fault_kind kind);

#endif

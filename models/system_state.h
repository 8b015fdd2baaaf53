/* system_state.h - the entities of one replication. Used by models/system*.c
 * and by no one else.
 */
#ifndef MODELS_SYSTEM_STATE_H
#define MODELS_SYSTEM_STATE_H

#include "models/karpenter_disrupt.h"
#include "models/karpenter_launch.h"
#include "models/karpenter_node.h"
#include "models/karpenter_solve.h"
#include "models/lb_process.h"
#include "models/system.h"
#include "models/system_build.h"
#include "models/system_event.h"
#include "models/system_pod.h"
#include "models/system_pool.h"
#include "models/system_retries.h"
#include "models/system_routes.h"
#include "sim/base/members.h"
#include "sim/engine/fel.h"

#include <assert.h>

enum { SLOT_BITS = 16 }; /* LB_SLOTS is 1 << 16 */

struct sys_node {
    struct kubelet kubelet;
    bool billed, lost;
    sim_us away_until_us; /* cut off from the control plane before this */
    uint32_t replaces;    /* drifted node that waits for this claim, or none */
    uint32_t n_replacements; /* claims that a drifted node waits for */
    uint32_t ordinal;   /* of its node pool's claims: identity of its draws */
    uint32_t view;      /* scratch of the scheduler */
    uint32_t first_pod; /* on it, by pool and then by age */
};

struct system {
    const struct system_params *p;
    const struct trace *t;
    const uint32_t *pool_of, *caller_of;
    struct random_world world;
    struct system_observer observer;
    const struct scaler_link *link; /* borrowed; NULL: the models scale */
    struct fel *fel;
    sim_us now_us, window_us; /* figures are closed at window_us */
    enum event_kind now_kind;
    bool window_over;
    uint64_t n_solves, n_foreign;
    uint32_t n_leaders; /* Karpenter's, in turn */

    struct build_result *results; /* owned; t->n */
    struct sys_build *builds;     /* owned; as many as are open at once */
    size_t n_builds, cap_builds;
    uint32_t free_build;  /* the first place that no build has, or NO_INDEX */
    uint32_t *place_of;   /* owned; by build, in builds; or NO_INDEX */
    uint32_t *job_end_of; /* owned; by caller: build whose limit is planned */
    size_t next_build, n_open; /* n_open: asked for and not ended */
    struct sys_pool *pools;    /* owned; p->n_pools */
    uint32_t *changed; /* owned; pools that are not as in their last row */
    size_t n_changed;
    struct members pending;   /* pools of which a pod waits for a node */
    struct sys_routes routes; /* which pools and backends go together */
    struct sys_pods pods;
    struct sys_node *nodes; /* owned; parallel to karpenter's */
    size_t n_nodes, cap_nodes;
    struct lb lb;     /* the balancer process that takes dials */
    struct lb *old;   /* owned; by number, those that it has replaced */
    uint32_t process; /* number of the present one */
    size_t cap_old;
    struct dns *dns;           /* owned; by backend */
    uint32_t *pool_on_backend; /* owned; by backend, first pool or none */
    sim_us *answer_us;         /* owned; by backend: planned answer */
    struct sys_retries retries;
    uint32_t *scratch; /* owned; pods of one answer */
    size_t cap_scratch;
    struct sched_node *views;   /* owned; nodes as the scheduler sees them */
    uint32_t *view_node;        /* owned; their indices */
    struct rs_pod_view *ranked; /* owned */
    size_t cap_views, cap_view_node, cap_ranked;
    struct rs_bucket bucket;
    struct karp karp;
    sim_us batch_at_us, disrupt_at_us;
    uint32_t n_claims[KARP_POOLS];
    struct karp_pod *unplaced; /* owned; pods of a solve */
    size_t cap_unplaced;
    bool nodes_touched, batch_touched; /* Karpenter is to be asked when next */
    uint64_t n_touches;                /* of nodes */
    uint64_t way_counted;              /* as of that many of them: */
    int32_t on_the_way[KARP_POOLS];    /* pods that nodes to come are for */
    bool watches_budgets;              /* a disruption may wait for one */
    uint32_t faults_on[FAULT_KINDS];
};

static inline uint32_t sys_pool_of(const struct system *s, size_t build)
{
    return s->pool_of[s->t->builds[build].pool];
}

/* It has been asked for and has not ended. */
static inline bool sys_is_open(const struct system *s, uint32_t build)
{
    return s->place_of[build] != NO_INDEX;
}

/* Of a build that is open. The address holds until a build is asked for. */
static inline struct sys_build *sys_build(const struct system *s,
                                          uint32_t build)
{
    assert(sys_is_open(s, build));
    return &s->builds[s->place_of[build]];
}

/* It is planned or there, and not gone. */
static inline bool sys_pod_is_there(const struct system *s, uint32_t pod)
{
    return s->pods.at[pod] < POD_LEFT;
}

/* Of a pod that is there. The address holds until a pod is planned. */
static inline struct sys_pod *sys_pod(const struct system *s, uint32_t pod)
{
    assert(sys_pod_is_there(s, pod));
    return &s->pods.records[s->pods.at[pod]];
}

/* The node of any pod that there ever was, or NO_INDEX. */
static inline uint32_t sys_pod_node(const struct system *s, uint32_t pod)
{
    uint32_t at = s->pods.at[pod];

    if (at < POD_LEFT)
        return s->pods.records[at].node;
    return at == UINT32_MAX ? NO_INDEX : at - POD_LEFT;
}

/* The pool has a row to show at the end of this instant. */
static inline void sys_changed(struct system *s, uint32_t pool)
{
    if (s->pools[pool].has_changed)
        return;
    s->pools[pool].has_changed = true;
    s->changed[s->n_changed++] = pool;
}

#endif

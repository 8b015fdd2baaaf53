/* system_state.h - the entities of one replication. Used by models/system*.c
 * and by no one else.
 */
#ifndef MODELS_SYSTEM_STATE_H
#define MODELS_SYSTEM_STATE_H

#include "models/karpenter_disrupt.h"
#include "models/karpenter_launch.h"
#include "models/karpenter_node.h"
#include "models/karpenter_solve.h"
#include "models/system.h"
#include "models/system_build.h"
#include "models/system_event.h"
#include "models/system_pool.h"
#include "sim/engine/fel.h"

enum { SLOT_BITS = 16 }; /* LB_SLOTS is 1 << 16 */

enum pod_phase {
    POD_PLANNED,  /* the ReplicaSet has asked for it */
    POD_PENDING,  /* exists, no node */
    POD_BINDING,  /* has its node's room */
    POD_STARTING, /* on its node, container not running */
    POD_RUNNING,  /* container runs; ready or not */
    POD_STOPPING, /* after SIGTERM: takes no connection */
    POD_GONE
};

struct sys_pod {
    uint32_t set;        /* template that it is made from */
    uint32_t pool, node; /* node: NO_INDEX before it is chosen */
    uint32_t place;   /* the node that the last solve meant it for, or none */
    uint32_t ordinal; /* of the pool's pods: identity of its draws */
    uint32_t generation; /* of its planned events */
    uint32_t prev, next; /* live pods of the pool, in order of creation */
    uint32_t first_build, n_builds, n_served;
    uint32_t n_working; /* of its builds */
    enum pod_phase phase;
    bool ready, terminating;
    bool noticed;     /* the provisioner is told that it fits nowhere */
    bool awaits_idle; /* its drain script looks, but it is busy */
    bool known, shown; /* to the balancer: has a slot; in its answers */
    sim_us created_us, deleted_us, started_us, ready_us;
    sim_us listed_us, withdrawn_us; /* in the EndpointSlice */
    uint64_t uid;
    struct drain drain;
};

struct sys_node {
    struct kubelet kubelet;
    bool billed, lost;
    uint32_t replaces; /* drifted node that waits for this claim, or none */
    uint32_t n_replacements; /* claims that a drifted node waits for */
    uint32_t ordinal; /* of its node pool's claims: identity of its draws */
    uint32_t view;    /* scratch of the scheduler */
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

    struct sys_build *builds;     /* owned; t->n */
    struct build_result *results; /* owned; t->n */
    uint32_t *job_end_of; /* owned; by caller: build whose limit is planned */
    size_t next_build, n_open; /* n_open: asked for and not ended */
    struct sys_pool *pools;    /* owned; p->n_pools */
    struct sys_pod *pods;      /* owned */
    size_t n_pods, cap_pods;
    struct sys_node *nodes; /* owned; parallel to karpenter's */
    size_t n_nodes, cap_nodes;
    struct lb lb;
    struct dns *dns;           /* owned; by backend */
    uint32_t *pool_on_backend; /* owned; by backend, first pool or none */
    sim_us *answer_us;         /* owned; by backend: planned answer */
    uint32_t *scratch;         /* owned; pods of one answer */
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
    bool watches_budgets;              /* a disruption may wait for one */
    bool reloading; /* sessions that end now live on in the old process */
    uint32_t faults_on[FAULT_KINDS];
};

#endif

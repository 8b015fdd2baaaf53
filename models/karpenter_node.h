/* karpenter_node.h - the state of the component and a node's life.
 *
 * Models    claim, launch, registration, initialization, pod events with
 *           their clock, marking, drain, TerminateInstances; liveness
 *           timeouts; a restart of the controller.
 * Source    kubernetes-sigs/karpenter v1.12.0: nodeclaim/lifecycle,
 *           nodeclaim/podevents, nodeclaim/disruption/consolidation.go,
 *           state/statenode.go, node/termination.
 * Left out  garbage collection of lost instances (the caller ends such a node
 *           by karp_on_gone), volumes, node leases.
 *
 * The caller owns pods and draws latencies. After any call it asks
 * karp_batch_due(&k->batch) and karp_disrupt_due(k) for the next instants. Of
 * events at one instant, the disruption loop's must run last.
 */
#ifndef MODELS_KARPENTER_NODE_H
#define MODELS_KARPENTER_NODE_H

#include "models/karpenter.h"
#include "models/karpenter_batch.h"

enum karp_phase {
    KARP_CLAIMED,     /* no instance yet: state is not synced */
    KARP_LAUNCHED,    /* instance exists */
    KARP_REGISTERED,  /* node object exists, not ready */
    KARP_INITIALIZED, /* pods can bind */
    KARP_DRAINING,    /* marked: tainted, claim deleted, waits for pods */
    KARP_TERMINATING, /* TerminateInstances accepted: no longer paid */
    KARP_GONE
};

struct karp_node {
    uint32_t pool, fleet; /* fleet: claims of one request share a number */
    uint32_t type, zone;  /* NO_INDEX until KARP_LAUNCHED */
    uint64_t types;       /* what a claim may become */
    uint32_t n_planned;   /* pods the solve put on this claim */
    enum karp_phase phase;
    struct karp_size room;            /* allocatable less DaemonSets */
    struct karp_size used;            /* pods bound and not terminal */
    uint32_t n_active, n_terminating; /* of them; DaemonSets not counted */
    bool ready;   /* node condition; false stops the pool's budget */
    bool blocked; /* do-not-disrupt, or a PDB without room */
    bool queued;  /* tainted, waits for its replacement */
    sim_us claimed_us, launched_us, registered_us, initialized_us;
    sim_us marked_us, drained_us, terminated_us; /* all SIM_NEVER at first */
    sim_us drifted_us;                           /* SIM_NEVER: not drifted */
    sim_us pod_event_us;          /* last, whole seconds; SIM_NEVER: none */
    sim_us nominated_us;          /* not disrupted before this */
    uint32_t n_attempts;          /* launches that failed otherwise */
    uint64_t refused[KARP_ZONES]; /* types the cloud refused, a zone */
    uint32_t refused_zones;       /* zones without addresses */
};

struct karp {
    const struct karp_params *p; /* borrowed */
    struct karp_batch batch;
    struct karp_node *nodes; /* owned; an index is never used again */
    size_t n_nodes, cap_nodes;
    uint32_t *live; /* owned; nodes that are not KARP_GONE, ascending */
    size_t n_live, cap_live;
    uint32_t n_unlaunched, n_fleets;
    uint32_t pool_order[KARP_POOLS];        /* by weight */
    sim_us away_us[KARP_TYPES][KARP_ZONES]; /* set aside before this */
    sim_us zone_away_us[KARP_ZONES];
    uint32_t *fault_used; /* owned; instances taken, a fault */
    struct karp_open {
        uint32_t node;
        bool shut; /* the present kind of pod does not fit */
    } * open;      /* owned; scratch of the solve */
    size_t cap_open;
    struct karp_loop {
        bool started, validating;
        sim_us next_us;     /* next pass, or the end of the validation */
        uint32_t n_foreign; /* their nodes that wait for a pass */
        struct karp_pick {
            double cost;
            uint32_t node;
        } * picks; /* owned; candidates of the command */
        size_t n_picks, cap_picks;
        uint32_t *taken; /* owned; nodes of the last decision */
        size_t n_taken, cap_taken;
    } loop;
};

void karp_init(struct karp *k, const struct karp_params *p);
void karp_free(struct karp *k); /* takes {0}; may repeat */

/* No claim lacks its instance. */
bool karp_synced(const struct karp *k);

/* A pod of that size may bind now: initialized, ready, untainted, room. */
bool karp_fits(const struct karp *k, uint32_t node, struct karp_size size);

/* Marked or queued: NoSchedule taint, no part in the solve. */
bool karp_leaving(const struct karp_node *n);

/* The node object appears; then it turns Ready and Initialized. A node that
 * is leaving meanwhile only keeps the time.
 */
void karp_on_registered(struct karp *k, sim_us now_us, uint32_t node);
void karp_on_initialized(struct karp *k, sim_us now_us, uint32_t node);

/* The node condition Ready, and obstacles to disruption, change. */
void karp_on_ready(struct karp *k, sim_us now_us, uint32_t node, bool ready);
void karp_on_blocked(struct karp *k, sim_us now_us, uint32_t node,
                     bool blocked);

/* Events of a pod that no DaemonSet owns.
 *
 * bound        takes size from the node
 * terminating  a deletion timestamp appears
 * terminal     succeeded or failed; gives size back
 * lost         the object disappears without a terminal phase; gives size
 *              back but does not touch the clock
 * terminating (of the last two): the pod had its deletion timestamp.
 * The last two return true if the node is draining and this was its last pod:
 * plan TerminateInstances (karp_terminate_us).
 */
void karp_on_pod_bound(struct karp *k, sim_us now_us, uint32_t node,
                       struct karp_size size);
void karp_on_pod_terminating(struct karp *k, sim_us now_us, uint32_t node);
bool karp_on_pod_terminal(struct karp *k, sim_us now_us, uint32_t node,
                          struct karp_size size, bool terminating);
bool karp_on_pod_lost(struct karp *k, sim_us now_us, uint32_t node,
                      struct karp_size size, bool terminating);

/* Instant at which the claim counts as consolidatable, SIM_NEVER if not
 * initialized or never. The present instant may lie before or after.
 */
sim_us karp_consolidatable_us(const struct karp *k, uint32_t node);

/* Liveness: the instant at which a claim that has not launched, or a node
 * that has not registered, is given up; SIM_NEVER in later phases. The event
 * returns true if the claim is deleted: it is then KARP_GONE (never launched)
 * or KARP_DRAINING (plan TerminateInstances).
 */
sim_us karp_liveness_us(const struct karp *k, uint32_t node);
bool karp_on_liveness(struct karp *k, sim_us now_us, uint32_t node);

/* Instant of expiry, SIM_NEVER if there is none; the caller marks it then. */
sim_us karp_expiry_us(const struct karp *k, uint32_t node);

/* Deletes the claim, whatever the reason; not gated by budgets. A claim that
 * has not launched is gone at once. Returns false if it was leaving already.
 * After true, a node without pods (karp_drained) can be terminated; the
 * active pods of others are the caller's to evict.
 */
bool karp_mark(struct karp *k, sim_us now_us, uint32_t node);
bool karp_drained(const struct karp *k, uint32_t node);

/* Instant of TerminateInstances of a drained node: after the DaemonSets
 * (u in (0, 1)), and not before the minimum of a drain; at once for an
 * instance that never registered. A node that lost its slot to nothing else
 * keeps its budget slot until karp_on_terminate.
 */
sim_us karp_terminate_us(const struct karp *k, uint32_t node, double u);
void karp_on_terminate(struct karp *k, sim_us now_us, uint32_t node);

/* The node object is gone: after TerminateInstances, or because the instance
 * disappeared in any phase (its pods must have been reported lost).
 */
void karp_on_gone(struct karp *k, sim_us now_us, uint32_t node);

/* A new leader: nominations, the validation under way, the open window and
 * the cache of refusals are forgotten; every bound pod counts as an event;
 * all sources trigger at once; the loop makes a pass at once.
 */
void karp_on_restart(struct karp *k, sim_us now_us);

#endif

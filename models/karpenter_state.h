/* karpenter_state.h - the state of Karpenter: nodes, and what its parts keep.
 *
 * Models    node claims and nodes in one array, from the claim to the end.
 * Source    kubernetes-sigs/karpenter v1.12.0, state/cluster.go,
 *           state/statenode.go.
 * Left out  nodes that Karpenter does not manage.
 */
#ifndef MODELS_KARPENTER_STATE_H
#define MODELS_KARPENTER_STATE_H

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
    uint32_t pool, fleet;     /* fleet: claims of one request share a number */
    uint32_t type, zone;      /* NO_INDEX until the cloud grants them */
    uint64_t types;           /* what a claim may become */
    uint32_t n_planned;       /* pods the last solve put here */
    int64_t rank;             /* of claims with as many the highest is first */
    struct karp_size planned; /* their requests */
    enum karp_phase phase;
    struct karp_size room;            /* allocatable less DaemonSets */
    struct karp_size used;            /* pods bound and not terminal */
    uint32_t n_active, n_terminating; /* of them; DaemonSets not counted */
    bool ready;   /* node condition; false stops the pool's budget */
    bool blocked; /* do-not-disrupt, or a PDB without room */
    bool queued;  /* tainted, waits for its replacement */
    bool watched; /* stands in karp.watched */
    sim_us claimed_us, launched_us, registered_us, initialized_us;
    sim_us marked_us, drained_us, terminated_us; /* all SIM_NEVER at first */
    sim_us drifted_us;                           /* SIM_NEVER: not drifted */
    sim_us no_room_us;   /* its pods fitted nowhere else then; or SIM_NEVER */
    sim_us pod_event_us; /* last, whole seconds; SIM_NEVER: none */
    sim_us nominated_us; /* not disrupted before this */
    uint32_t n_attempts; /* launches that failed otherwise */
    uint32_t refused_zones; /* zones without addresses */
    uint32_t refusals;      /* of offerings: index + 1 into these, or 0 */
};

struct karp {
    const struct karp_params *p; /* borrowed */
    struct karp_batch batch;
    struct karp_node *nodes; /* owned; an index is never used again */
    size_t n_nodes, cap_nodes;
    uint32_t *live; /* owned; nodes that are not KARP_GONE, ascending */
    size_t n_live, cap_live;
    uint32_t *watched; /* owned; all that may be disrupted, and perhaps more:
                          initialized, and empty or drifted */
    size_t n_watched, cap_watched;
    uint32_t n_unlaunched, n_fleets;
    uint32_t pool_order[KARP_POOLS];        /* by weight */
    sim_us away_us[KARP_TYPES][KARP_ZONES]; /* set aside before this */
    sim_us zone_away_us[KARP_ZONES];
    struct karp_refusals {
        uint64_t types[KARP_ZONES]; /* that the cloud refused, a zone */
    } * refusals;                   /* owned; of the few claims that met any */
    size_t n_refusals, cap_refusals;
    uint32_t *fault_used; /* owned; instances taken, a fault */
    int64_t n_ranks;      /* given to claims so far */
    uint32_t *open;       /* owned; scratch of the solve */
    size_t cap_open;
    struct karp_loop {
        bool started, validating;
        sim_us next_us;     /* next pass, or the end of the validation */
        uint32_t n_foreign; /* their nodes that wait for a pass */
        bool foreign_taken; /* the command under validation has some */
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

/* As after karp_init with the same p; keeps its memory. */
void karp_again(struct karp *k);

/* Appends a node in phase KARP_CLAIMED; for the parts of the component. */
uint32_t karp_add(struct karp *k, sim_us now_us, uint32_t pool);

/* No claim lacks its instance. */
static inline bool karp_synced(const struct karp *k)
{
    return k->n_unlaunched == 0;
}

/* The node may be one to be disrupted from now on. */
void karp_watch(struct karp *k, uint32_t node);

/* Marked or queued: NoSchedule taint, no part in the solve. */
static inline bool karp_leaving(const struct karp_node *n)
{
    return n->queued || n->phase >= KARP_DRAINING;
}

#endif

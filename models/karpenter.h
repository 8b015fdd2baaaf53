/* karpenter.h - the parameters of the autoscaler of nodes.
 *
 * Models    Karpenter, in parts: karpenter_pool.h (types and pools),
 *           karpenter_state.h (state), karpenter_batch.h (when to solve),
 *           karpenter_solve.h (which claims), karpenter_launch.h (which
 *           instance, if any), karpenter_node.h (a node's life),
 *           karpenter_disrupt.h (which nodes to remove).
 * Source    kubernetes-sigs/karpenter and aws/karpenter-provider-aws v1.12.0;
 *           latencies are assumptions that a user calibrates.
 * Left out  spot, consolidation by replacing (WhenEmptyOrUnderutilized is
 *           taken as WhenEmpty), static pools, minValues, node overlays,
 *           limits other than cpu and memory, node repair.
 *
 * All times on one clock whose origin is a whole second of the real world,
 * since Karpenter keeps some instants in whole seconds.
 */
#ifndef MODELS_KARPENTER_H
#define MODELS_KARPENTER_H

#include "models/karpenter_pool.h"
#include "models/karpenter_watch.h"
#include "sim/base/units.h"
#include "sim/engine/dist.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the cloud refuses, and when. */
struct karp_fault {
    enum karp_fault_kind {
        KARP_NO_CAPACITY,  /* (type, zone) sold out */
        KARP_NO_ADDRESSES, /* subnet full: the whole zone is set aside */
        KARP_API_ERROR     /* launches fail otherwise and are retried */
    } kind;
    uint64_t types; /* bits; ignored by KARP_API_ERROR */
    uint32_t zones; /* bits; ignored by KARP_API_ERROR */
    struct karp_span span;
    uint32_t room; /* instances still to be had in the span; 0 usually */
};

struct karp_params {
    struct karp_type types[KARP_TYPES];
    size_t n_types;
    char zones[KARP_ZONES][KARP_NAME];
    size_t n_zones;
    struct karp_pool pools[KARP_POOLS];
    size_t n_pools;
    const struct karp_fault *faults; /* borrowed */
    size_t n_faults;
    int64_t quota_mcpu; /* running at once in the account */

    sim_us batch_idle_us, batch_max_us;
    sim_us repeat_us;     /* of a trigger */
    sim_us poll_us;       /* of the disruption loop */
    sim_us unsynced_us;   /* its retry while a launch is in flight */
    sim_us validation_us; /* during which it blocks */
    sim_us dedupe_us;     /* pod events nearer than this are dropped */
    sim_us ice_ttl_us;    /* refused offering set aside ... */
    sim_us ice_sweep_us;  /* ... until the next sweep after that */
    sim_us ice_phase_us;  /* one of them, >= 0; the others k * sweep away */
    sim_us launch_timeout_us, register_timeout_us;
    sim_us min_drain_us; /* from marking to TerminateInstances, at least */
    bool no_elision;     /* execute every pass; the same history, slower */
    const struct karp_watch *watch; /* borrowed; NULL: nobody looks on */

    struct dist trigger;        /* scheduling failure to trigger */
    struct dist solve;          /* solve and creation of the claims */
    struct dist launch;         /* CreateFleet to Launched */
    struct dist refusal;        /* CreateFleet to "insufficient capacity" */
    struct dist registration;   /* Launched to Registered */
    struct dist initialization; /* Registered to Ready and Initialized */
    struct dist daemon_drain;   /* last pod gone to TerminateInstances */
    struct dist termination;    /* TerminateInstances to terminated */
    double foreign_per_h;       /* commands of other pools in the loop; >= 0 */
    double foreign_pods_per_h;  /* of other pools that fit nowhere; >= 0 */
    struct dist foreign_pod;    /* for how long each of them does */
    double boot_fail_frac;      /* instances that never register */
    double fleet_sigma;         /* of the lognormal factor a fleet shares */
};

/* Upstream's defaults with the medians of published node starts: no types,
 * zones or pools, batch window 1 s / 10 s, no faults, no quota.
 */
void karp_defaults(struct karp_params *p);

/* What the API server fills in: all types and zones of p, weight 0, no
 * limits, consolidateAfter 0 s, expiry after 720 h, one budget of 10 %;
 * DaemonSets 300 m and 440 MiB, disruption cost 60 (six critical ones).
 */
void karp_pool_defaults(struct karp_pool *pool, const struct karp_params *p);

/* Latencies. u, u_fleet in (0, 1); u_fleet is one number for all nodes of one
 * fleet (node.fleet), which share place and moment. slow > 0 stretches a boot
 * (calibration, a fault); 1 usually.
 *
 * karp_registration_us is SIM_NEVER if u_fail < boot_fail_frac or if the
 * node would come later than the registration timeout.
 */
sim_us karp_launch_us(const struct karp_params *p, double u, double u_fleet);
sim_us karp_registration_us(const struct karp_params *p, double u,
                            double u_fleet, double u_fail, double slow);
sim_us karp_initialization_us(const struct karp_params *p, double u,
                              double u_fleet, double slow);

/* Time to the next command, or the next pod, of a foreign pool; SIM_NEVER if
 * there are none.
 */
sim_us karp_foreign_us(const struct karp_params *p, double u);
sim_us karp_foreign_pod_us(const struct karp_params *p, double u);

#endif

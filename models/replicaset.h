/* replicaset.h - pods made and pods chosen to go when a Deployment's replica
 * count changes.
 *
 * Models    the ReplicaSet controller: slow-start creation batches, the token
 *           bucket of its API client, at most 500 pods a sync, no new action
 *           before its own last one is seen, the eight ranking rules for
 *           victims, and the count written to the status.
 * Source    kubernetes replica_set.go and controller_utils.go (1.32 to 1.35),
 *           client-go flow control.
 * Left out  syncs of which some creations fail and others do not, a lost watch
 *           (the 5 min expectation timeout), the five workers (never short).
 */
#ifndef MODELS_REPLICASET_H
#define MODELS_REPLICASET_H

#include "sim/base/units.h"
#include "sim/engine/dist.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rs_params {
    double client_per_s;    /* > 0; requests a second of the API client */
    double foreign_frac;    /* of them that other ReplicaSets use up; < 1 */
    uint32_t client_burst;  /* >= 1; requests that a full bucket holds */
    uint32_t max_per_sync;  /* >= 1 */
    uint32_t event_tokens;  /* 0 to 25: the events of a sync that get their
                             * tokens before its pods; they race, 0 is the
                             * lower bound of the delay and 25 the upper */
    int32_t busy_cost;      /* deletion cost of a pod with a build, if there
                             * is somebody who writes it; 0 otherwise */
    struct dist lag;        /* scale write -> first pod exists or goes */
    struct dist round_trip; /* one creation batch */
};

/* Upstream's constants, lag of pod-startup row 1, round trip assumed. */
void rs_defaults(struct rs_params *p);

/* The API client's token bucket, shared by every ReplicaSet of a cluster.
 * {0} is full at time 0. Requests are served in the order of the calls, also
 * when an earlier call reserved tokens far ahead.
 */
struct rs_bucket {
    sim_us full_us; /* when the bucket is full again */
};

/* Takes one token: the instant, now or later, at which the request goes. */
sim_us rs_take(struct rs_bucket *b, const struct rs_params *p, sim_us now_us);

struct rs {
    const struct rs_params *p; /* borrowed */
    struct rs_bucket *bucket;  /* borrowed; shared */
    sim_us seen_us;            /* no action before: own requests not seen */
    uint32_t status_replicas;  /* as the last sync wrote it */
    uint32_t n_refused;        /* syncs in a row that could make no pod */
    sim_us *at_us;             /* owned; instants of the last plan, rising */
    size_t cap_at;
    struct rs_key *keys; /* owned; room for ranking */
    size_t cap_keys;
    uint32_t *places; /* owned; room for ranking */
    size_t cap_places;
    uint32_t *victims; /* owned; result of rs_victims */
    size_t cap_victims;
};

/* Both are borrowed and outlive rs. */
void rs_init(struct rs *rs, const struct rs_params *p, struct rs_bucket *b);
void rs_free(struct rs *rs);

/* As after rs_init with the same p and b; keeps its memory. */
void rs_again(struct rs *rs);

/* When the ReplicaSet acts on a change (a scale write, a pod that was lost)
 * of this instant: call rs_on_sync then, with the figures of then.
 */
sim_us rs_sync_us(const struct rs *rs, sim_us now_us, double u);

struct rs_plan {
    uint32_t n_create, n_delete; /* at most one is not 0 */
    sim_us again_us; /* call rs_on_sync again then; SIM_NEVER: all is done */
};

/* One pass of the controller.
 *
 * n_active  pods of this ReplicaSet that are neither terminal nor terminating
 * spec      replicas wanted
 * u         draws the round trip
 * Returns how many pods to create or delete; pod i comes or goes at
 * rs->at_us[i]. The caller gives back created pods as active in the next call.
 * Sets rs->status_replicas to n_active: a change shows one sync later.
 */
struct rs_plan rs_on_sync(struct rs *rs, sim_us now_us, uint32_t n_active,
                          uint32_t spec, double u);

/* The same when no pod can be made: the first batch, of one pod, ends it. It
 * comes again after 5 ms, doubled with each such sync in a row, to 1000 s.
 */
struct rs_plan rs_on_refused(struct rs *rs, sim_us now_us, uint32_t n_active,
                             double u);

enum rs_phase { RS_PENDING, RS_UNKNOWN, RS_RUNNING }; /* first goes first */

/* An active pod as the controller sees it. It cannot see whether it is busy. */
struct rs_pod_view {
    uint32_t pod;  /* the caller's index */
    uint32_t node; /* NO_INDEX: not assigned */
    enum rs_phase phase;
    bool ready;
    int32_t deletion_cost; /* 0 unless annotated */
    uint32_t on_node; /* active pods of the Deployment there, with this one */
    sim_us ready_us;  /* since when it is ready; ignored if it is not */
    sim_us created_us;
    uint32_t restarts, sidecar_restarts; /* the highest of its containers */
    uint64_t uid; /* drawn once at creation; orders as the UID string does */
};

/* The k pods to delete, first victim first.
 *
 * pods[n]   every active pod of the ReplicaSet; 0 <= k <= n
 * Returns k values of .pod, borrowed until the next call; with k = n all, in
 * the order given. A victim without a node is gone at once, any other one
 * terminates (kubelet.h).
 * The rules are no strict order when pods are ready since the same second
 * but differ in restarts or age: the result is then one of several that
 * upstream may give, the same on every machine.
 */
const uint32_t *rs_victims(struct rs *rs, const struct rs_pod_view pods[],
                           size_t n, uint32_t k, sim_us now_us);

/* floor(log2 of the age in ns) of a timestamp that is cut to whole seconds;
 * -1 for an age <= 0.
 */
int rs_age_bucket(sim_us now_us, sim_us since_us);

#endif

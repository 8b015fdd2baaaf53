/* rollout.h - a Deployment's rolling update: how many pods of the new and of
 * the old template are wanted.
 *
 * Models    maxSurge and maxUnavailable, clean-up of unhealthy old pods, one
 *           change a sync, proportional scaling in the middle of an update,
 *           and the Recreate strategy.
 * Source    kubernetes deployment/rolling.go, deployment/sync.go,
 *           deployment_util.go.
 * Left out  pausing, progress deadlines, more than one old ReplicaSet (a
 *           second update during the first: merge the old ones).
 */
#ifndef MODELS_ROLLOUT_H
#define MODELS_ROLLOUT_H

#include <stdbool.h>
#include <stdint.h>

/* An amount as a manifest has it: a count, or a percentage of replicas. */
struct rollout_amount {
    int64_t value; /* >= 0 */
    bool percent;
};

struct rollout_params {
    struct rollout_amount max_surge;       /* percentage rounded up */
    struct rollout_amount max_unavailable; /* percentage rounded down */
    bool recreate; /* strategy Recreate: the two above do not count */
};

/* RollingUpdate, 25 % each. */
void rollout_defaults(struct rollout_params *p);

/* Both amounts in pods; if both come out 0, one pod may be unavailable. */
void rollout_bounds(const struct rollout_params *p, int64_t replicas,
                    int64_t *surge, int64_t *unavailable);

/* The two ReplicaSets. Terminating pods are not part of them. */
struct rollout {
    int64_t new_spec, new_available;
    int64_t old_spec, old_available;
};

/* One sync of the Deployment.
 *
 * n_old_left  old pods that still exist, terminating ones included; only
 *             Recreate waits for them
 * Changes r->new_spec or r->old_spec, not both. Returns whether it did.
 */
bool rollout_on_sync(const struct rollout_params *p, struct rollout *r,
                     int64_t replicas, int64_t n_old_left);

/* The replica count is changed from one number to another.
 *
 * Without old pods wanted the new ReplicaSet gets the whole count; otherwise
 * replicas + surge (0 if replicas is 0) is spread in proportion to the present
 * sizes, the remainder to the larger one.
 */
void rollout_on_scale(const struct rollout_params *p, struct rollout *r,
                      int64_t from, int64_t to);

#endif

/* karpenter_solve.h - which pending pod goes to which node or new claim.
 *
 * Models    one provisioning solve: pods by size, then existing and in-flight
 *           nodes, then claims of this round (fewest pods first), then node
 *           pools by weight; a claim keeps the set of types that still fit;
 *           limits charged with the largest type; nomination of nodes
 *           that exist.
 * Source    kubernetes-sigs/karpenter v1.12.0, scheduling/scheduler.go,
 *           queue.go, nodeclaim.go, existingnode.go.
 * Left out  topology spread and affinity, preferences, host ports, volumes.
 *           The solve's minute of wall clock is never reached. The second,
 *           strict check of limits at creation cannot refuse what this one
 *           admitted and is not repeated. Existing nodes come initialized
 *           first and then in the order of creation (upstream: by name, which
 *           the cloud chooses). Claims with equally many pods come as a sort
 *           that keeps the order of equals leaves them; upstream's does so up
 *           to twelve claims.
 *
 * Pods of equal size and pools in sequence take O(pods + nodes) together.
 */
#ifndef MODELS_KARPENTER_SOLVE_H
#define MODELS_KARPENTER_SOLVE_H

#include "models/karpenter_state.h"

struct karp_pod {
    uint32_t pod;          /* the caller's index */
    uint32_t pools;        /* bit i: selector and tolerations allow pool i */
    struct karp_size size; /* requests */
    sim_us created_us;
    uint32_t node; /* answer: node or new claim, or NO_INDEX */
};

/* Places all pending pods; state must be synced, or nothing is placed.
 *
 * pods[n]   all provisionable pods, and the reschedulable ones of nodes that
 *           are being deleted; any order, sorted in place
 * Returns the number of new claims: the last nodes of k->nodes, all
 * KARP_CLAIMED. Each goes on with karp_on_request.
 */
size_t karp_solve(struct karp *k, sim_us now_us, struct karp_pod pods[],
                  size_t n);

/* A pod is expected there: the node is not disrupted for twice the batch
 * maximum, at least 10 s. karp_solve does this for every existing or in-flight
 * node that it plans on; a claim of its own is no node yet.
 */
void karp_nominate(struct karp *k, sim_us now_us, uint32_t node);

/* Capacity of the pool that counts against its limits now: launched and not
 * leaving.
 */
struct karp_size karp_in_use(const struct karp *k, uint32_t pool);

#endif

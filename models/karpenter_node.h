/* karpenter_node.h - a node's life.
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
 * events at one instant, the batcher's must run after all others and the
 * disruption loop's after that.
 */
#ifndef MODELS_KARPENTER_NODE_H
#define MODELS_KARPENTER_NODE_H

#include "models/karpenter_state.h"

/* The claim is made to be age_us older than it is; for nodes of the start. */
void karp_on_aged(struct karp *k, uint32_t node, sim_us age_us);

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
 * instance that never registered. The budget slot is held until then.
 */
sim_us karp_terminate_us(const struct karp *k, uint32_t node, double u);
void karp_on_terminate(struct karp *k, sim_us now_us, uint32_t node);

/* The node object is gone: after TerminateInstances, or because the instance
 * disappeared in any phase (its pods must have been reported lost).
 */
void karp_on_gone(struct karp *k, sim_us now_us, uint32_t node);

/* The process is gone: its loop makes no pass. Until karp_on_restart nothing
 * but what the cloud, the pods and their kubelets do may be told.
 */
void karp_on_stop(struct karp *k, sim_us now_us);

/* A new leader: nominations, the validation under way, the open window and
 * the cache of refusals are forgotten; every bound pod counts as an event;
 * all sources trigger at once; the loop makes a pass at once.
 */
void karp_on_restart(struct karp *k, sim_us now_us);

#endif

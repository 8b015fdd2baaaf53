/* karpenter_disrupt.h - the single loop that removes nodes by choice.
 *
 * Models    a pass each 10 s (1 s while a launch is in flight anywhere); empty
 *           nodes of all pools by cost within budgets, 15 s of validation
 *           that block the loop, then drift (empty ones, else one with a
 *           replacement); commands of foreign pools in the same loop.
 * Source    kubernetes-sigs/karpenter v1.12.0, disruption/controller.go,
 *           emptiness.go, consolidation.go, drift.go, helpers.go, types.go.
 * Left out  multi- and single-node consolidation. Drift is not validated.
 *
 * A node whose pods all terminate is empty, however long they still build.
 *
 * Idle is a loop without foreign work and without a node that could become a
 * candidate before the next event of another kind. Passes of an idle loop are
 * not executed: karp_disrupt_due names the first that can matter, and every
 * change of state first moves the loop's grid over those before it
 * (karp_disrupt_forward), with the same history as executing each one.
 */
#ifndef MODELS_KARPENTER_DISRUPT_H
#define MODELS_KARPENTER_DISRUPT_H

#include "models/karpenter_state.h"

enum karp_disrupt_act {
    KARP_DISRUPT_NOTHING,
    KARP_DISRUPT_VALIDATE, /* candidates chosen; the loop blocks */
    KARP_DISRUPT_DRAIN,    /* loop.taken[n_taken] were marked just now */
    KARP_DISRUPT_REPLACE   /* loop.taken[0] is queued: solve for its pods,
                              then karp_disrupt_on_replaced */
};

/* The controller starts: first pass now. Before, the loop does nothing. */
void karp_disrupt_start(struct karp *k, sim_us now_us);

/* Next instant at which karp_disrupt_on_due must be called unless another
 * call changes it; may be now; SIM_NEVER while only other events help.
 */
sim_us karp_disrupt_due(struct karp *k);

/* The pass or the end of the validation that is due at now; does nothing at
 * any other time. Plans the next by itself; after DRAIN and REPLACE it is at
 * now again.
 */
enum karp_disrupt_act karp_disrupt_on_due(struct karp *k, sim_us now_us);

/* A node of a foreign pool is due for removal: the next pass validates it. */
void karp_disrupt_on_foreign(struct karp *k, sim_us now_us);

/* The pool's or one node's template no longer matches; nodes that exist now
 * and are not drifted yet become so.
 */
void karp_disrupt_on_drift(struct karp *k, sim_us now_us, uint32_t pool);
void karp_disrupt_on_drifted(struct karp *k, sim_us now_us, uint32_t node);

/* The replacement of a queued node is initialized (ok: the node is marked) or
 * cannot be had (the taint is taken off again, and the rest of this pass looks
 * at other nodes).
 */
void karp_disrupt_on_replaced(struct karp *k, sim_us now_us, uint32_t node,
                              bool ok);

/* Nodes of the pool that may be disrupted now for one reason. */
uint32_t karp_allowed(const struct karp *k, uint32_t pool, uint32_t reason,
                      sim_us now_us);

/* The order of candidates: pods and DaemonSets on the node, weighted by what
 * remains of its life; lower first.
 */
double karp_disruption_cost(const struct karp *k, uint32_t node, sim_us now_us);

/* For the functions of karpenter_node.h and others that change state: passes
 * strictly before now are done. Asserts that none of them mattered.
 */
void karp_disrupt_forward(struct karp *k, sim_us now_us);

#endif

/* system_node_parts.h - the half of system_parts.h that is about nodes.
 */
#ifndef MODELS_SYSTEM_NODE_PARTS_H
#define MODELS_SYSTEM_NODE_PARTS_H

#include "models/system_state.h"

/* What a pod of the pool asks of a node. */
static inline struct karp_size sys_request(const struct system *s,
                                           uint32_t pool)
{
    const struct pool_params *p = s->pools[pool].p;

    return (struct karp_size){p->request_mcpu, p->request_mib};
}

/* system_nodes.c: everything that Karpenter decides. */
void sys_nodes_start(struct system *s);
void sys_pending(struct system *s, uint32_t pod, bool pending);
void sys_on_karpenter(struct system *s, enum event_kind kind, uint32_t entity,
                      uint32_t generation);
void sys_karpenter_stopped(struct system *s);
void sys_karpenter_restarted(struct system *s);
bool sys_karpenter_away(const struct system *s, sim_us *until_us);
void sys_on_node(struct system *s, enum event_kind kind, uint32_t node,
                 uint32_t generation);
void sys_nodes_touched(struct system *s);
void sys_nodes_plan(struct system *s);
void sys_node_adopt(struct system *s, uint32_t node);
void sys_node_drained(struct system *s, uint32_t node);
void sys_node_marked(struct system *s, uint32_t node);
void sys_node_stopped(struct system *s, uint32_t node);
uint32_t sys_payer(const struct system *s, uint32_t node);
size_t sys_solve(struct system *s, size_t n);
sim_us sys_solve_us(struct system *s);
void sys_unplaced(struct system *s, size_t n, uint32_t pod);
void sys_request_claims(struct system *s, size_t n_claims, sim_us at_us);

/* system_removal.c: nodes that go although pods run on them. */
void sys_on_evict(struct system *s, uint32_t node);
void sys_on_expiry(struct system *s, uint32_t node);
void sys_replace(struct system *s, uint32_t node);
void sys_replacement_ready(struct system *s, uint32_t claim);
void sys_replacement_failed(struct system *s, uint32_t claim);
void sys_block_nodes(struct system *s);

/* system_outage.c: nodes that nobody hears of. */
void sys_node_lost(struct system *s, uint32_t node);
void sys_node_cut_off(struct system *s, uint32_t node, sim_us until_us);
bool sys_node_hears(const struct system *s, uint32_t node);
void sys_on_silent(struct system *s, uint32_t node);
void sys_on_tainted(struct system *s, uint32_t node);
void sys_on_heard(struct system *s, uint32_t node);
void sys_on_collect(struct system *s, uint32_t node);

#endif

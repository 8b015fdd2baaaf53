/* oracle.h - what no policy can beat: lower bounds that a trace alone sets.
 *
 * Models    the infinite-server demand D(t): builds that would be in service if
 *           nobody ever waited. A policy that serves all of them keeps at least
 *           as many pods busy for the sum of their work; one without waiting
 *           needs, at every instant, nodes with room for D(t) pods.
 * Source    Eick, Massey, Whitt, "The Physics of the M_t/G/infinity Queue".
 * Left out  start lags, minimum replicas, DaemonSets' nodes, minimum billing:
 *           they only raise the bill above the bound. Nodes that two pools
 *           share are counted for each of them.
 */
#ifndef SIM_PLAN_ORACLE_H
#define SIM_PLAN_ORACLE_H

#include "models/system_params.h"
#include "traces/trace.h"

/* Bounds for one pool over the window from warm_up to the horizon. */
struct oracle_bound {
    double pod_hours;  /* integral of D */
    double node_hours; /* integral of ceil(D / pods of the largest node) */
    double cost_usd;   /* integral of the cheapest set of nodes for D */
};

/* Pods that one node of type t of node pool k can carry; 0 if none fits. */
uint32_t oracle_pods_per_node(const struct karp_params *k, uint32_t pool,
                              uint32_t type, const struct pool_params *p);

/* Bounds of one pool; the two of nodes are 0 if no allowed type carries a pod.
 *
 * pool_of   pool of each trace string, as given to system_new
 */
struct oracle_bound oracle_pool(const struct system_params *p,
                                const struct trace *t, const uint32_t *pool_of,
                                uint32_t pool);

#endif

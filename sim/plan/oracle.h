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
#include "traces/by_pool.h"

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
 */
struct oracle_bound oracle_pool(const struct system_params *p,
                                const struct by_pool *b, uint32_t pool);

/* What a scaler that knows the trace would do over the same window, without
 * waiting; see foresight.h. A start costs the break-even time regret_us, of a
 * pod as of a node. Nodes are all of the kind with the lowest price a pod.
 */
struct oracle_plan {
    double pod_hours;      /* busy, held, and the price of starting again */
    uint64_t pod_churn;    /* pods started or stopped */
    uint64_t demand_churn; /* of the demand: builds begun or ended */
    double node_hours;     /* 0, as the rest, if no node carries a pod */
    double cost_usd;
    uint64_t node_starts;
};
struct oracle_plan oracle_foresee(const struct system_params *p,
                                  const struct by_pool *b, uint32_t pool);

/* Price of the cheapest nodes with room for n_pods; 0 if none carries any. */
double oracle_static_usd_per_h(const struct system_params *p, uint32_t pool,
                               uint32_t n_pods);

#endif

/* scheduler.h - the node that kube-scheduler picks for a pod.
 *
 * Models    filters (ready, taints, selector, cpu and memory), the scores that
 *           can differ between nodes of a build pool (LeastAllocated, weight
 *           1; the implicit soft spread over hosts and zones, weight 2),
 *           uniform choice among the best.
 * Source    kubernetes default_plugins.go, least_allocated.go,
 *           podtopologyspread/scoring.go, backend/queue (1.32 to 1.35).
 * Left out  BalancedAllocation and ImageLocality (equal within a few points on
 *           such nodes), the sampling of nodes above 100, preemption, the
 *           back-off (a pod is tried when a node or room appears), the
 *           pod-count limit of a node (hundreds, never reached).
 */
#ifndef MODELS_SCHEDULER_H
#define MODELS_SCHEDULER_H

#include "sim/base/units.h"
#include "sim/engine/dist.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCHED_ZONES = 16 };

struct sched_params {
    struct dist bind; /* node or slot usable -> pod bound */
};

/* Defaults of Kubernetes 1.33 and later; bind of pod-startup row 8. */
void sched_defaults(struct sched_params *p);

struct sched_pod {
    int64_t mcpu, mib; /* requests, >= 0 */
};

struct sched_node {
    int64_t alloc_mcpu, alloc_mib; /* allocatable */
    int64_t used_mcpu, used_mib;   /* requests of all its pods, DaemonSets and
                                    * terminating pods included */
    uint32_t n_owner; /* pods of the same owner, without terminating ones */
    uint32_t zone;    /* below SCHED_ZONES */
    bool schedulable; /* Ready, not cordoned, every taint tolerated */
    bool matches;     /* nodeSelector and affinity of this pod */
};

/* Whether the pod may run there at all. */
bool sched_fits(const struct sched_node *node, const struct sched_pod *pod);

/* LeastAllocated, 0 to 100, in upstream's integer arithmetic. */
int64_t sched_least_allocated(const struct sched_node *node,
                              const struct sched_pod *pod);

/* The node for one pod.
 *
 * u         chooses among the best, in (0, 1)
 * Returns an index into nodes[n], or NO_INDEX if the pod fits nowhere.
 */
uint32_t sched_pick(const struct sched_node nodes[], size_t n,
                    const struct sched_pod *pod, double u);

#endif

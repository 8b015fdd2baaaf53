/* system_view.h - the present instant as the exporters of the real parts would
 * show it.
 *
 * Models    what a scrape of HAProxy, kube-state-metrics, KEDA and Karpenter
 *           finds, in the models' terms; sim/app gives it the real names.
 * Left out  delays between a change and its exporter (informers: well below
 *           one scrape).
 *
 * For observers: valid in on_note, on_row and on_span.
 */
#ifndef MODELS_SYSTEM_VIEW_H
#define MODELS_SYSTEM_VIEW_H

#include "models/keda_seen.h"
#include "models/lb.h"
#include "models/system.h"

struct view_backend {
    bool listening; /* else nobody answers a scrape */
    bool dialled;   /* some pool's clients dial it; others are not simulated */
    uint32_t sessions, queue, servers_up;
    struct lb_gauges gauges;
};

void system_view_backend(const struct system *s, size_t backend,
                         struct view_backend *out);

struct view_server {
    bool placed; /* has an address; else it is in maintenance */
    bool up;
    uint32_t sessions;
};

void system_view_server(const struct system *s, size_t backend, size_t slot,
                        struct view_server *out);

struct view_pool {
    uint32_t spec, replicas, updated, ready; /* of the Deployment */
    bool scaled;                             /* an HPA is there */
    bool operator_down; /* KEDA is: nobody answers a scrape */
    uint32_t hpa_min, hpa_max, hpa_current, hpa_desired;
    const struct keda_seen *keda; /* borrowed; valid until the next event */
};

void system_view_pool(const struct system *s, size_t pool,
                      struct view_pool *out);

struct view_pod {
    bool exists;  /* the API server has it */
    bool running; /* phase Running, else Pending */
    bool ready, terminating;
    uint32_t node; /* or NO_INDEX */
};

/* The present state of a pod that system_view_next_pod has. */
void system_view_pod(const struct system *s, uint32_t pod,
                     struct view_pod *out);

/* The pool's live pod after that one, or its first after NO_INDEX; NO_INDEX at
 * the end.
 */
uint32_t system_view_next_pod(const struct system *s, size_t pool,
                              uint32_t pod);

struct view_node {
    uint32_t node_pool;  /* Karpenter's */
    bool is_replacement; /* its claim was made for a drifted node */
    bool drifted;
    bool launched; /* its claim has an instance */
};

void system_view_node(const struct system *s, size_t node,
                      struct view_node *out);

/* Instances of one of Karpenter's pools that are not being removed, and what
 * its limits are charged with.
 */
struct view_node_pool {
    uint32_t n_nodes;
    struct karp_size used;
};

void system_view_node_pool(const struct system *s, size_t node_pool,
                           struct view_node_pool *out);

/* Instances that Karpenter knows, those being removed included. */
uint32_t system_view_nodes(const struct system *s);

#endif

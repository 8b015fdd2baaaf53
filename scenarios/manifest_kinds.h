/* manifest_kinds.h - what single Kubernetes objects say, in the models' terms.
 *
 * Models    ScaledObject, HorizontalPodAutoscaler, Deployment, Service,
 *           PodDisruptionBudget and NodePool. What is not written takes the
 *           API server's defaults; what it would refuse is refused, with
 *           path:line:column.
 * Source    KEDA v1alpha1 and Karpenter v1 types; Kubernetes autoscaling/v2,
 *           apps/v1, policy/v1 with their defaults.go and validation.go.
 * Left out  what has no effect on the simulated system: images, volumes,
 *           ports, security; affinity and spread constraints.
 *
 * Texts and nodes are borrowed from the manifest.
 */
#ifndef SCENARIOS_MANIFEST_KINDS_H
#define SCENARIOS_MANIFEST_KINDS_H

#include "models/catalog.h"
#include "models/hpa.h"
#include "models/karpenter.h"
#include "models/keda.h"
#include "models/kubelet.h"
#include "models/rollout.h"
#include "scenarios/manifest.h"

enum {
    MANIFEST_REPLICAS = 20000, /* the simulator's own bound of a pool */
    MANIFEST_PROXY = 128
};

/* A ScaledObject, or a HorizontalPodAutoscaler as if KEDA had made it. */
struct m_scaler {
    const struct yaml_node *node;
    const char *name, *target;  /* the Deployment */
    bool is_keda;               /* false: a HorizontalPodAutoscaler */
    char proxy[MANIFEST_PROXY]; /* backend whose sessions are read */
    struct keda_params keda;
    struct hpa_params hpa; /* behavior; min and max of a plain one */
    const struct yaml_node *fallback_behavior; /* NULL: not written */
    const struct yaml_node *tolerance;         /* NULL: not written */
};

/* Whose it is: node, name, target and is_keda; never fails. A manifest may
 * hold scalers and Deployments of other systems, which need not make sense
 * here.
 */
void m_scaler_head(const struct yaml_node *node, bool is_keda,
                   struct m_scaler *out);

int m_scaled_object(const struct yaml_node *node, struct m_scaler *out,
                    struct err *e);
int m_hpa(const struct yaml_node *node, struct m_scaler *out, struct err *e);

/* `behavior` into has_behavior, up and down, as written. */
int m_behavior(const struct yaml_node *behavior, struct m_scaler *out,
               struct err *e);

/* The triggers of a ScaledObject's spec. */
int m_triggers(const struct yaml_node *spec, struct m_scaler *out,
               struct err *e);

/* The value of label proxy in haproxy_backend_current_sessions{proxy="x"}. */
int m_proxy_of(const struct yaml_node *at, const char *location, char *proxy,
               struct err *e);

struct m_deployment {
    const struct yaml_node *node;
    const char *name, *space;
    uint32_t replicas;
    int64_t request_mcpu, request_mib; /* of a pod; 0: not written */
    struct kubelet_params kubelet;     /* probes and grace set */
    struct rollout_params rollout;
    const struct yaml_node *labels;     /* of the pods; NULL: none */
    const struct yaml_node *selector;   /* nodeSelector; NULL: none */
    const struct yaml_node *tolerances; /* list; NULL: none */
    const struct yaml_node *pre_stop;   /* exec's command list; NULL: none */
    bool ignores_affinity;              /* affinity or spread is written */
};

/* Node, name, space and labels only; never fails. */
void m_deployment_head(const struct yaml_node *node, struct m_deployment *out);

int m_deployment(const struct yaml_node *node, struct m_deployment *out,
                 struct err *e);

struct m_service {
    const struct yaml_node *node;
    const char *name, *space;
    const struct yaml_node *selector; /* NULL: none */
    bool headless, not_ready, ipv4_only;
};

int m_service(const struct yaml_node *node, struct m_service *out,
              struct err *e);

struct m_budget { /* PodDisruptionBudget */
    const struct yaml_node *node;
    const char *space;
    const struct yaml_node *selector; /* matchLabels */
    int32_t max_unavailable;          /* -1: not written */
    uint32_t min_available;           /* 0: not written */
};

int m_budget(const struct yaml_node *node, struct m_budget *out, struct err *e);

/* True if labels has every pair of selector; an empty selector of a budget
 * matches all, NULL matches nothing.
 */
bool m_selects(const struct yaml_node *selector,
               const struct yaml_node *labels);

enum { M_BUDGETS = KARP_BUDGETS };

struct m_node_pool {
    const struct yaml_node *node;
    const char *name;
    int weight;
    struct karp_size limit; /* KARP_NO_LIMIT: none */
    sim_us consolidate_after_us, expire_after_us;
    bool when_underutilized; /* taken as WhenEmpty */
    size_t n_budgets;
    struct m_node_budget {
        double value;
        bool percent;
        uint32_t reasons;
        const char *schedule; /* NULL: always */
        sim_us duration_us;
    } budgets[M_BUDGETS];
    const struct yaml_node *labels;       /* template's; NULL: none */
    const struct yaml_node *taints;       /* list; NULL: none */
    const struct yaml_node *requirements; /* list; NULL: none */
};

int m_node_pool(const struct yaml_node *node, struct m_node_pool *out,
                struct err *e);

/* Whether the requirements on well-known labels admit a type; unknown labels
 * admit everything.
 */
bool m_admits_type(const struct m_node_pool *p, const struct catalog_type *t);
bool m_admits_zone(const struct m_node_pool *p, const char *zone);

/* Whether a pod's nodeSelector and tolerations let it onto the pool's nodes,
 * and onto those of one type.
 */
bool m_pod_fits_pool(const struct m_deployment *d, const struct m_node_pool *p);
bool m_pod_fits_type(const struct m_deployment *d,
                     const struct catalog_type *t);

#endif

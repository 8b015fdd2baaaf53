/* scenario_build.h - a scenario under construction, shared by scenario*.c. */
#ifndef SCENARIOS_SCENARIO_BUILD_H
#define SCENARIOS_SCENARIO_BUILD_H

#include "scenarios/manifest_kinds.h"
#include "scenarios/params.h"
#include "scenarios/scenario.h"

/* What the manifests hold. The arrays are owned; what is no part of a build
 * pool is not read beyond its head.
 */
struct build {
    struct scenario *s;
    struct err *err;
    const struct yaml_node *root; /* of the scenario file */
    const struct scenario_options *options;
    struct m_scaler *scalers;
    struct m_deployment *deployments;
    struct m_service *services;
    struct m_budget *budgets;
    struct m_node_pool *node_pools;
    size_t n_scalers, n_deployments, n_services, n_budgets, n_node_pools;
    const struct m_deployment **pods;    /* owned; of each pool */
    const struct m_scaler **scaler_of;   /* owned; of each pool; NULL: fixed */
    const struct m_service **service_of; /* owned; of each backend, its names */
    struct pool_link *links; /* owned; Deployments, in order, and the backends
                                that list them */
    size_t n_links, cap_links;
    size_t *shared_by; /* owned; Deployments that a backend lists */
};

/* Steps, in this order. Each returns ERR_OK or a code with its message. */
int build_manifests(struct build *b);
int build_backends(struct build *b);
int build_pools(struct build *b);
int build_nodes(struct build *b);
int build_clients(struct build *b);
int build_sections(struct build *b);
int build_targets(struct build *b);
int build_faults(struct build *b);
int build_budgets(struct build *b);

/* The backends of one Deployment: links[at..at + n). */
struct build_own {
    const struct pool_link *at; /* borrowed */
    size_t n;
};

void build_links(struct build *b);

/* The backend that the clients of a Deployment's pool dial: the one that its
 * entry of `pools:` or its scaler names, else the one that lists the fewest
 * Deployments; NO_INDEX if none lists it.
 */
int build_choose_backend(struct build *b, const struct m_deployment *d,
                         const struct m_scaler *scaler,
                         const struct yaml_node *entry, struct build_own own,
                         uint32_t *out);

/* The preStop script of a pool that is being added. */
int build_drain(struct build *b, const struct m_deployment *d,
                struct pool_params *p);

/* Index of a name among the backends, pools, types, zones; NO_INDEX if absent.
 */
uint32_t build_find_backend(const struct build *b, const char *name);
uint32_t build_find_pool(const struct scenario *s, const char *name);
uint32_t build_find_type(const struct scenario *s, const char *name);
uint32_t build_find_zone(const struct scenario *s, const char *name);

/* Sets a parameter from a value of the scenario file, with its place. */
int build_set(struct build *b, const char *key, const struct yaml_node *value);

#endif

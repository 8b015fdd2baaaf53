/* scenario_types.h - what a scenario is made of, beside its parameters. */
#ifndef SCENARIOS_SCENARIO_TYPES_H
#define SCENARIOS_SCENARIO_TYPES_H

#include "models/lb_params.h"
#include "sim/base/units.h"

#include <stdbool.h>
#include <stdint.h>

struct yaml_node;

enum {
    SCENARIO_TARGETS = 32,
    SCENARIO_FAULTS = 1000,
    SCENARIO_CALLERS = 100,
    SCENARIO_BACKENDS = 2048, /* each pool's own, and one that joins it */
    SCENARIO_POOLS = 1024
};

/* What the answer is held against; each at most the value. */
struct scenario_target {
    enum scenario_goal {
        GOAL_MEAN_WAIT,
        GOAL_P50_WAIT,
        GOAL_P90_WAIT,
        GOAL_P95_WAIT,
        GOAL_P99_WAIT,
        GOAL_MAX_WAIT,
        GOAL_GAVE_UP,
        GOAL_KILLED,
        GOAL_CUT,
        GOAL_TIMED_OUT,
        GOAL_COST_USD,
        GOALS
    } goal;
    double at_most; /* seconds, builds or dollars */
};

/* The components' versions; the models' own are derived from these. */
struct scenario_versions {
    uint32_t kubernetes_minor; /* 32 to 35 */
    uint32_t keda_minor, keda_patch;
    uint32_t karpenter_minor; /* 12 */
    enum lb_version haproxy;
};

enum scenario_origin {
    ORIGIN_DEFAULT,
    ORIGIN_MANIFESTS, /* written there, or the API server's default */
    ORIGIN_SCENARIO,
    ORIGIN_OPTION /* --set */
};

/* A parameter that the scenario or an option set. */
struct scenario_mark {
    uint32_t row, instance;
    enum scenario_origin origin;
};

/* The Kubernetes objects that a pool is made of; borrowed from manifests. */
struct scenario_objects {
    const char *deployment, *space;
    const char *scaler;           /* NULL: none */
    const struct yaml_node *keda; /* its ScaledObject, NULL: an HPA or none */
};

/* How often the exporters are asked, and what they are asked for. */
struct scenario_scrape {
    sim_us interval_us;
    sim_us evaluation_us; /* of alert rules whose group names no interval */
    bool pods, servers;   /* one series a pod, a server of the balancer */
};

/* What a pod runs before it stops; borrowed from manifests. */
struct scenario_script {
    const char *path, *text; /* NULL: there is none */
    unsigned line;           /* of path, the text's first */
};

#endif

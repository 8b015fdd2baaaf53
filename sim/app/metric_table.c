/* metric_table.c - one row a metric, or a value of its own label. */
#include "sim/app/metric_table.h"

#include <assert.h>
#include <string.h>

#define BACKEND(NAME, HELP)                                                    \
    {                                                                          \
        "haproxy_backend_" NAME, OF_BACKEND, NULL, HELP                        \
    }
#define STATE(STATE)                                                           \
    {                                                                          \
        "haproxy_backend_status", OF_BACKEND, "state=\"" STATE "\"",           \
            "1 for the state that the backend is in"                           \
    }
#define SERVER(STATE)                                                          \
    {                                                                          \
        "haproxy_server_status", OF_SERVER, "state=\"" STATE "\"",             \
            "1 for the state that the server is in"                            \
    }
#define DEPLOYMENT(NAME, HELP)                                                 \
    {                                                                          \
        "kube_deployment_" NAME, OF_DEPLOYMENT, NULL, HELP                     \
    }
#define PHASE(PHASE)                                                           \
    {                                                                          \
        "kube_pod_status_phase", OF_POD, "phase=\"" PHASE "\"",                \
            "1 for the phase that the pod is in"                               \
    }
#define READY(CONDITION)                                                       \
    {                                                                          \
        "kube_pod_status_ready", OF_POD, "condition=\"" CONDITION "\"",        \
            "1 for the state of the pod's condition Ready"                     \
    }
#define HPA(NAME, HELP)                                                        \
    {                                                                          \
        "kube_horizontalpodautoscaler_" NAME, OF_HPA, NULL, HELP               \
    }
#define CREATED(REASON)                                                        \
    {                                                                          \
        "karpenter_nodeclaims_created_total", OF_NODE_POOL,                    \
            "min_values_relaxed=\"false\",reason=\"" REASON "\"",              \
            "NodeClaims made, by reason"                                       \
    }
#define DISRUPTED(REASON, MORE)                                                \
    {                                                                          \
        "karpenter_nodeclaims_disrupted_total", OF_NODE_POOL,                  \
            "reason=\"" REASON "\"" MORE,                                      \
            "NodeClaims deleted by Karpenter, by reason"                       \
    }
#define ON_DEMAND ",capacity_type=\"on-demand\""
#define USAGE(RESOURCE)                                                        \
    {                                                                          \
        "karpenter_nodepools_usage", OF_NODE_POOL,                             \
            "resource_type=\"" RESOURCE "\"",                                  \
            "What the pool's limits are charged with: cores, bytes, nodes"     \
    }
#define LIMIT(RESOURCE)                                                        \
    {                                                                          \
        "karpenter_nodepools_limit", OF_NODE_POOL,                             \
            "resource_type=\"" RESOURCE "\"",                                  \
            "Limits of the pool: cores, bytes"                                 \
    }

static const struct metric_row rows[METRICS] = {
    [M_BACKEND_SESSIONS] =
        BACKEND("current_sessions", "Sessions now, those in the queue too"),
    [M_BACKEND_MAX_SESSIONS] =
        BACKEND("max_sessions", "Most sessions since the process started"),
    [M_BACKEND_QUEUE] = BACKEND("current_queue", "Sessions in the queue now"),
    [M_BACKEND_MAX_QUEUE] =
        BACKEND("max_queue", "Longest queue since the process started"),
    [M_BACKEND_SERVERS] =
        BACKEND("active_servers", "Servers that are UP, busy ones included"),
    [M_BACKEND_SESSIONS_TOTAL] =
        BACKEND("sessions_total", "Sessions since the process started"),
    [M_BACKEND_ERRORS_TOTAL] =
        BACKEND("connection_errors_total", "Sessions that came to no server"),
    [M_BACKEND_RETRIES_TOTAL] =
        BACKEND("retry_warnings_total", "Connects that were tried again"),
    [M_BACKEND_DOWN] = STATE("DOWN"),
    [M_BACKEND_UP] = STATE("UP"),
    [M_SERVER_SESSIONS] = {"haproxy_server_current_sessions", OF_SERVER, NULL,
                           "Sessions on the server now"},
    [M_SERVER_DOWN] = SERVER("DOWN"),
    [M_SERVER_UP] = SERVER("UP"),
    [M_SERVER_MAINT] = SERVER("MAINT"),
    [M_SERVER_DRAIN] = SERVER("DRAIN"),
    [M_SERVER_NOLB] = SERVER("NOLB"),
    [M_DEPLOYMENT_SPEC] = DEPLOYMENT("spec_replicas", "Replicas wanted"),
    [M_DEPLOYMENT_REPLICAS] =
        DEPLOYMENT("status_replicas", "Pods, without those being deleted"),
    [M_DEPLOYMENT_READY] = DEPLOYMENT("status_replicas_ready", "Pods ready"),
    [M_DEPLOYMENT_AVAILABLE] =
        DEPLOYMENT("status_replicas_available", "Pods available"),
    [M_DEPLOYMENT_UNAVAILABLE] =
        DEPLOYMENT("status_replicas_unavailable", "Pods not available"),
    [M_DEPLOYMENT_UPDATED] =
        DEPLOYMENT("status_replicas_updated", "Pods of the present template"),
    [M_POD_PENDING] = PHASE("Pending"),
    [M_POD_SUCCEEDED] = PHASE("Succeeded"),
    [M_POD_FAILED] = PHASE("Failed"),
    [M_POD_UNKNOWN] = PHASE("Unknown"),
    [M_POD_RUNNING] = PHASE("Running"),
    [M_POD_READY_TRUE] = READY("true"),
    [M_POD_READY_FALSE] = READY("false"),
    [M_POD_READY_UNKNOWN] = READY("unknown"),
    [M_HPA_MAX] = HPA("spec_max_replicas", "maxReplicas"),
    [M_HPA_MIN] = HPA("spec_min_replicas", "minReplicas"),
    [M_HPA_CURRENT] = HPA("status_current_replicas", "Replicas it last saw"),
    [M_HPA_DESIRED] = HPA("status_desired_replicas", "Replicas it last wanted"),
    [M_KEDA_VALUE] = {"keda_scaler_metrics_value", OF_TRIGGER, NULL,
                      "The last good or fallback value of the trigger"},
    [M_KEDA_ERRORS_TOTAL] = {"keda_scaler_detail_errors_total", OF_TRIGGER,
                             NULL, "Evaluations of the trigger that failed"},
    [M_KEDA_OBJECT_ERRORS_TOTAL] = {"keda_scaled_object_errors_total",
                                    OF_SCALED_OBJECT, NULL,
                                    "Errors of the ScaledObject"},
    [M_NODES_CREATED_TOTAL] = {"karpenter_nodes_created_total", OF_NODE_POOL,
                               NULL, "Nodes that have joined"},
    [M_NODES_TERMINATED_TOTAL] = {"karpenter_nodes_terminated_total",
                                  OF_NODE_POOL, NULL, "Nodes that are gone"},
    [M_CLAIMS_PROVISIONED_TOTAL] = CREATED("provisioned"),
    [M_CLAIMS_REPLACING_TOTAL] = CREATED("drifted"),
    [M_CLAIMS_TERMINATED_TOTAL] = {"karpenter_nodeclaims_terminated_total",
                                   OF_NODE_POOL, "capacity_type=\"on-demand\"",
                                   "NodeClaims that are gone"},
    [M_CLAIMS_EMPTY_TOTAL] = DISRUPTED("empty", ON_DEMAND),
    [M_CLAIMS_DRIFTED_TOTAL] = DISRUPTED("drifted", ON_DEMAND),
    [M_CLAIMS_EXPIRED_TOTAL] = DISRUPTED("expired", ON_DEMAND),
    [M_CLAIMS_NO_CAPACITY_TOTAL] = DISRUPTED("insufficient_capacity", ""),
    [M_CLAIMS_LATE_TOTAL] = DISRUPTED("registration_timeout", ON_DEMAND),
    [M_CLAIMS_COLLECTED_TOTAL] = DISRUPTED("garbage_collected", ON_DEMAND),
    [M_POOL_CPU] = USAGE("cpu"),
    [M_POOL_MEMORY] = USAGE("memory"),
    [M_POOL_NODES] = USAGE("nodes"),
    [M_POOL_CPU_LIMIT] = LIMIT("cpu"),
    [M_POOL_MEMORY_LIMIT] = LIMIT("memory"),
    [M_CLUSTER_NODES] = {"karpenter_cluster_state_node_count", OF_CLUSTER, NULL,
                         "Nodes that Karpenter knows"},
};

const struct metric_row *metric_row(enum metric m)
{
    assert(m < METRICS);
    return &rows[m];
}

int metric_is_counter(enum metric m)
{
    const char *name = metric_row(m)->name;
    size_t n = strlen(name);

    return n > 6 && strcmp(name + n - 6, "_total") == 0;
}

enum metric metric_first(enum metric_object of)
{
    unsigned m = 0;

    while (m < METRICS && rows[m].of != of)
        m++;
    return (enum metric)m;
}

enum metric metric_end(enum metric_object of)
{
    unsigned m = metric_first(of);

    while (m < METRICS && rows[m].of == of)
        m++;
    return (enum metric)m;
}

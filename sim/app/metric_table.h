/* metric_table.h - the metrics that the history is written as: real names,
 * types and labels.
 *
 * Source    HAProxy addons/promex/README, service-prometheus.c v2.6 to v3.2;
 *           kube-state-metrics docs/metrics; KEDA prommetrics.go v2.16.1;
 *           Karpenter pkg/metrics/metrics.go, controllers/metrics v1.12.0.
 * Left out  every other metric of theirs; histograms; the many labels of
 *           karpenter_nodes_allocatable; node, ReplicaSet and container
 *           metrics.
 */
#ifndef SIM_APP_METRIC_TABLE_H
#define SIM_APP_METRIC_TABLE_H

#include <stddef.h>

/* Whose labels a row has. */
enum metric_object {
    OF_BACKEND,
    OF_SERVER,
    OF_DEPLOYMENT,
    OF_POD,
    OF_HPA,
    OF_TRIGGER,
    OF_SCALED_OBJECT,
    OF_NODE_POOL,
    OF_CLUSTER,
    METRIC_OBJECTS
};

/* Rows of one metric stand together. */
enum metric {
    M_BACKEND_SESSIONS,
    M_BACKEND_MAX_SESSIONS,
    M_BACKEND_QUEUE,
    M_BACKEND_MAX_QUEUE,
    M_BACKEND_SERVERS,
    M_BACKEND_SESSIONS_TOTAL,
    M_BACKEND_ERRORS_TOTAL,
    M_BACKEND_RETRIES_TOTAL,
    M_BACKEND_DOWN,
    M_BACKEND_UP,
    M_SERVER_SESSIONS,
    M_SERVER_DOWN,
    M_SERVER_UP,
    M_SERVER_MAINT,
    M_SERVER_DRAIN,
    M_SERVER_NOLB,
    M_DEPLOYMENT_SPEC,
    M_DEPLOYMENT_REPLICAS,
    M_DEPLOYMENT_READY,
    M_DEPLOYMENT_AVAILABLE,
    M_DEPLOYMENT_UNAVAILABLE,
    M_DEPLOYMENT_UPDATED,
    M_POD_PENDING,
    M_POD_SUCCEEDED,
    M_POD_FAILED,
    M_POD_UNKNOWN,
    M_POD_RUNNING,
    M_POD_READY_TRUE,
    M_POD_READY_FALSE,
    M_POD_READY_UNKNOWN,
    M_HPA_MAX,
    M_HPA_MIN,
    M_HPA_CURRENT,
    M_HPA_DESIRED,
    M_KEDA_VALUE,
    M_KEDA_ERRORS_TOTAL,
    M_KEDA_OBJECT_ERRORS_TOTAL,
    M_NODES_CREATED_TOTAL,
    M_NODES_TERMINATED_TOTAL,
    M_CLAIMS_PROVISIONED_TOTAL,
    M_CLAIMS_REPLACING_TOTAL,
    M_CLAIMS_TERMINATED_TOTAL,
    M_CLAIMS_EMPTY_TOTAL,
    M_CLAIMS_DRIFTED_TOTAL,
    M_CLAIMS_EXPIRED_TOTAL,
    M_CLAIMS_NO_CAPACITY_TOTAL,
    M_CLAIMS_LATE_TOTAL,
    M_CLAIMS_COLLECTED_TOTAL,
    M_POOL_CPU,
    M_POOL_MEMORY,
    M_POOL_NODES,
    M_POOL_CPU_LIMIT,
    M_POOL_MEMORY_LIMIT,
    M_CLUSTER_NODES,
    METRICS
};

struct metric_row {
    const char *name;
    enum metric_object of;
    const char *label; /* of this row alone, `state="UP"`; or NULL */
    const char *help;
};

const struct metric_row *metric_row(enum metric m);

/* By its name, as in the sources. */
int metric_is_counter(enum metric m);

/* The rows of an object: from the first up to before the end. */
enum metric metric_first(enum metric_object of);
enum metric metric_end(enum metric_object of);

#endif

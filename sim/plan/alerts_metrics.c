/* alerts_metrics.c - what is exported, under which names. */
#include "sim/plan/alerts.h"

#include "sim/base/text.h"

#include <string.h>

#define REPLICAS "kube_deployment_"
#define HPA "kube_horizontalpodautoscaler_"

static const struct metric metrics[] = {
    {"haproxy_backend_current_queue", GAUGE_QUEUE, "proxy"},
    {"haproxy_backend_current_sessions", GAUGE_SESSIONS, "proxy"},
    {"haproxy_backend_active_servers", GAUGE_SERVERS, "proxy"},
    {"haproxy_backend_backup_servers", GAUGE_OTHER, "proxy"},
    {"haproxy_backend_max_queue", GAUGE_OTHER, "proxy"},
    {"haproxy_backend_max_sessions", GAUGE_OTHER, "proxy"},
    {"haproxy_backend_limit_sessions", GAUGE_OTHER, "proxy"},
    {"haproxy_backend_status", GAUGE_FLAG, "proxy"},
    {"haproxy_backend_sessions_total", GAUGE_COUNTER, "proxy"},
    {"haproxy_backend_connection_errors_total", GAUGE_COUNTER, "proxy"},
    {"haproxy_backend_connection_attempts_total", GAUGE_COUNTER, "proxy"},
    {"haproxy_backend_retry_warnings_total", GAUGE_COUNTER, "proxy"},
    {"haproxy_backend_redispatch_warnings_total", GAUGE_COUNTER, "proxy"},
    {"haproxy_backend_response_errors_total", GAUGE_COUNTER, "proxy"},
    {"haproxy_backend_client_aborts_total", GAUGE_COUNTER, "proxy"},
    {"haproxy_backend_server_aborts_total", GAUGE_COUNTER, "proxy"},
    {"haproxy_backend_bytes_in_total", GAUGE_COUNTER, "proxy"},
    {"haproxy_backend_bytes_out_total", GAUGE_COUNTER, "proxy"},
    {"haproxy_server_current_queue", GAUGE_SERVER_QUEUE, "proxy"},
    {"haproxy_server_current_sessions", GAUGE_SERVER_SESSIONS, "proxy"},
    {"haproxy_server_max_sessions", GAUGE_SERVER_SESSIONS, "proxy"},
    {"haproxy_server_status", GAUGE_FLAG, "proxy"},
    {"haproxy_server_check_failures_total", GAUGE_COUNTER, "proxy"},
    {"haproxy_server_connection_errors_total", GAUGE_COUNTER, "proxy"},
    {"haproxy_frontend_current_sessions", GAUGE_OTHER, "proxy"},
    {"haproxy_frontend_max_sessions", GAUGE_OTHER, "proxy"},
    {"haproxy_frontend_limit_sessions", GAUGE_OTHER, "proxy"},
    {"haproxy_frontend_status", GAUGE_FLAG, "proxy"},
    {"haproxy_frontend_connections_total", GAUGE_COUNTER, "proxy"},
    {"keda_scaler_metrics_value", GAUGE_SESSIONS, "scaledObject"},
    {"keda_scaler_active", GAUGE_FLAG, "scaledObject"},
    {"keda_scaler_metrics_latency_seconds", GAUGE_OTHER, "scaledObject"},
    {"keda_scaler_detail_errors_total", GAUGE_COUNTER, "scaledObject"},
    {"keda_scaler_http_requests_total", GAUGE_COUNTER, "scaledObject"},
    {"keda_scaler_empty_upstream_responses_total", GAUGE_COUNTER,
     "scaledObject"},
    {"keda_scaled_object_errors_total", GAUGE_COUNTER, "scaledObject"},
    {"keda_scaled_object_paused", GAUGE_FLAG, "scaledObject"},
    {"keda_internal_scale_loop_latency_seconds", GAUGE_OTHER, "resource"},
    {"keda_resource_registered_total", GAUGE_COUNTER, "type"},
    {"keda_trigger_registered_total", GAUGE_COUNTER, "type"},
    {"keda_build_info", GAUGE_OTHER, "version"},
    {"keda_webhook_scaled_object_validation_total", GAUGE_COUNTER, "action"},
    {"keda_webhook_scaled_object_validation_errors", GAUGE_COUNTER, "action"},
    {REPLICAS "spec_replicas", GAUGE_WANTED, "deployment"},
    {REPLICAS "status_replicas_ready", GAUGE_READY, "deployment"},
    {REPLICAS "status_replicas_available", GAUGE_READY, "deployment"},
    {HPA "status_desired_replicas", GAUGE_WANTED, "horizontalpodautoscaler"},
    {HPA "spec_min_replicas", GAUGE_LEAST, "horizontalpodautoscaler"},
    {HPA "spec_max_replicas", GAUGE_MOST, "horizontalpodautoscaler"},
};

enum { N_METRICS = sizeof metrics / sizeof *metrics };

const struct metric *metric_find(const char *name)
{
    for (size_t i = 0; i < N_METRICS; i++)
        if (strcmp(metrics[i].name, name) == 0)
            return &metrics[i];
    return NULL;
}

const char *metric_meant(const char *name)
{
    static const char *const heads[] = {"haproxy_", "keda_", "kube_deployment_",
                                        HPA};
    const char *names[N_METRICS];
    bool ours = false;

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        ours |= strncmp(name, heads[i], strlen(heads[i])) == 0;
    for (size_t i = 0; i < N_METRICS; i++)
        names[i] = metrics[i].name;
    return ours && !metric_find(name) ? text_nearest(name, names, N_METRICS)
                                      : NULL;
}

bool metric_of_backend(const struct promql_term *t,
                       const struct lb_backend_params *b)
{
    const char *name = promql_value(t, "proxy");

    return !name || strcmp(name, b->name) == 0;
}

bool metric_of_pool(const struct metric *m, const struct promql_term *t,
                    const struct system_params *p, uint32_t pool)
{
    const struct pool_params *own = &p->pools[pool];
    const char *name = promql_value(t, m->label);

    if (strcmp(m->label, "proxy") == 0)
        return metric_of_backend(t, &p->lb.backends[own->backend]);
    return !name || hazard_is_named(name, own->name);
}

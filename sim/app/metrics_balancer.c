/* metrics_balancer.c - what the balancer's exporter shows. */
#include "sim/app/metrics_parts.h"

static void look_at_backend(struct metrics *m, size_t i,
                            const struct view_backend *v)
{
    struct metric_series *x = metrics_series(m, OF_BACKEND, i, labels_backend);

    metrics_put(m, x, M_BACKEND_SESSIONS, v->sessions);
    metrics_put(m, x, M_BACKEND_MAX_SESSIONS, v->gauges.max_sessions);
    metrics_put(m, x, M_BACKEND_QUEUE, v->queue);
    metrics_put(m, x, M_BACKEND_MAX_QUEUE, v->gauges.max_queue);
    metrics_put(m, x, M_BACKEND_SERVERS, v->servers_up);
    metrics_put(m, x, M_BACKEND_SESSIONS_TOTAL,
                (double)v->gauges.sessions_total);
    metrics_put(m, x, M_BACKEND_ERRORS_TOTAL,
                (double)v->gauges.connection_errors);
    metrics_put(m, x, M_BACKEND_RETRIES_TOTAL,
                (double)v->gauges.retry_warnings);
    metrics_put(m, x, M_BACKEND_DOWN, v->servers_up == 0);
    metrics_put(m, x, M_BACKEND_UP, v->servers_up > 0);
}

/* Servers that never had an address are in maintenance like all others, and
 * there are hundreds of them: they are there once they had one.
 */
static void look_at_server(struct metrics *m, size_t backend, size_t slot)
{
    size_t i = backend * LB_SLOTS + slot;
    struct view_server v;

    system_view_server(m->system, backend, slot, &v);
    struct metric_series *x = metrics_known(m, OF_SERVER, i);
    if (!x && v.placed) {
        char labels[METRIC_LABELS];
        labels_server(m->scenario, backend, slot, labels);
        x = metrics_introduce(m, OF_SERVER, i, labels);
    }
    if (!x)
        return;
    metrics_put(m, x, M_SERVER_SESSIONS, v.sessions);
    metrics_put(m, x, M_SERVER_DOWN, v.placed && !v.up);
    metrics_put(m, x, M_SERVER_UP, v.placed && v.up);
    metrics_put(m, x, M_SERVER_MAINT, !v.placed);
    metrics_put(m, x, M_SERVER_DRAIN, 0);
    metrics_put(m, x, M_SERVER_NOLB, 0);
}

void metrics_look_at_balancer(struct metrics *m)
{
    const struct lb_params *p = &m->scenario->system.lb;

    for (size_t i = 0; i < p->n_backends; i++) {
        struct view_backend v;
        system_view_backend(m->system, i, &v);
        if (!v.listening || !v.dialled)
            continue;
        look_at_backend(m, i, &v);
        for (size_t k = 0;
             m->scenario->scrape.servers && k < p->backends[i].n_slots; k++)
            look_at_server(m, i, k);
    }
}

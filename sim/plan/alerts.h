/* alerts.h - can the alert rules among the manifests ever fire, and would they?
 *
 * Models    rules of PrometheusRule objects and of plain rule files, as far as
 *           promql.h reads them, against what the manifests bound and what a
 *           trial shows, scraped once a minute.
 * Source    Prometheus, Alerting rules; exporters of HAProxy and KEDA;
 *           kube-state-metrics.
 * Left out  conditions beyond comparisons with numbers: a note says so.
 */
#ifndef SIM_PLAN_ALERTS_H
#define SIM_PLAN_ALERTS_H

#include "scenarios/promql.h"
#include "sim/plan/hazards_parts.h"
#include "sim/plan/trial.h"

struct alert {
    const struct yaml_node *node;
    const char *name, *condition;
    sim_us for_us;
};

/* Calls for each alert rule that has a name and a condition. */
typedef void alert_visit(struct hazard_search *h, const struct alert *a,
                         void *context);
void alerts_each(struct hazard_search *h, alert_visit *visit, void *context);

/* A hazard that stands at the rule. */
struct hazard *alert_hazard(struct hazard_search *h, const struct alert *a,
                            enum hazard_level level, const char *code);

/* What an exporter shows of the system. */
enum gauge {
    GAUGE_QUEUE,
    GAUGE_SESSIONS,
    GAUGE_SERVERS,
    GAUGE_SERVER_SESSIONS,
    GAUGE_SERVER_QUEUE,
    GAUGE_FLAG, /* 0 or 1 */
    GAUGE_COUNTER,
    GAUGE_WANTED, /* spec.replicas, or the HPA's */
    GAUGE_READY,
    GAUGE_LEAST, /* the HPA's bounds */
    GAUGE_MOST,
    GAUGE_OTHER /* exported, and anything from 0 up */
};

struct metric {
    const char *name;
    enum gauge gauge;
    const char *label; /* names what it is of */
};

/* The metric of that name, or NULL if nothing known exports it. */
const struct metric *metric_find(const char *name);

/* The nearest one that is exported, for a name that begins as the exporters'
 * do and is none of theirs; else NULL.
 */
const char *metric_meant(const char *name);

/* Whether a series of the metric about this pool, or backend, is meant. */
bool metric_of_pool(const struct metric *m, const struct promql_term *t,
                    const struct system_params *p, uint32_t pool);
bool metric_of_backend(const struct promql_term *t,
                       const struct lb_backend_params *b);

/* What the trials say: a usual day, and a burst to the maximum. */
void alerts_try(struct hazard_search *h, const struct trial *day,
                const struct trial *burst);

#endif

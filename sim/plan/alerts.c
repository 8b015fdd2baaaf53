/* alerts.c - what the manifests alone say about alert conditions. */
#include "sim/plan/alerts.h"

#include <math.h>
#include <regex.h>
#include <string.h>

/* ------------------------------------------------------------ the rules */

static const char *text_of(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *n = yaml_get(map, key);

    return n && n->kind == YAML_SCALAR ? n->text : NULL;
}

struct hazard *alert_hazard(struct hazard_search *h, const struct alert *a,
                            enum hazard_level level, const char *code)
{
    struct hazard *at = hazard_add(h, level, code);

    (void)snprintf(at->where, sizeof at->where, "%.*s:%u", HAZARD_TEXT - 16,
                   a->node->file->path, a->node->line);
    return at;
}

static void not_judged(struct hazard_search *h, const struct alert *a,
                       const char *why)
{
    struct hazard *at = alert_hazard(h, a, HAZARD_NOTE, "alert-not-judged");

    hazard_what(at, "alert %.64s is not judged: %.160s", a->name, why);
    hazard_advice(at, "test it with promtool, or look at it yourself");
}

static void visit_rule(struct hazard_search *h, const struct yaml_node *rule,
                       alert_visit *visit, void *context)
{
    struct alert a = {rule, text_of(rule, "alert"), text_of(rule, "expr"), 0};
    struct err e;

    if (!a.name || !a.condition)
        return;
    if (yaml_duration(rule, "for", &a.for_us, &e) != ERR_OK)
        a.for_us = SIM_NEVER;
    visit(h, &a, context);
}

void alerts_each(struct hazard_search *h, alert_visit *visit, void *context)
{
    const struct manifest *m = &h->s->manifests;

    for (size_t i = 0; i < m->n_objects; i++) {
        const struct yaml_node *top = m->objects[i].node;
        if (strcmp(m->objects[i].kind, "PrometheusRule") == 0)
            top = yaml_get(top, "spec");
        else if (strcmp(m->objects[i].kind, MANIFEST_RULES) != 0)
            continue;
        const struct yaml_node *groups = yaml_get(top, "groups");
        for (size_t g = 0; groups && g < groups->n; g++) {
            const struct yaml_node *rules =
                yaml_get(groups->items[g].value, "rules");
            for (size_t r = 0; rules && r < rules->n; r++)
                visit_rule(h, rules->items[r].value, visit, context);
        }
    }
}

/* ------------------------------------------------------------ bounds */

struct range {
    double least, most;
};

static struct range of_backend(const struct lb_backend_params *b,
                               enum gauge gauge)
{
    double records = lb_max_records(b);

    switch (gauge) {
    case GAUGE_SERVERS:
        return (struct range){0.0, fmin(b->n_slots, records)};
    case GAUGE_SERVER_SESSIONS:
        return (struct range){0.0, b->maxconn};
    case GAUGE_SERVER_QUEUE: /* leastconn keeps waiting dials in the backend */
        return (struct range){0.0, 0.0};
    default:
        return (struct range){0.0, INFINITY};
    }
}

/* KEDA 2.16 writes its fallback past the bounds. */
static struct range of_pool(const struct pool_params *p, enum gauge gauge)
{
    double least = p->autoscaled ? keda_min(&p->keda) : p->replicas;
    double most = hazard_most(p);
    struct range r = {least, most};

    if (gauge == GAUGE_READY)
        return (struct range){0.0, INFINITY}; /* a rollout may surge */
    if (p->autoscaled && p->keda.has_idle)
        r.least = fmin(r.least, p->keda.idle);
    if (p->autoscaled && p->keda.has_fallback &&
        p->keda.fallback_replicas >= 0) {
        r.least = fmin(r.least, p->keda.fallback_replicas);
        r.most = fmax(r.most, p->keda.fallback_replicas);
    }
    if (gauge == GAUGE_LEAST)
        r = (struct range){fmax(least, 1.0), fmax(least, 1.0)};
    if (gauge == GAUGE_MOST)
        r = (struct range){most, most};
    return r;
}

static enum promql_truth compare(const struct range *r, enum promql_op op,
                                 double x)
{
    bool low = promql_holds(op, r->least, x),
         high = promql_holds(op, r->most, x);
    bool inside = x >= r->least && x <= r->most;

    if (op == PROMQL_EQ)
        return !inside               ? PROMQL_NEVER
               : r->least == r->most ? PROMQL_ALWAYS
                                     : PROMQL_MAYBE;
    if (op == PROMQL_NE)
        return !inside               ? PROMQL_ALWAYS
               : r->least == r->most ? PROMQL_NEVER
                                     : PROMQL_MAYBE;
    return low && high   ? PROMQL_ALWAYS
           : low || high ? PROMQL_MAYBE
                         : PROMQL_NEVER;
}

/* ------------------------------------------------------------ one rule */

struct judgement {
    struct hazard_search *h;
    const struct alert *a;
    char evidence[160]; /* the last bound that decided a comparison */
};

/* One more series: any of them fires the rule, and a sum has them all. */
static void add_series(struct range *all, enum promql_truth *truth, size_t *n,
                       const struct promql_term *t, struct range r)
{
    enum promql_truth one = compare(&r, t->op, t->number);

    *truth = *n == 0 || one > *truth ? one : *truth;
    if (t->use == PROMQL_SUM && *n > 0) {
        all->least += r.least;
        all->most += r.most;
    } else {
        all->least = *n == 0 ? r.least : fmin(all->least, r.least);
        all->most = *n == 0 ? r.most : fmax(all->most, r.most);
    }
    ++*n;
}

static enum promql_truth bounded(struct judgement *j,
                                 const struct promql_term *t,
                                 const struct metric *m)
{
    const struct system_params *p = j->h->p;
    struct range all = {0.0, INFINITY};
    enum promql_truth truth = PROMQL_MAYBE;
    size_t n = 0;

    if (t->use == PROMQL_GROWTH || t->use == PROMQL_COUNT ||
        m->gauge == GAUGE_COUNTER || m->gauge == GAUGE_OTHER)
        truth = compare(&all, t->op, t->number);
    else if (m->gauge == GAUGE_FLAG)
        add_series(&all, &truth, &n, t,
                   (struct range){0.0, t->use == PROMQL_SUM ? INFINITY : 1.0});
    else if (m->gauge <= GAUGE_SERVER_QUEUE && strcmp(m->label, "proxy") == 0)
        for (size_t i = 0; i < p->lb.n_backends; i++) {
            const struct lb_backend_params *b = &p->lb.backends[i];
            if (metric_of_backend(t, b))
                add_series(&all, &truth, &n, t, of_backend(b, m->gauge));
        }
    else if (m->gauge >= GAUGE_WANTED)
        for (uint32_t i = 0; i < p->n_pools; i++)
            if (metric_of_pool(m, t, p, i))
                add_series(&all, &truth, &n, t,
                           of_pool(&p->pools[i], m->gauge));
    if (t->use == PROMQL_SUM && n > 0 && m->gauge != GAUGE_SERVER_SESSIONS)
        truth = compare(&all, t->op, t->number);
    else if (t->use == PROMQL_SUM)
        truth = PROMQL_MAYBE; /* how many servers there are is open */
    if (truth != PROMQL_MAYBE)
        (void)snprintf(j->evidence, sizeof j->evidence,
                       "%.64s is never below %g and never above %g", t->metric,
                       all.least, all.most);
    return truth;
}

/* ------------------------------------------------------------ strangers */

static void tell_unknown(struct judgement *j, const struct promql_term *t,
                         const char *label, const char *meant)
{
    struct hazard *at =
        alert_hazard(j->h, j->a, HAZARD_WARNING, "alert-unknown-series");

    if (label)
        hazard_what(at,
                    "alert %.48s asks for %.48s of %.48s, which haproxy.cfg "
                    "does not have: the rule never fires",
                    j->a->name, t->metric, label);
    else
        hazard_what(at,
                    "alert %.48s asks for %.64s, which nothing exports: the "
                    "rule never fires",
                    j->a->name, t->metric);
    if (meant)
        hazard_advice(at, "did you mean %s?", meant);
    else
        hazard_advice(at, "name a frontend or backend of haproxy.cfg");
}

static bool is_proxy(const struct haproxy_cfg *c, const char *name)
{
    for (size_t i = 0; i < c->n_proxies; i++)
        if (strcmp(c->proxies[i].name, name) == 0)
            return true;
    return c->n_proxies == 0;
}

/* A pattern of plain alternatives; anything else is taken to match. */
static bool keeps(const char *pattern, const char *metric)
{
    char whole[2200];
    regex_t re;

    if (strlen(pattern) > 2000 || strstr(pattern, "(?") ||
        strspn(pattern, "abcdefghijklmnopqrstuvwxyz"
                        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:|().*+?") !=
            strlen(pattern))
        return true;
    (void)snprintf(whole, sizeof whole, "^(%s)$", pattern);
    if (regcomp(&re, whole, REG_EXTENDED | REG_NOSUB) != 0)
        return true;
    bool matches = regexec(&re, metric, 0, NULL, 0) == 0;
    regfree(&re);
    return matches;
}

/* Whether a relabelling keeps metrics by name, and not this one of HAProxy. */
static bool drops(const struct yaml_node *rule, const char *metric)
{
    const struct yaml_node *from = yaml_get(rule, "sourceLabels");
    const char *action = text_of(rule, "action");
    const char *regex = text_of(rule, "regex");

    return action && regex && strcmp(action, "keep") == 0 && from &&
           from->n == 1 && from->items[0].value->kind == YAML_SCALAR &&
           strcmp(from->items[0].value->text, "__name__") == 0 &&
           strstr(regex, "haproxy") && !keeps(regex, metric);
}

static bool monitor_drops(const struct yaml_node *monitor, const char *metric)
{
    const struct yaml_node *spec = yaml_get(monitor, "spec");
    const struct yaml_node *ends = yaml_get(spec, "endpoints");

    if (!ends)
        ends = yaml_get(spec, "podMetricsEndpoints");
    for (size_t i = 0; ends && i < ends->n; i++) {
        const struct yaml_node *rules =
            yaml_get(ends->items[i].value, "metricRelabelings");
        for (size_t k = 0; rules && k < rules->n; k++)
            if (drops(rules->items[k].value, metric))
                return true;
    }
    return false;
}

static void check_scrape(struct judgement *j, const struct promql_term *t)
{
    const struct manifest *m = &j->h->s->manifests;

    for (size_t i = 0; i < m->n_objects; i++) {
        const struct manifest_object *o = &m->objects[i];
        if (!strstr(o->kind, "Monitor") ||
            strncmp(t->metric, "haproxy_", 8) != 0 ||
            !monitor_drops(o->node, t->metric))
            continue;
        struct hazard *at =
            alert_hazard(j->h, j->a, HAZARD_WARNING, "alert-metric-dropped");
        hazard_what(at,
                    "alert %.48s asks for %.64s, which the keep-list of %.20s "
                    "%.64s drops: the rule never fires",
                    j->a->name, t->metric, o->kind, o->name);
        hazard_advice(at, "add it to the keep-list at line %u of %.200s",
                      o->node->line, o->node->file->path);
        return;
    }
}

static enum promql_truth judge(void *context, const struct promql_term *t)
{
    struct judgement *j = context;
    const struct metric *m = metric_find(t->metric);
    const char *proxy = promql_value(t, "proxy");

    check_scrape(j, t);
    if (!m) {
        const char *meant = metric_meant(t->metric);
        if (meant)
            tell_unknown(j, t, NULL, meant);
        return PROMQL_MAYBE;
    }
    if (proxy && strcmp(m->label, "proxy") == 0 &&
        !is_proxy(&j->h->s->haproxy, proxy)) {
        tell_unknown(j, t, proxy, NULL);
        return PROMQL_MAYBE;
    }
    return bounded(j, t, m);
}

static void check_rule(struct hazard_search *h, const struct alert *a,
                       void *context)
{
    struct judgement j = {.h = h, .a = a};
    enum promql_truth truth;
    struct err e;

    (void)context;
    if (promql_read(a->condition, judge, &j, &truth, &e) != ERR_OK) {
        not_judged(h, a, e.msg);
        return;
    }
    if (a->for_us == SIM_NEVER) {
        not_judged(h, a, "its \"for\" is no duration");
        return;
    }
    if (truth == PROMQL_MAYBE)
        return;
    bool never = truth == PROMQL_NEVER;
    struct hazard *at =
        alert_hazard(h, a, HAZARD_WARNING,
                     never ? "alert-never-fires" : "alert-always-fires");
    hazard_what(at, "alert %.64s %s: %s", a->name,
                never ? "can never fire" : "always fires", j.evidence);
    hazard_advice(at, never ? "lower the threshold to what can be reached"
                            : "raise the threshold above what is usual");
}

void hazards_alerts(struct hazard_search *h)
{
    alerts_each(h, check_rule, NULL);
}

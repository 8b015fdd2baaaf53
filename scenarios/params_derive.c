#include "scenarios/params.h"

#include <stdio.h>
#include <string.h>

static int refuse(const struct pool_params *p, const char *what, struct err *e)
{
    return err_set(e, ERR_INPUT, "pool %s: %s", p->name, what);
}

/* Setting one field of `behavior` makes it present. */
static bool has_rules(const struct hpa_rules *r)
{
    return r->has_window || r->has_select || r->has_policies ||
           r->has_tolerance;
}

static void disable(struct hpa_rules *rules)
{
    rules->select = HPA_SELECT_DISABLED;
    rules->has_select = true;
}

/* The HorizontalPodAutoscaler that KEDA makes of the ScaledObject. */
static void derive_hpa(struct pool_params *p)
{
    struct hpa_params *h = &p->hpa;
    struct keda_hpa made;

    keda_hpa_bounds(&p->keda, &made);
    h->min = made.min;
    h->max = made.max;
    h->n_metrics = made.n_metrics;
    for (size_t i = 0; i < made.n_metrics; i++)
        h->metrics[i] = (struct hpa_metric){made.metrics[i].target_milli,
                                            made.metrics[i].is_value};
    h->has_behavior = h->has_behavior || has_rules(&h->up) ||
                      has_rules(&h->down) || made.up_disabled ||
                      made.down_disabled;
    if (made.up_disabled)
        disable(&h->up);
    if (made.down_disabled)
        disable(&h->down);
    hpa_behavior_defaults(h);
}

static int check_versions(const struct scenario *s, const struct pool_params *p,
                          struct err *e)
{
    const struct keda_params *k = &p->keda;
    bool tolerance = p->hpa.up.has_tolerance || p->hpa.down.has_tolerance;
    bool pause =
        k->paused_scale_in || k->paused_scale_out || k->force_activation;

    if (tolerance && s->versions.kubernetes_minor < 35)
        return refuse(p,
                      "tolerance in behavior needs Kubernetes 1.35; the "
                      "API server of the scenario's version drops it",
                      e);
    if (k->has_fallback && k->fallback != KEDA_STATIC &&
        s->versions.keda_minor < 17)
        return refuse(p,
                      "fallback.behavior needs KEDA 2.17; the scenario's "
                      "version does not know it",
                      e);
    if (k->fallback == KEDA_MODIFIERS && s->versions.keda_minor < 20)
        return refuse(p, "fallback.behavior scalingModifiers needs KEDA 2.20",
                      e);
    if (pause && s->versions.keda_minor < 18)
        return refuse(p,
                      "paused-scale-in, paused-scale-out and "
                      "force-activation need KEDA 2.18",
                      e);
    return ERR_OK;
}

static int derive_scaler(const struct scenario *s, struct pool_params *p,
                         struct err *e)
{
    p->keda.minor = s->versions.keda_minor;
    p->keda.patch = s->versions.keda_patch;
    p->keda.origin_us = s->trace.origin_us;
    p->hpa.kubernetes_minor = s->versions.kubernetes_minor;
    if (!p->autoscaled)
        return ERR_OK;
    if (keda_refuses(&p->keda))
        return refuse(p, keda_refuses(&p->keda), e);
    if (p->hpa.echo_us > p->hpa.status_us)
        return refuse(p, "hpa.echo must not be longer than hpa.status", e);
    derive_hpa(p);
    if (p->hpa.min > p->hpa.max)
        return refuse(p, "min_replicas is above max_replicas", e);
    return check_versions(s, p, e);
}

/* The scaler brings a pool between its bounds before anything happens. */
static void derive_start(const struct scenario *s, size_t i,
                         struct pool_params *p)
{
    char key[PARAM_TEXT];
    uint32_t n = s->written_replicas[i];

    snprintf(key, sizeof key, "%s.replicas", p->name);
    if (params_is_set(s, key))
        return;
    if (p->autoscaled && n < p->hpa.min)
        n = p->hpa.min;
    if (p->autoscaled && n > p->hpa.max)
        n = p->hpa.max;
    if (p->autoscaled && p->keda.paused && p->keda.has_paused_replicas)
        n = p->keda.paused_replicas;
    p->replicas = n;
}

static int check_pods(struct pool_params *p, struct err *e)
{
    const struct kubelet_probe *startup = &p->kubelet.startup;

    if (startup->used &&
        (startup->period_us < US_PER_S || startup->timeout_us < US_PER_S ||
         startup->failures == 0))
        return refuse(p, "a startup probe needs period, timeout and failures",
                      e);
    if (p->kubelet.startup.used && startup->successes == 0)
        p->kubelet.startup.successes = 1;
    return ERR_OK;
}

static void derive_types(struct scenario *s)
{
    struct karp_params *k = &s->system.karpenter;
    double overhead = s->vm_overhead_pct / 100.0;

    for (size_t i = 0; i < k->n_types; i++) {
        struct catalog_size all = catalog_capacity(&s->facts[i], overhead);
        struct catalog_size room = catalog_allocatable(&s->facts[i], overhead);

        k->types[i].capacity = (struct karp_size){all.mcpu, all.mib};
        k->types[i].allocatable = (struct karp_size){room.mcpu, room.mib};
    }
}

/* Whether any type of a pool's node pools can carry one of its pods. */
static int check_room(const struct scenario *s, const struct pool_params *p,
                      struct err *e)
{
    const struct karp_params *k = &s->system.karpenter;

    for (size_t n = 0; n < k->n_pools; n++)
        for (size_t t = 0; t < k->n_types; t++) {
            const struct karp_size *room = &k->types[t].allocatable;
            const struct karp_size *daemon = &k->pools[n].daemon;

            if (p->node_pools >> n & 1 && k->pools[n].types >> t & 1 &&
                room->mcpu - daemon->mcpu >= p->request_mcpu &&
                room->mib - daemon->mib >= p->request_mib)
                return ERR_OK;
        }
    return refuse(p,
                  "no instance type of its NodePools is large enough for "
                  "one pod",
                  e);
}

static int check_system(const struct scenario *s, struct err *e)
{
    const struct karp_params *k = &s->system.karpenter;

    if (s->vm_overhead_pct > 0.0 && s->vm_overhead_pct < 1.0)
        return err_set(e, ERR_INPUT,
                       "karpenter.vm_memory_overhead_pct is in percent: write "
                       "%g for the chart's %g",
                       s->vm_overhead_pct * 100.0, s->vm_overhead_pct);
    if (k->batch_idle_us > k->batch_max_us)
        return err_set(e, ERR_INPUT,
                       "karpenter.batch_idle must not be longer than "
                       "karpenter.batch_max");
    return ERR_OK;
}

static int derive_caller(const struct scenario *s, struct caller_params *c,
                         struct err *e)
{
    c->has_backend = false;
    c->backend = 0;
    for (uint32_t i = 0; *c->dials && i < s->system.lb.n_backends; i++) {
        if (strcmp(s->backends[i].name, c->dials) != 0)
            continue;
        c->has_backend = true;
        c->backend = i;
    }
    if (*c->dials && !c->has_backend)
        return err_set(e, ERR_INPUT,
                       "client %s: haproxy.cfg has no backend %s with a "
                       "server-template",
                       c->name, c->dials);
    return ERR_OK;
}

int params_derive(struct scenario *s, struct err *e)
{
    struct system_params *y = &s->system;
    int rc = check_system(s, e);

    y->lb.version = s->versions.haproxy;
    if (!params_is_set(s, "dns.query") && y->lb.n_backends > 0)
        y->dns.query_us = s->backends[0].resolve_us;
    derive_types(s);
    for (size_t i = 0; i < y->n_callers && rc == ERR_OK; i++)
        rc = derive_caller(s, &y->callers[i], e);
    for (size_t i = 0; i < y->n_pools && rc == ERR_OK; i++) {
        rc = derive_scaler(s, &y->pools[i], e);
        if (rc == ERR_OK)
            rc = check_pods(&y->pools[i], e);
        if (rc == ERR_OK)
            rc = check_room(s, &y->pools[i], e);
        derive_start(s, i, &y->pools[i]);
    }
    return rc;
}

void params_pool_defaults(struct pool_params *p)
{
    *p = (struct pool_params){.replicas = 1, .pdb_max_unavailable = -1};
    keda_defaults(&p->keda);
    keda_trigger_defaults(&p->keda.triggers[0]);
    hpa_defaults(&p->hpa);
    rs_defaults(&p->rs);
    kubelet_defaults(&p->kubelet);
    drain_defaults(&p->drain);
    rollout_defaults(&p->rollout);
}

static void system_defaults(struct system_params *p)
{
    *p = (struct system_params){.boot_factor = 1.0,
                                .cold_factor = 1.0,
                                .settle_us = 2 * US_PER_H,
                                .regret_us = 600 * US_PER_S};
    dns_defaults(&p->dns);
    sched_defaults(&p->sched);
    billing_defaults(&p->billing);
    karp_defaults(&p->karpenter);
}

void params_scenario_defaults(struct scenario *s)
{
    memset(s, 0, sizeof *s);
    s->versions = (struct scenario_versions){35, 16, 1, 12, LB_3_1};
    s->vm_overhead_pct = 7.5;
    s->scrape = (struct scenario_scrape){.interval_us = 60 * US_PER_S,
                                         .evaluation_us = 60 * US_PER_S,
                                         .pods = true};
    system_defaults(&s->system);
}

#include "sim/plan/measure.h"

#include "sim/base/mem.h"
#include "sim/plan/elasticity.h"
#include "sim/plan/flap.h"
#include "sim/plan/frontier.h"

#include <math.h>
#include <stdlib.h>

struct measure_plan {
    const struct system_params *params;
    const struct by_pool *builds;
    sim_us from_us, until_us;   /* the window */
    struct oracle_plan *oracle; /* owned; by pool */
    struct frontier *frontier;  /* owned; by pool */
};

/* When something began, by its index. */
struct births {
    sim_us *at_us; /* owned; SIM_NEVER: not known */
    size_t cap;
};

struct measure {
    const struct measure_plan *plan;
    struct elasticity *elasticity; /* owned; by pool */
    struct flap *flap;             /* owned; by pool */
    struct births pods, ready, nodes;
};

/* ------------------------------------------------------------ the plan */

struct measure_plan *measure_plan_new(const struct system_params *params,
                                      const struct by_pool *builds)
{
    struct measure_plan *p = mem_array(1, sizeof *p);
    sim_us end_us = builds->trace->span_us + params->settle_us;

    *p = (struct measure_plan){
        .params = params,
        .builds = builds,
        .from_us = params->warm_up_us < end_us ? params->warm_up_us : end_us,
        .until_us = end_us,
        .oracle = mem_array(params->n_pools, sizeof *p->oracle),
        .frontier = mem_array(params->n_pools, sizeof *p->frontier),
    };
    for (uint32_t i = 0; i < params->n_pools; i++) {
        p->oracle[i] = oracle_foresee(params, builds, i);
        frontier_init(&p->frontier[i], builds, i, params->warm_up_us);
    }
    return p;
}

void measure_plan_free(struct measure_plan *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->params->n_pools; i++)
        frontier_free(&p->frontier[i]);
    free(p->frontier);
    free(p->oracle);
    free(p);
}

struct measure *measure_new(const struct measure_plan *p)
{
    struct measure *m = mem_array(1, sizeof *m);
    size_t n = p->params->n_pools;

    m->plan = p;
    m->elasticity = mem_array(n, sizeof *m->elasticity);
    m->flap = mem_array(n, sizeof *m->flap);
    return m;
}

void measure_free(struct measure *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->plan->params->n_pools; i++)
        flap_free(&m->flap[i]);
    free(m->flap);
    free(m->elasticity);
    free(m->pods.at_us);
    free(m->ready.at_us);
    free(m->nodes.at_us);
    free(m);
}

/* ------------------------------------------------------------ births */

static void births_set(struct births *b, uint32_t i, sim_us at_us)
{
    size_t had = b->cap;

    b->at_us = mem_grow(b->at_us, &b->cap, (size_t)i + 1, sizeof *b->at_us);
    for (; had < b->cap; had++)
        b->at_us[had] = SIM_NEVER;
    b->at_us[i] = at_us;
}

static sim_us births_at(const struct births *b, uint32_t i)
{
    return i < b->cap ? b->at_us[i] : SIM_NEVER;
}

/* Time since the birth; what was there at the start is older than that. */
static sim_us age_us(const struct births *b, uint32_t i, sim_us now_us)
{
    sim_us at_us = births_at(b, i);

    return at_us == SIM_NEVER || at_us <= 0 ? SIM_NEVER : now_us - at_us;
}

static void births_forget(struct births *b)
{
    for (size_t i = 0; i < b->cap; i++)
        b->at_us[i] = SIM_NEVER;
}

/* ------------------------------------------------------------ the run */

void measure_start(struct measure *m)
{
    const struct measure_plan *p = m->plan;

    births_forget(&m->pods);
    births_forget(&m->ready);
    births_forget(&m->nodes);
    for (size_t i = 0; i < p->params->n_pools; i++) {
        elasticity_start(&m->elasticity[i], p->from_us, p->until_us,
                         ELASTICITY_GRID_US);
        flap_start(&m->flap[i], p->from_us, p->until_us, p->params->regret_us,
                   hpa_down_window_us(&p->params->pools[i].hpa));
    }
}

static void on_ready(struct measure *m, const struct note *n)
{
    sim_us lag_us = age_us(&m->pods, n->a, n->at_us);

    births_set(&m->ready, n->a, n->at_us);
    if (lag_us != SIM_NEVER)
        flap_on_pod_ready(&m->flap[n->pool], n->at_us, lag_us);
}

void measure_on_note(struct measure *m, const struct note *n)
{
    switch (n->kind) {
    case NOTE_POD_CREATED:
        births_set(&m->pods, n->a, n->at_us);
        flap_on_pod_created(&m->flap[n->pool], n->at_us);
        break;
    case NOTE_POD_SETTLED:
        births_set(&m->ready, n->a, n->at_us);
        break;
    case NOTE_POD_READY:
        on_ready(m, n);
        break;
    case NOTE_POD_GONE:
        flap_on_pod_gone(&m->flap[n->pool], n->at_us,
                         age_us(&m->pods, n->a, n->at_us),
                         births_at(&m->ready, n->a) != SIM_NEVER);
        break;
    case NOTE_NODE_PAID:
        births_set(&m->nodes, n->a, n->at_us);
        break;
    case NOTE_NODE_UNPAID:
        if (n->pool != NO_INDEX)
            flap_on_node_gone(&m->flap[n->pool], n->at_us,
                              age_us(&m->nodes, n->a, n->at_us));
        break;
    default:
        break;
    }
}

void measure_on_row(struct measure *m, const struct timeline_row *r)
{
    elasticity_on_change(&m->elasticity[r->pool], r->at_us, r->state.demand,
                         r->state.ready);
    flap_on_wanted(&m->flap[r->pool], r->at_us, (uint32_t)r->state.wanted);
}

/* ------------------------------------------------------------ figures */

static void take_elasticity(struct measure *m, double at[], uint32_t pool)
{
    const struct pool_params *p = &m->plan->params->pools[pool];
    uint32_t largest = p->autoscaled ? p->hpa.max : p->replicas;
    struct elasticity_figures x;

    elasticity_take(&m->elasticity[pool], largest > 0 ? largest : 1, &x);
    at[FIG_UNDER_PODS] = x.under_pods;
    at[FIG_OVER_PODS] = x.over_pods;
    at[FIG_UNDER_FRAC] = x.under_frac;
    at[FIG_OVER_FRAC] = x.over_frac;
    at[FIG_UNDER_NORM] = x.under_norm_frac;
    at[FIG_OVER_NORM] = x.over_norm_frac;
    at[FIG_OVER_DEMAND] = x.over_demand_frac;
    at[FIG_UNDER_TIME] = x.under_time_frac;
    at[FIG_OVER_TIME] = x.over_time_frac;
    at[FIG_SUPPLY_ALONE] = x.supply_alone_frac;
    at[FIG_DEMAND_ALONE] = x.demand_alone_frac;
    at[FIG_OPPOSED] = x.opposed_frac;
    at[FIG_GRID] = s_from_us(ELASTICITY_GRID_US);
    at[FIG_JITTER] = x.jitter_per_h;
}

static double ratio(double a, double b)
{
    return b > 0.0 ? a / b : NAN;
}

double measure_warm_frac(const struct system *s, const struct by_pool *builds,
                         uint32_t pool)
{
    const struct build_result *results = system_builds(s);
    struct group own = by_pool_of(builds, pool);
    struct flap_stay *stays = mem_array(own.n, sizeof *stays);
    size_t n = 0;

    for (size_t i = 0; i < own.n; i++) {
        const struct build_result *r = &results[own.at[i]];
        if (r->served_us != SIM_NEVER && r->node != NO_INDEX)
            stays[n++] = (struct flap_stay){r->node, r->served_us, r->end_us,
                                            r->counted};
    }
    double frac = flap_warm_frac(stays, n, FLAP_WARM_US);

    free(stays);
    return frac;
}

_Static_assert(FIG_PAIRS_30M - FIG_PAIRS_1M == FLAP_GAPS - 1,
               "a figure for each gap");

static void take_flap(struct measure *m, double at[], uint32_t pool)
{
    const struct oracle_plan *oracle = &m->plan->oracle[pool];
    struct flap_figures x;

    flap_take(&m->flap[pool], &x);
    at[FIG_CHURN] = x.churn;
    at[FIG_DEMAND_CHURN] = (double)oracle->demand_churn;
    at[FIG_ORACLE_CHURN] = (double)oracle->pod_churn;
    at[FIG_EXCESS_CHURN] = ratio(x.churn, (double)oracle->pod_churn);
    for (int i = 0; i < FLAP_GAPS; i++)
        at[FIG_PAIRS_1M + i] = x.pairs_per_day[i];
    at[FIG_HOLD_SAVES] = x.hold_saves_pod_h;
    at[FIG_REVERSALS] = x.reversals_per_day;
    at[FIG_HASTY_FRAC] = x.hasty_frac;
    at[FIG_HASTY_DOWNS] = x.hasty_downs;
    at[FIG_BRIEF_FRAC] = x.brief_frac;
    at[FIG_BRIEF_S] = x.brief_s;
    at[FIG_NEVER_READY] = x.never_ready;
    at[FIG_BRIEF_NODES] = x.brief_nodes_frac;
    at[FIG_STARTS_P99] = x.starts_p99;
    at[FIG_STARTS_MAX] = x.starts_max;
}

/* The fixed pool with the same p95 wait, and the place between it and the
 * oracle.
 */
static void take_static(const struct measure *m, double at[], uint32_t pool)
{
    const struct measure_plan *p = m->plan;
    sim_us limit_us = us_from_s(at[FIG_WAIT_P95]);
    uint32_t pods = frontier_smallest(&p->frontier[pool], limit_us);
    double hours = (double)(p->until_us - p->from_us) / (double)US_PER_H;
    double usd = hours * oracle_static_usd_per_h(p->params, pool, pods);
    double oracle_usd = p->oracle[pool].cost_usd;

    at[FIG_FORESIGHT_USD] = oracle_usd;
    at[FIG_FORESIGHT_POD_HOURS] = p->oracle[pool].pod_hours;
    at[FIG_FORESIGHT_NODE_HOURS] = p->oracle[pool].node_hours;
    at[FIG_FORESIGHT_STARTS] = (double)p->oracle[pool].node_starts;
    at[FIG_STATIC_PODS] = pods;
    at[FIG_STATIC_USD] = usd;
    at[FIG_GAP_CLOSED] = ratio(usd - at[FIG_COST_USD], usd - oracle_usd);
}

void measure_take(struct measure *m, struct pool_figures *f,
                  const struct system *s, uint32_t pool)
{
    take_elasticity(m, f->at, pool);
    take_flap(m, f->at, pool);
    f->at[FIG_WARM_FRAC] = measure_warm_frac(s, m->plan->builds, pool);
    take_static(m, f->at, pool);
}

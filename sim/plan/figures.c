/* figures.c - the rows of the table, and where each figure comes from. */
#include "sim/plan/figures.h"

#include "sim/base/mem.h"

#include <stdlib.h>
#include <string.h>

const struct figure_row figure_rows[N_FIGURES] = {
    [FIG_BUILDS] = {NULL, "builds", true},
    [FIG_SERVED] = {NULL, "served", true},
    [FIG_GAVE_UP] = {NULL, "gave_up", true},
    [FIG_KILLED] = {NULL, "killed", true},
    [FIG_CUT] = {NULL, "cut", true},
    [FIG_TIMED_OUT] = {NULL, "timed_out", true},
    [FIG_UNFINISHED] = {NULL, "unfinished", true},
    [FIG_LEFT] = {NULL, "left", true},
    [FIG_ATTEMPTS_MAX] = {NULL, "attempts_max", true},
    [FIG_WAIT_MEAN] = {"wait_s", "mean", false},
    [FIG_WAIT_P50] = {"wait_s", "p50", false},
    [FIG_WAIT_P90] = {"wait_s", "p90", false},
    [FIG_WAIT_P95] = {"wait_s", "p95", false},
    [FIG_WAIT_P99] = {"wait_s", "p99", false},
    [FIG_WAIT_MAX] = {"wait_s", "max", false},
    [FIG_DEMAND_PEAK] = {NULL, "demand_peak", true},
    [FIG_DEMAND_MEAN] = {NULL, "demand_mean", false},
    [FIG_SESSIONS_PEAK] = {NULL, "sessions_peak", true},
    [FIG_QUEUE_PEAK] = {NULL, "queue_peak", true},
    [FIG_REPLICAS_PEAK] = {NULL, "replicas_peak", true},
    [FIG_READY_PEAK] = {NULL, "ready_peak", true},
    [FIG_NODES_PEAK] = {NULL, "nodes_peak", true},
    [FIG_REACHABLE_PEAK] = {NULL, "reachable_peak", true},
    [FIG_POD_HOURS] = {NULL, "pod_hours", false},
    [FIG_NODE_HOURS] = {NULL, "node_hours", false},
    [FIG_COST_USD] = {NULL, "cost_usd", false},
    [FIG_IDLE_FRAC] = {NULL, "idle_frac", false},
    [FIG_COLD_FRAC] = {NULL, "cold_frac", false},
    [FIG_PODS_STARTED] = {NULL, "pods_started", true},
    [FIG_REGRETTED_PER_DAY] = {NULL, "regretted_removals_per_day", false},
    [FIG_ORACLE_COST_USD] = {NULL, "oracle_cost_usd", false},
    [FIG_ORACLE_POD_HOURS] = {NULL, "oracle_pod_hours", false},
    [FIG_ORACLE_NODE_HOURS] = {NULL, "oracle_node_hours", false},
    [FIG_KILLS] = {NULL, "kills", true},
    [FIG_CUTS] = {NULL, "cuts", true},
    [FIG_WAITS_SLOT] = {"waited_for_h", "slot", false},
    [FIG_WAITS_ASLEEP] = {"waited_for_h", "client", false},
    [FIG_WAITS_NAME] = {"waited_for_h", "name", false},
    [FIG_WAITS_POD] = {"waited_for_h", "pod", false},
    [FIG_WAITS_NODE] = {"waited_for_h", "node", false},
    [FIG_WAITS_BATCH] = {"waited_for_h", "batch", false},
    [FIG_WAITS_CAPACITY] = {"waited_for_h", "capacity", false},
    [FIG_WAITS_SCALER] = {"waited_for_h", "scaler", false},
    [FIG_WAITS_MAXIMUM] = {"waited_for_h", "maximum", false},
    [FIG_UNDER_PODS] = {"elasticity", "under_pods", false},
    [FIG_OVER_PODS] = {"elasticity", "over_pods", false},
    [FIG_UNDER_FRAC] = {"elasticity", "under_frac", false},
    [FIG_OVER_FRAC] = {"elasticity", "over_frac", false},
    [FIG_UNDER_NORM] = {"elasticity", "under_norm_frac", false},
    [FIG_OVER_NORM] = {"elasticity", "over_norm_frac", false},
    [FIG_OVER_DEMAND] = {"elasticity", "over_demand_frac", false},
    [FIG_UNDER_TIME] = {"elasticity", "under_time_frac", false},
    [FIG_OVER_TIME] = {"elasticity", "over_time_frac", false},
    [FIG_SUPPLY_ALONE] = {"elasticity", "instability_supply_frac", false},
    [FIG_DEMAND_ALONE] = {"elasticity", "instability_demand_frac", false},
    [FIG_OPPOSED] = {"elasticity", "instability_strict_frac", false},
    [FIG_GRID] = {"elasticity", "instability_grid_s", false},
    [FIG_JITTER] = {"elasticity", "jitter_per_h", false},
    [FIG_CHURN] = {"flap", "churn", true},
    [FIG_DEMAND_CHURN] = {"flap", "demand_churn", true},
    [FIG_ORACLE_CHURN] = {"flap", "oracle_churn", true},
    [FIG_EXCESS_CHURN] = {"flap", "excess_churn", false},
    [FIG_PAIRS_1M] = {"flap", "wanted_back_1m_per_day", false},
    [FIG_PAIRS_2M] = {"flap", "wanted_back_2m_per_day", false},
    [FIG_PAIRS_5M] = {"flap", "wanted_back_5m_per_day", false},
    [FIG_PAIRS_10M] = {"flap", "wanted_back_10m_per_day", false},
    [FIG_PAIRS_30M] = {"flap", "wanted_back_30m_per_day", false},
    [FIG_HOLD_SAVES] = {"flap", "hold_saves_pod_hours", false},
    [FIG_REVERSALS] = {"flap", "reversals_per_day", false},
    [FIG_HASTY_FRAC] = {"flap", "hasty_reversals_frac", false},
    [FIG_HASTY_DOWNS] = {"flap", "hasty_removals", true},
    [FIG_BRIEF_FRAC] = {"flap", "brief_pods_frac", false},
    [FIG_BRIEF_S] = {"flap", "brief_pods_below_s", false},
    [FIG_NEVER_READY] = {"flap", "never_ready", true},
    [FIG_BRIEF_NODES] = {"flap", "brief_nodes_frac", false},
    [FIG_STARTS_P99] = {"flap", "starts_10m_p99", true},
    [FIG_STARTS_MAX] = {"flap", "starts_10m_max", true},
    [FIG_WARM_FRAC] = {"flap", "warm_node_frac", false},
    [FIG_FORESIGHT_USD] = {"foresight", "cost_usd", false},
    [FIG_FORESIGHT_POD_HOURS] = {"foresight", "pod_hours", false},
    [FIG_FORESIGHT_NODE_HOURS] = {"foresight", "node_hours", false},
    [FIG_FORESIGHT_STARTS] = {"foresight", "node_starts", true},
    [FIG_STATIC_PODS] = {"static", "pods", true},
    [FIG_STATIC_USD] = {"static", "cost_usd", false},
    [FIG_GAP_CLOSED] = {"static", "gap_closed", false},
};

/* ------------------------------------------------------------ waits */

sim_us build_wait_us(const struct build_result *r)
{
    bool served = r->served_us != SIM_NEVER;

    if (r->first_dial_us == SIM_NEVER || (r->end == END_LEFT && !served))
        return SIM_NEVER;
    return r->waited_us;
}

static void take_quantiles(struct pool_figures *f, double wait_s[], size_t n)
{
    double sum_s = 0;

    if (n == 0)
        return;
    sort_doubles(wait_s, n);
    for (size_t i = 0; i < n; i++)
        sum_s += wait_s[i];
    f->at[FIG_WAIT_MEAN] = sum_s / (double)n;
    f->at[FIG_WAIT_P50] = quantile(wait_s, n, 0.50);
    f->at[FIG_WAIT_P90] = quantile(wait_s, n, 0.90);
    f->at[FIG_WAIT_P95] = quantile(wait_s, n, 0.95);
    f->at[FIG_WAIT_P99] = quantile(wait_s, n, 0.99);
    f->at[FIG_WAIT_MAX] = wait_s[n - 1];
}

static void take_builds(struct pool_figures *f, const struct system *s,
                        struct group own)
{
    const struct build_result *results = system_builds(s);
    double *wait_s = mem_array(own.n, sizeof *wait_s);
    size_t n = 0, n_slots = 0, n_cold = 0;

    for (size_t i = 0; i < own.n; i++) {
        const struct build_result *r = &results[own.at[i]];
        if (!r->counted)
            continue;
        sim_us wait_us = build_wait_us(r);
        if (wait_us != SIM_NEVER)
            wait_s[n++] = s_from_us(wait_us);
        n_slots += r->served_us != SIM_NEVER;
        n_cold += r->served_us != SIM_NEVER && r->cold;
    }
    take_quantiles(f, wait_s, n);
    if (n_slots > 0)
        f->at[FIG_COLD_FRAC] = (double)n_cold / (double)n_slots;
    free(wait_s);
}

/* ------------------------------------------------------------ levels */

#define LEVEL(r, field)                                                        \
    (&(r)->levels[offsetof(struct pool_state, field) / sizeof(int32_t)])

static void take_peaks(struct pool_figures *f, const struct pool_result *r,
                       sim_us end_us)
{
    f->at[FIG_DEMAND_PEAK] = (double)LEVEL(r, demand)->peak;
    f->at[FIG_DEMAND_MEAN] = level_mean(LEVEL(r, demand), end_us);
    f->at[FIG_SESSIONS_PEAK] = (double)LEVEL(r, sessions)->peak;
    f->at[FIG_QUEUE_PEAK] = (double)LEVEL(r, queue)->peak;
    f->at[FIG_REPLICAS_PEAK] = (double)LEVEL(r, wanted)->peak;
    f->at[FIG_READY_PEAK] = (double)LEVEL(r, ready)->peak;
    f->at[FIG_NODES_PEAK] = (double)LEVEL(r, nodes)->peak;
    f->at[FIG_REACHABLE_PEAK] = (double)LEVEL(r, reachable)->peak;
}

static void take_hours(struct pool_figures *f, const struct pool_result *r,
                       sim_us end_us)
{
    double ready_s = level_area_s(LEVEL(r, ready), end_us);
    double pods_s = ready_s + level_area_s(LEVEL(r, pending), end_us) +
                    level_area_s(LEVEL(r, starting), end_us) +
                    level_area_s(LEVEL(r, draining), end_us);

    f->at[FIG_POD_HOURS] = pods_s / 3600.0;
    f->at[FIG_NODE_HOURS] = level_area_s(LEVEL(r, nodes), end_us) / 3600.0;
    f->at[FIG_COST_USD] = r->cost_usd;
    if (ready_s > 0.0)
        f->at[FIG_IDLE_FRAC] = level_area_s(&r->idle, end_us) / ready_s;
}

_Static_assert(FIG_WAITS_MAXIMUM - FIG_WAITS_SLOT == WAIT_CAUSES - 1,
               "a figure for each cause");

static void take_causes(struct pool_figures *f, const struct pool_result *r)
{
    for (int i = 0; i < WAIT_CAUSES; i++)
        f->at[FIG_WAITS_SLOT + i] = (double)r->waits[i] / (double)US_PER_H;
}

static void take_counts(struct pool_figures *f, const struct pool_result *r)
{
    f->at[FIG_BUILDS] = (double)r->builds;
    f->at[FIG_SERVED] = (double)r->ends[END_SERVED];
    f->at[FIG_GAVE_UP] = (double)r->ends[END_GAVE_UP];
    f->at[FIG_KILLED] = (double)r->ends[END_KILLED];
    f->at[FIG_CUT] = (double)r->ends[END_CUT];
    f->at[FIG_KILLS] = (double)r->kills;
    f->at[FIG_CUTS] = (double)r->cuts;
    f->at[FIG_TIMED_OUT] = (double)r->ends[END_TIMED_OUT];
    f->at[FIG_UNFINISHED] = (double)r->ends[END_UNFINISHED];
    f->at[FIG_LEFT] = (double)r->ends[END_LEFT];
    f->at[FIG_ATTEMPTS_MAX] = (double)r->attempts_max;
    f->at[FIG_PODS_STARTED] = (double)r->pods_started;
}

void figures_take(struct pool_figures *f, const struct system *s,
                  const struct figures_of *of, uint32_t pool)
{
    const struct pool_result *r = system_pool(s, pool);
    sim_us end_us = system_horizon_us(s);
    double days =
        (double)(end_us - of->params->warm_up_us) / (double)US_PER_DAY;

    memset(f, 0, sizeof *f);
    take_counts(f, r);
    take_builds(f, s, by_pool_of(of->builds, pool));
    take_peaks(f, r, end_us);
    take_hours(f, r, end_us);
    take_causes(f, r);
    if (days > 0.0)
        f->at[FIG_REGRETTED_PER_DAY] = (double)r->regretted / days;
    if (!of->bounds)
        return;
    f->at[FIG_ORACLE_COST_USD] = of->bounds[pool].cost_usd;
    f->at[FIG_ORACLE_POD_HOURS] = of->bounds[pool].pod_hours;
    f->at[FIG_ORACLE_NODE_HOURS] = of->bounds[pool].node_hours;
}

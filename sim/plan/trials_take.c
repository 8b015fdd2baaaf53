/* trials_take.c - the figures of one run. */
#include "sim/plan/figures.h"
#include "sim/plan/measure.h"
#include "sim/plan/trials_parts.h"
#include "sim/plan/verdict.h"

static void take_churn(struct trial *x, const struct system *s,
                       const struct scenario *sc, uint32_t pool)
{
    const struct pool_result *r = system_pool(s, pool);
    sim_us window_us = system_horizon_us(s) - sc->system.warm_up_us;
    double days = (double)window_us / (double)US_PER_DAY;

    if (window_us <= 0)
        return;
    x->at[TRIAL_CHURN] = (double)(r->added + r->removed) / days;
    x->at[TRIAL_NODES_STARTED] = (double)r->nodes_started / days;
}

void trial_take(struct trial *x, const struct system *s,
                const struct scenario *sc, const struct by_pool *b,
                uint32_t pool)
{
    const struct figures_of of = {&sc->system, b, NULL};
    struct pool_figures f;

    figures_take(&f, s, &of, pool);
    *x = (struct trial){{0}};
    for (int g = 0; g < GOALS; g++)
        x->at[g] = f.at[verdict_figure((enum scenario_goal)g)];
    x->at[TRIAL_REGRETTED] = f.at[FIG_REGRETTED_PER_DAY];
    x->at[TRIAL_BUILDS] = f.at[FIG_BUILDS];
    x->at[TRIAL_DEMAND_PEAK] = f.at[FIG_DEMAND_PEAK];
    x->at[TRIAL_REPLICAS_PEAK] = f.at[FIG_REPLICAS_PEAK];
    x->at[TRIAL_POD_H] = f.at[FIG_POD_HOURS];
    x->at[TRIAL_NODE_H] = f.at[FIG_NODE_HOURS];
    x->at[TRIAL_COLD_FRAC] = f.at[FIG_COLD_FRAC];
    for (int i = 0; i < WAIT_CAUSES; i++) {
        x->at[TRIAL_CAUSE + i] = f.at[FIG_WAITS_SLOT + i];
        x->at[TRIAL_WAIT_H] += f.at[FIG_WAITS_SLOT + i];
    }
    take_churn(x, s, sc, pool);
    x->at[TRIAL_WARM_FRAC] = measure_warm_frac(s, b, pool);
}

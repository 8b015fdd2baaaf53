#include "models/karpenter.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

static struct dist lognormal(double p50, double p90, double min, double max)
{
    return (struct dist){DIST_LOGNORMAL, p50, p90, min, max};
}

static void default_latencies(struct karp_params *p)
{
    p->trigger = lognormal(0.2, 0.5, 0.05, 2);
    p->solve = lognormal(0.2, 0.5, 0.05, 60);
    p->launch = lognormal(1.5, 3, 0.7, 30);
    p->refusal = lognormal(2, 4, 0.7, 30);
    p->registration = lognormal(35, 60, 15, 900);
    p->initialization = lognormal(10, 18, 3, 300);
    p->daemon_drain = lognormal(35, 38, 31, 120);
    p->termination = lognormal(60, 120, 20, 900);
    p->foreign_pod = lognormal(60, 120, 1, 900);
    p->boot_fail_frac = 0.001;
    p->fleet_sigma = 0.2;
}

void karp_defaults(struct karp_params *p)
{
    *p = (struct karp_params){
        .quota_mcpu = KARP_NO_LIMIT,
        .batch_idle_us = 1 * US_PER_S,
        .batch_max_us = 10 * US_PER_S,
        .repeat_us = 10 * US_PER_S,
        .poll_us = 10 * US_PER_S,
        .unsynced_us = 1 * US_PER_S,
        .validation_us = 15 * US_PER_S,
        .dedupe_us = 10 * US_PER_S,
        .ice_ttl_us = 180 * US_PER_S,
        .ice_sweep_us = 10 * US_PER_S,
        .launch_timeout_us = 300 * US_PER_S,
        .register_timeout_us = 900 * US_PER_S,
        .min_drain_us = 5 * US_PER_S,
    };
    default_latencies(p);
}

void karp_pool_defaults(struct karp_pool *pool, const struct karp_params *p)
{
    assert(p->n_types <= KARP_TYPES && p->n_zones <= KARP_ZONES);
    *pool = (struct karp_pool){
        .types = (UINT64_C(1) << p->n_types) - 1,
        .zones = (UINT32_C(1) << p->n_zones) - 1,
        .limit = {KARP_NO_LIMIT, KARP_NO_LIMIT},
        .daemon = {300, 440},
        .daemon_cost = 60.0,
        .expire_after_us = 720 * US_PER_H,
        .budgets = {{.value = 10.0, .percent = true}},
        .n_budgets = 1,
    };
}

static double fleet_factor(const struct karp_params *p, double u_fleet)
{
    return exp(p->fleet_sigma * gsl_cdf_ugaussian_Pinv(u_fleet));
}

sim_us karp_launch_us(const struct karp_params *p, double u, double u_fleet)
{
    return dist_us(&p->launch, u, fleet_factor(p, u_fleet));
}

sim_us karp_registration_us(const struct karp_params *p, double u,
                            double u_fleet, double u_fail, double slow)
{
    double factor = slow * fleet_factor(p, u_fleet);
    sim_us late_us = dist_us(&p->registration, u, factor);

    if (u_fail < p->boot_fail_frac || late_us >= p->register_timeout_us)
        return SIM_NEVER;
    return late_us;
}

sim_us karp_initialization_us(const struct karp_params *p, double u,
                              double u_fleet, double slow)
{
    double factor = slow * fleet_factor(p, u_fleet);

    return dist_us(&p->initialization, u, factor);
}

static sim_us gap_us(double per_h, double u)
{
    return per_h > 0.0 ? us_from_s(-log(u) * 3600.0 / per_h) : SIM_NEVER;
}

sim_us karp_foreign_us(const struct karp_params *p, double u)
{
    return gap_us(p->foreign_per_h, u);
}

sim_us karp_foreign_pod_us(const struct karp_params *p, double u)
{
    return gap_us(p->foreign_pods_per_h, u);
}

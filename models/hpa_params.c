#include "models/hpa_params.h"

void hpa_defaults(struct hpa_params *p)
{
    *p = (struct hpa_params){
        .kubernetes_minor = 34,
        .min = 1,
        .max = 10,
        .sync_us = 15 * US_PER_S,
        .down_stabilization_us = 300 * US_PER_S,
        .tolerance_up_frac = 0.1,
        .tolerance_down_frac = 0.1,
        .read_us = 50 * US_PER_MS,
        .write_us = 20 * US_PER_MS,
        .status_us = 10 * US_PER_MS,
        .echo_us = 5 * US_PER_MS,
        .resync_us = SIM_NEVER,
    };
}

static void fill_policies(struct hpa_rules *r, const struct hpa_policy *list,
                          size_t n)
{
    if (r->has_policies)
        return;
    for (size_t i = 0; i < n; i++)
        r->policies[i] = list[i];
    r->n_policies = n;
    r->has_policies = true;
}

static void fill_select(struct hpa_rules *r)
{
    if (!r->has_select)
        r->select = HPA_SELECT_MAX;
    r->has_select = true;
}

void hpa_behavior_defaults(struct hpa_params *p)
{
    static const struct hpa_policy up[] = {
        {HPA_PODS, 4, 15 * US_PER_S},
        {HPA_PERCENT, 100, 15 * US_PER_S},
    };
    static const struct hpa_policy down[] = {
        {HPA_PERCENT, 100, 15 * US_PER_S},
    };

    if (!p->has_behavior)
        return;
    if (!p->up.has_window)
        p->up.window_us = 0;
    p->up.has_window = true;
    fill_select(&p->up);
    fill_select(&p->down);
    fill_policies(&p->up, up, 2);
    fill_policies(&p->down, down, 1);
}

sim_us hpa_up_window_us(const struct hpa_params *p)
{
    return p->up.window_us;
}

sim_us hpa_down_window_us(const struct hpa_params *p)
{
    return p->down.has_window ? p->down.window_us : p->down_stabilization_us;
}

uint32_t hpa_write_attempts(const struct hpa_params *p)
{
    return p->kubernetes_minor >= 34 ? HPA_WRITES : 1;
}

sim_us hpa_retry_us(double u)
{
    return us_from_s(0.010 * (1.0 + 0.1 * u));
}

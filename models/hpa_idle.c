#include "models/hpa_rules.h"

#include <assert.h>

static sim_us earlier(sim_us a, sim_us b)
{
    return a < b ? a : b;
}

/* When the last entry that is inside the window and between low and high
 * leaves it, or the highest of them, if that is known; now_us if there is none.
 */
static sim_us leaves_us(const struct hpa *h, sim_us now_us, sim_us window_us,
                        int32_t low, int32_t high)
{
    sim_us until_us = now_us;

    if (high == INT32_MAX && hpa_log_has_peak(h, now_us - window_us) &&
        h->peak.replicas >= low)
        return h->peak.at_us + window_us;
    for (size_t i = 0; i < h->n_log; i++) {
        const struct hpa_recommendation *e = &h->log[i];
        sim_us out_us = e->at_us + window_us;
        if (e->replicas >= low && e->replicas <= high && out_us > until_us)
            until_us = out_us;
    }
    return until_us;
}

/* When the first event that a policy of these rules counts stops counting. */
static sim_us events_until(const struct hpa_events *e,
                           const struct hpa_rules *rules, sim_us now_us)
{
    sim_us until_us = SIM_NEVER;

    for (size_t i = 0; i < e->n; i++) {
        for (size_t k = 0; k < rules->n_policies; k++) {
            sim_us out_us = e->at[i].at_us + rules->policies[k].period_us;
            if (out_us > now_us)
                until_us = earlier(until_us, out_us);
        }
    }
    return until_us;
}

/* A new entry equals the proposal, so it can neither lower the low mark nor
 * raise the high one: only departures change them.
 */
static sim_us windows_until(const struct hpa *h, sim_us now_us, int32_t spec,
                            int32_t proposal)
{
    sim_us up_us = hpa_up_window_us(h->p);
    sim_us down_us = hpa_down_window_us(h->p);
    int32_t x = hpa_stabilize(h, now_us, spec, proposal);

    if (x == proposal && x != spec)
        return SIM_NEVER;
    if (x > spec)
        return leaves_us(h, now_us, up_us, INT32_MIN, x);
    if (x < spec)
        return leaves_us(h, now_us, down_us, x, INT32_MAX);
    if (proposal > spec)
        return leaves_us(h, now_us, up_us, INT32_MIN, spec);
    if (proposal < spec)
        return leaves_us(h, now_us, down_us, spec, INT32_MAX);
    return SIM_NEVER;
}

sim_us hpa_rules_until(const struct hpa *h, sim_us now_us, int32_t spec,
                       int32_t proposal)
{
    const struct hpa_params *p = h->p;
    int32_t x = hpa_stabilize(h, now_us, spec, proposal);

    if (!p->has_behavior)
        return x == proposal
                   ? SIM_NEVER
                   : leaves_us(h, now_us, p->down_stabilization_us + 1, x,
                               INT32_MAX);
    sim_us until_us = windows_until(h, now_us, spec, proposal);
    const struct hpa_rules *rules = x > spec ? &p->up : &p->down;
    if (x == spec || rules->select == HPA_SELECT_DISABLED)
        return until_us;
    until_us = earlier(until_us, events_until(&h->ups, rules, now_us));
    return earlier(until_us, events_until(&h->downs, rules, now_us));
}

#include "models/hpa_rules.h"

#include <math.h>

static int32_t min32(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t max32(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* int32 sums wrap, as they do upstream. */
static int32_t wrap32(int64_t x)
{
    return (int32_t)(uint32_t)x;
}

/* Lowest and highest of the proposal and the log inside each window. */
static int32_t lowest(const struct hpa *h, sim_us after_us, int32_t proposal)
{
    for (size_t i = 0; i < h->n_log; i++)
        if (h->log[i].at_us > after_us)
            proposal = min32(proposal, h->log[i].replicas);
    return proposal;
}

static int32_t highest(const struct hpa *h, sim_us after_us, int32_t proposal)
{
    if (hpa_log_has_peak(h, after_us))
        return max32(proposal, h->peak.replicas);
    for (size_t i = 0; i < h->n_log; i++)
        if (h->log[i].at_us > after_us)
            proposal = max32(proposal, h->log[i].replicas);
    return proposal;
}

/* Without behavior an entry of age exactly D still counts. */
static sim_us legacy_after_us(const struct hpa *h, sim_us now_us)
{
    return now_us - h->p->down_stabilization_us - 1;
}

int32_t hpa_stabilize(const struct hpa *h, sim_us now_us, int32_t spec,
                      int32_t proposal)
{
    const struct hpa_params *p = h->p;

    if (!p->has_behavior)
        return highest(h, legacy_after_us(h, now_us), proposal);
    if (proposal < spec) /* which the lowest cannot raise above spec */
        return min32(spec,
                     highest(h, now_us - hpa_down_window_us(p), proposal));
    /* The highest is at least the proposal, so it cannot bind; and nothing is
     * younger than an empty window.
     */
    sim_us up_us = hpa_up_window_us(p);
    return max32(spec,
                 up_us > 0 ? lowest(h, now_us - up_us, proposal) : proposal);
}

/* Without behavior: doubling, or 4, is the only limit. */
static int32_t limit_legacy(const struct hpa_params *p, int32_t spec,
                            int32_t wanted, enum hpa_reason *why)
{
    int32_t cap = hpa_int32(fmax(2.0 * (double)spec, 4.0));
    int32_t high = min32((int32_t)p->max, cap);

    *why = HPA_DESIRED_WITHIN_RANGE;
    if (wanted < (int32_t)p->min) {
        *why = HPA_TOO_FEW_REPLICAS;
        return (int32_t)p->min;
    }
    if (wanted > high) {
        *why =
            (int32_t)p->max > cap ? HPA_SCALE_UP_LIMIT : HPA_TOO_MANY_REPLICAS;
        return high;
    }
    return wanted;
}

/* Size at the start of the policy's period: both lists count. */
static int32_t size_before(const struct hpa *h, sim_us now_us, int32_t spec,
                           sim_us period_us)
{
    int64_t added = hpa_events_sum(&h->ups, now_us, period_us);
    int64_t removed = hpa_events_sum(&h->downs, now_us, period_us);

    return wrap32((int64_t)spec - added + removed);
}

static int32_t policy_up(const struct hpa_policy *y, int32_t start)
{
    if (y->type == HPA_PODS)
        return wrap32((int64_t)start + y->value);
    return hpa_int32(ceil((double)start * (1.0 + (double)y->value / 100.0)));
}

static int32_t policy_down(const struct hpa_policy *y, int32_t start)
{
    if (y->type == HPA_PODS)
        return wrap32((int64_t)start - y->value);
    return hpa_int32((double)start * (1.0 - (double)y->value / 100.0));
}

/* The policies' limit in one direction. "Max" is the most change: the largest
 * size upward, the smallest downward.
 */
static int32_t rate_limit(const struct hpa *h, sim_us now_us, int32_t spec,
                          bool up)
{
    const struct hpa_rules *rules = up ? &h->p->up : &h->p->down;
    bool largest = (rules->select == HPA_SELECT_MAX) == up;
    int32_t limit = largest ? INT32_MIN : INT32_MAX;

    if (rules->select == HPA_SELECT_DISABLED)
        return spec;
    for (size_t i = 0; i < rules->n_policies; i++) {
        const struct hpa_policy *y = &rules->policies[i];
        int32_t start = size_before(h, now_us, spec, y->period_us);
        int32_t one = up ? policy_up(y, start) : policy_down(y, start);
        limit = largest ? max32(limit, one) : min32(limit, one);
    }
    return limit;
}

static int32_t limit_up(const struct hpa *h, sim_us now_us, int32_t spec,
                        int32_t wanted, enum hpa_reason *why)
{
    int32_t limit = max32(rate_limit(h, now_us, spec, true), spec);
    int32_t max = (int32_t)h->p->max;
    int32_t high = min32(max, limit);

    if (wanted <= high)
        return wanted;
    *why = max > limit ? HPA_SCALE_UP_LIMIT : HPA_TOO_MANY_REPLICAS;
    return high;
}

static int32_t limit_down(const struct hpa *h, sim_us now_us, int32_t spec,
                          int32_t wanted, enum hpa_reason *why)
{
    int32_t limit = min32(rate_limit(h, now_us, spec, false), spec);
    int32_t min = (int32_t)h->p->min;
    int32_t low = max32(min, limit);

    if (wanted >= low)
        return wanted;
    *why = min < limit ? HPA_SCALE_DOWN_LIMIT : HPA_TOO_FEW_REPLICAS;
    return low;
}

int32_t hpa_limit(const struct hpa *h, sim_us now_us, int32_t spec,
                  int32_t stabilized, enum hpa_reason *why)
{
    *why = HPA_DESIRED_WITHIN_RANGE;
    if (!h->p->has_behavior)
        return limit_legacy(h->p, spec, stabilized, why);
    if (stabilized > spec)
        return limit_up(h, now_us, spec, stabilized, why);
    if (stabilized < spec)
        return limit_down(h, now_us, spec, stabilized, why);
    return spec;
}

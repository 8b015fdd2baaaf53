#include "models/hpa.h"

#include "models/hpa_rules.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void hpa_init(struct hpa *h, const struct hpa_params *p)
{
    *h = (struct hpa){.p = p};
}

void hpa_free(struct hpa *h)
{
    free(h->log);
    free(h->above_us);
    free(h->ups.at);
    free(h->downs.at);
    *h = (struct hpa){0};
}

void hpa_again(struct hpa *h)
{
    hpa_on_restart(h);
    h->status = (struct hpa_status){0};
}

void hpa_on_restart(struct hpa *h)
{
    h->has_log = false;
    h->n_log = 0;
    h->has_above = false;
    h->peak = (struct hpa_recommendation){0};
    h->peak_after_us = 0;
    h->ups.n = 0;
    h->downs.n = 0;
}

/* Windows, then rates and bounds, for a proposal. */
static void normalize(const struct hpa *h, sim_us now_us, int32_t spec,
                      struct hpa_decision *d)
{
    int32_t p = (int32_t)d->proposal;
    int32_t x = hpa_stabilize(h, now_us, spec, p);

    d->stabilized = (uint32_t)x;
    d->desired =
        (uint32_t)hpa_limit(h, now_us, spec, x, &d->conditions.limited);
    if (x == p)
        d->conditions.able = HPA_READY_FOR_NEW_SCALE;
    else if (h->p->has_behavior && p >= spec)
        d->conditions.able = HPA_SCALE_UP_STABILIZED;
    else
        d->conditions.able = HPA_SCALE_DOWN_STABILIZED;
}

static void use_metric(const struct hpa *h, sim_us now_us,
                       const struct hpa_reading *r, const uint32_t *given,
                       struct hpa_decision *d)
{
    int32_t proposal = 0;

    if (given)
        proposal = (int32_t)*given;
    else if (!hpa_propose(h->p, r, d->average_milli, &proposal)) {
        d->conditions.active = HPA_FAILED_GET_EXTERNAL_METRIC;
        return;
    }
    d->has_proposal = true;
    d->proposal = (uint32_t)proposal;
    d->conditions.active = HPA_VALID_METRIC_FOUND;
    normalize(h, now_us, (int32_t)r->spec, d);
}

/* The decision without its consequences. */
static struct hpa_decision decide(const struct hpa *h, sim_us now_us,
                                  const struct hpa_reading *r,
                                  const uint32_t *given)
{
    const struct hpa_params *p = h->p;
    struct hpa_decision d = {.desired = r->spec,
                             .conditions = h->status.conditions};

    d.conditions.able = HPA_SUCCEEDED_GET_SCALE;
    if (r->scale_lost)
        d.conditions.able = HPA_FAILED_GET_SCALE;
    else if (r->spec == 0 && p->min > 0)
        d.conditions.active = HPA_SCALING_DISABLED;
    else if (r->spec > p->max)
        d.desired = p->max;
    else if (r->spec < p->min)
        d.desired = p->min;
    else
        use_metric(h, now_us, r, given, &d);
    d.write = !r->scale_lost && d.desired != r->spec;
    if (d.write)
        d.conditions.able = HPA_SUCCEEDED_RESCALE;
    return d;
}

/* Outside the bounds, and when scaling is off, no metric is read. */
static bool reads_metrics(const struct hpa_params *p,
                          const struct hpa_reading *r)
{
    return (r->spec > 0 || p->min == 0) && r->spec >= p->min &&
           r->spec <= p->max;
}

/* The status after a decision. Of a lost scale only the condition is kept, a
 * lost metric leaves the old desired count, and so does a write, until it
 * succeeds.
 */
static struct hpa_status status_after(const struct hpa *h,
                                      const struct hpa_reading *r,
                                      const struct hpa_decision *d)
{
    struct hpa_status s = h->status;

    s.conditions = d->conditions;
    if (r->scale_lost)
        return s;
    s.current = r->spec;
    memcpy(s.average_milli, d->average_milli, sizeof s.average_milli);
    for (size_t i = 0; i < h->p->n_metrics; i++)
        s.has_average[i] = reads_metrics(h->p, r) && !hpa_is_lost(h->p, i, r);
    if (!d->write && d->conditions.active != HPA_FAILED_GET_EXTERNAL_METRIC)
        s.desired = d->desired;
    return s;
}

static bool same_status(const struct hpa_status *a, const struct hpa_status *b)
{
    return a->current == b->current && a->desired == b->desired &&
           a->conditions.able == b->conditions.able &&
           a->conditions.active == b->conditions.active &&
           a->conditions.limited == b->conditions.limited &&
           memcmp(a->average_milli, b->average_milli,
                  sizeof a->average_milli) == 0 &&
           memcmp(a->has_average, b->has_average, sizeof a->has_average) == 0;
}

static struct hpa_decision reconcile(struct hpa *h, sim_us now_us,
                                     const struct hpa_reading *r,
                                     const uint32_t *given)
{
    assert(r->spec <= INT32_MAX && r->status <= INT32_MAX);
    if (!h->has_log && !r->scale_lost) {
        h->has_log = true;
        hpa_log(h, now_us - r->scale_age_us, (int32_t)r->spec);
    }
    struct hpa_decision d = decide(h, now_us, r, given);
    struct hpa_status s = status_after(h, r, &d);
    if (d.has_proposal)
        hpa_log(h, now_us, (int32_t)d.proposal);
    d.status = d.write || !same_status(&s, &h->status);
    h->status = s;
    return d;
}

struct hpa_decision hpa_on_sync(struct hpa *h, sim_us now_us,
                                const struct hpa_reading *r)
{
    return reconcile(h, now_us, r, NULL);
}

struct hpa_decision hpa_on_proposal(struct hpa *h, sim_us now_us,
                                    const struct hpa_reading *r,
                                    uint32_t proposal)
{
    assert(proposal <= INT32_MAX);
    return reconcile(h, now_us, r, &proposal);
}

void hpa_on_scaled(struct hpa *h, sim_us now_us, uint32_t from, uint32_t to)
{
    const struct hpa_params *p = h->p;

    h->status.desired = to;
    if (!p->has_behavior || from == to)
        return;
    if (to > from)
        hpa_events_store(&h->ups, &p->up, now_us, (int32_t)(to - from));
    else
        hpa_events_store(&h->downs, &p->down, now_us, (int32_t)(from - to));
}

void hpa_on_write_failed(struct hpa *h)
{
    h->status.conditions.able = HPA_FAILED_UPDATE_SCALE;
}

sim_us hpa_first_sync_us(const struct hpa_params *p, sim_us seen_us)
{
    return seen_us + p->sync_us;
}

/* First resync tick after start_us. One at start_us itself, as after a
 * reconcile that a tick asked for, comes before or after the start by chance;
 * upstream the two then stay together for a few periods of exactly sync_us, out
 * of the hundreds between two such meetings, and in virtual time for ever. Here
 * the tick is dropped, unless resync_ties says that it counts.
 */
static sim_us next_tick_us(const struct hpa_params *p, sim_us start_us)
{
    if (p->resync_us == SIM_NEVER)
        return SIM_NEVER;
    sim_us since_us = (start_us - p->resync_us) % p->sync_us;
    if (since_us < 0)
        since_us += p->sync_us;
    if (since_us == 0 && p->resync_ties)
        return start_us;
    return start_us - since_us + p->sync_us;
}

sim_us hpa_next_sync_us(const struct hpa_params *p, sim_us start_us,
                        sim_us read_us, const struct hpa_decision *d)
{
    sim_us end_us = read_us + (d->write ? p->write_us : 0);
    sim_us asked_us = end_us;

    if (d->status) {
        asked_us += p->echo_us;
        end_us += p->status_us;
    }
    sim_us tick_us = next_tick_us(p, start_us);
    if (tick_us < asked_us)
        asked_us = tick_us;
    sim_us next_us = asked_us + p->sync_us;
    return next_us > end_us ? next_us : end_us;
}

sim_us hpa_idle_until(const struct hpa *h, sim_us now_us,
                      const struct hpa_reading *r)
{
    if (!h->has_log && !r->scale_lost)
        return now_us;
    struct hpa_decision d = decide(h, now_us, r, NULL);
    struct hpa_status s = status_after(h, r, &d);
    if (d.write || !same_status(&s, &h->status))
        return now_us;
    if (!d.has_proposal)
        return SIM_NEVER;
    return hpa_rules_until(h, now_us, (int32_t)r->spec, (int32_t)d.proposal);
}

void hpa_on_idle(struct hpa *h, sim_us first_us, sim_us step_us, uint64_t n,
                 const struct hpa_reading *r)
{
    struct hpa_decision d = decide(h, first_us, r, NULL);

    assert(!d.write);
    if (d.has_proposal)
        hpa_log_repeat(h, first_us, step_us, n, (int32_t)d.proposal);
}

const char *hpa_reason_name(enum hpa_reason reason)
{
    static const char *const names[HPA_REASONS] = {
        "",
        "FailedGetScale",
        "SucceededGetScale",
        "ReadyForNewScale",
        "ScaleUpStabilized",
        "ScaleDownStabilized",
        "SucceededRescale",
        "FailedUpdateScale",
        "ValidMetricFound",
        "ScalingDisabled",
        "FailedGetExternalMetric",
        "DesiredWithinRange",
        "ScaleUpLimit",
        "ScaleDownLimit",
        "TooManyReplicas",
        "TooFewReplicas",
    };

    assert((unsigned)reason < HPA_REASONS);
    return names[reason];
}

#include "models/replicaset.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

void rs_defaults(struct rs_params *p)
{
    *p = (struct rs_params){
        .client_per_s = 20.0,
        .client_burst = 30,
        .max_per_sync = 500,
        .event_tokens = 0,
        .lag = {DIST_LOGNORMAL, 0.3, 1.0, 0.05, 5.0},
        .round_trip = {DIST_LOGNORMAL, 0.02, 0.06, 0.005, 1.0},
    };
}

/* The bucket is kept as the instant at which it is full again, so that a
 * token is one addition and a fraction of a token is never lost.
 */
sim_us rs_take(struct rs_bucket *b, const struct rs_params *p, sim_us now_us)
{
    assert(p->client_per_s > 0.0 && p->client_burst >= 1);
    double per_s = p->client_per_s * (1.0 - p->foreign_frac);
    sim_us token_us = (sim_us)llround((double)US_PER_S / per_s);

    if (b->full_us < now_us)
        b->full_us = now_us;
    b->full_us += token_us;
    sim_us go_us = b->full_us - token_us * (sim_us)p->client_burst;
    return go_us > now_us ? go_us : now_us;
}

void rs_init(struct rs *rs, const struct rs_params *p, struct rs_bucket *b)
{
    *rs = (struct rs){.p = p, .bucket = b};
}

void rs_free(struct rs *rs)
{
    free(rs->at_us);
    free(rs->keys);
    free(rs->places);
    free(rs->victims);
    *rs = (struct rs){0};
}

void rs_again(struct rs *rs)
{
    rs->seen_us = 0;
    rs->status_replicas = rs->n_refused = 0;
}

sim_us rs_sync_us(const struct rs *rs, sim_us now_us, double u)
{
    sim_us at_us = now_us + dist_us(&rs->p->lag, u, 1.0);

    return at_us > rs->seen_us ? at_us : rs->seen_us;
}

/* Each batch is sent at once and must return before the next, twice as large
 * one. A pod exists when its request goes: the lag before the sync holds the
 * first round trip.
 */
static void create(struct rs *rs, sim_us now_us, uint32_t n, sim_us trip_us)
{
    uint32_t done = 0;

    for (uint32_t batch = 1; done < n; batch *= 2) {
        uint32_t end = n - done < batch ? n : done + batch;

        for (; done < end; done++)
            rs->at_us[done] = rs_take(rs->bucket, rs->p, now_us);
        now_us = rs->at_us[done - 1] + trip_us;
    }
}

/* Makes room for the n requests of a plan and takes the tokens of those
 * events that overtake them; there is one event a pod.
 */
static void prepare(struct rs *rs, sim_us now_us, uint32_t n)
{
    uint32_t n_events = n < rs->p->event_tokens ? n : rs->p->event_tokens;

    rs->at_us = mem_grow(rs->at_us, &rs->cap_at, n, sizeof *rs->at_us);
    for (uint32_t i = 0; i < n_events; i++)
        rs_take(rs->bucket, rs->p, now_us);
}

static uint32_t at_most(uint32_t n, uint32_t limit)
{
    return n < limit ? n : limit;
}

struct rs_plan rs_on_sync(struct rs *rs, sim_us now_us, uint32_t n_active,
                          uint32_t spec, double u)
{
    uint32_t limit = rs->p->max_per_sync;
    struct rs_plan plan = {.again_us = SIM_NEVER};

    rs->status_replicas = n_active;
    rs->n_refused = 0;
    if (n_active == spec)
        return plan;
    if (now_us < rs->seen_us) {
        plan.again_us = rs->seen_us;
        return plan;
    }
    sim_us trip_us = dist_us(&rs->p->round_trip, u, 1.0);
    uint32_t n;

    if (n_active < spec) {
        n = plan.n_create = at_most(spec - n_active, limit);
        prepare(rs, now_us, n);
        create(rs, now_us, n, trip_us);
    } else {
        n = plan.n_delete = at_most(n_active - spec, limit);
        prepare(rs, now_us, n);
        for (uint32_t i = 0; i < n; i++)
            rs->at_us[i] = rs_take(rs->bucket, rs->p, now_us);
    }
    plan.again_us = rs->at_us[n - 1] + trip_us;
    rs_take(rs->bucket, rs->p, plan.again_us); /* the status write */
    rs->seen_us = plan.again_us;
    return plan;
}

/* 5 ms << 18 is already beyond. */
static sim_us backoff_us(uint32_t n_refused)
{
    if (n_refused > 18)
        return 1000 * US_PER_S;
    return (5 * US_PER_MS) << (n_refused - 1);
}

struct rs_plan rs_on_refused(struct rs *rs, sim_us now_us, uint32_t n_active,
                             double u)
{
    struct rs_plan plan = {.again_us = rs->seen_us};

    rs->status_replicas = n_active;
    if (now_us < rs->seen_us)
        return plan;
    sim_us asked_us = rs_take(rs->bucket, rs->p, now_us);
    sim_us done_us = asked_us + dist_us(&rs->p->round_trip, u, 1.0);

    rs_take(rs->bucket, rs->p, done_us); /* the status write */
    if (rs->n_refused < UINT32_MAX)
        rs->n_refused++;
    plan.again_us = done_us + backoff_us(rs->n_refused);
    return plan;
}

/* lb_rig.h - a balancer of one or two backends for tests. */
#ifndef TESTS_LB_RIG_H
#define TESTS_LB_RIG_H

#include "models/lb_check.h"
#include "models/lb_dns.h"
#include "models/lb_process.h"
#include "tests/support.h"

#include <stdbool.h>
#include <string.h>

struct rig {
    struct lb_backend_params backends[2];
    struct lb_params params;
    struct lb lb;
};

/* Two backends of n_slots, 3.1 with the fixes; change params, then start. */
static inline void rig_prepare(struct rig *r, uint32_t n_slots)
{
    memset(r, 0, sizeof(*r));
    for (int i = 0; i < 2; i++) {
        lb_backend_defaults(&r->backends[i]);
        r->backends[i].n_slots = n_slots;
    }
    r->params = (struct lb_params){LB_3_1, r->backends, 2};
}

static inline void rig_start(struct rig *r)
{
    lb_init(&r->lb, &r->params);
}

static inline sim_us rig_answer(struct rig *r, enum lb_records_kind kind,
                                const uint32_t pods[], uint32_t n, sim_us now)
{
    struct lb_records a = {kind, pods, n};

    return lb_on_answer(&r->lb, 0, &a, now);
}

/* A good answer with pods 100 ... 100 + n - 1 for backend 0. */
static inline void rig_pods(struct rig *r, uint32_t n, sim_us now)
{
    uint32_t pods[512];

    assert_true(n <= 512);
    for (uint32_t i = 0; i < n; i++)
        pods[i] = 100 + i;
    assert_true(rig_answer(r, LB_RECORDS_OK, pods, n, now) == SIM_NEVER);
}

static inline struct lb_dial rig_dial(struct rig *r, uint32_t client)
{
    return lb_on_dial(&r->lb, 0, client, 0, 0.5);
}

/* Dials and expects a slot: returns the session. */
static inline uint32_t rig_served(struct rig *r, uint32_t client, uint32_t pod)
{
    struct lb_dial d = rig_dial(r, client);

    assert_int_equal(d.result, LB_DIAL_SERVED);
    assert_int_equal(d.pod, pod);
    return d.session;
}

static inline struct lb_dial rig_queued(struct rig *r, uint32_t client)
{
    struct lb_dial d = rig_dial(r, client);

    assert_int_equal(d.result, LB_DIAL_QUEUED);
    return d;
}

/* Takes the oldest entry of out[] and checks kind and client. */
static inline struct lb_out rig_out(struct rig *r, enum lb_out_kind kind,
                                    uint32_t client)
{
    assert_true(r->lb.n_out > 0);
    struct lb_out o = r->lb.out[0];

    assert_int_equal(o.kind, kind);
    assert_int_equal(o.client, client);
    memmove(r->lb.out, r->lb.out + 1, --r->lb.n_out * sizeof(o));
    return o;
}

static inline void rig_quiet(struct rig *r)
{
    assert_int_equal(r->lb.n_out, 0);
}

static inline void rig_gauges(struct rig *r, uint32_t sessions, uint32_t queue)
{
    assert_int_equal(lb_sessions(&r->lb, 0), sessions);
    assert_int_equal(lb_queue(&r->lb, 0), queue);
}

#endif

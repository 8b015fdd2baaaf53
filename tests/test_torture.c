/* Random small systems: whatever is asked of them, every build has one end,
 * nothing is counted twice, the pool comes to rest, and skipping the ticks that
 * change nothing leaves the same history.
 */
#include "tests/fixture.h"
#include "tests/history.h"
#include "tests/outcome.h"
#include "tests/support.h"

#include <inttypes.h>
#include <stdlib.h>

enum { BUILDS = 40, MAX_FAULTS = 3 };

static const struct random_world dice = {20261, 0, false};

/* A number from low to high, both included. */
static uint32_t pick(uint64_t system, uint64_t *n, uint32_t low, uint32_t high)
{
    double u = random_u01(&dice, 0, system, (*n)++);

    return low + (uint32_t)(u * (high - low + 1));
}

static void random_scaler(struct fixture *f, uint64_t i, uint64_t *n)
{
    for (uint32_t pool = 0; pool < f->p.n_pools; pool++) {
        struct pool_params *p = &f->pools[pool];
        struct hpa_params *h = &p->hpa;
        h->kubernetes_minor = pick(i, n, 32, 35);
        p->keda.minor = pick(i, n, 16, 20);
        h->has_behavior = pick(i, n, 0, 1) == 1;
        h->down.has_window = true;
        h->down.window_us = pick(i, n, 0, 1200) * US_PER_S;
        h->down.has_policies = true;
        h->down.n_policies = 1;
        h->down.policies[0] = (struct hpa_policy){
            pick(i, n, 0, 1) ? HPA_PODS : HPA_PERCENT,
            (int32_t)pick(i, n, 1, 100), pick(i, n, 15, 900) * US_PER_S};
        hpa_behavior_defaults(h);
        p->keda.has_fallback = pick(i, n, 0, 1) == 1;
        p->keda.fallback_threshold = 3;
        p->keda.race_frac = pick(i, n, 0, 2) / 2.0;
        p->keda.fallback_replicas = (int32_t)pick(i, n, 1, 6);
        p->kubelet.grace_us = pick(i, n, 30, 3000) * US_PER_S;
        p->rs.busy_cost = (int32_t)pick(i, n, 0, 2) - 1;
        p->rs.foreign_frac = pick(i, n, 0, 3) / 4.0;
        p->autoscaled = pick(i, n, 0, 9) > 0;
    }
}

static void random_clients(struct fixture *f, uint64_t i, uint64_t *n)
{
    for (int c = 0; c < 2; c++) {
        struct client_params *p = &f->callers[c].client;
        p->attempts = pick(i, n, 1, 60);
        p->delay_us = pick(i, n, 1, 20) * US_PER_S;
        p->retry = (enum client_retry)pick(i, n, 0, 3);
        p->job_timeout_us = pick(i, n, 600, 14400) * US_PER_S;
        p->setup_us = pick(i, n, 0, 1) * 120 * US_PER_S;
        p->reruns = pick(i, n, 0, 2);
        f->callers[c].has_backend = pick(i, n, 0, 3) == 0;
        f->callers[c].backend = pick(i, n, 0, (uint32_t)f->p.n_pools - 1);
        p->silent_frac = 0.5 * pick(i, n, 0, 1);
        p->silence_frac = 0.1 * pick(i, n, 0, 10);
        p->create_dials = pick(i, n, 0, 2) == 0;
    }
    f->backends[0].n_slots = pick(i, n, 1, 40);
    f->backends[0].maxconn = pick(i, n, 1, 2);
    f->backends[0].queue_us = pick(i, n, 0, 1) * 30 * US_PER_S;
    f->backends[0].init_down = pick(i, n, 0, 3) == 0;
    f->backends[0].inactivity_us = pick(i, n, 30, 3000) * US_PER_S;
    f->p.sharing = 0.4 * pick(i, n, 0, 3);
    f->p.lb.version = (enum lb_version)pick(i, n, 0, 4);
}

static void random_builds(struct fixture *f, uint64_t i, uint64_t *n)
{
    double asked_s = 0.0;
    uint32_t n_builds = pick(i, n, 1, BUILDS);

    for (uint32_t k = 0; k < n_builds; k++) {
        if (pick(i, n, 0, 4) == 0)
            asked_s += pick(i, n, 0, 4000);
        double work_s = pick(i, n, 0, 3000);
        fixture_build(f, pick(i, n, 0, (uint32_t)f->p.n_pools - 1),
                      pick(i, n, 0, 1), asked_s, work_s);
        struct trace_build *b = &f->t.builds[k];
        b->outcome = (uint8_t)pick(i, n, 0, 2);
        if (b->outcome == TRACE_CANCELLED)
            b->leaves_us = b->asked_us + pick(i, n, 0, 2000) * US_PER_S;
    }
}

static void random_faults(struct fixture *f, struct fault faults[MAX_FAULTS],
                          uint64_t i, uint64_t *n)
{
    f->p.faults = faults;
    f->p.n_faults = pick(i, n, 0, MAX_FAULTS);
    for (size_t k = 0; k < f->p.n_faults; k++) {
        sim_us at_us = pick(i, n, 0, 20000) * US_PER_S;
        sim_us gap_us = pick(i, n, 1, 900) * US_PER_S;
        faults[k] = (struct fault){
            .kind = (enum fault_kind)pick(i, n, 0, FAULT_KINDS - 1),
            .at_us = at_us,
            .until_us = at_us + gap_us,
            .gap_us = gap_us,
            .latency_us = pick(i, n, 0, 4) * US_PER_S,
            .factor = pick(i, n, 1, 5),
            .frac = pick(i, n, 1, 4) / 4.0,
            .pool = pick(i, n, 0, 1) ? NO_INDEX : 0,
            .n_nodes = pick(i, n, 1, 3),
            .n_pods = pick(i, n, 1, 3),
            .shut = pick(i, n, 0, 1) == 1,
            .answer = (enum lb_records_kind)pick(i, n, LB_RECORDS_NX,
                                                 LB_RECORDS_TIMEOUT),
        };
    }
}

/* What the cloud refuses, and other pools of the same Karpenter. */
static void random_cloud(struct fixture *f, struct karp_fault faults[],
                         uint64_t i, uint64_t *n)
{
    struct karp_params *k = &f->p.karpenter;

    k->faults = faults;
    k->n_faults = pick(i, n, 0, MAX_FAULTS);
    for (size_t q = 0; q < k->n_faults; q++) {
        sim_us at_us = pick(i, n, 1, 20000) * US_PER_S;
        sim_us lasts_us = pick(i, n, 1, 3000) * US_PER_S;
        faults[q] = (struct karp_fault){
            .kind = (enum karp_fault_kind)pick(i, n, 0, 2),
            .types = UINT64_MAX,
            .zones = pick(i, n, 1, 7),
            .span = {at_us, at_us + lasts_us},
            .room = pick(i, n, 0, 3),
        };
    }
    if (pick(i, n, 0, 3) == 0)
        k->foreign_pods_per_h = pick(i, n, 1, 300);
    if (pick(i, n, 0, 3) == 0)
        k->foreign_per_h = pick(i, n, 1, 100);
    if (pick(i, n, 0, 1))
        k->batch_idle_us = k->batch_max_us = 45 * US_PER_S;
}

static void check_pool(const struct fixture *f, struct system *s, uint32_t pool)
{
    const struct pool_result *p = system_pool(s, pool);
    uint64_t ends = 0, builds = 0;

    for (int e = 0; e < END_KINDS; e++)
        ends += p->ends[e];
    for (size_t k = 0; k < f->t.n; k++)
        builds += f->pool_of[f->t.builds[k].pool] == pool;
    assert_int_equal(p->builds, builds);
    assert_int_equal(ends, builds);
    assert_int_equal(p->ends[END_UNFINISHED], 0);
    assert_int_equal(p->levels[0].value, 0); /* demand */
    if (f->pools[pool].autoscaled) /* KEDA 2.16 jumps past the maximum */
        assert_true(p->levels[5].peak <= f->pools[pool].hpa.max ||
                    p->levels[5].peak <= f->pools[pool].keda.fallback_replicas);
    assert_true(p->cost_usd >= 0.0);
    for (size_t k = 0; k < POOL_LEVELS; k++)
        assert_true(p->levels[k].area >= 0);
    assert_true(p->idle.area >= 0 && p->idle.area <= p->levels[8].area);
}

static void check_builds(const struct fixture *f, struct system *s)
{
    const struct build_result *r = system_builds(s);

    for (size_t k = 0; k < f->t.n; k++) {
        const struct trace_build *b = &f->t.builds[k];
        assert_true(r[k].end_us >= b->asked_us);
        if (r[k].end == END_SERVED)
            assert_true(r[k].end_us - r[k].served_us >= b->work_us);
        if (r[k].end == END_LEFT)
            assert_int_equal(r[k].end_us, b->leaves_us);
        const struct client_params *c =
            &f->callers[f->caller_of[b->caller]].client;
        if (c->reruns == 0)
            assert_true(r[k].end_us <= client_job_end_us(c, b->asked_us));
    }
}

static uint64_t n_systems(void)
{
    const char *text = getenv("DRYDOCK_TORTURE");

    return text ? strtoull(text, NULL, 10) : 400;
}

static void test_random_systems_hold_their_invariants(void **state)
{
    uint64_t n_runs = n_systems();
    int64_t n_skipped = 0;
    (void)state;

    for (uint64_t i = 0; i < n_runs; i++) {
        struct fixture f;
        struct fault faults[MAX_FAULTS];
        struct karp_fault refusals[MAX_FAULTS];
        uint64_t n = 0;
        uint32_t min = pick(i, &n, 1, 6);

        fixture_init(&f, pick(i, &n, 1, 2), min, min + pick(i, &n, 0, 30));
        random_scaler(&f, i, &n);
        random_clients(&f, i, &n);
        random_builds(&f, i, &n);
        random_faults(&f, faults, i, &n);
        random_cloud(&f, refusals, i, &n);
        struct system *s = fixture_system(&f);
        struct history fast = history_run(s, i);
        for (uint32_t pool = 0; pool < f.p.n_pools; pool++)
            check_pool(&f, s, pool);
        check_builds(&f, s);
        system_free(s);
        n_skipped += outcome_skips_dials(&f, i);
        f.p.execute_idle = f.p.karpenter.no_elision = true;
        s = fixture_system(&f);
        struct history slow = history_run(s, i);
        assert_true(fast.hash == slow.hash && fast.n_notes == slow.n_notes);
        system_free(s);
        fixture_free(&f);
    }
    printf("%" PRId64 " dials skipped\n", n_skipped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_systems_hold_their_invariants),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

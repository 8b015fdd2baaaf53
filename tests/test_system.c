#include "tests/fixture.h"
#include "tests/support.h"

/* ------------------------------------------------------------ helpers */

struct history {
    uint64_t hash; /* of all notes, in order */
    size_t n_notes, of_kind[NOTE_KINDS];
    uint32_t highest; /* wanted */
};

static void mix(uint64_t *hash, uint64_t x)
{
    *hash = (*hash ^ x) * UINT64_C(0x100000001b3);
    *hash ^= *hash >> 29;
}

static void on_note(void *context, const struct note *n)
{
    struct history *h = context;

    mix(&h->hash, (uint64_t)n->at_us);
    mix(&h->hash, (uint64_t)n->kind << 32 | n->pool);
    mix(&h->hash, (uint64_t)n->a << 32 | n->b);
    h->n_notes++;
    h->of_kind[n->kind]++;
    if (n->kind == NOTE_SCALE && n->b > h->highest)
        h->highest = n->b;
}

static struct history run(struct system *s, uint64_t replication)
{
    struct history h = {0};
    struct random_world w = {7, replication, false};
    struct system_observer o = {.context = &h, .on_note = on_note};

    system_run(s, &w, &o);
    return h;
}

static double wait_s(const struct build_result *r)
{
    return s_from_us(r->served_us - r->first_dial_us);
}

/* A burst of n builds of 300 s on pool 0, a tenth of a second apart. */
static void burst(struct fixture *f, int n)
{
    for (int i = 0; i < n; i++)
        fixture_build(f, 0, 0, 60.0 + 0.1 * i, 300.0);
}

/* ------------------------------------------------------------ one build */

static void test_a_build_on_a_warm_pool_starts_at_once(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 8);
    fixture_build(&f, 0, 0, 100.0, 240.0);
    struct system *s = fixture_system(&f);
    run(s, 0);
    const struct build_result *r = system_builds(s);
    assert_int_equal(r->end, END_SERVED);
    assert_int_equal(r->dials, 1);
    assert_int_equal(r->served_us, us_from_s(100.0));
    assert_int_equal(r->end_us, us_from_s(340.05)); /* 50 ms to connect */
    assert_true(r->cold);
    system_free(s);
    fixture_free(&f);
}

static void test_a_build_of_zero_length_ends(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 8);
    fixture_build(&f, 0, 0, 0.0, 0.0);
    struct system *s = fixture_system(&f);
    run(s, 0);
    assert_int_equal(system_builds(s)->end, END_SERVED);
    system_free(s);
    fixture_free(&f);
}

static void test_the_second_build_of_a_pod_is_warm(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 1, 1);
    f.p.cold_factor = 1.5;
    fixture_build(&f, 0, 0, 0.0, 100.0);
    fixture_build(&f, 0, 0, 300.0, 100.0);
    struct system *s = fixture_system(&f);
    run(s, 0);
    const struct build_result *r = system_builds(s);
    assert_int_equal(r[0].end_us, us_from_s(150.05));
    assert_int_equal(r[1].end_us, us_from_s(400.05));
    assert_true(r[0].cold && !r[1].cold);
    system_free(s);
    fixture_free(&f);
}

/* ------------------------------------------------------------ the loop */

static void test_a_burst_grows_the_pool_and_the_pool_shrinks_again(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 8);
    burst(&f, 8);
    struct system *s = fixture_system(&f);
    struct history h = run(s, 0);
    const struct pool_result *p = system_pool(s, 0);
    const struct build_result *r = system_builds(s);

    assert_int_equal(p->ends[END_SERVED], 8);
    assert_int_equal(h.highest, 8);
    assert_true(wait_s(&r[0]) == 0.0 && wait_s(&r[1]) == 0.0);
    for (int i = 2; i < 8; i++) /* batch of 10 s, node, pod: over a minute */
        assert_true(wait_s(&r[i]) > 60.0 && wait_s(&r[i]) < 360.0);
    assert_int_equal(p->removed, 6);
    assert_int_equal(p->levels[5].value, 2); /* wanted */
    assert_int_equal(p->levels[8].value, 2); /* ready */
    assert_int_equal(h.of_kind[NOTE_POD_CREATED], 6);
    assert_int_equal(h.of_kind[NOTE_POD_GONE], 6);
    assert_int_equal(h.of_kind[NOTE_NODE_LAUNCHED], 3);
    system_free(s);
    fixture_free(&f);
}

static void test_levels_are_littles_law_to_the_last_tick(void **state)
{
    struct fixture f;
    sim_us waits_us = 0, runs_us = 0;
    (void)state;

    fixture_init(&f, 1, 2, 8);
    burst(&f, 20);
    struct system *s = fixture_system(&f);
    run(s, 0);
    const struct build_result *r = system_builds(s);
    for (size_t i = 0; i < f.t.n; i++) {
        assert_int_equal(r[i].end, END_SERVED);
        waits_us += r[i].served_us - f.t.builds[i].asked_us;
        runs_us += r[i].end_us - r[i].served_us;
    }
    const struct pool_result *p = system_pool(s, 0);
    assert_true(p->levels[1].area == waits_us); /* waiting */
    assert_true(p->levels[2].area == runs_us);  /* running */
    assert_true(p->levels[0].area == 20 * 300 * US_PER_S);
    system_free(s);
    fixture_free(&f);
}

static void test_a_pool_without_scaler_stays_and_clients_queue(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 4, 4);
    f.pools[0].autoscaled = false;
    burst(&f, 8);
    struct system *s = fixture_system(&f);
    struct history h = run(s, 0);
    const struct build_result *r = system_builds(s);
    assert_int_equal(h.of_kind[NOTE_SCALE], 0);
    for (int i = 0; i < 4; i++)
        assert_true(wait_s(&r[i]) == 0.0);
    for (int i = 4; i < 8; i++) /* until 360 s, plus at most a sleep of 15 s */
        assert_true(wait_s(&r[i]) > 299.0 && wait_s(&r[i]) < 320.0);
    system_free(s);
    fixture_free(&f);
}

/* ------------------------------------------------------------ determinism */

static void test_skipped_ticks_leave_the_same_history(void **state)
{
    (void)state;

    for (uint64_t replication = 0; replication < 20; replication++) {
        struct fixture f;
        fixture_init(&f, 2, 2, 12);
        for (int i = 0; i < 24; i++)
            fixture_build(&f, i % 3 == 0, i % 5 == 0, 97.0 * i, 40.0 * i);
        struct system *s = fixture_system(&f);
        struct history fast = run(s, replication);
        system_free(s);
        f.p.execute_idle = true;
        f.p.karpenter.no_elision = true;
        s = fixture_system(&f);
        struct history slow = run(s, replication);
        assert_int_equal(fast.n_notes, slow.n_notes);
        assert_true(fast.hash == slow.hash);
        system_free(s);
        fixture_free(&f);
    }
}

static void test_a_replication_is_the_same_after_another_one(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 8);
    burst(&f, 12);
    struct system *s = fixture_system(&f);
    struct history first = run(s, 3);
    struct history other = run(s, 4);
    struct history again = run(s, 3);
    assert_true(first.hash == again.hash);
    assert_true(first.hash != other.hash);
    system_free(s);
    fixture_free(&f);
}

/* ------------------------------------------------------------ owners */

static void test_a_cancelled_build_frees_its_pod_when_it_leaves(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 1, 1);
    fixture_build(&f, 0, 0, 0.0, 1000.0);
    fixture_build(&f, 0, 1, 10.0, 5.0);
    f.t.builds[0].outcome = TRACE_CANCELLED;
    f.t.builds[0].leaves_us = us_from_s(12.5);
    struct system *s = fixture_system(&f);
    run(s, 0);
    const struct build_result *r = system_builds(s);
    assert_int_equal(r[0].end, END_LEFT);
    assert_int_equal(r[0].end_us, us_from_s(12.5));
    assert_int_equal(r[1].served_us,
                     us_from_s(12.5)); /* the head of the queue */
    system_free(s);
    fixture_free(&f);
}

static void test_a_client_out_of_attempts_gives_up(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 1, 1);
    f.callers[1].client.attempts = 3; /* of 5 s, with 15 s between */
    fixture_build(&f, 0, 0, 0.0, 1000.0);
    fixture_build(&f, 0, 1, 10.0, 5.0);
    struct system *s = fixture_system(&f);
    run(s, 0);
    const struct build_result *r = system_builds(s);
    assert_int_equal(r[1].end, END_GAVE_UP);
    assert_int_equal(r[1].attempts, 3);
    assert_close(s_from_us(r[1].end_us), 10.0 + 3 * 5.04 + 2 * 15.0, 0.1);
    system_free(s);
    fixture_free(&f);
}

static void test_a_job_ends_at_its_own_limit(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 1, 1);
    f.callers[0].client.job_timeout_us = us_from_s(500.0);
    fixture_build(&f, 0, 0, 20.0, 1000.0);
    struct system *s = fixture_system(&f);
    run(s, 0);
    assert_int_equal(system_builds(s)->end, END_TIMED_OUT);
    assert_int_equal(system_builds(s)->end_us, us_from_s(520.0));
    system_free(s);
    fixture_free(&f);
}

/* ------------------------------------------------------------ scale-down */

static void test_a_draining_pod_finishes_its_build(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 1, 4);
    for (int i = 0; i < 4; i++) /* the last ones outlive the scale-down */
        fixture_build(&f, 0, 0, 0.1 * i, i == 0 ? 60.0 : 3000.0);
    struct system *s = fixture_system(&f);
    struct history h = run(s, 0);
    assert_int_equal(system_pool(s, 0)->ends[END_SERVED], 4);
    assert_true(h.of_kind[NOTE_POD_DELETED] >= 3);
    system_free(s);
    fixture_free(&f);
}

static void test_a_build_past_the_grace_is_killed(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 1, 2);
    f.pools[0].kubelet.grace_us = 600 * US_PER_S;
    f.callers[0].client.retry = CLIENT_RETRY_NEW;
    f.callers[0].client.job_timeout_us = SIM_NEVER;
    fixture_build(&f, 0, 0, 0.0, 9000.0);
    fixture_build(&f, 0, 0, 0.1, 9000.0);
    struct system *s = fixture_system(&f);
    /* The scaler loses its metric after the growth: fallback to one pod. */
    struct fault down = {.kind = FAULT_METRICS_DOWN,
                         .at_us = us_from_s(1000.0),
                         .until_us = us_from_s(9000.0),
                         .pool = NO_INDEX};
    f.pools[0].keda.has_fallback = true;
    f.pools[0].keda.fallback_threshold = 3;
    f.pools[0].keda.fallback_replicas = 1;
    f.p.faults = &down;
    f.p.n_faults = 1;
    run(s, 0);
    const struct pool_result *p = system_pool(s, 0);
    assert_int_equal(p->ends[END_KILLED], 1);
    assert_int_equal(p->ends[END_SERVED], 1);
    system_free(s);
    fixture_free(&f);
}

/* ------------------------------------------------------------ faults */

static struct history run_with(struct fixture *f, struct fault *fault,
                               struct system **s)
{
    f->p.faults = fault;
    f->p.n_faults = 1;
    *s = fixture_system(f);
    return run(*s, 0);
}

static void test_a_balancer_restart_cuts_every_build(void **state)
{
    struct fixture f;
    struct system *s;
    struct fault restart = {.kind = FAULT_LB_RESTART,
                            .at_us = us_from_s(100.0),
                            .until_us = SIM_NEVER,
                            .gap_us = us_from_s(5.0),
                            .pool = NO_INDEX};
    (void)state;

    fixture_init(&f, 1, 2, 2);
    f.callers[0].client.retry = CLIENT_RETRY_NEW;
    fixture_build(&f, 0, 0, 0.0, 400.0);
    fixture_build(&f, 0, 0, 1.0, 400.0);
    fixture_build(&f, 0, 1, 101.0, 10.0); /* refused, then served */
    run_with(&f, &restart, &s);
    const struct build_result *r = system_builds(s);
    assert_int_equal(r[0].end, END_CUT);
    assert_int_equal(r[1].end, END_CUT);
    assert_int_equal(r[0].end_us, us_from_s(100.0));
    assert_int_equal(r[2].end, END_SERVED);
    assert_int_equal(r[2].attempts, 2);
    system_free(s);
    fixture_free(&f);
}

static void test_a_sold_out_type_leaves_the_pods_pending(void **state)
{
    struct fixture f;
    struct system *s;
    static struct karp_fault gone = {.kind = KARP_NO_CAPACITY,
                                     .types = UINT64_MAX,
                                     .zones = UINT32_MAX,
                                     .span = {1, 20000 * US_PER_S}};
    struct fault none = {.kind = FAULT_SLOW_PULL,
                         .at_us = 0,
                         .until_us = 1,
                         .factor = 1.0,
                         .pool = NO_INDEX};
    (void)state;

    fixture_init(&f, 1, 2, 8);
    f.p.karpenter.faults = &gone;
    f.p.karpenter.n_faults = 1;
    burst(&f, 4);
    struct history h = run_with(&f, &none, &s);
    assert_int_equal(h.of_kind[NOTE_NODE_LAUNCHED], 0);
    assert_true(h.of_kind[NOTE_NODE_REFUSED] > 0);
    assert_int_equal(system_pool(s, 0)->levels[8].peak, 2);
    assert_int_equal(system_pool(s, 0)->ends[END_SERVED], 4);
    system_free(s);
    fixture_free(&f);
}

static void test_a_lost_node_is_replaced(void **state)
{
    struct fixture f;
    struct system *s;
    struct fault lost = {.kind = FAULT_NODE_LOST,
                         .at_us = us_from_s(100.0),
                         .until_us = SIM_NEVER,
                         .n_nodes = 1,
                         .pool = NO_INDEX};
    (void)state;

    fixture_init(&f, 1, 2, 2);
    f.callers[0].client.retry = CLIENT_RETRY_NEW;
    fixture_build(&f, 0, 0, 0.0, 400.0);
    fixture_build(&f, 0, 0, 300.0, 400.0);
    struct history h = run_with(&f, &lost, &s);
    const struct build_result *r = system_builds(s);
    assert_int_equal(r[0].end, END_KILLED);
    assert_int_equal(r[1].end, END_SERVED);
    assert_int_equal(h.of_kind[NOTE_POD_CREATED], 2);
    assert_int_equal(h.of_kind[NOTE_NODE_LAUNCHED], 1);
    system_free(s);
    fixture_free(&f);
}

static void test_a_reload_lets_builds_go_on_for_its_grace(void **state)
{
    struct fixture f;
    struct system *s;
    struct fault reload = {.kind = FAULT_LB_RELOAD,
                           .at_us = us_from_s(100.0),
                           .until_us = SIM_NEVER,
                           .gap_us = us_from_s(30.0),
                           .pool = NO_INDEX};
    (void)state;

    fixture_init(&f, 1, 2, 2);
    f.pools[0].autoscaled = false;
    f.callers[0].client.retry = CLIENT_RETRY_NEW;
    fixture_build(&f, 0, 0, 0.0, 120.0);
    fixture_build(&f, 0, 0, 1.0, 400.0);
    fixture_build(&f, 0, 1, 101.0, 10.0); /* on a pod that is busy already */
    run_with(&f, &reload, &s);
    const struct build_result *r = system_builds(s);
    assert_int_equal(r[0].end, END_SERVED);
    assert_int_equal(r[1].end, END_CUT);
    assert_int_equal(r[1].end_us, us_from_s(130.0));
    assert_int_equal(r[2].served_us, us_from_s(101.0));
    system_free(s);
    fixture_free(&f);
}

static void test_a_rolling_update_replaces_every_pod(void **state)
{
    struct fixture f;
    struct system *s;
    struct fault update = {.kind = FAULT_ROLLOUT,
                           .at_us = us_from_s(100.0),
                           .until_us = SIM_NEVER,
                           .pool = NO_INDEX};
    (void)state;

    fixture_init(&f, 1, 4, 8);
    fixture_build(&f, 0, 0, 50.0, 900.0); /* drains, and is served */
    struct history h = run_with(&f, &update, &s);
    assert_int_equal(system_builds(s)->end, END_SERVED);
    assert_int_equal(h.of_kind[NOTE_POD_CREATED], 4);
    assert_int_equal(h.of_kind[NOTE_POD_GONE], 4);
    assert_int_equal(system_pool(s, 0)->levels[8].value, 4);
    system_free(s);
    fixture_free(&f);
}

/* One pod that goes before its successor comes: nobody can be served. */
static void test_an_update_without_surge_empties_a_pool_of_one(void **state)
{
    struct fixture f;
    struct system *s;
    struct fault update = {.kind = FAULT_ROLLOUT,
                           .at_us = us_from_s(100.0),
                           .until_us = SIM_NEVER,
                           .pool = NO_INDEX};
    (void)state;

    fixture_init(&f, 1, 1, 1);
    f.pools[0].rollout.max_surge = (struct rollout_amount){0, false};
    f.pools[0].rollout.max_unavailable = (struct rollout_amount){1, false};
    fixture_build(&f, 0, 0, 115.0, 60.0);
    run_with(&f, &update, &s);
    const struct build_result *r = system_builds(s);
    assert_int_equal(r->end, END_SERVED);
    assert_true(r->attempts > 1);
    assert_true(wait_s(r) > 20.0);
    system_free(s);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_build_on_a_warm_pool_starts_at_once),
        cmocka_unit_test(test_a_build_of_zero_length_ends),
        cmocka_unit_test(test_the_second_build_of_a_pod_is_warm),
        cmocka_unit_test(
            test_a_burst_grows_the_pool_and_the_pool_shrinks_again),
        cmocka_unit_test(test_levels_are_littles_law_to_the_last_tick),
        cmocka_unit_test(test_a_pool_without_scaler_stays_and_clients_queue),
        cmocka_unit_test(test_skipped_ticks_leave_the_same_history),
        cmocka_unit_test(test_a_replication_is_the_same_after_another_one),
        cmocka_unit_test(test_a_cancelled_build_frees_its_pod_when_it_leaves),
        cmocka_unit_test(test_a_client_out_of_attempts_gives_up),
        cmocka_unit_test(test_a_job_ends_at_its_own_limit),
        cmocka_unit_test(test_a_draining_pod_finishes_its_build),
        cmocka_unit_test(test_a_build_past_the_grace_is_killed),
        cmocka_unit_test(test_a_balancer_restart_cuts_every_build),
        cmocka_unit_test(test_a_sold_out_type_leaves_the_pods_pending),
        cmocka_unit_test(test_a_lost_node_is_replaced),
        cmocka_unit_test(test_a_reload_lets_builds_go_on_for_its_grace),
        cmocka_unit_test(test_a_rolling_update_replaces_every_pod),
        cmocka_unit_test(test_an_update_without_surge_empties_a_pool_of_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

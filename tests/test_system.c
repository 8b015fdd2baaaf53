#include "tests/fixture.h"
#include "tests/history.h"
#include "tests/support.h"

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
    history_run(s, 0);
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
    history_run(s, 0);
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
    history_run(s, 0);
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
    struct history h = history_run(s, 0);
    const struct pool_result *p = system_pool(s, 0);
    const struct build_result *r = system_builds(s);

    assert_int_equal(p->ends[END_SERVED], 8);
    assert_int_equal(h.highest, 8);
    assert_true(history_wait_s(&r[0]) == 0.0 && history_wait_s(&r[1]) == 0.0);
    for (int i = 2; i < 8; i++) /* batch of 10 s, node, pod: over a minute */
        assert_true(history_wait_s(&r[i]) > 60.0 &&
                    history_wait_s(&r[i]) < 360.0);
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
    history_run(s, 0);
    const struct build_result *r = system_builds(s);
    for (size_t i = 0; i < f.t.n; i++) {
        assert_int_equal(r[i].end, END_SERVED);
        waits_us += r[i].waited_us;
        assert_int_equal(r[i].waited_us,
                         r[i].served_us - f.t.builds[i].asked_us);
        runs_us += r[i].end_us - r[i].served_us;
    }
    const struct pool_result *p = system_pool(s, 0);
    assert_true(p->levels[1].area == waits_us); /* waiting */
    level_area causes = 0;
    for (int i = 0; i < WAIT_CAUSES; i++)
        causes += p->waits[i];
    assert_true(causes == waits_us);
    assert_true(p->levels[2].area == runs_us); /* running */
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
    struct history h = history_run(s, 0);
    const struct build_result *r = system_builds(s);
    assert_int_equal(h.of_kind[NOTE_SCALE], 0);
    for (int i = 0; i < 4; i++)
        assert_true(history_wait_s(&r[i]) == 0.0);
    for (int i = 4; i < 8; i++) /* until 360 s, plus at most a sleep of 15 s */
        assert_true(history_wait_s(&r[i]) > 299.0 &&
                    history_wait_s(&r[i]) < 320.0);
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
        struct history fast = history_run(s, replication);
        system_free(s);
        f.p.execute_idle = true;
        f.p.karpenter.no_elision = true;
        s = fixture_system(&f);
        struct history slow = history_run(s, replication);
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
    struct history first = history_run(s, 3);
    struct history other = history_run(s, 4);
    struct history again = history_run(s, 3);
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
    history_run(s, 0);
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
    history_run(s, 0);
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
    history_run(s, 0);
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
    struct history h = history_run(s, 0);
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
    history_run(s, 0);
    const struct pool_result *p = system_pool(s, 0);
    assert_int_equal(p->ends[END_KILLED], 1);
    assert_int_equal(p->ends[END_SERVED], 1);
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

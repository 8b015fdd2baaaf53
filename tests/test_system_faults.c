#include "tests/fixture.h"
#include "tests/history.h"
#include "tests/support.h"

/* A burst of n builds of 300 s on pool 0, a tenth of a second apart. */
static void burst(struct fixture *f, int n)
{
    for (int i = 0; i < n; i++)
        fixture_build(f, 0, 0, 60.0 + 0.1 * i, 300.0);
}

static struct history run_with(struct fixture *f, struct fault *fault,
                               struct system **s)
{
    f->p.faults = fault;
    f->p.n_faults = 1;
    *s = fixture_system(f);
    return history_run(*s, 0);
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
    assert_true(history_wait_s(r) > 20.0);
    system_free(s);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_balancer_restart_cuts_every_build),
        cmocka_unit_test(test_a_sold_out_type_leaves_the_pods_pending),
        cmocka_unit_test(test_a_lost_node_is_replaced),
        cmocka_unit_test(test_a_reload_lets_builds_go_on_for_its_grace),
        cmocka_unit_test(test_a_rolling_update_replaces_every_pod),
        cmocka_unit_test(test_an_update_without_surge_empties_a_pool_of_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

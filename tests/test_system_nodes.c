/* Nodes under the pods: lost, slow, evicted from, full. */
#include "tests/fixture.h"
#include "tests/watch.h"

#define S(seconds) us_from_s(seconds)

enum { REPLICATIONS = 10 };

static struct dist always(double seconds)
{
    return (struct dist){DIST_CONSTANT, seconds, 0.0, 0.0, 10000.0};
}

static void with_fault(struct fixture *f, struct fault *fault, size_t n)
{
    f->p.faults = fault;
    f->p.n_faults = n;
}

/* Both pods are on one node, which dies at 100 s. */
static void test_a_lost_node_neither_ends_nor_takes_a_build(void **state)
{
    struct fixture f;
    struct fault lost = {.kind = FAULT_NODE_LOST,
                         .at_us = S(100.0),
                         .until_us = SIM_NEVER,
                         .n_nodes = 1,
                         .pool = NO_INDEX};
    (void)state;

    fixture_init(&f, 1, 2, 2);
    f.callers[0].client.retry = CLIENT_RETRY_NEW;
    fixture_build(&f, 0, 0, 50.0, 60.0); /* would end at 110 s */
    fixture_build(&f, 0, 0, 105.0, 10.0);
    with_fault(&f, &lost, 1);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, 0);
    const struct build_result *r = system_builds(s);
    assert_int_equal(r[0].end, END_KILLED);
    assert_true(r[0].end_us >= S(140.0));
    assert_int_equal(watch_from(&w, NOTE_SILENT, 0)->at_us, S(105.0));
    assert_int_equal(r[1].end, END_SERVED);
    assert_true(r[1].node != r[0].node && r[1].served_us > S(140.0));
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
}

static void test_as_many_nodes_are_lost_as_the_fault_says(void **state)
{
    struct fixture f;
    struct fault lost = {.kind = FAULT_NODE_LOST,
                         .at_us = S(100.0),
                         .until_us = SIM_NEVER,
                         .n_nodes = 2,
                         .pool = NO_INDEX};
    (void)state;

    fixture_init(&f, 1, 6, 6); /* on nodes 0, 1 and 2 */
    fixture_build(&f, 0, 0, 600.0, 10.0);
    with_fault(&f, &lost, 1);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, 0);
    assert_int_equal(watch_from(&w, NOTE_NODE_TERMINATED, 0)->a, 0);
    assert_int_equal(watch_of(&w, NOTE_NODE_TERMINATED, 1, 0)->at_us, S(100.0));
    assert_int_equal(watch_count(&w, NOTE_NODE_TERMINATED), 2);
    assert_int_equal(watch_count(&w, NOTE_POD_CREATED), 4);
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
}

struct first_fall {
    sim_us at_us;
};

static void on_row(void *context, const struct timeline_row *row)
{
    struct first_fall *fall = context;

    if (row->state.ready < 2 && row->at_us > 0 && fall->at_us == 0)
        fall->at_us = row->at_us;
}

static void test_pods_of_a_silent_node_count_as_ready_for_40_s(void **state)
{
    struct fixture f;
    struct fault lost = {.kind = FAULT_NODE_LOST,
                         .at_us = S(100.0),
                         .until_us = SIM_NEVER,
                         .n_nodes = 1,
                         .pool = NO_INDEX};
    struct first_fall fall = {0};
    struct system_observer o = {.context = &fall, .on_row = on_row};
    struct random_world world = {7, 0, false};
    (void)state;

    fixture_init(&f, 1, 2, 2);
    fixture_build(&f, 0, 0, 600.0, 10.0);
    with_fault(&f, &lost, 1);
    struct system *s = fixture_system(&f);
    system_run(s, &world, &o);
    assert_int_equal(fall.at_us, S(140.0));
    system_free(s);
    fixture_free(&f);
}

/* Boots take 35 s and 10 s, three times as long while the fault is on. */
static void test_a_slow_boot_stretches_both_of_its_parts(void **state)
{
    struct fixture f;
    struct fault slow = {.kind = FAULT_SLOW_BOOT,
                         .at_us = 0,
                         .until_us = SIM_NEVER,
                         .factor = 3.0,
                         .pool = NO_INDEX};
    (void)state;

    fixture_init(&f, 1, 1, 4);
    f.p.karpenter.fleet_sigma = 0.0;
    f.p.karpenter.boot_fail_frac = 0.0;
    f.p.karpenter.registration = always(35.0);
    f.p.karpenter.initialization = always(10.0);
    for (int i = 0; i < 4; i++)
        fixture_build(&f, 0, 0, 60.0 + i, 900.0);
    with_fault(&f, &slow, 1);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, 0);
    const struct note *launch = watch_from(&w, NOTE_NODE_LAUNCHED, 0);
    assert_int_equal(watch_of(&w, NOTE_NODE_REGISTERED, launch->a, 0)->at_us,
                     launch->at_us + S(105.0));
    assert_int_equal(watch_of(&w, NOTE_NODE_READY, launch->a, 0)->at_us,
                     launch->at_us + S(135.0));
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
}

/* Pulls take 10 s and starts 2 s: 5 x 10 + 2. */
static void test_the_later_of_two_slow_pulls_holds(void **state)
{
    struct fixture f;
    struct fault slow[] = {
        {.kind = FAULT_SLOW_PULL, .until_us = SIM_NEVER, .factor = 2.0},
        {.kind = FAULT_SLOW_PULL, .until_us = SIM_NEVER, .factor = 5.0},
    };
    (void)state;

    slow[0].pool = slow[1].pool = NO_INDEX;
    slow[1].at_us = S(10.0);
    fixture_init(&f, 1, 1, 4);
    f.pools[0].kubelet.pull_cold = always(10.0);
    f.pools[0].kubelet.start = always(2.0);
    for (int i = 0; i < 4; i++)
        fixture_build(&f, 0, 0, 60.0 + i, 900.0);
    with_fault(&f, slow, 2);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, 0);
    sim_us ready_us = watch_from(&w, NOTE_NODE_READY, 0)->at_us;
    const struct note *bound = watch_from(&w, NOTE_POD_BOUND, ready_us);
    assert_int_equal(watch_of(&w, NOTE_POD_STARTED, bound->a, 0)->at_us,
                     bound->at_us + S(52.0));
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
}

/* All six are tried when the first of three nodes is ready; two fit. */
static void fill_nodes(int64_t request_mcpu, int64_t request_mib)
{
    for (uint64_t replication = 0; replication < REPLICATIONS; replication++) {
        struct fixture f;
        uint32_t on_node[64] = {0};
        fixture_init(&f, 1, 2, 8);
        f.pools[0].request_mcpu = request_mcpu;
        f.pools[0].request_mib = request_mib;
        for (int i = 0; i < 8; i++)
            fixture_build(&f, 0, 0, 60.0, 300.0);
        struct system *s = fixture_system(&f);
        struct watch w = watch_run(s, replication);
        for (size_t i = 0; i < w.n; i++)
            if (w.note[i].kind == NOTE_POD_BOUND)
                assert_true(++on_node[w.note[i].b] <= 2);
        assert_int_equal(watch_count(&w, NOTE_POD_BOUND), 6);
        assert_int_equal(system_pool(s, 0)->pods_started, 6);
        assert_int_equal(system_pool(s, 0)->pods_never_ready, 0);
        watch_free(&w);
        system_free(s);
        fixture_free(&f);
    }
}

static void test_no_node_gets_more_pods_than_its_cores_hold(void **state)
{
    (void)state;
    fill_nodes(42000, 1024);
}

static void test_no_node_gets_more_pods_than_its_memory_holds(void **state)
{
    (void)state;
    fill_nodes(1000, 158720);
}

/* Four pods on two nodes that drift. The first eviction leaves three, and the
 * other pod of the node is asked for every 10 s until there are four again.
 */
static void evict_one_by_one(int32_t max_unavailable, uint32_t min_available)
{
    struct fault drift = {.kind = FAULT_DRIFT,
                          .at_us = S(100.0),
                          .until_us = SIM_NEVER,
                          .pool = NO_INDEX};

    for (uint64_t replication = 0; replication < REPLICATIONS; replication++) {
        struct fixture f;
        fixture_init(&f, 1, 4, 4);
        f.pools[0].pdb_max_unavailable = max_unavailable;
        f.pools[0].pdb_min_available = min_available;
        fixture_build(&f, 0, 0, 3000.0, 10.0);
        with_fault(&f, &drift, 1);
        struct system *s = fixture_system(&f);
        struct watch w = watch_run(s, replication);
        const struct note *first = watch_from(&w, NOTE_POD_EVICTED, 0);
        const struct note *second = first + 1;
        while (second->kind != NOTE_POD_EVICTED)
            second++;
        sim_us again_us =
            watch_from(&w, NOTE_POD_READY, first->at_us)->at_us - first->at_us;
        assert_int_equal(second->b, first->b);
        assert_int_equal(second->at_us - first->at_us,
                         (again_us + S(10.0) - 1) / S(10.0) * S(10.0));
        watch_free(&w);
        system_free(s);
        fixture_free(&f);
    }
}

static void test_a_drain_keeps_to_max_unavailable(void **state)
{
    (void)state;
    evict_one_by_one(1, 0);
}

static void test_a_drain_keeps_to_min_available(void **state)
{
    (void)state;
    evict_one_by_one(-1, 3);
}

static void test_nodes_of_the_start_expire_at_different_times(void **state)
{
    struct fixture f;
    sim_us at_us[2];
    (void)state;

    fixture_init(&f, 1, 2, 2);
    f.p.karpenter.pools[0].expire_after_us = S(1000.0);
    fixture_build(&f, 0, 0, 1.0, 10.0);
    struct system *s = fixture_system(&f);
    for (uint64_t i = 0; i < 2; i++) {
        struct watch w = watch_run(s, i);
        at_us[i] = watch_from(&w, NOTE_NODE_EXPIRED, 0)->at_us;
        watch_free(&w);
    }
    assert_true(at_us[0] < S(1000.0) && at_us[1] < S(1000.0));
    assert_true(at_us[0] != at_us[1]);
    system_free(s);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_lost_node_neither_ends_nor_takes_a_build),
        cmocka_unit_test(test_as_many_nodes_are_lost_as_the_fault_says),
        cmocka_unit_test(test_pods_of_a_silent_node_count_as_ready_for_40_s),
        cmocka_unit_test(test_a_slow_boot_stretches_both_of_its_parts),
        cmocka_unit_test(test_the_later_of_two_slow_pulls_holds),
        cmocka_unit_test(test_no_node_gets_more_pods_than_its_cores_hold),
        cmocka_unit_test(test_no_node_gets_more_pods_than_its_memory_holds),
        cmocka_unit_test(test_a_drain_keeps_to_max_unavailable),
        cmocka_unit_test(test_a_drain_keeps_to_min_available),
        cmocka_unit_test(test_nodes_of_the_start_expire_at_different_times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

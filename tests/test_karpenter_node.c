#include "tests/karpenter_world.h"

struct fixture {
    struct karp_params p;
    struct karp k;
    uint32_t node; /* adopted, large */
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);

    world_types(&f->p);
    world_pool(&f->p, "amd64", 1u << LARGE);
    f->p.daemon_drain = (struct dist){DIST_CONSTANT, 35, 0, 0, 1000};
    karp_init(&f->k, &f->p);
    f->node = karp_replay_adopt(&f->k, 0, LARGE);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    karp_free(&f->k);
    karp_free(&f->k);
    test_free(f);
    return 0;
}

static struct karp_node *node_of(struct fixture *f)
{
    return &f->k.nodes[f->node];
}

/* A claim, asked for at 10 and launched at 12. */
static uint32_t launched(struct fixture *f)
{
    uint32_t node = karp_add(&f->k, S(10), 0);

    f->k.nodes[node].types = 1u << LARGE;
    karp_on_request(&f->k, S(10), node, 0.5);
    karp_on_launched(&f->k, S(12), node);
    return node;
}

static void test_a_node_takes_pods_once_it_is_initialized(void **state)
{
    struct fixture *f = *state;
    uint32_t node = launched(f);

    assert_false(world_fits(&f->k, node, AMD_POD));
    karp_on_registered(&f->k, S(47), node);
    assert_int_equal(f->k.nodes[node].phase, KARP_REGISTERED);
    assert_false(world_fits(&f->k, node, AMD_POD));
    karp_on_initialized(&f->k, S(57.75), node);
    assert_true(world_fits(&f->k, node, AMD_POD));
    assert_int_equal(f->k.nodes[node].initialized_us, S(57)); /* whole s */
    assert_int_equal(karp_consolidatable_us(&f->k, node), S(357));
}

static void test_two_pods_fit_and_not_three(void **state)
{
    struct fixture *f = *state;

    karp_on_pod_bound(&f->k, S(1), f->node, AMD_POD);
    assert_true(world_fits(&f->k, f->node, AMD_POD));
    karp_on_pod_bound(&f->k, S(1), f->node, AMD_POD);
    assert_false(world_fits(&f->k, f->node, AMD_POD));
    assert_int_equal(node_of(f)->used.mcpu, 84000);
    assert_int_equal(node_of(f)->used.mib, 2 * 158720);
}

static void test_a_tainted_or_sick_node_takes_no_pod(void **state)
{
    struct fixture *f = *state;

    karp_on_ready(&f->k, S(1), f->node, false);
    assert_false(world_fits(&f->k, f->node, AMD_POD));
    karp_on_ready(&f->k, S(2), f->node, true);
    assert_true(world_fits(&f->k, f->node, AMD_POD));
    node_of(f)->queued = true;
    assert_false(world_fits(&f->k, f->node, AMD_POD));
    assert_true(karp_leaving(node_of(f)));
    node_of(f)->queued = false;
    karp_mark(&f->k, S(3), f->node);
    assert_false(world_fits(&f->k, f->node, AMD_POD));
    assert_true(karp_leaving(node_of(f)));
}

/* The stored value is 100, a whole second: 109.999 is less than 10 s later. */
static void test_near_pod_events_are_dropped(void **state)
{
    struct fixture *f = *state;

    karp_on_pod_bound(&f->k, S(100.9), f->node, AMD_POD);
    assert_int_equal(node_of(f)->pod_event_us, S(100));
    karp_on_pod_bound(&f->k, S(110) - 1, f->node, AMD_POD);
    assert_int_equal(node_of(f)->pod_event_us, S(100));
    karp_on_pod_terminating(&f->k, S(110), f->node);
    assert_int_equal(node_of(f)->pod_event_us, S(110));
    assert_int_equal(karp_consolidatable_us(&f->k, f->node), S(410));
}

static void
test_the_clock_restarts_at_the_start_and_end_of_a_drain(void **state)
{
    struct fixture *f = *state;

    karp_on_pod_bound(&f->k, S(5), f->node, AMD_POD);
    karp_on_pod_terminating(&f->k, S(1000), f->node);
    assert_int_equal(node_of(f)->n_active, 0);
    assert_int_equal(node_of(f)->n_terminating, 1);
    assert_int_equal(karp_consolidatable_us(&f->k, f->node), S(1300));
    assert_int_equal(node_of(f)->used.mcpu, 42000);
    assert_false(karp_on_pod_terminal(&f->k, S(1031), f->node, AMD_POD, true));
    assert_int_equal(karp_consolidatable_us(&f->k, f->node), S(1331));
    assert_int_equal(node_of(f)->used.mcpu, 0);
}

static void test_a_lost_pod_leaves_the_clock_alone(void **state)
{
    struct fixture *f = *state;

    karp_on_pod_bound(&f->k, S(5), f->node, AMD_POD);
    karp_on_pod_lost(&f->k, S(1000), f->node, AMD_POD, false);
    assert_int_equal(node_of(f)->pod_event_us, S(5));
    assert_int_equal(node_of(f)->n_active, 0);
    assert_int_equal(node_of(f)->used.mib, 0);
}

static void test_never_is_never(void **state)
{
    struct fixture *f = *state;
    uint32_t node = launched(f);

    assert_true(karp_consolidatable_us(&f->k, node) == SIM_NEVER);
    f->p.pools[0].consolidate_after_us = SIM_NEVER;
    assert_true(karp_consolidatable_us(&f->k, f->node) == SIM_NEVER);
    assert_int_equal(karp_expiry_us(&f->k, node), S(10) + 720 * US_PER_H);
    f->p.pools[0].expire_after_us = SIM_NEVER;
    assert_true(karp_expiry_us(&f->k, node) == SIM_NEVER);
}

static void test_an_unregistered_instance_is_given_up(void **state)
{
    struct fixture *f = *state;
    uint32_t node = launched(f);

    assert_int_equal(karp_liveness_us(&f->k, node), S(912));
    assert_false(karp_on_liveness(&f->k, S(912) - 1, node));
    assert_true(karp_on_liveness(&f->k, S(912), node));
    assert_int_equal(f->k.nodes[node].phase, KARP_DRAINING);
    assert_true(karp_drained(&f->k, node));
    /* No node object: no drain, no taint, no trigger. */
    assert_int_equal(karp_terminate_us(&f->k, node, 0.5), S(912));
    assert_int_equal(f->k.batch.n_of[KARP_NODE], 0);
    assert_true(karp_liveness_us(&f->k, f->node) == SIM_NEVER);
}

static void test_a_registered_node_has_no_timeout(void **state)
{
    struct fixture *f = *state;
    uint32_t node = launched(f);

    karp_on_registered(&f->k, S(911), node);
    assert_false(karp_on_liveness(&f->k, S(912), node));
    assert_int_equal(f->k.nodes[node].phase, KARP_REGISTERED);
}

static void test_a_claim_that_is_deleted_before_its_launch_is_gone(void **state)
{
    struct fixture *f = *state;
    uint32_t node = karp_add(&f->k, S(10), 0);

    assert_false(karp_synced(&f->k));
    assert_true(karp_mark(&f->k, S(11), node));
    assert_int_equal(f->k.nodes[node].phase, KARP_GONE);
    assert_true(karp_synced(&f->k));
    assert_int_equal(f->k.n_live, 1);
}

static void test_an_empty_node_terminates_after_its_daemonsets(void **state)
{
    struct fixture *f = *state;

    assert_true(karp_mark(&f->k, S(500), f->node));
    assert_false(karp_mark(&f->k, S(501), f->node));
    assert_true(karp_drained(&f->k, f->node));
    assert_int_equal(karp_terminate_us(&f->k, f->node, 0.5), S(535));
    f->p.daemon_drain.a = 1;
    assert_int_equal(karp_terminate_us(&f->k, f->node, 0.5), S(505)); /* min */
}

static void test_a_drain_waits_for_the_last_pod(void **state)
{
    struct fixture *f = *state;

    karp_on_pod_bound(&f->k, S(1), f->node, AMD_POD);
    karp_on_pod_bound(&f->k, S(1), f->node, AMD_POD);
    karp_on_pod_terminating(&f->k, S(2), f->node);
    karp_mark(&f->k, S(400), f->node);
    assert_false(karp_drained(&f->k, f->node));
    assert_false(karp_on_pod_terminal(&f->k, S(3600), f->node, AMD_POD, true));
    assert_true(karp_on_pod_lost(&f->k, S(3700), f->node, AMD_POD, false));
    assert_int_equal(karp_terminate_us(&f->k, f->node, 0.5), S(3735));
}

static void test_a_marked_node_triggers_windows_until_it_is_gone(void **state)
{
    struct fixture *f = *state;

    karp_mark(&f->k, S(500), f->node);
    assert_int_equal(f->k.batch.n_of[KARP_NODE], 1);
    karp_on_terminate(&f->k, S(535), f->node);
    assert_int_equal(node_of(f)->phase, KARP_TERMINATING);
    assert_int_equal(node_of(f)->terminated_us, S(535));
    assert_int_equal(f->k.batch.n_of[KARP_NODE], 1);
    karp_on_gone(&f->k, S(595), f->node);
    karp_on_gone(&f->k, S(596), f->node);
    assert_int_equal(f->k.batch.n_of[KARP_NODE], 0);
    assert_int_equal(node_of(f)->terminated_us, S(535));
    assert_int_equal(f->k.n_live, 0);
}

static void test_a_lost_instance_ends_in_any_phase(void **state)
{
    struct fixture *f = *state;
    uint32_t node = launched(f);

    karp_on_gone(&f->k, S(20), node);
    karp_on_gone(&f->k, S(21), f->node);
    assert_int_equal(f->k.n_live, 0);
    assert_int_equal(f->k.nodes[node].terminated_us, S(20));
    karp_on_registered(&f->k, S(47), node); /* comes too late */
    karp_on_initialized(&f->k, S(57), node);
    assert_int_equal(f->k.nodes[node].phase, KARP_GONE);
}

static void test_live_nodes_stay_in_order(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 4; i++)
        launched(f);
    karp_on_gone(&f->k, S(20), 2);
    karp_on_gone(&f->k, S(20), 0);
    assert_int_equal(f->k.n_live, 3);
    assert_int_equal(f->k.live[0], 1);
    assert_int_equal(f->k.live[1], 3);
    assert_int_equal(f->k.live[2], 4);
}

static void test_a_restart_restarts_the_clock_of_nodes_with_pods(void **state)
{
    struct fixture *f = *state;
    uint32_t empty = karp_replay_adopt(&f->k, 0, LARGE);

    karp_on_pod_bound(&f->k, S(5), f->node, AMD_POD);
    node_of(f)->nominated_us = S(2000);
    f->k.nodes[empty].queued = true;
    f->k.away_us[LARGE][1] = f->k.zone_away_us[2] = S(2000);
    karp_on_restart(&f->k, S(1000));
    assert_int_equal(karp_consolidatable_us(&f->k, f->node), S(1300));
    assert_int_equal(karp_consolidatable_us(&f->k, empty), S(300));
    assert_int_equal(node_of(f)->nominated_us, 0);
    assert_false(f->k.nodes[empty].queued);
    assert_true(karp_available(&f->k, LARGE, 1, S(1000)));
    assert_true(karp_available(&f->k, LARGE, 2, S(1000)));
}

static void test_no_node_is_empty_before_it_is_initialized(void **state)
{
    struct fixture *f = *state;
    uint32_t node = launched(f);

    karp_on_registered(&f->k, S(40), node);
    karp_on_pod_bound(&f->k, S(45), node, AMD_POD);
    karp_on_initialized(&f->k, S(344), node);
    assert_int_equal(karp_consolidatable_us(&f->k, node), S(345));
    node = launched(f);
    karp_on_registered(&f->k, S(40), node);
    karp_on_pod_bound(&f->k, S(45), node, AMD_POD);
    karp_on_initialized(&f->k, S(400), node);
    assert_int_equal(karp_consolidatable_us(&f->k, node), S(400));
}

#define NODE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_a_node_takes_pods_once_it_is_initialized),
        NODE_TEST(test_two_pods_fit_and_not_three),
        NODE_TEST(test_a_tainted_or_sick_node_takes_no_pod),
        NODE_TEST(test_near_pod_events_are_dropped),
        NODE_TEST(test_the_clock_restarts_at_the_start_and_end_of_a_drain),
        NODE_TEST(test_a_lost_pod_leaves_the_clock_alone),
        NODE_TEST(test_never_is_never),
        NODE_TEST(test_an_unregistered_instance_is_given_up),
        NODE_TEST(test_a_registered_node_has_no_timeout),
        NODE_TEST(test_a_claim_that_is_deleted_before_its_launch_is_gone),
        NODE_TEST(test_an_empty_node_terminates_after_its_daemonsets),
        NODE_TEST(test_a_drain_waits_for_the_last_pod),
        NODE_TEST(test_a_marked_node_triggers_windows_until_it_is_gone),
        NODE_TEST(test_a_lost_instance_ends_in_any_phase),
        NODE_TEST(test_live_nodes_stay_in_order),
        NODE_TEST(test_a_restart_restarts_the_clock_of_nodes_with_pods),
        NODE_TEST(test_no_node_is_empty_before_it_is_initialized),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Which pod goes where: order, packing, nomination. */
#include "tests/karpenter_pods.h"

static void test_equal_pods_need_half_as_many_large_nodes(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "amd64", 1u << LARGE);
    start(f);
    want(f, 359, AMD_POD, 1);
    assert_int_equal(solve(f, 0), 180);
    assert_int_equal(n_unplaced(f), 0);
    for (uint32_t i = 0; i < 180; i++)
        assert_int_equal(f->k.nodes[i].n_planned, i < 179 ? 2 : 1);
    assert_int_equal(f->k.n_unlaunched, 180);
    end(f);
}

static void test_four_arm_pods_share_a_node(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "arm64", 1u << ARM);
    start(f);
    want(f, 9, ARM_POD, 1);
    assert_int_equal(solve(f, 0), 3);
    assert_int_equal(f->k.nodes[2].n_planned, 1);
    end(f);
}

static void test_free_slots_of_existing_nodes_come_first(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "amd64", 1u << LARGE);
    start(f);
    karp_on_pod_bound(&f->k, 0, adopt(f, 0, LARGE), AMD_POD);
    adopt(f, 0, LARGE);
    want(f, 6, AMD_POD, 1);
    assert_int_equal(solve(f, S(1)), 2); /* 1 + 2 slots, then ceil(3 / 2) */
    assert_int_equal(f->k.nodes[0].n_planned, 1);
    assert_int_equal(f->k.nodes[1].n_planned, 2);
    assert_int_equal(f->k.nodes[2].n_planned, 2);
    assert_int_equal(f->k.nodes[3].n_planned, 1);
    end(f);
}

static void test_a_node_in_flight_takes_its_pods_again(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "amd64", 1u << LARGE);
    start(f);
    want(f, 2, AMD_POD, 1);
    assert_int_equal(solve(f, 0), 1);
    launch(f, S(2), 0);
    want(f, 1, AMD_POD, 1);
    assert_int_equal(solve(f, S(50)), 1); /* for the third alone */
    assert_int_equal(f->k.nodes[0].n_planned, 2);
    assert_int_equal(f->pods[2].node, 1);
    end(f);
}

static void test_initialized_nodes_come_before_those_in_flight(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "amd64", 1u << LARGE);
    start(f);
    want(f, 1, AMD_POD, 1);
    solve(f, 0);
    launch(f, S(2), 0);
    adopt(f, 0, LARGE);
    assert_int_equal(solve(f, S(50)), 0);
    assert_int_equal(f->pods[0].node, 1);
    end(f);
}

static void test_terminating_pods_keep_their_place(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "amd64", 1u << LARGE);
    start(f);
    uint32_t node = adopt(f, 0, LARGE);
    karp_on_pod_bound(&f->k, 0, node, AMD_POD);
    karp_on_pod_bound(&f->k, 0, node, AMD_POD);
    karp_on_pod_terminating(&f->k, S(9), node);
    want(f, 1, AMD_POD, 1);
    assert_int_equal(solve(f, S(10)), 1);
    karp_on_refused(&f->k, S(12), 1);
    karp_on_pod_terminal(&f->k, S(40), node, AMD_POD, true);
    assert_int_equal(solve(f, S(60)), 0);
    assert_int_equal(f->pods[0].node, node);
    end(f);
}

static void test_nodes_that_leave_or_are_sick_take_nothing(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "amd64", 1u << LARGE);
    start(f);
    karp_mark(&f->k, 0, adopt(f, 0, LARGE));
    f->k.nodes[adopt(f, 0, LARGE)].queued = true;
    karp_on_ready(&f->k, 0, adopt(f, 0, LARGE), false);
    want(f, 1, AMD_POD, 1);
    assert_int_equal(solve(f, S(1)), 1);
    assert_int_equal(f->pods[0].node, 3);
    end(f);
}

static void test_nothing_is_solved_while_a_launch_is_in_flight(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "amd64", 1u << LARGE);
    start(f);
    want(f, 1, AMD_POD, 1);
    assert_int_equal(solve(f, 0), 1);
    assert_false(karp_synced(&f->k));
    assert_int_equal(solve(f, S(1)), 0);
    assert_int_equal(n_unplaced(f), 1);
    end(f);
}

static void test_the_second_pod_shrinks_the_set_of_types(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "mixed", 1u << LARGE | 1u << SMALL);
    start(f);
    want(f, 3, AMD_POD, 1);
    assert_int_equal(solve(f, 0), 2);
    assert_int_equal(f->k.nodes[0].types, 1u << LARGE);
    assert_int_equal(f->k.nodes[1].types, 1u << LARGE | 1u << SMALL);
    launch(f, S(1), 0);
    launch(f, S(1), 1);
    assert_int_equal(f->k.nodes[0].type, LARGE);
    assert_int_equal(f->k.nodes[1].type, SMALL); /* the lone one */
    end(f);
}

static void test_without_the_large_type_each_pod_has_its_small_one(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "mixed", 1u << LARGE | 1u << SMALL);
    start(f);
    for (size_t z = 0; z < 3; z++)
        f->k.away_us[LARGE][z] = S(180);
    want(f, 3, AMD_POD, 1);
    assert_int_equal(solve(f, S(180) - 1), 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(f->k.nodes[i].types, 1u << SMALL);
    end(f);
}

static void test_a_pod_goes_only_to_pools_that_take_it(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "amd64", 1u << LARGE);
    world_pool(&f->p, "arm64", 1u << ARM);
    start(f);
    adopt(f, 0, LARGE);
    want(f, 5, ARM_POD, 2);
    want(f, 1, AMD_POD, 0);
    assert_int_equal(solve(f, 0), 2);
    assert_int_equal(f->k.nodes[1].pool, 1);
    assert_int_equal(f->k.nodes[0].n_planned, 0);
    assert_int_equal(n_unplaced(f), 1);
    end(f);
}

/* Of 63470 m: two big pods on a node each, then 6000 m to the claim with fewer
 * pods; of those with as many to the one that came to so many last.
 */
static void test_claims_with_the_fewest_pods_are_asked_first(void **state)
{
    struct fixture *f = make();
    struct karp_size big = {50000, 1000}, little = {6000, 1000};

    (void)state;
    world_pool(&f->p, "arm64", 1u << ARM);
    start(f);
    want(f, 3, little, 1);
    want(f, 2, big, 1); /* sorted before the others */
    assert_int_equal(solve(f, 0), 2);
    assert_int_equal(f->pods[0].size.mcpu, 50000);
    assert_int_equal(f->pods[0].node, 0);
    assert_int_equal(f->pods[1].node, 1);
    assert_int_equal(f->pods[2].node, 0);
    assert_int_equal(f->pods[3].node, 1);
    assert_int_equal(f->pods[4].node, 1);
    end(f);
}

static void test_pods_are_sorted_by_size_age_and_index(void **state)
{
    struct fixture *f = make();
    static const struct karp_pod mixed[] = {
        {0, 1, {10, 10}, 5, 0}, {1, 1, {20, 10}, 9, 0}, {2, 1, {20, 30}, 9, 0},
        {3, 1, {10, 10}, 4, 0}, {5, 1, {10, 10}, 5, 0}, {4, 1, {10, 10}, 5, 0},
    };
    static const uint32_t sorted[] = {2, 1, 3, 0, 4, 5};

    (void)state;
    world_pool(&f->p, "arm64", 1u << ARM);
    start(f);
    memcpy(f->pods, mixed, sizeof mixed);
    f->n = 6;
    assert_int_equal(solve(f, 0), 1);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(f->pods[i].pod, sorted[i]);
    end(f);
}

static void test_daemonsets_are_taken_off_first(void **state)
{
    struct fixture *f = make();
    struct karp_size whole = {95390, 360721}, more = {95391, 360721};

    (void)state;
    world_pool(&f->p, "amd64", 1u << LARGE);
    start(f);
    want(f, 1, whole, 1);
    assert_int_equal(solve(f, 0), 1);
    launch(f, S(1), 0);
    assert_int_equal(solve(f, S(50)), 0); /* fits the node in flight, too */
    f->n = 0;
    want(f, 1, more, 1);
    assert_int_equal(solve(f, S(100)), 0);
    assert_int_equal(n_unplaced(f), 1);
    end(f);
}

static void test_a_nomination_lasts_two_windows_or_ten_seconds(void **state)
{
    static const double max_s[] = {45, 10, 5, 2};
    static const double lasts_s[] = {90, 20, 10, 10};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct fixture *f = make();
        world_pool(&f->p, "amd64", 1u << LARGE);
        f->p.batch_max_us = S(max_s[i]);
        start(f);
        adopt(f, 0, LARGE);
        want(f, 1, AMD_POD, 1);
        assert_int_equal(solve(f, S(7.5)), 0);
        assert_int_equal(f->k.nodes[0].nominated_us, S(7.5 + lasts_s[i]));
        end(f);
    }
}

/* The full node takes none of the pods; the claim is no node yet, neither for
 * its first pod nor for its second, and is one for the solve that follows.
 */
static void test_only_nodes_that_exist_are_nominated(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "amd64", 1u << LARGE);
    start(f);
    uint32_t full = adopt(f, 0, LARGE);
    karp_on_pod_bound(&f->k, 0, full, AMD_POD);
    karp_on_pod_bound(&f->k, 0, full, AMD_POD);
    want(f, 2, AMD_POD, 1);
    assert_int_equal(solve(f, S(7.5)), 1);
    assert_int_equal(f->k.nodes[full].nominated_us, 0);
    assert_int_equal(f->k.nodes[1].n_planned, 2);
    assert_int_equal(f->k.nodes[1].nominated_us, 0);
    launch(f, S(9), 1);
    assert_int_equal(f->k.nodes[1].nominated_us, 0);
    assert_int_equal(solve(f, S(50)), 0);
    assert_int_equal(f->k.nodes[full].nominated_us, 0);
    assert_int_equal(f->k.nodes[1].nominated_us, S(140)); /* 50 + 2 * 45 */
    end(f);
}

static void test_claims_of_equal_content_share_a_fleet(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "mixed", 1u << LARGE | 1u << SMALL);
    world_pool(&f->p, "arm64", 1u << ARM);
    start(f);
    want(f, 5, AMD_POD, 1);
    want(f, 8, ARM_POD, 2);
    assert_int_equal(solve(f, 0), 5);
    assert_int_equal(f->k.nodes[0].fleet, 0);
    assert_int_equal(f->k.nodes[1].fleet, 0);
    assert_int_equal(f->k.nodes[2].fleet, 1); /* the lone pod */
    assert_int_equal(f->k.nodes[3].fleet, 2);
    assert_int_equal(f->k.nodes[4].fleet, 2);
    assert_int_equal(f->k.n_fleets, 3);
    end(f);
}

/* Claims 0, 1 and 2 have one pod each. The first cannot take the little pods;
 * then the older of the others comes first, however the list was shortened.
 */
static void test_of_equal_claims_the_oldest_is_asked_first(void **state)
{
    struct fixture *f = make();
    struct karp_size big = {50000, 1000}, next = {49000, 1000};
    struct karp_size little = {6000, 1000};

    (void)state;
    world_pool(&f->p, "amd64", 1u << LARGE);
    world_pool(&f->p, "arm64", 1u << ARM);
    start(f);
    want(f, 1, big, 1);
    want(f, 2, next, 2);
    want(f, 2, little, 2);
    assert_int_equal(solve(f, 0), 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(f->pods[i].node, i);
    assert_int_equal(f->pods[3].node, 1);
    assert_int_equal(f->pods[4].node, 2);
    end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_pods_need_half_as_many_large_nodes),
        cmocka_unit_test(test_four_arm_pods_share_a_node),
        cmocka_unit_test(test_free_slots_of_existing_nodes_come_first),
        cmocka_unit_test(test_a_node_in_flight_takes_its_pods_again),
        cmocka_unit_test(test_initialized_nodes_come_before_those_in_flight),
        cmocka_unit_test(test_terminating_pods_keep_their_place),
        cmocka_unit_test(test_nodes_that_leave_or_are_sick_take_nothing),
        cmocka_unit_test(test_nothing_is_solved_while_a_launch_is_in_flight),
        cmocka_unit_test(test_the_second_pod_shrinks_the_set_of_types),
        cmocka_unit_test(
            test_without_the_large_type_each_pod_has_its_small_one),
        cmocka_unit_test(test_a_pod_goes_only_to_pools_that_take_it),
        cmocka_unit_test(test_claims_with_the_fewest_pods_are_asked_first),
        cmocka_unit_test(test_pods_are_sorted_by_size_age_and_index),
        cmocka_unit_test(test_daemonsets_are_taken_off_first),
        cmocka_unit_test(test_a_nomination_lasts_two_windows_or_ten_seconds),
        cmocka_unit_test(test_only_nodes_that_exist_are_nominated),
        cmocka_unit_test(test_claims_of_equal_content_share_a_fleet),
        cmocka_unit_test(test_of_equal_claims_the_oldest_is_asked_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Worked histories of nodes, with constant latencies, by hand. */
#include "tests/karpenter_run.h"

static struct world *amd_world(void)
{
    struct world *w = world_new();

    world_pool(&w->p, "amd64", 1u << LARGE);
    world_start(w);
    return w;
}

static uint32_t adopt(struct world *w)
{
    return karp_replay_adopt(&w->k, 0, LARGE);
}

static void test_four_pods_wait_for_the_window_and_two_nodes(void **state)
{
    struct world *w = amd_world();

    (void)state;
    world_pods(w, 0, 4, 1);
    world_run(w, S(200));
    assert_int_equal(world_count(w, WORLD_CLAIM), 2);
    assert_int_equal(world_when(w, WORLD_CLAIM, 1), S(45.3));
    assert_int_equal(world_when(w, WORLD_LAUNCHED, 0), S(47));
    assert_int_equal(world_when(w, WORLD_REGISTERED, 0), S(82));
    assert_int_equal(world_when(w, WORLD_INITIALIZED, 1), S(92));
    assert_int_equal(world_count(w, WORLD_BIND), 4);
    assert_int_equal(world_when(w, WORLD_BIND, 0), S(92.5));
    assert_int_equal(w->k.nodes[0].n_active, 2);
    assert_int_equal(w->k.nodes[1].n_active, 2);
    assert_int_equal(w->k.nodes[0].pod_event_us, S(92)); /* whole seconds */
    world_end(w);
}

static void test_upstreams_window_saves_forty_four_seconds(void **state)
{
    struct world *w = world_new();

    (void)state;
    world_pool(&w->p, "amd64", 1u << LARGE);
    w->p.batch_idle_us = S(1);
    w->p.batch_max_us = S(10);
    world_start(w);
    world_pods(w, 0, 4, 1);
    world_run(w, S(200));
    assert_int_equal(world_when(w, WORLD_CLAIM, 0), S(1.3));
    assert_int_equal(world_when(w, WORLD_BIND, 3), S(48.5));
    assert_int_equal(world_count(w, WORLD_CLAIM), 2);
    world_end(w);
}

/* The windows of a draining node run 1315-1360, 1365-1410, ...: a pod of
 * 1400 finds one open and waits 10 s, not 45.
 */
static void test_a_drain_elsewhere_shortens_the_wait(void **state)
{
    struct world *w = amd_world();
    uint32_t pod = world_resident(w, adopt(w));

    (void)state;
    world_delete(w, S(1000), pod, S(5000));
    world_pods(w, S(1399.7), 1, 1);
    world_run(w, S(1500));
    assert_int_equal(world_when(w, WORLD_MARK, 0), S(1315));
    assert_int_equal(world_when(w, WORLD_CLAIM, 0), S(1410));
    world_end(w);
}

static void test_a_pod_in_an_open_window_shares_it(void **state)
{
    struct world *w = amd_world();

    (void)state;
    world_pods(w, 0, 4, 1);
    world_pods(w, S(20), 2, 1);
    world_run(w, S(60));
    assert_int_equal(world_count(w, WORLD_CLAIM), 3);
    assert_int_equal(world_when(w, WORLD_CLAIM, 2), S(45.3));
    world_end(w);
}

/* Windows are back to back while pods are pending: the first trigger after
 * the solve (45.5) is the repetition at 50.3.
 */
static void test_a_second_wave_waits_for_less_than_a_window(void **state)
{
    struct world *w = amd_world();

    (void)state;
    world_pods(w, 0, 4, 1);
    world_pods(w, S(60), 2, 1);
    world_run(w, S(300));
    assert_int_equal(world_count(w, WORLD_CLAIM), 3);
    assert_int_equal(world_when(w, WORLD_CLAIM, 2), S(95.3));
    world_end(w);
}

/* At 95.3 a launch of the pods of 30 s before is in flight: void. The next
 * trigger is the repetition at 100.3, the next solve at 145.3.
 */
static void test_a_launch_in_flight_voids_the_window(void **state)
{
    struct world *w = amd_world();

    (void)state;
    w->launch_us = S(51);
    world_pods(w, 0, 4, 1);
    world_pods(w, S(60), 2, 1);
    world_run(w, S(300));
    assert_int_equal(world_when(w, WORLD_LAUNCHED, 0), S(96.5));
    assert_int_equal(world_when(w, WORLD_CLAIM, 2), S(145.3));
    world_end(w);
}

static void test_an_idle_node_is_paid_for_six_minutes_more(void **state)
{
    struct world *w = amd_world();
    uint32_t node = adopt(w);
    uint32_t a = world_resident(w, node), b = world_resident(w, node);

    (void)state;
    world_delete(w, S(1000), a, 0);
    world_delete(w, S(1000), b, 0);
    world_run(w, S(3000));
    assert_int_equal(world_when(w, WORLD_VALIDATE, 0), S(1340)); /* 1331 up */
    assert_int_equal(world_when(w, WORLD_MARK, 0), S(1355));
    assert_int_equal(world_when(w, WORLD_TERMINATE, 0), S(1391));
    assert_int_equal(world_when(w, WORLD_GONE, 0), S(1451));
    assert_int_equal(w->k.n_live, 0);
    world_end(w);
}

/* The pods' builds run on, yet the node is empty 300 s after the deletion. */
static void test_a_busy_drain_takes_the_slot_and_others_wait(void **state)
{
    struct world *w = amd_world();
    uint32_t busy = adopt(w), idle = adopt(w);
    uint32_t a = world_resident(w, busy), b = world_resident(w, idle);

    (void)state;
    world_delete(w, S(1000), a, S(4600));
    world_delete(w, S(1000), b, 0);
    world_run(w, S(9000));
    assert_int_equal(w->log[1].entity, busy);
    assert_int_equal(world_when(w, WORLD_MARK, 0), S(1315));
    assert_int_equal(world_when(w, WORLD_TERMINATE, 0), S(4636));
    /* The loop's grid: 1315 + 10 k, so 4645, and the validation. */
    assert_int_equal(world_when(w, WORLD_MARK, 1), S(4660));
    assert_int_equal(world_when(w, WORLD_TERMINATE, 1), S(4696));
    world_end(w);
}

static void ten_idle_nodes(double drain_s, double apart_s)
{
    struct world *w = amd_world();

    w->drain_s = drain_s;
    for (int i = 0; i < 10; i++)
        adopt(w);
    world_run(w, S(2000));
    assert_int_equal(world_count(w, WORLD_MARK), 10);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(world_when(w, WORLD_MARK, i),
                         S(315) + (sim_us)i * S(apart_s));
    world_end(w);
}

static void test_ten_idle_nodes_go_one_a_slot(void **state)
{
    (void)state;
    ten_idle_nodes(36, 55); /* 10 * ceil(36 / 10) + 15 */
    ten_idle_nodes(6, 25);
    ten_idle_nodes(40, 55); /* the slot is free before the pass at 40 */
    ten_idle_nodes(40.000001, 65);
}

static void test_half_full_nodes_stay_for_ever(void **state)
{
    struct world *w = amd_world();

    (void)state;
    world_resident(w, adopt(w));
    world_resident(w, adopt(w));
    world_run(w, 30 * US_PER_DAY - 1);
    assert_int_equal(world_count(w, WORLD_VALIDATE), 0);
    assert_int_equal(w->n_executed, 0); /* no pass is worth an event */
    world_end(w);
}

/* The slot that the pod takes at 60.5 belongs to another node; its own comes
 * at 92, empty, and is due after_s later. As a claim it was not nominated, and
 * no later solve counted on it. The loop's grid is 10 k.
 */
static void too_late(double after_s, sim_us mark_us)
{
    struct world *w = amd_world();
    uint32_t old = adopt(w);
    uint32_t a = world_resident(w, old), b = world_resident(w, old);

    w->p.pools[0].consolidate_after_us = S(after_s);
    world_pods(w, 0, 1, 1);
    world_delete(w, S(29), a, S(60));
    world_run(w, S(500));
    assert_int_equal(world_when(w, WORLD_BIND, 0), S(60.5));
    assert_int_equal(world_when(w, WORLD_INITIALIZED, 0), S(92));
    assert_int_equal(w->k.nodes[1].nominated_us, 0);
    assert_int_equal(karp_consolidatable_us(&w->k, 1), S(92 + after_s));
    assert_int_equal(w->pods[b].node, old);
    assert_int_equal(world_when(w, WORLD_MARK, 0), mark_us);
    world_end(w);
}

static void test_a_node_that_comes_too_late_is_wasted(void **state)
{
    (void)state;
    too_late(300, S(415)); /* 400 + 15 */
    too_late(30, S(145));  /* though 45.3 + 90 = 135.3 is after 130 */
}

static const struct karp_fault LARGE_SOLD_OUT = {.kind = KARP_NO_CAPACITY,
                                                 .types = 1u << LARGE,
                                                 .zones = 7,
                                                 .span = {0, US_PER_DAY}};

static void test_a_weighted_pool_serves_in_the_next_window(void **state)
{
    struct world *w = world_new();

    (void)state;
    world_pool(&w->p, "first", 1u << LARGE)->weight = 100;
    world_pool(&w->p, "second", 1u << SMALL)->weight = 90;
    w->p.faults = &LARGE_SOLD_OUT;
    w->p.n_faults = 1;
    world_start(w);
    world_pods(w, 0, 2, 3);
    world_run(w, S(400));
    assert_int_equal(world_when(w, WORLD_REFUSED, 0), S(47.5));
    assert_int_equal(world_when(w, WORLD_CLAIM, 1), S(95.3));
    assert_int_equal(world_count(w, WORLD_CLAIM), 3); /* 1 large, 2 small */
    assert_int_equal(w->k.nodes[1].pool, 1);
    assert_int_equal(world_when(w, WORLD_BIND, 0), S(142.5)); /* T1 + 50 */
    /* Swept at 230: 47.5 + 180 = 227.5. */
    assert_false(karp_available(&w->k, LARGE, 0, S(230) - 1));
    assert_true(karp_available(&w->k, LARGE, 0, S(230)));
    world_end(w);
}

/* One pool, one type: attempts at 45.3 and then at the first close after 230,
 * the windows being at 50.3 + 50 k to 45 s later: 245.3.
 */
static void test_a_single_type_is_tried_again_after_the_sweep(void **state)
{
    struct world *w = world_new();

    (void)state;
    world_pool(&w->p, "amd64", 1u << LARGE);
    w->p.faults = &LARGE_SOLD_OUT;
    w->p.n_faults = 1;
    world_start(w);
    world_pods(w, 0, 2, 1);
    world_run(w, S(500));
    assert_int_equal(world_when(w, WORLD_CLAIM, 0), S(45.3));
    assert_int_equal(world_when(w, WORLD_CLAIM, 1), S(245.3));
    assert_int_equal(world_when(w, WORLD_CLAIM, 2), S(445.3));
    world_end(w);
}

/* Due at 300; the pod binds during the validation, so that the command is
 * dropped and the next pass is 10 s later.
 */
static void test_a_pod_rescues_its_node_during_validation(void **state)
{
    struct world *w = amd_world();

    (void)state;
    karp_disrupt_start(&w->k, S(5)); /* passes at 5, 15, ... */
    adopt(w);
    world_pods(w, S(309.8), 1, 1);
    world_run(w, S(320));
    assert_int_equal(world_when(w, WORLD_VALIDATE, 0), S(305));
    assert_int_equal(world_when(w, WORLD_BIND, 0), S(310));
    assert_int_equal(world_count(w, WORLD_MARK), 0);
    assert_int_equal(w->k.loop.next_us, S(330));
    world_end(w);
}

static void test_no_pod_binds_after_the_taint(void **state)
{
    struct world *w = amd_world();

    (void)state;
    karp_disrupt_start(&w->k, S(5));
    adopt(w);
    world_pods(w, S(320.8), 1, 1);
    world_run(w, S(322));
    assert_int_equal(world_when(w, WORLD_MARK, 0), S(320));
    assert_int_equal(world_count(w, WORLD_BIND), 0);
    world_end(w);
}

static void test_a_sick_node_stops_its_pool(void **state)
{
    struct world *w = amd_world();
    uint32_t sick = adopt(w);

    (void)state;
    adopt(w);
    world_resident(w, sick);
    world_plan(w, 0, WORLD_UNREADY, sick);
    world_plan(w, S(600), WORLD_READY, sick);
    world_run(w, S(1000));
    assert_int_equal(world_when(w, WORLD_VALIDATE, 0), S(600));
    assert_int_equal(world_when(w, WORLD_MARK, 0), S(615));
    assert_int_equal(world_count(w, WORLD_MARK), 1);
    world_end(w);
}

/* After one step down: the pod of the third node builds on, so the node is due
 * at 1300; those of the others were idle and moved their clocks to 1031.
 */
static void test_the_longest_builds_win_the_slot(void **state)
{
    struct world *w = amd_world();
    uint32_t nodes[3] = {adopt(w), adopt(w), adopt(w)};

    (void)state;
    for (int i = 0; i < 3; i++)
        world_delete(w, S(1000), world_resident(w, nodes[i]),
                     i == 2 ? S(8000) : 0);
    world_run(w, S(8036));
    assert_int_equal(world_count(w, WORLD_MARK), 1);
    assert_int_equal(world_when(w, WORLD_TERMINATE, 0), S(8036));
    assert_int_equal(w->k.nodes[nodes[2]].phase, KARP_TERMINATING);
    assert_int_equal(w->k.nodes[nodes[0]].phase, KARP_INITIALIZED);
    world_end(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_four_pods_wait_for_the_window_and_two_nodes),
        cmocka_unit_test(test_upstreams_window_saves_forty_four_seconds),
        cmocka_unit_test(test_a_drain_elsewhere_shortens_the_wait),
        cmocka_unit_test(test_a_pod_in_an_open_window_shares_it),
        cmocka_unit_test(test_a_second_wave_waits_for_less_than_a_window),
        cmocka_unit_test(test_a_launch_in_flight_voids_the_window),
        cmocka_unit_test(test_an_idle_node_is_paid_for_six_minutes_more),
        cmocka_unit_test(test_a_busy_drain_takes_the_slot_and_others_wait),
        cmocka_unit_test(test_ten_idle_nodes_go_one_a_slot),
        cmocka_unit_test(test_half_full_nodes_stay_for_ever),
        cmocka_unit_test(test_a_node_that_comes_too_late_is_wasted),
        cmocka_unit_test(test_a_weighted_pool_serves_in_the_next_window),
        cmocka_unit_test(test_a_single_type_is_tried_again_after_the_sweep),
        cmocka_unit_test(test_a_pod_rescues_its_node_during_validation),
        cmocka_unit_test(test_no_pod_binds_after_the_taint),
        cmocka_unit_test(test_a_sick_node_stops_its_pool),
        cmocka_unit_test(test_the_longest_builds_win_the_slot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

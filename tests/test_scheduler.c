#include "models/scheduler.h"
#include "tests/support.h"

/* The large build pod, and the machine that holds two of them. */
static const struct sched_pod POD = {42000, 158720};

static struct sched_node large(int64_t n_pods)
{
    return (struct sched_node){
        .alloc_mcpu = 95690,
        .alloc_mib = 361100,
        .used_mcpu = n_pods * POD.mcpu,
        .used_mib = n_pods * POD.mib,
        .n_owner = (uint32_t)n_pods,
        .schedulable = true,
        .matches = true,
    };
}

static void test_two_large_pods_fit_and_never_three(void **state)
{
    struct sched_node node = large(1);

    (void)state;
    assert_true(sched_fits(&node, &POD));
    node = large(2);
    assert_false(sched_fits(&node, &POD));
}

static void test_a_pod_fits_to_the_last_unit(void **state)
{
    struct sched_node node = large(0);

    (void)state;
    node.used_mcpu = 95690 - 42000;
    node.used_mib = 361100 - 158720;
    assert_true(sched_fits(&node, &POD));
    node.used_mcpu++;
    assert_false(sched_fits(&node, &POD));
    node.used_mcpu--, node.used_mib++;
    assert_false(sched_fits(&node, &POD));
}

static void test_taints_and_selectors_filter(void **state)
{
    struct sched_node nodes[2] = {large(0), large(0)};

    (void)state;
    nodes[0].schedulable = false;
    nodes[1].matches = false;
    assert_int_equal(sched_pick(nodes, 2, &POD, 0.5), NO_INDEX);
    assert_int_equal(sched_pick(nodes, 0, &POD, 0.5), NO_INDEX);
    nodes[0].schedulable = true;
    assert_int_equal(sched_pick(nodes, 2, &POD, 0.999), 0);
}

/* Empty: 53690 / 95690 = 56.1, 202380 / 361100 = 56.04; half full:
 * 11690 / 95690 = 12.2, 43660 / 361100 = 12.09.
 */
static void test_least_allocated_by_hand(void **state)
{
    struct sched_node node = large(0);

    (void)state;
    assert_int_equal(sched_least_allocated(&node, &POD), 56);
    node = large(1);
    assert_int_equal(sched_least_allocated(&node, &POD), 12);
    node = large(2); /* beyond the capacity counts as nothing left */
    assert_int_equal(sched_least_allocated(&node, &POD), 0);
}

static void test_least_allocated_cuts_each_resource_and_the_mean(void **state)
{
    struct sched_node node = {.alloc_mcpu = 1000, .alloc_mib = 1000};
    struct sched_pod pod = {301, 10}; /* 69.9 -> 69, 99; mean 84 */

    (void)state;
    assert_int_equal(sched_least_allocated(&node, &pod), 84);
    pod.mcpu = 300; /* 70, 99: mean 84.5 -> 84 */
    assert_int_equal(sched_least_allocated(&node, &pod), 84);
    pod.mib = 0; /* 70, 100 */
    assert_int_equal(sched_least_allocated(&node, &pod), 85);
    node.alloc_mib = 0;
    assert_int_equal(sched_least_allocated(&node, &pod), 35);
}

static void test_the_emptiest_node_is_picked(void **state)
{
    struct sched_node nodes[4] = {large(1), large(2), large(0), large(1)};

    (void)state;
    assert_int_equal(sched_pick(nodes, 4, &POD, 0.001), 2);
    assert_int_equal(sched_pick(nodes, 4, &POD, 0.999), 2);
}

static void test_a_terminating_pod_holds_its_room(void **state)
{
    struct sched_node nodes[2] = {large(2), large(1)};

    (void)state;
    nodes[0].n_owner = 0; /* both are terminating */
    assert_int_equal(sched_pick(nodes, 2, &POD, 0.5), 1);
}

static void test_ties_are_drawn_evenly(void **state)
{
    struct sched_node nodes[5] = {large(0), large(1), large(0), large(2),
                                  large(0)};

    (void)state;
    assert_int_equal(sched_pick(nodes, 5, &POD, 0.333), 0);
    assert_int_equal(sched_pick(nodes, 5, &POD, 0.334), 2);
    assert_int_equal(sched_pick(nodes, 5, &POD, 0.666), 2);
    assert_int_equal(sched_pick(nodes, 5, &POD, 0.667), 4);
    assert_int_equal(sched_pick(nodes, 5, &POD, 1.0 - 0x1p-53), 4);
}

/* Room as on an empty node, but pods of the owner. Two nodes that fit: raw
 * scores round(5 ln 4 + 2 + 5 ln 3 + 4) = 18 and round(2 + 5 ln 3 + 4) = 11.
 */
static void test_owners_spread_over_hosts(void **state)
{
    struct sched_node nodes[2] = {large(0), large(0)};

    (void)state;
    nodes[0].n_owner = 5;
    assert_int_equal(sched_pick(nodes, 2, &POD, 0.001), 1);
}

/* Scores: node 0 has 56 + 2 * 100 * 11 / 18 = 56 + 2 * 61 = 178; node 1, which
 * has the lowest raw score, 12 + 200 = 212.
 */
static void test_the_spread_can_outweigh_free_room(void **state)
{
    struct sched_node nodes[2] = {large(0), large(1)};

    (void)state;
    nodes[0].n_owner = 5; /* small pods of the same owner */
    nodes[1].n_owner = 0; /* the large pod is terminating or foreign */
    assert_int_equal(sched_pick(nodes, 2, &POD, 0.999), 1);
}

/* One pod of the owner against none: raw scores round(ln 4 + ln 3 + 6) = 8 and
 * round(ln 3 + 6) = 7, so 2 * (100 * 7 / 8) = 174 against 200, beside 56 and
 * 25 for free room. The 6, of the two skews, makes the first node win.
 */
static void test_the_skews_damp_the_spread(void **state)
{
    struct sched_pod pod = {100, 100};
    struct sched_node nodes[2] = {large(0), large(0)};

    (void)state;
    for (int i = 0; i < 2; i++) {
        nodes[i].alloc_mcpu = nodes[i].alloc_mib = 1000;
        nodes[i].used_mcpu = nodes[i].used_mib = i == 0 ? 340 : 650;
    }
    nodes[0].n_owner = 1;
    assert_int_equal(sched_pick(nodes, 2, &pod, 0.999), 0);
    nodes[1].used_mcpu = nodes[1].used_mib = 590; /* 31: 231 beats 230 */
    assert_int_equal(sched_pick(nodes, 2, &pod, 0.001), 1);
}

/* Zone 0 holds six pods on a node that is full, zone 1 none. */
static void test_owners_spread_over_zones(void **state)
{
    struct sched_node nodes[3] = {large(0), large(0), large(2)};

    (void)state;
    nodes[1].zone = 1;
    nodes[2].n_owner = 6;
    assert_int_equal(sched_pick(nodes, 3, &POD, 0.001), 1);
    nodes[2].matches = false; /* another pool's node does not count */
    assert_int_equal(sched_pick(nodes, 3, &POD, 0.001), 0);
}

static void test_binding_takes_a_tenth_to_two_seconds(void **state)
{
    struct sched_params p;

    (void)state;
    sched_defaults(&p);
    assert_int_equal(dist_us(&p.bind, 0.5, 1.0), 500 * US_PER_MS);
    assert_int_equal(dist_us(&p.bind, 0.9, 1.0), 2 * US_PER_S);
    assert_int_equal(dist_us(&p.bind, 1e-9, 1.0), 50 * US_PER_MS);
    assert_int_equal(dist_us(&p.bind, 1 - 1e-9, 1.0), 15 * US_PER_S);
}

/* Two pods of the owner against none: raw scores round(2 ln 4 + 2 ln 3 + 6) =
 * round(10.97) = 11 and round(2 ln 3 + 6) = 8, so 2 * (100 * 8 / 11) = 144
 * against 200, beside 60 and 10 for free room. Cut, 11 would be 10 and the
 * first node would win by 220 to 210.
 */
static void test_raw_scores_are_rounded_to_nearest(void **state)
{
    struct sched_pod pod = {100, 100};
    struct sched_node nodes[2] = {large(0), large(0)};

    (void)state;
    for (int i = 0; i < 2; i++) {
        nodes[i].alloc_mcpu = nodes[i].alloc_mib = 1000;
        nodes[i].used_mcpu = nodes[i].used_mib = i == 0 ? 300 : 800;
    }
    nodes[0].n_owner = 2;
    assert_int_equal(sched_pick(nodes, 2, &pod, 0.001), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_large_pods_fit_and_never_three),
        cmocka_unit_test(test_a_pod_fits_to_the_last_unit),
        cmocka_unit_test(test_taints_and_selectors_filter),
        cmocka_unit_test(test_least_allocated_by_hand),
        cmocka_unit_test(test_least_allocated_cuts_each_resource_and_the_mean),
        cmocka_unit_test(test_the_emptiest_node_is_picked),
        cmocka_unit_test(test_a_terminating_pod_holds_its_room),
        cmocka_unit_test(test_ties_are_drawn_evenly),
        cmocka_unit_test(test_owners_spread_over_hosts),
        cmocka_unit_test(test_the_spread_can_outweigh_free_room),
        cmocka_unit_test(test_the_skews_damp_the_spread),
        cmocka_unit_test(test_owners_spread_over_zones),
        cmocka_unit_test(test_binding_takes_a_tenth_to_two_seconds),
        cmocka_unit_test(test_raw_scores_are_rounded_to_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

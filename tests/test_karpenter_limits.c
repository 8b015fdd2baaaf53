/* Limits and weights of pools. */
#include "tests/karpenter_pods.h"

static void test_a_limit_may_be_reached_but_not_passed(void **state)
{
    struct fixture *f = make();

    (void)state;
    struct karp_pool *pool = world_pool(&f->p, "amd64", 1u << LARGE);
    pool->limit.mcpu = 2 * 96000;
    start(f);
    want(f, 6, AMD_POD, 1);
    assert_int_equal(solve(f, 0), 2);
    assert_int_equal(n_unplaced(f), 2);
    end(f);
    f = make();
    pool = world_pool(&f->p, "amd64", 1u << LARGE);
    pool->limit.mib = 2 * 369623 - 1; /* modelled, not nominal memory */
    start(f);
    want(f, 6, AMD_POD, 1);
    assert_int_equal(solve(f, 0), 1);
    end(f);
}

static void test_draining_nodes_do_not_count_against_the_limit(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "amd64", 1u << LARGE)->limit.mcpu = 2 * 96000;
    start(f);
    for (int i = 0; i < 2; i++) {
        uint32_t node = adopt(f, 0, LARGE);
        karp_on_pod_bound(&f->k, 0, node, AMD_POD);
        karp_on_pod_bound(&f->k, 0, node, AMD_POD);
    }
    assert_int_equal(karp_in_use(&f->k, 0).mcpu, 2 * 96000);
    want(f, 2, AMD_POD, 1);
    assert_int_equal(solve(f, S(1)), 0);
    karp_mark(&f->k, S(2), 1);
    assert_int_equal(solve(f, S(3)), 1);
    end(f);
}

/* 3 pods: a pair on {large}, charged 96 cpu; then 48 are left, so that only
 * the small type remains for the third; the fourth stays pending.
 */
static void test_a_claim_is_charged_with_its_largest_type(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "mixed", 1u << LARGE | 1u << SMALL)->limit.mcpu = 144000;
    start(f);
    want(f, 4, AMD_POD, 1);
    assert_int_equal(solve(f, 0), 2);
    assert_int_equal(f->k.nodes[1].types, 1u << SMALL);
    assert_int_equal(n_unplaced(f), 1);
    end(f);
}

/* Two pods that fit no claim together; each could be small, but the first is
 * charged as a large one and nothing is left for the second.
 */
static void test_the_largest_type_counts_even_if_a_small_one_comes(void **state)
{
    struct fixture *f = make();
    struct karp_size odd = {47000, 100000};

    (void)state;
    world_pool(&f->p, "mixed", 1u << LARGE | 1u << SMALL)->limit.mcpu = 96000;
    f->p.types[LARGE].allocatable.mcpu = 94000;
    start(f);
    want(f, 2, odd, 1);
    assert_int_equal(solve(f, 0), 1);
    assert_int_equal(f->k.nodes[0].types, 1u << LARGE | 1u << SMALL);
    assert_int_equal(n_unplaced(f), 1);
    end(f);
}

static void test_weights_order_the_pools(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "low", 1u << LARGE)->weight = 90;
    world_pool(&f->p, "high", 1u << LARGE)->weight = 100;
    f->p.pools[1].limit.mcpu = 96000;
    start(f);
    want(f, 3, AMD_POD, 3);
    assert_int_equal(solve(f, 0), 2);
    assert_int_equal(f->k.nodes[0].pool, 1);
    assert_int_equal(f->k.nodes[1].pool, 0); /* the limit was met */
    end(f);
}

static void test_equal_weights_go_by_name_backwards(void **state)
{
    struct fixture *f = make();

    (void)state;
    world_pool(&f->p, "b", 1u << LARGE);
    world_pool(&f->p, "c", 1u << LARGE);
    world_pool(&f->p, "a", 1u << LARGE);
    start(f);
    assert_int_equal(f->k.pool_order[0], 1);
    assert_int_equal(f->k.pool_order[1], 0);
    assert_int_equal(f->k.pool_order[2], 2);
    end(f);
}

/* A MiB less than a large and a small machine have: the first claim may be
 * either, and is charged as the large one.
 */
static void test_memory_is_charged_by_the_largest_type_too(void **state)
{
    struct fixture *f = make();
    struct karp_size odd = {47000, 100000};

    (void)state;
    world_pool(&f->p, "mixed", 1u << LARGE | 1u << SMALL)->limit.mib =
        369623 + 184811 - 1;
    f->p.types[LARGE].allocatable.mcpu = 94000;
    start(f);
    want(f, 2, odd, 1);
    assert_int_equal(solve(f, 0), 1);
    assert_int_equal(f->k.nodes[0].types, 1u << LARGE | 1u << SMALL);
    assert_int_equal(n_unplaced(f), 1);
    end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_limit_may_be_reached_but_not_passed),
        cmocka_unit_test(test_draining_nodes_do_not_count_against_the_limit),
        cmocka_unit_test(test_a_claim_is_charged_with_its_largest_type),
        cmocka_unit_test(
            test_the_largest_type_counts_even_if_a_small_one_comes),
        cmocka_unit_test(test_weights_order_the_pools),
        cmocka_unit_test(test_equal_weights_go_by_name_backwards),
        cmocka_unit_test(test_memory_is_charged_by_the_largest_type_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

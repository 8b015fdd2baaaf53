#include "tests/fixture.h"
#include "tests/support.h"

#include "sim/plan/oracle.h"

#define PRICE 5.6952 /* of a node with two pods */

static struct oracle_bound bound(const struct fixture *f)
{
    struct by_pool b;

    by_pool_init(&b, &f->t, f->pool_of, f->p.n_pools);
    struct oracle_bound x = oracle_pool(&f->p, &b, 0);
    by_pool_free(&b);
    return x;
}

static struct oracle_plan plan(const struct fixture *f)
{
    struct by_pool b;

    by_pool_init(&b, &f->t, f->pool_of, f->p.n_pools);
    struct oracle_plan x = oracle_foresee(&f->p, &b, 0);
    by_pool_free(&b);
    return x;
}

/* Demand by hand: 1 for 50 s, 2 for 10, 3 for 20, 2 for 20, 1 for 50. */
static void three_builds(struct fixture *f)
{
    fixture_init(f, 1, 2, 8);
    fixture_build(f, 0, 0, 0.0, 100.0);
    fixture_build(f, 0, 0, 50.0, 100.0);
    fixture_build(f, 0, 0, 60.0, 20.0);
}

static void test_a_node_carries_as_many_pods_as_fit_in_both_sizes(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 8);
    assert_int_equal(oracle_pods_per_node(&f.p.karpenter, 0, 0, f.pools), 2);
    f.pools[0].request_mib = 2 * f.pools[0].request_mib;
    assert_int_equal(oracle_pods_per_node(&f.p.karpenter, 0, 0, f.pools), 1);
    f.pools[0].request_mcpu = 96000; /* the node's own, before DaemonSets */
    assert_int_equal(oracle_pods_per_node(&f.p.karpenter, 0, 0, f.pools), 0);
    fixture_free(&f);
}

static void test_bounds_are_areas_under_the_demand(void **state)
{
    struct fixture f;
    (void)state;

    three_builds(&f);
    struct oracle_bound b = bound(&f);
    assert_close(b.pod_hours, 220.0 / 3600.0, 1e-12);
    assert_close(b.node_hours, 170.0 / 3600.0, 1e-12); /* 60 + 40 + 70 */
    assert_close(b.cost_usd, PRICE * 170.0 / 3600.0, 1e-12);
    fixture_free(&f);
}

static void test_only_the_window_counts(void **state)
{
    struct fixture f;
    (void)state;

    three_builds(&f);
    f.p.warm_up_us = us_from_s(70.0); /* leaves 10 of 3, 20 of 2, 50 of 1 */
    assert_close(bound(&f).pod_hours, 120.0 / 3600.0, 1e-12);
    f.p.settle_us = us_from_s(30.0); /* the span is 60 s and a tick */
    assert_close(bound(&f).pod_hours, 50.000001 / 3600.0, 1e-9);
    f.p.warm_up_us = us_from_s(1000.0);
    assert_close(bound(&f).pod_hours, 0.0, 0.0);
    fixture_free(&f);
}

static void test_the_price_factor_counts(void **state)
{
    struct fixture f;
    (void)state;

    three_builds(&f);
    f.p.billing.price_factor = 0.6;
    assert_close(bound(&f).cost_usd, 0.6 * PRICE * 170.0 / 3600.0, 1e-12);
    fixture_free(&f);
}

static void test_the_cheapest_set_of_nodes_may_mix_sizes(void **state)
{
    struct fixture f;
    (void)state;

    three_builds(&f);
    struct karp_params *k = &f.p.karpenter;
    k->types[1] = k->types[0];
    k->types[1].allocatable.mcpu /= 2;
    k->types[1].usd_per_h = 3.0;
    k->n_types = 2;
    k->pools[0].types = 3;
    struct oracle_bound b = bound(&f);
    /* One pod 3.0, two 5.6952, three 8.6952 an hour, for 100, 30 and 20 s. */
    assert_close(b.cost_usd, (300.0 + 170.856 + 173.904) / 3600.0, 1e-9);
    assert_close(b.node_hours, 170.0 / 3600.0, 1e-12); /* of the large one */
    fixture_free(&f);
}

static void test_a_dearer_node_with_less_room_is_never_taken(void **state)
{
    struct fixture f;
    (void)state;

    three_builds(&f);
    struct karp_params *k = &f.p.karpenter;
    k->types[1] = k->types[0];
    k->types[1].allocatable.mcpu /= 2;
    k->types[1].usd_per_h = PRICE + 0.1;
    k->n_types = 2;
    k->pools[0].types = 3;
    assert_close(bound(&f).cost_usd, PRICE * 170.0 / 3600.0, 1e-12);
    fixture_free(&f);
}

static void test_a_pool_that_no_node_carries_has_no_bound_of_nodes(void **state)
{
    struct fixture f;
    (void)state;

    three_builds(&f);
    f.pools[0].node_pools = 0;
    struct oracle_bound b = bound(&f);
    assert_close(b.pod_hours, 220.0 / 3600.0, 1e-12);
    assert_close(b.node_hours, 0.0, 0.0);
    assert_close(b.cost_usd, 0.0, 0.0);
    fixture_free(&f);
}

static void test_a_build_of_zero_length_needs_nothing(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 8);
    fixture_build(&f, 0, 0, 5.0, 0.0);
    assert_close(bound(&f).pod_hours, 0.0, 0.0);
    fixture_free(&f);
}

static void test_a_cancelled_build_counts_until_it_leaves(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 8);
    fixture_build(&f, 0, 0, 10.0, 100.0);
    f.t.builds[0].outcome = TRACE_CANCELLED;
    f.t.builds[0].leaves_us = us_from_s(47.0);
    assert_close(bound(&f).pod_hours, 37.0 / 3600.0, 1e-12);
    fixture_free(&f);
}

static void test_two_names_of_one_pool_share_its_nodes(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 2, 2, 8);
    fixture_build(&f, 0, 0, 0.0, 36.0);
    fixture_build(&f, 1, 0, 0.0, 72.0);
    f.pool_of[f.t.builds[1].pool] = 0; /* "pool1" is the first pool, too */
    struct oracle_bound b = bound(&f);
    assert_close(b.pod_hours, 0.03, 1e-12);
    assert_close(b.node_hours, 0.02, 1e-12); /* both fit on one node */
    fixture_free(&f);
}

/* ------------------------------------------------------------ foresight */

static void test_the_oracle_holds_short_gaps_of_pods_and_nodes(void **state)
{
    struct fixture f;
    (void)state;

    three_builds(&f); /* level 1 to 150 s, level 2 from 50 to 100, 3 to 80 */
    fixture_build(&f, 0, 0, 700.0, 20.0); /* 550 s after the first level */
    f.t.span_us = us_from_s(1000.0);
    struct oracle_plan p = plan(&f);
    assert_close(p.pod_hours, (240.0 + 550.0) / 3600.0, 1e-12);
    assert_close(p.node_hours, (190.0 + 550.0) / 3600.0, 1e-12);
    assert_close(p.cost_usd, PRICE * 740.0 / 3600.0, 1e-12);
    assert_int_equal(p.node_starts, 2);
    /* The first level is there from the start and stops once. */
    assert_int_equal(p.pod_churn, 1 + 2 + 2);
    assert_int_equal(p.demand_churn, 1 + 2 + 2 + 2);
    f.p.regret_us = us_from_s(549.0);
    p = plan(&f);
    assert_close(p.pod_hours, (240.0 + 549.0) / 3600.0, 1e-12);
    assert_int_equal(p.node_starts, 3);
    fixture_free(&f);
}

static void test_the_oracle_takes_the_lowest_price_a_pod(void **state)
{
    struct fixture f;
    (void)state;

    three_builds(&f);
    struct karp_params *k = &f.p.karpenter;
    k->types[1] = k->types[0];
    k->types[1].allocatable.mcpu /= 2;
    k->types[1].usd_per_h = 2.0; /* one pod for 2.0, not two for 5.6952 */
    k->n_types = 2;
    k->pools[0].types = 3;
    struct oracle_plan p = plan(&f);
    assert_close(p.cost_usd, 2.0 * 220.0 / 3600.0, 1e-12);
    assert_close(oracle_static_usd_per_h(&f.p, 0, 3), 6.0, 1e-12);
    assert_close(oracle_static_usd_per_h(&f.p, 0, 0), 0.0, 0.0);
    f.pools[0].node_pools = 0;
    p = plan(&f);
    assert_close(p.cost_usd, 0.0, 0.0);
    assert_close(p.pod_hours, 220.0 / 3600.0, 1e-12);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_node_carries_as_many_pods_as_fit_in_both_sizes),
        cmocka_unit_test(test_bounds_are_areas_under_the_demand),
        cmocka_unit_test(test_only_the_window_counts),
        cmocka_unit_test(test_the_price_factor_counts),
        cmocka_unit_test(test_the_cheapest_set_of_nodes_may_mix_sizes),
        cmocka_unit_test(test_a_dearer_node_with_less_room_is_never_taken),
        cmocka_unit_test(
            test_a_pool_that_no_node_carries_has_no_bound_of_nodes),
        cmocka_unit_test(test_a_build_of_zero_length_needs_nothing),
        cmocka_unit_test(test_a_cancelled_build_counts_until_it_leaves),
        cmocka_unit_test(test_two_names_of_one_pool_share_its_nodes),
        cmocka_unit_test(test_the_oracle_holds_short_gaps_of_pods_and_nodes),
        cmocka_unit_test(test_the_oracle_takes_the_lowest_price_a_pod),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

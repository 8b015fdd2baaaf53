#include "models/rollout.h"
#include "tests/support.h"

static struct rollout_params count(int64_t surge, int64_t unavailable)
{
    return (struct rollout_params){.max_surge = {surge, false},
                                   .max_unavailable = {unavailable, false}};
}

static void test_surge_rounds_up_and_unavailable_down(void **state)
{
    struct rollout_params p;
    int64_t surge, unavailable;

    (void)state;
    rollout_defaults(&p);
    rollout_bounds(&p, 30, &surge, &unavailable); /* 7.5 */
    assert_int_equal(surge, 8);
    assert_int_equal(unavailable, 7);
    rollout_bounds(&p, 1, &surge, &unavailable);
    assert_int_equal(surge, 1);
    assert_int_equal(unavailable, 0);
    rollout_bounds(&p, 4, &surge, &unavailable);
    assert_int_equal(surge, 1);
    assert_int_equal(unavailable, 1);
}

static void test_both_zero_let_one_pod_be_unavailable(void **state)
{
    struct rollout_params p = count(0, 0);
    int64_t surge, unavailable;

    (void)state;
    rollout_bounds(&p, 8, &surge, &unavailable);
    assert_int_equal(surge, 0);
    assert_int_equal(unavailable, 1);
    rollout_bounds(&p, 0, &surge, &unavailable);
    assert_int_equal(unavailable, 0);
    p = count(0, 99); /* no more than there are */
    rollout_bounds(&p, 8, &surge, &unavailable);
    assert_int_equal(unavailable, 8);
}

/* 10 pods, surge 3, unavailable 2, by hand. */
static void test_a_rolling_update_step_by_step(void **state)
{
    struct rollout_params p = count(3, 2);
    struct rollout r = {0, 0, 10, 10};

    (void)state;
    assert_true(rollout_on_sync(&p, &r, 10, 10));
    assert_int_equal(r.new_spec, 3); /* the surge */
    assert_true(rollout_on_sync(&p, &r, 10, 10));
    assert_int_equal(r.old_spec, 8); /* 8 available are enough */
    r.old_available = 8;
    assert_true(rollout_on_sync(&p, &r, 10, 10));
    assert_int_equal(r.new_spec, 5);
    assert_false(rollout_on_sync(&p, &r, 10, 10)); /* waits for new pods */
    r.new_available = 5;
    assert_true(rollout_on_sync(&p, &r, 10, 10));
    assert_int_equal(r.old_spec, 3);
    r.old_available = 3;
    assert_true(rollout_on_sync(&p, &r, 10, 10));
    assert_int_equal(r.new_spec, 10);
    r.new_available = 10;
    assert_true(rollout_on_sync(&p, &r, 10, 10));
    assert_int_equal(r.old_spec, 0);
    r.old_available = 0;
    assert_false(rollout_on_sync(&p, &r, 10, 10));
}

/* Story 12: minimum one, and a pod is taken away before one is added. */
static void test_one_replica_without_surge_goes_away_first(void **state)
{
    struct rollout_params p = count(0, 1);
    struct rollout r = {0, 0, 1, 1};

    (void)state;
    assert_true(rollout_on_sync(&p, &r, 1, 1));
    assert_int_equal(r.new_spec, 0);
    assert_int_equal(r.old_spec, 0); /* nothing is left to serve */
    r.old_available = 0;
    assert_true(rollout_on_sync(&p, &r, 1, 1));
    assert_int_equal(r.new_spec, 1);
}

static void test_one_replica_with_default_bounds_stays_served(void **state)
{
    struct rollout_params p;
    struct rollout r = {0, 0, 1, 1};

    (void)state;
    rollout_defaults(&p);
    assert_true(rollout_on_sync(&p, &r, 1, 1));
    assert_int_equal(r.new_spec, 1);
    assert_false(rollout_on_sync(&p, &r, 1, 1));
    r.new_available = 1;
    assert_true(rollout_on_sync(&p, &r, 1, 1));
    assert_int_equal(r.old_spec, 0);
}

/* 10 wanted, at least 8 available: 3 new and 10 old, of which 4 are not
 * available. Most to go: 13 - 8 - 3 = 2, and unavailable ones are enough; 6
 * available are too few to take any of those.
 */
static void test_unhealthy_old_pods_go_before_healthy_ones(void **state)
{
    struct rollout_params p = count(3, 2);
    struct rollout r = {3, 0, 10, 6};

    (void)state;
    assert_true(rollout_on_sync(&p, &r, 10, 10));
    assert_int_equal(r.new_spec, 3);
    assert_int_equal(r.old_spec, 8);
}

static void test_a_new_set_that_is_too_large_shrinks(void **state)
{
    struct rollout_params p = count(3, 2);
    struct rollout r = {12, 12, 0, 0};

    (void)state;
    assert_true(rollout_on_sync(&p, &r, 10, 0));
    assert_int_equal(r.new_spec, 10);
}

static void test_recreate_waits_until_every_old_pod_is_gone(void **state)
{
    struct rollout_params p = {.recreate = true};
    struct rollout r = {0, 0, 4, 4};

    (void)state;
    assert_true(rollout_on_sync(&p, &r, 4, 4));
    assert_int_equal(r.old_spec, 0);
    r.old_available = 0;
    assert_false(rollout_on_sync(&p, &r, 4, 1)); /* one still drains */
    assert_int_equal(r.new_spec, 0);
    assert_true(rollout_on_sync(&p, &r, 4, 0));
    assert_int_equal(r.new_spec, 4);
    assert_false(rollout_on_sync(&p, &r, 4, 0));
}

static void test_a_lone_replica_set_gets_the_whole_count(void **state)
{
    struct rollout_params p = count(3, 2);
    struct rollout r = {10, 10, 0, 0};

    (void)state;
    rollout_on_scale(&p, &r, 10, 37);
    assert_int_equal(r.new_spec, 37);
    rollout_on_scale(&p, &r, 37, 0);
    assert_int_equal(r.new_spec, 0);
}

/* 5 new and 8 old of 10 + 3; 20 + 3 are allowed: 8 * 23 / 13 = 14.15 -> 14 and
 * 5 * 23 / 13 = 8.8 -> 9.
 */
static void test_growth_in_mid_update_is_proportional(void **state)
{
    struct rollout_params p = count(3, 2);
    struct rollout r = {5, 0, 8, 8};

    (void)state;
    rollout_on_scale(&p, &r, 10, 20);
    assert_int_equal(r.old_spec, 14);
    assert_int_equal(r.new_spec, 9);
}

/* 4 + 4 of 7 + 1, then 2 + 1: 4 * 3 / 8 = 1.5 -> 2 each, but only 5 in all
 * may go and 2 + 2 do; the older one, first of equals, gives the fifth.
 */
static void test_the_remainder_falls_to_the_larger_set(void **state)
{
    struct rollout_params p = count(1, 1);
    struct rollout r = {4, 4, 4, 4};

    (void)state;
    rollout_on_scale(&p, &r, 7, 2);
    assert_int_equal(r.new_spec, 2);
    assert_int_equal(r.old_spec, 1);
}

/* The same two sets, up to 10 + 1: 4 * 11 / 8 = 5.5 -> 6 each, but only 3 may
 * come; the newer one, first of equals, gets its 2 and the older one 1.
 */
static void test_no_more_is_handed_out_than_there_is(void **state)
{
    struct rollout_params p = count(1, 1);
    struct rollout r = {4, 4, 4, 4};

    (void)state;
    rollout_on_scale(&p, &r, 7, 10);
    assert_int_equal(r.new_spec, 6);
    assert_int_equal(r.old_spec, 5);
}

static void test_zero_replicas_end_an_update(void **state)
{
    struct rollout_params p = count(3, 2);
    struct rollout r = {5, 5, 8, 8};

    (void)state;
    rollout_on_scale(&p, &r, 10, 0);
    assert_int_equal(r.new_spec, 0);
    assert_int_equal(r.old_spec, 0);
}

/* Runs an update of n pods to its end, each change done before the next. */
static void update(const struct rollout_params *p, int64_t n)
{
    struct rollout r = {0, 0, n, n};
    int64_t surge, unavailable, steps = 0;

    rollout_bounds(p, n, &surge, &unavailable);
    while (rollout_on_sync(p, &r, n, r.old_spec)) {
        if (r.old_available > r.old_spec)
            r.old_available = r.old_spec;
        assert_true(r.new_spec + r.old_spec <= n + surge);
        assert_true(r.new_available + r.old_available >= n - unavailable);
        r.new_available = r.new_spec;
        assert_true(++steps < 100);
    }
    assert_int_equal(r.new_spec, n);
    assert_int_equal(r.old_spec, 0);
}

static void test_every_update_ends_within_its_bounds(void **state)
{
    (void)state;
    for (int64_t n = 1; n <= 12; n++)
        for (int64_t k = 0; k < 16; k++) {
            struct rollout_params p = count(k / 4, k % 4);

            update(&p, n);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_surge_rounds_up_and_unavailable_down),
        cmocka_unit_test(test_both_zero_let_one_pod_be_unavailable),
        cmocka_unit_test(test_a_rolling_update_step_by_step),
        cmocka_unit_test(test_one_replica_without_surge_goes_away_first),
        cmocka_unit_test(test_one_replica_with_default_bounds_stays_served),
        cmocka_unit_test(test_unhealthy_old_pods_go_before_healthy_ones),
        cmocka_unit_test(test_a_new_set_that_is_too_large_shrinks),
        cmocka_unit_test(test_recreate_waits_until_every_old_pod_is_gone),
        cmocka_unit_test(test_a_lone_replica_set_gets_the_whole_count),
        cmocka_unit_test(test_growth_in_mid_update_is_proportional),
        cmocka_unit_test(test_the_remainder_falls_to_the_larger_set),
        cmocka_unit_test(test_no_more_is_handed_out_than_there_is),
        cmocka_unit_test(test_zero_replicas_end_an_update),
        cmocka_unit_test(test_every_update_ends_within_its_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

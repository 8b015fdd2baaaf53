#include "models/replicaset.h"
#include "tests/support.h"

static struct rs_params params;
static struct rs_bucket bucket;
static struct rs rs;

/* Upstream's limits, a fixed lag of 300 ms and a fixed round trip of 20 ms. */
static int setup(void **state)
{
    (void)state;
    rs_defaults(&params);
    params.lag = (struct dist){DIST_CONSTANT, 0.3, 0, 0, 1};
    params.round_trip = (struct dist){DIST_CONSTANT, 0.02, 0, 0, 1};
    bucket = (struct rs_bucket){0};
    rs_init(&rs, &params, &bucket);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    rs_free(&rs);
    rs_free(&rs); /* may repeat */
    return 0;
}

static void test_defaults_are_upstreams(void **state)
{
    (void)state;
    rs_defaults(&params);
    assert_close(params.client_per_s, 20, 0);
    assert_int_equal(params.client_burst, 30);
    assert_int_equal(params.max_per_sync, 500);
    assert_int_equal(params.event_tokens, 0);
    assert_int_equal(dist_us(&params.lag, 0.5, 1.0), 300 * US_PER_MS);
    assert_int_equal(dist_us(&params.lag, 0.9, 1.0), US_PER_S);
}

static void test_a_change_is_acted_on_after_the_lag(void **state)
{
    (void)state;
    assert_int_equal(rs_sync_us(&rs, 7 * US_PER_S, 0.5), 7300 * US_PER_MS);
}

static void test_nothing_to_do_is_idle(void **state)
{
    (void)state;
    struct rs_plan plan = rs_on_sync(&rs, 0, 23, 23, 0.5);

    assert_int_equal(plan.n_create, 0);
    assert_int_equal(plan.n_delete, 0);
    assert_true(plan.again_us == SIM_NEVER);
    assert_int_equal(rs.status_replicas, 23);
    assert_int_equal(bucket.full_us, 0);
}

static void test_slow_start_doubles_each_round_trip(void **state)
{
    (void)state;
    struct rs_plan plan = rs_on_sync(&rs, 0, 3, 13, 0.5);
    static const int at_ms[] = {0, 20, 20, 40, 40, 40, 40, 60, 60, 60};

    assert_int_equal(plan.n_create, 10); /* 1, 2, 4 and the 3 left */
    assert_int_equal(plan.n_delete, 0);
    for (int i = 0; i < 10; i++)
        assert_int_equal(rs.at_us[i], at_ms[i] * US_PER_MS);
    assert_int_equal(plan.again_us, 80 * US_PER_MS);
}

/* 31 pods by 80 ms; the 32nd token is there at 100 ms, when its batch is
 * sent; each further one takes 50 ms: the 100th comes at (100 - 30) / 20 s.
 */
static void test_a_hundred_pods_take_three_and_a_half_seconds(void **state)
{
    (void)state;
    struct rs_plan plan = rs_on_sync(&rs, 0, 0, 100, 0.5);

    assert_int_equal(plan.n_create, 100);
    assert_int_equal(rs.at_us[30], 80 * US_PER_MS);
    assert_int_equal(rs.at_us[31], 100 * US_PER_MS);
    assert_int_equal(rs.at_us[32], 150 * US_PER_MS);
    assert_int_equal(rs.at_us[62], 1650 * US_PER_MS);
    assert_int_equal(rs.at_us[63], 1700 * US_PER_MS);
    assert_int_equal(rs.at_us[99], 3500 * US_PER_MS);
    assert_int_equal(plan.again_us, 3520 * US_PER_MS);
}

static void test_events_that_go_first_cost_their_tokens(void **state)
{
    (void)state;
    params.event_tokens = 25;
    rs_on_sync(&rs, 0, 0, 100, 0.5);
    assert_int_equal(rs.at_us[99], 4750 * US_PER_MS); /* (125 - 30) / 20 */
    bucket = (struct rs_bucket){0};
    rs.seen_us = 0;
    rs_on_sync(&rs, 0, 0, 3, 0.5); /* one event a pod: 6 tokens in all */
    assert_int_equal(bucket.full_us, 7 * 50 * US_PER_MS);
}

static void test_a_sync_makes_at_most_five_hundred(void **state)
{
    (void)state;
    struct rs_plan plan = rs_on_sync(&rs, 0, 0, 720, 0.5);

    assert_int_equal(plan.n_create, 500);
    assert_int_equal(rs.at_us[499], 23500 * US_PER_MS);
    plan = rs_on_sync(&rs, plan.again_us, 500, 720, 0.5);
    assert_int_equal(plan.n_create, 220);
    plan = rs_on_sync(&rs, plan.again_us, 720, 0, 0.5);
    assert_int_equal(plan.n_delete, 500);
}

static void test_deletions_have_no_slow_start(void **state)
{
    (void)state;
    struct rs_plan plan = rs_on_sync(&rs, US_PER_S, 40, 8, 0.5);

    assert_int_equal(plan.n_create, 0);
    assert_int_equal(plan.n_delete, 32);
    assert_int_equal(rs.at_us[0], US_PER_S);
    assert_int_equal(rs.at_us[29], US_PER_S);
    assert_int_equal(rs.at_us[30], 1050 * US_PER_MS);
    assert_int_equal(rs.at_us[31], 1100 * US_PER_MS);
}

static void test_no_action_before_the_last_one_is_seen(void **state)
{
    (void)state;
    struct rs_plan plan = rs_on_sync(&rs, 0, 0, 4, 0.5); /* seen at 60 ms */

    assert_int_equal(plan.again_us, 60 * US_PER_MS);
    plan = rs_on_sync(&rs, 60 * US_PER_MS - 1, 4, 9, 0.5);
    assert_int_equal(plan.n_create, 0);
    assert_int_equal(plan.again_us, 60 * US_PER_MS);
    params.lag.a = 0.0;
    assert_int_equal(rs_sync_us(&rs, 10, 0.5), 60 * US_PER_MS);
    plan = rs_on_sync(&rs, 60 * US_PER_MS, 4, 9, 0.5);
    assert_int_equal(plan.n_create, 5);
}

static void test_the_status_shows_a_change_one_sync_later(void **state)
{
    (void)state;
    struct rs_plan plan = rs_on_sync(&rs, 0, 38, 28, 0.5);

    assert_int_equal(rs.status_replicas, 38);
    plan = rs_on_sync(&rs, plan.again_us, 28, 28, 0.5);
    assert_int_equal(rs.status_replicas, 28);
    assert_true(plan.again_us == SIM_NEVER);
}

static void test_replica_sets_share_one_bucket(void **state)
{
    struct rs other;

    (void)state;
    rs_init(&other, &params, &bucket);
    rs_on_sync(&other, 0, 32, 2, 0.5); /* 30 tokens, status one more */
    rs_on_sync(&rs, 0, 5, 4, 0.5);
    assert_int_equal(rs.at_us[0], 100 * US_PER_MS);
    rs_free(&other);
}

static void test_the_bucket_refills_and_never_overflows(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++)
        assert_int_equal(rs_take(&bucket, &params, 0), 0);
    assert_int_equal(rs_take(&bucket, &params, 0), 50 * US_PER_MS);
    /* full again after 31 tokens of 50 ms, and not fuller after an hour */
    for (int i = 0; i < 30; i++)
        assert_int_equal(rs_take(&bucket, &params, US_PER_H), US_PER_H);
    assert_int_equal(rs_take(&bucket, &params, US_PER_H),
                     US_PER_H + 50 * US_PER_MS);
}

/* The one creation that is tried, 20 ms for it, then the back-off. */
static void test_failed_syncs_back_off_to_a_thousand_seconds(void **state)
{
    sim_us now_us = US_PER_H;
    (void)state;

    for (int n = 1; n <= 30; n++) {
        sim_us wait_us = (5 * US_PER_MS) << (n <= 18 ? n - 1 : 0);
        struct rs_plan plan = rs_on_refused(&rs, now_us, 3, 0.5);
        assert_int_equal(plan.n_create, 0);
        if (n > 18)
            wait_us = 1000 * US_PER_S;
        assert_int_equal(plan.again_us - now_us, 20 * US_PER_MS + wait_us);
        assert_int_equal(rs.status_replicas, 3);
        now_us += 2000 * US_PER_S; /* the bucket is full again */
    }
    rs_on_sync(&rs, now_us, 3, 4, 0.5); /* works: the count begins anew */
    now_us += 2000 * US_PER_S;
    assert_int_equal(rs_on_refused(&rs, now_us, 3, 0.5).again_us - now_us,
                     25 * US_PER_MS);
}

static void test_others_leave_only_part_of_the_tokens(void **state)
{
    (void)state;
    params.foreign_frac = 0.75; /* 5 a second are left */
    for (int i = 0; i < 30; i++)
        assert_int_equal(rs_take(&bucket, &params, US_PER_H), US_PER_H);
    assert_int_equal(rs_take(&bucket, &params, US_PER_H),
                     US_PER_H + 200 * US_PER_MS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_defaults_are_upstreams),
        TEST(test_a_change_is_acted_on_after_the_lag),
        TEST(test_nothing_to_do_is_idle),
        TEST(test_slow_start_doubles_each_round_trip),
        TEST(test_a_hundred_pods_take_three_and_a_half_seconds),
        TEST(test_events_that_go_first_cost_their_tokens),
        TEST(test_a_sync_makes_at_most_five_hundred),
        TEST(test_deletions_have_no_slow_start),
        TEST(test_no_action_before_the_last_one_is_seen),
        TEST(test_the_status_shows_a_change_one_sync_later),
        TEST(test_replica_sets_share_one_bucket),
        TEST(test_the_bucket_refills_and_never_overflows),
        TEST(test_failed_syncs_back_off_to_a_thousand_seconds),
        TEST(test_others_leave_only_part_of_the_tokens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

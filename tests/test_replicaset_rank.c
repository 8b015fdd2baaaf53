#include "models/replicaset.h"
#include "sim/base/mem.h"
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

static struct rs_params params;
static struct rs_bucket bucket;
static struct rs rs;

static int setup(void **state)
{
    (void)state;
    rs_defaults(&params);
    rs_init(&rs, &params, &bucket);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    rs_free(&rs);
    return 0;
}

/* Pods that differ in nothing: Running, Ready, alone on node `pod`, 1000 s
 * old and ready for 900 s at 1000 s, with their index as UID.
 */
static void alike(struct rs_pod_view pods[], uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        pods[i] = (struct rs_pod_view){
            .pod = i,
            .node = i,
            .phase = RS_RUNNING,
            .ready = true,
            .on_node = 1,
            .ready_us = 100 * US_PER_S,
            .uid = i,
        };
}

static const sim_us NOW_US = 1000 * US_PER_S;

static void assert_order(const struct rs_pod_view pods[], uint32_t n,
                         const char *want)
{
    const uint32_t *got = rs_victims(&rs, pods, n, n - 1, NOW_US);

    for (uint32_t i = 0; i + 1 < n; i++)
        if (got[i] != (uint32_t)(want[i] - '0'))
            fail_msg("victim %u is %u, not %c", i, got[i], want[i]);
}

static void count_on_node(struct rs_pod_view pods[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        pods[i].on_node = 0;
        for (size_t k = 0; k < n; k++)
            pods[i].on_node += pods[k].node == pods[i].node;
    }
}

/* The reference table: bucket 33 ends at 17.18 s, 36 covers 68.7 to 137 s. */
static void test_age_buckets_are_powers_of_two_nanoseconds(void **state)
{
    (void)state;
    assert_int_equal(rs_age_bucket(5 * US_PER_S, 5 * US_PER_S), -1);
    assert_int_equal(rs_age_bucket(5 * US_PER_S, 6 * US_PER_S), -1);
    assert_int_equal(rs_age_bucket(1, 0), 9); /* 1000 ns: 512 to 1023 */
    assert_int_equal(rs_age_bucket(8589934, 0), 32);
    assert_int_equal(rs_age_bucket(8589935, 0), 33);
    assert_int_equal(rs_age_bucket(17179869, 0), 33);
    assert_int_equal(rs_age_bucket(17179870, 0), 34);
    assert_int_equal(rs_age_bucket(100 * US_PER_S, 0), 36);
    assert_int_equal(rs_age_bucket(15000 * US_PER_S, 0), 43);
    assert_int_equal(rs_age_bucket(INT64_MAX, 0), 62);
}

static void test_timestamps_are_cut_to_whole_seconds(void **state)
{
    (void)state;
    /* 5.9 s counts as 5 s: 0.1 s old is 1.0 s, 2^29.9 ns */
    assert_int_equal(rs_age_bucket(6 * US_PER_S, 5900 * US_PER_MS), 29);
    /* -0.5 s counts as -1 s */
    assert_int_equal(rs_age_bucket(100 * US_PER_MS, -500 * US_PER_MS), 30);
}

static void test_rule_1_unassigned_pods_go_first(void **state)
{
    struct rs_pod_view pods[3];

    (void)state;
    alike(pods, 3);
    pods[2].node = NO_INDEX;
    pods[1].deletion_cost = -7; /* lower rule */
    assert_order(pods, 3, "21");
}

static void test_rule_2_pending_then_unknown_then_running(void **state)
{
    struct rs_pod_view pods[3];

    (void)state;
    alike(pods, 3);
    pods[1].phase = RS_UNKNOWN;
    pods[2].phase = RS_PENDING;
    pods[0].ready = false; /* lower rule */
    assert_order(pods, 3, "21");
}

static void test_rule_3_not_ready_before_ready(void **state)
{
    struct rs_pod_view pods[3];

    (void)state;
    alike(pods, 3);
    pods[2].ready = false;
    pods[1].deletion_cost = INT32_MIN; /* lower rule */
    assert_order(pods, 3, "21");
}

static void test_rule_4_lower_cost_first(void **state)
{
    struct rs_pod_view pods[4];

    (void)state;
    alike(pods, 4);
    pods[0].deletion_cost = INT32_MAX;
    pods[3].deletion_cost = INT32_MIN;
    pods[2].deletion_cost = -1;
    pods[1].on_node = 4; /* lower rule */
    assert_order(pods, 4, "321");
}

static void test_rule_5_fuller_node_first_counted_once(void **state)
{
    struct rs_pod_view pods[5];

    (void)state;
    alike(pods, 5);
    pods[4].ready_us = 999 * US_PER_S; /* lower rule: youngest, alone */
    pods[1].node = pods[2].node = pods[3].node = 77;
    count_on_node(pods, 5);
    assert_int_equal(pods[0].on_node, 1);
    assert_int_equal(pods[2].on_node, 3);
    assert_order(pods, 5, "1234"); /* all three of node 77, then age */
}

static void test_rule_6_younger_ready_bucket_first(void **state)
{
    struct rs_pod_view pods[4];

    (void)state;
    alike(pods, 4);
    pods[0].ready_us = 100 * US_PER_S; /* 900 s: bucket 39 */
    pods[1].ready_us = 200 * US_PER_S; /* 800 s: the same bucket */
    pods[2].ready_us = 500 * US_PER_S; /* 500 s: bucket 38 */
    pods[3].ready_us = 0;              /* 1000 s: bucket 39 */
    pods[0].uid = 9, pods[1].uid = 8, pods[3].uid = 7;
    pods[0].restarts = 3; /* lower rule */
    assert_order(pods, 4, "231");
}

static void test_rule_6_needs_different_ready_seconds(void **state)
{
    struct rs_pod_view pods[2];

    (void)state;
    alike(pods, 2);
    pods[1].ready_us = pods[0].ready_us + 999999;
    pods[1].restarts = 1;
    assert_order(pods, 2, "1"); /* one second: restarts decide */
    pods[1].ready_us++;
    assert_order(pods, 2, "0"); /* one bucket: the smaller UID decides */
}

static void test_rule_7_restarts_then_sidecar_restarts(void **state)
{
    struct rs_pod_view pods[4];

    (void)state;
    alike(pods, 4);
    pods[3].restarts = 2;
    pods[1].restarts = 1;
    pods[2].restarts = 1, pods[2].sidecar_restarts = 1;
    pods[0].created_us = 999 * US_PER_S; /* lower rule */
    assert_order(pods, 4, "321");
}

static void test_rule_8_younger_creation_bucket_then_uid(void **state)
{
    struct rs_pod_view pods[4];

    (void)state;
    alike(pods, 4);
    pods[2].created_us = 990 * US_PER_S; /* 10 s: bucket 33 */
    pods[3].created_us = 50 * US_PER_S;  /* 950 s and 1000 s: bucket 39 */
    pods[3].uid = 0, pods[0].uid = 5, pods[1].uid = 4;
    assert_order(pods, 4, "231");
}

static void test_pods_that_are_not_ready_skip_rule_6(void **state)
{
    struct rs_pod_view pods[2];

    (void)state;
    alike(pods, 2);
    pods[0].ready = pods[1].ready = false;
    pods[0].ready_us = 999 * US_PER_S;
    pods[1].created_us = 999 * US_PER_S;
    assert_order(pods, 2, "1");
}

static void test_the_order_of_the_array_does_not_matter(void **state)
{
    struct rs_pod_view pods[97], turned[97];
    uint32_t first[40];

    (void)state;
    alike(pods, 97);
    for (uint32_t i = 0; i < 97; i++) {
        pods[i].uid = i * UINT64_C(0x9e3779b97f4a7c15);
        pods[i].node = i * 7 % 50;
        pods[i].ready_us = i % 13 * 70 * US_PER_S;
        pods[i].ready = i % 5 != 0;
    }
    count_on_node(pods, 97);
    for (uint32_t i = 0; i < 97; i++)
        turned[i] = pods[96 - i];
    memcpy(first, rs_victims(&rs, pods, 97, 40, NOW_US), sizeof first);
    assert_memory_equal(rs_victims(&rs, turned, 97, 40, NOW_US), first,
                        sizeof first);
}

/* The rules run in a circle here: 0 before 1 (restarts), 1 before 2 and 2
 * before 0 (UIDs in one bucket). Two different ones go all the same.
 */
static void test_a_circle_of_rules_still_gives_distinct_victims(void **state)
{
    struct rs_pod_view pods[3];

    (void)state;
    alike(pods, 3);
    pods[0].uid = 3, pods[0].restarts = 1;
    pods[1].uid = 1;
    pods[2].uid = 2, pods[2].ready_us += US_PER_S;
    const uint32_t *got = rs_victims(&rs, pods, 3, 2, NOW_US);

    assert_int_not_equal(got[0], got[1]);
}

static void test_all_pods_go_in_the_order_given(void **state)
{
    struct rs_pod_view pods[3];

    (void)state;
    alike(pods, 3);
    pods[2].node = NO_INDEX;
    const uint32_t *got = rs_victims(&rs, pods, 3, 3, NOW_US);

    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(got[i], i);
    rs_victims(&rs, NULL, 0, 0, NOW_US);
}

static void test_ranking_many_pods_sorts_them_all(void **state)
{
    enum { N = 1500 };
    struct rs_pod_view *pods = mem_array(N, sizeof *pods);

    (void)state;
    alike(pods, N);
    for (uint32_t i = 0; i < N; i++)
        pods[i].deletion_cost = (int32_t)(i * 7919 % N); /* a permutation */
    const uint32_t *got = rs_victims(&rs, pods, N, N - 1, NOW_US);

    for (uint32_t i = 0; i < N - 1; i++)
        assert_int_equal(pods[got[i]].deletion_cost, i);
    free(pods);
}

/* Also where the rules run in circles: restarts before UIDs in one bucket. */
static void test_the_first_victims_do_not_hang_on_how_many_go(void **state)
{
    enum { N = 53 };
    struct rs_pod_view pods[N];
    uint32_t all[N];

    (void)state;
    alike(pods, N);
    for (uint32_t i = 0; i < N; i++) {
        pods[i].uid = i * 31 % N;
        pods[i].restarts = i * i % 3;
        pods[i].ready_us += i % 5 * US_PER_S;
    }
    memcpy(all, rs_victims(&rs, pods, N, N - 1, NOW_US), (N - 1) * sizeof *all);
    for (uint32_t k = 0; k < N - 1; k++)
        assert_memory_equal(rs_victims(&rs, pods, N, k, NOW_US), all,
                            k * sizeof *all);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_age_buckets_are_powers_of_two_nanoseconds),
        TEST(test_timestamps_are_cut_to_whole_seconds),
        TEST(test_rule_1_unassigned_pods_go_first),
        TEST(test_rule_2_pending_then_unknown_then_running),
        TEST(test_rule_3_not_ready_before_ready),
        TEST(test_rule_4_lower_cost_first),
        TEST(test_rule_5_fuller_node_first_counted_once),
        TEST(test_rule_6_younger_ready_bucket_first),
        TEST(test_rule_6_needs_different_ready_seconds),
        TEST(test_rule_7_restarts_then_sidecar_restarts),
        TEST(test_rule_8_younger_creation_bucket_then_uid),
        TEST(test_pods_that_are_not_ready_skip_rule_6),
        TEST(test_the_order_of_the_array_does_not_matter),
        TEST(test_a_circle_of_rules_still_gives_distinct_victims),
        TEST(test_all_pods_go_in_the_order_given),
        TEST(test_ranking_many_pods_sorts_them_all),
        TEST(test_the_first_victims_do_not_hang_on_how_many_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/hazard_rig.h"

static void test_the_base_has_no_hazard(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    search(&x);
    for (size_t i = 0; i < x.h.n; i++)
        print_message("%s: %s\n", x.h.at[i].code, x.h.at[i].what);
    assert_int_equal(x.h.n, 0);
    done(&x);
}

/* ------------------------------------------------------------ balancer */

static void test_slots_below_the_maximum_are_an_error(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    x.f.backends[0].n_slots = 7;
    assert_hazard(&x, "slots-below-maximum", HAZARD_ERROR,
                  "backend bk_amd64 has 7 slots, but its pools may have 8 "
                  "pods: 1 would be paid for and never reached");
    x.f.backends[0].n_slots = 8;
    assert_null(find(&x, "slots-below-maximum"));
    assert_hazard(&x, "slots-tight", HAZARD_NOTE,
                  "backend bk_amd64 has 8 slots for up to 8 pods: pods that "
                  "drain keep a slot, so new ones may find none");
    x.f.backends[0].n_slots = 9;
    assert_null(find(&x, "slots-tight"));
    done(&x);
}

static void test_a_backend_that_nobody_dials_is_a_warning(void **state)
{
    struct rig x = {0};
    struct pool_link links[2] = {{0, 0}, {0, 1}};
    (void)state;

    init(&x);
    x.f.backends[1] = x.f.backends[0];
    x.f.backends[1].name = "bk_all";
    x.f.backends[1].n_slots = 4;
    x.f.p.lb.n_backends = 2;
    x.f.p.links = links;
    x.f.p.n_links = 2;
    assert_hazard(&x, "slots-below-maximum", HAZARD_WARNING,
                  "backend bk_all has 4 slots, but its pools may have 8 "
                  "pods: 4 would be paid for and never reached");
    x.f.callers[0].has_backend = true;
    x.f.callers[0].backend = 1;
    assert_hazard(&x, "slots-below-maximum", HAZARD_ERROR,
                  "backend bk_all has 4 slots, but its pools may have 8 "
                  "pods: 4 would be paid for and never reached");
    done(&x);
}

static void test_one_pod_more_than_an_answer_holds_is_an_error(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x); /* 8192 bytes, 47 characters: 289 records */
    x.f.pools[0].keda.max = 289;
    x.f.pools[0].keda.fallback_replicas = 289;
    assert_null(find(&x, "dns-answer-too-small"));
    x.f.pools[0].keda.max = 290;
    assert_hazard(&x, "dns-answer-too-small", HAZARD_ERROR,
                  "a DNS answer of 8192 bytes holds 289 AAAA records of "
                  "backend bk_amd64, but there may be 290 pods: one more than "
                  "fit, and every server of the backend is lost for new "
                  "builds");
    x.f.backends[0].name_chars = 41;
    assert_null(find(&x, "dns-answer-too-small"));
    x.f.pools[0].keda.max = 360;
    x.f.backends[0].ipv6 = false;
    assert_null(find(&x, "dns-answer-too-small"));
    done(&x);
}

static void test_a_missing_queue_timeout_is_told(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    x.f.backends[0].queue_us = 0;
    x.f.backends[0].connect_us = us_from_s(5.0);
    assert_hazard(&x, "queue-timeout-unset", HAZARD_NOTE,
                  "backend bk_amd64 sets no timeout queue: its timeout "
                  "connect, 5s, bounds the queue too");
    done(&x);
}

/* ------------------------------------------------------------ nodes */

static void test_limits_below_the_maximum_are_an_error(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x); /* 96 vCPU and two pods a node: four nodes carry eight pods */
    x.f.p.karpenter.pools[0].limit.mcpu = 4 * 96000;
    assert_null(find(&x, "no-room-for-maximum"));
    x.f.p.karpenter.pools[0].limit.mcpu = 4 * 96000 - 1;
    assert_hazard(&x, "no-room-for-maximum", HAZARD_ERROR,
                  "limits of the node pools of pool amd64 are reached at 6 "
                  "pods, its maximum is 8: the others stay pending");
    done(&x);
}

static void test_a_pod_that_fits_no_node_is_an_error(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    x.f.pools[0].request_mcpu = 96000;
    assert_hazard(&x, "no-room-for-maximum", HAZARD_ERROR,
                  "no node pool can carry a pod of pool amd64");
    done(&x);
}

static void test_each_of_several_node_pools_should_carry_all(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    struct karp_params *k = &x.f.p.karpenter;
    k->pools[1] = k->pools[0];
    (void)snprintf(k->pools[1].name, KARP_NAME, "spare");
    k->n_pools = 2;
    k->pools[1].limit.mcpu = 96000;
    x.f.pools[0].node_pools = 3;
    assert_hazard(&x, "one-node-pool-too-small", HAZARD_NOTE,
                  "node pool spare alone can carry 2 of the 8 pods that pool "
                  "amd64 may have, if the other sizes are sold out");
    done(&x);
}

static void test_one_size_or_one_family_is_told(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    x.f.p.karpenter.pools[0].types = 1;
    assert_hazard(&x, "one-size", HAZARD_WARNING,
                  "pool amd64 can only run on m6id.24xlarge: no growth while "
                  "that size is sold out");
    x.f.p.karpenter.pools[0].types = 3;
    (void)snprintf(x.f.p.karpenter.types[1].name, KARP_NAME, "m6id.12xlarge");
    assert_hazard(&x, "one-family", HAZARD_NOTE,
                  "pool amd64 can only run on m6id: no growth while the whole "
                  "family is sold out");
    done(&x);
}

/* ------------------------------------------------------------ ends */

static void test_grace_below_the_job_limit_is_told(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x); /* two looks, 15 s apart */
    x.f.pools[0].kubelet.grace_us = us_from_s(8100.0);
    assert_hazard(&x, "grace-below-job-limit", HAZARD_WARNING,
                  "pods of pool amd64 have 2h15m to drain, a job may take 4h: "
                  "a build that still runs 2h15m after its pod was chosen to "
                  "go is killed");
    x.f.callers[0].client.job_timeout_us = us_from_s(8070.0);
    assert_null(find(&x, "grace-below-job-limit"));
    x.f.callers[0].client.job_timeout_us = us_from_s(8071.0);
    assert_hazard(&x, "grace-below-job-limit", HAZARD_WARNING,
                  "pods of pool amd64 have 2h15m to drain, a job may take "
                  "2h14m31s and the drain hook looks for another 30s: the "
                  "longest build ends so near the kill that late looks or a "
                  "late start cost it");
    x.f.callers[0].client.job_timeout_us = SIM_NEVER;
    assert_hazard(&x, "grace-below-job-limit", HAZARD_WARNING,
                  "pods of pool amd64 have 2h15m to drain and some client has "
                  "no job limit: a build that runs longer is killed");
    done(&x);
}

static void test_builds_of_the_history_that_outlast_the_grace(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    fixture_build(&x.f, 0, 0, 1.0, 14430.0);
    assert_null(find(&x, "grace-below-history"));
    fixture_build(&x.f, 0, 0, 2.0, 14431.0);
    fixture_build(&x.f, 0, 0, 3.0, 14500.0);
    assert_hazard(&x, "grace-below-history", HAZARD_ERROR,
                  "2 builds of this history work longer than the 4h30s that a "
                  "pod of pool amd64 has to drain, one of them 4h1m40s: "
                  "chosen to go early, their pod is killed under them");
    x.f.pools[0].autoscaled = false;
    assert_null(find(&x, "grace-below-history"));
    done(&x);
}

static void test_a_long_readiness_period_is_told(void **state)
{
    struct rig x = {0};
    struct kubelet_probe *r = &x.f.pools[0].kubelet.readiness;
    (void)state;

    init(&x);
    r->period_us = us_from_s(11.0);
    assert_hazard(&x, "readiness-period", HAZARD_NOTE,
                  "the readiness probe of pool amd64 looks every 11s, and its "
                  "first look falls into the initial delay of 5s: a pod on a "
                  "warm node is ready about 11s after its container starts");
    r->initial_delay_us = 0;
    assert_null(find(&x, "readiness-period"));
    r->initial_delay_us = us_from_s(1.0);
    x.f.pools[0].kubelet.startup.used = true;
    assert_null(find(&x, "readiness-period"));
    done(&x);
}

static void test_a_pool_that_shrinks_needs_a_drain_hook(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    x.f.pools[0].has_drain = false;
    assert_hazard(&x, "no-drain", HAZARD_ERROR,
                  "pool amd64 shrinks without a preStop hook: a pod that is "
                  "chosen to go loses its build at once");
    done(&x);
}

static void test_a_drain_longer_than_the_grace_is_an_error(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x); /* two looks, 15 s apart */
    x.f.callers[0].client.job_timeout_us = us_from_s(30.0);
    x.f.pools[0].kubelet.grace_us = us_from_s(30.0);
    assert_null(find(&x, "drain-longer-than-grace"));
    x.f.pools[0].kubelet.grace_us = us_from_s(29.0);
    assert_hazard(&x, "drain-longer-than-grace", HAZARD_ERROR,
                  "the drain hook of pool amd64 takes 30s at least, the pod "
                  "has 29s");
    done(&x);
}

static void test_impatient_clients_are_an_error(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    x.f.callers[0].client.attempts = 1; /* 40.2 s */
    const struct hazard *h = find(&x, "patience-below-cold-start");
    assert_int_equal(h->level, HAZARD_ERROR);
    assert_memory_equal(h->what, "clients caller0 give up after about 40s; ",
                        41);
    x.f.callers[0].client.retry = CLIENT_RETRY_NONE; /* meant so */
    assert_null(find(&x, "patience-below-cold-start"));
    done(&x);
}

static void test_patience_beyond_the_job_limit_is_told(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    x.f.callers[0].client.attempts = 261; /* 261 * 40.2 s + 260 * 15 s */
    assert_null(find(&x, "patience-beyond-job-limit"));
    x.f.callers[0].client.attempts = 262;
    assert_hazard(&x, "patience-beyond-job-limit", HAZARD_NOTE,
                  "262 attempts of clients caller0 last about 4h47s, their "
                  "job ends after 4h: it is killed, not failed after its "
                  "retries");
    done(&x);
}

static void test_errors_come_first(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    x.f.backends[0].queue_us = 0;
    x.f.backends[0].connect_us = us_from_s(20.0);
    x.f.pools[0].keda.minor = 16;
    x.f.pools[0].has_drain = false;
    search(&x);
    assert_int_equal(x.h.n, 3);
    assert_string_equal(x.h.at[0].code, "no-drain");
    assert_string_equal(x.h.at[1].code, "fallback-jump");
    assert_string_equal(x.h.at[2].code, "queue-timeout-unset");
    assert_int_equal(x.h.n_level[HAZARD_ERROR], 1);
    assert_int_equal(x.h.n_level[HAZARD_WARNING], 1);
    assert_int_equal(x.h.n_level[HAZARD_NOTE], 1);
    assert_string_equal(hazard_level_name(HAZARD_ERROR), "error");
    assert_string_equal(hazard_level_name(HAZARD_WARNING), "warning");
    assert_string_equal(hazard_level_name(HAZARD_NOTE), "note");
    done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_base_has_no_hazard),
        cmocka_unit_test(test_slots_below_the_maximum_are_an_error),
        cmocka_unit_test(test_a_backend_that_nobody_dials_is_a_warning),
        cmocka_unit_test(test_one_pod_more_than_an_answer_holds_is_an_error),
        cmocka_unit_test(test_a_missing_queue_timeout_is_told),
        cmocka_unit_test(test_limits_below_the_maximum_are_an_error),
        cmocka_unit_test(test_a_pod_that_fits_no_node_is_an_error),
        cmocka_unit_test(test_each_of_several_node_pools_should_carry_all),
        cmocka_unit_test(test_one_size_or_one_family_is_told),
        cmocka_unit_test(test_grace_below_the_job_limit_is_told),
        cmocka_unit_test(test_builds_of_the_history_that_outlast_the_grace),
        cmocka_unit_test(test_a_long_readiness_period_is_told),
        cmocka_unit_test(test_a_pool_that_shrinks_needs_a_drain_hook),
        cmocka_unit_test(test_a_drain_longer_than_the_grace_is_an_error),
        cmocka_unit_test(test_impatient_clients_are_an_error),
        cmocka_unit_test(test_patience_beyond_the_job_limit_is_told),
        cmocka_unit_test(test_errors_come_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

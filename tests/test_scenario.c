#include "models/system.h"
#include "scenarios/params.h"
#include "scenarios/scenario.h"
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CORPUS "tests/corpus/scenario/"

static struct scenario s;
static struct err err;

static int forget(void **state)
{
    (void)state;
    scenario_free(&s);
    return 0;
}

static void loads(const char *path, const struct scenario_options *o)
{
    if (scenario_load(&s, path, o, &err) != ERR_OK)
        fail_msg("refused: %s", err.msg);
}

static const struct pool_params *pool(const char *name)
{
    for (size_t i = 0; i < s.system.n_pools; i++)
        if (strcmp(s.system.pools[i].name, name) == 0)
            return &s.system.pools[i];
    fail_msg("no pool %s", name);
    return NULL;
}

static void test_production_is_read_from_its_manifests(void **state)
{
    (void)state;
    loads("scenarios/prod.yaml", NULL);
    const struct pool_params *amd = pool("amd64"), *arm = pool("arm64");

    assert_string_equal(s.name, "prod");
    assert_int_equal(s.system.n_pools, 2);
    assert_int_equal(amd->hpa.min, 2);
    assert_int_equal(amd->hpa.max, 360);
    assert_int_equal(arm->hpa.min, 4);
    assert_int_equal(arm->hpa.max, 30);
    assert_int_equal(amd->keda.fallback_replicas, 32);
    assert_int_equal(arm->keda.fallback_replicas, 8);
    assert_int_equal(amd->hpa.down.window_us, 1200 * US_PER_S);
    assert_int_equal(amd->hpa.down.n_policies, 2);
    assert_int_equal(amd->hpa.up.n_policies, 2); /* the API's defaults */
    assert_int_equal(amd->request_mcpu, 42000);
    assert_int_equal(amd->request_mib, 158720);
    assert_int_equal(arm->request_mib, 52224);
    assert_int_equal(amd->kubelet.grace_us, 8100 * US_PER_S);
    assert_int_equal(amd->kubelet.readiness.period_us, 30 * US_PER_S);
    assert_true(amd->has_drain);
    assert_int_equal(amd->drain.poll_us, 15 * US_PER_S);
    assert_int_equal(amd->drain.idle_looks, 2);
    assert_int_equal(amd->pdb_max_unavailable, 1);
    assert_int_equal(s.system.karpenter.batch_idle_us, 45 * US_PER_S);
    assert_int_equal(s.system.callers[0].client.attempts, 360);
    assert_int_equal(s.system.callers[0].client.job_timeout_us, 4 * US_PER_H);
}

static void test_production_backends_have_their_slots_and_names(void **state)
{
    static const uint32_t slots[] = {400, 40, 440};
    static const uint32_t records[] = {289, 289, 290};
    (void)state;

    loads("scenarios/prod.yaml", NULL);
    assert_int_equal(s.system.lb.n_backends, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct lb_backend_params *b = &s.system.lb.backends[i];

        assert_int_equal(b->n_slots, slots[i]);
        assert_int_equal(lb_max_records(b), records[i]);
        assert_int_equal(lb_queue_limit_us(b), 5 * US_PER_S);
        assert_int_equal(b->inactivity_us, 7200 * US_PER_S);
        assert_int_equal(b->maxconn, 1);
    }
    assert_int_equal(s.system.n_links, 4);
    assert_string_equal(s.backends[pool("amd64")->backend].name, "bk_amd64");
    assert_string_equal(s.backends[pool("arm64")->backend].name, "bk_arm64");
}

static void test_production_nodes_carry_two_and_four_pods(void **state)
{
    const struct karp_params *k = &s.system.karpenter;
    (void)state;

    loads("scenarios/prod.yaml", NULL);
    assert_int_equal(k->n_pools, 2);
    assert_int_equal(k->n_types, 2);
    assert_int_equal(k->n_zones, 3);
    assert_string_equal(k->zones[2], "us-east-2c");
    assert_int_equal(pool("amd64")->node_pools, 1);
    assert_int_equal(pool("arm64")->node_pools, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct pool_params *p = &s.system.pools[i];
        const struct karp_type *t = &k->types[i];
        int64_t fit = i == 0 ? 2 : 4;
        int64_t room = t->allocatable.mcpu - k->pools[i].daemon.mcpu;

        assert_int_equal(room / p->request_mcpu, fit);
        room = t->allocatable.mib - k->pools[i].daemon.mib;
        assert_int_equal(room / p->request_mib, fit);
        assert_int_equal(k->pools[i].consolidate_after_us, 300 * US_PER_S);
        assert_int_equal(k->pools[i].n_budgets, 1);
        assert_true(k->pools[i].budgets[0].value == 1.0);
    }
    assert_int_equal(k->pools[0].limit.mcpu, 34560000);
    assert_close(k->types[0].usd_per_h, 5.6952, 0);
    assert_close(k->types[1].usd_per_h, 3.4171, 0);
}

static void test_the_acceptance_test_has_nine_builds_a_pool(void **state)
{
    size_t last = 0;
    (void)state;

    loads("scenarios/staging-scale-test.yaml", NULL);
    assert_int_equal(pool("amd64")->hpa.max, 8);
    assert_int_equal(pool("arm64")->hpa.min, 4);
    assert_int_equal(s.trace.n, 18);
    for (size_t i = 0; i < s.trace.n; i++) {
        const struct trace_build *b = &s.trace.builds[i];
        uint32_t caller = s.caller_of[b->caller];
        bool buildctl = s.system.callers[caller].client.tool == CLIENT_BUILDCTL;

        assert_int_equal(b->work_us, (buildctl ? 60 : 600) * US_PER_S);
        assert_int_equal(s.system.callers[caller].client.attempts,
                         buildctl ? 45 : 20);
        last += buildctl && i >= 16;
    }
    assert_int_equal(last, 2); /* they come after all others */
}

static void test_every_section_reaches_its_parameters(void **state)
{
    (void)state;
    loads(CORPUS "full.yaml", NULL);
    const struct pool_params *amd = pool("amd64");
    const struct karp_params *k = &s.system.karpenter;

    assert_string_equal(s.question, "Does everything have its place?");
    assert_int_equal(s.versions.kubernetes_minor, 32);
    assert_int_equal(amd->keda.minor, 19);
    assert_int_equal(s.system.lb.version, LB_2_6);
    assert_int_equal(k->n_zones, 2);
    assert_int_equal(k->pools[0].zones, 3);
    assert_int_equal(amd->hpa.sync_us, 20 * US_PER_S);
    assert_int_equal(s.backends[0].n_slots, 300);
    assert_int_equal(s.backends[1].n_slots, 40);
    assert_int_equal(s.backends[1].queue_us, US_PER_H);
    assert_int_equal(amd->hpa.max, 64);
    assert_int_equal(amd->hpa.down.n_policies, 1);
    assert_int_equal(amd->hpa.down.policies[0].period_us, 120 * US_PER_S);
    assert_int_equal(pool("arm64")->replicas, 9);
    assert_int_equal(s.system.warm_up_us, US_PER_H);
    assert_close(s.system.cold_factor, 1.4, 0);
    assert_close(k->types[0].usd_per_h, 4.5, 0);
    assert_int_equal(s.n_targets, 3);
    assert_int_equal(s.targets[0].goal, GOAL_P95_WAIT);
    assert_close(s.targets[0].at_most, 300, 0);
    assert_close(s.targets[2].at_most, 99.5, 0);
}

static void test_callers_start_from_default_or_from_their_tool(void **state)
{
    (void)state;
    loads(CORPUS "full.yaml", NULL);
    const struct caller_params *c = s.system.callers;

    assert_int_equal(s.system.n_callers, 3);
    assert_string_equal(c[0].name, "default");
    assert_int_equal(c[0].client.attempts, 7);
    assert_string_equal(c[1].name, "nightly");
    assert_int_equal(c[1].client.attempts, 7);
    assert_int_equal(c[1].client.delay_us, 60 * US_PER_S);
    assert_int_equal(c[2].client.tool, CLIENT_BUILDCTL);
    assert_int_equal(c[2].client.attempts, 45);
    assert_false(c[0].has_backend);
    assert_true(c[1].has_backend);
    assert_string_equal(s.backends[c[1].backend].name, "bk_all");
    assert_int_equal(s.caller_of[s.trace.builds[0].caller], 1);
    assert_int_equal(s.caller_of[s.trace.builds[1].caller], 0);
    assert_int_equal(s.caller_of[s.trace.builds[2].caller], 0);
}

static void test_faults_come_in_the_order_of_time(void **state)
{
    static const enum fault_kind kinds[] = {
        FAULT_LB_RESTART, FAULT_KEDA_RESTART, FAULT_METRICS_DOWN,
        FAULT_NODE_LOST,  FAULT_SLOW_BOOT,    FAULT_NO_RETRY,
        FAULT_NO_CAPACITY};
    (void)state;

    loads(CORPUS "full.yaml", NULL);
    const struct fault *f = s.system.faults;
    sim_us nine = s.trace.absolute ? s.trace.origin_us : 0;

    assert_int_equal(s.system.n_faults, 7);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(f[i].kind, kinds[i]);
    /* The trace begins at 09:00 or before: an instant is one of its times. */
    assert_int_equal((nine + f[0].at_us) % US_PER_DAY, 10 * US_PER_H);
    assert_int_equal(f[0].gap_us, 5 * US_PER_S);
    assert_int_equal(f[0].until_us - f[0].at_us, 5 * US_PER_S);
    assert_int_equal(f[2].at_us, 2 * US_PER_H);
    assert_int_equal(f[2].until_us, 3 * US_PER_H);
    assert_int_equal(f[2].pool, 1);
    assert_int_equal(f[3].n_nodes, 3);
    assert_close(f[4].factor, 2.5, 0);
    assert_int_equal(f[4].pool, NO_INDEX);
    assert_int_equal(f[6].until_us - f[6].at_us, 5 * US_PER_H);
}

/* So that a kind which the system learns is not forgotten here. */
static void test_every_kind_of_fault_can_be_written(void **state)
{
    bool seen[FAULT_KINDS] = {false};
    (void)state;

    loads(CORPUS "faults.yaml", NULL);
    for (size_t i = 0; i < s.system.n_faults; i++)
        seen[s.system.faults[i].kind] = true;
    for (int k = 0; k < FAULT_KINDS; k++)
        if (!seen[k])
            fail_msg("%s is not in faults.yaml", fault_name(k));
}

static void test_refusals_are_told_to_the_launches_by_kind(void **state)
{
    static const enum karp_fault_kind kinds[] = {
        KARP_NO_CAPACITY, KARP_NO_CAPACITY, KARP_NO_ADDRESSES, KARP_API_ERROR};
    (void)state;

    loads(CORPUS "faults.yaml", NULL);
    const struct karp_params *k = &s.system.karpenter;

    assert_int_equal(k->n_faults, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(k->faults[i].kind, kinds[i]);
        assert_int_equal(k->faults[i].room, i == 1 ? 3 : 0);
        assert_int_equal(k->faults[i].span.from_us, US_PER_H);
    }
}

static void test_a_gap_that_is_not_written_has_its_usual_length(void **state)
{
    (void)state;
    loads(CORPUS "faults.yaml", NULL);
    for (size_t i = 0; i < s.system.n_faults; i++) {
        const struct fault *f = &s.system.faults[i];

        if (f->kind == FAULT_LB_RELOAD)
            assert_int_equal(f->gap_us, 30 * US_PER_S);
        if (f->kind == FAULT_CONTROLLER_RESTART)
            assert_int_equal(f->until_us - f->at_us, 17 * US_PER_S);
        if (f->kind == FAULT_ROLLOUT)
            assert_int_equal(f->until_us - f->at_us, 1);
    }
}

static void test_a_failure_of_names_says_what_is_answered(void **state)
{
    static const enum lb_records_kind answers[] = {
        LB_RECORDS_OTHER, LB_RECORDS_OTHER, LB_RECORDS_REFUSED,
        LB_RECORDS_TIMEOUT, LB_RECORDS_NX};
    size_t n = 0;
    (void)state;

    loads(CORPUS "faults.yaml", NULL);
    for (size_t i = 0; i < s.system.n_faults; i++)
        if (s.system.faults[i].kind == FAULT_DNS_FAIL)
            assert_int_equal(s.system.faults[i].answer, answers[n++]);
    assert_int_equal(n, 5);
}

static void test_a_daemon_is_stuck_with_its_port_open_or_closed(void **state)
{
    size_t at[2] = {0}, n = 0;
    (void)state;

    loads(CORPUS "faults.yaml", NULL);
    for (size_t i = 0; i < s.system.n_faults; i++)
        if (s.system.faults[i].kind == FAULT_DAEMON_STUCK)
            at[n++] = i;
    assert_int_equal(n, 2);
    const struct fault *found[2] = {&s.system.faults[at[0]],
                                    &s.system.faults[at[1]]};
    assert_int_equal(found[0]->n_pods, 1);
    assert_false(found[0]->shut);
    assert_int_equal(found[0]->pool, NO_INDEX);
    assert_int_equal(found[1]->n_pods, 2);
    assert_true(found[1]->shut);
    assert_string_equal(s.system.pools[found[1]->pool].name, "amd64");
}

static void test_missing_capacity_is_told_to_the_launches(void **state)
{
    (void)state;
    loads(CORPUS "full.yaml", NULL);
    const struct karp_params *k = &s.system.karpenter;

    assert_int_equal(k->n_faults, 1);
    assert_int_equal(k->faults[0].kind, KARP_NO_CAPACITY);
    assert_int_equal(k->faults[0].types, 1); /* m6id.24xlarge */
    assert_int_equal(k->faults[0].zones, 2); /* z2 */
    assert_int_equal(k->faults[0].span.until_us - k->faults[0].span.from_us,
                     5 * US_PER_H);
}

static void test_options_come_after_the_file(void **state)
{
    static const char *const set[] = {"amd64.max_replicas=7",
                                      "amd64.max_replicas=9"};
    struct scenario_options o = {
        .trace = "traces/data/scale-test.csv", .set = set, .n_set = 2};
    (void)state;

    loads(CORPUS "full.yaml", NULL);
    scenario_free(&s);
    o.trace = CORPUS "small.csv";
    loads(CORPUS "full.yaml", &o);
    assert_int_equal(pool("amd64")->hpa.max, 9);
    scenario_free(&s);
    static const char *const wrong[] = {"amd64.max_replicas=0"};
    o.set = wrong;
    o.n_set = 1;
    assert_int_equal(scenario_load(&s, CORPUS "full.yaml", &o, &err),
                     ERR_INPUT);
    assert_string_equal(err.msg, "--set amd64.max_replicas=0: max_replicas "
                                 "must be from 1 to 20000, not 0");
}

static void test_a_variant_leaves_its_base_alone(void **state)
{
    static const char *const set[] = {"amd64.max_replicas=64",
                                      "lb.bk_amd64.slots=10"};
    static const char *const wrong[] = {"amd64.min_replicas=500"};
    struct scenario v;
    (void)state;

    loads("scenarios/prod.yaml", NULL);
    assert_int_equal(scenario_vary(&v, &s, set, 2, &err), ERR_OK);
    assert_int_equal(v.system.pools[0].hpa.max, 64);
    assert_int_equal(v.system.lb.backends[0].n_slots, 10);
    assert_int_equal(s.system.pools[0].hpa.max, 360);
    assert_int_equal(s.system.lb.backends[0].n_slots, 400);
    assert_ptr_equal(v.trace.builds, s.trace.builds);
    scenario_free(&v);
    scenario_free(&v);
    assert_int_equal(scenario_vary(&v, &s, wrong, 1, &err), ERR_INPUT);
    assert_string_equal(err.msg,
                        "pool amd64: minReplicaCount is above maxReplicaCount");
    assert_null(v.system.pools);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_production_is_read_from_its_manifests),
        TEST(test_production_backends_have_their_slots_and_names),
        TEST(test_production_nodes_carry_two_and_four_pods),
        TEST(test_the_acceptance_test_has_nine_builds_a_pool),
        TEST(test_every_section_reaches_its_parameters),
        TEST(test_callers_start_from_default_or_from_their_tool),
        TEST(test_faults_come_in_the_order_of_time),
        TEST(test_every_kind_of_fault_can_be_written),
        TEST(test_refusals_are_told_to_the_launches_by_kind),
        TEST(test_a_gap_that_is_not_written_has_its_usual_length),
        TEST(test_a_failure_of_names_says_what_is_answered),
        TEST(test_a_daemon_is_stuck_with_its_port_open_or_closed),
        TEST(test_missing_capacity_is_told_to_the_launches),
        TEST(test_options_come_after_the_file),
        TEST(test_a_variant_leaves_its_base_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

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

static bool noted(const char *note)
{
    for (size_t i = 0; i < s.n_notes; i++)
        if (strcmp(s.notes[i], note) == 0)
            return true;
    return false;
}

static void test_overlays_give_the_historical_steps(void **state)
{
    static const char *const weighted[] = {
        "scenarios/manifests/prod",
        "scenarios/manifests/steps/weighted-pools.yaml",
        "scenarios/manifests/steps/slots-10.yaml"};
    struct scenario_options o = {.manifests = weighted, .n_manifests = 3};
    const struct karp_params *k = &s.system.karpenter;
    (void)state;

    loads(CORPUS "small.yaml", &o);
    assert_int_equal(k->n_pools, 3);
    assert_int_equal(k->pools[0].weight, 100);
    assert_int_equal(k->pools[2].weight, 90);
    assert_int_equal(pool("amd64")->node_pools, 5);
    assert_int_equal(s.backends[0].n_slots, 10);
}

static void test_one_node_pool_may_have_two_sizes(void **state)
{
    static const char *const sizes[] = {
        "scenarios/manifests/prod", "scenarios/manifests/steps/two-sizes.yaml"};
    struct scenario_options o = {.manifests = sizes, .n_manifests = 2};
    (void)state;

    loads(CORPUS "small.yaml", &o);
    assert_int_equal(s.system.karpenter.n_types, 3);
    assert_int_equal(__builtin_popcountll(s.system.karpenter.pools[0].types),
                     2);
}

static void test_small_machines_carry_small_pods(void **state)
{
    static const char *const small[] = {
        "scenarios/manifests/prod", "scenarios/manifests/staging",
        "scenarios/manifests/steps/small-machines.yaml"};
    struct scenario_options o = {.manifests = small, .n_manifests = 3};
    (void)state;

    loads(CORPUS "small.yaml", &o);
    assert_int_equal(s.system.karpenter.n_types, 4);
    assert_int_equal(pool("amd64")->request_mcpu, 6000);
}

static void test_a_pool_without_scaler_is_fixed(void **state)
{
    static const char *const fixed[] = {
        "scenarios/manifests/prod/services.yaml",
        "scenarios/manifests/prod/haproxy.yaml",
        "scenarios/manifests/prod/nodepools.yaml",
        "scenarios/manifests/prod/drain.yaml",
        "scenarios/manifests/steps/fixed-32-8.yaml"};
    struct scenario_options o = {.manifests = fixed, .n_manifests = 5};
    (void)state;

    loads(CORPUS "small.yaml", &o);
    assert_false(pool("amd64")->autoscaled);
    assert_int_equal(pool("amd64")->replicas, 32);
    assert_int_equal(pool("arm64")->replicas, 8);
    assert_string_equal(s.backends[pool("arm64")->backend].name, "bk_arm64");
}

static void test_objects_of_other_systems_do_not_matter(void **state)
{
    static const char *const m[] = {"scenarios/manifests/prod",
                                    CORPUS "overlays/foreign.yaml"};
    struct scenario_options o = {.manifests = m, .n_manifests = 2};
    (void)state;

    loads(CORPUS "small.yaml", &o);
    assert_int_equal(s.system.n_pools, 2);
    assert_int_equal(s.system.karpenter.n_pools, 2);
    assert_true(noted("web scales web, which is no build pool"));
    assert_true(noted("api scales api, which is no build pool"));
    assert_true(noted("NodePool runners carries no build pod"));
}

static void test_the_steps_turn_one_screw_each(void **state)
{
    static const char *m[] = {"scenarios/manifests/prod", NULL};
    struct scenario_options o = {.manifests = m, .n_manifests = 2};
    (void)state;

    m[1] = "scenarios/manifests/steps/first-brake.yaml";
    loads(CORPUS "small.yaml", &o);
    const struct hpa_rules *down = &pool("amd64")->hpa.down;
    assert_int_equal(down->window_us, 600 * US_PER_S);
    assert_int_equal(down->n_policies, 1);
    assert_int_equal(down->policies[0].value, 1);
    assert_int_equal(down->policies[0].period_us, 120 * US_PER_S);
    assert_false(pool("arm64")->keda.has_fallback);
    scenario_free(&s);
    m[1] = "scenarios/manifests/steps/warm-base-32-8.yaml";
    loads(CORPUS "small.yaml", &o);
    assert_int_equal(pool("amd64")->replicas, 32);
    assert_int_equal(pool("arm64")->hpa.min, 8);
    scenario_free(&s);
    m[1] = "scenarios/manifests/steps/queue-60m.yaml";
    loads(CORPUS "small.yaml", &o);
    assert_int_equal(lb_queue_limit_us(&s.backends[0]), US_PER_H);
    scenario_free(&s);
    m[1] = "scenarios/manifests/steps/no-limit.yaml";
    loads(CORPUS "small.yaml", &o);
    assert_int_equal(s.backends[0].maxconn, LB_MAXCONN);
    assert_true(noted("haproxy.cfg: backend bk_amd64: no maxconn, taken as "
                      "16"));
}

static void test_a_schedule_of_a_budget_becomes_spans(void **state)
{
    static const char *const m[] = {"scenarios/manifests/prod",
                                    CORPUS "overlays/schedule.yaml"};
    struct scenario_options o = {.manifests = m, .n_manifests = 2};
    (void)state;

    loads(CORPUS "small.yaml", &o);
    const struct karp_budget *b = &s.system.karpenter.pools[0].budgets[0];

    assert_true(b->scheduled);
    assert_true(b->n_active >= 30);
    for (size_t i = 0; i < b->n_active; i++) {
        sim_us from = s.trace.origin_us + b->active[i].from_us;

        assert_int_equal(from % US_PER_DAY, 9 * US_PER_H);
        assert_int_equal(b->active[i].until_us - b->active[i].from_us,
                         8 * US_PER_H);
    }
}

static void test_a_type_of_ones_own_is_as_good_as_the_catalogues(void **state)
{
    const struct karp_params *k = &s.system.karpenter;
    (void)state;

    loads(CORPUS "own-type.yaml", NULL);
    assert_int_equal(k->n_types, 3);
    assert_string_equal(k->types[2].name, "m9id.24xlarge");
    assert_true(k->types[2].usd_per_h == 6.125);
    /* The same machine as the catalogue's m6id.24xlarge. */
    assert_int_equal(k->types[2].allocatable.mcpu,
                     k->types[0].allocatable.mcpu);
    assert_int_equal(k->types[2].allocatable.mib, k->types[0].allocatable.mib);
    assert_int_equal(pool("amd64")->node_pools, 5);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_overlays_give_the_historical_steps),
        TEST(test_one_node_pool_may_have_two_sizes),
        TEST(test_small_machines_carry_small_pods),
        TEST(test_a_pool_without_scaler_is_fixed),
        TEST(test_objects_of_other_systems_do_not_matter),
        TEST(test_the_steps_turn_one_screw_each),
        TEST(test_a_schedule_of_a_budget_becomes_spans),
        TEST(test_a_type_of_ones_own_is_as_good_as_the_catalogues),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

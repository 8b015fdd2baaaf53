#include "tests/support.h"

#include "scenarios/params_diff.h"

#include <string.h>

/* One of the shipped pairs; see scenarios/compare/. */
struct pair {
    struct scenario base, head;
    struct params_diff diff;
};

static void load(struct scenario *s, const char *path, const char *set)
{
    const struct scenario_options o = {.set = &set, .n_set = set ? 1 : 0};
    struct err e = {""};

    if (scenario_load(s, path, &o, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

static void compare(struct pair *p, const char *base, const char *head,
                    const char *set)
{
    load(&p->base, base, NULL);
    load(&p->head, head, set);
    params_diff(&p->diff, &p->base, &p->head);
}

static void done(struct pair *p)
{
    params_diff_free(&p->diff);
    scenario_free(&p->base);
    scenario_free(&p->head);
}

static const struct param_change *change(const struct pair *p, const char *key)
{
    for (size_t i = 0; i < p->diff.n; i++)
        if (strcmp(p->diff.at[i].key, key) == 0)
            return &p->diff.at[i];
    fail_msg("%s is not told", key);
    return NULL;
}

#define PAIRS "scenarios/compare/"

static void test_slots_are_told_with_their_lines(void **state)
{
    struct pair p;
    (void)state;

    compare(&p, PAIRS "slots-10.yaml", PAIRS "slots-400.yaml", NULL);
    const struct param_change *c = change(&p, "lb.bk_arm64.slots");
    assert_int_equal(p.diff.n, 3);
    assert_string_equal(c->base.value, "10");
    assert_string_equal(c->head.value, "40");
    assert_string_equal(c->base.where,
                        PAIRS "../manifests/steps/slots-10.yaml:53");
    assert_string_equal(c->head.where,
                        PAIRS "../manifests/prod/haproxy.yaml:53");
    assert_string_equal(c->back, "lb.bk_arm64.slots=10");
    done(&p);
}

static void test_fields_of_a_scaler_are_found(void **state)
{
    struct pair p;
    (void)state;

    compare(&p, PAIRS "window-600.yaml", PAIRS "window-1200.yaml", NULL);
    const struct param_change *c = change(&p, "arm64.hpa.down_window");
    assert_string_equal(c->base.value, "10m");
    assert_string_equal(c->head.value, "20m");
    assert_string_equal(c->head.where,
                        PAIRS "../manifests/prod/scaledobjects.yaml:55");
    c = change(&p, "amd64.fallback_replicas");
    /* Where the field would stand; and nothing says how to take it away. */
    assert_string_equal(c->base.value, "not set");
    assert_string_equal(c->base.where,
                        PAIRS "../manifests/steps/first-brake.yaml:2");
    assert_string_equal(c->back, "");
    done(&p);
}

static void test_a_new_node_pool_is_one_change(void **state)
{
    struct pair p;
    (void)state;

    compare(&p, PAIRS "one-size.yaml", PAIRS "weighted-sizes.yaml", NULL);
    const struct param_change *c =
        change(&p, "node pool buildkit-amd64-m6id-12xlarge");
    assert_int_equal(c->kind, CHANGE_ADDED);
    assert_int_equal(change(&p, "instance type m6id.12xlarge")->kind,
                     CHANGE_ADDED);
    assert_string_equal(
        change(&p, "nodepool.buildkit-amd64.weight")->head.where,
        PAIRS "../manifests/steps/weighted-pools.yaml:49");
    assert_int_equal(p.diff.n, 3);
    params_diff_free(&p.diff);
    params_diff(&p.diff, &p.head, &p.base);
    assert_int_equal(change(&p, "node pool buildkit-amd64-m6id-12xlarge")->kind,
                     CHANGE_REMOVED);
    done(&p);
}

/* The same scenario twice; the caller changes one of them. */
static void load_twice(struct pair *p)
{
    *p = (struct pair){0};
    load(&p->base, PAIRS "slots-400.yaml", NULL);
    load(&p->head, PAIRS "slots-400.yaml", NULL);
}

static void test_a_scaler_that_goes_is_one_change(void **state)
{
    struct pair p;
    (void)state;

    load_twice(&p);
    p.head.system.pools[0].autoscaled = false;
    p.head.system.pools[0].replicas = 7;
    p.head.system.pools[0].keda.max = 9; /* of a scaler that is not there */
    p.head.system.pools[0].hpa.sync_us = 1;
    p.head.system.pools[0].rs.busy_cost = 5; /* of the ReplicaSet, which is */
    params_diff(&p.diff, &p.base, &p.head);
    assert_int_equal(p.diff.n, 2);
    assert_string_equal(change(&p, "amd64.replicaset.busy_cost")->head.value,
                        "5");
    const struct param_change *c = change(&p, "pool amd64: size");
    assert_string_equal(c->base.value, "scaled, 32 to 360 replicas");
    assert_string_equal(c->base.where,
                        PAIRS "../manifests/steps/warm-base-32-8.yaml:11");
    assert_string_equal(c->head.value, "fixed, 7 replicas");
    assert_non_null(strstr(c->head.where, "buildkitd.yaml:"));
    assert_string_equal(c->back, "");
    done(&p);
}

static void test_another_trigger_is_told(void **state)
{
    struct pair p;
    struct err e;
    (void)state;

    load_twice(&p);
    struct keda_params *k = &p.head.system.pools[1].keda;
    struct keda_trigger *cron = &k->triggers[k->n_triggers++];
    keda_trigger_defaults(cron);
    cron->kind = KEDA_CRON;
    cron->cron_replicas = 7;
    assert_int_equal(
        keda_cron_parse(&cron->cron, "0 8 * * *", "0 18 * * *", "UTC", &e),
        ERR_OK);
    k->triggers[0].is_value = true;
    params_diff(&p.diff, &p.base, &p.head);
    assert_int_equal(p.diff.n, 1);
    const struct param_change *c = change(&p, "pool arm64: triggers");
    assert_string_equal(c->base.value, "metrics-api");
    assert_string_equal(
        c->head.value,
        "metrics-api Value; cron 7 from \"0 8 * * *\" to \"0 18 * * *\"");
    done(&p);
}

static void test_types_of_a_node_pool_are_told(void **state)
{
    struct pair p;
    (void)state;

    compare(&p, PAIRS "one-size.yaml", "scenarios/stories/14-weights.yaml",
            NULL);
    const struct param_change *c =
        change(&p, "node pool buildkit-amd64: types");
    assert_string_equal(c->base.value, "m6id.24xlarge");
    assert_non_null(strstr(c->head.value, "m6id.24xlarge"));
    assert_non_null(strstr(c->head.value, ", "));
    assert_string_equal(c->back, "");
    done(&p);
}

static void test_options_and_sections_are_named(void **state)
{
    struct pair p;
    (void)state;

    compare(&p, PAIRS "slots-400.yaml", "scenarios/prod.yaml",
            "hpa.sync_period=30s");
    const struct param_change *c = change(&p, "amd64.hpa.sync_period");
    assert_string_equal(c->base.where, "default");
    assert_string_equal(c->head.where, "--set");
    assert_string_equal(c->base.value, "15s");
    done(&p);
    compare(&p, PAIRS "slots-400.yaml", PAIRS "slots-400.yaml",
            "karpenter.batch_idle=5s");
    assert_string_equal(change(&p, "karpenter.batch_idle")->base.where,
                        PAIRS "slots-400.yaml:4");
    done(&p);
}

static void test_the_same_has_no_difference(void **state)
{
    struct pair p;
    (void)state;

    compare(&p, "scenarios/prod.yaml", "scenarios/prod.yaml", NULL);
    assert_int_equal(p.diff.n, 0);
    done(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slots_are_told_with_their_lines),
        cmocka_unit_test(test_fields_of_a_scaler_are_found),
        cmocka_unit_test(test_a_new_node_pool_is_one_change),
        cmocka_unit_test(test_a_scaler_that_goes_is_one_change),
        cmocka_unit_test(test_another_trigger_is_told),
        cmocka_unit_test(test_types_of_a_node_pool_are_told),
        cmocka_unit_test(test_options_and_sections_are_named),
        cmocka_unit_test(test_the_same_has_no_difference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

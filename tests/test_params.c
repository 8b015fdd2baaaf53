#include "scenarios/params.h"
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL "tests/corpus/scenario/small.yaml"

static struct scenario s;
static struct err err;

static int load(void **state)
{
    (void)state;
    if (scenario_load(&s, SMALL, NULL, &err) != ERR_OK) {
        print_error("%s\n", err.msg);
        return -1;
    }
    return 0;
}

static int forget(void **state)
{
    (void)state;
    scenario_free(&s);
    return 0;
}

static void sets(const char *assignment)
{
    if (params_assign(&s, assignment, ORIGIN_OPTION, &err) != ERR_OK)
        fail_msg("refused: %s", err.msg);
}

static void refuses(const char *assignment, const char *message)
{
    assert_int_equal(params_assign(&s, assignment, ORIGIN_OPTION, &err),
                     ERR_INPUT);
    assert_string_equal(err.msg, message);
}

static void is(const char *key, const char *value)
{
    char got[PARAM_TEXT];

    assert_int_equal(params_get(&s, key, got, &err), ERR_OK);
    assert_string_equal(got, value);
}

static void test_a_key_alone_sets_every_instance(void **state)
{
    (void)state;
    sets("max_replicas=64");
    is("amd64.max_replicas", "64");
    is("arm64.max_replicas", "64");
    sets("lb.slots=77");
    is("lb.bk_amd64.slots", "77");
    is("lb.bk_all.slots", "77");
}

static void test_a_key_with_a_name_sets_that_one(void **state)
{
    (void)state;
    sets("amd64.max_replicas=64");
    is("amd64.max_replicas", "64");
    is("arm64.max_replicas", "30");
    sets("lb.bk_amd64.slots=77");
    is("lb.bk_amd64.slots", "77");
    is("lb.bk_arm64.slots", "40");
    sets("nodepool.buildkit-arm64.weight=9");
    assert_int_equal(s.system.karpenter.pools[1].weight, 9);
    sets("client.default.attempts=3");
    assert_int_equal(s.system.callers[0].client.attempts, 3);
    sets("type.m7gd.16xlarge.price=1.25");
    is("type.m7gd.16xlarge.price", "1.25");
    is("type.m6id.24xlarge.price", "5.6952");
}

static void test_an_unknown_key_names_the_nearest(void **state)
{
    (void)state;
    refuses("amd64.max_replica=1",
            "unknown parameter amd64.max_replica, did you mean "
            "amd64.max_replicas?");
    refuses("hpa.sync_perid=15s",
            "unknown parameter hpa.sync_perid, did you mean hpa.sync_period?");
    refuses("s390x.max_replicas=15", "unknown parameter s390x.max_replicas");
    refuses("completely_wrong_key=1", "unknown parameter completely_wrong_key");
    refuses("=1", "\"=1\" is not KEY=VALUE");
    refuses("max_replicas", "\"max_replicas\" is not KEY=VALUE");
}

static void test_every_type_refuses_what_it_cannot_be(void **state)
{
    (void)state;
    refuses("max_replicas=many",
            "max_replicas must be a whole number, not \"many\"");
    refuses("max_replicas=0", "max_replicas must be from 1 to 20000, not 0");
    refuses("max_replicas=1000000000",
            "max_replicas must be from 1 to 20000, not 1000000000");
    refuses("max_replicas=99999999999999999999",
            "max_replicas must be a whole number, not "
            "\"99999999999999999999\"");
    refuses("lb.check=yes", "lb.check must be true or false, not \"yes\"");
    refuses("boot_factor=nan", "boot_factor must be a number, not \"nan\"");
    refuses("boot_factor=0", "boot_factor must be from 0.01 to 100, not 0");
    refuses("hpa.sync_period=2h",
            "hpa.sync_period must be from 1s to 1h, not 2h");
    assert_int_equal(
        params_assign(&s, "hpa.sync_period=15", ORIGIN_OPTION, &err),
        ERR_INPUT);
    assert_int_equal(strncmp(err.msg, "hpa.sync_period: ", 17), 0);
    refuses("client.retry=often",
            "client.retry must be one of old, new, any, none, not \"often\"");
    refuses("request.cpu=0", "request.cpu must be from 0.001 to 10000 cores, "
                             "not 0");
    refuses("rollout.max_surge=x",
            "rollout.max_surge must be a number or a percentage, not \"x\"");
    refuses("hpa.down_policies=10",
            "hpa.down_policies must be policies like 10/20m+20%/20m (1s to "
            "30m), or default, not \"10\"");
    refuses("hpa.down_policies=10/31m",
            "hpa.down_policies must be policies like 10/20m+20%/20m (1s to "
            "30m), or default, not \"10/31m\"");
    refuses("versions.kubernetes=1.31",
            "versions.kubernetes 1.31 is not modelled; 1.32 to 1.35");
    refuses("versions.keda=3",
            "versions.keda must be a version like 1.35, not \"3\"");
    refuses("versions.haproxy=4.0", "versions.haproxy must be one of 2.6, 3.0, "
                                    "3.1.0, 3.1, 3.2, not \"4.0\"");
}

static void test_a_refused_value_changes_nothing(void **state)
{
    (void)state;
    refuses("max_replicas=0", "max_replicas must be from 1 to 20000, not 0");
    is("amd64.max_replicas", "360");
    is("arm64.max_replicas", "30");
    assert_false(params_is_set(&s, "amd64.max_replicas"));
}

static void test_values_come_back_as_they_were_written(void **state)
{
    static const char *const pairs[][2] = {
        {"amd64.hpa.down_policies", "10/20m+20%/20m"},
        {"amd64.hpa.down_policies", "1/2m"},
        {"nodepool.expire_after", "never"},
        {"nodepool.limit_cpu", "none"},
        {"request.cpu", "1500m"},
        {"request.memory", "512Mi"},
        {"rollout.max_surge", "33%"},
        {"rollout.max_surge", "4"},
        {"kubelet.image_pull_cold", "lognormal(p50=6s, p90=40s, min=2s, "
                                    "max=5m)"},
        {"versions.keda", "2.20.2"},
        {"fallback_behavior", "currentReplicas"},
        {"lb.redispatch", "true"},
        {"cache.cold_factor", "1.4"},
    };
    char assignment[PARAM_TEXT];
    (void)state;

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        snprintf(assignment, sizeof assignment, "%s=%s", pairs[i][0],
                 pairs[i][1]);
        sets(assignment);
        is(pairs[i][0], pairs[i][1]);
    }
}

static void test_every_row_takes_its_own_value_back(void **state)
{
    char value[PARAM_TEXT], again[PARAM_TEXT];
    (void)state;

    for (size_t i = 0; i < params_count(); i++) {
        const struct param *row = params_row(i);

        assert_int_equal(params_get(&s, row->key, value, &err), ERR_OK);
        if (params_set(&s, row->key, value, ORIGIN_OPTION, &err) != ERR_OK)
            fail_msg("%s: %s", row->key, err.msg);
        assert_int_equal(params_get(&s, row->key, again, &err), ERR_OK);
        assert_string_equal(value, again);
    }
}

static void test_every_row_fits_the_field_it_points_at(void **state)
{
    static const size_t sizes[] = {
        [PARAM_U32] = 4,
        [PARAM_I32] = 4,
        [PARAM_INT] = sizeof(int),
        [PARAM_BOOL] = sizeof(bool),
        [PARAM_DOUBLE] = sizeof(double),
        [PARAM_TIME] = 8,
        [PARAM_NEVER] = 8,
        [PARAM_DIST] = sizeof(struct dist),
        [PARAM_ENUM] = sizeof(int),
        [PARAM_NAME] = POOL_NAME,
        [PARAM_CPU] = 8,
        [PARAM_MEMORY] = 8,
        [PARAM_AMOUNT] = sizeof(struct rollout_amount),
        [PARAM_RULES] = sizeof(struct hpa_rules),
        [PARAM_VERSION] = 4,
        [PARAM_KEDA] = 4,
    };
    (void)state;

    for (size_t i = 0; i < params_count(); i++) {
        const struct param *row = params_row(i);

        assert_int_equal(row->size, sizes[row->type]);
        assert_true(row->min <= row->max);
        assert_non_null(row->help);
        assert_non_null(row->source);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(params_row(k)->key, row->key);
    }
}

static void test_origins_are_printed(void **state)
{
    char *text = NULL;
    size_t n = 0;
    (void)state;

    sets("amd64.max_replicas=64");
    FILE *out = open_memstream(&text, &n);
    params_print(&s, out);
    fclose(out);
    assert_non_null(strstr(text, "amd64.max_replicas                           "
                                 "64  (option)\n"));
    assert_non_null(strstr(text, "arm64.max_replicas                           "
                                 "30  (manifests)\n"));
    assert_non_null(strstr(text, "hpa.sync_period                        15s  "
                                 "(default)\n"));
    assert_non_null(strstr(text, "amd64.idle_replicas                          "
                                 "not set  (manifests)\n"));
    assert_non_null(strstr(text, "type.m6id.24xlarge.price                     "
                                 "5.6952 USD/h  (default)\n"));
    free(text);
}

static void derives(const char *assignment)
{
    sets(assignment);
    if (params_derive(&s, &err) != ERR_OK)
        fail_msg("refused: %s", err.msg);
}

static void contradicts(const char *assignment, const char *message)
{
    sets(assignment);
    assert_int_equal(params_derive(&s, &err), ERR_INPUT);
    assert_string_equal(err.msg, message);
}

static void test_the_autoscaler_follows_the_scaled_object(void **state)
{
    const struct pool_params *p = &s.system.pools[0];
    (void)state;

    assert_int_equal(p->hpa.min, 2);
    assert_int_equal(p->hpa.max, 360);
    derives("amd64.max_replicas=64");
    assert_int_equal(p->hpa.max, 64);
    derives("amd64.keda.target=1.5");
    assert_int_equal(p->hpa.metrics[0].target_milli, 1500);
    derives("versions.kubernetes=1.32");
    assert_int_equal(p->hpa.kubernetes_minor, 32);
    derives("versions.haproxy=2.6");
    assert_int_equal(s.system.lb.version, LB_2_6);
}

static void test_the_start_follows_the_bounds_unless_it_is_set(void **state)
{
    (void)state;
    assert_int_equal(s.system.pools[0].replicas, 2);
    derives("amd64.min_replicas=32");
    assert_int_equal(s.system.pools[0].replicas, 32);
    derives("amd64.min_replicas=5");
    assert_int_equal(s.system.pools[0].replicas, 5);
    derives("amd64.replicas=17");
    assert_int_equal(s.system.pools[0].replicas, 17);
    assert_int_equal(s.system.pools[1].replicas, 4);
}

static void test_pausing_one_direction_disables_its_policies(void **state)
{
    (void)state;
    derives("versions.keda=2.18.0");
    derives("amd64.keda.paused_scale_in=true");
    assert_int_equal(s.system.pools[0].hpa.down.select, HPA_SELECT_DISABLED);
    assert_int_equal(s.system.pools[0].hpa.up.select, HPA_SELECT_MAX);
}

static void test_memory_overhead_makes_types_smaller(void **state)
{
    const struct karp_type *t = &s.system.karpenter.types[0];
    (void)state;

    /* 393216 MiB less 7.5 %, then less 6 %; both are whole or rounded up. */
    assert_int_equal(t->capacity.mib, 393216 - 29492);
    derives("karpenter.vm_memory_overhead_pct=6");
    assert_int_equal(t->capacity.mib, 393216 - 23593);
    assert_true(t->allocatable.mib < t->capacity.mib);
}

static void test_contradictions_are_refused(void **state)
{
    (void)state;
    contradicts("karpenter.vm_memory_overhead_pct=0.06",
                "karpenter.vm_memory_overhead_pct is in percent: write 6 for "
                "the chart's 0.06");
    sets("karpenter.vm_memory_overhead_pct=6");
    contradicts("karpenter.batch_idle=11s",
                "karpenter.batch_idle must not be longer than "
                "karpenter.batch_max");
    sets("karpenter.batch_idle=1s");
    contradicts("amd64.fallback_behavior=currentReplicas",
                "pool amd64: fallback.behavior needs KEDA 2.17; the scenario's "
                "version does not know it");
    sets("amd64.fallback_behavior=static");
    contradicts("arm64.request.cpu=64",
                "pool arm64: no instance type of its NodePools is large enough "
                "for one pod");
    sets("arm64.request.cpu=14");
    contradicts("hpa.echo=1m",
                "pool amd64: hpa.echo must not be longer than hpa.status");
    sets("hpa.echo=1ms");
    sets("versions.kubernetes=1.34");
    contradicts("amd64.hpa.up_tolerance=0.2",
                "pool amd64: tolerance in behavior needs Kubernetes 1.35; the "
                "API server of the scenario's version drops it");
}

/* Everything between the two lines is `params_explain`. */
static void test_the_documentation_has_the_table(void **state)
{
    char *text = NULL, *readme = NULL;
    size_t n = 0, size = 0;
    (void)state;

    FILE *out = open_memstream(&text, &n);
    params_explain(out);
    fclose(out);
    FILE *in = fopen("scenarios/README.md", "rb");
    assert_non_null(in);
    assert_true(getdelim(&readme, &size, 0, in) > 0);
    fclose(in);
    bool found = strstr(readme, text) != NULL;
    free(text);
    free(readme);
    if (!found)
        fail_msg("scenarios/README.md: put the output of "
                 "`drydock check --explain` in place of the table");
}

/* The small scenario's pools, of which one has the other's name and more. */
static void test_a_key_names_a_pool_by_its_whole_name(void **state)
{
    (void)state;
    (void)strcpy(s.system.pools[0].name, "arm64-large");
    sets("arm64.max_replicas=7");
    sets("arm64-large.max_replicas=9");
    is("arm64.max_replicas", "7");
    is("arm64-large.max_replicas", "9");
    refuses("arm6.max_replicas=8",
            "unknown parameter arm6.max_replicas, did you mean "
            "arm64.max_replicas?");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, load, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_key_alone_sets_every_instance),
        TEST(test_a_key_names_a_pool_by_its_whole_name),
        TEST(test_a_key_with_a_name_sets_that_one),
        TEST(test_an_unknown_key_names_the_nearest),
        TEST(test_every_type_refuses_what_it_cannot_be),
        TEST(test_a_refused_value_changes_nothing),
        TEST(test_values_come_back_as_they_were_written),
        TEST(test_every_row_takes_its_own_value_back),
        TEST(test_every_row_fits_the_field_it_points_at),
        TEST(test_origins_are_printed),
        TEST(test_the_autoscaler_follows_the_scaled_object),
        TEST(test_the_start_follows_the_bounds_unless_it_is_set),
        TEST(test_pausing_one_direction_disables_its_policies),
        TEST(test_memory_overhead_makes_types_smaller),
        TEST(test_contradictions_are_refused),
        TEST(test_the_documentation_has_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

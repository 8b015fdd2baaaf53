#include "scenarios/manifest_kinds.h"
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct yaml_file file;
static struct err err;
static struct m_scaler scaler;

static const struct yaml_node *doc(const char *text)
{
    yaml_free(&file);
    if (yaml_parse(&file, "a.yaml", text, strlen(text), &err) != ERR_OK)
        fail_msg("no YAML: %s", err.msg);
    return file.docs[0];
}

static int forget(void **state)
{
    (void)state;
    yaml_free(&file);
    return 0;
}

#define TRIGGER                                                                \
    "  triggers:\n"                                                            \
    "  - type: metrics-api\n"                                                  \
    "    metadata:\n"                                                          \
    "      format: prometheus\n"                                               \
    "      valueLocation: 'haproxy_backend_current_sessions{proxy=\"bk\"}'\n"  \
    "      targetValue: \"1.5\"\n"
#define HEAD "metadata: {name: so}\nspec:\n  scaleTargetRef: {name: d}\n"

static void reads_scaler(const char *text)
{
    if (m_scaled_object(doc(text), &scaler, &err) != ERR_OK)
        fail_msg("refused: %s", err.msg);
}

static void refuses_scaler(const char *text, const char *message)
{
    assert_int_equal(m_scaled_object(doc(text), &scaler, &err), ERR_INPUT);
    assert_string_equal(err.msg, message);
}

static void test_a_scaled_object_has_kedas_defaults(void **state)
{
    (void)state;
    reads_scaler(HEAD TRIGGER);
    assert_string_equal(scaler.target, "d");
    assert_string_equal(scaler.proxy, "bk");
    assert_false(scaler.keda.has_min);
    assert_int_equal(keda_min(&scaler.keda), 0);
    assert_int_equal(keda_max(&scaler.keda), 100);
    assert_int_equal(scaler.keda.polling_us, 30 * US_PER_S);
    assert_int_equal(scaler.keda.cooldown_us, 300 * US_PER_S);
    assert_false(scaler.keda.has_fallback);
    assert_false(scaler.hpa.has_behavior);
    assert_close(scaler.keda.triggers[0].target, 1.5, 0);
    assert_int_equal(scaler.keda.triggers[0].timeout_us, 3 * US_PER_S);
}

static void test_a_scaled_objects_fields_are_read(void **state)
{
    (void)state;
    reads_scaler(HEAD "  minReplicaCount: 2\n  maxReplicaCount: 360\n"
                      "  pollingInterval: 7\n  cooldownPeriod: 1200\n"
                      "  fallback: {failureThreshold: 3, replicas: 32, "
                      "behavior: currentReplicasIfHigher}\n" TRIGGER);
    assert_int_equal(scaler.keda.min, 2);
    assert_int_equal(scaler.keda.max, 360);
    assert_int_equal(scaler.keda.polling_us, 7 * US_PER_S);
    assert_int_equal(scaler.keda.cooldown_us, 1200 * US_PER_S);
    assert_int_equal(scaler.keda.fallback_threshold, 3);
    assert_int_equal(scaler.keda.fallback_replicas, 32);
    assert_int_equal(scaler.keda.fallback, KEDA_CURRENT_IF_HIGHER);
    assert_non_null(scaler.fallback_behavior);
}

static void test_behavior_keeps_what_is_written_and_no_more(void **state)
{
    const struct hpa_rules *down = &scaler.hpa.down;
    (void)state;

    reads_scaler(
        HEAD
        "  advanced:\n    horizontalPodAutoscalerConfig:\n"
        "      behavior:\n        scaleDown:\n"
        "          stabilizationWindowSeconds: 3600\n"
        "          selectPolicy: Min\n          tolerance: 50m\n"
        "          policies:\n"
        "          - {type: Pods, value: 10, periodSeconds: 1800}\n"
        "          - {type: Percent, value: 20, periodSeconds: 1}\n" TRIGGER);
    assert_true(scaler.hpa.has_behavior);
    assert_false(scaler.hpa.up.has_policies);
    assert_int_equal(down->window_us, US_PER_H);
    assert_int_equal(down->select, HPA_SELECT_MIN);
    assert_close(down->tolerance_frac, 0.05, 1e-12);
    assert_int_equal(down->n_policies, 2);
    assert_int_equal(down->policies[0].type, HPA_PODS);
    assert_int_equal(down->policies[0].period_us, 1800 * US_PER_S);
    assert_int_equal(down->policies[1].type, HPA_PERCENT);
    assert_int_equal(down->policies[1].value, 20);
    assert_non_null(scaler.tolerance);
}

#define BEHAVIOR(text)                                                         \
    HEAD "  advanced: {horizontalPodAutoscalerConfig: {behavior: {scaleUp: "   \
         "{" text "}}}}\n" TRIGGER

static void test_behavior_is_validated_as_the_api_server_does(void **state)
{
    (void)state;
    refuses_scaler(BEHAVIOR("stabilizationWindowSeconds: 3601"),
                   "a.yaml:4:95: stabilizationWindowSeconds must be a whole "
                   "number from 0 to 3600, not 3601");
    refuses_scaler(BEHAVIOR("policies: []"),
                   "a.yaml:4:77: policies needs 1 to 16 entries");
    refuses_scaler(
        BEHAVIOR("policies: [{type: Pods, value: 0, periodSeconds: 15}]"),
        "a.yaml:4:98: value must be a whole number from 1 to 2147483647, not "
        "0");
    refuses_scaler(
        BEHAVIOR("policies: [{type: Pods, value: 1, periodSeconds: 1801}]"),
        "a.yaml:4:116: periodSeconds must be a whole number from 1 to 1800, "
        "not 1801");
    refuses_scaler(
        BEHAVIOR("policies: [{type: Nodes, value: 1, periodSeconds: 15}]"),
        "a.yaml:4:85: type must be Pods or Percent, not Nodes");
    refuses_scaler(BEHAVIOR("policies: [{type: Pods, value: 1}]"),
                   "a.yaml:4:78: a policy needs type, value and "
                   "periodSeconds");
    refuses_scaler(BEHAVIOR("selectPolicy: Most"),
                   "a.yaml:4:81: selectPolicy must be Max, Min or Disabled, "
                   "not Most");
    refuses_scaler(BEHAVIOR("stabilisationWindowSeconds: 5"),
                   "a.yaml:4:67: unknown key stabilisationWindowSeconds, did "
                   "you mean stabilizationWindowSeconds?");
}

static void test_wrong_scaled_objects_are_refused(void **state)
{
    (void)state;
    refuses_scaler(HEAD "  maxReplicaCount: 1000000000\n" TRIGGER,
                   "a.yaml:4:20: maxReplicaCount must be a whole number from "
                   "0 to 20000, not 1000000000");
    refuses_scaler(HEAD "  maxReplicas: 5\n" TRIGGER,
                   "a.yaml:4:3: unknown key maxReplicas, did you "
                   "mean maxReplicaCount?");
    refuses_scaler(HEAD "  fallback: {replicas: 3}\n" TRIGGER,
                   "a.yaml:4:13: fallback needs failureThreshold and "
                   "replicas");
    refuses_scaler(HEAD "  pollingInterval: 0\n" TRIGGER,
                   "a.yaml:4:20: pollingInterval must be at least 1");
    refuses_scaler(HEAD "  triggers: []\n",
                   "a.yaml:4:13: triggers needs 1 to 8 entries");
    refuses_scaler(HEAD "  triggers: [{type: cpu, metadata: {}}]\n",
                   "a.yaml:4:21: trigger type cpu is not modelled; "
                   "metrics-api and cron are");
    refuses_scaler("metadata: {name: x}\nspec: {triggers: []}\n",
                   "a.yaml:2:7: spec.scaleTargetRef.name is missing");
    refuses_scaler("metadata: {name: x}\n",
                   "a.yaml:1:1: the ScaledObject has no spec");
}

static void test_a_target_value_must_be_a_string(void **state)
{
    (void)state;
    refuses_scaler(HEAD "  triggers:\n  - type: metrics-api\n    metadata:\n"
                        "      format: prometheus\n      targetValue: 1\n"
                        "      valueLocation: "
                        "'haproxy_backend_current_sessions{proxy=\"b\"}'\n",
                   "a.yaml:8:20: targetValue must be a string: write \"1\"");
    refuses_scaler(HEAD "  triggers:\n  - type: metrics-api\n    metadata:\n"
                        "      format: prometheus\n      targetValue: \"1\"\n"
                        "      valueLocation: haproxy_backend_current_queue\n",
                   "a.yaml:9:22: only the metric "
                   "haproxy_backend_current_sessions is modelled, not "
                   "\"haproxy_backend_current_queue\"");
}

static void test_annotations_pause_as_go_reads_them(void **state)
{
    static const struct {
        const char *value;
        bool paused;
    } cases[] = {
        {"true", true}, {"false", false}, {"0", false}, {"maybe", true}};
    char text[512];
    (void)state;

    for (size_t i = 0; i < 4; i++) {
        snprintf(text, sizeof text,
                 "metadata: {name: x, annotations: "
                 "{autoscaling.keda.sh/paused: \"%s\"}}\nspec:\n"
                 "  scaleTargetRef: {name: d}\n" TRIGGER,
                 cases[i].value);
        reads_scaler(text);
        assert_int_equal(scaler.keda.paused, cases[i].paused);
    }
    reads_scaler("metadata: {name: x, annotations: "
                 "{autoscaling.keda.sh/paused-replicas: \"9\"}}\nspec:\n"
                 "  scaleTargetRef: {name: d}\n" TRIGGER);
    assert_true(scaler.keda.paused);
    assert_int_equal(scaler.keda.paused_replicas, 9);
}

static void test_a_cron_trigger_is_read(void **state)
{
    (void)state;
    reads_scaler(HEAD TRIGGER
                 "  - type: cron\n    metadata:\n      timezone: UTC\n"
                 "      start: 0 8 * * 1-5\n      end: 0 18 * * 1-5\n"
                 "      desiredReplicas: \"24\"\n");
    assert_int_equal(scaler.keda.n_triggers, 2);
    assert_int_equal(scaler.keda.triggers[1].kind, KEDA_CRON);
    assert_int_equal(scaler.keda.triggers[1].cron_replicas, 24);
}

static void test_a_plain_autoscaler_is_read_as_one_trigger(void **state)
{
    static const char text[] =
        "apiVersion: autoscaling/v2\nmetadata: {name: h}\nspec:\n"
        "  scaleTargetRef: {kind: Deployment, name: d}\n"
        "  maxReplicas: 7\n  metrics:\n  - type: External\n    external:\n"
        "      metric:\n        name: haproxy_sessions\n"
        "        selector: {matchLabels: {proxy: bk}}\n"
        "      target: {type: AverageValue, averageValue: 2500m}\n";
    (void)state;

    assert_int_equal(m_hpa(doc(text), &scaler, &err), ERR_OK);
    assert_false(scaler.is_keda);
    assert_string_equal(scaler.proxy, "bk");
    assert_int_equal(scaler.keda.min, 1);
    assert_int_equal(scaler.keda.max, 7);
    assert_close(scaler.keda.triggers[0].target, 2.5, 0);
    assert_int_equal(m_hpa(doc("apiVersion: autoscaling/v1\n"), &scaler, &err),
                     ERR_INPUT);
    assert_string_equal(err.msg, "a.yaml:1:1: a HorizontalPodAutoscaler must "
                                 "be autoscaling/v2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_scaled_object_has_kedas_defaults),
        cmocka_unit_test(test_a_scaled_objects_fields_are_read),
        cmocka_unit_test(test_behavior_keeps_what_is_written_and_no_more),
        cmocka_unit_test(test_behavior_is_validated_as_the_api_server_does),
        cmocka_unit_test(test_wrong_scaled_objects_are_refused),
        cmocka_unit_test(test_a_target_value_must_be_a_string),
        cmocka_unit_test(test_annotations_pause_as_go_reads_them),
        cmocka_unit_test(test_a_cron_trigger_is_read),
        cmocka_unit_test(test_a_plain_autoscaler_is_read_as_one_trigger),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}

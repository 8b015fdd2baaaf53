#include "scenarios/manifest_kinds.h"
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct yaml_file file;
static struct err err;
static struct m_deployment pods;
static struct m_node_pool pool;

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

static void reads_pods(const char *text)
{
    if (m_deployment(doc(text), &pods, &err) != ERR_OK)
        fail_msg("refused: %s", err.msg);
}

static void refuses_pods(const char *text, const char *message)
{
    assert_int_equal(m_deployment(doc(text), &pods, &err), ERR_INPUT);
    assert_string_equal(err.msg, message);
}

#define POD "metadata: {name: d}\nspec:\n  template:\n    spec:\n"

static void test_a_deployment_has_the_api_servers_defaults(void **state)
{
    (void)state;
    reads_pods(POD "      containers:\n      - readinessProbe: {exec: {}}\n");
    assert_int_equal(pods.replicas, 1);
    assert_int_equal(pods.kubelet.grace_us, 30 * US_PER_S);
    assert_true(pods.kubelet.readiness.used);
    assert_false(pods.kubelet.liveness.used);
    assert_int_equal(pods.kubelet.readiness.initial_delay_us, 0);
    assert_int_equal(pods.kubelet.readiness.period_us, 10 * US_PER_S);
    assert_int_equal(pods.kubelet.readiness.timeout_us, US_PER_S);
    assert_int_equal(pods.kubelet.readiness.failures, 3);
    assert_int_equal(pods.kubelet.readiness.successes, 1);
    assert_int_equal(pods.rollout.max_surge.value, 25);
    assert_true(pods.rollout.max_surge.percent);
    assert_false(pods.rollout.recreate);
    assert_null(pods.pre_stop);
}

static void test_requests_add_up_over_containers(void **state)
{
    (void)state;
    reads_pods(POD "      containers:\n"
                   "      - resources: {requests: {cpu: 1500m, memory: 1Gi}}\n"
                   "      - resources: {limits: {cpu: 2, memory: 1000001}}\n"
                   "      - {}\n");
    assert_int_equal(pods.request_mcpu, 3500);
    assert_int_equal(pods.request_mib, 1025); /* 1000001 bytes take 1 MiB */
}

static void test_an_init_container_counts_alone_a_sidecar_with_all(void **state)
{
    (void)state;
    reads_pods(POD "      initContainers:\n"
                   "      - resources: {requests: {cpu: 9, memory: 1Mi}}\n"
                   "      - restartPolicy: Always\n"
                   "        resources: {requests: {cpu: 2, memory: 7Mi}}\n"
                   "      containers:\n"
                   "      - resources: {requests: {cpu: 3, memory: 11Mi}}\n");
    assert_int_equal(pods.request_mcpu, 9000); /* above 2 + 3 */
    assert_int_equal(pods.request_mib, 18);    /* 7 + 11, above 1 */
}

static void test_strategy_takes_counts_and_percentages(void **state)
{
    (void)state;
    reads_pods("metadata: {name: d}\nspec:\n  strategy: {rollingUpdate: "
               "{maxSurge: 0, maxUnavailable: 10%}}\n"
               "  template: {spec: {containers: [{}]}}\n");
    assert_int_equal(pods.rollout.max_surge.value, 0);
    assert_false(pods.rollout.max_surge.percent);
    assert_int_equal(pods.rollout.max_unavailable.value, 10);
    assert_true(pods.rollout.max_unavailable.percent);
    refuses_pods("metadata: {name: d}\nspec:\n  strategy: {rollingUpdate: "
                 "{maxSurge: 0, maxUnavailable: 0}}\n",
                 "a.yaml:3:29: maxSurge and maxUnavailable must not both be 0");
    refuses_pods("metadata: {name: d}\nspec:\n  strategy: {rollingUpdate: "
                 "{maxSurge: some}}\n",
                 "a.yaml:3:40: maxSurge must be a number or a percentage, not "
                 "\"some\"");
}

static void test_wrong_deployments_are_refused(void **state)
{
    (void)state;
    refuses_pods("metadata: {name: d}\n",
                 "a.yaml:1:1: the Deployment has no containers");
    refuses_pods("metadata: {name: d}\nspec: {replicas: 1000000000}\n",
                 "a.yaml:2:18: replicas must be a whole number from 0 to "
                 "20000, not 1000000000");
    refuses_pods(POD "      containers:\n      - livenessProbe: "
                     "{successThreshold: 2}\n",
                 "a.yaml:6:43: successThreshold of livenessProbe must be 1");
    refuses_pods(POD "      containers:\n      - lifecycle: {preStop: {sleep: "
                     "{seconds: 5}}}\n",
                 "a.yaml:6:30: only a preStop hook of kind exec is modelled");
    refuses_pods(POD "      containers:\n      - resources: {requests: {cpu: "
                     "99999999999}}\n",
                 "a.yaml:6:20: the requests are larger than any node");
}

static void test_a_service_and_a_budget_are_read(void **state)
{
    struct m_service s;
    struct m_budget b;
    (void)state;

    assert_int_equal(m_service(doc("metadata: {name: s, namespace: n}\nspec: "
                                   "{clusterIP: None, ipFamilies: [IPv4], "
                                   "selector: {app: x}}\n"),
                               &s, &err),
                     ERR_OK);
    assert_true(s.headless);
    assert_true(s.ipv4_only);
    assert_int_equal(m_budget(doc("spec: {maxUnavailable: 1, selector: "
                                  "{matchLabels: {app: x}}}\n"),
                              &b, &err),
                     ERR_OK);
    assert_int_equal(b.max_unavailable, 1);
    assert_int_equal(b.min_available, 0);
    assert_int_equal(m_budget(doc("spec: {maxUnavailable: 1, minAvailable: "
                                  "1}\n"),
                              &b, &err),
                     ERR_INPUT);
    assert_string_equal(err.msg, "a.yaml:1:7: minAvailable and maxUnavailable "
                                 "exclude each other");
    assert_int_equal(m_budget(doc("spec: {maxUnavailable: 10%}\n"), &b, &err),
                     ERR_INPUT);
    assert_string_equal(err.msg, "a.yaml:1:24: maxUnavailable must be a whole "
                                 "number from 0 to 20000, not 10%");
}

static void test_a_selector_needs_every_label(void **state)
{
    const struct yaml_node *d =
        doc("labels: {app: x, arch: y}\none: {app: x}\ntwo: {app: x, arch: z}\n"
            "none: {}\n");
    const struct yaml_node *labels = yaml_get(d, "labels");
    (void)state;

    assert_true(m_selects(yaml_get(d, "one"), labels));
    assert_false(m_selects(yaml_get(d, "two"), labels));
    assert_true(m_selects(yaml_get(d, "none"), labels));
    assert_false(m_selects(NULL, labels));
    assert_false(m_selects(yaml_get(d, "one"), NULL));
}

static void reads_pool(const char *text)
{
    if (m_node_pool(doc(text), &pool, &err) != ERR_OK)
        fail_msg("refused: %s", err.msg);
}

static void refuses_pool(const char *text, const char *message)
{
    assert_int_equal(m_node_pool(doc(text), &pool, &err), ERR_INPUT);
    assert_string_equal(err.msg, message);
}

#define POOL "apiVersion: karpenter.sh/v1\nmetadata: {name: p}\nspec:\n"

static void test_a_node_pool_has_karpenters_defaults(void **state)
{
    (void)state;
    reads_pool(POOL "  template: {}\n");
    assert_int_equal(pool.weight, 0);
    assert_int_equal(pool.limit.mcpu, KARP_NO_LIMIT);
    assert_int_equal(pool.expire_after_us, 720 * US_PER_H);
    assert_int_equal(pool.n_budgets, 1);
    assert_close(pool.budgets[0].value, 10, 0);
    assert_true(pool.budgets[0].percent);
    assert_true(pool.when_underutilized);
}

static void test_a_node_pools_fields_are_read(void **state)
{
    (void)state;
    reads_pool(POOL "  weight: 90\n  limits: {cpu: 34560, memory: 138240Gi}\n"
                    "  disruption:\n    consolidationPolicy: WhenEmpty\n"
                    "    consolidateAfter: 5m\n    budgets:\n"
                    "    - {nodes: \"1\", reasons: [Empty]}\n"
                    "    - {nodes: 20%, schedule: 0 9 * * *, duration: 8h}\n"
                    "  template: {spec: {expireAfter: Never}}\n");
    assert_int_equal(pool.weight, 90);
    assert_int_equal(pool.limit.mcpu, 34560000);
    assert_int_equal(pool.limit.mib, INT64_C(138240) * 1024);
    assert_false(pool.when_underutilized);
    assert_int_equal(pool.consolidate_after_us, 300 * US_PER_S);
    assert_int_equal(pool.expire_after_us, SIM_NEVER);
    assert_int_equal(pool.n_budgets, 2);
    assert_false(pool.budgets[0].percent);
    assert_int_equal(pool.budgets[0].reasons, KARP_EMPTY);
    assert_close(pool.budgets[1].value, 20, 0);
    assert_string_equal(pool.budgets[1].schedule, "0 9 * * *");
    assert_int_equal(pool.budgets[1].duration_us, 8 * US_PER_H);
}

static void test_wrong_node_pools_are_refused(void **state)
{
    (void)state;
    /* Its taints are known by then: whether it carries a build pod. */
    refuses_pool("apiVersion: karpenter.sh/v1beta1\n"
                 "spec: {template: {spec: {taints: [{key: a, effect: "
                 "NoSchedule}]}}}\n",
                 "a.yaml:1:1: a NodePool must be karpenter.sh/v1");
    assert_int_equal(pool.taints->n, 1);
    refuses_pool(POOL "  weight: 101\n",
                 "a.yaml:4:11: weight must be a whole number from 1 to 100, "
                 "not 101");
    refuses_pool(POOL "  disruption: {budgets: [{nodes: 1}]}\n",
                 "a.yaml:4:34: nodes must be a string: write \"1\"");
    refuses_pool(POOL "  disruption: {budgets: [{nodes: 101%}]}\n",
                 "a.yaml:4:34: nodes must be a number or a percentage up to "
                 "100%, not \"101%\"");
    refuses_pool(POOL "  disruption: {budgets: [{schedule: '@daily'}]}\n",
                 "a.yaml:4:26: schedule and duration go together");
    refuses_pool(POOL "  disruption: {budgets: [{reasons: [Bored]}]}\n",
                 "a.yaml:4:37: a reason must be Empty, Drifted or "
                 "Underutilized, not \"Bored\"");
    refuses_pool(POOL "  template: {spec: {requirements: [{key: a, operator: "
                      "Is}]}}\n",
                 "a.yaml:4:55: unknown operator Is of a requirement");
}

static const struct catalog_type small = {
    .name = "m6id.2xlarge", .arch = "amd64", .n_vcpu = 8, .memory_mib = 32768};

static bool admitted(const char *requirement)
{
    char text[512];

    snprintf(text, sizeof text,
             POOL "  template: {spec: {requirements: [%s]}}\n", requirement);
    reads_pool(text);
    return m_admits_type(&pool, &small);
}

static void test_requirements_admit_types_by_their_labels(void **state)
{
    (void)state;
    assert_true(admitted("{key: node.kubernetes.io/instance-type, operator: "
                         "In, values: [m6id.4xlarge, m6id.2xlarge]}"));
    assert_false(admitted("{key: node.kubernetes.io/instance-type, operator: "
                          "NotIn, values: [m6id.2xlarge]}"));
    assert_false(
        admitted("{key: kubernetes.io/arch, operator: In, values: [arm64]}"));
    assert_true(admitted("{key: karpenter.k8s.aws/instance-family, operator: "
                         "In, values: [m6id]}"));
    assert_true(admitted("{key: karpenter.k8s.aws/instance-size, operator: "
                         "In, values: [2xlarge]}"));
    assert_true(admitted("{key: karpenter.k8s.aws/instance-category, "
                         "operator: In, values: [m]}"));
    assert_true(admitted("{key: karpenter.k8s.aws/instance-generation, "
                         "operator: Gt, values: [\"5\"]}"));
    assert_false(admitted("{key: karpenter.k8s.aws/instance-cpu, operator: "
                          "Lt, values: [\"8\"]}"));
    assert_true(admitted("{key: karpenter.k8s.aws/instance-memory, operator: "
                         "Gt, values: [\"32767\"]}"));
    assert_false(admitted("{key: karpenter.sh/capacity-type, operator: In, "
                          "values: [spot]}"));
    assert_true(admitted("{key: team, operator: In, values: [x]}"));
}

static void test_a_zone_is_admitted_by_its_requirement(void **state)
{
    (void)state;
    reads_pool(POOL "  template: {spec: {requirements: [{key: "
                    "topology.kubernetes.io/zone, operator: In, values: "
                    "[us-east-2a]}]}}\n");
    assert_true(m_admits_zone(&pool, "us-east-2a"));
    assert_false(m_admits_zone(&pool, "us-east-2b"));
}

/* One document with a pool and a pod, so that both trees live. */
static bool fits(const char *template, const char *pod)
{
    char text[1024];

    snprintf(text, sizeof text,
             "pool: {apiVersion: karpenter.sh/v1, metadata: {name: p}, spec: "
             "{template: %s}}\n"
             "pod: {metadata: {name: d}, spec: {template: {spec: %s}}}\n",
             template, pod);
    const struct yaml_node *d = doc(text);
    assert_int_equal(m_node_pool(yaml_get(d, "pool"), &pool, &err), ERR_OK);
    assert_int_equal(m_deployment(yaml_get(d, "pod"), &pods, &err), ERR_OK);
    return m_pod_fits_pool(&pods, &pool);
}

static void test_a_pods_selector_must_find_the_pools_labels(void **state)
{
    (void)state;
    assert_true(fits("{metadata: {labels: {t: b}}}",
                     "{nodeSelector: {t: b}, containers: [{}]}"));
    assert_false(fits("{metadata: {labels: {t: c}}}",
                      "{nodeSelector: {t: b}, containers: [{}]}"));
    assert_false(fits("{}", "{nodeSelector: {t: b}, containers: [{}]}"));
    assert_true(fits("{}", "{nodeSelector: {kubernetes.io/arch: amd64}, "
                           "containers: [{}]}"));
    assert_false(fits("{spec: {requirements: [{key: kubernetes.io/arch, "
                      "operator: In, values: [arm64]}]}}",
                      "{nodeSelector: {kubernetes.io/arch: amd64}, "
                      "containers: [{}]}"));
    assert_true(fits("{}", "{nodeSelector: {karpenter.sh/nodepool: p}, "
                           "containers: [{}]}"));
}

static void test_a_pod_must_tolerate_the_pools_taints(void **state)
{
    static const char taint[] =
        "{spec: {taints: [{key: w, value: \"1\", effect: NoSchedule}]}}";
    (void)state;

    assert_false(fits(taint, "{containers: [{}]}"));
    assert_true(fits(taint, "{tolerations: [{key: w, operator: Exists}], "
                            "containers: [{}]}"));
    assert_true(fits(taint, "{tolerations: [{key: w, value: \"1\"}], "
                            "containers: [{}]}"));
    assert_false(fits(taint, "{tolerations: [{key: w, value: \"2\"}], "
                             "containers: [{}]}"));
    assert_false(fits(taint, "{tolerations: [{key: w, operator: Exists, "
                             "effect: NoExecute}], containers: [{}]}"));
    assert_true(
        fits(taint, "{tolerations: [{operator: Exists}], containers: [{}]}"));
    assert_true(fits("{spec: {taints: [{key: w, effect: PreferNoSchedule}]}}",
                     "{containers: [{}]}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_deployment_has_the_api_servers_defaults),
        cmocka_unit_test(test_requests_add_up_over_containers),
        cmocka_unit_test(
            test_an_init_container_counts_alone_a_sidecar_with_all),
        cmocka_unit_test(test_strategy_takes_counts_and_percentages),
        cmocka_unit_test(test_wrong_deployments_are_refused),
        cmocka_unit_test(test_a_service_and_a_budget_are_read),
        cmocka_unit_test(test_a_selector_needs_every_label),
        cmocka_unit_test(test_a_node_pool_has_karpenters_defaults),
        cmocka_unit_test(test_a_node_pools_fields_are_read),
        cmocka_unit_test(test_wrong_node_pools_are_refused),
        cmocka_unit_test(test_requirements_admit_types_by_their_labels),
        cmocka_unit_test(test_a_zone_is_admitted_by_its_requirement),
        cmocka_unit_test(test_a_pods_selector_must_find_the_pools_labels),
        cmocka_unit_test(test_a_pod_must_tolerate_the_pools_taints),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}

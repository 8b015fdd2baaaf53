#include "sim/app/alert_rules.h"

#include "tests/support.h"

#include <jansson.h>
#include <stdlib.h>

static const char path[] = "build/alert_rules.yaml";

static void write_file(const char *text)
{
    FILE *out = fopen(path, "wb");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static int load(struct alert_rules *r, const char *text, struct err *e)
{
    write_file(text);
    return alert_rules_load(r, path, 60 * US_PER_S, e);
}

static void refuses(const char *text, const char *message)
{
    struct alert_rules r;
    struct err e;

    assert_int_equal(load(&r, text, &e), ERR_INPUT);
    assert_string_equal(e.msg, message);
    assert_int_equal(r.n, 0);
}

static json_t *written(const struct alert_rules *r)
{
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    alert_rules_write(r, out);
    fclose(out);
    json_t *o = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (!o)
        fail_msg("no JSON: %s", text);
    free(text);
    json_t *groups = json_incref(json_object_get(o, "groups"));
    json_decref(o);
    return groups;
}

static const char plain[] = "groups:\n"
                            "- name: a\n"
                            "  interval: 30s\n"
                            "  limit: 7\n"
                            "  partial_response_strategy: warn\n"
                            "  rules:\n"
                            "  - record: x:sum\n"
                            "    expr: sum(x)\n"
                            "  - alert: Up\n"
                            "    expr: |\n"
                            "      x:sum{a=\"b\\\\c\"}\n"
                            "        > 20\n"
                            "    for: 15m\n"
                            "    labels: {severity: \"1\", n: 2}\n"
                            "- name: b\n"
                            "  rules:\n"
                            "  - {alert: Down, expr: y == 0}\n";

static void test_groups_are_read(void **state)
{
    struct alert_rules r;
    struct err e;
    (void)state;

    assert_int_equal(load(&r, plain, &e), ERR_OK);
    assert_int_equal(r.n, 3);
    assert_int_equal(r.n_alerts, 2);
    assert_true(r.rules[0].records);
    assert_int_equal(r.rules[0].interval_us, 30 * US_PER_S);
    assert_string_equal(r.rules[1].name, "Up");
    assert_int_equal(r.rules[2].interval_us, 60 * US_PER_S);
    alert_rules_free(&r);
    alert_rules_free(&r);
}

static void test_what_is_written_says_the_same(void **state)
{
    struct alert_rules r;
    struct err e;
    (void)state;

    assert_int_equal(load(&r, plain, &e), ERR_OK);
    json_t *groups = written(&r);
    assert_int_equal(json_array_size(groups), 2);
    const json_t *group = json_array_get(groups, 0);
    assert_int_equal(json_integer_value(json_object_get(group, "limit")), 7);
    assert_null(json_object_get(group, "partial_response_strategy"));
    const json_t *rule = json_array_get(json_object_get(group, "rules"), 1);
    assert_string_equal(json_string_value(json_object_get(rule, "expr")),
                        "x:sum{a=\"b\\\\c\"}\n  > 20\n");
    const json_t *labels = json_object_get(rule, "labels");
    assert_string_equal(json_string_value(json_object_get(labels, "severity")),
                        "1");
    assert_true(json_is_integer(json_object_get(labels, "n")));
    json_decref(groups);
    alert_rules_free(&r);
}

static void test_objects_around_the_groups_are_opened(void **state)
{
    struct alert_rules r;
    struct err e;
    (void)state;

    assert_int_equal(load(&r,
                          "kind: ConfigMap\n"
                          "groups: [{name: no, rules: []}]\n"
                          "---\n"
                          "kind: PrometheusRule\n"
                          "spec:\n"
                          "  groups:\n"
                          "  - name: a\n"
                          "    rules: [{alert: One, expr: x}]\n"
                          "---\n"
                          "kind: PrometheusRule\n"
                          "spec: {groups: [{name: b, rules: "
                          "[{alert: Two, expr: y}]}]}\n",
                          &e),
                     ERR_OK);
    assert_int_equal(r.n_alerts, 2);
    json_t *groups = written(&r);
    assert_int_equal(json_array_size(groups), 2);
    json_decref(groups);
    alert_rules_free(&r);
}

static void test_bad_rules_are_refused_with_their_place(void **state)
{
    (void)state;
    refuses("groups: []\n",
            "build/alert_rules.yaml: no alert: neither groups nor a "
            "PrometheusRule with some");
    refuses("groups: {}\n", "build/alert_rules.yaml:1:9: groups must be a "
                            "list");
    refuses("groups: [x]\n",
            "build/alert_rules.yaml:1:10: a group of rules must be a map");
    refuses("groups: [{rules: [x]}]\n",
            "build/alert_rules.yaml:1:19: a rule must be a map");
    refuses("groups:\n- rules:\n  - alert: A\n",
            "build/alert_rules.yaml:3:5: a rule needs expr, and alert or "
            "record");
    refuses("groups:\n- rules:\n  - {alert: A, record: b, expr: x}\n",
            "build/alert_rules.yaml:3:5: a rule needs expr, and alert or "
            "record");
    refuses("groups:\n- interval: 10ms\n  rules: [{alert: A, expr: x}]\n",
            "build/alert_rules.yaml:2:3: interval must be at least 1s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups_are_read),
        cmocka_unit_test(test_what_is_written_says_the_same),
        cmocka_unit_test(test_objects_around_the_groups_are_opened),
        cmocka_unit_test(test_bad_rules_are_refused_with_their_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

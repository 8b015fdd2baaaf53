#include "scenarios/yaml.h"
#include "sim/base/mem.h"
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct yaml_file file;
static struct err err;

static int parse(const char *text)
{
    yaml_free(&file);
    err = (struct err){{0}};
    return yaml_parse(&file, "a.yaml", text, strlen(text), &err);
}

static const struct yaml_node *root(const char *text)
{
    if (parse(text) != ERR_OK)
        fail_msg("refused: %s", err.msg);
    assert_true(file.n_docs > 0);
    return file.docs[0];
}

static void refused(const char *text, const char *message)
{
    assert_int_equal(parse(text), ERR_INPUT);
    assert_string_equal(err.msg, message);
    assert_null(file.docs);
}

static int forget(void **state)
{
    (void)state;
    yaml_free(&file);
    return 0;
}

static void test_documents_are_separate_and_empty_ones_left_out(void **state)
{
    (void)state;
    assert_int_equal(parse("---\n---\na: 1\n---\n# only words\n---\nb: 2\n"),
                     ERR_OK);
    assert_int_equal(file.n_docs, 2);
    assert_string_equal(yaml_get(file.docs[0], "a")->text, "1");
    assert_string_equal(yaml_get(file.docs[1], "b")->text, "2");
    assert_int_equal(parse(""), ERR_OK);
    assert_int_equal(file.n_docs, 0);
}

static void test_every_node_knows_its_line_and_column(void **state)
{
    (void)state;
    const struct yaml_node *map =
        root("# first\nspec:\n  max: 360\n  l: [7]\n");
    const struct yaml_node *spec = yaml_get(map, "spec");
    const struct yaml_node *max = yaml_get(spec, "max");

    assert_int_equal(max->line, 3);
    assert_int_equal(max->column, 8);
    assert_int_equal(spec->items[0].key->column, 3);
    assert_int_equal(yaml_get(spec, "l")->items[0].value->column, 7);
}

static void test_json_is_read_as_yaml(void **state)
{
    (void)state;
    const struct yaml_node *map = root("{\"a\": {\"b\": [1, true, null]}}\n");
    const struct yaml_node *a = NULL, *b = NULL;

    assert_int_equal(yaml_map(map, "a", &a, &err), ERR_OK);
    assert_int_equal(yaml_list(a, "b", &b, &err), ERR_OK);
    assert_int_equal(b->n, 3);
    assert_int_equal(b->items[2].value->kind, YAML_NULL);
}

static void test_a_null_counts_as_absent(void **state)
{
    (void)state;
    const struct yaml_node *map = root("a: ~\nb:\nc: null\nd: ''\n");

    assert_null(yaml_get(map, "a"));
    assert_null(yaml_get(map, "b"));
    assert_null(yaml_get(map, "c"));
    assert_non_null(yaml_get(map, "d"));
    assert_null(yaml_get(map, "e"));
    assert_null(yaml_get(NULL, "a"));
}

static void test_an_alias_stands_for_its_anchor(void **state)
{
    (void)state;
    const struct yaml_node *map = root("a: &x {k: 3}\nb: *x\n");

    assert_ptr_equal(yaml_get(map, "a"), yaml_get(map, "b"));
    refused("a: *x\n", "a.yaml:1:5: this alias has no anchor before it");
    refused("a: &x [*x]\n", "a.yaml:1:9: this alias has no anchor before it");
    refused("a: &x 1\n---\nb: *x\n",
            "a.yaml:3:5: this alias has no anchor before it");
}

static void test_an_alias_bomb_is_refused(void **state)
{
    char text[4096];
    int n = snprintf(text, sizeof text, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    (void)state;

    for (int i = 1; i < 10; i++) {
        n += snprintf(text + n, sizeof text - (size_t)n, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            n += snprintf(text + n, sizeof text - (size_t)n, "*a%d,", i - 1);
        n += snprintf(text + n, sizeof text - (size_t)n, "]\n");
    }
    refused(text, "a.yaml:6:9: too large once its aliases are followed");
}

static void test_deep_nesting_is_refused(void **state)
{
    char text[201];
    (void)state;

    memset(text, '[', 200);
    text[200] = 0;
    refused(text, "a.yaml:1:61: nested too deeply");
    memset(text, '[', 60);
    memset(text + 60, ']', 60);
    text[120] = 0;
    assert_int_equal(parse(text), ERR_OK);
}

static void test_very_long_lists_are_refused(void **state)
{
    static char text[3 * 5001 + 1];
    (void)state;

    for (size_t i = 0; i < 5000; i++)
        snprintf(text + 3 * i, 4, "- \n");
    assert_int_equal(parse(text), ERR_OK);
    snprintf(text + (size_t)3 * 5000, 4, "- \n");
    refused(text, "a.yaml:1:1: more than 5000 entries");
}

static void test_a_key_set_twice_is_refused(void **state)
{
    (void)state;
    refused("a: 1\nb: 2\na: 3\n",
            "a.yaml:3:1: a is set twice, first in line 1");
    refused("x:\n  a: 1\n  \"a\": 3\n",
            "a.yaml:3:3: a is set twice, first in line 2");
}

static void test_odd_keys_are_refused(void **state)
{
    (void)state;
    refused("[a]: 1\n", "a.yaml:1:1: a key must be a word");
    refused("a: &x {b: 1}\nc:\n  <<: *x\n",
            "a.yaml:3:3: merge keys are not read: write the keys out");
}

static void test_zero_bytes_are_refused(void **state)
{
    (void)state;
    yaml_free(&file);
    assert_int_equal(yaml_parse(&file, "a.yaml", "a: 1\nb\0: 2\n", 11, &err),
                     ERR_INPUT);
    assert_string_equal(err.msg,
                        "a.yaml:2:1: a zero byte: this is no text file");
    refused("a: \"x\\0y\"\n", "a.yaml:1:4: a zero byte in a text");
}

/* The first of them makes the library loop. */
static void test_bytes_that_are_not_utf8_are_refused(void **state)
{
    (void)state;
    refused("%\xff", "a.yaml:1:1: a byte that is not UTF-8; save it as UTF-8");
    refused("a: 1\nb: \xc3\n",
            "a.yaml:2:1: a byte that is not UTF-8; save it as UTF-8");
}

static void test_what_is_no_yaml_is_refused_with_its_place(void **state)
{
    (void)state;
    assert_int_equal(parse("a: 1\n b: [2\n"), ERR_INPUT);
    assert_int_equal(strncmp(err.msg, "a.yaml:", 7), 0);
    assert_non_null(strstr(err.msg, "not YAML: "));
    assert_int_equal(parse("a: \"unfinished\n"), ERR_INPUT);
    assert_int_equal(parse("\t- x\n  y: {"), ERR_INPUT);
}

static void test_whole_numbers_keep_to_their_range(void **state)
{
    const struct yaml_range r = {0, 3600};
    const struct yaml_node *map =
        root("lo: 0\nhi: 3600\nover: 3601\nneg: -1\nbig: 99999999999999999999\n"
             "s: \"5\"\nf: 1.5\nl: [1]\n");
    int64_t v = 77;
    (void)state;

    assert_int_equal(yaml_int(map, "absent", r, &v, &err), ERR_OK);
    assert_int_equal(v, 77);
    assert_int_equal(yaml_int(map, "lo", r, &v, &err), ERR_OK);
    assert_int_equal(v, 0);
    assert_int_equal(yaml_int(map, "hi", r, &v, &err), ERR_OK);
    assert_int_equal(v, 3600);
    assert_int_equal(yaml_int(map, "over", r, &v, &err), ERR_INPUT);
    assert_string_equal(err.msg, "a.yaml:3:7: over must be a whole number from "
                                 "0 to 3600, not 3601");
    assert_int_equal(yaml_int(map, "neg", r, &v, &err), ERR_INPUT);
    assert_int_equal(yaml_int(map, "big", r, &v, &err), ERR_INPUT);
    assert_int_equal(yaml_int(map, "s", r, &v, &err), ERR_INPUT);
    assert_string_equal(err.msg, "a.yaml:6:4: s must be a whole number from 0 "
                                 "to 3600, not the string \"5\"");
    assert_int_equal(yaml_int(map, "f", r, &v, &err), ERR_INPUT);
    assert_int_equal(yaml_int(map, "l", r, &v, &err), ERR_INPUT);
    assert_string_equal(err.msg, "a.yaml:8:4: l must be one value");
    assert_int_equal(v, 3600);
}

static void test_truth_values_are_read_as_the_api_server_does(void **state)
{
    const struct yaml_node *map =
        root("a: true\nb: off\nc: \"true\"\nd: 1\ne: True\n");
    bool v = false;
    (void)state;

    assert_int_equal(yaml_bool(map, "a", &v, &err), ERR_OK);
    assert_true(v);
    assert_int_equal(yaml_bool(map, "b", &v, &err), ERR_OK);
    assert_false(v);
    assert_int_equal(yaml_bool(map, "e", &v, &err), ERR_OK);
    assert_true(v);
    assert_int_equal(yaml_bool(map, "c", &v, &err), ERR_INPUT);
    assert_string_equal(err.msg,
                        "a.yaml:3:4: c must be true or false, not \"true\"");
    assert_int_equal(yaml_bool(map, "d", &v, &err), ERR_INPUT);
}

static void test_a_string_that_looks_like_a_number_must_be_quoted(void **state)
{
    const struct yaml_node *map =
        root("a: 1\nb: \"1\"\nc: true\nd: prometheus\nf: 15m\n");
    const char *v = NULL;
    (void)state;

    assert_int_equal(yaml_string(map, "a", &v, &err), ERR_INPUT);
    assert_string_equal(err.msg, "a.yaml:1:4: a must be a string: write \"1\"");
    assert_int_equal(yaml_string(map, "b", &v, &err), ERR_OK);
    assert_string_equal(v, "1");
    assert_int_equal(yaml_string(map, "c", &v, &err), ERR_INPUT);
    assert_int_equal(yaml_string(map, "d", &v, &err), ERR_OK);
    assert_int_equal(yaml_string(map, "f", &v, &err), ERR_OK);
    assert_string_equal(v, "15m");
}

static void test_durations_need_a_unit(void **state)
{
    const struct yaml_node *map = root("a: 45s\nb: 45\nc: -3s\n");
    sim_us v = 0;
    (void)state;

    assert_int_equal(yaml_duration(map, "a", &v, &err), ERR_OK);
    assert_int_equal(v, 45 * US_PER_S);
    assert_int_equal(yaml_duration(map, "b", &v, &err), ERR_INPUT);
    assert_int_equal(strncmp(err.msg, "a.yaml:2:4: ", 12), 0);
    assert_int_equal(yaml_duration(map, "c", &v, &err), ERR_INPUT);
}

static void test_quantities_and_numbers_are_checked(void **state)
{
    const struct yaml_node *map = root(
        "cpu: 42\nm: 155Gi\nbad: 5x\nneg: -1\nn: 1.4\nnan: nan\nhuge: 1e9\n");
    int64_t q = 0;
    double d = 0;
    (void)state;

    assert_int_equal(yaml_quantity(map, "cpu", &q, &err), ERR_OK);
    assert_int_equal(q, 42000);
    assert_int_equal(yaml_quantity(map, "m", &q, &err), ERR_OK);
    assert_int_equal(q, INT64_C(155) * 1024 * 1024 * 1024 * 1000);
    assert_int_equal(yaml_quantity(map, "bad", &q, &err), ERR_INPUT);
    assert_int_equal(yaml_quantity(map, "neg", &q, &err), ERR_INPUT);
    assert_string_equal(err.msg, "a.yaml:4:6: neg must not be negative");
    assert_int_equal(yaml_number(map, "n", 10, &d, &err), ERR_OK);
    assert_close(d, 1.4, 0);
    assert_int_equal(yaml_number(map, "nan", 10, &d, &err), ERR_INPUT);
    assert_string_equal(err.msg, "a.yaml:6:6: nan must be a number from 0 to "
                                 "10, not \"nan\"");
    assert_int_equal(yaml_number(map, "huge", 10, &d, &err), ERR_INPUT);
}

static void test_a_path_leads_to_a_map_or_nowhere(void **state)
{
    const struct yaml_node *map = root("spec:\n  t: {m: {x: 1}}\n  u: 5\n");
    const struct yaml_node *v;
    (void)state;

    assert_int_equal(yaml_path(map, "spec/t/m", &v, &err), ERR_OK);
    assert_string_equal(yaml_get(v, "x")->text, "1");
    assert_int_equal(yaml_path(map, "spec/none/m", &v, &err), ERR_OK);
    assert_null(v);
    assert_int_equal(yaml_path(map, "spec/u/m", &v, &err), ERR_INPUT);
    assert_string_equal(err.msg,
                        "a.yaml:3:6: u must be a map of keys and values");
}

static void test_an_unknown_key_names_the_nearest(void **state)
{
    static const char *const words[] = {"question", "trace", "manifests"};
    const struct yaml_node *map = root("trace: x\nmanifest: y\n");
    (void)state;

    assert_int_equal(yaml_known(map, words, 3, &err), ERR_INPUT);
    assert_string_equal(
        err.msg, "a.yaml:2:1: unknown key manifest, did you mean manifests?");
    map = root("zzzzzzzzz: x\n");
    assert_int_equal(yaml_known(map, words, 3, &err), ERR_INPUT);
    assert_string_equal(err.msg, "a.yaml:1:1: unknown key zzzzzzzzz");
    assert_int_equal(yaml_known(map, words, 0, &err), ERR_INPUT);
    assert_int_equal(yaml_known(NULL, words, 3, &err), ERR_OK);
}

static void test_a_missing_file_is_an_error_of_the_system(void **state)
{
    (void)state;
    yaml_free(&file);
    assert_int_equal(yaml_load(&file, "tests/corpus/none.yaml", &err), ERR_IO);
    assert_string_equal(err.msg,
                        "tests/corpus/none.yaml: No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documents_are_separate_and_empty_ones_left_out),
        cmocka_unit_test(test_every_node_knows_its_line_and_column),
        cmocka_unit_test(test_json_is_read_as_yaml),
        cmocka_unit_test(test_a_null_counts_as_absent),
        cmocka_unit_test(test_an_alias_stands_for_its_anchor),
        cmocka_unit_test(test_an_alias_bomb_is_refused),
        cmocka_unit_test(test_deep_nesting_is_refused),
        cmocka_unit_test(test_very_long_lists_are_refused),
        cmocka_unit_test(test_a_key_set_twice_is_refused),
        cmocka_unit_test(test_odd_keys_are_refused),
        cmocka_unit_test(test_zero_bytes_are_refused),
        cmocka_unit_test(test_bytes_that_are_not_utf8_are_refused),
        cmocka_unit_test(test_what_is_no_yaml_is_refused_with_its_place),
        cmocka_unit_test(test_whole_numbers_keep_to_their_range),
        cmocka_unit_test(test_truth_values_are_read_as_the_api_server_does),
        cmocka_unit_test(test_a_string_that_looks_like_a_number_must_be_quoted),
        cmocka_unit_test(test_durations_need_a_unit),
        cmocka_unit_test(test_quantities_and_numbers_are_checked),
        cmocka_unit_test(test_a_path_leads_to_a_map_or_nowhere),
        cmocka_unit_test(test_an_unknown_key_names_the_nearest),
        cmocka_unit_test(test_a_missing_file_is_an_error_of_the_system),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}

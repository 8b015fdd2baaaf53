#include "tests/support.h"

#include "scenarios/yaml_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *written(const char *text, const struct yaml_edit edits[], size_t n)
{
    struct yaml_file f;
    struct err e;
    char *out = NULL;
    size_t size;
    FILE *stream = open_memstream(&out, &size);

    assert_non_null(stream);
    if (yaml_parse(&f, "in.yaml", text, strlen(text), &e) != ERR_OK)
        fail_msg("%s", e.msg);
    yaml_write(f.docs[0], edits, n, stream);
    assert_int_equal(fclose(stream), 0);
    yaml_free(&f);
    return out;
}

static void assert_written(const char *text, const struct yaml_edit edits[],
                           size_t n, const char *want)
{
    char *got = written(text, edits, n);

    assert_string_equal(got, want);
    free(got);
}

static void test_a_tree_keeps_its_shape(void **state)
{
    (void)state;
    assert_written("a: {b: [1, {c: d, e: [x, y]}, []], f: {}}\n"
                   "g: ~\nh:\n- - 1\n  - two\n",
                   NULL, 0,
                   "a:\n"
                   "  b:\n"
                   "    - 1\n"
                   "    - c: d\n"
                   "      e:\n"
                   "        - x\n"
                   "        - y\n"
                   "    - []\n"
                   "  f: {}\n"
                   "g: null\n"
                   "h:\n"
                   "  -\n"
                   "    - 1\n"
                   "    - two\n");
}

static void test_strings_stay_strings(void **state)
{
    (void)state;
    assert_written(
        "a: \"1\"\nb: 'true'\nc: plain-word\nd: a b\n"
        "e: \"x: y # z\"\nf: true\ng: -5.5\nh: \"\"\n"
        "i: \"tab\\tquote\\\" back\\\\ bell\\a\"\nj: a>=3\n",
        NULL, 0,
        "a: \"1\"\nb: \"true\"\nc: plain-word\nd: \"a b\"\n"
        "e: \"x: y # z\"\nf: true\ng: -5.5\nh: \"\"\n"
        "i: \"tab\\x09quote\\\" back\\\\ bell\\x07\"\nj: \"a>=3\"\n");
}

static void test_lines_become_a_block(void **state)
{
    (void)state;
    assert_written("a: |\n  one\n\n    two: [\n", NULL, 0,
                   "a: |\n  one\n\n    two: [\n");
    assert_written("a: |-\n  one\n  two\n", NULL, 0, "a: |-\n  one\n  two\n");
    assert_written("a: |+\n  one\n  two\n\n", NULL, 0,
                   "a: |+\n  one\n  two\n\n");
    /* Blanks first would be taken for the indentation. */
    assert_written("a: \"  one\\ntwo\\n\"\n", NULL, 0,
                   "a: \"  one\\ntwo\\n\"\n");
    assert_written("a: \"one\\x07\\ntwo\"\n", NULL, 0,
                   "a: \"one\\x07\\ntwo\"\n");
}

static void test_what_is_written_is_read_alike(void **state)
{
    const char *text =
        "k: {\"a b\": [\"- x\", '---', \"...\", \"%y\", \"é\"]}\n"
        "m: \"a\\nb\"\n'n: o': p\n";
    (void)state;

    char *once = written(text, NULL, 0);
    char *twice = written(once, NULL, 0);
    assert_string_equal(once, twice);
    assert_non_null(strstr(once, "\"a b\":\n"));
    assert_non_null(strstr(once, "- \"---\"\n"));
    assert_non_null(strstr(once, "\"n: o\": p\n"));
    assert_non_null(strstr(once, "\"é\""));
    free(once);
    free(twice);
}

static void test_edits_replace_and_add(void **state)
{
    const struct yaml_edit edits[] = {
        {"spec/max", "12", false},
        {"spec/list", "[{type: Pods, value: 1}]", false},
        {"spec/fallback/replicas", "4", false},
        {"spec/fallback/failureThreshold", "3", false},
        {"spec/deep/er/still", "x", false},
        {"data/cfg", "say \"hi\"", true},
        {"data/lines", "a\nb\n", true},
    };
    (void)state;

    assert_written("kind: K\nspec:\n  max: 5\n  min: 1\n  list:\n    - 1\n"
                   "  fallback: {replicas: 2}\n",
                   edits, 7,
                   "kind: K\nspec:\n  max: 12\n  min: 1\n"
                   "  list: [{type: Pods, value: 1}]\n"
                   "  fallback:\n    replicas: 4\n    failureThreshold: 3\n"
                   "  deep:\n    er:\n      still: x\n"
                   "data:\n  cfg: \"say \\\"hi\\\"\"\n"
                   "  lines: |\n    a\n    b\n");
}

static void test_a_value_that_is_no_map_gives_way(void **state)
{
    const struct yaml_edit edits[] = {{"spec/limits/cpu", "\"8\"", false}};
    (void)state;

    assert_written("spec:\n  limits: ~\n  limitsX: 1\n", edits, 1,
                   "spec:\n  limits:\n    cpu: \"8\"\n  limitsX: 1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tree_keeps_its_shape),
        cmocka_unit_test(test_strings_stay_strings),
        cmocka_unit_test(test_lines_become_a_block),
        cmocka_unit_test(test_what_is_written_is_read_alike),
        cmocka_unit_test(test_edits_replace_and_add),
        cmocka_unit_test(test_a_value_that_is_no_map_gives_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/support.h"

#include "scenarios/yaml.h"

#include <stdio.h>
#include <string.h>

static struct yaml_file file;
static struct err err;

static int parse(const char *text)
{
    yaml_free(&file);
    return yaml_parse(&file, "a.yaml", text, strlen(text), &err);
}

/* The text of a: or, where that is a map, of b: in it. */
static void assert_text(const char *yaml, const char *text)
{
    if (parse(yaml) != ERR_OK)
        fail_msg("%s", err.msg);
    const struct yaml_node *a = yaml_get(file.docs[0], "a");

    if (a->kind == YAML_MAP)
        a = yaml_get(a, "b");
    assert_string_equal(a->text, text);
}

static void assert_empty(const char *yaml, unsigned line)
{
    char message[128];

    (void)snprintf(message, sizeof message,
                   "a.yaml:%u:1: an empty text: write \"\" in the place of the "
                   "block",
                   line);
    assert_int_equal(parse(yaml), ERR_INPUT);
    assert_string_equal(err.msg, message);
}

static int forget(void **state)
{
    (void)state;
    yaml_free(&file);
    return 0;
}

static void test_an_empty_block_does_not_take_what_is_behind_it(void **state)
{
    (void)state;
    assert_empty("a:\n  b: |\n  c: 1\n", 3);
    assert_empty("a:\n  b: |\n\n  c: 1\n", 3);
    assert_empty("a:\n  b: >-\n  \n  c: 1\n", 3);
    assert_empty("a:\n    b: >-\n  \n    c: >-\n      d(e\n        f)\n", 3);
    assert_empty("a:\n  - |\n  \n  - b\n", 3);
    assert_empty("a:\n- x:\n  - y: |\n \n    z: 1\n", 4);
}

static void test_an_empty_block_keeps_no_empty_lines(void **state)
{
    (void)state;
    assert_empty("a:\n  b: |+\n    \n  c: 1\n", 3);
    assert_empty("a: >+\n\nb: 1\n", 2);
    assert_empty("a: |\n", 2); /* at the end of the file */
}

static void test_a_block_may_begin_with_empty_lines(void **state)
{
    (void)state;
    assert_text("a:\n  b: |\n\n   c: 1\n", "\nc: 1\n");
    assert_text("a:\n  b: |\n   \n   c: 1\n  d: 2\n", "\nc: 1\n");
    assert_text("a: |\n\n c: 1\n", "\nc: 1\n");
    assert_text("x:\n      - y\na: |\n  z\n", "z\n");
}

static void test_a_block_may_be_empty(void **state)
{
    (void)state;
    assert_text("a: |\n\nb: 1\n", "");
    assert_text("a:\n  b: >-\n    \n  c: 1\n", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(
            test_an_empty_block_does_not_take_what_is_behind_it, forget),
        cmocka_unit_test_teardown(test_a_block_may_begin_with_empty_lines,
                                  forget),
        cmocka_unit_test_teardown(test_an_empty_block_keeps_no_empty_lines,
                                  forget),
        cmocka_unit_test_teardown(test_a_block_may_be_empty, forget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

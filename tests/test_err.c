#include "tests/support.h"

#include "sim/base/err.h"

#include <string.h>

static void test_err_set_formats_and_returns_the_code(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(err_set(&e, ERR_IO, "%s: %d left", "disk", 0), ERR_IO);
    assert_string_equal(e.msg, "disk: 0 left");
    assert_int_equal(err_set(&e, ERR_VERDICT, "no"), ERR_VERDICT);
}

static void test_a_message_may_contain_the_one_before(void **state)
{
    struct err e;

    (void)state;
    err_set(&e, ERR_INPUT, "no such key");
    err_set(&e, ERR_INPUT, "row 7: %s", e.msg);
    assert_string_equal(e.msg, "row 7: no such key");
}

static void test_a_long_message_is_cut(void **state)
{
    char text[3000];
    struct err e;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    err_set(&e, ERR_INPUT, "%s", text);
    assert_int_equal(strlen(e.msg), sizeof e.msg - 1);
    err_prefix(&e, "trace.csv", 17);
    assert_int_equal(strlen(e.msg), sizeof e.msg - 1);
    assert_memory_equal(e.msg, "trace.csv:17: xxx", 17);
}

static void test_a_cut_through_a_character_leaves_no_half_of_it(void **state)
{
    char text[sizeof(struct err)];
    struct err e;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    memcpy(text + sizeof e.msg - 2, "\xc3", 1); /* its second byte is cut */
    err_set(&e, ERR_INPUT, "%s\xa4", text);
    assert_int_equal(e.msg[sizeof e.msg - 2], '?');
}

static void test_bytes_that_disturb_a_terminal_are_shown_as_marks(void **state)
{
    struct err e;

    (void)state;
    err_set(&e, ERR_INPUT, "%s",
            "a\033[31mb\nc\x7f"
            "d\xff"
            "e\xc3\xa4");
    assert_string_equal(e.msg, "a?[31mb?c?d?e\xc3\xa4");
}

static void test_the_prefix_has_a_line_or_not(void **state)
{
    struct err e;

    (void)state;
    err_set(&e, ERR_INPUT, "too short");
    err_prefix(&e, "a.yaml", 3);
    assert_string_equal(e.msg, "a.yaml:3: too short");
    err_set(&e, ERR_INPUT, "too short");
    err_prefix(&e, "a.yaml", 0);
    assert_string_equal(e.msg, "a.yaml: too short");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_err_set_formats_and_returns_the_code),
        cmocka_unit_test(test_a_message_may_contain_the_one_before),
        cmocka_unit_test(test_a_long_message_is_cut),
        cmocka_unit_test(test_a_cut_through_a_character_leaves_no_half_of_it),
        cmocka_unit_test(test_bytes_that_disturb_a_terminal_are_shown_as_marks),
        cmocka_unit_test(test_the_prefix_has_a_line_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

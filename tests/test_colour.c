#include "sim/app/colour.h"
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>

static void test_only_a_terminal_is_coloured(void **state)
{
    (void)state;
    assert_true(colour_allowed(true, NULL, "xterm"));
    assert_false(colour_allowed(false, NULL, "xterm"));
}

static void test_no_color_of_any_value_but_the_empty_one_forbids(void **state)
{
    (void)state;
    assert_false(colour_allowed(true, "1", "xterm"));
    assert_false(colour_allowed(true, "0", "xterm"));
    assert_true(colour_allowed(true, "", "xterm"));
}

static void test_a_dumb_or_unknown_terminal_is_left_alone(void **state)
{
    (void)state;
    assert_false(colour_allowed(true, NULL, "dumb"));
    assert_false(colour_allowed(true, NULL, ""));
    assert_false(colour_allowed(true, NULL, NULL));
}

static void test_a_stream_in_memory_stays_plain(void **state)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    colour_begin(out, COLOUR_BAD);
    fputs("error", out);
    colour_end(out, COLOUR_BAD);
    fclose(out);
    assert_string_equal(text, "error");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_a_terminal_is_coloured),
        cmocka_unit_test(test_no_color_of_any_value_but_the_empty_one_forbids),
        cmocka_unit_test(test_a_dumb_or_unknown_terminal_is_left_alone),
        cmocka_unit_test(test_a_stream_in_memory_stays_plain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

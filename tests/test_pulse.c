#include "sim/app/pulse.h"

#include "tests/support.h"

#include <stdlib.h>

static void test_what_is_done_at_once_shows_nothing(void **state)
{
    struct pulse p = {0};
    (void)state;

    assert_false(pulse_due(&p, 100.25));
    assert_false(pulse_due(&p, 100.25));
    assert_false(pulse_due(&p, 100.625));
}

static void test_signs_come_ten_a_second_after_half_a_second(void **state)
{
    struct pulse p = {0};
    (void)state;

    assert_false(pulse_due(&p, 7.0));
    assert_false(pulse_due(&p, 7.49));
    assert_true(pulse_due(&p, 7.5));
    assert_false(pulse_due(&p, 7.59));
    assert_true(pulse_due(&p, 7.61));
    assert_true(pulse_due(&p, 60.0));
}

static void test_the_line_is_cleared_once(void **state)
{
    char *text = NULL;
    size_t n;
    (void)state;

    struct pulse p = {.out = open_memstream(&text, &n), .next_s = 0.001};
    assert_non_null(p.out);
    pulse_end(&p); /* nothing was shown */
    pulse_on_read(&p, 5 << 20);
    pulse_on_read(&p, 6 << 20); /* too soon */
    pulse_end(&p);
    pulse_end(&p);
    fclose(p.out);
    assert_string_equal(text, "\r5 MiB read\r\033[K");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_done_at_once_shows_nothing),
        cmocka_unit_test(test_signs_come_ten_a_second_after_half_a_second),
        cmocka_unit_test(test_the_line_is_cleared_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

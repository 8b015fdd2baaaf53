#include "plots/script.h"

#include "tests/plot_rig.h"

#include <stdlib.h>

/* What a writer puts into a script. */
struct page {
    FILE *out;
    char *text;
    size_t n;
};

static void page_open(struct page *p)
{
    *p = (struct page){0};
    p->out = open_memstream(&p->text, &p->n);
    assert_non_null(p->out);
}

static void assert_page(struct page *p, const char *want)
{
    fclose(p->out);
    assert_string_equal(p->text, want);
    free(p->text);
}

static void test_a_text_cannot_leave_its_quotes(void **state)
{
    struct page p;

    (void)state;
    page_open(&p);
    script_text(p.out, "title", "%s", "\"; system(\"touch x\"); #");
    script_text(p.out, "title", "`id` $(id) \\n 'x'\nplot @m %%d %s",
                "{/Bold}");
    script_element(p.out, "pool", 1, "a%s", "\x1b[31m\xff");
    assert_page(&p, "title = \"?; system(?touch x?); #\"\n"
                    "title = \"?id? ?(id) /n ?x??plot @m %d {/Bold}\"\n"
                    "pool[2] = \"a?[31m?\"\n");
}

static void test_a_character_that_few_fonts_have_becomes_a_mark(void **state)
{
    struct page p;

    (void)state;
    page_open(&p);
    script_text(p.out, "a", "%s", "caf\xc3\xa9 \xd0\x96 \xce\xa9 \xc9\x8f");
    script_text(p.out, "b", "%s",
                "\xc9\x90|\xe6\x97\xa5\xe6\x9c\xac|\xf0\x9f\x9a\xa2|\xcc\x81");
    assert_page(&p, "a = \"caf\xc3\xa9 \xd0\x96 \xce\xa9 \xc9\x8f\"\n"
                    "b = \"?|??|?|?\"\n");
}

static void test_a_long_text_is_cut_and_stays_quoted(void **state)
{
    char name[2000], *end;
    struct page p;

    (void)state;
    memset(name, 'w', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    page_open(&p);
    script_text(p.out, "t", "%s", name);
    fclose(p.out);
    end = strchr(p.text, '\n');
    assert_int_equal(p.n, strlen("t = \"\"\n") + 250);
    assert_ptr_equal(end, p.text + p.n - 1);
    assert_int_equal(end[-1], '"');
    free(p.text);
}

static void test_a_name_is_shortened_between_characters(void **state)
{
    char out[4 * NAME_SHOWN + 1];

    (void)state;
    script_short("", out);
    assert_string_equal(out, "");
    script_short("exactly-twenty-chars", out);
    assert_string_equal(out, "exactly-twenty-chars");
    script_short("one-more-than-twenty-", out);
    assert_string_equal(out, "one-more-than-twe...");
    script_short("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                 "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                 "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
                 out);
    assert_string_equal(out, "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                             "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                             "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9...");
}

static void test_bytes_that_are_no_text_do_not_overrun_a_name(void **state)
{
    char out[4 * NAME_SHOWN + 1], bytes[400];

    (void)state;
    memset(bytes, 0x80, sizeof bytes); /* none begins a character */
    bytes[sizeof bytes - 1] = '\0';
    script_short(bytes, out);
    assert_true(strlen(out) <= 4 * NAME_SHOWN);
    assert_string_equal(out + strlen(out) - 3, "...");
}

static void test_a_wait_is_said_in_two_units_at_most(void **state)
{
    static const struct {
        double s;
        const char *said;
    } rows[] = {
        {0, "0.0 s"},       {9.94, "9.9 s"},  {9.95, "10 s"},
        {59.4, "59 s"},     {59.5, "1m 00s"}, {270, "4m 30s"},
        {3599.5, "1h 00m"}, {7500, "2h 05m"}, {400000, "111h 06m"},
    };
    char out[32];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        script_wait(rows[i].s, out);
        assert_string_equal(out, rows[i].said);
    }
}

static void test_counts_are_marked_in_whole_steps(void **state)
{
    struct page p;

    (void)state;
    page_open(&p);
    script_count_axis(p.out, "y", 0, 0);
    script_count_axis(p.out, "y", 1, 5);
    script_count_axis(p.out, "y", 2, 6);
    script_count_axis(p.out, "y", 3, 107);
    assert_page(&p, "y_top[1] = 1\ny_step[1] = 1\n"
                    "y_top[2] = 5.3\ny_step[2] = 1\n"
                    "y_top[3] = 6.36\ny_step[3] = 2\n"
                    "y_top[4] = 113.42\ny_step[4] = 50\n");
}

static void test_amounts_may_be_marked_in_fractions(void **state)
{
    struct page p;

    (void)state;
    page_open(&p);
    script_amount_axis(p.out, "y", 0, 0.25);
    script_amount_axis(p.out, "y", 1, 0);
    assert_page(&p, "y_top[1] = 0.265\ny_step[1] = 0.05\n"
                    "y_top[2] = 1\ny_step[2] = 1\n");
}

static void test_an_axis_without_dates_counts_from_the_origin(void **state)
{
    struct trace t = {.origin_us = 12345};
    struct time_axis a;
    struct page p;
    char said[40];

    (void)state;
    time_axis_init(&a, &t, S(600), S(1200));
    assert_close(time_axis_at(&a, S(900)), 15, 1e-12);
    time_axis_say(&a, S(900), said);
    assert_string_equal(said, "15m 00s after the start");
    page_open(&p);
    time_axis_write(&a, p.out, S(630), S(1200));
    assert_page(&p, "x_from = 10.500000\nx_until = 20.000000\n"
                    "x_step = 2\nx_first = 12\nx_dates = 0\n"
                    "x_label = \"minutes since the start\"\n"
                    "x_format = \"%g\"\n");
}

static void test_the_unit_of_an_axis_follows_its_length(void **state)
{
    static const struct {
        double s;
        const char *label;
    } rows[] = {
        {300, "seconds since the start"},
        {301, "minutes since the start"},
        {10801, "hours since the start"},
        {345601, "days since the start"},
    };
    struct trace t = {0};
    struct time_axis a;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        time_axis_init(&a, &t, 0, S(rows[i].s));
        assert_string_equal(a.label, rows[i].label);
        assert_true(rows[i].s / a.unit_s / a.step <= 9);
    }
}

static void test_an_axis_with_dates_is_in_seconds_since_1970(void **state)
{
    struct trace t = {.absolute = true, .origin_us = S(1781024400)};
    struct time_axis a; /* from Tuesday 2026-06-09 17:00 */
    struct page p;
    char said[40];

    (void)state;
    time_axis_init(&a, &t, 0, S(7200));
    time_axis_say(&a, S(131.5), said);
    assert_string_equal(said, "Tue 2026-06-09 17:02");
    page_open(&p);
    time_axis_write(&a, p.out, S(1), S(7200));
    assert_page(&p, "x_from = 1781024401.000000\nx_until = 1781031600.000000\n"
                    "x_step = 900\nx_first = 1781025300\nx_dates = 1\n"
                    "x_label = \"time (UTC)\"\n"
                    "x_format = \"%H:%M\\n%d %b\"\n");
}

static void test_longer_windows_have_fewer_marks_a_day(void **st)
{
    struct trace t = {.absolute = true};
    struct time_axis a;

    (void)st;
    time_axis_init(&a, &t, 0, 14 * US_PER_DAY);
    assert_close(a.step, 2 * 86400, 0);
    assert_string_equal(a.format, "%a\\n%d %b");
    time_axis_init(&a, &t, 0, 9 * US_PER_DAY);
    assert_close(a.step, 86400, 0);
    time_axis_init(&a, &t, 0, 90 * US_PER_DAY);
    assert_close(a.step, 12 * 86400, 0);
    assert_string_equal(a.format, "%d %b\\n%Y");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_text_cannot_leave_its_quotes),
        cmocka_unit_test(test_a_character_that_few_fonts_have_becomes_a_mark),
        cmocka_unit_test(test_a_long_text_is_cut_and_stays_quoted),
        cmocka_unit_test(test_a_name_is_shortened_between_characters),
        cmocka_unit_test(test_bytes_that_are_no_text_do_not_overrun_a_name),
        cmocka_unit_test(test_a_wait_is_said_in_two_units_at_most),
        cmocka_unit_test(test_counts_are_marked_in_whole_steps),
        cmocka_unit_test(test_amounts_may_be_marked_in_fractions),
        cmocka_unit_test(test_an_axis_without_dates_counts_from_the_origin),
        cmocka_unit_test(test_the_unit_of_an_axis_follows_its_length),
        cmocka_unit_test(test_an_axis_with_dates_is_in_seconds_since_1970),
        cmocka_unit_test(test_longer_windows_have_fewer_marks_a_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "plots/heading.h"

#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

struct page {
    FILE *out;
    char *text;
    size_t size;
};

static void open_page(struct page *p)
{
    p->out = open_memstream(&p->text, &p->size);
    assert_non_null(p->out);
}

static void assert_page(struct page *p, const char *want)
{
    assert_int_equal(fclose(p->out), 0);
    assert_string_equal(p->text, want);
    free(p->text);
}

/* Whether a text is so wide, in ems: a little less has no room for it. */
static bool is_wide(const char *text, double ems)
{
    return heading_line(text, ems + 1e-9) == strlen(text) &&
           heading_line(text, ems - 1e-9) < strlen(text);
}

static void test_letters_have_three_widths_and_capitals_one(void **state)
{
    (void)state;

    assert_true(is_wide("a1", 2 * 0.62));
    assert_true(is_wide("il", 2 * 0.36));
    assert_true(is_wide("m%", 2 * 0.92));
    assert_true(is_wide("A\xc3\xa9", 2 * 0.70));
}

/* "aa" is 1.24 wide, "aa bb" 2.84. */
static void test_a_line_ends_at_a_space(void **state)
{
    (void)state;

    assert_int_equal(heading_line("aa bb", 2.85), 5);
    assert_int_equal(heading_line("aa bb", 2.83), 2);
    assert_int_equal(heading_line("aa bb", 1.25), 2);
    assert_int_equal(heading_line("aa", 1.25), 2);
    assert_int_equal(heading_line("", 1.0), 0);
    assert_int_equal(heading_line("aa bb s cc", 3.6), 2); /* not "bb" */
}

static void test_a_long_word_is_cut_between_letters(void **state)
{
    (void)state;

    assert_int_equal(heading_line("aaaa", 1.25), 2);
    assert_int_equal(heading_line("aaaa", 0.1), 1); /* at least one */
    assert_int_equal(heading_line("\xc3\xa9\xc3\xa9\xc3\xa9", 1.5), 4);
    assert_int_equal(heading_line("\xc3\xa9\xc3\xa9", 0.1), 2);
}

static void test_a_short_title_is_one_line(void **state)
{
    struct page p;
    (void)state;

    open_page(&p);
    heading_title(p.out, "%d builds \"wait\"", 3);
    assert_page(&p, "n_title = 1\narray title[1]\n"
                    "title[1] = \"3 builds ?wait?\"\n");
    open_page(&p);
    heading_title(p.out, "%s", "");
    assert_page(&p, "n_title = 0\narray title[1]\n");
}

/* One line has room for 612 / (17 * 1.12) = 32.1 ems, 51 letters; the last
 * word would stand alone.
 */
static void test_lines_of_a_long_title_are_about_equal(void **state)
{
    struct page p;
    (void)state;

    open_page(&p);
    heading_title(p.out, "%s",
                  "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee "
                  "fffffffff");
    assert_page(&p, "n_title = 2\narray title[2]\n"
                    "title[1] = \"aaaaaaaaa bbbbbbbbb ccccccccc\"\n"
                    "title[2] = \"ddddddddd eeeeeeeee fffffffff\"\n");
}

static void test_a_made_up_trace_is_named_so(void **state)
{
    struct page p;
    (void)state;

    open_page(&p);
    heading_subtitle(p.out, "prod", false, "means");
    heading_subtitle(p.out, "prod", true, "means");
    heading_subtitle(p.out, "", true, "means");
    assert_page(&p, "n_subtitle = 1\narray subtitle[1]\n"
                    "subtitle[1] = \"prod | means\"\n"
                    "n_subtitle = 1\narray subtitle[1]\n"
                    "subtitle[1] = \"prod | synthetic trace | means\"\n"
                    "n_subtitle = 1\narray subtitle[1]\n"
                    "subtitle[1] = \"synthetic trace | means\"\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters_have_three_widths_and_capitals_one),
        cmocka_unit_test(test_a_line_ends_at_a_space),
        cmocka_unit_test(test_a_long_word_is_cut_between_letters),
        cmocka_unit_test(test_a_short_title_is_one_line),
        cmocka_unit_test(test_lines_of_a_long_title_are_about_equal),
        cmocka_unit_test(test_a_made_up_trace_is_named_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

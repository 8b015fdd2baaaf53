#include "tests/support.h"

#include "sim/base/text.h"

#include <stdlib.h>
#include <string.h>

typedef void filter(const char *text, char *out, size_t size);

static void assert_filtered(filter *f, const char *text, const char *want)
{
    char out[500];

    f(text, out, sizeof out);
    assert_string_equal(out, want);
}

static void test_plain_text_keeps_letters_of_any_script(void **state)
{
    (void)state;
    assert_filtered(text_plain, "", "");
    assert_filtered(text_plain, "a~ \xc3\xa4\xe2\x82\xac\xf0\x9f\x9a\xa2",
                    "a~ \xc3\xa4\xe2\x82\xac\xf0\x9f\x9a\xa2");
}

static void test_plain_text_has_no_control_characters(void **state)
{
    (void)state;
    assert_filtered(text_plain, "\033]0;x\a\t\r\n\x7f", "?]0;x?????");
    assert_filtered(text_plain,
                    "a\xc2\x9b"
                    "31m",
                    "a?31m"); /* C1 escape */
    /* Line separator. */
    assert_filtered(text_plain, "b\xe2\x80\xa8", "b?");
}

static void test_plain_text_does_not_change_its_direction(void **state)
{
    /* The right-to-left override, byte by byte. */
    const char text[] = {'a', '\xe2', '\x80', '\xae', 'b', '\0'};

    (void)state;
    assert_filtered(text_plain, text, "a?b");
}

static void test_plain_text_is_valid_utf8(void **state)
{
    (void)state;
    assert_filtered(text_plain, "\x80", "?");
    assert_filtered(text_plain, "\xc3", "?");
    assert_filtered(text_plain, "\xc3(", "?(");
    assert_filtered(text_plain, "\xc0\xaf", "??");           /* too long */
    assert_filtered(text_plain, "\xe0\x80\xaf", "???");      /* too long */
    assert_filtered(text_plain, "\xed\xa0\x80", "???");      /* surrogate */
    assert_filtered(text_plain, "\xf4\x90\x80\x80", "????"); /* > 10ffff */
    assert_filtered(text_plain, "\xe2\x82", "??");
    assert_filtered(text_plain, "\xff\xfe", "??");
}

static void test_a_character_that_does_not_fit_is_left_out_whole(void **state)
{
    char out[5];

    (void)state;
    text_plain("abc\xc3\xa4", out, sizeof out);
    assert_string_equal(out, "abc");
    text_plain("ab\xc3\xa4", out, sizeof out);
    assert_string_equal(out, "ab\xc3\xa4");
    text_markdown("abc<x", out, sizeof out);
    assert_string_equal(out, "abc");
    text_plain("abc", out, 1);
    assert_string_equal(out, "");
}

static void test_markdown_markup_is_escaped(void **state)
{
    (void)state;
    assert_filtered(text_markdown, "*a* _b_ ~~c~~ `d` $e$",
                    "\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\`d\\` \\$e\\$");
    assert_filtered(text_markdown, "![x](y)", "\\!\\[x\\](y)");
    assert_filtered(text_markdown, "<img src=x>&lt;",
                    "&lt;img src=x&gt;&amp;lt;");
    assert_filtered(text_markdown, "a|b\\|c", "a&#124;b&#92;&#124;c");
    assert_filtered(text_markdown, "a\nb\r\nc\td\x01", "a b  c d?");
}

static void test_markdown_names_nobody_and_links_nothing(void **state)
{
    (void)state;
    assert_filtered(text_markdown, "@you, a@b.c", "@&#8203;you, a@&#8203;b.c");
    assert_filtered(text_markdown, "org/repo#123 GH-7 gh-8",
                    "org/repo#&#8203;123 GH-&#8203;7 gh-&#8203;8");
    assert_filtered(text_markdown, "https://x.y ftp://z",
                    "https:&#8203;//x.y ftp:&#8203;//z");
    assert_filtered(text_markdown, "www.x.y WWW.x",
                    "www&#8203;.x.y WWW&#8203;.x");
}

static void test_markdown_leaves_image_names_alone(void **state)
{
    (void)state;
    assert_filtered(text_markdown, "pytorch-linux-jammy-cuda12.8:3fa9c0d",
                    "pytorch-linux-jammy-cuda12.8:3fa9c0d");
    assert_filtered(text_markdown, ".-:", ".-:");
}

static void test_gnuplot_text_cannot_leave_its_string(void **state)
{
    (void)state;
    assert_filtered(text_gnuplot, "a\" ; system 'x' `y` $z \\n\n",
                    "a? ; system ?x? ?y? ?z /n?");
    assert_filtered(text_gnuplot, "m\xc3\xa4x 5 %", "m\xc3\xa4x 5 %");
}

static void assert_csv(const char *text, const char *want)
{
    char *out = NULL;
    size_t n;
    FILE *fp = open_memstream(&out, &n);

    assert_non_null(fp);
    text_csv(fp, text);
    assert_int_equal(fclose(fp), 0);
    assert_string_equal(out, want);
    free(out);
}

static void test_a_csv_field_is_quoted_where_it_must_be(void **state)
{
    (void)state;
    assert_csv("", "");
    assert_csv("plain text", "plain text");
    assert_csv("a,b", "\"a,b\"");
    assert_csv("say \"x\"", "\"say \"\"x\"\"\"");
    assert_csv("two\nlines", "\"two\nlines\"");
    assert_csv(" x", "\" x\"");
    assert_csv("x ", "\"x \"");
}

static void test_a_spreadsheet_runs_no_csv_field(void **state)
{
    (void)state;
    assert_csv("=1+1", "'=1+1");
    assert_csv("+1", "'+1");
    assert_csv("-1", "'-1");
    assert_csv("@x", "'@x");
    assert_csv("=a,b", "\"'=a,b\"");
    assert_csv("\t=1", "'\t=1");
    assert_csv("1=1", "1=1");
}

static void test_a_csv_field_moves_no_cursor(void **state)
{
    (void)state;
    assert_csv("a\x1b[31mb", "a?[31mb");
}

static void assert_put(void (*put)(FILE *out, const char *text),
                       const char *text, const char *want)
{
    char *got = NULL;
    size_t n;
    FILE *out = open_memstream(&got, &n);

    put(out, text);
    (void)fclose(out);
    assert_string_equal(got, want);
    free(got);
}

static void test_html_is_text_in_an_element_and_in_an_attribute(void **state)
{
    (void)state;
    assert_put(text_html, "</a> \"b\" 'c' &d; \xc3\xa4",
               "&lt;/a&gt; &quot;b&quot; &#39;c&#39; &amp;d; \xc3\xa4");
    /* A line separator, a right-to-left override, no UTF-8. */
    assert_put(text_html, "a\xe2\x80\xa8\xe2\x80\xae\xff\n", "a????");
}

static void test_json_does_not_end_its_script(void **state)
{
    (void)state;
    assert_put(text_script, "{\"</script><!-- &\": \"\xc3\xa4\"}\n",
               "{\"\\u003c/script\\u003e\\u003c!-- \\u0026\": "
               "\"\xc3\xa4\"}\n");
    assert_put(text_script, "\"\xe2\x80\xa8\xe2\x80\xa9\"",
               "\"\\u2028\\u2029\"");
    /* The right-to-left override, byte by byte. */
    const char turned[] = {'\xe2', '\x80', '\xae', '\0'};
    assert_put(text_script, turned, "\\u202e");
}

static void test_utf8_ends_where_it_is_broken(void **state)
{
    (void)state;
    assert_int_equal(text_utf8_length(""), 0);
    assert_int_equal(text_utf8_length("a\xc3\xa4z"), 4);
    assert_int_equal(text_utf8_length("a\xc3z"), 1);
    assert_int_equal(text_utf8_length("ab\xff"), 2);
}

static void test_the_nearest_word_is_within_three_edits(void **state)
{
    static const char *const words[] = {"seed", "trace", "manifests",
                                        "threads"};

    (void)state;
    assert_string_equal(text_nearest("sed", words, 4), "seed");
    assert_string_equal(text_nearest("manifest", words, 4), "manifests");
    assert_string_equal(text_nearest("tarce", words, 4), "trace");
    assert_string_equal(text_nearest("manxxxsts", words, 4), "manifests");
    assert_null(text_nearest("manxxxxts", words, 4));
    assert_null(text_nearest("completely else", words, 4));
    assert_null(text_nearest("seed", words, 0));
}

static void test_a_long_common_start_is_near_enough(void **state)
{
    const char *const words[] = {"maxReplicaCount", "minReplicaCount"};
    (void)state;

    assert_string_equal(text_nearest("minReplicas", words, 2),
                        "minReplicaCount");
    assert_string_equal(text_nearest("minRepl", words, 2), "minReplicaCount");
    assert_null(text_nearest("minRep", words, 2)); /* six are too few */
    assert_string_equal(text_nearest("minReplxxxxxx", words, 2),
                        "minReplicaCount"); /* seven of 13 */
    assert_null(text_nearest("minReplxxxxxxx", words, 2));
}

static void test_among_equals_the_first_word_is_nearest(void **state)
{
    static const char *const words[] = {"cat", "bat", "rat"};

    (void)state;
    assert_string_equal(text_nearest("mat", words, 3), "cat");
    assert_string_equal(text_nearest("rat", words, 3), "rat");
}

static void test_words_of_any_length_are_compared(void **state)
{
    char text[5000], word[80];
    const char *words[] = {word};

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    memcpy(word, text, 63);
    word[63] = '\0';
    assert_null(text_nearest(text, words, 1));
    text[66] = '\0';
    assert_ptr_equal(text_nearest(text, words, 1), word);
    text[67] = 'x';
    text[66] = 'x';
    assert_null(text_nearest(text, words, 1));
    memcpy(word, text, 64);
    word[64] = '\0'; /* longer than any word that is compared */
    text[64] = '\0';
    assert_null(text_nearest(text, words, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_text_keeps_letters_of_any_script),
        cmocka_unit_test(test_plain_text_has_no_control_characters),
        cmocka_unit_test(test_plain_text_does_not_change_its_direction),
        cmocka_unit_test(test_plain_text_is_valid_utf8),
        cmocka_unit_test(test_a_character_that_does_not_fit_is_left_out_whole),
        cmocka_unit_test(test_markdown_markup_is_escaped),
        cmocka_unit_test(test_markdown_names_nobody_and_links_nothing),
        cmocka_unit_test(test_markdown_leaves_image_names_alone),
        cmocka_unit_test(test_gnuplot_text_cannot_leave_its_string),
        cmocka_unit_test(test_a_csv_field_is_quoted_where_it_must_be),
        cmocka_unit_test(test_a_spreadsheet_runs_no_csv_field),
        cmocka_unit_test(test_a_csv_field_moves_no_cursor),
        cmocka_unit_test(test_html_is_text_in_an_element_and_in_an_attribute),
        cmocka_unit_test(test_json_does_not_end_its_script),
        cmocka_unit_test(test_utf8_ends_where_it_is_broken),
        cmocka_unit_test(test_the_nearest_word_is_within_three_edits),
        cmocka_unit_test(test_a_long_common_start_is_near_enough),
        cmocka_unit_test(test_among_equals_the_first_word_is_nearest),
        cmocka_unit_test(test_words_of_any_length_are_compared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

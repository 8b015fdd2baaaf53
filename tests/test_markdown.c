#include "sim/base/markdown.h"

#include "sim/base/text.h"
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

static void put_picture(void *context, const char *text, const char *path,
                        FILE *out)
{
    fprintf(out, "<%s %s %s>\n", (const char *)context, text, path);
}

static void assert_html(const char *markdown, const char *want)
{
    char word[] = "picture";
    const struct markdown_pictures pictures = {word, put_picture};
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    markdown_html(markdown, &pictures, out);
    (void)fclose(out);
    assert_string_equal(text, want);
    free(text);
}

static void test_headings_paragraphs_and_lists(void **state)
{
    (void)state;
    assert_html("# a\n\n## b\nc\nd\n\ne\n- f\n- g\n\nh",
                "<h1>a</h1>\n<h2>b</h2>\n<p>c\nd\n</p>\n<p>e\n</p>\n"
                "<ul>\n<li>f</li>\n<li>g</li>\n</ul>\n<p>h\n</p>\n");
    assert_html("", "");
    assert_html("\n\n", "");
}

static void test_strong_and_code_end_with_their_line(void **state)
{
    (void)state;
    assert_html("**a** `b**c`",
                "<p><strong>a</strong> <code>b**c</code>\n</p>\n");
    assert_html("- **a\n- b", "<ul>\n<li><strong>a</strong></li>\n"
                              "<li>b</li>\n</ul>\n");
}

static void test_a_table_has_a_head_and_numbers_on_the_right(void **state)
{
    (void)state;
    assert_html("| | a |\n|---|---:|\n| b | 1 |\nend",
                "<div class=\"wide\"><table>\n<thead><tr>"
                "<th scope=\"col\"></th>"
                "<th scope=\"col\" class=\"number\">a </th></tr>\n"
                "</thead>\n<tbody>\n<tr><th scope=\"row\">b </th>"
                "<td class=\"number\">1 </td></tr>\n"
                "</tbody></table></div>\n<p>end\n</p>\n");
}

static void test_a_second_table_has_its_own_alignment(void **state)
{
    (void)state;
    assert_html("| a | b |\n|---|---:|\n\n| c | d |\n|---|---|\n| e | f |\n",
                "<div class=\"wide\"><table>\n<thead><tr>"
                "<th scope=\"col\">a </th>"
                "<th scope=\"col\" class=\"number\">b </th></tr>\n"
                "</thead>\n<tbody>\n</tbody></table></div>\n"
                "<div class=\"wide\"><table>\n<thead><tr>"
                "<th scope=\"col\">c </th><th scope=\"col\">d </th></tr>\n"
                "</thead>\n<tbody>\n<tr><th scope=\"row\">e </th>"
                "<td>f </td></tr>\n</tbody></table></div>\n");
}

static void test_folds_and_pictures(void **state)
{
    (void)state;
    assert_html("a\n<details><summary>b & c</summary>\n\n- d\n</details>\n"
                "![e](f/g.png)\n",
                "<p>a\n</p>\n<details><summary>b &amp; c</summary>\n"
                "<ul>\n<li>d</li>\n</ul>\n</details>\n"
                "<picture e f/g.png>\n");
}

static void test_what_is_no_markup_is_text(void **state)
{
    (void)state;
    assert_html("a <script>\"'& &copy; ![b](c) [d](e)",
                "<p>a &lt;script&gt;&quot;&#39;&amp; &amp;copy; ![b](c) "
                "[d](e)\n</p>\n");
    assert_html("<details open><summary>x</summary>\n</details >\n<details>"
                "<summary>y",
                "<p>&lt;details open&gt;&lt;summary&gt;x&lt;/summary&gt;\n"
                "&lt;/details &gt;\n&lt;details&gt;&lt;summary&gt;y\n</p>\n");
    assert_html("![a](b", "");
}

/* Whatever a name is, it comes out of the page as it went into the report. */
static void test_an_escaped_name_comes_back_as_text(void **state)
{
    static const char evil[] = "</script><b> **a** `b` \\ | &lt; #1 @c ![d](e)"
                               " www.f http://g $h$ ~i~ \"'";
    char line[500] = "- ";

    (void)state;
    text_markdown(evil, line + 2, sizeof line - 2);
    assert_html(line, "<ul>\n<li>&lt;/script&gt;&lt;b&gt; **a** `b` \\ | "
                      "&amp;lt; #1 @c ![d](e) www.f http://g $h$ ~i~ "
                      "&quot;&#39;</li>\n</ul>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headings_paragraphs_and_lists),
        cmocka_unit_test(test_strong_and_code_end_with_their_line),
        cmocka_unit_test(test_a_table_has_a_head_and_numbers_on_the_right),
        cmocka_unit_test(test_a_second_table_has_its_own_alignment),
        cmocka_unit_test(test_folds_and_pictures),
        cmocka_unit_test(test_what_is_no_markup_is_text),
        cmocka_unit_test(test_an_escaped_name_comes_back_as_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

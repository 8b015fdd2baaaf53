#include "tests/support.h"

#include "tests/make_trace.h"
#include "traces/stats.h"

#include <stdlib.h>
#include <string.h>

static char *printed(const struct trace *t)
{
    struct err e = {0};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_int_equal(trace_stats_print(t, out, &e), ERR_OK);
    fclose(out);
    return text;
}

/* clang-format off: the report as a reader sees it. */
static const char small_report[] =
    "6 builds in 0.001157 days\n"
    "\n"
    "pool             peak builds at once*  first reached       mean* "
    "peak/mean\n"
    "amd64                               3  0s                   0.66       "
    "4.6\n"
    "zeta                                1  0s                   0.40       "
    "2.5\n"
    "* if no build ever waited\n"
    "\n"
    "                 work, minutes                        builds a run\n"
    "pool                p50    p90    p99    max    runs     p50    p90    "
    "max\n"
    "amd64               0.3   10.0   10.0   10.0       3       2      2      "
    "2\n"
    "zeta                0.7    0.7    0.7    0.7       1       1      1      "
    "1\n"
    "\n"
    "pool              builds  failed cancelled  first asked        last "
    "asked\n"
    "amd64                  5   20.0%     20.0%  0s                 1m\n"
    "zeta                   1    0.0%      0.0%  0s                 0s\n"
    "\n"
    "amd64: builds asked for by hour, 9 is 180.0 an hour\n"
    "      00    06    12    18\n"
    "day 1 9.......................\n"
    "day 2 ........................\n"
    "day 3 ........................\n"
    "day 4 ........................\n"
    "day 5 ........................\n"
    "day 6 ........................\n"
    "day 7 ........................\n"
    "\n"
    "zeta: builds asked for by hour, 9 is 36.0 an hour\n"
    "      00    06    12    18\n"
    "day 1 9.......................\n"
    "day 2 ........................\n"
    "day 3 ........................\n"
    "day 4 ........................\n"
    "day 5 ........................\n"
    "day 6 ........................\n"
    "day 7 ........................\n"
    "\n"
    "warning: amd64 has 1 builds (20.0 %) whose end is not known: they count "
    "with the\n"
    "work seen, so demand is a lower bound; the quantiles of work leave them "
    "out.\n";
/* clang-format on */

static void test_report_of_a_small_trace(void **state)
{
    struct trace t = small_trace();
    char *text = printed(&t);

    (void)state;
    assert_string_equal(text, small_report);
    free(text);
    trace_free(&t);
}

static void test_report_says_that_a_trace_is_synthetic(void **state)
{
    struct trace t = small_trace();

    (void)state;
    t.synthetic = t.absolute = true;
    t.origin_us = MONDAY_US;
    char *text = printed(&t);

    assert_ptr_equal(strstr(text, "6 builds in 0.001157 days from "
                                  "2026-05-25T00:00Z\n"
                                  "SYNTHETIC: generated, not recorded\n"),
                     text);
    assert_non_null(strstr(text, "  3  2026-05-25T00:00Z    0.66 "));
    assert_non_null(strstr(text, "by hour (UTC), 9 is 180.0 an hour\n"));
    assert_non_null(strstr(text, "\nSun   ....."));
    free(text);
    trace_free(&t);
}

static void test_report_warns_of_a_capped_pool(void **state)
{
    struct trace t = bursts(true, 40.0);
    char *text = printed(&t);

    (void)state;
    assert_non_null(strstr(
        text,
        "\nwarning: amd64 stays at its peak of 3 for 64 % of its "
        "busy time and is\nrefilled at once: it was recorded on a fixed pool, "
        "and its peak is too low.\nUse the times at which builds were asked "
        "for, not those at which they started.\n"));
    free(text);
    trace_free(&t);
}

static void test_report_shades_by_tenths_of_the_busiest_hour(void **state)
{
    struct trace t = {.span_us = 7 * US_PER_DAY};

    (void)state;
    for (int i = 0; i < 20; i++)
        add(&t, "amd64", "a", 0.0, 5.0);
    for (int i = 0; i < 10; i++)
        add(&t, "amd64", "a", 3600.0, 5.0);
    add(&t, "amd64", "a", 7200.0, 5.0);
    char *text = printed(&t);

    assert_non_null(strstr(text, "\nday 1 950.....................\n"));
    free(text);
    trace_free(&t);
}

static void test_report_shows_a_hostile_pool_name_harmless(void **state)
{
    struct trace t = {.span_us = US_PER_H};

    (void)state;
    add(&t, "\x1b[2Jpool-with-a-very-long-name", "a", 0.0, 5.0);
    char *text = printed(&t);

    assert_null(strchr(text, '\x1b'));
    assert_non_null(strstr(text, "\n?[2Jpool-with-a- "));
    free(text);
    trace_free(&t);
}

static void test_report_of_an_empty_trace_is_one_line(void **state)
{
    struct trace t = {0};
    char *text = printed(&t);

    (void)state;
    assert_string_equal(text, "0 builds in 0 days\n");
    free(text);
}

static void test_report_that_cannot_be_written_is_an_error(void **state)
{
    struct trace t = small_trace();
    FILE *out = fopen("/dev/full", "w");
    struct err e = {0};

    (void)state;
    assert_non_null(out);
    assert_int_equal(trace_stats_print(&t, out, &e), ERR_IO);
    assert_string_equal(e.msg, "cannot write the figures of the trace: "
                               "No space left on device");
    fclose(out);
    trace_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report_of_a_small_trace),
        cmocka_unit_test(test_report_says_that_a_trace_is_synthetic),
        cmocka_unit_test(test_report_warns_of_a_capped_pool),
        cmocka_unit_test(test_report_shades_by_tenths_of_the_busiest_hour),
        cmocka_unit_test(test_report_shows_a_hostile_pool_name_harmless),
        cmocka_unit_test(test_report_of_an_empty_trace_is_one_line),
        cmocka_unit_test(test_report_that_cannot_be_written_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

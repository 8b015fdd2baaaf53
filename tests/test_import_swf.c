#include "tests/import_support.h"

#define REST " 1 -1 -1 -1 -1 -1 "
#define TAIL " 1 1 -1 -1 -1 -1 -1\n"

static void assert_one(const char *text, const char *want)
{
    struct got g = {.rc = 0};

    import_text(&g, text, NULL);
    assert_builds(&g, want);
    assert_int_equal(g.report.format, IMPORT_SWF);
    assert_rows_add_up(&g.report);
    trace_free(&g.trace);
}

static void test_a_log_without_a_start_time_is_relative(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_text(&g, "; UnixStartTime: 0\n1 50 -1 9" REST "1" TAIL, NULL);
    assert_builds(&g, "1 1 swf +50.000000 9.000000 ok |\n");
    assert_false(g.trace.absolute);
    assert_int_equal(g.trace.origin_us, 0);
    assert_int_equal(g.trace.span_us, 59 * US_PER_S);
    trace_free(&g.trace);
}

static void test_a_log_is_known_by_its_first_line(void **state)
{
    const char *want = "1 1 swf +0.000000 9.000000 ok |\n";

    (void)state;
    assert_one("1 0 -1 9" REST "1" TAIL, want);
    assert_one("\t1  0 -1 9" REST "1" TAIL, want);
    assert_one(";\r\n1 0 -1 9" REST "1" TAIL "\n\n", want);
}

/* A negative wait would put the start before the submission. */
static void test_a_wait_of_minus_one_is_not_a_second_less(void **state)
{
    struct import_options o = {.clock = IMPORT_CLOCK_STARTED};
    struct got g = {.rc = 0};

    (void)state;
    import_text(&g, "1 50 -1 9" REST "1" TAIL "2 50 0 9" REST "1" TAIL, &o);
    assert_builds(&g, "1 1 swf +50.000000 9.000000 ok |\n"
                      "2 2 swf +50.000000 9.000000 ok |\n");
    trace_free(&g.trace);
}

static void test_the_last_line_of_a_number_wins(void **state)
{
    (void)state;
    assert_one("1 0 -1 9" REST "1" TAIL "1 0 -1 8" REST "0" TAIL,
               "1 1 swf +0.000000 8.000000 error |\n");
}

static void test_a_late_start_time_changes_nothing(void **state)
{
    (void)state;
    assert_one("1 7 -1 9" REST "1" TAIL "; UnixStartTime: 749458803\n",
               "1 1 swf +7.000000 9.000000 ok |\n");
}

static void test_fields_of_a_log_can_be_filtered(void **state)
{
    struct got g = {.rc = 0};
    static const char log[] = "1 0 -1 9" REST "1 11 1 -1 -1 -1 -1 -1\n"
                              "2 0 -1 9" REST "1 12 1 5 -1 6 -1 -1\n";

    (void)state;
    import_where(&g, log, "user=12");
    assert_builds(&g, "2 2 partition-6 +0.000000 9.000000 ok |program-5\n");
    import_where(&g, log, "pool!=partition-*");
    assert_builds(&g, "1 1 swf +0.000000 9.000000 ok |\n");
    import_where(&g, log, "name=program-5");
    assert_builds(&g, "2 2 partition-6 +0.000000 9.000000 ok |program-5\n");
    trace_free(&g.trace);
}

static void test_a_broken_line_is_refused(void **state)
{
    (void)state;
    assert_refused(";\n1 0 -1 9\n", ERR_INPUT,
                   "in:2: 4 numbers, but a job has 18");
    assert_refused(";\n1 x -1 9" REST "1" TAIL, ERR_INPUT,
                   "in:2: submit \"x\" is not a number");
    assert_refused(";\nx 0 -1 9" REST "1" TAIL, ERR_INPUT,
                   "in:2: number \"x\" is not a number");
    assert_refused(";\n1 0 -1 1e99" REST "1" TAIL, ERR_INPUT,
                   "in:2: run_time \"1e99\" is not a number");
    assert_refused(";\n1 999999999 1 9" REST "1" TAIL, ERR_INPUT,
                   "in:2: the job begins or ends after 2199, or more than "
                   "31 years from the start of the log");
    assert_refused("; UnixStartTime: soon\n", ERR_INPUT,
                   "in:1: UnixStartTime is not a number of seconds");
    assert_refused("; UnixStartTime:\n", ERR_INPUT,
                   "in:1: UnixStartTime is not a number of seconds");
    assert_refused("; nothing\n", ERR_INPUT, "in: no builds in 0 rows");
}

static void test_a_long_line_is_refused(void **state)
{
    struct got g = {.rc = 0};
    FILE *out = fopen("in", "wb");

    (void)state;
    assert_non_null(out);
    fputs(";\n;", out);
    for (int i = 0; i < 10000000; i++)
        putc('x', out);
    assert_int_equal(fclose(out), 0);
    import_file(&g, "in", NULL);
    assert_string_equal(g.err.msg, "in:2: a line of more than 1 MiB");
    assert_int_equal(g.rc, ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_a_log_without_a_start_time_is_relative),
        IN_FOLDER(test_a_log_is_known_by_its_first_line),
        IN_FOLDER(test_a_wait_of_minus_one_is_not_a_second_less),
        IN_FOLDER(test_the_last_line_of_a_number_wins),
        IN_FOLDER(test_a_late_start_time_changes_nothing),
        IN_FOLDER(test_fields_of_a_log_can_be_filtered),
        IN_FOLDER(test_a_broken_line_is_refused),
        IN_FOLDER(test_a_long_line_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

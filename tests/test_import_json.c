#include "tests/import_support.h"

#define JOB(id, more)                                                          \
    "{\"id\":" id ",\"run_id\":7,\"name\":\"n\",\"started_at\":"               \
    "\"2026-06-09T17:00:10Z\",\"completed_at\":\"2026-06-09T17:05:00Z\"" more  \
    "}"
#define LINE(id) id " 7 amd64 +0.000000 290.000000 ok |n\n"

static void assert_one(const char *text, const char *want)
{
    struct got g = {.rc = 0};

    import_text(&g, text, NULL);
    assert_builds(&g, want);
    assert_int_equal(g.report.format, IMPORT_JSON);
    assert_rows_add_up(&g.report);
    trace_free(&g.trace);
}

static void test_jobs_are_found_in_any_wrapping(void **state)
{
    const char *want = LINE("1") LINE("2");

    (void)state;
    assert_one(JOB("1", "") "\n" JOB("2", "") "\n", want);
    assert_one(JOB("1", "") JOB("2", ""), want);
    assert_one("[" JOB("1", "") "," JOB("2", "") "]", want);
    assert_one(" [[" JOB("1", "") "],\n[" JOB("2", "") "]]\n", want);
    assert_one(
        "{\"total_count\":2,\"jobs\":[" JOB("1", "") "," JOB("2", "") "]}",
        want);
    assert_one("[{\"total_count\":2,\"jobs\":[" JOB(
                   "1", "") "]},"
                            "{\"total_count\":2,\"jobs\":[" JOB("2", "") "]}]",
               want);
    assert_one(
        "{\"meta\":[],\"data\":[" JOB("1", "") "," JOB("2", "") "],\"rows\":2}",
        want);
    assert_one("{\"action\":\"completed\",\"workflow_job\":" JOB(
                   "1", "") "}\n"
                            "{\"action\":\"completed\",\"workflow_job\":" JOB(
                                "2", "") "}",
               want);
    assert_one("\xef\xbb\xbf" JOB("1", "") JOB("2", ""), want);
}

static void test_the_first_name_of_a_member_is_taken(void **state)
{
    (void)state;
    assert_one(JOB("1", ",\"job_id\":2,\"job_name\":\"m\""), LINE("1"));
    assert_one("{\"job_id\":1,\"run_id\":7,\"job_name\":\"n\",\"start_time\":"
               "\"2026-06-09T17:00:10Z\",\"end_time\":"
               "\"2026-06-09T17:05:00Z\"}",
               LINE("1"));
}

static void test_ids_may_be_quoted_or_bare(void **state)
{
    (void)state;
    assert_one(JOB("\"30000000001\"", ",\"run_attempt\":\"2\""),
               "30000000001 7.2 amd64 +0.000000 290.000000 ok |n\n");
    assert_one(JOB("30000000001", ",\"run_attempt\":2"),
               "30000000001 7.2 amd64 +0.000000 290.000000 ok |n\n");
}

static void test_braces_and_escapes_in_texts_do_not_end_a_job(void **state)
{
    (void)state;
    assert_one("{\"id\":1,\"name\":\"}]{[\\\"\\\\\",\"started_at\":"
               "\"2026-06-09T17:00:10Z\",\"completed_at\":"
               "\"2026-06-09T17:00:11Z\",\"x\":[{\"y\":[]}]}",
               "1 1 amd64 +0.000000 1.000000 ok |}]{[\"\\\n");
    assert_one("{\"id\":1,\"name\":\"a\\u0000b\",\"started_at\":"
               "\"2026-06-09T17:00:10Z\",\"completed_at\":"
               "\"2026-06-09T17:00:11Z\"}",
               "1 1 amd64 +0.000000 1.000000 ok |a\n");
}

static void test_nulls_count_as_missing(void **state)
{
    (void)state;
    assert_one(JOB("1", ",\"conclusion\":null,\"status\":\"completed\","
                        "\"created_at\":null,\"labels\":[\"m\"],"
                        "\"runner_name\":null,\"steps\":null"),
               LINE("1"));
}

static void test_the_last_build_step_that_ran_is_the_work(void **state)
{
    (void)state;
    assert_one(JOB("1",
                   ",\"steps\":[{\"name\":\"Build and push a\",\"conclusion\":"
                   "\"success\",\"started_at\":\"2026-06-09T17:01:00Z\","
                   "\"completed_at\":\"2026-06-09T17:02:30Z\"},{\"name\":"
                   "\"Build and push b\",\"conclusion\":\"skipped\","
                   "\"started_at\":\"2026-06-09T17:03:00Z\",\"completed_at\":"
                   "\"2026-06-09T17:03:00Z\"},7,{\"name\":8}]"),
               "1 7 amd64 +0.000000 90.000000 ok |n\n");
}

/* Run 7 promises 3, on one page 2, and has 2; its last page is empty. Run 8 is
 * whole.
 */
static void test_missing_pages_are_counted_by_run(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_text(
        &g,
        "{\"total_count\":3,\"jobs\":[" JOB(
            "1",
            "") "]}"
                "{\"total_count\":3,\"jobs\":[" JOB(
                    "2",
                    "") "]}"
                        "{\"total_count\":2,\"jobs\":[]}"
                        "{\"total_count\":1,\"jobs\":[{\"id\":3,\"run_id\":8,"
                        "\"started_at\":\"2026-06-09T17:00:10Z\"}]}",
        NULL);
    assert_int_equal(g.rc, ERR_OK);
    assert_int_equal(g.report.missing_pages, 1);
    trace_free(&g.trace);
}

static void test_any_member_can_be_a_filter(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_where(&g,
                 JOB("1", ",\"shard\":11") JOB("2", ",\"shard\":12")
                     JOB("3", ",\"flag\":true"),
                 "shard=12");
    assert_builds(&g, LINE("2"));
    import_where(&g, JOB("1", ",\"flag\":true") JOB("2", ""), "flag=true");
    assert_builds(&g, LINE("1"));
    import_where(&g, JOB("1", ",\"labels\":[\"s\",\"big\"]"), "label=big");
    assert_builds(&g, LINE("1"));
    import_where(&g, JOB("1", ""), "labels~big");
    assert_string_equal(g.err.msg, "in: filter \"labels~big\": nothing here "
                                   "has a field \"labels\"");
}

static void test_a_member_can_be_the_work(void **state)
{
    struct import_options o = {.work_column = "docker_s"};
    struct got g = {.rc = 0};

    (void)state;
    import_text(&g, JOB("1", ",\"docker_s\":23.5") JOB("2", ""), &o);
    assert_builds(&g, "1 7 amd64 +0.000000 23.500000 ok |n\n");
    assert_int_equal(g.report.no_work, 1);
    trace_free(&g.trace);
}

static void test_broken_json_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_refused("[" JOB("1", "") ",\n", ERR_INPUT,
                   "in:1: the array that begins here is not closed; is the "
                   "file cut short?");
    assert_refused(JOB("1", "") "\n{\"id\":2,\n\"name\":\"", ERR_INPUT,
                   "in:2: the object that begins here is not closed; is the "
                   "file cut short?");
    assert_refused("{\"id\":1,\n\"name\" 3}", ERR_INPUT,
                   "in:2: not JSON: ':' expected near '3'");
    assert_refused(JOB("1", "") "\n7", ERR_INPUT,
                   "in:2: '7' where a JSON object or array begins or ends");
    assert_refused("[]]", ERR_INPUT,
                   "in:1: ']' where a JSON object or array begins or ends");
    assert_refused("{\"id\":99999999999999999999}", ERR_INPUT,
                   "in:1: not JSON: too big integer near "
                   "'99999999999999999999'");
    assert_refused("{\"name\":\"\xff\"}", ERR_INPUT,
                   "in:1: not JSON: unable to decode byte 0xff near '\"'");
    assert_refused("{\"a\":[}", ERR_INPUT,
                   "in:1: the object that begins here is not closed; is the "
                   "file cut short?");
}

static void test_what_is_no_job_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_refused("\n{\"id\":1}", ERR_INPUT,
                   "in:2: not a job: it has neither started_at nor created_at");
    assert_refused("{\"total_count\":1,\"jobs\":[7]}", ERR_INPUT,
                   "in:1: a job that is not an object");
    assert_refused("{\"workflow_job\":null}", ERR_INPUT,
                   "in:1: a job that is not an object");
    assert_refused("{\"total_count\":1,\"workflow_runs\":[]}", ERR_INPUT,
                   "in:1: a list of runs, which has no jobs; ask for the jobs "
                   "of each run");
    assert_refused("{\"message\":\"Not Found\",\"documentation_url\":\"x\"}",
                   ERR_INPUT,
                   "in:1: not a job but an answer that says \"Not Found\"");
    assert_refused(JOB("1", "") "\n" JOB("2", ",\"created_at\":\"soon\""),
                   ERR_INPUT,
                   "in:2: created_at \"soon\" is not a time before 2200; "
                   "write it like 2026-06-09T17:02:11Z");
    assert_refused(JOB("1", ",\"created_at\":7"), ERR_INPUT,
                   "in:1: created_at \"7\" is not a time before 2200; write "
                   "it like 2026-06-09T17:02:11Z");
    assert_refused("[]", ERR_INPUT, "in: no builds in 0 rows");
    assert_refused("{\"total_count\":0,\"jobs\":[]}", ERR_INPUT,
                   "in: no builds in 0 rows");
}

static void test_an_object_of_over_32_mib_is_refused(void **state)
{
    struct got g = {.rc = 0};
    FILE *out = fopen("in", "wb");

    (void)state;
    assert_non_null(out);
    fputs("\n{\"name\":\"", out);
    for (int i = 0; i < 34 << 20; i++)
        putc('x', out);
    assert_int_equal(fclose(out), 0);
    import_file(&g, "in", NULL);
    assert_string_equal(g.err.msg,
                        "in:2: an object of more than 32 MiB; export one row "
                        "a line instead");
}

/* Jansson itself stops at 2048 levels; nothing here recurses. */
static void test_deep_nesting_is_refused(void **state)
{
    char text[9000];
    struct got g = {.rc = 0};

    (void)state;
    memset(text, '[', sizeof text);
    memcpy(text, "{\"a\":", 5);
    memset(text + 5000, ']', 3999);
    text[8999] = '\0';
    import_text(&g, text, NULL);
    assert_int_equal(g.rc, ERR_INPUT);
    memset(text, '[', sizeof text - 1);
    assert_refused(text, ERR_INPUT,
                   "in:1: the array that begins here is not closed; is the "
                   "file cut short?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_jobs_are_found_in_any_wrapping),
        IN_FOLDER(test_the_first_name_of_a_member_is_taken),
        IN_FOLDER(test_ids_may_be_quoted_or_bare),
        IN_FOLDER(test_braces_and_escapes_in_texts_do_not_end_a_job),
        IN_FOLDER(test_nulls_count_as_missing),
        IN_FOLDER(test_the_last_build_step_that_ran_is_the_work),
        IN_FOLDER(test_missing_pages_are_counted_by_run),
        IN_FOLDER(test_any_member_can_be_a_filter),
        IN_FOLDER(test_a_member_can_be_the_work),
        IN_FOLDER(test_broken_json_is_refused_with_its_line),
        IN_FOLDER(test_what_is_no_job_is_refused_with_its_line),
        IN_FOLDER(test_an_object_of_over_32_mib_is_refused),
        IN_FOLDER(test_deep_nesting_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/import_support.h"

#define HEAD "id,name,started_at,completed_at\n"
#define TIMES "2026-06-09 00:00:00,2026-06-09 00:00:02.385"

static void assert_one(const char *text, const char *want)
{
    struct got g = {.rc = 0};

    import_text(&g, text, NULL);
    assert_builds(&g, want);
    assert_true(g.trace.origin_us >= INT64_C(1780963200) * US_PER_S);
    trace_free(&g.trace);
}

static void test_quotes_line_ends_and_marks_do_not_matter(void **state)
{
    const char *want = "1 1 amd64 +0.000000 2.385000 ok |a\n";

    (void)state;
    assert_one(HEAD "1,a," TIMES "\n", want);
    assert_one(HEAD "1,a," TIMES, want);
    assert_one("\xef\xbb\xbf" HEAD "1,a," TIMES "\n", want);
    assert_one("id,name,started_at,completed_at\r\n\"1\",\"a\",\"2026-06-09 "
               "00:00:00\",\"2026-06-09T00:00:02.385Z\"\r\n",
               want);
    assert_one("\n\r\n" HEAD "\n1,a," TIMES "\n\r\n\n", want);
    assert_one(HEAD "1,a,2026-06-09 00:00:00,\"2026-06-09 00:00:02.385\"",
               want);
    assert_one(HEAD "1,a,2026-06-09 00:00:00,\"2026-06-09 00:00:02.385\"\r",
               want);
    assert_one("# window: 2020-01-01T00:00:00Z 5\n" HEAD "1,a," TIMES "\n",
               want);
    assert_one("job_name,id,name,started_at,completed_at\nb,1,a," TIMES "\n",
               want);
    assert_one("# a comment\n# another\n" HEAD "1,a," TIMES "\n", want);
    assert_one("j.id,j.name,j.started_at,completed_at\n1,a," TIMES "\n", want);
    assert_one("arrayFirst(steps).started_at,id,name,started_at,"
               "completed_at\nx,1,a," TIMES "\n",
               want);
}

static void test_a_quoted_field_holds_anything(void **state)
{
    (void)state;
    assert_one(HEAD "1,\"a, \"\"b\"\"\nc\"," TIMES "\n",
               "1 1 amd64 +0.000000 2.385000 ok |a, \"b\"\nc\n");
    assert_one(HEAD "1,\"\"\"\"," TIMES "\n",
               "1 1 amd64 +0.000000 2.385000 ok |\"\n");
    assert_one(HEAD "1,\"\"," TIMES "\n",
               "1 1 amd64 +0.000000 2.385000 ok |\n");
}

static void test_a_tabbed_field_is_unescaped(void **state)
{
    (void)state;
    assert_one("id\tname\tstarted_at\tcompleted_at\n"
               "1\ta\\tb\\\\c\\'\"d\t2026-06-09 00:00:00\t2026-06-09 00:00:01\n"
               "2\t\\N\t2026-06-09 00:00:01\t2026-06-09 00:00:02\n"
               "3\t\"x \"\"y\"\"\"\t2026-06-09 00:00:02\t2026-06-09 00:00:03\n",
               "1 1 amd64 +0.000000 1.000000 ok |a\tb\\c'\"d\n"
               "2 2 amd64 +1.000000 1.000000 ok |\n"
               "3 3 amd64 +2.000000 1.000000 ok |x \"y\"\n");
}

static void test_bytes_that_are_no_utf8_are_kept(void **state)
{
    (void)state;
    assert_one(HEAD "1,\xff\xc0\x80," TIMES "\n",
               "1 1 amd64 +0.000000 2.385000 ok |\xff\xc0\x80\n");
}

static void test_a_zero_byte_ends_a_text_and_nothing_else(void **state)
{
    static const char text[] = HEAD "1,a\0b," TIMES "\n";
    struct got g = {.rc = 0};

    (void)state;
    write_bytes("in", text, sizeof text - 1);
    import_file(&g, "in", NULL);
    assert_builds(&g, "1 1 amd64 +0.000000 2.385000 ok |a\n");
    trace_free(&g.trace);
}

static void test_an_id_that_begins_with_a_zero_byte_is_none(void **state)
{
    static const char text[] = HEAD "\0001,a," TIMES "\n";
    struct got g = {.rc = 0};

    (void)state;
    write_bytes("in", text, sizeof text - 1);
    import_file(&g, "in", NULL);
    assert_builds(&g, "line 2 line 2 amd64 +0.000000 2.385000 ok |a\n");
    trace_free(&g.trace);
}

static void test_a_job_without_an_id_is_known_by_its_line(void **state)
{
    (void)state;
    assert_one("name,started_at,completed_at\n"
               "\"a\nb\"," TIMES "\nc," TIMES "\n",
               "line 2 line 2 amd64 +0.000000 2.385000 ok |a\nb\n"
               "line 4 line 4 amd64 +0.000000 2.385000 ok |c\n");
}

static void test_a_broken_table_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_refused("", ERR_INPUT, "in: the file is empty");
    assert_refused(" \n\t\n", ERR_INPUT, "in: the file is empty");
    assert_refused("# only\n# comments\n", ERR_INPUT,
                   "in:3: there is no header");
    assert_refused("\xff\xfei\n", ERR_INPUT,
                   "in: this is not UTF-8; save it as UTF-8");
    assert_refused("id,name\n1,a\n", ERR_INPUT,
                   "in:1: no column says when a job began; one of started_at, "
                   "created_at, run_created_at, build_started_at or "
                   "start_time is needed");
    assert_refused("id;started_at\n1;a\n", ERR_INPUT,
                   "in:1: no column says when a job began; one of started_at, "
                   "created_at, run_created_at, build_started_at or "
                   "start_time is needed, and a comma or a tab between "
                   "columns");
    assert_refused("pool,asked_at,work_s\namd64,0,9\n", ERR_INPUT,
                   "in:1: asked_at is of drydock's own format, which also "
                   "needs the columns build, pool and work_s");
    assert_refused(HEAD "1,a,2026-06-09 00:00:00\n", ERR_INPUT,
                   "in:2: 3 fields, but the header has 4");
    assert_refused(HEAD "1,\"x\ny\"," TIMES "\n2,a,soon,\n", ERR_INPUT,
                   "in:4: started_at \"soon\" is not a time before 2200; write "
                   "it like 2026-06-09T17:02:11Z");
    assert_refused(HEAD "1,a,2026-06-09 00:00:00,9999-01-01 00:00:00\n",
                   ERR_INPUT,
                   "in:2: completed_at \"9999-01-01 00:00:00\" is not a time "
                   "before 2200; write it like 2026-06-09T17:02:11Z");
    assert_refused(HEAD, ERR_INPUT, "in: no builds in 0 rows");
}

static void test_a_stray_quote_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_refused(HEAD "1,a\"b," TIMES "\n", ERR_INPUT,
                   "in:2: a quote inside a field that does not begin with "
                   "one; double it and put the field in quotes");
    assert_refused(HEAD "1,\"a\"b," TIMES "\n", ERR_INPUT,
                   "in:2: text behind a closing quote; a quote inside a "
                   "quoted field is doubled");
    assert_refused(HEAD "\"1\"\r,a," TIMES "\n", ERR_INPUT,
                   "in:2: text behind a closing quote; a quote inside a "
                   "quoted field is doubled");
    assert_refused(HEAD "1,a," TIMES "\n2,\"a," TIMES "\n3,b," TIMES "\n",
                   ERR_INPUT, "in:3: a quote is opened here and never closed");
}

static void test_a_file_that_is_not_there_is_an_io_error(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_file(&g, "absent", NULL);
    assert_int_equal(g.rc, ERR_IO);
    assert_string_equal(g.err.msg, "absent: No such file or directory");
}

static void test_a_work_column_must_be_there_and_hold_seconds(void **state)
{
    struct import_options o = {.work_column = "docker_s"};
    struct got g = {.rc = 0};

    (void)state;
    import_text(&g, HEAD "1,a," TIMES "\n", &o);
    assert_int_equal(g.rc, ERR_INPUT);
    assert_string_equal(g.err.msg, "in:1: no column \"docker_s\" for the work");
    import_text(&g, "id,started_at,docker_s\n1,2026-06-09 00:00:00,-3\n", &o);
    assert_int_equal(g.rc, ERR_INPUT);
    assert_string_equal(g.err.msg, "in:2: docker_s \"-3\" is not a number of "
                                   "seconds from 0 on");
}

/* One row whose name has n bytes of c, between before and after. */
static void import_long(struct got *g, const char *before, size_t n, char c,
                        const char *after)
{
    FILE *out = fopen("in", "wb");

    assert_non_null(out);
    fprintf(out, "%s%s", HEAD, before);
    for (size_t i = 0; i < n; i++)
        putc(c, out);
    fputs(after, out);
    assert_int_equal(fclose(out), 0);
    import_file(g, "in", NULL);
}

static void test_a_long_record_is_refused_and_not_kept_in_memory(void **state)
{
    static const char *const want =
        "in:2: a record of more than 1 MiB; is a quote missing?";
    struct got g = {.rc = 0};

    (void)state;
    import_long(&g, "1,", 10000000, 'x', "," TIMES "\n");
    assert_string_equal(g.err.msg, want);
    import_long(&g, "1,\"", 10000000, '\n', "\"," TIMES "\n");
    assert_string_equal(g.err.msg, want);
    import_long(&g, "1,\"", 10000000, '"', "\"," TIMES "\n");
    assert_string_equal(g.err.msg, want);
    import_long(&g, "1,", 5000, ',', TIMES "\n");
    assert_string_equal(g.err.msg, "in:2: more than 4096 fields");
}

/* The rest of the record is "1," and ",<19>,<23>": 46 bytes in all. */
static void test_a_record_of_exactly_1_mib_is_read(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_long(&g, "1,", (1 << 20) - 46, 'x', "," TIMES "\n");
    assert_int_equal(g.rc, ERR_OK);
    assert_int_equal(
        strlen(strings_at(&g.trace.strings, g.trace.builds[0].name)),
        (1 << 20) - 46);
    import_long(&g, "1,", (1 << 20) - 45, 'x', "," TIMES "\n");
    assert_int_equal(g.rc, ERR_INPUT);
}

/* Rows of changing length put the ends of blocks everywhere in a row. */
static void test_rows_survive_the_ends_of_blocks(void **state)
{
    enum { ROWS = 40000 };
    FILE *out = fopen("in", "wb");
    struct got g = {.rc = 0};

    (void)state;
    assert_non_null(out);
    fputs("id,name,started_at,completed_at\r\n", out);
    for (int i = 0; i < ROWS; i++)
        fprintf(out,
                "%d,\"a \"\"%.*s\"\"\",2026-06-09 00:00:00,"
                "\"2026-06-09 00:00:02.385\"\r\n",
                i, i % 97,
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    assert_int_equal(fclose(out), 0);
    import_file(&g, "in", NULL);
    assert_string_equal(g.err.msg, "");
    assert_int_equal(g.trace.n, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        const struct trace_build *b = &g.trace.builds[i];
        const char *name = strings_at(&g.trace.strings, b->name);

        assert_int_equal(strtol(strings_at(&g.trace.strings, b->id), NULL, 10),
                         i);
        assert_int_equal(strlen(name), 4 + i % 97);
        assert_int_equal(b->work_us, 2385000);
    }
    trace_free(&g.trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_quotes_line_ends_and_marks_do_not_matter),
        IN_FOLDER(test_a_quoted_field_holds_anything),
        IN_FOLDER(test_a_tabbed_field_is_unescaped),
        IN_FOLDER(test_bytes_that_are_no_utf8_are_kept),
        IN_FOLDER(test_a_zero_byte_ends_a_text_and_nothing_else),
        IN_FOLDER(test_an_id_that_begins_with_a_zero_byte_is_none),
        IN_FOLDER(test_a_job_without_an_id_is_known_by_its_line),
        IN_FOLDER(test_a_broken_table_is_refused_with_its_line),
        IN_FOLDER(test_a_stray_quote_is_refused_with_its_line),
        IN_FOLDER(test_a_file_that_is_not_there_is_an_io_error),
        IN_FOLDER(test_a_work_column_must_be_there_and_hold_seconds),
        IN_FOLDER(test_a_long_record_is_refused_and_not_kept_in_memory),
        IN_FOLDER(test_a_record_of_exactly_1_mib_is_read),
        IN_FOLDER(test_rows_survive_the_ends_of_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

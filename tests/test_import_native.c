#include "tests/import_support.h"

#define HEAD "build,pool,asked_at,work_s\n"
#define FULL "build,run,pool,asked_at,work_s,outcome,leaves_at\n"

static void assert_one(const char *text, const char *want)
{
    struct got g = {.rc = 0};

    import_text(&g, text, NULL);
    assert_builds(&g, want);
    assert_int_equal(g.report.format, IMPORT_NATIVE);
    assert_rows_add_up(&g.report);
    trace_free(&g.trace);
}

static void test_four_columns_are_enough(void **state)
{
    (void)state;
    assert_one(HEAD "a,amd64,5,2.385\n", "a a amd64 +5.000000 2.385000 ok |\n");
    assert_one("work_s,asked_at,colour,pool,build\n2.385,5,red,gpu,a\n",
               "a a gpu +5.000000 2.385000 ok |\n");
    assert_one("build\tpool\tasked_at\twork_s\na\tgpu\t5\t2.385\n",
               "a a gpu +5.000000 2.385000 ok |\n");
}

static void test_a_client_may_leave_when_it_comes(void **state)
{
    (void)state;
    assert_one(FULL "a,r,amd64,5,60,cancelled,5\n",
               "a r amd64 +5.000000 60.000000 cancelled leaves +5.000000 |\n");
}

static void test_unknown_work_is_at_least_so_much(void **state)
{
    (void)state;
    assert_one(HEAD "a,amd64,0,\nb,amd64,0,>7\nc,amd64,0,>0\nd,amd64,0,0\n",
               "a a amd64 +0.000000 >0.000000 ok |\n"
               "b b amd64 +0.000000 >7.000000 ok |\n"
               "c c amd64 +0.000000 >0.000000 ok |\n"
               "d d amd64 +0.000000 0.000000 ok |\n");
}

static void test_builds_are_sorted_and_ties_keep_their_order(void **state)
{
    (void)state;
    assert_one(HEAD "c,amd64,2,1\nb,amd64,1.000001,1\na,amd64,1.000001,1\n",
               "b b amd64 +1.000001 1.000000 ok |\n"
               "a a amd64 +1.000001 1.000000 ok |\n"
               "c c amd64 +2.000000 1.000000 ok |\n");
}

static void test_a_dated_trace_begins_at_its_first_build(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_text(&g,
                FULL "a,r,amd64,2026-06-09T02:00:01+02:00,60,cancelled,"
                     "2026-06-09 00:00:31\nb,r,amd64,2026-06-09T00:00:03Z,"
                     "60,ok,\n",
                NULL);
    assert_builds(&g, "a r amd64 +0.000000 60.000000 cancelled leaves "
                      "+30.000000 |\nb r amd64 +2.000000 60.000000 ok |\n");
    assert_int_equal(g.trace.origin_us, INT64_C(1780963201) * US_PER_S);
    assert_true(g.trace.absolute);
    assert_int_equal(g.trace.span_us, 62 * US_PER_S); /* b's end */
    assert_false(g.trace.synthetic);
    trace_free(&g.trace);
}

static void test_a_window_of_a_relative_trace_is_kept(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_text(&g, "# window: 0 99.5\r\n" HEAD "a,amd64,5,1\r\n", NULL);
    assert_builds(&g, "a a amd64 +5.000000 1.000000 ok |\n");
    assert_int_equal(g.trace.span_us, 99500000);
    assert_false(g.trace.absolute);
    trace_free(&g.trace);
}

static void test_any_column_can_be_a_filter(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_where(&g,
                 "build,pool,asked_at,work_s,team\na,x,0,1,red\nb,x,0,1,blue\n",
                 "team=blue");
    assert_builds(&g, "b b x +0.000000 1.000000 ok |\n");
    assert_int_equal(g.report.filtered, 1);
    import_where(&g, HEAD "a,x,0,1\n", "pool=y");
    assert_string_equal(g.err.msg, "in: no builds in 1 row, filter \"pool=y\" "
                                   "removed 1");
    import_where(&g, HEAD "a,x,0,1\n", "team=red");
    assert_string_equal(g.err.msg, "in: filter \"team=red\": nothing here has "
                                   "a field \"team\"");
}

static void refuse(const char *row, const char *message)
{
    char text[512], want[512];

    snprintf(text, sizeof text, FULL "z,r,amd64,5,60,ok,\n%s\n", row);
    snprintf(want, sizeof want, "in:3: %s", message);
    assert_refused(text, ERR_INPUT, want);
}

static void test_every_mistake_in_a_row_has_its_message(void **state)
{
    (void)state;
    refuse("a,r,amd64,soon,60,ok,",
           "asked_at \"soon\" is not a time; write 2026-06-09T17:02:11Z, or "
           "seconds from the start of the trace");
    refuse("a,r,amd64,,60,ok,",
           "asked_at \"\" is not a time; write 2026-06-09T17:02:11Z, or "
           "seconds from the start of the trace");
    refuse("a,r,amd64,-1,60,ok,",
           "asked_at \"-1\" is before the start of the trace");
    refuse("a,r,amd64,1000000000,60,ok,",
           "asked_at \"1000000000\" is more than 31 years from the start; "
           "write a Unix time like 2026-06-09T17:02:11Z");
    refuse("a,r,amd64,2026-06-09T00:00:03Z,60,ok,",
           "asked_at \"2026-06-09T00:00:03Z\" is of another kind than the "
           "times before it: instants and seconds do not mix");
    refuse("a,r,amd64,5,1m,ok,",
           "work_s \"1m\" is not a number of seconds from 0 on; write >N for "
           "at least N, or nothing if it is not known");
    refuse("a,r,amd64,5,-1,ok,",
           "work_s \"-1\" is not a number of seconds from 0 on; write >N for "
           "at least N, or nothing if it is not known");
    refuse("a,r,amd64,5,60,failed,",
           "outcome \"failed\" is not ok, error or cancelled");
    refuse("a,r,amd64,5,60,ok,7",
           "leaves_at \"7\" needs the outcome cancelled");
    refuse("a,r,amd64,5,60,cancelled,",
           "leaves_at \"\" is not a time; write 2026-06-09T17:02:11Z, or "
           "seconds from the start of the trace");
    refuse("a,r,amd64,5,60,cancelled,4.999999",
           "leaves_at \"4.999999\" is before asked_at");
    refuse(",r,amd64,5,60,ok,", "build \"\" must not be empty");
    refuse("a,r,,5,60,ok,", "pool \"\" must not be empty");
    refuse("z,r,amd64,5,60,ok,", "build \"z\" is there twice");
    refuse("a,r,amd64,5,60", "5 fields, but the header has 7");
}

static void test_a_cancelled_build_needs_a_column_for_its_leaving(void **state)
{
    (void)state;
    assert_refused("build,pool,asked_at,work_s,outcome\n"
                   "a,amd64,5,60,cancelled\n",
                   ERR_INPUT,
                   "in:2: leaves_at \"\" is not a time; write "
                   "2026-06-09T17:02:11Z, or seconds from the start of the "
                   "trace");
}

static void test_a_window_must_make_sense(void **state)
{
    static const char *const windows[] = {"", "0", "soon 5", "0 -5", "0 0"};
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
        snprintf(text, sizeof text, "\n# window: %s\n" HEAD "a,amd64,5,1\n",
                 windows[i]);
        assert_refused(text, ERR_INPUT,
                       "in:2: write \"# window: \", then the first instant, "
                       "or 0, and the length in seconds");
    }
}

static void test_a_trace_without_builds_is_refused(void **state)
{
    (void)state;
    assert_refused(HEAD, ERR_INPUT, "in: no builds in 0 rows");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_four_columns_are_enough),
        IN_FOLDER(test_a_client_may_leave_when_it_comes),
        IN_FOLDER(test_unknown_work_is_at_least_so_much),
        IN_FOLDER(test_builds_are_sorted_and_ties_keep_their_order),
        IN_FOLDER(test_a_dated_trace_begins_at_its_first_build),
        IN_FOLDER(test_a_window_of_a_relative_trace_is_kept),
        IN_FOLDER(test_any_column_can_be_a_filter),
        IN_FOLDER(test_every_mistake_in_a_row_has_its_message),
        IN_FOLDER(test_a_cancelled_build_needs_a_column_for_its_leaving),
        IN_FOLDER(test_a_window_must_make_sense),
        IN_FOLDER(test_a_trace_without_builds_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

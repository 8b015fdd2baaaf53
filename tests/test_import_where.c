#include "tests/import_support.h"

#include "traces/where.h"

static const char jobs[] =
    "id,run_id,workflow_name,name,head_branch,status,conclusion,started_at,"
    "completed_at,labels,team\n"
    "1,7,docker-builds,docker-build (a),main,completed,success,"
    "2026-06-09T00:00:00Z,2026-06-09T00:10:00Z,\"['x','linux.big']\",red\n"
    "2,7,docker-builds,docker-build (a-arm64),main,completed,failure,"
    "2026-06-09T00:00:01Z,2026-06-09T00:10:00Z,\"['x','linux.big']\",red\n"
    "3,8,lint,lint,feature,completed,success,"
    "2026-06-09T00:00:02Z,2026-06-09T00:10:00Z,['small'],blue\n";

/* "ids of the builds that are kept", each with a blank behind it. */
static void assert_kept(const char *filter, const char *want)
{
    struct got g = {.rc = 0};
    char ids[64] = "";
    size_t n = 0;

    import_where(&g, jobs, filter);
    assert_string_equal(g.err.msg, "");
    for (size_t i = 0; i < g.trace.n; i++)
        n += (size_t)snprintf(
            ids + n, sizeof ids - n, "%s ",
            strings_at(&g.trace.strings, g.trace.builds[i].id));
    assert_string_equal(ids, want);
    assert_rows_add_up(&g.report);
    assert_int_equal(g.report.filtered, 3 - g.report.kept);
    trace_free(&g.trace);
}

static void test_every_field_can_be_filtered(void **state)
{
    (void)state;
    assert_kept("name=docker-build*", "1 2 ");
    assert_kept("name!=docker-build*", "3 ");
    assert_kept("name~arm", "2 ");
    assert_kept("name~", "1 2 3 ");
    assert_kept("workflow=docker-builds", "1 2 ");
    assert_kept("workflow_name=lint", "3 ");
    assert_kept("conclusion=success", "1 3 ");
    assert_kept("status=completed", "1 2 3 ");
    assert_kept("branch=f*", "3 ");
    assert_kept("run=8", "3 ");
    assert_kept("label=linux.*", "1 2 ");
    assert_kept("labels~'x'", "1 2 ");
    assert_kept("pool=arm64", "2 ");
    assert_kept("team=blue", "3 ");
}

static void test_all_filters_must_hold(void **state)
{
    const char *const where[] = {"team=red", "conclusion=success"};
    struct import_options o = {.where = where, .n_where = 2};
    struct got g = {.rc = 0};

    (void)state;
    import_text(&g, jobs, &o);
    assert_int_equal(g.trace.n, 1);
    assert_string_equal(strings_at(&g.trace.strings, g.trace.builds[0].id),
                        "1");
    trace_free(&g.trace);
}

static void test_filters_that_leave_nothing_say_what_they_removed(void **state)
{
    const char *const where[] = {"team=red", "conclusion=lost"};
    struct import_options o = {.where = where, .n_where = 2};
    struct got g = {.rc = 0};

    (void)state;
    import_text(&g, jobs, &o);
    assert_int_equal(g.rc, ERR_INPUT);
    assert_string_equal(g.err.msg,
                        "in: no builds in 3 rows, filter \"team=red\" removed "
                        "1, filter \"conclusion=lost\" removed 2");
    assert_int_equal(g.trace.n, 0);
}

static void test_a_filter_needs_a_field_of_the_input(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_where(&g, jobs, "colour!=red");
    assert_int_equal(g.rc, ERR_INPUT);
    assert_string_equal(g.err.msg, "in: filter \"colour!=red\": nothing here "
                                   "has a field \"colour\"");
}

static void refuse(const char *filter)
{
    struct got g = {.rc = 0};
    char want[128];

    snprintf(want, sizeof want,
             "filter \"%s\": write field=glob, field!=glob or field~text",
             filter);
    import_where(&g, jobs, filter);
    assert_int_equal(g.rc, ERR_USAGE);
    assert_string_equal(g.err.msg, want);
}

static void test_what_is_no_filter_is_a_usage_error(void **state)
{
    const char *where[WHERE_MAX + 1];
    struct import_options o = {.where = where, .n_where = WHERE_MAX + 1};
    struct got g = {.rc = 0};

    (void)state;
    refuse("");
    refuse("name");
    refuse("=x");
    refuse("name!x");
    for (size_t i = 0; i <= WHERE_MAX; i++)
        where[i] = "name~";
    import_text(&g, jobs, &o);
    assert_int_equal(g.rc, ERR_USAGE);
    assert_string_equal(g.err.msg, "more than 32 filters");
}

/* The job passes while it runs and no longer when it has failed. */
static void test_the_last_state_decides_whether_a_job_is_wanted(void **state)
{
    static const char states[] =
        "id,status,conclusion,started_at,completed_at\n"
        "1,in_progress,,2026-06-09T00:00:00Z,\n"
        "2,in_progress,,2026-06-09T00:00:00Z,\n"
        "1,completed,failure,2026-06-09T00:00:00Z,2026-06-09T00:01:00Z\n";
    struct got g = {.rc = 0};

    (void)state;
    import_where(&g, states, "conclusion!=failure");
    assert_builds(&g, "2 2 amd64 +0.000000 >60.000000 ok |\n");
    assert_int_equal(g.report.filtered, 1);
    assert_int_equal(g.report.superseded, 1);
    assert_rows_add_up(&g.report);
    trace_free(&g.trace);
}

static bool passes(const char *filter, const char *value)
{
    struct where w;
    struct err e;

    assert_int_equal(where_init(&w, &filter, 1, &e), ERR_OK);
    return where_keeps(&w, &(struct slice){value, strlen(value)});
}

static void test_a_glob_matches_the_whole_value(void **state)
{
    (void)state;
    assert_true(passes("f=", ""));
    assert_false(passes("f=", "a"));
    assert_true(passes("f=*", ""));
    assert_true(passes("f=a*", "a"));
    assert_false(passes("f=a", "ab"));
    assert_false(passes("f=b", "ab"));
    assert_true(passes("f=a?c", "abc"));
    assert_false(passes("f=a?", "a"));
    assert_true(passes("f=*a*b*", "xxaxxbxx"));
    assert_false(passes("f=*a*b", "xxaxxbx"));
    assert_true(passes("f=*ab", "aab"));
    assert_true(passes("f=a\\*", "a*"));
    assert_false(passes("f=a\\*", "ab"));
    assert_true(passes("f=a\\?", "a?"));
    assert_true(passes("f=a\\", "a\\"));
    assert_true(passes("f=x=y", "x=y"));
}

/* A matcher that tries every star again would not come back from this. */
static void test_a_glob_of_many_stars_ends_soon(void **state)
{
    char value[4001];

    (void)state;
    memset(value, 'a', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    assert_false(passes("f=*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", value));
    assert_true(passes("f=*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*", value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_every_field_can_be_filtered),
        IN_FOLDER(test_all_filters_must_hold),
        IN_FOLDER(test_filters_that_leave_nothing_say_what_they_removed),
        IN_FOLDER(test_a_filter_needs_a_field_of_the_input),
        IN_FOLDER(test_what_is_no_filter_is_a_usage_error),
        IN_FOLDER(test_the_last_state_decides_whether_a_job_is_wanted),
        cmocka_unit_test(test_a_glob_matches_the_whole_value),
        cmocka_unit_test(test_a_glob_of_many_stars_ends_soon),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

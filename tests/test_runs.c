#include "tests/import_support.h"

#include "traces/runs.h"

static void assert_import(struct got *g, const char *text, const char *want)
{
    import_text(g, text, NULL);
    assert_builds(g, want);
    trace_free(&g->trace);
}

static void test_a_name_that_comes_again_begins_a_run(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  "id,start_time,name\n"
                  "1,2026-06-09T17:00:00Z,w (a)\n"
                  "2,2026-06-09T17:00:01Z,w (b)\n"
                  "3,2026-06-09T17:00:02Z,w (a)\n"
                  "4,2026-06-09T17:00:03Z,w (b)\n",
                  "1 w #1 amd64 +0.000000 >0.000000 ok w|w (a)\n"
                  "2 w #1 amd64 +1.000000 >0.000000 ok w|w (b)\n"
                  "3 w #2 amd64 +2.000000 >0.000000 ok w|w (a)\n"
                  "4 w #2 amd64 +3.000000 >0.000000 ok w|w (b)\n");
}

static void test_a_run_pauses_for_15_minutes_at_most(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  "id,start_time,name\n"
                  "1,2026-06-09T17:00:00Z,w / a\n"
                  "2,2026-06-09T17:15:00Z,w / b\n"
                  "3,2026-06-09T17:30:00.000001Z,w / c\n"
                  "4,2026-06-09T17:30:01Z,v / a\n",
                  "1 w #1 amd64 +0.000000 >0.000000 ok w|w / a\n"
                  "2 w #1 amd64 +900.000000 >0.000000 ok w|w / b\n"
                  "3 w #2 amd64 +1800.000001 >0.000000 ok w|w / c\n"
                  "4 v #3 amd64 +1801.000000 >0.000000 ok v|v / a\n");
}

static void test_a_caller_is_what_stands_before_the_matrix(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  "id,start_time,name\n"
                  "1,2026-06-09T17:00:00Z,w / x (a)\n"
                  "2,2026-06-09T17:00:01Z,w (x / a)\n"
                  "3,2026-06-09T17:00:02Z,w/x\n",
                  "1 w #1 amd64 +0.000000 >0.000000 ok w|w / x (a)\n"
                  "2 w #1 amd64 +1.000000 >0.000000 ok w|w (x / a)\n"
                  "3 3 amd64 +2.000000 >0.000000 ok |w/x\n");
}

static void test_a_workflow_groups_where_no_run_is_known(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  "id,workflow_name,start_time,name\n"
                  "1,w,2026-06-09T17:00:00Z,a\n"
                  "2,w,2026-06-09T17:00:01Z,b (x)\n"
                  "3,,2026-06-09T17:00:02Z,c\n",
                  "1 w #1 amd64 +0.000000 >0.000000 ok w|a\n"
                  "2 w #1 amd64 +1.000000 >0.000000 ok w|b (x)\n"
                  "3 3 amd64 +2.000000 >0.000000 ok |c\n");
}

/* Run 9 comes first; two builds have none. */
static void test_runs_are_numbered_as_they_begin(void **state)
{
    struct trace_build builds[] = {
        {.run = 9}, {.run = 0}, {.run = 4}, {.run = 9}, {.run = 0}, {.run = 4},
    };
    static const uint32_t want[] = {0, 1, 2, 0, 3, 2};
    struct trace t = {.builds = builds, .n = 6};
    uint32_t run_of[6];

    (void)state;
    assert_int_equal(runs_number(&t, 10, run_of), 4);
    assert_memory_equal(run_of, want, sizeof want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_a_name_that_comes_again_begins_a_run),
        IN_FOLDER(test_a_run_pauses_for_15_minutes_at_most),
        IN_FOLDER(test_a_caller_is_what_stands_before_the_matrix),
        IN_FOLDER(test_a_workflow_groups_where_no_run_is_known),
        cmocka_unit_test(test_runs_are_numbered_as_they_begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

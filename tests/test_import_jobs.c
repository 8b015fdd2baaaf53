/* What becomes of each defect of a real export. */
#include "tests/import_support.h"

/* Minutes and seconds after 2026-06-09T17: on. */
#define AT(time) "2026-06-09T17:" time "Z"
#define HEAD                                                                   \
    "id,run_id,run_attempt,name,status,conclusion,created_at,started_at,"      \
    "completed_at,labels,runner_name\n"
#define ROW(id, attempt, state, created, started, completed)                   \
    id ",7," attempt ",n," state "," created "," started "," completed         \
       ",['m'],r1\n"
#define GOOD(id)                                                               \
    ROW(id, "1", "completed,success", AT("00:00"), AT("00:10"), AT("05:00"))
#define LINE(id) id " 7 amd64 +0.000000 290.000000 ok |n\n"
#define EPOCH "1970-01-01 00:00:00.000000000"

static void assert_import(struct got *g, const char *text, const char *want)
{
    import_text(g, text, NULL);
    assert_builds(g, want);
    assert_rows_add_up(&g->report);
    trace_free(&g->trace);
}

static void test_the_last_line_of_a_job_wins(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  HEAD GOOD("1") ROW("1", "1", "completed,failure", AT("00:00"),
                                     AT("00:10"), AT("06:00")),
                  "1 7 amd64 +0.000000 350.000000 error |n\n");
    assert_int_equal(g.report.superseded, 1);
}

static void test_an_earlier_state_never_takes_the_place_of_a_later(void **s)
{
    struct got g = {.rc = 0};

    (void)s;
    assert_import(&g,
                  HEAD GOOD("1") ROW("1", "1", "in_progress,", AT("00:00"),
                                     AT("00:10"), EPOCH)
                      ROW("1", "1", "queued,", AT("00:00"), AT("00:00"), EPOCH),
                  LINE("1"));
    assert_int_equal(g.report.superseded, 2);
}

static void test_copies_in_a_later_attempt_are_left_out(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  HEAD GOOD("1") ROW("2", "2", "completed,success", AT("30:00"),
                                     AT("00:10"), AT("05:00"))
                      ROW("3", "2", "completed,success", AT("30:00"),
                          AT("30:00"), AT("35:00")),
                  LINE("1") "3 7.2 amd64 +1790.000000 300.000000 ok |n\n");
    assert_int_equal(g.report.not_rerun, 1);
}

/* The clocks of two services differ; the first attempt copies nothing. */
static void test_a_first_attempt_may_start_before_its_creation(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  HEAD ROW("1", "1", "completed,success", AT("00:11"),
                           AT("00:10"), AT("05:00")),
                  LINE("1"));
    assert_int_equal(g.report.not_rerun, 0);
}

static void test_an_end_before_the_start_is_left_out_or_no_work(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  HEAD GOOD("1") ROW("2", "1", "completed,cancelled",
                                     AT("00:00"), AT("00:11"), AT("00:10"))
                      ROW("3", "1", "completed,success", AT("00:00"),
                          AT("00:11"), AT("00:10"))
                          ROW("4", "1", "completed,skipped", AT("00:00"),
                              AT("00:01"), AT("00:00")),
                  LINE("1") "3 7 amd64 +1.000000 0.000000 ok |n\n");
    assert_int_equal(g.report.backwards, 2);
    assert_int_equal(g.report.clipped, 1);
    assert_int_equal(g.report.skipped, 1);
}

static void test_a_build_of_no_length_is_kept(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  HEAD ROW("1", "1", "completed,success", AT("00:00"),
                           AT("00:10"), AT("00:10")),
                  "1 7 amd64 +0.000000 0.000000 ok |n\n");
    assert_int_equal(g.report.backwards, 0);
}

static void test_jobs_without_labels_and_runner_are_left_out(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(
        &g,
        HEAD GOOD("1") "2,7,1,n,completed,failure,2026-06-09T17:00:00Z,"
                       "2026-06-09T17:00:00Z,2026-06-09T17:00:01Z,[],\n"
                       "3,7,1,n,completed,failure,2026-06-09T17:00:00Z,"
                       "2026-06-09T17:00:10Z,2026-06-09T17:05:00Z,[],r1\n",
        LINE("1") "3 7 amd64 +0.000000 290.000000 error |n\n");
    assert_int_equal(g.report.skipped, 1);
}

static void test_a_job_cancelled_without_a_runner_never_started(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(
        &g,
        HEAD GOOD("1") "2,7,1,n,completed,cancelled,2026-06-09T17:00:00Z,"
                       "2026-06-09T17:00:30Z,2026-06-09T17:05:00Z,['m'],\n"
                       "3,7,1,n,completed,success,2026-06-09T17:00:00Z," EPOCH
                       ",2026-06-09T17:05:00Z,['m'],r1\n",
        LINE("1"));
    assert_int_equal(g.report.never_started, 2);
}

/* The latest instant of the export is 17:40:00. */
static void test_running_jobs_have_worked_at_least_so_long(void **state)
{
    static const char *const ends[] = {"", EPOCH, "\\N", "null"};
    char text[1024];
    struct got g = {.rc = 0};

    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(text, sizeof text,
                 "%s"
                 "2,7,1,n,in_progress,,2026-06-09T17:00:00Z,"
                 "2026-06-09T17:00:10Z,%s,['m'],r1\n"
                 "3,7,1,n,queued,,2026-06-09T17:40:00Z,"
                 "2026-06-09T17:40:00Z,%s,['m'],\n",
                 HEAD, ends[i], ends[i]);
        assert_import(&g, text,
                      "2 7 amd64 +0.000000 >2390.000000 ok |n\n"
                      "3 7 amd64 +2390.000000 >0.000000 ok |n\n");
        assert_int_equal(g.report.censored, 2);
        assert_int_equal(g.report.queued, 1);
    }
}

/* A row that a filter removes still says how far the export reaches. */
static void test_the_end_of_the_export_is_that_of_all_rows(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_where(&g,
                 HEAD GOOD("9") ROW("2", "1", "in_progress,", AT("00:00"),
                                    AT("00:10"), ""),
                 "conclusion!=success");
    assert_builds(&g, "2 7 amd64 +0.000000 >290.000000 ok |n\n");
    trace_free(&g.trace);
}

static void test_a_day_to_the_second_is_a_lost_runner(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  HEAD ROW("1", "1", "completed,failure", AT("00:00"),
                           AT("00:10"), "2026-06-10T17:00:10.4Z")
                      ROW("2", "1", "completed,failure", AT("00:00"),
                          AT("00:10"), "2026-06-10T17:00:11Z"),
                  "1 7 amd64 +0.000000 86400.400000 error |n\n"
                  "2 7 amd64 +0.000000 86401.000000 error |n\n");
    assert_int_equal(g.report.day_long, 1);
}

static void test_an_ended_job_without_an_end_has_unknown_work(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  HEAD GOOD("1") ROW("2", "1", "completed,success", AT("00:00"),
                                     AT("00:10"), EPOCH),
                  LINE("1") "2 7 amd64 +0.000000 >0.000000 ok |n\n");
    assert_int_equal(g.report.no_end, 1);
    assert_int_equal(g.report.censored, 0);
}

static void test_every_conclusion_has_an_outcome(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(
        &g,
        "id,conclusion,started_at,completed_at\n"
        "1,neutral,2026-06-09T17:00:00Z,2026-06-09T17:00:01Z\n"
        "2,timed_out,2026-06-09T17:00:00Z,2026-06-09T17:00:02Z\n"
        "3,action_required,2026-06-09T17:00:00Z,2026-06-09T17:00:03Z\n"
        "4,cancelled,2026-06-09T17:00:00Z,2026-06-09T17:00:04Z\n"
        "5,,2026-06-09T17:00:00Z,2026-06-09T17:00:05Z\n",
        "1 1 amd64 +0.000000 1.000000 ok |\n"
        "2 2 amd64 +0.000000 2.000000 error |\n"
        "3 3 amd64 +0.000000 3.000000 error |\n"
        "4 4 amd64 +0.000000 >4.000000 cancelled leaves +4.000000 |\n"
        "5 5 amd64 +0.000000 5.000000 ok |\n");
}

static void test_the_name_and_the_labels_tell_the_pool(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  "id,name,started_at,completed_at,labels\n"
                  "1,a-aarch64-b,2026-06-09T17:00:00Z,2026-06-09T17:00:01Z,x\n"
                  "2,n,2026-06-09T17:00:00Z,2026-06-09T17:00:01Z,l-arm64g4\n"
                  "3,ARM64,2026-06-09T17:00:00Z,2026-06-09T17:00:01Z,x\n"
                  "4,arm6 arm46,2026-06-09T17:00:00Z,2026-06-09T17:00:01Z,64\n",
                  "1 1 arm64 +0.000000 1.000000 ok |a-aarch64-b\n"
                  "2 2 arm64 +0.000000 1.000000 ok |n\n"
                  "3 3 arm64 +0.000000 1.000000 ok |ARM64\n"
                  "4 4 amd64 +0.000000 1.000000 ok |arm6 arm46\n");
}

static void test_the_build_step_is_the_work_if_it_is_known(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  "id,started_at,completed_at,steps\n"
                  "1,2026-06-09T17:00:00Z,2026-06-09T17:09:00Z,"
                  "\"[('2026-06-09 17:08:30','success','Build and push x',6,"
                  "'2026-06-09 17:01:00.250000','completed')]\"\n"
                  "2,2026-06-09T17:00:00Z,2026-06-09T17:09:00Z,[]\n",
                  "2 2 amd64 +0.000000 540.000000 ok |\n"
                  "1 1 amd64 +60.250000 449.750000 ok |\n");
    assert_int_equal(g.report.asked_by[IMPORT_BY_STEP], 1);
}

static void test_a_step_that_ends_before_it_starts_ends_with_its_job(void **s)
{
    struct got g = {.rc = 0};

    (void)s;
    assert_import(&g,
                  "id,started_at,completed_at,build_started_at,"
                  "build_completed_at\n"
                  "1,2026-06-09T17:00:00Z,2026-06-09T17:09:00Z,"
                  "2026-06-09T17:01:00Z,2026-06-09T17:00:59Z\n"
                  "2,2026-06-09T17:00:00Z,2026-06-09T17:09:00Z,"
                  "2026-06-09T17:01:00Z,1970-01-01 00:00:00\n"
                  "3,2026-06-09T17:00:00Z,2026-06-09T17:09:00Z,"
                  "2026-06-09T17:01:00Z,2026-06-09T17:01:00Z\n",
                  "1 1 amd64 +0.000000 480.000000 ok |\n"
                  "2 2 amd64 +0.000000 480.000000 ok |\n"
                  "3 3 amd64 +0.000000 0.000000 ok |\n");
}

static void test_a_creation_behind_the_start_is_not_the_first_dial(void **state)
{
    struct import_options o = {.clock = IMPORT_CLOCK_CREATED};
    struct got g = {.rc = 0};

    (void)state;
    import_text(&g,
                HEAD ROW("1", "1", "completed,success", AT("00:11"),
                         AT("00:10"), AT("05:00"))
                    ROW("2", "1", "completed,success", AT("00:10"), AT("00:10"),
                        AT("05:00")),
                &o);
    assert_builds(&g, LINE("1") LINE("2"));
    assert_int_equal(g.report.asked_by[IMPORT_BY_START], 1);
    assert_int_equal(g.report.asked_by[IMPORT_BY_CREATION], 1);
    trace_free(&g.trace);
}

static void test_the_creation_of_jobs_keeps_runs_from_arriving_whole(void **s)
{
    struct got g = {.rc = 0};

    (void)s;
    assert_import(&g,
                  "id,run_created_at,created_at,started_at,completed_at\n"
                  "1,2026-06-09T16:00:00Z,2026-06-09T16:59:00Z,"
                  "2026-06-09T17:00:00Z,2026-06-09T17:09:00Z\n",
                  "1 1 amd64 +0.000000 540.000000 ok |\n");
    assert_int_equal(g.report.asked_by[IMPORT_BY_START], 1);
}

static void test_a_copy_is_known_without_its_attempt(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    assert_import(&g,
                  HEAD GOOD("1") ROW("2", "", "completed,success", AT("30:00"),
                                     AT("00:10"), AT("05:00")),
                  LINE("1"));
    assert_int_equal(g.report.not_rerun, 1);
}

static void test_the_report_tells_everything_in_words(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_text(&g,
                HEAD GOOD("2") GOOD("2")
                    ROW("3", "1", "completed,skipped", AT("00:00"), AT("00:01"),
                        AT("00:00")),
                NULL);
    assert_int_equal(g.rc, ERR_OK);
    assert_report(&g.report,
                  "table of jobs: 393 bytes\n"
                  "         3  rows read\n"
                  "         1  builds kept\n"
                  "         1  earlier states of a job seen again, left out\n"
                  "         1  skipped jobs, left out\n"
                  "         1  builds first dial when their job starts\n");
    trace_free(&g.trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_the_last_line_of_a_job_wins),
        IN_FOLDER(test_an_earlier_state_never_takes_the_place_of_a_later),
        IN_FOLDER(test_copies_in_a_later_attempt_are_left_out),
        IN_FOLDER(test_a_first_attempt_may_start_before_its_creation),
        IN_FOLDER(test_an_end_before_the_start_is_left_out_or_no_work),
        IN_FOLDER(test_a_build_of_no_length_is_kept),
        IN_FOLDER(test_jobs_without_labels_and_runner_are_left_out),
        IN_FOLDER(test_a_job_cancelled_without_a_runner_never_started),
        IN_FOLDER(test_running_jobs_have_worked_at_least_so_long),
        IN_FOLDER(test_the_end_of_the_export_is_that_of_all_rows),
        IN_FOLDER(test_a_day_to_the_second_is_a_lost_runner),
        IN_FOLDER(test_an_ended_job_without_an_end_has_unknown_work),
        IN_FOLDER(test_every_conclusion_has_an_outcome),
        IN_FOLDER(test_the_name_and_the_labels_tell_the_pool),
        IN_FOLDER(test_the_build_step_is_the_work_if_it_is_known),
        IN_FOLDER(test_a_step_that_ends_before_it_starts_ends_with_its_job),
        IN_FOLDER(test_a_creation_behind_the_start_is_not_the_first_dial),
        IN_FOLDER(test_the_creation_of_jobs_keeps_runs_from_arriving_whole),
        IN_FOLDER(test_a_copy_is_known_without_its_attempt),
        IN_FOLDER(test_the_report_tells_everything_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

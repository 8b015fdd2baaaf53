/* Runs in the root of the project, where the samples are. */
#include "tests/import_support.h"

#define SAMPLES "traces/data/samples/"

static void import_sample(struct got *g, const char *name, enum import_clock c)
{
    char *path = path_join(SAMPLES, name);
    struct import_options o = {.clock = c};

    import_file(g, path, &o);
    free(path);
    assert_string_equal(g->err.msg, "");
    assert_rows_add_up(&g->report);
}

/* Nine rows in every form of the HUD: one job in two states, a skipped job, a
 * copy of a job that was not run again, one cancelled before its start.
 */
static void assert_hud(const char *name, enum import_format format)
{
    struct got g = {.rc = 0};

    import_sample(&g, name, IMPORT_CLOCK_AUTO);
    assert_builds(&g,
                  "41000000002 9100000001 arm64 +0.000000 1068.000000 error "
                  "docker-builds|docker-build (made-up-linux-aarch64-py3.10, "
                  "x)\n"
                  "41000000003 9100000001 amd64 +2.000000 >420.000000 "
                  "cancelled leaves +422.000000 docker-builds|docker-build "
                  "(made-up-linux-\"quoted\", x)\n"
                  "41000000001 9100000001 amd64 +48.500000 689.500000 ok "
                  "docker-builds|docker-build (made-up-linux-rocm-n-py3, x)\n"
                  "41000000005 9100000002 arm64 +1078.250000 >589.750000 ok "
                  "docker-builds|docker-build (made-up-linux-cuda, x)\n"
                  "41000000006 9100000002 amd64 +1668.000000 >0.000000 ok "
                  "docker-builds|docker-build (made-up-linux-linter, x)\n");
    assert_int_equal(g.report.format, format);
    assert_int_equal(g.trace.origin_us, INT64_C(1781024532) * US_PER_S);
    assert_int_equal(g.report.rows, 9);
    assert_int_equal(g.report.superseded, 1);
    assert_int_equal(g.report.not_rerun, 1);
    assert_int_equal(g.report.backwards, 1);
    assert_int_equal(g.report.clipped, 0);
    assert_int_equal(g.report.skipped, 1);
    assert_int_equal(g.report.censored, 2);
    assert_int_equal(g.report.queued, 1);
    trace_free(&g.trace);
}

static void test_a_hud_export_is_the_same_in_every_form(void **state)
{
    (void)state;
    assert_hud("hud.csv", IMPORT_TABLE);
    assert_hud("hud.csv.gz", IMPORT_TABLE);
    assert_hud("hud.tsv", IMPORT_TABLE);
    assert_hud("hud-rows.jsonl", IMPORT_JSON);
    assert_hud("hud-client.json", IMPORT_JSON);
}

static void test_the_creation_of_the_job_can_be_the_first_dial(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_sample(&g, "hud.csv", IMPORT_CLOCK_CREATED);
    /* created 17:01:58, and the build still takes its own 1068 s */
    assert_int_equal(g.trace.builds[0].asked_us, 0);
    assert_int_equal(g.trace.origin_us, INT64_C(1781024518) * US_PER_S);
    assert_int_equal(g.report.asked_by[IMPORT_BY_CREATION], 5);
    trace_free(&g.trace);
}

/* The build step of the first job has times with an offset; the second job's
 * was skipped, so its own times stand; the third never had a runner.
 */
static void test_pages_of_github_follow_one_another(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_sample(&g, "github-pages.json", IMPORT_CLOCK_AUTO);
    assert_builds(&g,
                  "42000000002 9200000001 arm64 +0.000000 1800.000000 error "
                  "docker-builds|docker-build (made-up-b)\n"
                  "42000000001 9200000001 amd64 +61.250000 1110.500000 ok "
                  "docker-builds|docker-build (made-up-a)\n");
    assert_int_equal(g.report.missing_pages, 1);
    assert_int_equal(g.report.never_started, 1);
    assert_int_equal(g.report.asked_by[IMPORT_BY_STEP], 1);
    assert_int_equal(g.report.asked_by[IMPORT_BY_START], 1);
    trace_free(&g.trace);
}

/* The events of job 11 arrive as queued, completed, in_progress. */
static void test_the_furthest_state_of_webhooks_wins(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_sample(&g, "github-webhook.jsonl", IMPORT_CLOCK_AUTO);
    assert_builds(&g, "42000000012 9200000002 arm64 +0.000000 >0.000000 ok "
                      "docker-builds|docker-build (made-up-b)\n"
                      "42000000011 9200000002 amd64 +11.000000 1900.000000 ok "
                      "docker-builds|docker-build (made-up-a)\n");
    assert_int_equal(g.report.superseded, 2);
    assert_int_equal(g.report.queued, 1);
    trace_free(&g.trace);
}

static void test_a_run_arrives_as_a_whole_where_only_it_is_dated(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_sample(&g, "matrix.csv", IMPORT_CLOCK_AUTO);
    assert_builds(&g, "51000000001 9300000001 amd64 +0.000000 1944.000000 ok "
                      "|Linux native, fuzz, made up\n"
                      "51000000002 9300000001 arm64 +0.000000 60.000000 error "
                      "|macOS 14 native, arm64, made up\n"
                      "51000000004 9300000002 amd64 +2053.000000 >90.000000 "
                      "cancelled leaves +2153.000000 |lint\n"
                      "51000000005 9300000003 amd64 +27253.000000 86400.000000 "
                      "error |lost\n");
    assert_int_equal(g.report.backwards, 1);
    assert_int_equal(g.report.day_long, 1);
    assert_int_equal(g.report.asked_by[IMPORT_BY_RUN], 4);
    import_sample(&g, "matrix.csv", IMPORT_CLOCK_STARTED);
    assert_int_equal(g.trace.builds[1].asked_us, 295 * US_PER_S);
    assert_int_equal(g.report.asked_by[IMPORT_BY_START], 4);
    trace_free(&g.trace);
}

static void test_a_column_can_be_the_work(void **state)
{
    struct import_options o = {.work_column = "docker_build_seconds"};
    struct got g = {.rc = 0};

    (void)state;
    import_file(&g, SAMPLES "matrix.csv", &o);
    assert_builds(&g, "51000000001 9300000001 amd64 +0.000000 23.000000 ok "
                      "|Linux native, fuzz, made up\n"
                      "51000000004 9300000002 amd64 +2053.000000 17.250000 "
                      "cancelled leaves +2153.000000 |lint\n");
    assert_int_equal(g.report.no_work, 3);
    assert_rows_add_up(&g.report);
    trace_free(&g.trace);
}

/* One matrix, two runs: a name that comes again begins the second. */
static void test_starts_alone_make_builds_without_known_work(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_sample(&g, "starts.csv", IMPORT_CLOCK_AUTO);
    assert_builds(&g,
                  "61000000001 docker-build #1 amd64 +0.000000 >0.000000 ok "
                  "docker-build|docker-build (linux.12xlarge__ made-up-a)\n"
                  "61000000002 61000000002 amd64 +210.000000 >0.000000 ok "
                  "|check-api-rate\n"
                  "61000000003 docker-build #1 amd64 +211.500000 >0.000000 "
                  "ok docker-build|docker-build (linux.12xlarge__ made-up-b)\n"
                  "61000000004 docker-build #1 arm64 +270.000000 >0.000000 "
                  "error docker-build|docker-build (made-up-aarch64__ "
                  "linux.arm64.2xlarge)\n"
                  "61000000005 docker-build #2 amd64 +3062.000000 >0.000000 "
                  "ok docker-build|docker-build (linux.12xlarge__ "
                  "made-up-a)\n");
    assert_int_equal(g.report.no_end, 5);
    assert_int_equal(g.report.superseded, 1);
    assert_int_equal(g.report.out_of_order, 4);
    trace_free(&g.trace);
}

static void test_work_can_be_assumed_where_no_end_is_known(void **state)
{
    struct import_options o = {.default_work_us = 1500 * US_PER_S};
    struct got g = {.rc = 0};

    (void)state;
    import_file(&g, SAMPLES "starts.csv", &o);
    assert_int_equal(g.rc, ERR_OK);
    for (size_t i = 0; i < g.trace.n; i++) {
        assert_int_equal(g.trace.builds[i].work_us, 1500 * US_PER_S);
        assert_false(g.trace.builds[i].censored);
    }
    trace_free(&g.trace);
}

/* Job 1 has no wait, 2 waits 30 s, 3 fails, 4 has no run time, 5 is cancelled
 * after 7 s in the queue, 6 is a part of a job, 7 was never submitted.
 */
static void test_a_batch_log_takes_minus_one_for_unknown(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_sample(&g, "batch.swf", IMPORT_CLOCK_AUTO);
    assert_builds(&g, "1 1 swf +0.000000 1451.000000 ok |program-3\n"
                      "2 2 partition-4 +1460.000000 726.000000 ok |\n"
                      "3 3 partition-4 +1461.000000 20.000000 error |\n"
                      "4 4 swf +1462.000000 >0.000000 ok |\n"
                      "5 5 swf +1463.000000 >0.000000 cancelled leaves "
                      "+1470.000000 |\n");
    assert_int_equal(g.trace.origin_us, INT64_C(749458803) * US_PER_S);
    assert_int_equal(g.report.format, IMPORT_SWF);
    assert_int_equal(g.report.skipped, 1);
    assert_int_equal(g.report.never_started, 1);
    assert_int_equal(g.report.no_end, 2);
    import_sample(&g, "batch.swf", IMPORT_CLOCK_STARTED);
    assert_int_equal(g.trace.builds[3].asked_us, 1471 * US_PER_S);
    assert_int_equal(g.trace.builds[4].asked_us, 1490 * US_PER_S);
    trace_free(&g.trace);
}

static void test_our_own_csv_says_what_it_covers(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_sample(&g, "own.csv", IMPORT_CLOCK_AUTO);
    assert_builds(&g, "b4 b4 amd64 +61200.000000 600.000000 cancelled leaves "
                      "+61500.250000 |\n"
                      "b1 r1 amd64 +61331.385000 1500.000001 ok "
                      "docker-builds|made-up-a\n"
                      "b2 r1 arm64 +61331.385000 >12.500000 ok "
                      "docker-builds|made-up-b, with a comma\n"
                      "b3 r1 amd64 +61332.000000 >0.000000 error "
                      "docker-builds|=made-up-c\n");
    assert_true(g.trace.synthetic && g.trace.absolute);
    assert_int_equal(g.trace.span_us, US_PER_DAY);
    assert_int_equal(g.trace.origin_us, INT64_C(1780963200) * US_PER_S);
    assert_int_equal(g.report.censored, 2);
    trace_free(&g.trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_hud_export_is_the_same_in_every_form),
        cmocka_unit_test(test_the_creation_of_the_job_can_be_the_first_dial),
        cmocka_unit_test(test_pages_of_github_follow_one_another),
        cmocka_unit_test(test_the_furthest_state_of_webhooks_wins),
        cmocka_unit_test(test_a_run_arrives_as_a_whole_where_only_it_is_dated),
        cmocka_unit_test(test_a_column_can_be_the_work),
        cmocka_unit_test(test_starts_alone_make_builds_without_known_work),
        cmocka_unit_test(test_work_can_be_assumed_where_no_end_is_known),
        cmocka_unit_test(test_a_batch_log_takes_minus_one_for_unknown),
        cmocka_unit_test(test_our_own_csv_says_what_it_covers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

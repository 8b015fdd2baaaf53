/* Real files, where they are at hand: in $DRYDOCK_DATA or ../shared/data, seen
 * from the root of the project. The figures are those of their own README.
 */
#include "tests/import_support.h"

static char *data_path(const char *name)
{
    const char *folder = getenv("DRYDOCK_DATA");
    char *path = path_join(folder ? folder : "../shared/data", name);

    if (access(path, R_OK) == 0)
        return path;
    free(path);
    return NULL;
}

/* Imports the file, or skips the test. */
static void import_data(struct got *g, const char *name, const char *filter)
{
    struct import_options o = {.where = &filter, .n_where = filter ? 1 : 0};
    char *path = data_path(name);

    if (!path) {
        puts("skip: the shared data is not here (DRYDOCK_DATA)");
        skip();
    }
    import_file(g, path, &o);
    free(path);
    assert_string_equal(g->err.msg, "");
    assert_rows_add_up(&g->report);
}

static size_t n_of_pool(const struct trace *t, const char *pool)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        n += strcmp(strings_at(&t->strings, t->builds[i].pool), pool) == 0;
    return n;
}

static size_t n_runs(const struct trace *t)
{
    struct strings runs = {0};

    for (size_t i = 0; i < t->n; i++) {
        const char *run = strings_at(&t->strings, t->builds[i].run);

        strings_add(&runs, run, strlen(run));
    }
    size_t n = runs.n - 1; /* the first is "" */
    strings_free(&runs);
    return n;
}

static void test_27_days_of_jobs_that_ended(void **state)
{
    struct got g = {.rc = 0};
    size_t n_cancelled = 0, n_error = 0;

    (void)state;
    import_data(&g, "bitcoin-core-gha-jobs-2025-09.csv.gz", NULL);
    for (size_t i = 0; i < g.trace.n; i++) {
        n_cancelled += g.trace.builds[i].outcome == TRACE_CANCELLED;
        n_error += g.trace.builds[i].outcome == TRACE_ERROR;
    }
    assert_int_equal(g.report.rows, 9786);
    assert_int_equal(g.report.backwards, 49);
    assert_int_equal(g.report.clipped, 0);
    assert_int_equal(n_cancelled, 1216 - 49);
    assert_int_equal(n_error, 298);
    assert_int_equal(g.report.asked_by[IMPORT_BY_RUN], 9737);
    trace_free(&g.trace);
}

static void test_the_docker_step_of_those_jobs_as_work(void **state)
{
    struct import_options o = {.work_column = "docker_build_seconds"};
    struct got g = {.rc = 0};
    sim_us longest_us = 0;
    char *path = data_path("bitcoin-core-gha-jobs-2025-09.csv.gz");

    (void)state;
    if (!path)
        skip();
    import_file(&g, path, &o);
    free(path);
    for (size_t i = 0; i < g.trace.n; i++)
        if (g.trace.builds[i].work_us > longest_us)
            longest_us = g.trace.builds[i].work_us;
    assert_int_equal(g.report.no_work, 9786 - 5897);
    assert_int_equal(longest_us, 509 * US_PER_S);
    trace_free(&g.trace);
}

/* Four matrices of 23 + 2. */
static void test_starts_of_the_true_project(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_data(&g, "pytorch-hud-job-starts-2024-08-14.csv.gz",
                "name=docker-build (*");
    assert_int_equal(g.report.rows, 19199);
    assert_int_equal(g.trace.n, 100);
    assert_int_equal(n_of_pool(&g.trace, "amd64"), 92);
    assert_int_equal(n_of_pool(&g.trace, "arm64"), 8);
    assert_int_equal(n_runs(&g.trace), 4);
    trace_free(&g.trace);
}

static void test_one_id_of_the_true_project_is_there_twice(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_data(&g, "pytorch-hud-job-starts-2024-08-14.csv.gz", NULL);
    assert_int_equal(g.report.superseded, 1);
    assert_int_equal(g.report.no_end, 19198);
    assert_int_equal(g.trace.n, 19198);
    trace_free(&g.trace);
}

static void test_a_page_of_an_old_answer_lacks_sixty_jobs(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_data(&g, "pytorch-list-jobs-sample.json", NULL);
    assert_int_equal(g.report.rows, 6);
    assert_int_equal(g.report.missing_pages, 60);
    assert_int_equal(g.report.skipped, 2);
    /* 00:59:06 to 01:21:22 */
    assert_int_equal(g.trace.builds[0].work_us, 1336 * US_PER_S);
    trace_free(&g.trace);
}

/* Over the jobs that ran at all, as the README counts. */
static double mean_work_s(const struct trace *t)
{
    double sum_s = 0;
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++) {
        sum_s += s_from_us(t->builds[i].work_us);
        n += t->builds[i].work_us > 0;
    }
    return sum_s / (double)n;
}

static void test_logs_of_batch_systems_without_waits(void **state)
{
    struct got g = {.rc = 0};

    (void)state;
    import_data(&g, "NASA-iPSC-1993-3.1-cln.swf.gz", NULL);
    assert_int_equal(g.trace.n, 18239);
    assert_int_equal(g.trace.origin_us, INT64_C(749458803) * US_PER_S);
    assert_close(mean_work_s(&g.trace), 772, 0.5);
    import_data(&g, "LCG-2005-1.swf.gz", NULL);
    assert_int_equal(g.trace.n, 188041);
    assert_close(mean_work_s(&g.trace), 8013, 0.5);
    trace_free(&g.trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_27_days_of_jobs_that_ended),
        cmocka_unit_test(test_the_docker_step_of_those_jobs_as_work),
        cmocka_unit_test(test_starts_of_the_true_project),
        cmocka_unit_test(test_one_id_of_the_true_project_is_there_twice),
        cmocka_unit_test(test_a_page_of_an_old_answer_lacks_sixty_jobs),
        cmocka_unit_test(test_logs_of_batch_systems_without_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

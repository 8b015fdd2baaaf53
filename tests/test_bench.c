/* The program's measurements of itself: what they print and refuse. Speeds
 * differ from machine to machine, so no test looks at one.
 */
#include "tests/support.h"

#include "sim/app/bench.h"
#include "traces/import.h"

#include <stdlib.h>
#include <string.h>

static const struct bench_size small = {.customers = 5000,
                                        .holds = 1000,
                                        .megabytes = 1,
                                        .runs = 1,
                                        .scenario = "tests/nowhere.yaml"};

static void assert_line(const struct bench_line *line, const char *want)
{
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    bench_print(out, line);
    fclose(out);
    assert_string_equal(text, want);
    free(text);
}

static void test_a_line_without_a_target_ends_with_its_unit(void **state)
{
    const struct bench_line line = {"hold", "ns", 23.857, BENCH_NO_GOAL, 0};

    (void)state;
    assert_line(&line, "hold                                         "
                       "       23.86 ns  \n");
}

static void test_a_target_is_met_at_its_very_value(void **state)
{
    const struct bench_line most = {"run", "ms", 40.0, BENCH_AT_MOST, 40.0};
    const struct bench_line least = {"run", "MB/s", 200.0, BENCH_AT_LEAST, 200};

    (void)state;
    assert_line(&most, "run                                          "
                       "       40.00 ms   target <= 40: met\n");
    assert_line(&least, "run                                          "
                        "       200.0 MB/s target >= 200: met\n");
}

static void test_a_missed_target_is_said_aloud(void **state)
{
    const struct bench_line most = {"run", "ms", 40.001, BENCH_AT_MOST, 40.0};
    const struct bench_line least = {"run", "MB/s", 199.9, BENCH_AT_LEAST, 200};

    (void)state;
    assert_line(&most, "run                                          "
                       "       40.00 ms   target <= 40: NOT MET\n");
    assert_line(&least, "run                                          "
                        "       199.9 MB/s target >= 200: NOT MET\n");
}

static void test_counts_have_no_decimals_and_no_exponent(void **state)
{
    const struct bench_line line = {"x", "1/s", 12345678.9, BENCH_NO_GOAL, 0};

    (void)state;
    assert_line(&line, "x                                            "
                       "    12345679 1/s \n");
}

/* Runs one measurement; returns what it printed. Owned. */
static char *printed_by(int (*run)(FILE *, const struct bench_size *,
                                   struct err *),
                        int want_rc, struct err *e)
{
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    assert_int_equal(run(out, &small, e), want_rc);
    fclose(out);
    return text;
}

static void test_the_queue_prints_its_mean_before_its_speed(void **state)
{
    struct err e = {0};
    char *text = printed_by(bench_queue, ERR_OK, &e);
    const char *mean = strstr(text, "queue: mean time inside (theory: 10)");
    const char *speed = strstr(text, "queue: customers per CPU second");

    (void)state;
    assert_non_null(mean);
    assert_non_null(speed);
    assert_true(mean < speed);
    free(text);
}

static void test_the_hold_model_has_ten_cases(void **state)
{
    struct err e = {0};
    char *text = printed_by(bench_hold, ERR_OK, &e);
    size_t n_lines = 0;

    (void)state;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        n_lines++;
    assert_int_equal(n_lines, 10);
    assert_non_null(strstr(text, "hold: 100000 pending, ticks and lognormal"));
    free(text);
}

static void test_every_job_of_the_table_becomes_a_build(void **state)
{
    FILE *table = tmpfile();
    uint64_t n = bench_table(table, 30000);
    struct import_report r;
    struct trace t;
    struct err e = {0};
    char path[48];

    (void)state;
    assert_int_equal(fflush(table), 0);
    assert_true(ftell(table) >= 30000 && ftell(table) < 31000);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(table));
    assert_int_equal(trace_import(&t, path, NULL, &r, &e), ERR_OK);
    assert_int_equal(r.format, IMPORT_TABLE);
    assert_int_equal(r.rows, n);
    assert_int_equal(t.n, n);
    assert_string_equal(strings_at(&t.strings, t.builds[0].id), "41000000000");
    assert_int_equal(t.builds[1].asked_us - t.builds[0].asked_us, 7 * US_PER_S);
    trace_free(&t);
    fclose(table);
}

static void test_the_import_is_held_against_its_target(void **state)
{
    struct err e = {0};
    char *text = printed_by(bench_import, ERR_OK, &e);

    (void)state;
    assert_non_null(strstr(text, "import: table of jobs"));
    assert_non_null(strstr(text, "target >= 200: "));
    free(text);
}

static void test_a_scenario_that_is_not_there_is_refused(void **state)
{
    struct err e = {0};
    char *text = printed_by(bench_scenario, ERR_IO, &e);

    (void)state;
    assert_string_equal(e.msg, "tests/nowhere.yaml: No such file or directory");
    assert_string_equal(text, "");
    free(text);
}

static void test_histories_repeat_up_to_their_bounds(void **state)
{
    const struct bench_size few = {.replications = 2,
                                   .days = 15,
                                   .builds = 2000,
                                   .scenario = "scenarios/prod.yaml"};
    struct err e = {0};
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    (void)state;
    assert_int_equal(bench_many(out, &few, &e), ERR_OK);
    assert_int_equal(bench_scaling(out, &few, &e), ERR_OK);
    fclose(out);
    assert_non_null(strstr(text, "replications per second, 2 threads"));
    assert_non_null(strstr(text, "scaling: 14 days, 5659 builds"));
    assert_null(strstr(text, "scaling: 90 days"));
    assert_non_null(strstr(text, "scaling: 15 idle days more"));
    assert_non_null(strstr(text, "one after the other, 20 builds"));
    assert_non_null(strstr(text, "one after the other, 200 builds"));
    assert_non_null(strstr(text, "one after the other, 2000 builds"));
    assert_non_null(strstr(text, "target <= 0.004: "));
    free(text);
}

static void test_clocks_only_move_forward(void **state)
{
    double s = bench_cpu_s(), mib = bench_peak_mib();

    (void)state;
    assert_true(s > 0.0 && mib > 0.0);
    assert_true(bench_cpu_s() >= s);
    assert_true(bench_peak_mib() >= mib);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_line_without_a_target_ends_with_its_unit),
        cmocka_unit_test(test_a_target_is_met_at_its_very_value),
        cmocka_unit_test(test_a_missed_target_is_said_aloud),
        cmocka_unit_test(test_counts_have_no_decimals_and_no_exponent),
        cmocka_unit_test(test_the_queue_prints_its_mean_before_its_speed),
        cmocka_unit_test(test_the_hold_model_has_ten_cases),
        cmocka_unit_test(test_every_job_of_the_table_becomes_a_build),
        cmocka_unit_test(test_the_import_is_held_against_its_target),
        cmocka_unit_test(test_a_scenario_that_is_not_there_is_refused),
        cmocka_unit_test(test_histories_repeat_up_to_their_bounds),
        cmocka_unit_test(test_clocks_only_move_forward),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/size_rig.h"

#include "sim/base/file.h"
#include "sim/plan/trials_file.h"

#define TRACE "traces/data/scale-test.csv"

static char path[64];

static int enter(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, P_tmpdir "/drydock-trials-%ld",
                   (long)getpid());
    unlink(path);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

static size_t open_file(struct size_rig *rig, bool resume)
{
    size_t n_found = 99;

    if (trials_file_open(&rig->t, path, resume, &n_found, &rig->e) != ERR_OK)
        fail_msg("%s", rig->e.msg);
    return n_found;
}

/* Three runs of two settings, of which one is of a drawn history. */
static void write_some(struct size_rig *rig)
{
    assert_int_equal(open_file(rig, false), 0);
    rig_run(rig, rig_setting(rig, NULL, NULL), 0);
    rig_run(rig,
            rig_setting(rig, "amd64.max_replicas=5",
                        "amd64.hpa.down_policies=10/20m+20%/20m"),
            1);
    rig_run(rig,
            rig_setting(rig, "amd64.max_replicas=5",
                        "amd64.hpa.down_policies=10/20m+20%/20m"),
            3);
    assert_int_equal(trials_file_close(&rig->t, path, &rig->e), ERR_OK);
    assert_int_equal(trials_file_close(&rig->t, path, &rig->e), ERR_OK);
}

static void test_runs_come_back_to_the_last_bit(void **state)
{
    struct size_rig first, second;
    (void)state;

    rig_open(&first, TRACE, 1, 5);
    rig_open(&second, TRACE, 2, 5); /* numbers of histories have moved */
    write_some(&first);
    assert_int_equal(open_file(&second, true), 3);
    size_t set = rig_setting(&second, "amd64.max_replicas=5",
                             "amd64.hpa.down_policies=10/20m+20%/20m");
    assert_memory_equal(
        trials_at(&second.t, rig_setting(&second, NULL, NULL), 0),
        trials_at(&first.t, 0, 0), 2 * sizeof(struct trial));
    assert_memory_equal(trials_at(&second.t, set, 2), trials_at(&first.t, 1, 1),
                        2 * sizeof(struct trial));
    assert_memory_equal(trials_at(&second.t, set, 4), trials_at(&first.t, 1, 3),
                        2 * sizeof(struct trial));
    assert_int_equal(second.t.n_runs, 0);
    assert_int_equal(trials_file_close(&second.t, path, &second.e), ERR_OK);
    rig_close(&first);
    rig_close(&second);
}

static void cut_file(long from_end)
{
    struct err e;
    char *text;
    size_t n;

    assert_int_equal(file_read(path, 1 << 20, &text, &n, &e), ERR_OK);
    free(text);
    assert_int_equal(truncate(path, (off_t)n - from_end), 0);
}

static void
test_a_line_that_is_not_whole_is_dropped_and_written_anew(void **state)
{
    struct size_rig first, second, third;
    (void)state;

    rig_open(&first, TRACE, 1, 5);
    rig_open(&second, TRACE, 1, 5);
    rig_open(&third, TRACE, 1, 5);
    write_some(&first);
    cut_file(7);
    assert_int_equal(open_file(&second, true), 2);
    rig_run(&second, rig_setting(&second, NULL, NULL), 4);
    assert_int_equal(trials_file_close(&second.t, path, &second.e), ERR_OK);
    assert_int_equal(open_file(&third, true), 3);
    assert_int_equal(trials_file_close(&third.t, path, &third.e), ERR_OK);
    rig_close(&first);
    rig_close(&second);
    rig_close(&third);
}

static void test_without_resume_the_file_starts_empty(void **state)
{
    struct size_rig first, second;
    (void)state;

    rig_open(&first, TRACE, 1, 5);
    rig_open(&second, TRACE, 1, 5);
    assert_int_equal(open_file(&first, true), 0); /* there is none yet */
    assert_int_equal(trials_file_close(&first.t, path, &first.e), ERR_OK);
    write_some(&first);
    assert_int_equal(open_file(&second, false), 0);
    assert_int_equal(trials_file_close(&second.t, path, &second.e), ERR_OK);
    assert_int_equal(open_file(&second, true), 0);
    assert_int_equal(trials_file_close(&second.t, path, &second.e), ERR_OK);
    rig_close(&first);
    rig_close(&second);
}

static void assert_refused(struct size_rig *rig, const char *says)
{
    size_t n_found;

    assert_int_equal(trials_file_open(&rig->t, path, true, &n_found, &rig->e),
                     ERR_INPUT);
    assert_non_null(strstr(rig->e.msg, says));
    assert_null(rig->t.file);
}

static void test_runs_of_another_scenario_or_trace_are_refused(void **state)
{
    struct size_rig first, second;
    (void)state;

    rig_open(&first, TRACE, 1, 5);
    write_some(&first);
    rig_open(&second, TRACE, 1, 5);
    second.s.system.karpenter.batch_idle_us++;
    assert_refused(&second, "not the runs of this scenario");
    rig_close(&second);
    rig_open(&second, TRACE, 1, 5);
    second.s.trace.builds[3].work_us++;
    assert_refused(&second, "not the runs of this scenario");
    rig_close(&second);
    rig_open(&second, TRACE, 1, 5);
    second.h.seed++;
    assert_refused(&second, "not the runs of this scenario");
    rig_close(&second);
    rig_close(&first);
}

static void test_a_damaged_line_is_named(void **state)
{
    struct size_rig first, second;
    (void)state;

    rig_open(&first, TRACE, 1, 5);
    write_some(&first);
    FILE *fp = fopen(path, "a");
    assert_non_null(fp);
    fputs("0 0 1 2 three\n", fp);
    assert_int_equal(fclose(fp), 0);
    rig_open(&second, TRACE, 1, 5);
    assert_refused(&second, ":5: a damaged line");
    rig_close(&second);
    rig_close(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_runs_come_back_to_the_last_bit,
                                        enter, leave),
        cmocka_unit_test_setup_teardown(
            test_a_line_that_is_not_whole_is_dropped_and_written_anew, enter,
            leave),
        cmocka_unit_test_setup_teardown(
            test_without_resume_the_file_starts_empty, enter, leave),
        cmocka_unit_test_setup_teardown(
            test_runs_of_another_scenario_or_trace_are_refused, enter, leave),
        cmocka_unit_test_setup_teardown(test_a_damaged_line_is_named, enter,
                                        leave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

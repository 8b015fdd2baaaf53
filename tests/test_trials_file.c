#include "tests/size_rig.h"

#include "sim/base/file.h"
#include "sim/plan/trials_file.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define TRACE "traces/data/scale-test.csv"

static char folder[64], path[128];
static const char *const names[] = {"trials.txt", "trials.0-of-2.txt",
                                    "trials.1-of-2.txt"};

static int enter(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, P_tmpdir "/drydock-trials-%ld",
                   (long)getpid());
    (void)snprintf(path, sizeof path, "%s/trials.txt", folder);
    return mkdir(folder, 0700);
}

static int leave(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static size_t open_file(struct size_rig *rig, bool resume)
{
    size_t n_found = 99;

    if (trials_file_open(&rig->t, folder, resume, &n_found, &rig->e) != ERR_OK)
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
    assert_int_equal(trials_file_close(&rig->t, &rig->e), ERR_OK);
    assert_int_equal(trials_file_close(&rig->t, &rig->e), ERR_OK);
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
    assert_int_equal(trials_file_close(&second.t, &second.e), ERR_OK);
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
    assert_int_equal(trials_file_close(&second.t, &second.e), ERR_OK);
    assert_int_equal(open_file(&third, true), 3);
    assert_int_equal(trials_file_close(&third.t, &third.e), ERR_OK);
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
    assert_int_equal(trials_file_close(&first.t, &first.e), ERR_OK);
    write_some(&first);
    assert_int_equal(open_file(&second, false), 0);
    assert_int_equal(trials_file_close(&second.t, &second.e), ERR_OK);
    assert_int_equal(open_file(&second, true), 0);
    assert_int_equal(trials_file_close(&second.t, &second.e), ERR_OK);
    rig_close(&first);
    rig_close(&second);
}

static void assert_refused(struct size_rig *rig, const char *says)
{
    size_t n_found;

    assert_int_equal(trials_file_open(&rig->t, folder, true, &n_found, &rig->e),
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

static void test_who_comes_second_is_refused(void **state)
{
    struct size_rig first, second;
    size_t n_found;
    (void)state;

    rig_open(&first, TRACE, 1, 5);
    rig_open(&second, TRACE, 1, 5);
    open_file(&first, false);
    rig_run(&first, rig_setting(&first, NULL, NULL), 0);
    assert_int_equal(
        trials_file_open(&second.t, folder, false, &n_found, &second.e),
        ERR_IO);
    assert_non_null(
        strstr(second.e.msg, "another drydock is at work in this folder"));
    assert_null(second.t.file);
    assert_int_equal(trials_file_close(&first.t, &first.e), ERR_OK);
    assert_int_equal(open_file(&second, true), 1); /* nothing was lost */
    assert_int_equal(trials_file_close(&second.t, &second.e), ERR_OK);
    rig_close(&first);
    rig_close(&second);
}

static void test_histories_that_grew_otherwise_are_others(void **state)
{
    struct size_rig first, second;
    (void)state;

    rig_open(&first, TRACE, 1, 5);
    rig_open(&second, TRACE, 1, 5);
    write_some(&first);
    histories_free(&second.h);
    const struct resample_source source = {&second.s.trace, 1.5};
    const struct histories_task task = {&source, 1, 5, 1, 5};
    assert_int_equal(histories_make(&second.h, &task, &second.e), ERR_OK);
    assert_refused(&second, "not the runs of this scenario");
    rig_close(&first);
    rig_close(&second);
}

/* A file may have so many bytes, and no more, as on a disk that is full. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void run_all(struct size_rig *rig, int want)
{
    struct trial_pair pairs[6];
    size_t today = rig_setting(rig, NULL, NULL);

    for (size_t i = 0; i < 6; i++)
        pairs[i] = (struct trial_pair){today, i};
    assert_int_equal(trials_run(&rig->t, pairs, 6, &rig->e), want);
}

static void test_a_full_disk_ends_the_search_and_loses_nothing(void **state)
{
    struct size_rig first, second;
    struct stat st;
    (void)state;

    rig_open(&first, TRACE, 1, 5);
    rig_open(&second, TRACE, 1, 5);
    write_some(&first);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(open_file(&second, true), 3);
    signal(SIGXFSZ, SIG_IGN);
    limit_files((rlim_t)st.st_size + 10); /* not a line more */
    run_all(&second, ERR_IO);
    assert_non_null(strstr(second.e.msg, "trials.txt: File too large"));
    assert_false(second.t.is_stopped);
    assert_int_equal(second.t.n_runs, 1); /* and then it was given up */
    assert_int_equal(trials_file_close(&second.t, &second.e), ERR_IO);
    limit_files(RLIM_INFINITY);
    assert_int_equal(open_file(&second, true), 0); /* all known already */
    run_all(&second, ERR_OK);
    assert_int_equal(trials_file_close(&second.t, &second.e), ERR_OK);
    rig_close(&first);
    rig_close(&second);
}

/* ------------------------------------------------------------ parts */

struct part {
    struct size_rig rig;
    int rc;
};

static void open_part(struct part *p, uint32_t number)
{
    rig_open(&p->rig, TRACE, 1, 5);
    p->rig.t.part = number;
    p->rig.t.n_parts = 2;
    open_file(&p->rig, true);
}

static void *run_part(void *context)
{
    struct part *p = context;
    struct trial_pair pairs[6];

    for (size_t i = 0; i < 6; i++)
        pairs[i] = (struct trial_pair){0, i};
    p->rc = trials_run(&p->rig.t, pairs, 6, &p->rig.e);
    return NULL;
}

static void close_part(struct part *p)
{
    assert_int_equal(trials_file_close(&p->rig.t, &p->rig.e), ERR_OK);
    rig_close(&p->rig);
}

static size_t n_lines(const char *name)
{
    size_t n = 0;
    int c;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    while ((c = fgetc(in)) != EOF)
        n += c == '\n';
    fclose(in);
    return n;
}

static void assert_part(struct part *p, const struct size_rig *alone,
                        size_t number)
{
    assert_int_equal(p->rc, ERR_OK);
    assert_int_equal(p->rig.t.n_runs, 6);
    for (size_t i = 0; i < 6; i++)
        assert_memory_equal(trials_at(&p->rig.t, 0, i),
                            trials_at(&alone->t, 0, i),
                            2 * sizeof(struct trial));
    assert_int_equal(n_lines(names[1 + number]), 1 + 3); /* every other */
    close_part(p);
}

static void test_parts_share_the_work_and_have_all_of_it(void **state)
{
    struct part alone = {0}, parts[2];
    pthread_t other;
    (void)state;

    rig_open(&alone.rig, TRACE, 1, 5);
    rig_setting(&alone.rig, "amd64.max_replicas=5", NULL);
    run_part(&alone);
    for (uint32_t i = 0; i < 2; i++) {
        open_part(&parts[i], i);
        rig_setting(&parts[i].rig, "amd64.max_replicas=5", NULL);
    }
    assert_int_equal(pthread_create(&other, NULL, run_part, &parts[1]), 0);
    run_part(&parts[0]);
    pthread_join(other, NULL);
    for (size_t i = 0; i < 2; i++)
        assert_part(&parts[i], &alone.rig, i);
    rig_close(&alone.rig);
}

static bool after_some(void *context)
{
    return ((const struct part *)context)->rig.t.n_runs >= 3;
}

static void test_a_part_that_waits_for_another_can_be_stopped(void **state)
{
    struct part p;
    (void)state;

    open_part(&p, 0);
    rig_setting(&p.rig, NULL, NULL);
    p.rig.t.context = &p;
    p.rig.t.should_stop = after_some;
    run_part(&p);
    assert_int_equal(p.rc, ERR_IO);
    assert_string_equal(p.rig.e.msg, "interrupted");
    assert_true(p.rig.t.is_stopped);
    close_part(&p);
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
        cmocka_unit_test_setup_teardown(test_who_comes_second_is_refused, enter,
                                        leave),
        cmocka_unit_test_setup_teardown(
            test_histories_that_grew_otherwise_are_others, enter, leave),
        cmocka_unit_test_setup_teardown(
            test_a_full_disk_ends_the_search_and_loses_nothing, enter, leave),
        cmocka_unit_test_setup_teardown(
            test_parts_share_the_work_and_have_all_of_it, enter, leave),
        cmocka_unit_test_setup_teardown(
            test_a_part_that_waits_for_another_can_be_stopped, enter, leave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

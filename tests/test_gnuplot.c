#include "plots/gnuplot.h"

#include "sim/base/wall.h"
#include "tests/folder.h"

/* A script in the place of gnuplot, given -d -e out="fig.part" fig.gp. */
static int run_fake(const char *body, int limit_ms, struct err *e)
{
    char *program = write_script("fake", body);
    int rc = gnuplot_run(program, ".", "fig", limit_ms, e);

    free(program);
    return rc;
}

static void test_pictures_get_their_names_when_both_are_drawn(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(run_fake("echo \"$1 $2 $3 $4\" > fig.part.svg\n"
                              "echo png > fig.part.png",
                              5000, &e),
                     ERR_OK);
    assert_content("fig.svg", "-d -e out=\"fig.part\" fig.gp\n");
    assert_content("fig.png", "png\n");
    assert_int_equal(n_files(), 3);
}

static void test_only_what_is_needed_is_handed_on(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(setenv("GNUPLOT_LIB", "/elsewhere", 1), 0);
    assert_int_equal(setenv("LC_ALL", "de_DE.UTF-8", 1), 0);
    assert_int_equal(
        run_fake(
            "echo \"$LC_ALL$GNUPLOT_LIB\" > fig.part.svg; : > fig.part.png",
            5000, &e),
        ERR_OK);
    assert_content("fig.svg", "C.UTF-8\n");
    unsetenv("GNUPLOT_LIB");
    unsetenv("LC_ALL");
}

static void test_the_complaint_of_gnuplot_is_passed_on(void **state)
{
    struct err e;

    (void)state;
    write_bytes("fig.svg", "old", 3);
    assert_int_equal(
        run_fake("echo new > fig.part.svg; { echo; echo 'set foo bar';\n"
                 "echo '    ^'; echo '\"fig.gp\" line 3: unrecognized option';"
                 "} >&2; exit 1",
                 5000, &e),
        ERR_IO);
    assert_string_equal(e.msg,
                        "./fig.gp: \"fig.gp\" line 3: unrecognized option");
    assert_int_equal(n_files(), 1); /* neither old nor half a picture */
}

static void test_any_other_first_line_is_passed_on(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(
        run_fake("echo >&2; echo 'no fonts' >&2; echo more >&2; exit 3", 5000,
                 &e),
        ERR_IO);
    assert_string_equal(e.msg, "./fig.gp: no fonts");
    assert_int_equal(run_fake("exit 3", 5000, &e), ERR_IO);
    assert_string_equal(e.msg, "./fig.gp: gnuplot failed and did not say why");
}

static void test_drawing_nothing_or_half_is_a_failure(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(run_fake("exit 0", 5000, &e), ERR_IO);
    assert_string_equal(e.msg, "./fig.gp: gnuplot drew nothing");
    assert_int_equal(run_fake(": > fig.part.svg", 5000, &e), ERR_IO);
    assert_string_equal(e.msg, "./fig.gp: gnuplot drew nothing");
    assert_int_equal(n_files(), 1);
}

static void test_a_program_that_hangs_is_killed(void **state)
{
    double from_s = wall_s();
    struct err e;

    (void)state;
    assert_int_equal(run_fake("exec sleep 30", 300, &e), ERR_IO);
    assert_string_equal(e.msg,
                        "./fig.gp: gnuplot took longer than 1 s; killed");
    assert_true(wall_s() - from_s < 10.0);
}

static void test_one_that_closes_its_errors_and_hangs_is_killed_too(void **st)
{
    struct err e;

    (void)st;
    assert_int_equal(run_fake("exec sleep 30 2>&-", 300, &e), ERR_IO);
    assert_string_equal(e.msg,
                        "./fig.gp: gnuplot took longer than 1 s; killed");
}

static void test_the_end_by_a_signal_is_told(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(run_fake("kill -9 $$", 5000, &e), ERR_IO);
    assert_string_equal(e.msg, "./fig.gp: gnuplot was ended by signal 9");
}

static void test_a_flood_of_warnings_does_not_block(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(run_fake("head -c 300000 /dev/zero | tr '\\0' w >&2\n"
                              ": > fig.part.svg; : > fig.part.png",
                              5000, &e),
                     ERR_OK);
}

static void test_what_cannot_be_started_is_told(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(gnuplot_run("/nowhere/gnuplot", ".", "fig", 5000, &e),
                     ERR_IO);
    assert_string_equal(e.msg, "./fig.gp: cannot start /nowhere/gnuplot: No "
                               "such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_pictures_get_their_names_when_both_are_drawn),
        IN_FOLDER(test_only_what_is_needed_is_handed_on),
        IN_FOLDER(test_the_complaint_of_gnuplot_is_passed_on),
        IN_FOLDER(test_any_other_first_line_is_passed_on),
        IN_FOLDER(test_drawing_nothing_or_half_is_a_failure),
        IN_FOLDER(test_a_program_that_hangs_is_killed),
        IN_FOLDER(test_one_that_closes_its_errors_and_hangs_is_killed_too),
        IN_FOLDER(test_the_end_by_a_signal_is_told),
        IN_FOLDER(test_a_flood_of_warnings_does_not_block),
        IN_FOLDER(test_what_cannot_be_started_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

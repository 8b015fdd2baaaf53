#include "sim/drive/child.h"
#include "tests/folder.h"

#include <signal.h>
#include <sys/wait.h>

static struct child run_shell(const char *script, bool confined)
{
    const char *const argv[] = {"/bin/sh", "-c", script, NULL};
    const char *const env[] = {"PATH=/bin:/usr/bin", "ONLY=this", NULL};
    struct child_spec spec = {.argv = argv,
                              .env = env,
                              .folder = ".",
                              .output = "output",
                              .confined = confined};
    struct child c;
    struct err e;

    if (child_start(&c, &spec, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    return c;
}

static void test_what_it_says_and_how_it_ends(void **state)
{
    struct child c = run_shell("echo $ONLY; echo $HOME. >&2; exit 7", false);
    int status = 0;

    (void)state;
    assert_true(child_wait(&c, 5000, &status));
    assert_int_equal(WEXITSTATUS(status), 7);
    assert_int_equal(c.pid, 0);
    assert_content("output", "this\n.\n");
}

static void test_a_missing_program_is_an_error(void **state)
{
    const char *const argv[] = {"./missing", NULL};
    const char *const env[] = {NULL};
    struct child_spec spec = {
        .argv = argv, .env = env, .folder = ".", .output = "output"};
    struct child c;
    struct err e;

    (void)state;
    assert_int_equal(child_start(&c, &spec, &e), ERR_IO);
    assert_string_equal(
        e.msg, "./missing: cannot be started: No such file or directory");
    assert_int_equal(c.pid, 0);
}

/* Whether there is such a process, and it is not just waiting to be buried. */
static bool is_alive(pid_t pid)
{
    char path[64], line[256];
    bool alive = false;

    (void)snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *fp = fopen(path, "r");
    while (fp && fgets(line, sizeof line, fp))
        if (strncmp(line, "State:", 6) == 0)
            alive = !strchr(line, 'Z') && !strchr(line, 'X');
    if (fp)
        (void)fclose(fp);
    return alive;
}

/* Waits until the shell has written the number of its own child. */
static pid_t grandchild(void)
{
    for (int i = 0; i < 500; i++) {
        char line[32] = "";
        FILE *fp = fopen("output", "r");
        bool whole = fp && fgets(line, sizeof line, fp) && strchr(line, '\n');
        if (fp)
            (void)fclose(fp);
        if (whole)
            return (pid_t)strtol(line, NULL, 10);
        usleep(10000);
    }
    fail_msg("the shell did not start its child");
    return 0;
}

static void test_a_stop_takes_the_whole_group(void **state)
{
    struct child c =
        run_shell("trap '' TERM; sleep 600 & echo $!; wait; wait", false);
    pid_t below = grandchild();

    (void)state;
    child_stop(&c);
    assert_int_equal(c.pid, 0);
    for (int i = 0; i < 200 && is_alive(below); i++)
        usleep(10000);
    assert_false(is_alive(below));
    child_stop(&c); /* may repeat */
}

static void test_patience_has_an_end(void **state)
{
    struct child c = run_shell("sleep 600", false);
    int status;

    (void)state;
    assert_false(child_wait(&c, 20, &status));
    assert_true(c.pid > 0);
    child_stop(&c);
}

static void test_a_confined_child_has_few_files_and_no_cores(void **state)
{
    struct child c = run_shell("ulimit -n; ulimit -c; ulimit -t; "
                               "grep NoNewPrivs /proc/self/status | tr -d "
                               "'\\t '",
                               true);
    int status;

    (void)state;
    assert_true(child_wait(&c, 5000, &status));
    assert_content("output", "64\n0\n60\nNoNewPrivs:1\n");
}

static void test_a_program_is_found_beyond_the_path(void **state)
{
    char *path = child_find("sh");

    (void)state;
    assert_non_null(path);
    free(path);
    assert_null(child_find("no-such-program-here"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_what_it_says_and_how_it_ends),
        IN_FOLDER(test_a_missing_program_is_an_error),
        IN_FOLDER(test_a_stop_takes_the_whole_group),
        IN_FOLDER(test_patience_has_an_end),
        IN_FOLDER(test_a_confined_child_has_few_files_and_no_cores),
        cmocka_unit_test(test_a_program_is_found_beyond_the_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

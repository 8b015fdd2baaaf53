#include "sim/base/program.h"

#include "sim/base/wall.h"
#include "tests/folder.h"

#include <sys/stat.h>
#include <sys/wait.h>

/* Runs it; what it says is left in said. */
static int run(const char *body, int limit_s, char said[256], struct err *e)
{
    char *path = write_script("own", body), word[] = "a b;c";
    char *argv[] = {path, word, NULL};
    FILE *kept = tmpfile();

    assert_non_null(kept);
    int rc = program_run(path, argv, ".", limit_s, kept, e);
    size_t n = fread(said, 1, 255, kept);

    said[n] = '\0';
    assert_int_equal(fclose(kept), 0);
    free(path);
    return rc;
}

static void test_both_outputs_and_the_status_come_back(void **state)
{
    char said[256];
    struct err e;
    (void)state;

    assert_int_equal(run("echo \"$1\"; echo bad >&2; exit 7", 10, said, &e), 7);
    assert_string_equal(said, "a b;c\nbad\n");
}

static void test_only_what_finds_programs_and_fonts_is_handed_on(void **state)
{
    char said[256];
    struct err e;
    (void)state;

    assert_int_equal(setenv("FONTCONFIG_FILE", "/fonts.conf", 1), 0);
    assert_int_equal(setenv("SECRET", "x", 1), 0);
    assert_int_equal(run("echo $FONTCONFIG_FILE,$SECRET,$LC_ALL", 10, said, &e),
                     0);
    assert_string_equal(said, "/fonts.conf,,C.UTF-8\n");
    assert_int_equal(unsetenv("FONTCONFIG_FILE"), 0);
    assert_int_equal(unsetenv("SECRET"), 0);
    /* What is not set is not handed on as an empty text. */
    assert_int_equal(run("echo ${FONTCONFIG_FILE-unset}", 10, said, &e), 0);
    assert_string_equal(said, "unset\n");
}

static void test_one_that_hangs_is_killed(void **state)
{
    double from_s = wall_s();
    char said[256];
    struct err e;
    (void)state;

    assert_int_equal(run("exec sleep 30", 1, said, &e), ERR_IO);
    assert_non_null(strstr(e.msg, "/own: not done after 1 s"));
    assert_true(wall_s() - from_s < 10.0);
}

static void test_an_end_by_a_signal_is_told(void **state)
{
    char said[256];
    struct err e;
    (void)state;

    assert_int_equal(run("kill -9 $$", 10, said, &e), ERR_IO);
    assert_non_null(strstr(e.msg, "/own: ended by signal 9"));
}

static void test_an_output_that_nobody_wants_goes_nowhere(void **state)
{
    char *path = write_script("own", "echo lost; echo lost >&2; pwd > where");
    char *argv[] = {path, NULL};
    const struct program_call call = {path, argv, ".", -1, -1, 10000};
    struct program p;
    int status = 1;
    (void)state;

    assert_int_equal(program_start(&p, &call), 0);
    assert_true(program_left_ms(&p) > 0 && program_left_ms(&p) <= 10000);
    assert_true(program_await(&p, &status));
    assert_int_equal(status, 0);
    assert_int_equal(access("where", F_OK), 0);
    free(path);
}

static void test_what_cannot_be_started_is_told(void **state)
{
    char path[] = "/nowhere/own";
    char *argv[] = {path, NULL};
    FILE *said = tmpfile();
    struct err e;
    (void)state;

    assert_int_equal(program_run(path, argv, ".", 1, said, &e), ERR_IO);
    assert_string_equal(e.msg, "/nowhere/own: No such file or directory");
    assert_int_equal(fclose(said), 0);
}

static bool found_in(const char *path)
{
    setenv("PATH", path, 1);
    char *program = program_find("tool");
    bool found = program != NULL;

    free(program);
    return found;
}

static void test_the_program_is_sought_in_absolute_folders(void **state)
{
    const char *path = getenv("PATH");
    char *kept = strdup(path ? path : ""), *folder = getcwd(NULL, 0);
    char value[512];
    char *program;

    (void)state;
    write_bytes("tool", "#!/bin/sh\n", 10);
    assert_int_equal(chmod("tool", 0700), 0);
    assert_false(found_in(""));
    assert_false(found_in(".::bin:/nowhere"));
    (void)snprintf(value, sizeof value, "/nowhere:%s:/usr/bin", folder);
    assert_true(found_in(value));
    program = program_find("tool");
    assert_memory_equal(program, folder, strlen(folder));
    assert_string_equal(program + strlen(folder), "/tool");
    free(program);
    assert_true(found_in(folder));
    assert_int_equal(unlink("tool"), 0);
    assert_int_equal(mkdir("tool", 0700), 0); /* is no program */
    assert_false(found_in(folder));
    assert_int_equal(rmdir("tool"), 0);
    setenv("PATH", kept, 1);
    free(kept);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_both_outputs_and_the_status_come_back),
        IN_FOLDER(test_only_what_finds_programs_and_fonts_is_handed_on),
        IN_FOLDER(test_one_that_hangs_is_killed),
        IN_FOLDER(test_an_end_by_a_signal_is_told),
        IN_FOLDER(test_an_output_that_nobody_wants_goes_nowhere),
        IN_FOLDER(test_what_cannot_be_started_is_told),
        IN_FOLDER(test_the_program_is_sought_in_absolute_folders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/folder.h"

#include <sys/stat.h>
#include <sys/wait.h>

static void test_a_sink_appears_whole_under_its_name(void **state)
{
    struct sink sink;
    struct err e;

    (void)state;
    write_bytes("a", "old", 3);
    assert_int_equal(sink_open(&sink, "a", &e), ERR_OK);
    fputs("new", sink.out);
    fflush(sink.out);
    assert_content("a", "old");
    assert_int_equal(sink_close(&sink, &e), ERR_OK);
    assert_content("a", "new");
    assert_int_equal(n_files(), 1);
    assert_null(sink.out);
}

static void test_an_aborted_sink_leaves_no_trace(void **state)
{
    struct sink sink = {0};
    struct err e;

    (void)state;
    sink_abort(&sink);
    write_bytes("a", "old", 3);
    assert_int_equal(sink_open(&sink, "a", &e), ERR_OK);
    fputs("new", sink.out);
    sink_abort(&sink);
    sink_abort(&sink);
    assert_content("a", "old");
    assert_int_equal(n_files(), 1);
}

/* A program that is gone, and this one. */
static void test_parts_of_dead_programs_are_swept(void **state)
{
    static const char *const kept[] = {"%ld.0.csv", "%ld", "0%ld.0", "%ld.x"};
    char name[64];
    pid_t dead = fork();
    (void)state;

    if (dead == 0)
        _exit(0);
    assert_true(dead > 0 && waitpid(dead, NULL, 0) == dead);
    snprintf(name, sizeof name, "a.part.b.part.%ld.3", (long)dead);
    write_bytes(name, "half", 4);
    snprintf(name, sizeof name, "a.part.%ld.0", (long)getpid());
    write_bytes(name, "mine", 4);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        char form[32];
        snprintf(form, sizeof form, "a.part.%s", kept[i]);
        snprintf(name, sizeof name, form, (long)dead);
        write_bytes(name, "user", 4);
    }
    assert_int_equal(n_files(), 6);
    parts_sweep(".");
    assert_int_equal(n_files(), 5);
    snprintf(name, sizeof name, "a.part.%ld.0", (long)getpid());
    assert_content(name, "mine");
    parts_sweep("is not there");
}

static void test_a_sink_ends_as_its_printing_went(void **state)
{
    struct sink sink = {0};
    struct err e;

    (void)state;
    assert_int_equal(sink_end(&sink, ERR_OK, &e), ERR_OK); /* not wanted */
    assert_int_equal(sink_end(&sink, ERR_INPUT, &e), ERR_INPUT);
    assert_int_equal(sink_open(&sink, "a", &e), ERR_OK);
    fputs("new", sink.out);
    assert_int_equal(sink_end(&sink, ERR_OK, &e), ERR_OK);
    assert_content("a", "new");
    assert_int_equal(sink_open(&sink, "a", &e), ERR_OK);
    fputs("half", sink.out);
    assert_int_equal(sink_end(&sink, ERR_INPUT, &e), ERR_INPUT);
    assert_content("a", "new");
    assert_int_equal(n_files(), 1);
}

static void test_two_sinks_of_one_name_do_not_mix(void **state)
{
    struct sink a, b;
    struct err e;

    (void)state;
    assert_int_equal(sink_open(&a, "x", &e), ERR_OK);
    assert_int_equal(sink_open(&b, "x", &e), ERR_OK);
    fputs("first", a.out);
    fputs("second", b.out);
    assert_int_equal(sink_close(&a, &e), ERR_OK);
    assert_content("x", "first");
    assert_int_equal(sink_close(&b, &e), ERR_OK);
    assert_content("x", "second");
    assert_int_equal(n_files(), 1);
}

static void test_the_same_content_makes_the_same_gzip_file(void **state)
{
    const char *const names[] = {"a.gz", "b.gz"};
    unsigned char bytes[2][100];
    size_t n[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sink sink;
        struct err e;

        assert_int_equal(sink_open(&sink, names[i], &e), ERR_OK);
        fputs("one seed, one history", sink.out);
        assert_int_equal(sink_close(&sink, &e), ERR_OK);
        assert_content(names[i], "one seed, one history");
        FILE *fp = fopen(names[i], "rb");

        assert_non_null(fp);
        n[i] = fread(bytes[i], 1, sizeof bytes[i], fp);
        fclose(fp);
    }
    assert_int_equal(bytes[0][0], 0x1f);
    assert_int_equal(n[0], n[1]);
    assert_memory_equal(bytes[0], bytes[1], n[0]);
}

static void test_a_full_disk_is_an_error(void **state)
{
    static const char *const names[] = {"full", "full.gz"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char want[80];
        struct sink sink;
        struct err e;

        assert_int_equal(symlink("/dev/full", names[i]), 0);
        assert_int_equal(sink_open(&sink, names[i], &e), ERR_OK);
        fputs("something", sink.out);
        assert_int_equal(sink_close(&sink, &e), ERR_IO);
        snprintf(want, sizeof want, "%s: No space left on device", names[i]);
        assert_string_equal(e.msg, want);
        assert_null(sink.out);
    }
    assert_int_equal(n_files(), 2); /* the links are still there */
}

static void test_a_write_that_failed_earlier_is_not_forgotten(void **state)
{
    struct sink sink;
    struct err e;

    (void)state;
    /* Through a link: should sink_open fail us, only the link is lost. */
    assert_int_equal(symlink("/dev/full", "full"), 0);
    assert_int_equal(sink_open(&sink, "full", &e), ERR_OK);
    for (int i = 0; i < 10000; i++)
        fputs("something longer than the buffer", sink.out);
    assert_int_equal(sink_close(&sink, &e), ERR_IO);
    assert_string_equal(e.msg, "full: No space left on device");
}

static void test_a_device_is_written_in_place(void **state)
{
    struct sink sink;
    struct stat st;
    struct err e;

    (void)state;
    assert_int_equal(symlink("/dev/null", "null"), 0);
    assert_int_equal(sink_open(&sink, "null", &e), ERR_OK);
    fputs("x", sink.out);
    assert_int_equal(sink_close(&sink, &e), ERR_OK);
    assert_int_equal(lstat("null", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
}

static void test_a_sink_that_cannot_open_says_why(void **state)
{
    struct sink sink;
    struct err e;

    (void)state;
    assert_int_equal(sink_open(&sink, "none/x.csv", &e), ERR_IO);
    assert_string_equal(e.msg, "none/x.csv: No such file or directory");
    assert_int_equal(sink_open(&sink, ".", &e), ERR_IO);
    assert_string_equal(e.msg, ".: Is a directory");
    assert_int_equal(sink_open(&sink, "", &e), ERR_IO);
    assert_string_equal(e.msg, ": No such file or directory");
    assert_null(sink.out);
    assert_int_equal(n_files(), 0);
    sink_abort(&sink);
}

static void test_a_sink_opens_in_a_folder(void **state)
{
    struct sink sink;
    struct err e;

    (void)state;
    assert_int_equal(folder_make("in", &e), ERR_OK);
    assert_int_equal(sink_open_in(&sink, "in/", "a", &e), ERR_OK);
    fputs("new", sink.out);
    assert_int_equal(sink_close(&sink, &e), ERR_OK);
    assert_content("in/a", "new");
    assert_int_equal(unlink("in/a") + rmdir("in"), 0);
    assert_int_equal(sink_open_in(&sink, "in", "a", &e), ERR_IO);
    assert_string_equal(e.msg, "in/a: No such file or directory");
    assert_null(sink.out);
}

static void test_a_minus_writes_standard_output(void **state)
{
    int kept = dup(STDOUT_FILENO);
    struct sink sink;
    struct err e;

    (void)state;
    fflush(stdout);
    FILE *fp = fopen("out", "wb");

    assert_non_null(fp);
    assert_int_equal(dup2(fileno(fp), STDOUT_FILENO), STDOUT_FILENO);
    int opened = sink_open(&sink, "-", &e);

    fputs("result", sink.out);
    int closed = sink_close(&sink, &e);

    dup2(kept, STDOUT_FILENO);
    close(kept);
    fclose(fp);
    assert_int_equal(opened, ERR_OK);
    assert_int_equal(closed, ERR_OK);
    assert_content("out", "result");
}

static void test_folders_are_made_with_their_parents(void **state)
{
    struct stat st;
    struct err e;

    (void)state;
    assert_int_equal(folder_make("a/b//c/", &e), ERR_OK);
    assert_int_equal(folder_make("a/b/c", &e), ERR_OK);
    assert_int_equal(folder_make("./a/../a", &e), ERR_OK);
    assert_int_equal(folder_make("/", &e), ERR_OK);
    assert_int_equal(stat("a/b/c", &st), 0);
    assert_true(S_ISDIR(st.st_mode));
    assert_int_equal(rmdir("a/b/c") + rmdir("a/b") + rmdir("a"), 0);
}

static void test_a_file_in_the_way_of_a_folder_is_an_error(void **state)
{
    struct err e;

    (void)state;
    write_bytes("a", "", 0);
    assert_int_equal(folder_make("a", &e), ERR_IO);
    assert_string_equal(e.msg, "a: Not a directory");
    assert_int_equal(folder_make("a/b", &e), ERR_IO);
    assert_string_equal(e.msg, "a/b: Not a directory");
    assert_int_equal(folder_make("", &e), ERR_IO);
    assert_string_equal(e.msg, ": No such file or directory");
}

static void assert_joined(const char *dir, const char *name, const char *want)
{
    char *path = path_join(dir, name);

    assert_string_equal(path, want);
    free(path);
}

static void assert_folder(const char *path, const char *want)
{
    char *folder = path_folder(path);

    assert_string_equal(folder, want);
    free(folder);
}

static void test_paths_are_joined_and_parted(void **state)
{
    (void)state;
    assert_joined("runs/1", "builds.csv", "runs/1/builds.csv");
    assert_joined("runs/", "x", "runs/x");
    assert_joined("/", "x", "/x");
    assert_joined("", "x", "x");
    assert_joined("runs", "/abs/x", "/abs/x");
    assert_folder("runs/1/builds.csv", "runs/1");
    assert_folder("builds.csv", ".");
    assert_folder("/builds.csv", "/");
    assert_folder("", ".");
    assert_folder("-", ".");
}

/* As when memory is out: nobody is left to call sink_abort. */
static void test_an_exit_leaves_no_half_written_file(void **state)
{
    struct sink done, begun;
    struct err e;
    int status;
    (void)state;

    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        bool fine = sink_open(&done, "done", &e) == ERR_OK &&
                    sink_open(&begun, "begun", &e) == ERR_OK &&
                    sink_close(&done, &e) == ERR_OK;
        exit(fine ? 7 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
    assert_content("done", "");
    assert_int_equal(n_files(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_a_sink_appears_whole_under_its_name),
        IN_FOLDER(test_an_aborted_sink_leaves_no_trace),
        IN_FOLDER(test_parts_of_dead_programs_are_swept),
        IN_FOLDER(test_a_sink_ends_as_its_printing_went),
        IN_FOLDER(test_two_sinks_of_one_name_do_not_mix),
        IN_FOLDER(test_the_same_content_makes_the_same_gzip_file),
        IN_FOLDER(test_a_full_disk_is_an_error),
        IN_FOLDER(test_a_write_that_failed_earlier_is_not_forgotten),
        IN_FOLDER(test_a_device_is_written_in_place),
        IN_FOLDER(test_a_sink_that_cannot_open_says_why),
        IN_FOLDER(test_a_sink_opens_in_a_folder),
        IN_FOLDER(test_a_minus_writes_standard_output),
        IN_FOLDER(test_folders_are_made_with_their_parents),
        IN_FOLDER(test_a_file_in_the_way_of_a_folder_is_an_error),
        IN_FOLDER(test_paths_are_joined_and_parted),
        IN_FOLDER(test_an_exit_leaves_no_half_written_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

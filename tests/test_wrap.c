/* For posix_openpt and its kin. */
#define _GNU_SOURCE
#include "sim/app/wrap.h"

#include "sim/app/colour.h"
#include "tests/support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void assert_wrapped(const char *line, size_t width, const char *want)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    wrap_line(out, line, width);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, want);
    free(text);
}

static void test_what_fits_stays(void **state)
{
    (void)state;
    assert_wrapped("", 40, "\n");
    assert_wrapped("one  two", 8, "one  two\n");
    assert_wrapped("one two ", 7, "one two\n"); /* only a blank is beyond */
}

static void test_a_line_ends_at_its_last_word_that_fits(void **state)
{
    (void)state;
    assert_wrapped("one two three", 12, "one two\nthree\n");
    assert_wrapped("one two three", 7, "one two\nthree\n");
    assert_wrapped("one two three", 6, "one\ntwo\nthree\n");
}

static void test_the_indent_is_kept(void **state)
{
    (void)state;
    assert_wrapped("  one two three", 10, "  one two\n  three\n");
    /* The text column of a story, at 9 of 24. */
    assert_wrapped("  1s  at one two three four", 24,
                   "  1s  at one two three\n      four\n");
    /* Beyond the half, two blanks are no column. */
    assert_wrapped("one two three  four five", 20,
                   "one two three  four\nfive\n");
}

static void test_a_word_too_wide_is_not_cut(void **state)
{
    (void)state;
    assert_wrapped("abcdefghij kl", 5, "abcdefghij\nkl\n");
    assert_wrapped("  abcdefghij", 5, "  abcdefghij\n");
}

static void test_colours_have_no_width_and_letters_have_one(void **state)
{
    (void)state;
    assert_wrapped("\033[1;31merror\033[0m: no", 9,
                   "\033[1;31merror\033[0m: no\n");
    assert_wrapped("\xc2\xb1 \xc2\xb1 \xc2\xb1", 5,
                   "\xc2\xb1 \xc2\xb1 \xc2\xb1\n");
}

static void test_the_width_is_that_of_the_environment_or_terminal(void **state)
{
    (void)state;
    assert_int_equal(wrap_columns(NULL, 0), 80);
    assert_int_equal(wrap_columns(NULL, 132), 132);
    assert_int_equal(wrap_columns("100", 132), 100);
    assert_int_equal(wrap_columns("7", 132), 40); /* nobody reads less */
    assert_int_equal(wrap_columns("", 132), 132);
    assert_int_equal(wrap_columns("0", 132), 132);
    assert_int_equal(wrap_columns("-5", 132), 132);
    assert_int_equal(wrap_columns("90x", 132), 132);
}

/* In a process of its own, whose standard output is the given file. */
static void say(int fd)
{
    dup2(fd, 1);
    close(fd);
    wrap_stdout();
    colour_begin(stdout, COLOUR_BAD);
    printf("no");
    colour_end(stdout, COLOUR_BAD);
    printf(": the quick brown fox jumps over the lazy dog %s\n", "and more");
    _exit(fflush(stdout) == 0 ? 0 : 1);
}

static void hear(int from, int to, char said[512])
{
    size_t n = 0;
    ssize_t got;
    int status;

    fflush(NULL);
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        close(from);
        say(to);
    }
    close(to);
    while (n < 511 && (got = read(from, said + n, 511 - n)) > 0)
        n += (size_t)got;
    said[n] = '\0';
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    close(from);
}

static void test_a_terminal_is_wrapped_and_coloured(void **state)
{
    const struct winsize size = {.ws_col = 44, .ws_row = 24};
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    char said[512];

    (void)state;
    assert_true(master >= 0);
    assert_int_equal(grantpt(master) | unlockpt(master), 0);
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);

    assert_true(slave >= 0);
    assert_int_equal(ioctl(slave, TIOCSWINSZ, &size), 0);
    unsetenv("COLUMNS");
    unsetenv("NO_COLOR");
    setenv("TERM", "xterm", 1);
    hear(master, slave, said);
    assert_string_equal(said,
                        "\033[1;31mno\033[0m: the quick brown fox jumps over "
                        "the lazy\r\ndog and more\r\n");
}

static void test_a_pipe_gets_the_line_as_it_is(void **state)
{
    char said[512];
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    setenv("COLUMNS", "44", 1);
    hear(fds[0], fds[1], said);
    unsetenv("COLUMNS");
    assert_string_equal(
        said, "no: the quick brown fox jumps over the lazy dog and more\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_fits_stays),
        cmocka_unit_test(test_a_line_ends_at_its_last_word_that_fits),
        cmocka_unit_test(test_the_indent_is_kept),
        cmocka_unit_test(test_a_word_too_wide_is_not_cut),
        cmocka_unit_test(test_colours_have_no_width_and_letters_have_one),
        cmocka_unit_test(test_the_width_is_that_of_the_environment_or_terminal),
        cmocka_unit_test(test_a_terminal_is_wrapped_and_coloured),
        cmocka_unit_test(test_a_pipe_gets_the_line_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "sim/drive/hook.h"
#include "sim/drive/hook_room.h"
#include "tests/folder.h"

#include <sys/stat.h>
#include <sys/wait.h>

/* ------------------------------------------------------------ words */

static void test_programs_are_words_of_the_text(void **state)
{
    static const char text[] = "if netstat -tn | grep ':1234 '; then\n"
                               "  x=$((x+1)) #ss-like lsof2\n";

    (void)state;
    assert_true(hook_names(text, "netstat"));
    assert_true(hook_names(text, "grep"));
    assert_true(hook_names(text, "then"));
    assert_false(hook_names(text, "ss")); /* "ss-like" is another word */
    assert_false(hook_names(text, "lsof"));
    assert_false(hook_names("", "sh"));
}

/* ------------------------------------------------------------ the room */

static bool is_there(const struct hook_room *r, const char *program)
{
    char *bin = path_join(r->folder, "bin"), *path = path_join(bin, program);
    bool there = access(path, X_OK) == 0;

    free(path);
    free(bin);
    return there;
}

static void test_a_room_holds_what_the_text_names(void **state)
{
    struct hook_room r = {0};
    struct stat st;
    struct err e;

    (void)state;
    assert_int_equal(
        hook_room_make(&r, "cat /etc/passwd | grep root\n", NULL, 3.0, &e),
        ERR_OK);
    assert_true(is_there(&r, "cat"));
    assert_true(is_there(&r, "grep"));
    assert_true(is_there(&r, "sleep"));
    assert_false(is_there(&r, "ls"));
    assert_content(r.script, "cat /etc/passwd | grep root\n");
    assert_int_equal(stat(r.folder, &st), 0);
    assert_int_equal(st.st_mode & 077, 0); /* nobody else looks in */
    char *folder = strdup(r.folder);
    hook_room_remove(&r);
    assert_int_not_equal(stat(folder, &st), 0);
    free(folder);
    hook_room_remove(&r);
}

static void test_a_hidden_program_is_not_found(void **state)
{
    struct hook_room r = {0};
    struct err e;

    (void)state;
    assert_int_equal(hook_room_make(&r, "cat | grep x", "grep", 1.0, &e),
                     ERR_OK);
    assert_true(is_there(&r, "cat"));
    assert_false(is_there(&r, "grep"));
    hook_room_remove(&r);
}

/* Its file, with the real sleep replaced by an echo. */
static void assert_sleeps(double shrink, const char *words, const char *want)
{
    struct hook_room r = {0};
    char command[512], got[64] = "";
    struct err e;

    assert_int_equal(hook_room_make(&r, "x", NULL, shrink, &e), ERR_OK);
    (void)snprintf(command, sizeof command,
                   "sed 's#exec [^ ]*#exec echo#' %s/bin/sleep | sh -s -- %s",
                   r.folder, words);
    FILE *fp = popen(command, "r");
    assert_non_null(fp);
    assert_non_null(fgets(got, sizeof got, fp));
    assert_int_equal(pclose(fp), 0);
    assert_string_equal(got, want);
    hook_room_remove(&r);
}

static void test_sleep_is_divided(void **state)
{
    (void)state;
    assert_sleeps(20.0, "15", "0.750000\n");
    assert_sleeps(7.5, "15", "2.000000\n");
    assert_sleeps(1.0, "15", "15.000000\n");
    assert_sleeps(1000.0, "3", "0.003000\n");
    assert_sleeps(4.0, "0.5", "0.5\n"); /* undivided */
    assert_sleeps(4.0, "2 3", "0.500000\n");
}

/* ------------------------------------------------------------ the model */

static const struct drain_params params = {.poll_us = 15 * US_PER_S,
                                           .idle_looks = 2};

static struct hook_result model(const struct hook_span *spans, size_t n,
                                bool blind)
{
    struct hook_case c = {
        .spans = spans, .n_spans = n, .limit_us = 150 * US_PER_S};
    struct drain_params p = params;
    struct hook_result r;

    p.blind = blind;
    hook_model(&c, &p, &r);
    return r;
}

static void test_the_arithmetic_of_one_build(void **state)
{
    const struct hook_span span = {0, 21 * US_PER_S};

    (void)state;
    assert_int_equal(model(NULL, 0, false).end_us, 30 * US_PER_S);
    /* 15 ceil(21 / 15) + 30 */
    assert_int_equal(model(&span, 1, false).end_us, 60 * US_PER_S);
    assert_int_equal(model(&span, 1, false).n_cut, 0);
    /* What closes at the instant of a look is closed. */
    const struct hook_span tie = {0, 15 * US_PER_S};
    assert_int_equal(model(&tie, 1, false).end_us, 45 * US_PER_S);
}

static void test_a_build_between_two_idle_looks_begins_the_count_anew(void **s)
{
    const struct hook_span spans[] = {{0, 6 * US_PER_S},
                                      {22500 * US_PER_MS, 36 * US_PER_S}};

    (void)s;
    /* Busy at 0, idle at 15, busy at 30, idle at 45 and 60. */
    assert_int_equal(model(spans, 2, false).end_us, 75 * US_PER_S);
}

static void test_a_blind_script_loses_the_build(void **state)
{
    const struct hook_span span = {0, SIM_NEVER};

    (void)state;
    assert_int_equal(model(&span, 1, true).end_us, 30 * US_PER_S);
    assert_int_equal(model(&span, 1, true).n_cut, 1);
    assert_true(model(&span, 1, false).end_us == SIM_NEVER); /* the limit */
    assert_int_equal(model(&span, 1, false).n_cut, 1);
}

/* ------------------------------------------------------------ the real one */

/* Looks by itself, in hexadecimal: needs nothing but grep. Port 23456 is 5BA0;
 * the second column is the builder's side.
 */
static const char own_looker[] =
    "idle=0\n"
    "while [ $idle -lt 2 ]; do\n"
    "  if grep -q '^ *[0-9]*: [0-9A-F]*:5BA0 [0-9A-F:]* 01 ' /proc/net/tcp\n"
    "  then idle=0; else idle=$((idle + 1)); fi\n"
    "  sleep 15\n"
    "done\n";

static void test_a_script_waits_for_a_real_connection(void **state)
{
    const struct hook_span span = {0, 21 * US_PER_S};
    struct hook_case c = {.text = own_looker,
                          .shrink = 30.0,
                          .spans = &span,
                          .n_spans = 1,
                          .port = 23456,
                          .limit_us = 900 * US_PER_S};
    struct hook_result r;
    struct err e;

    (void)state;
    if (hook_play(&c, &r, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    /* At least the arithmetic; how much more is the machine's load. */
    assert_true(r.end_us >= 60 * US_PER_S);
    assert_true(r.end_us != SIM_NEVER);
    assert_int_equal(WEXITSTATUS(r.status), 0);
    assert_int_equal(r.n_cut, 0);
}

static void test_a_script_that_does_not_end_is_killed(void **state)
{
    const struct hook_span span = {0, SIM_NEVER};
    struct hook_case c = {.text = "while :; do sleep 60; done",
                          .shrink = 100.0,
                          .spans = &span,
                          .n_spans = 1,
                          .port = 23456,
                          .limit_us = 30 * US_PER_S};
    struct hook_result r;
    struct err e;

    (void)state;
    assert_int_equal(hook_play(&c, &r, &e), ERR_OK);
    assert_true(r.end_us == SIM_NEVER);
    assert_int_equal(r.n_cut, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_programs_are_words_of_the_text),
        cmocka_unit_test(test_a_room_holds_what_the_text_names),
        cmocka_unit_test(test_a_hidden_program_is_not_found),
        cmocka_unit_test(test_sleep_is_divided),
        cmocka_unit_test(test_the_arithmetic_of_one_build),
        cmocka_unit_test(
            test_a_build_between_two_idle_looks_begins_the_count_anew),
        cmocka_unit_test(test_a_blind_script_loses_the_build),
        cmocka_unit_test(test_a_script_waits_for_a_real_connection),
        cmocka_unit_test(test_a_script_that_does_not_end_is_killed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

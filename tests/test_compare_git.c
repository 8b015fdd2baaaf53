#include "tests/support.h"

#include "sim/app/compare_git.h"

#include <string.h>

static void test_a_range_has_two_sides(void **state)
{
    struct git_range r;
    struct err e;
    (void)state;

    assert_int_equal(git_range(&r, "main..feature/x-1", &e), ERR_OK);
    assert_string_equal(r.base, "main");
    assert_string_equal(r.head, "feature/x-1");
    assert_false(r.since_fork);
    assert_int_equal(git_range(&r, "origin/main...HEAD~2^{commit}", &e),
                     ERR_OK);
    assert_string_equal(r.head, "HEAD~2^{commit}");
    assert_true(r.since_fork);
    assert_int_equal(git_range(&r, "v1.2..", &e), ERR_OK);
    assert_string_equal(r.base, "v1.2");
    assert_string_equal(r.head, "HEAD");
    assert_int_equal(git_range(&r, "..x", &e), ERR_OK);
    assert_string_equal(r.base, "HEAD");
}

static void test_what_is_no_revision_is_refused(void **state)
{
    static const char *const bad[] = {
        "main",    "a..b..c", "-x..HEAD", "HEAD..--output=x", "a b..HEAD",
        "a;b..c",  "a:b..c",  "$(x)..c",  "`x`..c",           "a\n..c",
        "a..b\\c", "a..b*",   "a..b?"};
    struct git_range r;
    struct err e;
    (void)state;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (git_range(&r, bad[i], &e) != ERR_USAGE)
            fail_msg("'%s' is taken", bad[i]);
}

static void test_a_range_that_is_too_long_is_refused(void **state)
{
    char text[GIT_REVISION + 8];
    struct git_range r;
    struct err e;
    (void)state;

    memset(text, 'a', sizeof text);
    memcpy(text + 4, "..", 2);
    text[GIT_REVISION] = '\0';
    assert_int_equal(git_range(&r, text, &e), ERR_USAGE);
    text[GIT_REVISION - 1] = '\0';
    assert_int_equal(git_range(&r, text, &e), ERR_OK);
    assert_int_equal(strlen(r.head), GIT_REVISION - 1 - 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_range_has_two_sides),
        cmocka_unit_test(test_what_is_no_revision_is_refused),
        cmocka_unit_test(test_a_range_that_is_too_long_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

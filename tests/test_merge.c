#include "tests/support.h"

#include "sim/app/merge.h"
#include "tests/make_trace.h"

static struct trace one(const char *id, double asked_s, double origin_s)
{
    struct trace t = {.absolute = true, .origin_us = us_from_s(origin_s)};

    add(&t, "amd64", "r", asked_s, 10.0)->id = text(&t, id);
    t.span_us = us_from_s(asked_s + 100.0);
    return t;
}

static size_t merge(struct trace *all, struct trace more)
{
    struct err e;
    size_t n_again = 0;

    assert_int_equal(trace_merge(all, &more, &n_again, &e), ERR_OK);
    trace_free(&more);
    return n_again;
}

static void test_two_files_come_on_one_clock(void **state)
{
    struct trace all = {0};
    (void)state;

    merge(&all, one("b", 5.0, 5000.0));
    merge(&all, one("a", 7.0, 4000.0)); /* begins earlier */
    merge(&all, one("c", 1.0, 6000.0));
    assert_int_equal(all.n, 3);
    assert_true(all.origin_us == us_from_s(4000.0));
    assert_true(all.builds[0].asked_us == us_from_s(7.0));
    assert_true(all.builds[1].asked_us == us_from_s(1005.0));
    assert_true(all.builds[2].asked_us == us_from_s(2001.0));
    assert_string_equal(strings_at(&all.strings, all.builds[0].id), "a");
    assert_string_equal(strings_at(&all.strings, all.builds[2].pool), "amd64");
    assert_true(all.span_us == us_from_s(2101.0));
    trace_free(&all);
}

static void test_leaving_moves_with_the_clock(void **state)
{
    struct trace all = {0}, more = one("a", 7.0, 4000.0);
    (void)state;

    leaves(&more.builds[0], 30.0);
    merge(&all, one("b", 5.0, 3000.0));
    merge(&all, more);
    assert_true(all.builds[1].leaves_us == us_from_s(1030.0));
    assert_true(all.builds[0].leaves_us == SIM_NEVER);
    merge(&all, one("c", 0.0, 2000.0));
    assert_true(all.builds[2].leaves_us == us_from_s(2030.0));
    trace_free(&all);
}

static void test_a_build_of_both_files_is_kept_once(void **state)
{
    struct trace all = one("a", 5.0, 4000.0), more = one("a", 5.0, 4000.0);
    (void)state;

    all.builds[0].censored = true;
    more.builds[0].work_us = us_from_s(77.0);
    assert_int_equal(merge(&all, more), 1);
    assert_int_equal(all.n, 1);
    assert_true(all.builds[0].work_us == us_from_s(77.0));
    assert_false(all.builds[0].censored);
    more = one("a", 5.0, 4000.0);
    more.builds[0].censored = true; /* says less than what is there */
    assert_int_equal(merge(&all, more), 1);
    assert_true(all.builds[0].work_us == us_from_s(77.0));
    trace_free(&all);
}

static void test_builds_without_an_id_are_all_kept(void **state)
{
    struct trace all = one("", 5.0, 4000.0);
    (void)state;

    assert_int_equal(merge(&all, one("", 5.0, 4000.0)), 0);
    assert_int_equal(all.n, 2);
    trace_free(&all);
}

static void test_seconds_and_instants_do_not_mix(void **state)
{
    struct trace all = one("a", 5.0, 4000.0), more = one("b", 5.0, 0.0);
    struct err e;
    size_t n_again = 0;
    (void)state;

    more.absolute = false;
    assert_int_equal(trace_merge(&all, &more, &n_again, &e), ERR_INPUT);
    assert_string_equal(e.msg, "its times are seconds, those before are "
                               "instants; import them one by one");
    assert_int_equal(all.n, 1);
    assert_int_equal(trace_merge(&more, &all, &n_again, &e), ERR_INPUT);
    assert_string_equal(e.msg, "its times are instants, those before are "
                               "seconds; import them one by one");
    trace_free(&all);
    trace_free(&more);
}

static void test_one_synthetic_file_makes_the_whole_synthetic(void **state)
{
    struct trace all = {0}, more = one("b", 5.0, 0.0);
    (void)state;

    merge(&all, one("a", 5.0, 4000.0));
    assert_false(all.synthetic);
    more.synthetic = true;
    merge(&all, more);
    merge(&all, one("c", 5.0, 4000.0));
    assert_true(all.synthetic);
    trace_free(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_files_come_on_one_clock),
        cmocka_unit_test(test_leaving_moves_with_the_clock),
        cmocka_unit_test(test_a_build_of_both_files_is_kept_once),
        cmocka_unit_test(test_builds_without_an_id_are_all_kept),
        cmocka_unit_test(test_seconds_and_instants_do_not_mix),
        cmocka_unit_test(test_one_synthetic_file_makes_the_whole_synthetic),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

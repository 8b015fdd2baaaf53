#include "tests/support.h"

#include "traces/steps.h"
#include "traces/value.h"

#include <string.h>

#define JUNE_9_US (INT64_C(1780963200) * US_PER_S) /* 2026-06-09T00:00:00Z */

static struct slice of(const char *text)
{
    return (struct slice){text, strlen(text)};
}

static void assert_instant(const char *text, sim_us want)
{
    sim_us got = 77;

    assert_true(value_instant(of(text), &got));
    assert_int_equal(got, want);
}

static void refuse_instant(const char *text)
{
    sim_us got = 77;

    assert_false(value_instant(of(text), &got));
    assert_int_equal(got, 77);
}

static void test_an_instant_is_read_in_every_form_of_an_export(void **state)
{
    sim_us us = JUNE_9_US + 61331 * US_PER_S; /* 17:02:11 */

    (void)state;
    assert_instant("2026-06-09 17:02:11", us);
    assert_instant("2026-06-09T17:02:11Z", us);
    assert_instant("2026-06-09 17:02:11.000000000", us);
    assert_instant("2026-06-09T17:02:11.5Z", us + 500000);
    assert_instant("2026-06-09 17:02:11.000001", us + 1);
    assert_instant("2026-06-09T10:02:11.250-07:00", us + 250000);
    assert_instant("2026-06-09T19:32:11+02:30", us);
    assert_instant("2024-02-29 00:00:00", INT64_C(1709164800) * US_PER_S);
    assert_instant("2024-03-01 00:00:00", INT64_C(1709251200) * US_PER_S);
    assert_instant("2000-12-31 23:59:59", INT64_C(978307199) * US_PER_S);
    assert_instant("2199-12-31T23:59:59Z", INT64_C(7258118399) * US_PER_S);
}

static void test_both_readers_of_instants_agree(void **state)
{
    (void)state;
    for (int i = 0; i < 3000; i++) {
        char text[40];
        sim_us want = (INT64_C(86400) + i * INT64_C(2412347)) * US_PER_S + i;
        sim_us full;
        struct err e;

        timestamp_print(want, text);
        assert_instant(text, want);
        assert_int_equal(timestamp_parse(text, &full, &e), ERR_OK);
        assert_int_equal(full, want);
    }
}

static void test_a_missing_instant_is_no_time(void **state)
{
    (void)state;
    assert_instant("", NO_TIME);
    assert_instant("\\N", NO_TIME);
    assert_instant("null", NO_TIME);
    assert_instant("NULL", NO_TIME);
    assert_instant("1970-01-01 00:00:00.000000000", NO_TIME);
    assert_instant("1970-01-01T23:59:59.999999Z", NO_TIME);
    assert_instant("1970-01-02T00:00:00Z", US_PER_DAY);
    assert_instant("0001-01-01T00:00:00Z", NO_TIME);
}

static void test_what_is_no_instant_is_refused(void **state)
{
    sim_us us;

    (void)state;
    refuse_instant("soon");
    refuse_instant("2026-06-09");
    refuse_instant("2026-06-31 00:00:00");
    refuse_instant("2026-13-01 00:00:00");
    refuse_instant("2026-06-09 24:00:00");
    refuse_instant("2026-06-09 17:60:11");
    refuse_instant("2026-06-09 17:02:11.");
    refuse_instant("2026-06-09 17:02:11 ");
    refuse_instant("2026-06-09 17:02:11ZZ");
    refuse_instant("2200-01-01T00:00:00Z");
    refuse_instant("9999-12-31T00:00:00Z");
    refuse_instant("2026-06-09T17:02:11.0000000000000000000000000000000000000"
                   "00000000000000000000000000000000x");
    assert_false(
        value_instant((struct slice){"2026-06-09 17:02:11\0", 20}, &us));
}

static void assert_seconds(const char *text, sim_us want)
{
    sim_us got = 77;

    assert_true(value_seconds(of(text), &got));
    assert_int_equal(got, want);
}

static void refuse_seconds(const char *text)
{
    sim_us got = 77;

    assert_false(value_seconds(of(text), &got));
    assert_int_equal(got, 77);
}

static void test_seconds_are_exact(void **state)
{
    (void)state;
    assert_seconds("0", 0);
    assert_seconds("2.385", 2385000);
    assert_seconds("0.000001", 1);
    assert_seconds("31557599999.999999", INT64_C(31557599999999999));
    assert_seconds("12.50000000000", 12500000);
    assert_seconds("-1", -US_PER_S);
    assert_seconds("-0.5", -500000);
    assert_seconds(".5", 500000);
    assert_seconds("1.5e3", 1500 * US_PER_S);
    assert_seconds("0.0000005", 1); /* nearest, away from zero */
}

static void test_what_is_no_number_of_seconds_is_refused(void **state)
{
    (void)state;
    refuse_seconds("");
    refuse_seconds("-");
    refuse_seconds("5s");
    refuse_seconds("1.5Z");
    refuse_seconds("nan");
    refuse_seconds("inf");
    refuse_seconds("0x10");
    refuse_seconds("1e999");
    refuse_seconds("31557600001");
    refuse_seconds("99999999999999999999999999999999999999");
    refuse_seconds("0000000000000000000000000000000000000000000000000000000000"
                   "000000000000");
}

static void test_a_length_ends_with_the_year_2200(void **state)
{
    sim_us us = 77;

    (void)state;
    assert_false(value_length(of("-0.000001"), &us));
    assert_false(value_length(of("7258118400.000001"), &us));
    assert_int_equal(us, 77);
    assert_true(value_length(of("7258118400"), &us));
    assert_int_equal(us, LATEST_US);
}

static void test_a_count_fits_64_bits(void **state)
{
    uint64_t n = 77;

    (void)state;
    assert_true(value_count(of("3"), &n));
    assert_int_equal(n, 3);
    assert_false(value_count(of(""), &n));
    assert_false(value_count(of("-1"), &n));
    assert_false(value_count(of("99999999999999999999"), &n));
    assert_int_equal(n, 3);
}

static void assert_machine(const char *labels, const char *want)
{
    struct slice got = value_machine(of(labels));
    char text[64];

    assert_true(got.n < sizeof text);
    memcpy(text, got.s, got.n);
    text[got.n] = '\0';
    assert_string_equal(text, want);
}

static void test_the_machine_is_the_second_label_if_there_are_two(void **state)
{
    (void)state;
    assert_machine("['mt-l-arm64g4-16-62']", "mt-l-arm64g4-16-62");
    assert_machine("['self-hosted','linux.2xlarge']", "linux.2xlarge");
    assert_machine("[\"self-hosted\", \"linux.2xlarge\"]", "linux.2xlarge");
    assert_machine("self-hosted,linux.2xlarge,x", "linux.2xlarge");
    assert_machine("linux.2xlarge", "linux.2xlarge");
    assert_machine("[]", "");
    assert_machine("", "");
    assert_machine("\\N", "");
}

static void assert_step(const char *steps, sim_us want_from, sim_us want_to)
{
    sim_us from_us = 1, to_us = 2;

    steps_find_build(of(steps), &from_us, &to_us);
    assert_int_equal(from_us, want_from);
    assert_int_equal(to_us, want_to);
}

static void test_the_build_step_is_found_in_an_array_of_tuples(void **state)
{
    (void)state;
    assert_step("[('2026-06-09 00:00:03.000000000','success','Set up job',1,"
                "'2026-06-09 00:00:01.000000000','completed'),"
                "('2026-06-09 00:30:00.000000000','success',"
                "'Build and push (it\\'s, x)',6,"
                "'2026-06-09 00:01:00.500000000','completed')]",
                JUNE_9_US + 60500000, JUNE_9_US + 1800 * US_PER_S);
    assert_step("[('1970-01-01 00:00:00','','Build and push x',6,"
                "'2026-06-09 00:01:00','in_progress')]",
                JUNE_9_US + 60 * US_PER_S, NO_TIME);
}

static void test_steps_without_a_build_change_nothing(void **state)
{
    (void)state;
    assert_step("[]", 1, 2);
    assert_step("", 1, 2);
    assert_step("[('2026-06-09 00:00:03','skipped','Build and push x',6,"
                "'2026-06-09 00:00:03','completed')]",
                1, 2);
    assert_step("[('2026-06-09 00:00:03','success','Build and push x',6,", 1,
                2);
    assert_step("(((((,,,'\\", 1, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_instant_is_read_in_every_form_of_an_export),
        cmocka_unit_test(test_both_readers_of_instants_agree),
        cmocka_unit_test(test_a_missing_instant_is_no_time),
        cmocka_unit_test(test_what_is_no_instant_is_refused),
        cmocka_unit_test(test_seconds_are_exact),
        cmocka_unit_test(test_what_is_no_number_of_seconds_is_refused),
        cmocka_unit_test(test_a_length_ends_with_the_year_2200),
        cmocka_unit_test(test_a_count_fits_64_bits),
        cmocka_unit_test(test_the_machine_is_the_second_label_if_there_are_two),
        cmocka_unit_test(test_the_build_step_is_found_in_an_array_of_tuples),
        cmocka_unit_test(test_steps_without_a_build_change_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

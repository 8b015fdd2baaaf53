#include "tests/support.h"

#include "sim/base/units.h"

#include <stdio.h>
#include <time.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void assert_instant(const char *text, sim_us want)
{
    struct err e;
    sim_us got = -1;

    assert_int_equal(timestamp_parse(text, &got, &e), ERR_OK);
    assert_int_equal(got, want);
}

static void test_an_instant_is_read_in_each_of_its_forms(void **state)
{
    const sim_us at = INT64_C(1781024531000000);

    (void)state;
    assert_instant("2026-06-09T17:02:11Z", at);
    assert_instant("2026-06-09t17:02:11z", at);
    assert_instant("2026-06-09 17:02:11", at);
    assert_instant("2026-06-09 17:02:11.000000000", at);
    assert_instant("2026-06-09T19:02:11+02:00", at);
    assert_instant("2026-06-09T11:32:11.25-05:30", at + 250000);
    assert_instant("2026-06-09T17:02Z", at - 11 * US_PER_S);
    assert_instant("1970-01-01 00:00:00.000000000", 0);
}

static void test_decimals_beyond_microseconds_are_cut_off(void **state)
{
    (void)state;
    assert_instant("1970-01-01T00:00:01.000001999Z", 1000001);
    assert_instant("1970-01-01T00:00:01.123456Z", 1123456);
    assert_instant("1969-12-31T23:59:59.999999999Z", -1);
    assert_instant("1969-12-31T23:59:59.0000009Z", -1000000);
}

static void test_leap_years_follow_the_calendar(void **state)
{
    (void)state;
    assert_instant("2000-02-29T00:00:00Z", 951782400 * US_PER_S);
    assert_instant("2024-02-29T00:00:00Z", 1709164800 * US_PER_S);
    assert_instant("1900-03-01T00:00:00Z", -2203891200 * US_PER_S);
    assert_instant("9999-12-31T23:59:59Z", 253402300799 * US_PER_S);
}

static void test_the_calendar_agrees_with_the_c_library(void **state)
{
    struct tm tm;

    (void)state;
    /* Every 29 days and a bit, from 1900 to 9999. */
    for (time_t t = -2208988800; t < 253402300800; t += 29 * 86400 + 4567) {
        char out[40];

        assert_non_null(gmtime_r(&t, &tm));
        assert_true(strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0);
        assert_instant(out, t * US_PER_S);
        char back[40];

        timestamp_print(t * US_PER_S, back);
        assert_string_equal(back, out);
    }
}

static void test_an_instant_is_printed_with_the_decimals_it_has(void **state)
{
    char out[40];

    (void)state;
    timestamp_print(INT64_C(1781024531000000), out);
    assert_string_equal(out, "2026-06-09T17:02:11Z");
    timestamp_print(INT64_C(1781024531250000), out);
    assert_string_equal(out, "2026-06-09T17:02:11.25Z");
    timestamp_print(-1, out);
    assert_string_equal(out, "1969-12-31T23:59:59.999999Z");
    timestamp_print(INT64_MAX, out);
    assert_string_equal(out, "294247-01-10T04:00:54.775807Z");
    timestamp_print(INT64_MIN, out);
    assert_string_equal(out, "-290308-12-21T19:59:05.224192Z");
}

static void test_a_wrong_instant_says_what_is_wrong(void **state)
{
    static const struct {
        const char *text, *wrong;
    } rows[] = {
        {"", "is not an instant"},
        {"yesterday", "is not an instant"},
        {"2026-06-09", "is not an instant"},
        {"2026-6-9T17:02:11Z", "is not an instant"},
        {"2026-06-09T17", "is not an instant"},
        {"2026-06-09T17:02:11.Z", "is not an instant"},
        {"2026-06-09T17:02:11+02", "is not an instant"},
        {"1899-12-31T23:59:59Z", "has a year before 1900"},
        {"2026-00-09T17:02:11Z", "has no such month"},
        {"2026-13-09T17:02:11Z", "has no such month"},
        {"2026-06-31T17:02:11Z", "has no such day in that month"},
        {"2026-06-00T17:02:11Z", "has no such day in that month"},
        {"2100-02-29T17:02:11Z", "has no such day in that month"},
        {"2026-06-09T24:00:00Z", "has an hour beyond 23"},
        {"2026-06-09T17:60:11Z", "has a minute beyond 59"},
        {"2026-06-09T17:02:60Z", "has a second beyond 59"},
        {"2026-06-09T17:02:11.1234567890Z", "has more than nine decimals"},
        {"2026-06-09T17:02:11+24:00", "has an offset beyond 23:59"},
        {"2026-06-09T17:02:11+02:60", "has an offset beyond 23:59"},
        {"2026-06-09T17:02:11Z ", "goes on behind the instant"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char want[200];
        struct err e;
        sim_us got = 77;

        snprintf(want, sizeof want,
                 "time \"%s\" %s; write it like 2026-06-09T17:02:11Z",
                 rows[i].text, rows[i].wrong);
        assert_int_equal(timestamp_parse(rows[i].text, &got, &e), ERR_INPUT);
        assert_string_equal(e.msg, want);
        assert_int_equal(got, 77);
    }
}

static void assert_hour_of_week(const char *text, int weekday, int hour)
{
    struct err e;
    sim_us at;
    int got_weekday, got_hour;

    assert_int_equal(timestamp_parse(text, &at, &e), ERR_OK);
    hour_of_week(at, &got_weekday, &got_hour);
    assert_int_equal(got_weekday, weekday);
    assert_int_equal(got_hour, hour);
}

static void test_the_week_starts_on_monday(void **state)
{
    (void)state;
    assert_hour_of_week("2026-06-07T23:59:59.999999Z", 6, 23);
    assert_hour_of_week("2026-06-08T00:00:00Z", 0, 0);
    assert_hour_of_week("1970-01-01T00:00:00Z", 3, 0);
    assert_hour_of_week("1969-12-31T23:59:59Z", 2, 23); /* a Wednesday */
    assert_hour_of_week("1969-12-28T05:00:00Z", 6, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_instant_is_read_in_each_of_its_forms),
        cmocka_unit_test(test_decimals_beyond_microseconds_are_cut_off),
        cmocka_unit_test(test_leap_years_follow_the_calendar),
        cmocka_unit_test(test_the_calendar_agrees_with_the_c_library),
        cmocka_unit_test(test_an_instant_is_printed_with_the_decimals_it_has),
        cmocka_unit_test(test_a_wrong_instant_says_what_is_wrong),
        cmocka_unit_test(test_the_week_starts_on_monday),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

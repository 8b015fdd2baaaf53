/* Cron schedules: reading them, and when they come. */
#include "models/keda_cron.h"
#include "tests/support.h"

#include <string.h>

/* 2026-06-09T00:00:00Z, a Tuesday; 20613 days after 1970-01-01. */
#define TUESDAY (20613 * US_PER_DAY)
#define MINUTE (60 * US_PER_S)

static struct keda_schedule schedule(const char *text)
{
    struct keda_cron c;
    struct err e;

    assert_int_equal(keda_cron_parse(&c, text, "59 23 31 12 *", "UTC", &e),
                     ERR_OK);
    return c.start;
}

/* Minutes from `from` minutes after Tuesday 00:00 to the next coming. */
static int64_t after(const char *text, int64_t from)
{
    struct keda_schedule s = schedule(text);

    return (keda_schedule_next(&s, TUESDAY + from * MINUTE) - TUESDAY) / MINUTE;
}

static void test_next_is_strictly_later(void **state)
{
    (void)state;
    struct keda_schedule s = schedule("30 6 * * *");

    assert_int_equal(after("30 6 * * *", 0), 390);
    assert_int_equal(after("30 6 * * *", 390), 390 + 1440);
    assert_int_equal(keda_schedule_next(&s, TUESDAY + 390 * MINUTE - 1),
                     TUESDAY + 390 * MINUTE);
}

static void test_lists_ranges_steps_and_names(void **state)
{
    (void)state;
    assert_int_equal(after("*/20 * * * *", 1), 20);
    assert_int_equal(after("5,50-52 * * * *", 51), 52);
    assert_int_equal(after("7/30 * * * *", 8), 37);
    assert_int_equal(after("10-40/15 * * * *", 11), 25);
    assert_int_equal(after("0 8 * * mon-FRI", 3 * 1440 + 480),
                     6 * 1440 + 480); /* Friday's is gone: Monday */
    assert_int_equal(after("0 0 1 JUL *", 0), 22 * 1440);
    assert_int_equal(after("0 0 ? * 0", 0), 5 * 1440);
    assert_int_equal(after("@weekly", 0), 5 * 1440);
    assert_int_equal(after("@hourly", 0), 60);
}

static void test_either_day_field_matches_if_both_are_given(void **state)
{
    (void)state;
    assert_int_equal(after("0 12 11 * SAT", 0), 2 * 1440 + 720);
    assert_int_equal(after("0 12 14 * SAT", 0), 4 * 1440 + 720);
    assert_int_equal(after("0 12 */2 * SAT", 0), 720); /* 9th: odd days */
    assert_int_equal(after("0 12 * * SAT", 0), 4 * 1440 + 720);
}

static void test_leap_day_and_times_before_1970(void **state)
{
    (void)state;
    struct keda_schedule s = schedule("0 0 29 2 *");

    assert_int_equal(keda_schedule_next(&s, TUESDAY),
                     21243 * US_PER_DAY); /* 2028-02-29 */
    assert_int_equal(keda_schedule_next(&s, -US_PER_DAY),
                     789 * US_PER_DAY); /* 1972-02-29 */
    s = schedule("59 23 * * WED");
    assert_int_equal(keda_schedule_next(&s, -1), 0 - MINUTE + US_PER_DAY * 7);
    assert_int_equal(keda_schedule_next(&s, -MINUTE - 1), -MINUTE);
}

static void test_active_from_start_until_before_the_end(void **state)
{
    (void)state;
    struct keda_cron c;
    struct err e;

    assert_int_equal(
        keda_cron_parse(&c, "0 8 * * *", "30 17 * * *", "Etc/UTC", &e), ERR_OK);
    assert_string_equal(c.end.text, "30 17 * * *");
    assert_false(keda_cron_active(&c, TUESDAY + 8 * US_PER_H - 1));
    assert_true(keda_cron_active(&c, TUESDAY + 8 * US_PER_H));
    assert_true(keda_cron_active(&c, TUESDAY + 1050 * MINUTE - 1));
    assert_false(keda_cron_active(&c, TUESDAY + 1050 * MINUTE));
    assert_int_equal(keda_cron_until(&c, TUESDAY), TUESDAY + 8 * US_PER_H);
    assert_int_equal(keda_cron_until(&c, TUESDAY + 8 * US_PER_H),
                     TUESDAY + 1050 * MINUTE);
}

static void test_an_interval_over_midnight(void **state)
{
    (void)state;
    struct keda_cron c;
    struct err e;

    assert_int_equal(keda_cron_parse(&c, "0 22 * * *", "0 6 * * *", "UTC", &e),
                     ERR_OK);
    assert_true(keda_cron_active(&c, TUESDAY));
    assert_false(keda_cron_active(&c, TUESDAY + 6 * US_PER_H));
    assert_true(keda_cron_active(&c, TUESDAY + 23 * US_PER_H));
}

static void refuse(const char *start, const char *zone, const char *message)
{
    struct keda_cron c;
    struct err e;

    assert_int_equal(keda_cron_parse(&c, start, "0 6 * * *", zone, &e),
                     ERR_INPUT);
    assert_string_equal(e.msg, message);
    assert_int_equal(c.end.minutes, 0);
}

static void test_errors_say_what_is_wrong(void **state)
{
    (void)state;
    refuse("0 6 * * *", "UTC",
           "start and end of the cron trigger are both \"0 6 * * *\"");
    refuse("0 8 * * *", "Europe/Berlin",
           "time zone \"Europe/Berlin\" is not supported: write the schedule "
           "in UTC");
    refuse("0 8 * *", "UTC",
           "cron schedule \"0 8 * *\": five fields are needed: minute, hour, "
           "day, month, weekday");
    refuse("@every 5m", "UTC",
           "cron schedule \"@every 5m\": five fields are needed: minute, "
           "hour, day, month, weekday");
    refuse("0 8 * * * *", "UTC",
           "cron schedule \"0 8 * * * *\": five fields are needed: minute, "
           "hour, day, month, weekday");
    refuse("60 8 * * *", "UTC",
           "cron schedule \"60 8 * * *\": bad minute \"60\"");
    refuse("0 8-5 * * *", "UTC",
           "cron schedule \"0 8-5 * * *\": bad hour \"8-5\"");
    refuse("0 8 0 * *", "UTC",
           "cron schedule \"0 8 0 * *\": bad day of month \"0\"");
    refuse("0 8 * foo *", "UTC",
           "cron schedule \"0 8 * foo *\": bad month \"foo\"");
    refuse("0 8 * * 7", "UTC",
           "cron schedule \"0 8 * * 7\": bad day of week \"7\"");
    refuse("*/0 8 * * *", "UTC",
           "cron schedule \"*/0 8 * * *\": bad minute \"*/0\"");
    refuse("1, 8 * * *", "UTC",
           "cron schedule \"1, 8 * * *\": bad minute \"1,\"");
    refuse("0 8 31 2 *", "UTC", "cron schedule \"0 8 31 2 *\" never comes");
}

static void test_a_huge_schedule_is_refused(void **state)
{
    (void)state;
    char text[400];

    memset(text, '1', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    refuse(text, "UTC", "cron schedule is too long");
}

/* Both come next at 8:00 on Tuesday, from Monday 8:00 on. */
static void
test_a_start_and_an_end_at_one_minute_are_active_before(void **state)
{
    (void)state;
    const sim_us monday_8h = TUESDAY - 16 * US_PER_H;
    struct keda_cron c;
    struct err e;

    assert_int_equal(keda_cron_parse(&c, "0 8 * * *", "0 8 * * 2", "UTC", &e),
                     ERR_OK);
    assert_false(keda_cron_active(&c, monday_8h - 1));
    assert_true(keda_cron_active(&c, monday_8h));
    assert_true(keda_cron_active(&c, TUESDAY + 8 * US_PER_H - 1));
    assert_false(keda_cron_active(&c, TUESDAY + 8 * US_PER_H));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_next_is_strictly_later),
        cmocka_unit_test(test_lists_ranges_steps_and_names),
        cmocka_unit_test(test_either_day_field_matches_if_both_are_given),
        cmocka_unit_test(test_leap_day_and_times_before_1970),
        cmocka_unit_test(test_active_from_start_until_before_the_end),
        cmocka_unit_test(test_an_interval_over_midnight),
        cmocka_unit_test(test_errors_say_what_is_wrong),
        cmocka_unit_test(test_a_huge_schedule_is_refused),
        cmocka_unit_test(
            test_a_start_and_an_end_at_one_minute_are_active_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

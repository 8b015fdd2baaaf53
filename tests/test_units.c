#include "tests/support.h"

#include "sim/base/units.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void assert_duration(const char *text, sim_us want)
{
    struct err e;
    sim_us got = -1;

    assert_int_equal(duration_parse(text, &got, &e), ERR_OK);
    assert_int_equal(got, want);
}

static void refuse_duration(const char *text, const char *message)
{
    struct err e;
    sim_us got = 77;

    assert_int_equal(duration_parse(text, &got, &e), ERR_INPUT);
    assert_string_equal(e.msg, message);
    assert_int_equal(got, 77);
}

static void test_seconds_become_the_nearest_microsecond(void **state)
{
    (void)state;
    assert_int_equal(us_from_s(2.385), 2385000);
    assert_int_equal(us_from_s(0.0000004), 0);
    assert_int_equal(us_from_s(0.0000006), 1);
    assert_int_equal(us_from_s(-1.5), -1500000);
    assert_int_equal(us_from_s(0.0000025), 3); /* halves away from zero */
    assert_int_equal(us_from_s(-0.0000025), -3);
    assert_int_equal(us_from_s(0.00000249999), 2);
    assert_int_equal(us_from_s(9e12), INT64_C(9000000000000000000));
    assert_int_equal(us_from_s(-9e12), -INT64_C(9000000000000000000));
    assert_true(s_from_us(2385000) == 2.385);
}

static void test_durations_are_read_as_go_reads_them(void **state)
{
    (void)state;
    assert_duration("1h30m", 5400 * US_PER_S);
    assert_duration("600s", 600 * US_PER_S);
    assert_duration("250ms", 250 * US_PER_MS);
    assert_duration("1.5h", 5400 * US_PER_S);
    assert_duration(".5s", 500000);
    assert_duration("2.s", 2 * US_PER_S);
    assert_duration("+7s", 7 * US_PER_S);
    assert_duration("1h1h", 2 * US_PER_H);
    assert_duration("5us", 5);
    assert_duration("5\xc2\xb5s", 5);
    assert_duration("5\xce\xbcs", 5);
    assert_duration("1m0.385s", 60385000);
    assert_duration("0.33333333333333333333h", 1200 * US_PER_S);
}

static void test_a_day_is_24_hours(void **state)
{
    (void)state;
    assert_duration("1d12h", 36 * US_PER_H);
}

static void test_only_zero_stands_without_a_unit(void **state)
{
    (void)state;
    assert_duration("0", 0);
    assert_duration("+0", 0);
    assert_duration("-0", 0);
    assert_duration("-0s", 0);
    refuse_duration("600", "duration \"600\" lacks a unit; write it like 45s, "
                           "1h30m or 250ms");
    refuse_duration("1h30", "duration \"1h30\" lacks a unit; write it like "
                            "45s, 1h30m or 250ms");
    refuse_duration("00", "duration \"00\" lacks a unit; write it like 45s, "
                          "1h30m or 250ms");
}

static void test_nanoseconds_are_rounded_after_adding_up(void **state)
{
    (void)state;
    assert_duration("499ns", 0);
    assert_duration("500ns", 1);
    assert_duration("1499ns", 1);
    assert_duration("250ns250ns", 1);
    assert_duration("0.4us0.2us", 1); /* 600 ns by hand */
}

static void test_a_wrong_duration_says_what_is_wrong(void **state)
{
    (void)state;
    refuse_duration("", "duration \"\" is empty; write it like 45s, 1h30m or "
                        "250ms");
    refuse_duration("-", "duration \"-\" is empty; write it like 45s, 1h30m "
                         "or 250ms");
    refuse_duration("-5s", "duration \"-5s\" is negative; write it like 45s, "
                           "1h30m or 250ms");
    refuse_duration(".s", "duration \".s\" lacks a number; write it like 45s, "
                          "1h30m or 250ms");
    refuse_duration(" 5s", "duration \" 5s\" lacks a number; write it like "
                           "45s, 1h30m or 250ms");
    refuse_duration("5 s", "duration \"5 s\" has a unit other than ns, us, "
                           "ms, s, m, h, d; write it like 45s, 1h30m or "
                           "250ms");
    refuse_duration("3w", "duration \"3w\" has a unit other than ns, us, ms, "
                          "s, m, h, d; write it like 45s, 1h30m or 250ms");
    refuse_duration("\033[2J", "duration \"?[2J\" lacks a number; write it "
                               "like 45s, 1h30m or 250ms");
}

static void test_a_duration_beyond_63_bits_of_nanoseconds_is_refused(void **s)
{
    (void)s;
    /* 2^63 - 1 ns is 9223372036.854775807 s. */
    assert_duration("9223372036s", INT64_C(9223372036000000));
    assert_duration("9223372036854775807ns", INT64_C(9223372036854775));
    refuse_duration("9223372037s",
                    "duration \"9223372037s\" is longer than 292 years; write "
                    "it like 45s, 1h30m or 250ms");
    refuse_duration("9223372036s1s",
                    "duration \"9223372036s1s\" is longer than 292 years; "
                    "write it like 45s, 1h30m or 250ms");
    refuse_duration("9223372036.9s",
                    "duration \"9223372036.9s\" is longer than 292 years; "
                    "write it like 45s, 1h30m or 250ms");
    refuse_duration("99999999999999999999ns",
                    "duration \"99999999999999999999ns\" is longer than 292 "
                    "years; write it like 45s, 1h30m or 250ms");
}

static void assert_printed(sim_us us, const char *want)
{
    char out[32];

    duration_print(us, out);
    assert_string_equal(out, want);
}

static void test_durations_are_printed_as_people_write_them(void **state)
{
    (void)state;
    assert_printed(0, "0s");
    assert_printed(7, "7us");
    assert_printed(1500, "1.5ms");
    assert_printed(250000, "250ms");
    assert_printed(1500000, "1.5s");
    assert_printed(60 * US_PER_S, "1m");
    assert_printed(5400 * US_PER_S, "1h30m");
    assert_printed(36 * US_PER_H, "36h");
    assert_printed(US_PER_H + 1, "1h0.000001s");
    assert_printed(-45 * US_PER_S, "-45s");
    assert_printed(SIM_NEVER, "never");
    assert_printed(INT64_MIN, "-2562047788h54.775808s");
}

static void test_a_printed_duration_reads_back_the_same(void **state)
{
    (void)state;
    for (sim_us us = 1; us < INT64_C(9000000000000000); us = us * 3 + 7) {
        char out[32];

        duration_print(us, out);
        assert_duration(out, us);
    }
}

static void test_quantities_are_read_as_milli_units(void **state)
{
    static const struct {
        const char *text;
        int64_t milli;
    } rows[] = {
        {"42", 42000},
        {"42000m", 42000},
        {"0.8", 800},
        {".5", 500},
        {"5.", 5000},
        {"+1.25", 1250},
        {"-2", -2000},
        {"1e3", 1000000},
        {"1E3", 1000000},
        {"12e-1", 1200},
        {"5e+1", 50000},
        {"1k", 1000000},
        {"3M", INT64_C(3000000000)},
        {"2G", INT64_C(2000000000000)},
        {"1T", INT64_C(1000000000000000)},
        {"1P", INT64_C(1000000000000000000)},
        {"1Ki", 1024000},
        {"155Gi", INT64_C(166429982720000)}, /* 155 * 1024^3 * 1000 */
        {"1.5Mi", INT64_C(1572864000)},
        {"0.5Ti", INT64_C(549755813888000)},
        {"1Pi", INT64_C(1125899906842624000)},
        {"0", 0},
        {"0000000000000000000000000000000007", 7000},
        {"7.000000000000000000000000000000000", 7000},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e;
        int64_t got = -1;

        assert_int_equal(quantity_parse(rows[i].text, &got, &e), ERR_OK);
        assert_int_equal(got, rows[i].milli);
    }
}

static void assert_quantity(const char *text, int64_t want)
{
    struct err e;
    int64_t got = -1;

    assert_int_equal(quantity_parse(text, &got, &e), ERR_OK);
    assert_int_equal(got, want);
}

static void test_a_quantity_finer_than_milli_is_rounded_up(void **state)
{
    (void)state;
    assert_quantity("1n", 1);
    assert_quantity("1u", 1);
    assert_quantity("1000u", 1);
    assert_quantity("1000001n", 2);
    assert_quantity("0.0001", 1);
    assert_quantity("1.0000000000000000000000000000000000001", 1001);
    assert_quantity("-0.0001", -1); /* away from zero */
    assert_quantity("1e-1000", 1);
    assert_quantity("0e-1000", 0);
    assert_quantity("0.0009765625Ki", 1000); /* exactly 1 */
}

static void test_a_quantity_saturates(void **state)
{
    (void)state;
    assert_quantity("9223372036854775.807", INT64_MAX);
    assert_quantity("9223372036854775.806", INT64_MAX - 1);
    assert_quantity("9223372036854775.8061", INT64_MAX);
    assert_quantity("1E", INT64_MAX);
    assert_quantity("1Ei", INT64_MAX);
    assert_quantity("99999999999999999999Ei", INT64_MAX);
    assert_quantity("-99999999999999999999Ei", -INT64_MAX);
    assert_quantity("1e999999999999999999999", INT64_MAX);
    assert_quantity("99999999999999999999999999999999999999999999", INT64_MAX);
}

static void test_a_wrong_quantity_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",  "-",    "m",    ".",   "1K",   "1ki",  "1mi", "1e",  "1e3.5",
        "e", "--1",  "1 Gi", " 1",  "1Gi ", "1Gib", "0x1", "1e-", "1i",
        "n", "1Em3", "1,5",  "nan", "inf",  "1kk",  "1 ",  "1e3m"};
    struct err e;
    int64_t got = 77;

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_int_equal(quantity_parse(wrong[i], &got, &e), ERR_INPUT);
    assert_int_equal(quantity_parse("155GB", &got, &e), ERR_INPUT);
    assert_string_equal(
        e.msg, "quantity \"155GB\" is not a number with a suffix of n, u, m, "
               "k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei or an exponent like "
               "e3");
    assert_int_equal(got, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seconds_become_the_nearest_microsecond),
        cmocka_unit_test(test_durations_are_read_as_go_reads_them),
        cmocka_unit_test(test_a_day_is_24_hours),
        cmocka_unit_test(test_only_zero_stands_without_a_unit),
        cmocka_unit_test(test_nanoseconds_are_rounded_after_adding_up),
        cmocka_unit_test(test_a_wrong_duration_says_what_is_wrong),
        cmocka_unit_test(
            test_a_duration_beyond_63_bits_of_nanoseconds_is_refused),
        cmocka_unit_test(test_durations_are_printed_as_people_write_them),
        cmocka_unit_test(test_a_printed_duration_reads_back_the_same),
        cmocka_unit_test(test_quantities_are_read_as_milli_units),
        cmocka_unit_test(test_a_quantity_finer_than_milli_is_rounded_up),
        cmocka_unit_test(test_a_quantity_saturates),
        cmocka_unit_test(test_a_wrong_quantity_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

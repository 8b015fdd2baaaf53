#include "sim/base/units.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Calendar arithmetic counts years from March, so that the leap day is the
 * last of its year, and in eras of 400 years, which all have as many days.
 */
enum { DAYS_PER_ERA = 146097, DAYS_TO_1970 = 719468 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* a - b * floor_div(a, b), which might overflow on the way. */
static int64_t floor_rest(int64_t a, int64_t b)
{
    return a % b < 0 ? a % b + b : a % b;
}

/* Days before the first of the month, month 0 being March. */
static int64_t days_before_month(int64_t month)
{
    return (153 * month + 2) / 5;
}

static int64_t days_before_year(int64_t year)
{
    return 365 * year + floor_div(year, 4) - floor_div(year, 100) +
           floor_div(year, 400);
}

/* Days from 1970-01-01 to the date. */
static int64_t days_from_date(int year, int month, int day)
{
    int64_t from_march = (month + 9) % 12;

    return days_before_year(month > 2 ? year : year - 1) +
           days_before_month(from_march) + day - 1 - DAYS_TO_1970;
}

static void date_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    days += DAYS_TO_1970;
    /* A mean year is at most one year off, and only ever too late. */
    *year = floor_div(400 * (days + 1), DAYS_PER_ERA) + 1;
    while (days_before_year(*year) > days)
        --*year;
    int64_t rest = days - days_before_year(*year);
    int64_t from_march = (5 * rest + 2) / 153;

    *day = (int)(rest - days_before_month(from_march)) + 1;
    *month = (int)((from_march + 2) % 12) + 1;
    *year += *month <= 2;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

struct reader {
    const char *at;    /* borrowed; what is not read yet */
    const char *wrong; /* first complaint, or NULL */
};

static bool take(struct reader *r, const char *any)
{
    if (r->wrong || *r->at == '\0' || !strchr(any, *r->at))
        return false;
    r->at++;
    return true;
}

static void expect(struct reader *r, const char *any)
{
    if (!take(r, any) && !r->wrong)
        r->wrong = "is not an instant";
}

/* A number of exactly n digits in [least, most]. */
static int take_number(struct reader *r, int n, int least, int most,
                       const char *wrong)
{
    int x = 0;

    for (int i = 0; i < n; i++) {
        char c = *r->at;

        expect(r, "0123456789");
        x = r->wrong ? least : 10 * x + (c - '0');
    }
    if (!r->wrong && (x < least || x > most))
        r->wrong = wrong;
    return r->wrong ? least : x;
}

static int64_t take_date(struct reader *r)
{
    int year = take_number(r, 4, 1900, 9999, "has a year before 1900");

    expect(r, "-");
    int month = take_number(r, 2, 1, 12, "has no such month");

    expect(r, "-");
    int day = take_number(r, 2, 1, days_in_month(year, month),
                          "has no such day in that month");

    return days_from_date(year, month, day);
}

/* "17:02" or "17:02:11", in seconds. */
static int64_t take_clock(struct reader *r)
{
    int hour = take_number(r, 2, 0, 23, "has an hour beyond 23");

    expect(r, ":");
    int minute = take_number(r, 2, 0, 59, "has a minute beyond 59");
    int second = 0;

    if (take(r, ":"))
        second = take_number(r, 2, 0, 59, "has a second beyond 59");
    return hour * 3600 + minute * 60 + second;
}

/* ".123456789" or nothing, in whole microseconds. */
static int64_t take_fraction(struct reader *r)
{
    int64_t us = 0, worth = US_PER_S / 10;
    int n = 0;

    if (!take(r, "."))
        return 0;
    do {
        us += take_number(r, 1, 0, 9, "") * worth;
        worth /= 10;
        n++;
    } while (*r->at >= '0' && *r->at <= '9');
    if (n > 9 && !r->wrong)
        r->wrong = "has more than nine decimals";
    return us;
}

/* "Z", "+02:00" or nothing, in seconds. */
static int64_t take_offset(struct reader *r)
{
    bool west = *r->at == '-';

    if (take(r, "Zz") || !take(r, "+-"))
        return 0;
    int64_t s = 3600 * take_number(r, 2, 0, 23, "has an offset beyond 23:59");

    expect(r, ":");
    s += 60 * take_number(r, 2, 0, 59, "has an offset beyond 23:59");
    return west ? -s : s;
}

int timestamp_parse(const char *text, sim_us *out, struct err *e)
{
    struct reader r = {.at = text};
    int64_t days = take_date(&r);

    expect(&r, "Tt ");
    int64_t s = take_clock(&r);
    int64_t us = take_fraction(&r);

    s -= take_offset(&r);
    if (*r.at != '\0' && !r.wrong)
        r.wrong = "goes on behind the instant";
    if (r.wrong)
        return err_set(e, ERR_INPUT,
                       "time \"%.60s\" %s; write it like 2026-06-09T17:02:11Z",
                       text, r.wrong);
    *out = days * US_PER_DAY + s * US_PER_S + us;
    return ERR_OK;
}

void timestamp_print(sim_us since_epoch_us, char out[40])
{
    int64_t days = floor_div(since_epoch_us, US_PER_DAY), year;
    int64_t us = floor_rest(since_epoch_us, US_PER_DAY);
    int64_t s = us / US_PER_S;
    int month, day;

    us %= US_PER_S;
    date_from_days(days, &year, &month, &day);
    int n =
        snprintf(out, 40, "%04" PRId64 "-%02d-%02dT%02d:%02d:%02d", year, month,
                 day, (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));

    if (us > 0) {
        n += snprintf(out + n, 40 - (size_t)n, ".%06d", (int)us);
        while (out[n - 1] == '0')
            n--;
    }
    snprintf(out + n, 40 - (size_t)n, "Z");
}

void hour_of_week(sim_us since_epoch_us, int *weekday, int *hour)
{
    int64_t days = floor_div(since_epoch_us, US_PER_DAY);

    /* 1970-01-01 was a Thursday. */
    *weekday = (int)floor_rest(days + 3, 7);
    *hour = (int)(floor_rest(since_epoch_us, US_PER_DAY) / US_PER_H);
}

#include "traces/value.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MILLENNIUM_S 31557600000.0
#define FIRST_DAY_US US_PER_DAY

enum { NUMBER_MAX = 63 }; /* longest text of a number or an instant */

bool value_is(struct slice v, const char *text)
{
    return v.s && strlen(text) == v.n && memcmp(v.s, text, v.n) == 0;
}

bool value_is_null(struct slice v)
{
    return v.n == 0 || v.s[0] == '\0' || value_is(v, "\\N") ||
           value_is(v, "null") || value_is(v, "NULL");
}

/* Reads n digits, or gives -1. */
static int digits(const char *at, int n)
{
    int value = 0;

    for (int i = 0; i < n; i++) {
        if (at[i] < '0' || at[i] > '9')
            return -1;
        value = 10 * value + (at[i] - '0');
    }
    return value;
}

/* Days since 1970-01-01 in the Gregorian calendar, years from 1 on: counts
 * from March, so that the leap day is the last of its year.
 */
static int64_t days_since_1970(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t m = month > 2 ? month - 3 : month + 9;

    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day -
           719469;
}

/* Decimals behind the seconds and perhaps a Z; true if that is all. */
static bool read_tail(const char *at, const char *end, sim_us *us)
{
    sim_us scale = US_PER_S / 10;

    *us = 0;
    if (at < end && *at == '.') {
        if (++at == end || digits(at, 1) < 0)
            return false;
        for (; at < end && digits(at, 1) >= 0 && scale > 0; scale /= 10)
            *us += scale * digits(at++, 1);
        while (at < end && *at == '0')
            at++;
    }
    if (at < end && *at == 'Z')
        at++;
    return at == end;
}

/* The form of nearly every instant, "2026-06-09 17:02:11.000000000", is read
 * here: a large export holds millions of them.
 */
static bool read_common(struct slice v, sim_us *out)
{
    const char *s = v.s;

    if (v.n < 19 || s[4] != '-' || s[7] != '-' ||
        (s[10] != ' ' && s[10] != 'T') || s[13] != ':' || s[16] != ':')
        return false;
    int year = digits(s, 4), month = digits(s + 5, 2), day = digits(s + 8, 2);
    int hour = digits(s + 11, 2), minute = digits(s + 14, 2);
    int second = digits(s + 17, 2);
    sim_us us;

    /* Rare days and wrong ones are left to the full reader. */
    if (year < 1900 || month < 1 || month > 12 || day < 1 || day > 28 ||
        hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 59 || !read_tail(s + 19, s + v.n, &us))
        return false;
    *out = days_since_1970(year, month, day) * US_PER_DAY + hour * US_PER_H +
           (minute * 60 + second) * US_PER_S + us;
    return true;
}

static bool read_any(struct slice v, sim_us *out)
{
    char text[NUMBER_MAX + 1];
    struct err ignored;

    if (v.n > NUMBER_MAX || memchr(v.s, '\0', v.n))
        return false;
    memcpy(text, v.s, v.n);
    text[v.n] = '\0';
    return timestamp_parse(text, out, &ignored) == ERR_OK;
}

bool value_timestamp(struct slice v, sim_us *out)
{
    sim_us us;

    if (v.n == 0 || (!read_common(v, &us) && !read_any(v, &us)) ||
        us >= LATEST_US)
        return false;
    *out = us;
    return true;
}

bool value_instant(struct slice v, sim_us *out)
{
    sim_us us = NO_TIME;

    if (!value_is_null(v) && !(v.n >= 5 && memcmp(v.s, "0001-", 5) == 0) &&
        !value_timestamp(v, &us))
        return false;
    *out = us < FIRST_DAY_US ? NO_TIME : us;
    return true;
}

/* Plain decimals, without going through a double. */
static bool read_decimal(struct slice v, sim_us *out)
{
    size_t i = v.n > 0 && v.s[0] == '-' ? 1 : 0;
    sim_us us = 0, part;
    size_t first = i;

    for (; i < v.n && digits(v.s + i, 1) >= 0; i++) {
        us = 10 * us + digits(v.s + i, 1) * US_PER_S;
        if ((double)us > MILLENNIUM_S * 1e6)
            return false;
    }
    if (i == first || v.s[v.n - 1] == 'Z' ||
        !read_tail(v.s + i, v.s + v.n, &part))
        return false;
    *out = first > 0 ? -(us + part) : us + part;
    return true;
}

bool value_seconds(struct slice v, sim_us *out)
{
    char text[NUMBER_MAX + 1];
    char *end;

    if (v.n == 0 || v.n > NUMBER_MAX ||
        !(isdigit((unsigned char)v.s[0]) || strchr("-.", v.s[0])))
        return false;
    if (read_decimal(v, out))
        return true;
    memcpy(text, v.s, v.n);
    text[v.n] = '\0';
    if (strspn(text, "0123456789.eE+-") != v.n)
        return false;
    double s = strtod(text, &end);

    if (*end != '\0' || !(fabs(s) <= MILLENNIUM_S))
        return false;
    *out = us_from_s(s);
    return true;
}

bool value_length(struct slice v, sim_us *out)
{
    sim_us us;

    if (!value_seconds(v, &us) || us < 0 || us > LATEST_US)
        return false;
    *out = us;
    return true;
}

bool value_count(struct slice v, uint64_t *out)
{
    uint64_t count = 0;

    for (size_t i = 0; i < v.n; i++) {
        int digit = digits(v.s + i, 1);

        if (digit < 0 || count > (UINT64_MAX - 9) / 10)
            return false;
        count = 10 * count + (uint64_t)digit;
    }
    if (v.n == 0)
        return false;
    *out = count;
    return true;
}

static bool is_wrapping(char c)
{
    return c != '\0' && strchr(" '\"[]", c) != NULL;
}

/* Text up to the next comma, without brackets, quotes and blanks around it. */
static struct slice next_label(struct slice *rest)
{
    const char *comma = memchr(rest->s, ',', rest->n);
    struct slice label = {rest->s, comma ? (size_t)(comma - rest->s) : rest->n};

    *rest = comma ? (struct slice){comma + 1, rest->n - label.n - 1}
                  : (struct slice){rest->s + rest->n, 0};
    while (label.n > 0 && is_wrapping(label.s[0])) {
        label.s++;
        label.n--;
    }
    while (label.n > 0 && is_wrapping(label.s[label.n - 1]))
        label.n--;
    return label;
}

struct slice value_machine(struct slice labels)
{
    if (value_is_null(labels))
        return (struct slice){"", 0};
    struct slice first = next_label(&labels);
    struct slice second = labels.n > 0 ? next_label(&labels) : first;

    return second.n > 0 ? second : first;
}

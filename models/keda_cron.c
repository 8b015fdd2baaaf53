#include "models/keda_cron.h"

#include <assert.h>
#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MINUTES_OF_DAY = 1440, SEARCH_DAYS = 6 * 366 };

/* What one of the five fields allows. */
struct field {
    const char *name;
    unsigned low, high;
    const char *const *words; /* for low, low + 1, ...; or NULL */
};

struct range {
    unsigned from, to, step;
    bool any;
};

static const char *const month_words[] = {"jan", "feb", "mar", "apr", "may",
                                          "jun", "jul", "aug", "sep", "oct",
                                          "nov", "dec", NULL};
static const char *const day_words[] = {"sun", "mon", "tue", "wed",
                                        "thu", "fri", "sat", NULL};

static const struct field fields[5] = {
    {"minute", 0, 59, NULL},          {"hour", 0, 23, NULL},
    {"day of month", 1, 31, NULL},    {"month", 1, 12, month_words},
    {"day of week", 0, 6, day_words},
};

static bool read_number(const char **at, unsigned *out)
{
    unsigned x = 0;
    const char *c = *at;

    while (isdigit((unsigned char)*c) && x < 1000)
        x = 10 * x + (unsigned)(*c++ - '0');
    if (c == *at)
        return false;
    *at = c;
    *out = x;
    return true;
}

static bool read_value(const struct field *f, const char **at, unsigned *out)
{
    for (unsigned i = 0; f->words && f->words[i]; i++) {
        if (strncasecmp(*at, f->words[i], 3) == 0) {
            *at += 3;
            *out = f->low + i;
            return true;
        }
    }
    return read_number(at, out);
}

/* "a", "a-b" or "*", each with "/step"; "a/step" runs to the end. */
static bool read_range(const struct field *f, const char **at, struct range *r)
{
    bool single = false;

    *r = (struct range){f->low, f->high, 1, false};
    if (**at == '*' || **at == '?') {
        r->any = true;
        (*at)++;
    } else {
        if (!read_value(f, at, &r->from))
            return false;
        single = **at != '-';
        r->to = r->from;
        if (!single && (++*at, !read_value(f, at, &r->to)))
            return false;
    }
    if (**at == '/') {
        ++*at;
        if (!read_number(at, &r->step) || r->step == 0)
            return false;
        r->any = r->any && r->step == 1;
        if (single)
            r->to = f->high;
    }
    return r->from >= f->low && r->to <= f->high && r->from <= r->to;
}

static bool read_field(const struct field *f, const char *text, uint64_t *bits,
                       bool *any)
{
    struct range r;

    *bits = 0;
    *any = false;
    for (;; text++) {
        if (!read_range(f, &text, &r))
            return false;
        for (unsigned i = r.from; i <= r.to; i += r.step)
            *bits |= UINT64_C(1) << i;
        *any = *any || r.any;
        if (*text != ',')
            return *text == '\0';
    }
}

static const char *expand(const char *text)
{
    static const char *const names[][2] = {
        {"@yearly", "0 0 1 1 *"},  {"@annually", "0 0 1 1 *"},
        {"@monthly", "0 0 1 * *"}, {"@weekly", "0 0 * * 0"},
        {"@daily", "0 0 * * *"},   {"@midnight", "0 0 * * *"},
        {"@hourly", "0 * * * *"},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(text, names[i][0]) == 0)
            return names[i][1];
    return text;
}

/* Splits at blanks. Returns the number of fields, 6 for more than five. */
static size_t split(char *copy, char *parts[5])
{
    size_t n = 0;
    char *rest = NULL;
    char *part = strtok_r(copy, " \t", &rest);

    for (; part; part = strtok_r(NULL, " \t", &rest)) {
        if (n == 5)
            return 6;
        parts[n++] = part;
    }
    return n;
}

static int parse_fields(const char *text, uint64_t bits[5], bool any[5],
                        struct err *e)
{
    const char *plain = expand(text);
    char copy[KEDA_CRON_TEXT];
    char *parts[5];

    if (strlen(plain) >= sizeof copy)
        return err_set(e, ERR_INPUT, "cron schedule is too long");
    memcpy(copy, plain, strlen(plain) + 1);
    if (split(copy, parts) != 5)
        return err_set(e, ERR_INPUT,
                       "cron schedule \"%s\": five fields are needed: minute, "
                       "hour, day, month, weekday",
                       text);
    for (size_t i = 0; i < 5; i++)
        if (!read_field(&fields[i], parts[i], &bits[i], &any[i]))
            return err_set(e, ERR_INPUT, "cron schedule \"%s\": bad %s \"%s\"",
                           text, fields[i].name, parts[i]);
    return ERR_OK;
}

static int parse_schedule(const char *text, struct keda_schedule *out,
                          struct err *e)
{
    uint64_t bits[5];
    bool any[5];
    int rc = parse_fields(text, bits, any, e);

    if (rc != ERR_OK)
        return rc;
    *out = (struct keda_schedule){
        .minutes = bits[0],
        .hours = (uint32_t)bits[1],
        .days = (uint32_t)bits[2],
        .months = (uint32_t)bits[3],
        .weekdays = (uint32_t)bits[4],
        .any_day = any[2],
        .any_weekday = any[4],
    };
    (void)snprintf(out->text, sizeof out->text, "%s", text);
    if (keda_schedule_next(out, 0) == SIM_NEVER)
        return err_set(e, ERR_INPUT, "cron schedule \"%s\" never comes", text);
    return ERR_OK;
}

static bool is_utc(const char *zone)
{
    return strcmp(zone, "UTC") == 0 || strcmp(zone, "Etc/UTC") == 0 ||
           strcmp(zone, "GMT") == 0 || strcmp(zone, "Etc/GMT") == 0;
}

int keda_cron_parse(struct keda_cron *out, const char *start, const char *end,
                    const char *zone, struct err *e)
{
    *out = (struct keda_cron){0};
    if (!is_utc(zone))
        return err_set(e, ERR_INPUT,
                       "time zone \"%s\" is not supported: write the schedule "
                       "in UTC",
                       zone);
    if (strcmp(start, end) == 0)
        return err_set(e, ERR_INPUT,
                       "start and end of the cron trigger are both \"%s\"",
                       start);
    int rc = parse_schedule(start, &out->start, e);
    if (rc == ERR_OK)
        rc = parse_schedule(end, &out->end, e);
    if (rc != ERR_OK)
        *out = (struct keda_cron){0};
    return rc;
}

/* Month and day of the month of a day since 1970-01-01, Gregorian; by eras of
 * 400 years that begin on 1 March.
 */
static void month_and_day(int64_t days, unsigned *month, unsigned *day)
{
    int64_t z = days + 719468; /* since 0000-03-01 */
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *day = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
    *month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
}

static bool day_matches(const struct keda_schedule *s, int64_t days)
{
    unsigned month, day;
    unsigned weekday = (unsigned)(((days + 4) % 7 + 7) % 7);

    month_and_day(days, &month, &day);
    if (!(s->months >> month & 1))
        return false;
    bool by_day = s->days >> day & 1;
    bool by_weekday = s->weekdays >> weekday & 1;
    if (s->any_day || s->any_weekday)
        return by_day && by_weekday;
    return by_day || by_weekday;
}

/* First matching minute of the day from `from` on, or -1. */
static int minute_of_day(const struct keda_schedule *s, int from)
{
    int minute = from % 60;

    for (int hour = from / 60; hour < 24; hour++, minute = 0) {
        uint64_t left = s->minutes >> minute << minute;
        if ((s->hours >> hour & 1) && left)
            return hour * 60 + __builtin_ctzll(left);
    }
    return -1;
}

sim_us keda_schedule_next(const struct keda_schedule *s, sim_us unix_us)
{
    const sim_us minute_us = 60 * US_PER_S;
    int64_t m = unix_us / minute_us - (unix_us % minute_us < 0) + 1;
    int64_t day = m / MINUTES_OF_DAY - (m % MINUTES_OF_DAY < 0);
    int from = (int)(m - day * MINUTES_OF_DAY);

    for (int i = 0; i < SEARCH_DAYS; i++, day++, from = 0) {
        if (!day_matches(s, day))
            continue;
        int minute = minute_of_day(s, from);
        if (minute >= 0)
            return (day * MINUTES_OF_DAY + minute) * minute_us;
    }
    return SIM_NEVER;
}

bool keda_cron_active(const struct keda_cron *c, sim_us unix_us)
{
    return keda_schedule_next(&c->start, unix_us) >=
           keda_schedule_next(&c->end, unix_us);
}

sim_us keda_cron_until(const struct keda_cron *c, sim_us unix_us)
{
    sim_us start_us = keda_schedule_next(&c->start, unix_us);
    sim_us end_us = keda_schedule_next(&c->end, unix_us);

    return start_us < end_us ? start_us : end_us;
}

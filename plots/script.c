#include "plots/script.h"

#include "sim/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { TEXT = 251 };

/* -------------------------------------------------------------- texts */

/* Replaces characters that a common font does not have: cairo draws each of
 * them as a box that may cover the picture. Latin, Greek and Cyrillic stay,
 * that is U+0000 to U+024F and U+0370 to U+052F; the text is valid UTF-8.
 */
static void keep_common(char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    while (*at != '\0') {
        size_t n = *at < 0x80 ? 1 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
        unsigned code = n == 2 ? (*at & 0x1fU) << 6 | (at[1] & 0x3fU) : 0;
        bool common =
            n == 1 ||
            (n == 2 && (code < 0x250 || (code >= 0x370 && code < 0x530)));

        if (common)
            memmove(text, at, n);
        else
            *text = '?';
        text += common ? n : 1;
        at += n;
    }
    *text = '\0';
}

static void put_quoted(FILE *gp, const char *text)
{
    char safe[TEXT];

    text_gnuplot(text, safe, sizeof safe);
    keep_common(safe);
    fprintf(gp, " = \"%s\"\n", safe);
}

void script_text(FILE *gp, const char *name, const char *format, ...)
{
    char text[2 * TEXT];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fputs(name, gp);
    put_quoted(gp, text);
}

void script_element(FILE *gp, const char *name, size_t i, const char *format,
                    ...)
{
    char text[2 * TEXT];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(gp, "%s[%zu]", name, i + 1);
    put_quoted(gp, text);
}

void script_number(FILE *gp, const char *name, double value)
{
    fprintf(gp, "%s = %.12g\n", name, value);
}

/* 1, 2 or 5 times a power of ten, at least so much, that goes five times or
 * less into most.
 */
static double nice_step(double least, double most)
{
    static const double factors[] = {2, 2.5, 2};
    double step = least;

    for (size_t i = 0; step * 5 < most; i++)
        step *= factors[i % 3];
    return step;
}

static void put_axis(FILE *gp, const char *name, size_t i, double most,
                     double least)
{
    fprintf(gp, "%s_top[%zu] = %.12g\n%s_step[%zu] = %.12g\n", name, i + 1,
            most > 0 ? 1.06 * most : 1.0, name, i + 1, nice_step(least, most));
}

void script_count_axis(FILE *gp, const char *name, size_t i, int32_t most)
{
    put_axis(gp, name, i, most, 1);
}

void script_amount_axis(FILE *gp, const char *name, size_t i, double most)
{
    put_axis(gp, name, i, most, most > 0 ? 0.001 : 1);
}

void script_short(const char *text, char out[4 * NAME_SHOWN + 1])
{
    size_t n = 0, chars = 0, cut = 0;

    for (; text[n] != '\0' && chars <= NAME_SHOWN && n < 4 * NAME_SHOWN; n++) {
        /* Only the bytes that begin a character count. */
        chars += ((unsigned char)text[n] & 0xc0) != 0x80;
        if (chars <= NAME_SHOWN - 3 && n < 4 * NAME_SHOWN - 3)
            cut = n + 1;
    }
    if (text[n] == '\0' && chars <= NAME_SHOWN)
        cut = n;
    memcpy(out, text, cut);
    out[cut] = '\0';
    if (text[cut] != '\0')
        memcpy(out + cut, "...", 4);
}

void script_wait(double s, char out[32])
{
    long whole = lround(s);

    if (s < 9.95)
        snprintf(out, 32, "%.1f s", s);
    else if (whole < 60)
        snprintf(out, 32, "%ld s", whole);
    else if (whole < 3600)
        snprintf(out, 32, "%ldm %02lds", whole / 60, whole % 60);
    else
        snprintf(out, 32, "%ldh %02ldm", whole / 3600, whole / 60 % 60);
}

struct plot script_begin(const struct plots_input *in, FILE *gp, FILE *dat)
{
    struct plot f = {.in = in, .gp = gp, .dat = dat};
    char name[4 * NAME_SHOWN + 1];

    f.n_pools = series_biggest(in, f.pools);
    script_number(gp, "n_pools", (double)f.n_pools);
    fprintf(gp, "array pool[%d]\n", MAX_DRAWN);
    for (size_t i = 0; i < f.n_pools; i++) {
        script_short(in->pool_names[f.pools[i]], name);
        script_element(gp, "pool", i, "%s", name);
    }
    return f;
}

/* -------------------------------------------------------------- time */

/* The least of the steps that gives at most nine marks. */
static double choose_step(double span, const double steps[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span / steps[i] <= 9)
            return steps[i];
    return ceil(span / 9);
}

static void mark_dates(struct time_axis *a, double span_s)
{
    static const double steps[] = {10,    20,    60,    120,  300,
                                   600,   900,   1800,  3600, 7200,
                                   14400, 21600, 43200, 86400};
    double days = span_s / 86400;

    a->label = "time (UTC)";
    if (days > 4) {
        a->step = 86400 * (days <= 9 ? 1 : ceil(days / 8));
        a->format = days <= 60 ? "%a\\n%d %b" : "%d %b\\n%Y";
        return;
    }
    a->step = choose_step(span_s, steps, sizeof steps / sizeof steps[0]);
    a->format = a->step < 60 ? "%H:%M:%S\\n%d %b" : "%H:%M\\n%d %b";
}

static void mark_spans(struct time_axis *a, double span_s)
{
    static const double steps[] = {0.1, 0.2, 0.5, 1,  2,  3,  5,  6, 10,
                                   12,  15,  20,  24, 30, 48, 60, 72};
    static const struct {
        double most_s, unit_s;
        const char *label;
    } units[] = {
        {300, 1, "seconds since the start"},
        {3 * 3600, 60, "minutes since the start"},
        {4 * 86400, 3600, "hours since the start"},
        {INFINITY, 86400, "days since the start"},
    };
    size_t i = 0;

    while (span_s > units[i].most_s)
        i++;
    a->unit_s = units[i].unit_s;
    a->label = units[i].label;
    a->format = "%g";
    a->step =
        choose_step(span_s / a->unit_s, steps, sizeof steps / sizeof steps[0]);
}

void time_axis_init(struct time_axis *a, const struct trace *t, sim_us from_us,
                    sim_us until_us)
{
    double span_s = s_from_us(until_us - from_us);

    *a = (struct time_axis){
        .absolute = t->absolute, .unit_s = 1, .origin_us = t->origin_us};
    if (a->absolute)
        mark_dates(a, span_s);
    else
        mark_spans(a, span_s);
}

double time_axis_at(const struct time_axis *a, sim_us at_us)
{
    if (a->absolute)
        at_us += a->origin_us;
    return s_from_us(at_us) / a->unit_s;
}

void time_axis_write(const struct time_axis *a, FILE *gp, sim_us from_us,
                     sim_us until_us)
{
    double from = time_axis_at(a, from_us);

    fprintf(gp, "x_from = %.6f\nx_until = %.6f\n", from,
            time_axis_at(a, until_us));
    script_number(gp, "x_step", a->step);
    script_number(gp, "x_first", ceil(from / a->step - 1e-9) * a->step);
    script_number(gp, "x_dates", a->absolute);
    fprintf(gp, "x_label = \"%s\"\nx_format = \"%s\"\n", a->label, a->format);
}

void time_axis_say(const struct time_axis *a, sim_us at_us, char out[40])
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu",
                                       "Fri", "Sat", "Sun"};
    char stamp[40];
    int day, hour;

    if (!a->absolute) {
        char text[32];
        script_wait(s_from_us(at_us), text);
        snprintf(out, 40, "%.20s after the start", text);
        return;
    }
    timestamp_print(at_us + a->origin_us, stamp);
    hour_of_week(at_us + a->origin_us, &day, &hour);
    snprintf(out, 40, "%s %.10s %.5s", days[day], stamp, stamp + 11);
}

#include "sim/app/tell.h"

#include "sim/app/show.h"
#include "sim/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { SPAN_WIDTH = 9, CLOCK_WIDTH = 12 };

struct teller teller_of(const struct trace *t, sim_us zero_us, FILE *out)
{
    return (struct teller){t, out, zero_us, SIM_NEVER};
}

/* ------------------------------------------------------------ times */

/* Below a tenth of a second show_value has nothing to say. */
void tell_span(sim_us us, char out[TELL_SPAN])
{
    char text[SHOW_CELL];

    if (us > 0 && us < 95 * US_PER_MS) {
        (void)snprintf(out, TELL_SPAN, us < US_PER_MS ? "%.3fs" : "%.2gs",
                       fmax(s_from_us(us), 0.001));
        return;
    }
    show_value(SHOW_WAIT, s_from_us(us), text);
    (void)snprintf(out, TELL_SPAN, "%.39s", text);
}

/* Whole milliseconds, so that seconds never show as 60. */
static sim_us rounded(sim_us us)
{
    sim_us half_us = us < 0 ? -US_PER_MS / 2 : US_PER_MS / 2;

    return (us + half_us) / US_PER_MS * US_PER_MS;
}

static void split(sim_us us, char day[12], char clock[24])
{
    char text[40];
    sim_us ms = us / US_PER_MS % 1000;

    timestamp_print(us - ms * US_PER_MS, text);
    (void)snprintf(day, 12, "%.10s", text);
    (void)snprintf(clock, 24, "%.8s.%03d", text + 11, (int)ms);
}

static void clock_text(const struct teller *t, sim_us at_us, char day[12],
                       char clock[24])
{
    day[0] = '\0';
    if (t->trace->absolute)
        split(rounded(t->trace->origin_us + at_us), day, clock);
    else
        (void)snprintf(clock, 24, "%.3f s", s_from_us(rounded(at_us)));
}

void tell_instant(const struct trace *trace, sim_us at_us, char out[40])
{
    struct teller t = {.trace = trace};
    char day[12], clock[24];

    clock_text(&t, at_us, day, clock);
    if (day[0] != '\0')
        (void)snprintf(out, 40, "%s %s UTC", day, clock);
    else
        (void)snprintf(out, 40, "%s", clock);
}

/* ------------------------------------------------------------ lines */

static void new_day(struct teller *t, sim_us at_us, const char *day)
{
    sim_us number = rounded(t->trace->origin_us + at_us) / US_PER_DAY;

    if (day[0] == '\0' || number == t->day)
        return;
    t->day = number;
    fprintf(t->out, "%*s  %s, UTC\n", SPAN_WIDTH, "", day);
}

void tell(struct teller *t, sim_us at_us, const char *format, ...)
{
    char day[12], clock[24], span[TELL_SPAN], text[TELL_TEXT];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    clock_text(t, at_us, day, clock);
    new_day(t, at_us, day);
    tell_span(at_us - t->zero_us, span);
    fprintf(t->out, "%*s  %*s  %s\n", SPAN_WIDTH, span, CLOCK_WIDTH, clock,
            text);
}

void tell_more(struct teller *t, const char *format, ...)
{
    char text[TELL_TEXT];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(t->out, "%*s    %s\n", SPAN_WIDTH + 2 + CLOCK_WIDTH, "", text);
}

void tell_name(const char *name, char out[96])
{
    char plain[90];

    text_plain(name, plain, sizeof plain);
    (void)snprintf(out, 96, "'%s'", plain);
}

/* resample_week.c - the calendar, and how often runs start by the hour. */
#include "sim/plan/resample_parts.h"

#include <stdlib.h>

/* Microseconds since some Monday, midnight. */
sim_us resample_since_monday(const struct trace *t, sim_us at_us)
{
    /* The first of January 1970 was a Thursday. */
    return t->absolute ? t->origin_us + at_us + 3 * US_PER_DAY : at_us;
}

int64_t resample_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t resample_day(const struct trace *t, sim_us at_us)
{
    return resample_floor_div(resample_since_monday(t, at_us), US_PER_DAY);
}

size_t resample_hour(const struct trace *t, sim_us at_us)
{
    int64_t hour =
        resample_floor_div(resample_since_monday(t, at_us), US_PER_H);

    return (size_t)(hour -
                    RESAMPLE_HOURS * resample_floor_div(hour, RESAMPLE_HOURS));
}

/* ------------------------------------------------------------ rates */

/* Hours of the record that fall into each hour of the week. */
static void add_exposure(const struct trace *t, double hours[RESAMPLE_HOURS])
{
    sim_us offset_us = resample_since_monday(t, 0);

    for (sim_us at_us = 0; at_us < t->span_us;) {
        sim_us next_us =
            (resample_floor_div(offset_us + at_us, US_PER_H) + 1) * US_PER_H -
            offset_us;
        if (next_us > t->span_us)
            next_us = t->span_us;
        hours[resample_hour(t, at_us)] +=
            (double)(next_us - at_us) / (double)US_PER_H;
        at_us = next_us;
    }
}

static double smoothed(const double x[RESAMPLE_HOURS], size_t i)
{
    static const double weights[] = {1, 2, 3, 2, 1};
    double sum = 0.0;

    for (size_t k = 0; k < 5; k++)
        sum += weights[k] * x[(i + RESAMPLE_HOURS + k - 2) % RESAMPLE_HOURS];
    return sum;
}

void resample_rates_of(const struct trace *t, const struct atoms *a,
                       double per_h[RESAMPLE_HOURS])
{
    double starts[RESAMPLE_HOURS] = {0}, hours[RESAMPLE_HOURS] = {0};

    add_exposure(t, hours);
    for (uint32_t i = 0; i < a->builds.n; i++) {
        uint32_t first = groups_of(&a->builds, i).at[0];
        starts[resample_hour(t, t->builds[first].asked_us)]++;
    }
    for (size_t i = 0; i < RESAMPLE_HOURS; i++) {
        double exposed = smoothed(hours, i);
        per_h[i] = exposed > 0.0 ? smoothed(starts, i) / exposed : 0.0;
    }
}

void resample_rates(const struct trace *t, double per_h[RESAMPLE_HOURS])
{
    struct atoms a;

    resample_find_atoms(&a, t, t->strings.n);
    resample_rates_of(t, &a, per_h);
    resample_free_atoms(&a);
}

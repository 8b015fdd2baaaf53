/* resample_days.c - each day of the history is some day of its kind. */
#include "sim/plan/resample_parts.h"

#define SHIFT_US (30 * 60 * US_PER_S)

struct days {
    int64_t first, end;       /* all that the span touches */
    int64_t whole, whole_end; /* those that are in it from end to end */
};

static struct days days_of(const struct trace *t)
{
    sim_us from_us = resample_since_monday(t, 0),
           until_us = from_us + t->span_us;

    return (struct days){
        .first = resample_floor_div(from_us, US_PER_DAY),
        .end = resample_floor_div(until_us + US_PER_DAY - 1, US_PER_DAY),
        .whole = resample_floor_div(from_us + US_PER_DAY - 1, US_PER_DAY),
        .whole_end = resample_floor_div(until_us, US_PER_DAY),
    };
}

static bool is_weekend(int64_t day)
{
    return day - 7 * resample_floor_div(day, 7) >= 5;
}

/* The nth whole day of a kind; their number is asked for with SIZE_MAX. */
static size_t find_day(const struct days *d, bool weekend, size_t nth,
                       int64_t *day)
{
    size_t n = 0;

    for (int64_t i = d->whole; i < d->whole_end; i++) {
        if (is_weekend(i) != weekend)
            continue;
        if (n == nth)
            *day = i;
        n++;
    }
    return n;
}

int resample_check_days(const struct resample_part *p,
                        const struct trace *shape, struct err *e)
{
    struct days to = days_of(shape), from = days_of(&p->trace);

    for (int64_t day = to.first; day < to.end; day++)
        if (find_day(&from, is_weekend(day), SIZE_MAX, NULL) == 0)
            return err_set(e, ERR_INPUT,
                           "the history has no whole %s to draw from; a "
                           "longer one is needed",
                           is_weekend(day) ? "weekend day" : "weekday");
    return ERR_OK;
}

/* ------------------------------------------------------------ copies */

/* First build asked for on the day or later. */
static size_t first_build(const struct trace *t, int64_t day)
{
    size_t low = 0, high = t->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (resample_day(t, t->builds[middle].asked_us) < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A day of the history, and where its builds come from. */
struct day_copy {
    int64_t to, from;
    uint64_t key; /* of the draws of its runs */
    size_t copy;
    double share;
};

static void copy_day(struct trace *out, const struct resample_part *p,
                     const struct day_copy *c, const struct random_world *w)
{
    const struct trace *t = &p->trace;
    size_t end = first_build(t, c->from + 1);
    /* Days since some Monday, on both calendars. */
    sim_us shift_us = (c->to - c->from) * US_PER_DAY +
                      resample_since_monday(t, 0) -
                      resample_since_monday(out, 0);

    for (size_t i = first_build(t, c->from); i < end; i++) {
        uint32_t atom = p->atoms.of[i];
        double u = random_u01(w, DRAW_SHIFT, c->key, atom);
        sim_us move_us =
            c->copy == 0 ? 0 : (sim_us)((2.0 * u - 1.0) * (double)SHIFT_US);
        if (c->share >= 1.0 ||
            random_u01(w, DRAW_THIN, c->key, atom) < c->share)
            resample_add(out, &t->builds[i], shift_us + move_us);
    }
}

void resample_draw_days(struct trace *out, const struct resample_part *p,
                        size_t part, const struct random_world *w)
{
    struct days to = days_of(out), from = days_of(&p->trace);

    for (int64_t day = to.first; day < to.end; day++)
        for (size_t copy = 0; resample_share(p, copy) > 0.0; copy++) {
            uint64_t source = part * COPIES + copy;
            uint64_t number = (uint64_t)(day - to.first);
            size_t n = find_day(&from, is_weekend(day), SIZE_MAX, NULL);
            double u = random_u01(w, DRAW_DAY, number, source);
            struct day_copy c = {.to = day,
                                 .key = number << 32 | source,
                                 .copy = copy,
                                 .share = resample_share(p, copy)};
            find_day(&from, is_weekend(day), (size_t)(u * (double)n), &c.from);
            copy_day(out, p, &c, w);
        }
}

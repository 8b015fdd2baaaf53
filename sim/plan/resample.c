#include "sim/plan/resample.h"

#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Purposes of draws; those of a replication are small numbers. */
enum { DRAW_DAY = 1000, DRAW_GAP, DRAW_KEEP, DRAW_ATOM };

/* ------------------------------------------------------------ calendar */

/* Microseconds since some Monday, midnight. */
static sim_us since_monday(const struct trace *t, sim_us at_us)
{
    /* The first of January 1970 was a Thursday. */
    return t->absolute ? t->origin_us + at_us + 3 * US_PER_DAY : at_us;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t day_of(const struct trace *t, sim_us at_us)
{
    return floor_div(since_monday(t, at_us), US_PER_DAY);
}

static bool is_weekend(int64_t day)
{
    return day - 7 * floor_div(day, 7) >= 5;
}

static size_t hour_of_week_at(const struct trace *t, sim_us at_us)
{
    int64_t hour = floor_div(since_monday(t, at_us), US_PER_H);

    return (size_t)(hour - RESAMPLE_HOURS * floor_div(hour, RESAMPLE_HOURS));
}

/* ------------------------------------------------------------ copies */

static void copy_head(struct trace *out, const struct trace *t)
{
    *out = (struct trace){
        .origin_us = t->origin_us,
        .span_us = t->span_us,
        .absolute = t->absolute,
        .synthetic = t->synthetic,
    };
    for (uint32_t i = 0; i < t->strings.n; i++) {
        const char *text = strings_at(&t->strings, i);
        strings_add(&out->strings, text, strlen(text));
    }
}

static void add_shifted(struct trace *out, const struct trace_build *b,
                        sim_us shift_us)
{
    struct trace_build copy = *b;

    copy.asked_us += shift_us;
    if (copy.leaves_us != SIM_NEVER)
        copy.leaves_us += shift_us;
    if (copy.asked_us >= 0 && copy.asked_us < out->span_us)
        trace_add(out, &copy);
}

static int by_time(const void *left, const void *right)
{
    const struct trace_build *a = left, *b = right;

    if (a->asked_us != b->asked_us)
        return a->asked_us < b->asked_us ? -1 : 1;
    if (a->run != b->run)
        return a->run < b->run ? -1 : 1;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return (a->work_us > b->work_us) - (a->work_us < b->work_us);
}

/* In a fixed order; the origin must stay where it is. */
static void sort_builds(struct trace *out)
{
    if (out->n > 1)
        qsort(out->builds, out->n, sizeof *out->builds, by_time);
}

/* ------------------------------------------------------------ days */

struct days {
    int64_t first, end;       /* all that the span touches */
    int64_t whole, whole_end; /* those that are in it from end to end */
};

static struct days days_of(const struct trace *t)
{
    sim_us from_us = since_monday(t, 0), until_us = from_us + t->span_us;

    return (struct days){
        .first = floor_div(from_us, US_PER_DAY),
        .end = floor_div(until_us + US_PER_DAY - 1, US_PER_DAY),
        .whole = floor_div(from_us + US_PER_DAY - 1, US_PER_DAY),
        .whole_end = floor_div(until_us, US_PER_DAY),
    };
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

/* First build asked for on the day or later. */
static size_t first_build(const struct trace *t, int64_t day)
{
    size_t low = 0, high = t->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (day_of(t, t->builds[middle].asked_us) < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void copy_day(struct trace *out, const struct trace *t, int64_t from,
                     int64_t to)
{
    size_t end = first_build(t, from + 1);

    for (size_t i = first_build(t, from); i < end; i++)
        add_shifted(out, &t->builds[i], (to - from) * US_PER_DAY);
}

static int resample_days(struct trace *out, const struct trace *t,
                         const struct random_world *w, struct err *e)
{
    struct days d = days_of(t);
    size_t n[2];

    for (int weekend = 0; weekend <= 1; weekend++)
        n[weekend] = find_day(&d, weekend, SIZE_MAX, NULL);
    for (int64_t day = d.first; day < d.end; day++) {
        bool weekend = is_weekend(day);
        int64_t from = day;
        if (n[weekend] == 0)
            return err_set(e, ERR_INPUT,
                           "the history has no whole %s to draw from; a "
                           "longer one is needed",
                           weekend ? "weekend day" : "weekday");
        double u = random_u01(w, DRAW_DAY, (uint64_t)(day - d.first), 0);
        find_day(&d, weekend, (size_t)(u * (double)n[weekend]), &from);
        copy_day(out, t, from, day);
    }
    return ERR_OK;
}

/* ------------------------------------------------------------ runs */

/* Builds of one run, in the order of the trace. */
struct atoms {
    size_t *builds; /* owned; atom after atom */
    size_t *starts; /* owned; n + 1: where each begins in builds */
    size_t n;
};

struct member {
    size_t leader, build; /* first build of its run, itself */
};

static int by_leader(const void *left, const void *right)
{
    const struct member *a = left, *b = right;

    if (a->leader != b->leader)
        return a->leader < b->leader ? -1 : 1;
    return (a->build > b->build) - (a->build < b->build);
}

/* Run 0 is "", that is none. */
static void find_members(const struct trace *t, struct member *members)
{
    size_t *leader = mem_array(t->strings.n, sizeof *leader);

    for (size_t i = 0; i < t->n; i++) {
        uint32_t run = t->builds[i].run;
        if (run != 0 && leader[run] == 0)
            leader[run] = i + 1;
        members[i] = (struct member){run != 0 ? leader[run] - 1 : i, i};
    }
    free(leader);
    qsort(members, t->n, sizeof *members, by_leader);
}

static void find_atoms(struct atoms *a, const struct trace *t)
{
    struct member *members = mem_array(t->n, sizeof *members);

    find_members(t, members);
    *a = (struct atoms){
        .builds = mem_array(t->n, sizeof *a->builds),
        .starts = mem_array(t->n + 1, sizeof *a->starts),
    };
    for (size_t i = 0; i < t->n; i++) {
        if (i == 0 || members[i].leader != members[i - 1].leader)
            a->starts[a->n++] = i;
        a->builds[i] = members[i].build;
    }
    a->starts[a->n] = t->n;
    free(members);
}

static void free_atoms(struct atoms *a)
{
    free(a->builds);
    free(a->starts);
}

/* ------------------------------------------------------------ rates */

/* Hours of the record that fall into each hour of the week. */
static void add_exposure(const struct trace *t, double hours[RESAMPLE_HOURS])
{
    sim_us offset_us = since_monday(t, 0);

    for (sim_us at_us = 0; at_us < t->span_us;) {
        sim_us next_us =
            (floor_div(offset_us + at_us, US_PER_H) + 1) * US_PER_H - offset_us;
        if (next_us > t->span_us)
            next_us = t->span_us;
        hours[hour_of_week_at(t, at_us)] +=
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

static void rates_of(const struct trace *t, const struct atoms *a,
                     double per_h[RESAMPLE_HOURS])
{
    double starts[RESAMPLE_HOURS] = {0}, hours[RESAMPLE_HOURS] = {0};

    add_exposure(t, hours);
    for (size_t i = 0; i < a->n; i++) {
        const struct trace_build *first = &t->builds[a->builds[a->starts[i]]];
        starts[hour_of_week_at(t, first->asked_us)]++;
    }
    for (size_t i = 0; i < RESAMPLE_HOURS; i++) {
        double exposed = smoothed(hours, i);
        per_h[i] = exposed > 0.0 ? smoothed(starts, i) / exposed : 0.0;
    }
}

void resample_rates(const struct trace *t, double per_h[RESAMPLE_HOURS])
{
    struct atoms a;

    find_atoms(&a, t);
    rates_of(t, &a, per_h);
    free_atoms(&a);
}

/* ------------------------------------------------------------ process */

static void copy_atom(struct trace *out, const struct trace *t,
                      const struct atoms *a, size_t atom, sim_us at_us)
{
    size_t from = a->starts[atom];
    sim_us first_us = t->builds[a->builds[from]].asked_us;

    for (size_t i = from; i < a->starts[atom + 1]; i++)
        add_shifted(out, &t->builds[a->builds[i]], at_us - first_us);
}

/* Candidates at the highest rate, each kept with the share of its hour. */
static void resample_runs(struct trace *out, const struct trace *t,
                          const struct random_world *w)
{
    double per_h[RESAMPLE_HOURS], most = 0.0, at_h = 0.0;
    struct atoms a;

    find_atoms(&a, t);
    rates_of(t, &a, per_h);
    for (size_t i = 0; i < RESAMPLE_HOURS; i++)
        most = fmax(most, per_h[i]);
    for (uint64_t k = 0; most > 0.0; k++) {
        at_h -= log(random_u01(w, DRAW_GAP, k, 0)) / most;
        if (!(at_h * (double)US_PER_H < (double)t->span_us))
            break;
        sim_us at_us = (sim_us)(at_h * (double)US_PER_H);
        double rate = per_h[hour_of_week_at(t, at_us)];
        double u = random_u01(w, DRAW_ATOM, k, 0);
        if (random_u01(w, DRAW_KEEP, k, 0) * most < rate)
            copy_atom(out, t, &a, (size_t)(u * (double)a.n), at_us);
    }
    free_atoms(&a);
}

int resample(struct trace *out, const struct trace *t,
             enum resample_method method, const struct random_world *w,
             struct err *e)
{
    int rc = ERR_OK;

    *out = (struct trace){0};
    if (t->n == 0)
        return err_set(e, ERR_INPUT, "the history has no builds to draw from");
    copy_head(out, t);
    if (method == RESAMPLE_DAYS)
        rc = resample_days(out, t, w, e);
    else
        resample_runs(out, t, w);
    if (rc != ERR_OK)
        trace_free(out);
    sort_builds(out);
    return rc;
}

/* resample_parts.h - shared by the files of resample.h and by no one else. */
#ifndef SIM_PLAN_RESAMPLE_PARTS_H
#define SIM_PLAN_RESAMPLE_PARTS_H

#include "sim/base/groups.h"
#include "sim/plan/resample.h"

/* Purposes of draws; those of a replication are small numbers. */
enum resample_draw {
    DRAW_DAY = 1000,
    DRAW_GAP,
    DRAW_KEEP,
    DRAW_ATOM,
    DRAW_THIN,
    DRAW_SHIFT,
    DRAW_CONTENT
};

/* Builds of one run, in the order of the trace. */
struct atoms {
    struct groups builds; /* by atom */
    uint32_t *of;         /* owned; by build */
};

/* One source. Its strings have the numbers of the merged trace. */
struct resample_part {
    struct trace trace; /* owned; without strings */
    double growth;
    struct atoms atoms; /* owned */
    double per_h[RESAMPLE_HOURS];
};

/* resample_week.c: the calendar, and how often runs start. */
int64_t resample_floor_div(int64_t a, int64_t b);
int64_t resample_day(const struct trace *t, sim_us at_us);
sim_us resample_since_monday(const struct trace *t, sim_us at_us);
size_t resample_hour(const struct trace *t, sim_us at_us);
void resample_rates_of(const struct trace *t, const struct atoms *a,
                       double per_h[RESAMPLE_HOURS]);

/* resample.c */
void resample_find_atoms(struct atoms *a, const struct trace *t,
                         size_t n_strings);
void resample_free_atoms(struct atoms *a);
void resample_add(struct trace *out, const struct trace_build *b,
                  sim_us shift_us);

/* Adds the builds of the run that u, from 0 to below 1, chooses of all, as if
 * it started at that time.
 */
void resample_copy_atom(struct trace *out, const struct resample_part *p,
                        double u, sim_us at_us);

/* In a fixed order, by time. */
void resample_sort(struct trace *out);

/* resample_days.c; resample_check_days says whether every day of a history like
 * `shape` can be drawn.
 */
int resample_check_days(const struct resample_part *p,
                        const struct trace *shape, struct err *e);
void resample_draw_days(struct trace *out, const struct resample_part *p,
                        size_t part, const struct random_world *w);

/* Copies are numbered over all sources, so that each has draws of its own. */
enum { COPIES = 128 };

/* The share of runs that copy number `copy` keeps. */
double resample_share(const struct resample_part *p, size_t copy);

#endif

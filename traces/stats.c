#include "traces/stats.h"

#include "sim/base/groups.h"
#include "sim/base/mem.h"
#include "sim/engine/tally.h"
#include "traces/demand.h"
#include "traces/runs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { WEEK_HOURS = 7 * 24 };

/* 1970-01-05, the first Monday: where a trace without instants begins. */
#define SOME_MONDAY_US (4 * US_PER_DAY)

/* One pool's builds, in the order of the trace. */
struct slice {
    const struct trace *t;
    const uint32_t *index; /* into the builds of t; borrowed; n of them */
    size_t n;
    const uint32_t *run_of; /* borrowed; by build of t */
    uint32_t *in_run;       /* borrowed; by run: 0, room to count in */
};

static const struct trace_build *build_at(const struct slice *s, size_t i)
{
    return &s->t->builds[s->index[i]];
}

static sim_us epoch_us(const struct trace *t, sim_us at_us)
{
    return at_us + (t->absolute ? t->origin_us : SOME_MONDAY_US);
}

/* Builds of each run of the slice, one number a run; owned. */
static double *burst_sizes(const struct slice *s, size_t *n_runs)
{
    double *sizes = mem_array(s->n, sizeof *sizes);

    for (size_t i = 0; i < s->n; i++)
        s->in_run[s->run_of[s->index[i]]]++;
    *n_runs = 0;
    for (size_t i = 0; i < s->n; i++) {
        uint32_t *size = &s->in_run[s->run_of[s->index[i]]];
        if (*size > 0)
            sizes[(*n_runs)++] = *size;
        *size = 0;
    }
    return sizes;
}

static void count_bursts(struct pool_stats *p, const struct slice *s)
{
    double *sizes = burst_sizes(s, &p->n_runs);

    sort_doubles(sizes, p->n_runs);
    p->burst_p50 = (size_t)quantile(sizes, p->n_runs, 0.5);
    p->burst_p90 = (size_t)quantile(sizes, p->n_runs, 0.9);
    p->burst_max = (size_t)sizes[p->n_runs - 1];
    free(sizes);
}

static void count_outcomes(struct pool_stats *p, const struct slice *s)
{
    for (size_t i = 0; i < s->n; i++) {
        p->n_censored += build_at(s, i)->censored;
        p->n_error += build_at(s, i)->outcome == TRACE_ERROR;
        p->n_cancelled += build_at(s, i)->outcome == TRACE_CANCELLED;
    }
    p->n_builds = s->n;
    p->first_us = build_at(s, 0)->asked_us;
    p->last_us = build_at(s, s->n - 1)->asked_us;
}

static void measure_work(struct pool_stats *p, const struct slice *s)
{
    double *work_s = mem_array(s->n, sizeof *work_s);
    struct tally known = {0};

    for (size_t i = 0; i < s->n; i++) {
        if (build_at(s, i)->censored)
            continue;
        work_s[known.n] = s_from_us(build_at(s, i)->work_us);
        tally_add(&known, work_s[known.n]);
    }
    if (known.n > 0) {
        sort_doubles(work_s, known.n);
        p->work_p50_s = quantile(work_s, known.n, 0.50);
        p->work_p90_s = quantile(work_s, known.n, 0.90);
        p->work_p99_s = quantile(work_s, known.n, 0.99);
        p->work_max_s = known.max;
        p->work_mean_s = known.mean;
    }
    free(work_s);
}

static void find_peak(struct pool_stats *p, const struct demand_step steps[],
                      size_t n)
{
    sim_us busy_us = 0, full_us = 0;

    for (size_t i = 0; i < n; i++)
        if (steps[i].builds > p->demand_peak) {
            p->demand_peak = steps[i].builds;
            p->demand_peak_us = steps[i].at_us;
        }
    for (size_t i = 0; i + 1 < n; i++) {
        sim_us lasts_us = steps[i + 1].at_us - steps[i].at_us;

        busy_us += steps[i].builds > 0 ? lasts_us : 0;
        full_us += steps[i].builds == p->demand_peak ? lasts_us : 0;
    }
    if (busy_us > 0)
        p->capped_frac = (double)full_us / (double)busy_us;
}

static double mean_until(sim_us span_us, const struct demand_step steps[],
                         size_t n)
{
    struct level demand;

    level_start(&demand, 0, 0);
    for (size_t i = 0; i < n && steps[i].at_us < span_us; i++)
        level_set(&demand, steps[i].at_us, steps[i].builds);
    return level_mean(&demand, span_us);
}

static void measure_demand(struct pool_stats *p, const struct slice *s)
{
    struct flow f;
    size_t n;

    flow_fill(&f, s->t, s->index, s->n);
    struct demand_step *steps = flow_steps(&f, &n);

    find_peak(p, steps, n);
    p->demand_mean = mean_until(s->t->span_us, steps, n);
    p->capped = p->demand_peak >= 2 && p->capped_frac > 0.05 &&
                flow_refill_frac(&f, p->demand_peak) > 0.5;
    free(steps);
    flow_free(&f);
}

/* Hours of each hour of the week that the record covers, in fractions. */
static void covered_hours(const struct trace *t, double hours[7][24])
{
    sim_us n_weeks = t->span_us / (WEEK_HOURS * US_PER_H);
    sim_us at_us = n_weeks * WEEK_HOURS * US_PER_H;

    for (int i = 0; i < WEEK_HOURS; i++)
        hours[i / 24][i % 24] = (double)n_weeks;
    while (at_us < t->span_us) {
        sim_us into_us = epoch_us(t, at_us) % US_PER_H;
        sim_us part_us = US_PER_H - (into_us + US_PER_H) % US_PER_H;
        int day, hour;

        if (part_us > t->span_us - at_us)
            part_us = t->span_us - at_us;
        hour_of_week(epoch_us(t, at_us), &day, &hour);
        hours[day][hour] += (double)part_us / (double)US_PER_H;
        at_us += part_us;
    }
}

static void profile_week(struct pool_stats *p, const struct slice *s)
{
    double hours[7][24];
    int day, hour;

    covered_hours(s->t, hours);
    for (size_t i = 0; i < s->n; i++) {
        hour_of_week(epoch_us(s->t, build_at(s, i)->asked_us), &day, &hour);
        p->asked_by_hour[day][hour] += 1.0;
    }
    for (int i = 0; i < WEEK_HOURS; i++)
        if (hours[i / 24][i % 24] > 0.0)
            p->asked_by_hour[i / 24][i % 24] /= hours[i / 24][i % 24];
}

struct named {
    const char *name; /* borrowed from the trace */
    uint32_t pool;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->name,
                  ((const struct named *)b)->name);
}

/* The pools that have builds, in order of their names; owned. */
static struct named *list_pools(const struct trace *t,
                                const struct groups *builds, size_t *n)
{
    struct named *pools = mem_array(0, sizeof *pools);
    size_t cap = 0;

    *n = 0;
    for (uint32_t i = 0; i < t->strings.n; i++) {
        if (groups_of(builds, i).n == 0)
            continue;
        pools = mem_grow(pools, &cap, *n + 1, sizeof *pools);
        pools[(*n)++] = (struct named){strings_at(&t->strings, i), i};
    }
    qsort(pools, *n, sizeof *pools, by_name);
    return pools;
}

static void describe(struct pool_stats *p, const struct slice *s)
{
    p->pool = build_at(s, 0)->pool;
    count_outcomes(p, s);
    count_bursts(p, s);
    measure_work(p, s);
    measure_demand(p, s);
    profile_week(p, s);
}

/* The builds of each pool, by the index of its name. */
static void group_builds(struct groups *g, const struct trace *t)
{
    uint32_t *pool_of = mem_array(t->n, sizeof *pool_of);

    for (size_t i = 0; i < t->n; i++)
        pool_of[i] = t->builds[i].pool;
    groups_init(g, pool_of, t->n, t->strings.n);
    free(pool_of);
}

struct pool_stats *trace_stats(const struct trace *t, size_t *n)
{
    uint32_t *run_of = mem_array(t->n, sizeof *run_of);
    size_t n_runs = runs_number(t, t->strings.n, run_of);
    uint32_t *in_run = mem_array(n_runs, sizeof *in_run);
    struct groups builds;

    group_builds(&builds, t);
    struct named *pools = list_pools(t, &builds, n);
    struct pool_stats *stats = mem_array(*n, sizeof *stats);
    for (size_t i = 0; i < *n; i++) {
        struct group own = groups_of(&builds, pools[i].pool);
        struct slice s = {t, own.at, own.n, run_of, in_run};
        describe(&stats[i], &s);
    }
    free(pools);
    groups_free(&builds);
    free(in_run);
    free(run_of);
    return stats;
}

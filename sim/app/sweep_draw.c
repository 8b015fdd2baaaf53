/* sweep_draw.c - what the figure of a sweep is drawn from. */
#include "plots/pareto.h"
#include "sim/app/sweep_out.h"
#include "sim/base/mem.h"
#include "sim/plan/frontier.h"
#include "sim/plan/oracle.h"

#include <math.h>
#include <stdlib.h>

static struct pareto_point point_of(const struct sweep_line *line)
{
    const struct estimate *usd = &line->got[GOAL_COST_USD];
    const struct estimate *wait = &line->got[GOAL_P95_WAIT];

    return (struct pareto_point){
        .usd = usd->mean,
        .usd_half_width = usd->half_width,
        .wait_s = wait->mean,
        .wait_half_width_s = wait->half_width,
        .regretted = line->got[SWEEP_REGRETTED].mean,
        .front = line->front,
        .gives_up = line->got[GOAL_GAVE_UP].mean > 0.0,
    };
}

/* Settings that are done; tells where the best of them has gone. */
static size_t take_points(const struct sweep_job *j,
                          struct pareto_point *points, size_t *best)
{
    const struct sweep_verdict *v = &j->verdict;
    size_t n = 0;

    *best = SIZE_MAX;
    for (size_t i = 0; i < j->sweep.n; i++) {
        if (!v->lines[i].done)
            continue;
        if (i == v->best && j->scenario.n_targets > 0)
            *best = n;
        points[n++] = point_of(&v->lines[i]);
    }
    return n;
}

/* ------------------------------------------------------------ baselines */

static double bound_usd(const struct scenario *s, const struct by_pool *b)
{
    double usd = 0.0;

    for (uint32_t i = 0; i < s->system.n_pools; i++)
        usd += oracle_pool(&s->system, b, i).cost_usd;
    return usd;
}

/* Every pool with the fewest pods that keep each wait. */
static void take_fixed(const struct scenario *s, const struct by_pool *b,
                       double hours, struct pareto_fixed fixed[SWEEP_FIXED])
{
    for (uint32_t pool = 0; pool < s->system.n_pools; pool++) {
        struct frontier f;
        frontier_init(&f, b, pool, s->system.warm_up_us);
        for (size_t i = 0; i < SWEEP_FIXED; i++) {
            uint32_t pods = frontier_smallest(&f, us_from_s(fixed[i].wait_s));
            fixed[i].usd +=
                hours * oracle_static_usd_per_h(&s->system, pool, pods);
        }
        frontier_free(&f);
    }
}

static double window_hours(const struct scenario *s)
{
    sim_us window_us =
        s->trace.span_us + s->system.settle_us - s->system.warm_up_us;

    return window_us > 0 ? (double)window_us / (double)US_PER_H : 0.0;
}

static void fill_fixed(const struct scenario *s, const struct by_pool *b,
                       const struct pareto_input *in,
                       struct pareto_fixed fixed[SWEEP_FIXED])
{
    double from_s, until_s;

    pareto_range(in, &from_s, &until_s);
    for (size_t i = 0; i < SWEEP_FIXED; i++) {
        double part = (double)i / (SWEEP_FIXED - 1);
        fixed[i] = (struct pareto_fixed){.wait_s = from_s *
                                                   pow(until_s / from_s, part)};
    }
    take_fixed(s, b, window_hours(s), fixed);
}

void sweep_baselines(const struct scenario *s, struct pareto_input *in,
                     struct pareto_fixed fixed[SWEEP_FIXED])
{
    struct by_pool b;

    by_pool_init(&b, &s->trace, s->pool_of, s->system.n_pools);
    in->bound_usd = bound_usd(s, &b);
    fill_fixed(s, &b, in, fixed);
    by_pool_free(&b);
    in->fixed = fixed;
    in->n_fixed = SWEEP_FIXED;
}

int sweep_draw(const struct sweep_job *j, struct err *e)
{
    const struct scenario *s = &j->scenario;
    struct pareto_point *points = mem_array(j->sweep.n, sizeof *points);
    struct pareto_fixed fixed[SWEEP_FIXED];
    struct pareto_input in = {
        .title_prefix = s->name,
        .synthetic = s->trace.synthetic,
        .days = window_hours(s) / 24.0,
        .n_reps = j->sweep.n_reps,
        .points = points,
    };

    in.n = take_points(j, points, &in.best);
    sweep_baselines(s, &in, fixed);
    int rc = pareto_draw(j->options->out, &in, e);

    free(points);
    if (rc == ERR_OK)
        (void)app_pictures(j->options->quiet);
    return rc;
}

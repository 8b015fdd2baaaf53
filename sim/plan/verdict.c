/* verdict.c - each target against its figure. */
#include "sim/plan/verdict.h"

#include <assert.h>
#include <math.h>

enum figure verdict_figure(enum scenario_goal goal)
{
    static const enum figure figures[GOALS] = {
        [GOAL_MEAN_WAIT] = FIG_WAIT_MEAN,
        [GOAL_P50_WAIT] = FIG_WAIT_P50,
        [GOAL_P90_WAIT] = FIG_WAIT_P90,
        [GOAL_P95_WAIT] = FIG_WAIT_P95,
        [GOAL_P99_WAIT] = FIG_WAIT_P99,
        [GOAL_MAX_WAIT] = FIG_WAIT_MAX,
        [GOAL_GAVE_UP] = FIG_GAVE_UP,
        [GOAL_KILLED] = FIG_KILLS,
        [GOAL_CUT] = FIG_CUTS,
        [GOAL_TIMED_OUT] = FIG_TIMED_OUT,
        [GOAL_COST_USD] = FIG_COST_USD,
    };

    assert(goal < GOALS);
    return figures[goal];
}

bool verdict_is_wait(enum scenario_goal goal)
{
    return goal <= GOAL_MAX_WAIT;
}

uint32_t worst_pool(const struct replications *r, enum figure figure)
{
    uint32_t worst = 0;
    double most = -HUGE_VAL;

    for (uint32_t i = 0; i < r->n_pools; i++) {
        double mean = estimate_of(r, i, figure).mean;
        if (mean > most) {
            most = mean;
            worst = i;
        }
    }
    return worst;
}

static struct verdict_line hold(const struct scenario_target *t,
                                const struct replications *r)
{
    enum figure figure = verdict_figure(t->goal);
    struct verdict_line line = {.target = *t, .pool = NO_INDEX};

    if (verdict_is_wait(t->goal)) {
        line.pool = worst_pool(r, figure);
        line.got = estimate_of(r, line.pool, figure);
    } else {
        line.got = estimate_total(r, figure);
    }
    line.met = line.got.mean <= t->at_most;
    line.close = line.got.half_width > 0.0 &&
                 fabs(line.got.mean - t->at_most) <= line.got.half_width;
    return line;
}

void verdict_take(struct verdict *v, const struct scenario *s,
                  const struct replications *r)
{
    *v = (struct verdict){.met = true};
    for (size_t i = 0; i < s->n_targets; i++) {
        v->lines[v->n] = hold(&s->targets[i], r);
        v->met = v->met && v->lines[v->n].met;
        v->n++;
    }
}

#include "sim/plan/sweep_judge.h"

#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ERROR_SHARE 0.05

static const size_t objectives[] = {GOAL_COST_USD, GOAL_P95_WAIT,
                                    SWEEP_REGRETTED};
enum { OBJECTIVES = sizeof objectives / sizeof *objectives };

/* ------------------------------------------------------------ figures */

static struct estimate estimate(const double y[], size_t n)
{
    struct tally t = {0};

    for (size_t i = 0; i < n; i++)
        tally_add(&t, y[i]);
    return (struct estimate){t.mean, tally_half_width(&t)};
}

static bool meets(const struct sweep_line *line, const struct scenario *base)
{
    for (size_t i = 0; i < base->n_targets; i++) {
        const struct scenario_target *t = &base->targets[i];
        if (!(line->got[t->goal].mean <= t->at_most))
            return false;
    }
    return true;
}

static void fill_line(struct sweep_verdict *v, const struct sweep *s, size_t i)
{
    struct sweep_line *line = &v->lines[i];
    double error = ERROR_SHARE / (double)(v->n_done > 2 ? v->n_done - 1 : 1);

    for (size_t m = 0; m < SWEEP_METRICS; m++) {
        line->got[m] = estimate(sweep_metric(s, i, m), s->n_reps);
        line->off[m] = paired_difference(
            sweep_metric(s, i, m), sweep_metric(s, 0, m), s->n_reps, error);
    }
    line->meets = meets(line, s->base);
    v->n_meet += line->meets;
    if (line->meets &&
        (v->best == SIZE_MAX || line->got[GOAL_COST_USD].mean <
                                    v->lines[v->best].got[GOAL_COST_USD].mean))
        v->best = i;
}

/* ------------------------------------------------------------ correlation */

static double median_corr(const struct sweep_verdict *v, const struct sweep *s,
                          size_t metric)
{
    double *r = mem_array(s->n, sizeof *r), median = NAN;
    size_t n = 0;

    for (size_t i = 1; i < s->n; i++)
        if (v->lines[i].done && isfinite(v->lines[i].off[metric].correlation))
            r[n++] = v->lines[i].off[metric].correlation;
    if (n > 0) {
        sort_doubles(r, n);
        median = quantile(r, n, 0.5);
    }
    free(r);
    return median;
}

/* ------------------------------------------------------------ front */

static double give_up_limit(const struct scenario *base)
{
    for (size_t i = 0; i < base->n_targets; i++)
        if (base->targets[i].goal == GOAL_GAVE_UP)
            return base->targets[i].at_most;
    return 0.0;
}

/* Who may be on the front; if nobody keeps the limit, all that are done. */
static void choose(struct sweep_verdict *v, const struct sweep *s,
                   bool candidate[])
{
    double limit = give_up_limit(s->base);
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        candidate[i] =
            v->lines[i].done && v->lines[i].got[GOAL_GAVE_UP].mean <= limit;
        n += candidate[i];
    }
    v->give_ups = n == 0;
    for (size_t i = 0; i < s->n && v->give_ups; i++)
        candidate[i] = v->lines[i].done;
}

static void find_front(struct sweep_verdict *v, const struct sweep *s)
{
    double *y = mem_array(s->n * OBJECTIVES * s->n_reps, sizeof *y);
    bool *candidate = mem_array(s->n, sizeof *candidate);
    bool *front = mem_array(s->n, sizeof *front);
    const struct pareto_task t = {y, s->n, OBJECTIVES, s->n_reps, ERROR_SHARE};

    for (size_t i = 0; i < s->n; i++)
        for (size_t k = 0; k < OBJECTIVES; k++)
            memcpy(&y[(i * OBJECTIVES + k) * s->n_reps],
                   sweep_metric(s, i, objectives[k]), s->n_reps * sizeof *y);
    choose(v, s, candidate);
    pareto_front(&t, candidate, front);
    for (size_t i = 0; i < s->n; i++) {
        struct sweep_line *line = &v->lines[i];
        line->front = front[i];
        line->beats_today = candidate[i] && i > 0 && pareto_beats(&t, i, 0);
        v->n_front += line->front;
        v->n_beat_today += line->beats_today;
    }
    free(front);
    free(candidate);
    free(y);
}

void sweep_judge(struct sweep_verdict *v, const struct sweep *s)
{
    *v = (struct sweep_verdict){.best = SIZE_MAX};
    v->lines = mem_array(s->n, sizeof *v->lines);
    if (!s->settings[0].done)
        return;
    for (size_t i = 0; i < s->n; i++) {
        v->lines[i].done = s->settings[i].done;
        v->n_done += v->lines[i].done;
    }
    for (size_t i = 0; i < s->n; i++)
        if (v->lines[i].done)
            fill_line(v, s, i);
    v->cost_corr = median_corr(v, s, GOAL_COST_USD);
    v->wait_corr = median_corr(v, s, GOAL_P95_WAIT);
    find_front(v, s);
}

static bool same_figures(const struct sweep *s, size_t a, size_t b)
{
    for (size_t metric = 0; metric < SWEEP_METRICS; metric++)
        if (memcmp(sweep_metric(s, a, metric), sweep_metric(s, b, metric),
                   s->n_reps * sizeof(double)) != 0)
            return false;
    return true;
}

/* Where the setting would stand with the axis' first value; today's, outside of
 * the grid, is one more value of the only axis, or beside it.
 */
static size_t row_of(const struct sweep *s, size_t setting, size_t axis)
{
    size_t place = s->settings[setting].place, stride = 1;

    if (place == SIZE_MAX)
        return s->n_axes == 1 ? 0 : SIZE_MAX;
    for (size_t i = axis + 1; i < s->n_axes; i++)
        stride *= s->axes[i].n;
    return place - place / stride % s->axes[axis].n * stride;
}

bool sweep_is_flat(const struct sweep *s, size_t axis)
{
    size_t *first = mem_array(s->n_grid, sizeof *first); /* of a row; + 1 */
    bool compared = false, flat = true;

    for (size_t i = 0; i < s->n && flat; i++) {
        size_t row = row_of(s, i, axis);
        if (!s->settings[i].done || row == SIZE_MAX)
            continue;
        if (first[row] == 0) {
            first[row] = i + 1;
            continue;
        }
        compared = true;
        flat = same_figures(s, first[row] - 1, i);
    }
    free(first);
    return compared && flat;
}

void sweep_verdict_free(struct sweep_verdict *v)
{
    free(v->lines);
    *v = (struct sweep_verdict){0};
}

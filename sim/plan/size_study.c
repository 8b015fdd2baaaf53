#include "sim/plan/size_study.h"

#include "sim/plan/size_parts.h"

#include <math.h>

/* ------------------------------------------------------------ settings */

static int setting_of(const struct size_work *w, uint32_t min, uint32_t max,
                      size_t *setting, struct err *e)
{
    struct size_choice c = size_settled(w->p);

    c.min = min;
    c.max = max > min ? max : min;
    return size_setting(w, &c, setting, e);
}

/* Ascending and without repetition, as long as there is room. */
static size_t insert(uint32_t pods[], size_t n, uint32_t value)
{
    size_t at = 0;

    while (at < n && pods[at] < value)
        at++;
    if (n == STUDY_POINTS || value == 0 || (at < n && pods[at] == value))
        return n;
    for (size_t i = n; i > at; i--)
        pods[i] = pods[i - 1];
    pods[at] = value;
    return n + 1;
}

static size_t list_minima(const struct size_pool *p, uint32_t pods[])
{
    static const uint32_t nodes[] = {1, 2, 3, 4, 6, 8, 12, 16, 24};
    uint32_t best = p->tried[p->best].min;
    size_t n = 0;

    n = insert(pods, n, best);
    n = insert(pods, n, best + p->per_node);
    n = insert(pods, n, best > p->per_node ? best - p->per_node : 0);
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
        if (nodes[i] * p->per_node <= p->peak)
            n = insert(pods, n, nodes[i] * p->per_node);
    return n;
}

static size_t list_maxima(const struct size_pool *p, uint32_t pods[])
{
    static const double parts[] = {0.25, 0.35, 0.5, 0.6, 0.7, 0.85, 1.0, 1.2};
    uint32_t least = p->tried[p->best].min;
    size_t n = 0;

    n = insert(pods, n, p->max);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        uint32_t max = size_nodes(p, (uint64_t)(parts[i] * p->peak));
        if (max >= least)
            n = insert(pods, n, max);
    }
    return n;
}

/* ------------------------------------------------------------ curves */

struct effect_on study_on(const struct size_study *s, struct trials *t)
{
    return (struct effect_on){t, s->histories, s->n_histories};
}

static int run_curve(struct size_study *s, const struct size_work *w,
                     struct study_point points[], size_t n, struct err *e)
{
    const struct effect_on on = study_on(s, w->task->trials);
    size_t settings[STUDY_POINTS] = {0};

    for (size_t i = 0; i < n; i++)
        settings[i] = points[i].setting;
    int rc = effect_run(&on, settings, n, e);
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        struct study_point *p = &points[i];
        p->usd = effect_mean(&on, p->setting, NO_INDEX, GOAL_COST_USD);
        p->wait_h = effect_mean(&on, p->setting, NO_INDEX, TRIAL_WAIT_H);
        p->p95_s = effect_mean(&on, p->setting, w->at, GOAL_P95_WAIT);
    }
    return rc;
}

static int study_minima(struct size_study *s, const struct size_work *w,
                        struct study_pool *out, struct err *e)
{
    uint32_t pods[STUDY_POINTS];
    int rc = ERR_OK;

    out->n_min = list_minima(w->p, pods);
    for (size_t i = 0; i < out->n_min && rc == ERR_OK; i++) {
        out->min[i].pods = pods[i];
        rc = setting_of(w, pods[i], w->p->max, &out->min[i].setting, e);
    }
    return rc == ERR_OK ? run_curve(s, w, out->min, out->n_min, e) : rc;
}

static int study_maxima(struct size_study *s, const struct size_work *w,
                        struct study_pool *out, struct err *e)
{
    uint32_t least = w->p->tried[w->p->best].min, pods[STUDY_POINTS];
    int rc = ERR_OK;

    out->n_max = list_maxima(w->p, pods);
    for (size_t i = 0; i < out->n_max && rc == ERR_OK; i++) {
        out->max[i].pods = pods[i];
        rc = setting_of(w, least, pods[i], &out->max[i].setting, e);
    }
    return rc == ERR_OK ? run_curve(s, w, out->max, out->n_max, e) : rc;
}

/* ------------------------------------------------------------ prices */

static void take_step(const struct size_study *s, const struct size_work *w,
                      const struct study_pool *p, uint32_t pods,
                      struct study_step *step)
{
    const struct effect_on on = study_on(s, w->task->trials);
    size_t best = w->plan->setting;

    *step = (struct study_step){.pods = pods, .setting = SIZE_MAX};
    for (size_t i = 0; i < p->n_min; i++)
        if (p->min[i].pods == pods)
            step->setting = p->min[i].setting;
    if (step->setting == SIZE_MAX)
        return;
    step->usd = effect_of(&on, step->setting, best, NO_INDEX, GOAL_COST_USD);
    step->wait_h = effect_of(&on, step->setting, best, NO_INDEX, TRIAL_WAIT_H);
    step->p95_s = effect_of(&on, step->setting, best, w->at, GOAL_P95_WAIT);
}

/* Narrows the range by one rival that costs usd and wait_h more than the
 * choice, either of which may be negative.
 */
static void rival(struct study_pool *p, double usd, double wait_h)
{
    if (usd > 0.0 && wait_h < 0.0)
        p->price_until = fmin(p->price_until, usd / -wait_h);
    if (usd < 0.0 && wait_h > 0.0)
        p->price_from = fmax(p->price_from, -usd / wait_h);
}

/* Of what was tried and may be feasible, and of a node more, as it stood in
 * the search.
 */
static int find_range(const struct size_work *w, struct study_pool *p,
                      struct err *e)
{
    const struct size_candidate *best = &w->p->tried[w->p->best];
    struct size_work alone = *w;
    struct size_candidate more;

    p->price_from = 0.0;
    p->price_until = HUGE_VAL;
    for (size_t i = 0; i < w->p->n; i++) {
        const struct size_candidate *c = &w->p->tried[i];
        if (c->reason == SIZE_OPEN || c->reason == SIZE_MEETS)
            rival(p, c->usd - best->usd, c->wait_h - best->wait_h);
    }
    if (best->min + w->p->per_node > w->p->open)
        return ERR_OK;
    alone.beside_all = false;
    int rc =
        size_try(&alone, best->combo, best->min + w->p->per_node, &more, e);
    if (rc == ERR_OK)
        rival(p, more.usd - best->usd, more.wait_h - best->wait_h);
    return rc;
}

static int study_pool(struct size_study *s, const struct size_work *w,
                      struct err *e)
{
    struct study_pool *out = &s->pools[w->at];
    uint32_t best = w->p->tried[w->p->best].min;
    int rc = study_minima(s, w, out, e);

    if (rc == ERR_OK)
        rc = study_maxima(s, w, out, e);
    if (rc != ERR_OK)
        return rc;
    take_step(s, w, out, best + w->p->per_node, &out->more);
    take_step(s, w, out, best > w->p->per_node ? best - w->p->per_node : 0,
              &out->less);
    return find_range(w, out, e);
}

int size_study(struct size_study *s, struct size_plan *plan,
               const struct size_task *task, struct err *e)
{
    const struct trials *t = task->trials;
    const size_t base[] = {plan->today, plan->setting};

    s->n_histories =
        effect_histories(t->histories, STUDY_HISTORIES, s->histories);
    const struct effect_on on = study_on(s, task->trials);
    int rc = effect_run(&on, base, 2, e);

    for (uint32_t i = 0; i < t->base->system.n_pools && rc == ERR_OK; i++) {
        const struct size_work w = {.plan = plan,
                                    .task = task,
                                    .at = i,
                                    .p = &plan->pools[i],
                                    .beside_all = true};
        if (w.p->max > 0)
            rc = study_pool(s, &w, e);
    }
    return rc;
}

/* size_run.c - loading, searching, and what is told meanwhile. */
#include "sim/app/size_out.h"
#include "sim/base/text.h"
#include "sim/plan/drawn.h"
#include "traces/import.h"

#include <math.h>
#include <stdlib.h>

/* ------------------------------------------------------------ the record */

static int load_other(struct trace *t, const char *path, struct err *e)
{
    int rc = trace_import(t, path, NULL, NULL, e);

    if (rc == ERR_OK && t->n == 0)
        return err_set(e, ERR_INPUT, "%s: the trace has no builds", path);
    return rc;
}

/* Further users, of pools that there are. */
static int load_added(struct size_job *j, size_t i, struct err *e)
{
    const char *path = j->options->added[i];
    struct err inner;
    int rc = load_other(&j->added[i], path, e);

    if (rc != ERR_OK ||
        scenario_map(&j->scenario, &j->added[i], &inner) == ERR_OK)
        return rc;
    return err_set(e, ERR_INPUT, "%s: %s", path, inner.msg);
}

/* The longer history of starts: how often runs start, and one history of them
 * for the demand to come.
 */
static int take_starts(struct size_job *j, struct err *e)
{
    const struct random_world w = {.seed = j->options->common.seed};
    struct resampler *r = &j->histories.runs;
    int rc = load_other(&j->starts, j->options->starts, e);

    if (rc != ERR_OK)
        return rc;
    if (j->starts.span_us < r->merged.span_us)
        return err_set(e, ERR_INPUT,
                       "%s: shorter than the history, which tells more",
                       j->options->starts);
    resampler_take_starts(r, &j->starts);
    resample_on_starts(&j->filled, r, &j->starts, &w);
    return ERR_OK;
}

static int make_histories(struct size_job *j, struct err *e)
{
    const struct size_options *o = j->options;
    struct resample_source sources[1 + SIZE_ADDED];
    bool capped = j->uncapped.n > 0;
    int rc;

    sources[0] = (struct resample_source){
        capped ? &j->uncapped : &j->scenario.trace, o->growth};
    for (size_t i = 0; i < o->n_added; i++)
        sources[1 + i] = (struct resample_source){&j->added[i], 1.0};
    const struct histories_task task = {sources, 1 + o->n_added, o->common.seed,
                                        o->common.n_reps, o->n_histories};
    rc = histories_make(&j->histories, &task, e);
    if (rc == ERR_OK && o->n_added > 0)
        rc = scenario_map(&j->scenario, histories_recorded(&j->histories), e);
    return rc;
}

/* ------------------------------------------------------------ progress */

/* How many runs a search takes is only known at its end: two passes over the
 * histories for each pool, what is thrown out early, and the study.
 */
static size_t expected(const struct size_job *j, size_t left_of_batch)
{
    size_t n =
        j->scenario.system.n_pools * 2 * histories_n(&j->histories) + 900;
    size_t least = j->trials.n_runs + left_of_batch;

    return n > least ? n : least;
}

static void show_best(const struct size_job *j)
{
    for (size_t i = 0; i < j->scenario.system.n_pools; i++) {
        const struct size_pool *p = &j->plan.pools[i];
        char name[POOL_NAME];
        if (!p->sized || p->best == SIZE_MAX)
            continue;
        text_plain(j->scenario.system.pools[i].name, name, sizeof name);
        fprintf(stderr, "; %.20s min %u", name, p->tried[p->best].min);
        if (p->max > 0)
            fprintf(stderr, " max %u", p->max);
    }
}

static void show_progress(void *context, size_t n_done, size_t n_batch)
{
    struct size_job *j = context;
    size_t n = j->trials.n_runs, all = expected(j, n_batch - n_done);
    char left[32];

    if (!search_is_due(&j->search, false))
        return;
    search_left(&j->search, n, all, left);
    fprintf(stderr, "\r%s: %zu of about %zu runs, %s left", j->phase, n, all,
            left);
    show_best(j);
    fputs("\033[K", stderr);
}

/* Without these the cheapest answer is none. */
static int check_targets(const struct scenario *s, struct err *e)
{
    for (size_t i = 0; i < s->n_targets; i++)
        if (s->targets[i].goal != GOAL_COST_USD)
            return ERR_OK;
    return err_set(e, ERR_INPUT,
                   "%s: no targets to meet: a size needs some, such as "
                   "targets: {p95_wait: 5m, gave_up: 0, killed: 0}",
                   s->path);
}

static int check_pools(const struct size_job *j, struct err *e)
{
    const struct scenario *s = &j->scenario;
    const struct trace *t = histories_recorded(&j->histories);
    bool scales = false;

    for (uint32_t i = 0; i < s->system.n_pools; i++) {
        if (s->system.pools[i].autoscaled && drawn_string(s, t, i) != NO_INDEX)
            return ERR_OK;
        scales = scales || s->system.pools[i].autoscaled;
    }
    return err_set(e, ERR_INPUT, "%s: nothing to size: %s", s->path,
                   scales ? "the history has no builds for a pool that scales"
                          : "no ScaledObject or HorizontalPodAutoscaler of "
                            "the manifests scales a pool");
}

/* Each pool is sized beside all others, run by run. */
static int check_size(struct scenario *s, struct err *e)
{
    const struct system_params *p = &s->system;

    if (p->n_pools <= SIZE_POOLS && p->lb.n_backends <= SIZE_BACKENDS)
        return ERR_OK;
    err_set(e, ERR_INPUT,
            "%s: %zu pools and %zu backends, of which size takes %d "
            "and %d: give it the manifests of those to be sized",
            s->path, p->n_pools, p->lb.n_backends, SIZE_POOLS, SIZE_BACKENDS);
    scenario_free(s);
    return ERR_INPUT;
}

int size_load(void *context, struct err *e)
{
    struct size_job *j = context;
    int rc = options_load(&j->options->common, &j->scenario, e);

    if (rc == ERR_OK)
        rc = check_size(&j->scenario, e);
    if (rc == ERR_OK)
        rc = check_targets(&j->scenario, e);
    if (rc == ERR_OK)
        drawn_uncap(&j->uncapped, &j->scenario, j->peaks);
    for (size_t i = 0; i < j->options->n_added && rc == ERR_OK; i++)
        rc = load_added(j, i, e);
    if (rc == ERR_OK)
        rc = make_histories(j, e);
    if (rc == ERR_OK && j->options->starts)
        rc = take_starts(j, e);
    if (rc == ERR_OK)
        rc = check_pools(j, e);
    trials_init(&j->trials, &j->scenario, &j->histories);
    j->trials.on_done = show_progress;
    return rc;
}

/* ------------------------------------------------------------ the work */

static void find_gaps(struct size_job *j, uint32_t pool)
{
    const struct trace *t = histories_recorded(&j->histories);
    uint32_t string = drawn_string(&j->scenario, t, pool);
    size_t n;

    if (string == NO_INDEX || t->span_us <= 0)
        return;
    struct demand_step *steps = trace_demand(t, string, &n);
    gaps_find(&j->gaps[pool], steps, n);
    free(steps);
}

static void find_level(struct size_job *j, uint32_t pool)
{
    const struct trace *t =
        j->filled.n > 0 ? &j->filled : histories_recorded(&j->histories);
    uint32_t string = drawn_string(&j->scenario, t, pool);
    const struct random_world world = {.seed = j->options->common.seed};
    struct return_task task = {
        .span_us = t->span_us,
        .capped = j->peaks[pool].capped,
        .horizon_days = j->options->horizon_days,
        .error = 0.05,
        .world = &world,
    };

    if (string == NO_INDEX || t->span_us <= 0)
        return;
    task.gap_us = return_gap_us(t, string);
    struct demand_step *steps = trace_demand(t, string, &task.n);
    task.steps = steps;
    j->levels[pool] = return_level(&task);
    free(steps);
}

static double longest_wait_s(const struct size_job *j)
{
    double longest_s = 0.0;

    for (size_t i = 0; i < histories_n(&j->histories); i++)
        longest_s = fmax(longest_s, trials_total(&j->trials, j->plan.setting, i,
                                                 GOAL_MAX_WAIT));
    return longest_s;
}

static void follow_all(struct size_job *j)
{
    const struct scenario *s = &j->scenario;
    uint32_t max[SIZE_POOLS];

    for (size_t i = 0; i < s->system.n_pools; i++) {
        const struct pool_params *pool = &s->system.pools[i];
        max[i] = j->plan.pools[i].max > 0 ? j->plan.pools[i].max
                 : pool->autoscaled       ? keda_max(&pool->keda)
                                          : pool->replicas;
    }
    follow_ceilings(&j->follow, s, max);
    follow_ends(&j->follow, s, histories_recorded(&j->histories),
                longest_wait_s(j));
}

enum { LEVER_HISTORIES = 10 };

uint32_t size_busiest(const struct size_job *j)
{
    uint32_t most = 0;

    for (uint32_t i = 1; i < j->scenario.system.n_pools; i++)
        if (j->plan.pools[i].peak > j->plan.pools[most].peak)
            most = i;
    return most;
}

static int work_levers(struct size_job *j, struct err *e)
{
    size_t histories[LEVER_HISTORIES];
    struct effect_on on = {&j->trials, histories, 0};
    uint32_t pool = size_busiest(j);

    on.n = effect_histories(&j->histories, LEVER_HISTORIES, histories);
    int rc =
        levers_work(&j->levers, &on, pool, j->plan.pools[pool].fallback, e);
    if (rc == ERR_OK)
        rc = levers_windows(j->windows, &on, e);
    if (rc == ERR_OK)
        j->study_on = on.n;
    return rc;
}

int size_work_out(void *context, struct err *e)
{
    struct size_job *j = context;
    const struct size_options *o = j->options;
    struct size_task task = {
        .trials = &j->trials,
        .error = 1.0 - o->confidence,
        .n_may_miss = o->n_may_miss,
        .regretted = o->regretted,
        .tolerated = o->tolerated,
        .exhaustive = o->exhaust_nodes > 0,
        .exhaust_nodes = o->exhaust_nodes,
    };

    for (uint32_t i = 0; i < j->scenario.system.n_pools; i++) {
        find_gaps(j, i);
        find_level(j, i);
        if (j->levels[i].verdict == RETURN_STATED)
            task.least_max[i] = (uint32_t)ceil(j->levels[i].level);
    }
    j->phase = "search";
    int rc = size_search(&j->plan, &task, e);
    j->phase = "study";
    if (rc == ERR_OK && size_has_answer(j)) {
        rc = size_study(&j->study, &j->plan, &task, e);
        if (rc == ERR_OK) {
            follow_all(j);
            size_step_work(j);
        }
    }
    j->phase = "levers";
    return rc == ERR_OK ? work_levers(j, e) : rc;
}

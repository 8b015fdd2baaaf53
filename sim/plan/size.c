#include "sim/plan/size.h"

#include "scenarios/params.h"
#include "sim/base/mem.h"
#include "sim/plan/burst_rule.h"
#include "sim/plan/frontier.h"
#include "sim/plan/oracle.h"
#include "sim/plan/size_parts.h"
#include "sim/plan/verdict.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ a pool */

/* What is tried beside today's: the default of the API, the settings that were
 * in force before, and steps between them.
 */
static const char *const windows[] = {"0s", "5m", "10m", "20m", "40m", "1h"};
static const char *const policies[] = {"100%/15s", "1/2m", "10/20m+20%/20m",
                                       "10%/5m"};

static void add_combo(struct size_pool *p, const char *window,
                      const char *rules)
{
    struct size_combo *c = &p->combos[p->n_combos++];

    assert(p->n_combos <= SIZE_COMBOS);
    (void)snprintf(c->window, sizeof c->window, "%.31s", window);
    (void)snprintf(c->policies, sizeof c->policies, "%.95s", rules);
}

static void get(const struct scenario *s, uint32_t pool, const char *what,
                char out[PARAM_TEXT])
{
    char key[PARAM_TEXT];
    struct err e;

    (void)snprintf(key, sizeof key, "%s.%s", s->system.pools[pool].name, what);
    if (params_get(s, key, out, &e) != ERR_OK)
        out[0] = '\0';
}

static void list_combos(struct size_pool *p, const struct scenario *s,
                        uint32_t pool)
{
    const struct hpa_params *hpa = &s->system.pools[pool].hpa;
    char window[32], rules[PARAM_TEXT];

    duration_print(hpa->has_behavior ? hpa_down_window_us(hpa)
                                     : hpa->down_stabilization_us,
                   window);
    get(s, pool, "hpa.down_policies", rules);
    add_combo(p, window, rules);
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++)
        for (size_t k = 0; k < sizeof policies / sizeof *policies; k++)
            if (strcmp(windows[i], window) != 0 ||
                strcmp(policies[k], rules) != 0)
                add_combo(p, windows[i], policies[k]);
}

static uint32_t pods_per_node(const struct scenario *s, uint32_t pool)
{
    const struct karp_params *k = &s->system.karpenter;
    const struct pool_params *p = &s->system.pools[pool];
    uint32_t most = 1;

    for (uint32_t i = 0; i < k->n_pools; i++)
        for (uint32_t t = 0; t < k->n_types; t++) {
            uint32_t n = oracle_pods_per_node(k, i, t, p);
            if ((p->node_pools >> i & 1) && (k->pools[i].types >> t & 1) &&
                n > most)
                most = n;
        }
    return most;
}

/* ------------------------------------------------------------ the plan */

/* First of each kind; they are the same whatever the number of histories. */
static void choose_screen(struct size_plan *plan, const struct histories *h)
{
    const size_t wanted[SIZE_SCREEN] = {0, history_first(h, HISTORY_RUNS),
                                        history_first(h, HISTORY_DAYS)};
    const bool there[SIZE_SCREEN] = {h->n_recorded > 0, h->n_runs > 0,
                                     h->n_days > 0};

    plan->n_screen = 0;
    for (size_t i = 0; i < SIZE_SCREEN; i++)
        if (there[i])
            plan->screen[plan->n_screen++] = wanted[i];
}

/* The screen, and every world of the record. */
static int run_today(struct size_plan *plan, const struct size_task *task,
                     struct err *e)
{
    uint32_t n = task->trials->histories->n_recorded;
    struct trial_pair *pairs = mem_array(SIZE_SCREEN + n, sizeof *pairs);
    int rc = trials_setting(task->trials, NULL, 0, &plan->today, e);

    for (size_t i = 0; i < plan->n_screen; i++)
        pairs[i] = (struct trial_pair){plan->today, plan->screen[i]};
    for (size_t i = 0; i < n; i++)
        pairs[plan->n_screen + i] = (struct trial_pair){plan->today, i};
    if (rc == ERR_OK)
        rc = trials_run(task->trials, pairs, plan->n_screen + n, e);
    free(pairs);
    return rc;
}

static bool has_builds(const struct size_plan *plan, const struct trials *t,
                       uint32_t pool)
{
    for (size_t i = 0; i < plan->n_screen; i++)
        if (trials_at(t, plan->today, plan->screen[i])[pool].at[TRIAL_BUILDS] >
            0.0)
            return true;
    return false;
}

/* Builds that wait stretch the demand a little; a quarter more is out of their
 * reach. Today's maximum, if it leaves as much room: then what is as today is
 * run once.
 */
static uint32_t open_maximum(const struct size_pool *p, uint32_t today)
{
    uint32_t open = size_nodes(p, (uint64_t)p->peak + p->peak / 4 + 1);

    return today > open ? today : open;
}

static void start_pool(struct size_plan *plan, const struct trials *t,
                       uint32_t pool)
{
    struct size_pool *p = &plan->pools[pool];

    p->best = p->hopeless = SIZE_MAX;
    p->sized =
        t->base->system.pools[pool].autoscaled && has_builds(plan, t, pool);
    p->per_node = pods_per_node(t->base, pool);
    p->open = open_maximum(p, keda_max(&t->base->system.pools[pool].keda));
    list_combos(p, t->base, pool);
}

static void put_in_order(struct size_work *w, size_t history)
{
    for (size_t i = 0; i < w->plan->n_screen; i++)
        if (i < w->n_order && w->order[i] == history)
            return;
    w->order[w->n_order++] = history;
}

/* The screen first, which is known by then; recorded worlds; then the two
 * kinds of drawn histories in turn.
 */
static void order_histories(struct size_work *w, const struct histories *h)
{
    uint32_t most = h->n_runs > h->n_days ? h->n_runs : h->n_days;

    w->order = mem_array(histories_n(h), sizeof *w->order);
    for (size_t i = 0; i < w->plan->n_screen; i++)
        put_in_order(w, w->plan->screen[i]);
    for (size_t i = 0; i < h->n_recorded; i++)
        put_in_order(w, i);
    for (size_t i = 0; i < most; i++) {
        if (i < h->n_runs)
            put_in_order(w, history_first(h, HISTORY_RUNS) + i);
        if (i < h->n_days)
            put_in_order(w, history_first(h, HISTORY_DAYS) + i);
    }
}

static double wait_target_s(const struct scenario *s)
{
    for (size_t i = 0; i < s->n_targets; i++)
        if (s->targets[i].goal == GOAL_P95_WAIT)
            return s->targets[i].at_most;
    return 0.0;
}

/* While the metric is lost the pool is a fixed one: the smallest that would
 * carry all that was recorded with the p95 wait that is wanted.
 */
static uint32_t choose_fallback(const struct size_work *w)
{
    const struct scenario *s = w->task->trials->base;
    const struct trace *t = histories_recorded(w->task->trials->histories);
    uint32_t least = w->p->tried[w->p->best].min;
    struct by_pool b;
    struct frontier f;

    by_pool_init(&b, t, s->pool_of, s->system.n_pools);
    frontier_init(&f, &b, w->at, s->system.warm_up_us);
    by_pool_free(&b);
    uint32_t pods =
        size_nodes(w->p, frontier_smallest(&f, us_from_s(wait_target_s(s))));
    frontier_free(&f);
    if (pods < least)
        pods = least;
    return pods < w->p->max ? pods : w->p->max;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* A history in which the pool does not get to its maximum is known from
 * its search, where there was no bound.
 */
static int copy_unbound(const struct size_work *w, struct err *e)
{
    struct trials *t = w->task->trials;
    const struct size_choice choice = size_settled(w->p);
    size_t unbound = w->p->tried[w->p->best].setting, setting;
    int rc = size_setting(w, &choice, &setting, e);

    for (size_t i = 0; i < histories_n(t->histories) && rc == ERR_OK; i++) {
        const struct trial *x = trials_at(t, unbound, i);
        if (x && !trials_at(t, setting, i) &&
            x[w->at].at[TRIAL_REPLICAS_PEAK] <= (double)w->p->max)
            trials_keep(t, setting, i, x);
    }
    return rc;
}

/* The largest figure of all: a ceiling costs nothing until it is used. */
static int choose_maximum(struct size_work *w, struct err *e)
{
    struct size_pool *p = w->p;
    int rc = size_maximum(w, e);

    if (rc != ERR_OK)
        return rc;
    p->max_burst = size_nodes(p, burst_rule_slots(p->peak, w->task->tolerated));
    p->max = larger(p->max_proved, p->max_burst);
    p->max = larger(p->max, p->tried[p->best].min);
    p->max = larger(p->max, size_nodes(p, w->task->least_max[w->at]));
    p->fallback = choose_fallback(w);
    return copy_unbound(w, e);
}

static int size_one(struct size_plan *plan, const struct size_task *task,
                    uint32_t pool, struct err *e)
{
    struct size_work w = {
        .plan = plan, .task = task, .at = pool, .p = &plan->pools[pool]};

    w.regretted = isnan(task->regretted)
                      ? size_screened(&w, plan->today, TRIAL_REGRETTED)
                      : task->regretted;
    order_histories(&w, task->trials->histories);
    w.helpless = mem_array(w.n_order, sizeof *w.helpless);
    w.hard = mem_array(w.n_order, sizeof *w.hard);
    int rc = size_chains(&w, e);

    if (rc == ERR_OK && w.p->best != SIZE_MAX)
        rc = choose_maximum(&w, e);
    free(w.helpless);
    free(w.hard);
    free(w.order);
    return rc;
}

/* ------------------------------------------------------------ all pools */

static bool keeps_all(const struct size_plan *plan,
                      const struct size_task *task, size_t history)
{
    const struct trials *t = task->trials;
    struct size_work w = {.task = task};
    enum scenario_goal goal;

    for (w.at = 0; w.at < t->base->system.n_pools; w.at++)
        if (plan->pools[w.at].sized &&
            !size_keeps_own(&w, plan->setting, history, &goal))
            return false;
    for (size_t i = 0; i < t->base->n_targets; i++) {
        const struct scenario_target *x = &t->base->targets[i];
        if (x->goal != GOAL_COST_USD && !verdict_is_wait(x->goal) &&
            !(trials_total(t, plan->setting, history, x->goal) <= x->at_most))
            return false;
    }
    return true;
}

/* All pools as recommended, on every history. */
static int prove(struct size_plan *plan, const struct size_task *task,
                 uint32_t last, struct err *e)
{
    struct size_work w = {
        .plan = plan, .task = task, .at = last, .p = &plan->pools[last]};
    const struct histories *h = task->trials->histories;
    struct size_choice choice = size_settled(w.p);
    size_t n = histories_n(h);
    struct trial_pair *pairs = mem_array(n, sizeof *pairs);
    int rc = size_setting(&w, &choice, &plan->setting, e);

    for (size_t i = 0; i < n; i++)
        pairs[i] = (struct trial_pair){plan->setting, i};
    if (rc == ERR_OK)
        rc = trials_run(task->trials, pairs, n, e);
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        plan->n_missed[history_kind(h, i)] += !keeps_all(plan, task, i);
    free(pairs);
    for (int kind = 0; kind <= HISTORY_DAYS && rc == ERR_OK; kind++)
        if (plan->n_missed[kind] > size_may_miss(task, (enum history_kind)kind))
            plan->settled = false;
    return rc;
}

int size_search(struct size_plan *plan, const struct size_task *task,
                struct err *e)
{
    const struct trials *t = task->trials;
    uint32_t last = NO_INDEX;

    choose_screen(plan, t->histories);
    plan->settled = true;
    int rc = run_today(plan, task, e);
    plan->setting = plan->today;
    size_peaks(plan, t);
    for (uint32_t i = 0; i < t->base->system.n_pools && rc == ERR_OK; i++) {
        start_pool(plan, t, i);
        if (!plan->pools[i].sized)
            continue;
        rc = size_one(plan, task, i, e);
        if (plan->pools[i].max > 0)
            last = i;
        else
            plan->settled = false;
    }
    return rc == ERR_OK && last != NO_INDEX ? prove(plan, task, last, e) : rc;
}

void size_free(struct size_plan *plan)
{
    for (size_t i = 0; i < SIZE_POOLS; i++) {
        free(plan->pools[i].tried);
        free(plan->pools[i].peaks);
    }
    *plan = (struct size_plan){0};
}

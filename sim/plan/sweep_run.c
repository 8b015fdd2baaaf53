/* sweep_run.c - threads that take the next run until none is left. */
#include "sim/base/mem.h"
#include "sim/plan/replicate.h"
#include "sim/plan/sweep_parts.h"
#include "sim/plan/verdict.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct crew {
    struct sweep *sweep;
    const struct sweep_task *task;
    atomic_size_t next;
    bool *done; /* by run; settings by setting, replications within */
    pthread_mutex_t report;
    size_t n_done; /* under report */
};

/* What one thread has at hand: runs of one setting follow each other. */
struct bench {
    size_t setting; /* SIZE_MAX: none */
    struct scenario scenario;
    struct oracle_bound *bounds; /* zero: no figure here needs them */
    struct system *system;
};

/* ------------------------------------------------------------ one run */

static void clear(struct bench *b)
{
    if (b->setting == SIZE_MAX)
        return;
    system_free(b->system);
    free(b->bounds);
    scenario_free(&b->scenario);
    b->setting = SIZE_MAX;
}

static void prepare(struct bench *b, const struct sweep *s, size_t setting)
{
    struct err e;

    if (b->setting == setting)
        return;
    clear(b);
    int rc = sweep_scenario(s, s->settings[setting].place, &b->scenario, &e);
    assert(rc == ERR_OK); /* sweep_make has tried it */
    (void)rc;
    const struct scenario *x = &b->scenario;
    b->setting = setting;
    b->bounds = mem_array(x->system.n_pools, sizeof *b->bounds);
    b->system = system_new(&x->system, &x->trace, x->pool_of, x->caller_of);
}

static double combine(enum scenario_goal goal, double sum, double figure)
{
    return verdict_is_wait(goal) ? fmax(sum, figure) : sum + figure;
}

static void take(const struct bench *b, double metrics[SWEEP_METRICS])
{
    const struct scenario *x = &b->scenario;
    const struct figures_of of = {&x->system, &x->trace, x->pool_of, b->bounds};
    struct pool_figures f;

    for (int i = 0; i < SWEEP_METRICS; i++)
        metrics[i] = 0.0;
    for (uint32_t pool = 0; pool < x->system.n_pools; pool++) {
        figures_take(&f, b->system, &of, pool);
        for (int g = 0; g < GOALS; g++)
            metrics[g] = combine((enum scenario_goal)g, metrics[g],
                                 f.at[verdict_figure((enum scenario_goal)g)]);
        metrics[SWEEP_REGRETTED] += f.at[FIG_REGRETTED_PER_DAY];
    }
}

static void run_one(struct crew *c, struct bench *b, size_t run)
{
    struct sweep *s = c->sweep;
    size_t setting = run / s->n_reps, r = run % s->n_reps;
    struct random_world w = {.seed = c->task->seed, .replication = r};
    double metrics[SWEEP_METRICS];

    prepare(b, s, setting);
    system_run(b->system, &w, NULL);
    take(b, metrics);
    for (size_t m = 0; m < SWEEP_METRICS; m++)
        s->values[(setting * SWEEP_METRICS + m) * s->n_reps + r] = metrics[m];
    c->done[run] = true;
}

/* ------------------------------------------------------------ the crew */

static void report(struct crew *c)
{
    pthread_mutex_lock(&c->report);
    c->n_done++;
    if (c->task->on_done)
        c->task->on_done(c->task->context, c->n_done,
                         c->sweep->n * c->sweep->n_reps);
    pthread_mutex_unlock(&c->report);
}

static bool is_stopped(const struct crew *c)
{
    return c->task->should_stop && c->task->should_stop(c->task->context);
}

static void *work(void *context)
{
    struct crew *c = context;
    struct bench b = {.setting = SIZE_MAX};
    size_t n = c->sweep->n * c->sweep->n_reps, run;

    while (!is_stopped(c) && (run = atomic_fetch_add(&c->next, 1)) < n) {
        run_one(c, &b, run);
        report(c);
    }
    clear(&b);
    return NULL;
}

/* The calling thread works too; a thread that cannot be had is done without. */
static void work_together(struct crew *c)
{
    pthread_t others[REPLICATE_THREADS];
    uint32_t n = 0;

    while (n + 1 < c->task->n_threads &&
           pthread_create(&others[n], NULL, work, c) == 0)
        n++;
    work(c);
    for (uint32_t i = 0; i < n; i++)
        pthread_join(others[i], NULL);
}

static void mark_done(const struct crew *c)
{
    struct sweep *s = c->sweep;

    for (size_t i = 0; i < s->n; i++) {
        s->settings[i].done = true;
        for (size_t r = 0; r < s->n_reps; r++)
            if (!c->done[i * s->n_reps + r])
                s->settings[i].done = false;
    }
}

int sweep_run(struct sweep *s, const struct sweep_task *task, struct err *e)
{
    assert(task->n_reps >= 1 && task->n_reps <= REPLICATE_MAX);
    assert(task->n_threads >= 1 && task->n_threads <= REPLICATE_THREADS);
    size_t n = s->n * task->n_reps;

    if (n > SWEEP_RUNS)
        return err_set(e, ERR_INPUT,
                       "%zu settings of %u replications are more than %d runs",
                       s->n, task->n_reps, SWEEP_RUNS);
    free(s->values);
    s->n_reps = task->n_reps;
    s->values = mem_array(n * SWEEP_METRICS, sizeof *s->values);
    struct crew c = {
        .sweep = s, .task = task, .done = mem_array(n, sizeof *c.done)};

    pthread_mutex_init(&c.report, NULL);
    work_together(&c);
    pthread_mutex_destroy(&c.report);
    mark_done(&c);
    free(c.done);
    return ERR_OK;
}

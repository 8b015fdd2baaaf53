/* replicate.c - threads that take the next replication until none is left. */
#include "sim/plan/replicate.h"

#include "models/system_link.h"
#include "sim/base/mem.h"
#include "sim/plan/measure.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* What the threads share; out is written by replication number. */
struct crew {
    const struct replicate_task *task;
    struct replications *out;
    struct figures_of of;
    struct measure_plan *plan; /* NULL: nothing is measured */
    uint64_t *events;          /* one a replication */
    atomic_uint next;
    pthread_mutex_t report;
    uint32_t n_done; /* under report */
};

/* ------------------------------------------------------------ one run */

/* Who looks on; either may be missing. */
struct audience {
    struct measure *measure;
    const struct replicate_watch *watch;
};

static void tell_note(void *context, const struct note *n)
{
    const struct audience *a = context;

    if (a->measure)
        measure_on_note(a->measure, n);
    if (a->watch && a->watch->on_note)
        a->watch->on_note(a->watch->context, n);
}

static void tell_row(void *context, const struct timeline_row *r)
{
    const struct audience *a = context;

    if (a->measure)
        measure_on_row(a->measure, r);
    if (a->watch && a->watch->on_row)
        a->watch->on_row(a->watch->context, r);
}

static void tell_span(void *context, sim_us from_us, sim_us until_us)
{
    const struct audience *a = context;

    a->watch->on_span(a->watch->context, from_us, until_us);
}

static void run_watched(struct system *s, const struct random_world *w,
                        struct audience *a)
{
    const struct replicate_watch *watch = a->watch;
    bool notes = a->measure || (watch && watch->on_note);
    bool rows = a->measure || (watch && watch->on_row);
    struct system_observer observer = {
        .context = a,
        .on_note = notes ? tell_note : NULL,
        .skips_dials = !watch || !watch->on_note,
        .on_row = rows ? tell_row : NULL,
        .on_span = watch && watch->on_span ? tell_span : NULL,
    };

    if (a->measure)
        measure_start(a->measure);
    if (watch)
        watch->on_begin(watch->context, s);
    system_run(s, w, &observer);
    if (watch)
        watch->on_end(watch->context, s);
}

static void run_one(struct crew *c, struct system *s, struct measure *m,
                    uint32_t r)
{
    struct random_world w = {.seed = c->task->seed,
                             .replication = c->task->world + r};
    struct audience a = {m, r == 0 ? c->task->watch : NULL};

    run_watched(s, &w, &a);
    for (uint32_t i = 0; i < c->out->n_pools; i++) {
        struct pool_figures *f = &c->out->figures[r * c->out->n_pools + i];
        figures_take(f, s, &c->of, i);
        if (m)
            measure_take(m, f, s, i);
    }
    c->events[r] = system_events(s);
    if (r == 0)
        c->out->horizon_us = system_horizon_us(s);
}

static void report(struct crew *c)
{
    if (!c->task->on_done)
        return;
    pthread_mutex_lock(&c->report);
    c->task->on_done(c->task->done_context, ++c->n_done);
    pthread_mutex_unlock(&c->report);
}

static void *work(void *context)
{
    struct crew *c = context;
    const struct replicate_task *t = c->task;
    struct system *s = NULL;
    struct measure *m = NULL;
    uint32_t r;

    while ((r = atomic_fetch_add(&c->next, 1)) < t->n_reps) {
        if (!s)
            s = system_new(t->params, t->trace, t->pool_of, t->caller_of);
        system_set_link(s, t->link);
        if (!m && c->plan)
            m = measure_new(c->plan);
        run_one(c, s, m, r);
        report(c);
    }
    system_free(s);
    measure_free(m);
    return NULL;
}

/* ------------------------------------------------------------ the crew */

/* The calling thread works too; a thread that cannot be had is done without. */
static void work_together(struct crew *c)
{
    pthread_t others[REPLICATE_THREADS];
    uint32_t n = 0, wanted = c->task->n_threads;

    if (wanted > c->task->n_reps)
        wanted = c->task->n_reps;
    while (n + 1 < wanted && pthread_create(&others[n], NULL, work, c) == 0)
        n++;
    work(c);
    for (uint32_t i = 0; i < n; i++)
        pthread_join(others[i], NULL);
}

struct replicate_task replicate_task_of(const struct scenario *s, uint64_t seed)
{
    return (struct replicate_task){
        .params = &s->system,
        .trace = &s->trace,
        .pool_of = s->pool_of,
        .caller_of = s->caller_of,
        .seed = seed,
        .world = s->world,
        .n_reps = 1,
        .n_threads = 1,
    };
}

static struct oracle_bound *bounds_of(const struct replicate_task *t,
                                      const struct by_pool *builds)
{
    struct oracle_bound *b = mem_array(t->params->n_pools, sizeof *b);

    for (uint32_t i = 0; i < t->params->n_pools; i++)
        b[i] = oracle_pool(t->params, builds, i);
    return b;
}

void replicate(struct replications *out, const struct replicate_task *t)
{
    struct by_pool builds;

    by_pool_init(&builds, t->trace, t->pool_of, t->params->n_pools);
    struct oracle_bound *bounds = bounds_of(t, &builds);
    struct crew c = {
        .task = t,
        .out = out,
        .of = {t->params, &builds, bounds},
        .events = mem_array(t->n_reps, sizeof *c.events),
    };

    if (t->measures)
        c.plan = measure_plan_new(t->params, &builds);
    assert(t->n_reps >= 1 && t->n_reps <= REPLICATE_MAX);
    assert(!t->link || t->n_reps == 1);
    assert(t->n_threads >= 1 && t->n_threads <= REPLICATE_THREADS);
    *out = (struct replications){
        .n_reps = t->n_reps,
        .n_pools = t->params->n_pools,
        .figures =
            mem_array(t->n_reps * t->params->n_pools, sizeof *out->figures),
    };
    pthread_mutex_init(&c.report, NULL);
    work_together(&c);
    pthread_mutex_destroy(&c.report);
    for (uint32_t r = 0; r < t->n_reps; r++)
        out->events += c.events[r];
    measure_plan_free(c.plan);
    free(c.events);
    free(bounds);
    by_pool_free(&builds);
}

void replications_free(struct replications *r)
{
    free(r->figures);
    *r = (struct replications){0};
}

/* ------------------------------------------------------------ estimates */

static struct estimate estimate(const struct tally *t)
{
    return (struct estimate){t->mean, tally_half_width(t)};
}

struct estimate estimate_of(const struct replications *r, size_t pool,
                            enum figure figure)
{
    struct tally t = {0};

    for (size_t i = 0; i < r->n_reps; i++)
        tally_add(&t, r->figures[i * r->n_pools + pool].at[figure]);
    return estimate(&t);
}

struct estimate estimate_total(const struct replications *r, enum figure figure)
{
    struct tally t = {0};

    for (size_t i = 0; i < r->n_reps; i++) {
        double sum = 0;
        for (size_t pool = 0; pool < r->n_pools; pool++)
            sum += r->figures[i * r->n_pools + pool].at[figure];
        tally_add(&t, sum);
    }
    return estimate(&t);
}

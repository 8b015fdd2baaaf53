/* trials_run.c - threads that take the next run until none is left. */
#include "sim/base/mem.h"
#include "sim/plan/replicate.h"
#include "sim/plan/trials_file.h"
#include "sim/plan/trials_parts.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct crew {
    struct trials *t;
    const struct trial_pair *todo; /* n of them, none twice */
    size_t n;
    atomic_size_t next;
    pthread_mutex_t report;
    size_t n_done; /* under report */
};

static bool is_stopped(const struct trials *t)
{
    return t->should_stop && t->should_stop(t->context);
}

static void keep(struct crew *c, const struct trial_pair *p,
                 const struct trial x[])
{
    struct trials *t = c->t;

    pthread_mutex_lock(&c->report);
    trials_keep(t, p->setting, p->history, x);
    if (t->file)
        trials_file_add(t, p->setting, p->history);
    c->n_done++;
    t->n_runs++;
    if (t->on_done)
        t->on_done(t->context, c->n_done, c->n);
    pthread_mutex_unlock(&c->report);
}

static void run_one(struct crew *c, const struct trial_pair *p)
{
    struct trial x[SCENARIO_POOLS];
    struct random_world w;
    struct trace own = {0};
    struct scenario s;
    const struct trace *trace =
        history_take(c->t->histories, p->history, &own, &w);

    trials_scenario(c->t, p->setting, &s);
    struct system *system =
        system_new(&s.system, trace, s.pool_of, s.caller_of);
    system_run(system, &w, NULL);
    for (uint32_t i = 0; i < s.system.n_pools; i++)
        trial_take(&x[i], system, &s, trace, i);
    keep(c, p, x);
    system_free(system);
    scenario_free(&s);
    trace_free(&own);
}

static void *work(void *context)
{
    struct crew *c = context;
    size_t i;

    while (!is_stopped(c->t) && (i = atomic_fetch_add(&c->next, 1)) < c->n)
        run_one(c, &c->todo[i]);
    return NULL;
}

/* The calling thread works too; a thread that cannot be had is done without. */
static void work_together(struct crew *c)
{
    pthread_t others[REPLICATE_THREADS];
    uint32_t n = 0, wanted = c->t->n_threads;

    if (wanted > c->n)
        wanted = (uint32_t)c->n;
    while (n + 1 < wanted && pthread_create(&others[n], NULL, work, c) == 0)
        n++;
    work(c);
    for (uint32_t i = 0; i < n; i++)
        pthread_join(others[i], NULL);
}

static bool is_listed(const struct trial_pair todo[], size_t n,
                      const struct trial_pair *p)
{
    for (size_t i = 0; i < n; i++)
        if (todo[i].setting == p->setting && todo[i].history == p->history)
            return true;
    return false;
}

int trials_run(struct trials *t, const struct trial_pair pairs[], size_t n,
               struct err *e)
{
    struct trial_pair *todo = mem_array(n, sizeof *todo);
    struct crew c = {.t = t, .todo = todo};

    assert(t->n_threads >= 1 && t->n_threads <= REPLICATE_THREADS);
    for (size_t i = 0; i < n; i++)
        if (!trials_at(t, pairs[i].setting, pairs[i].history) &&
            !is_listed(todo, c.n, &pairs[i]))
            todo[c.n++] = pairs[i];
    pthread_mutex_init(&c.report, NULL);
    if (c.n > 0)
        work_together(&c);
    pthread_mutex_destroy(&c.report);
    free(todo);
    return c.n_done == c.n ? ERR_OK : err_set(e, ERR_IO, "interrupted");
}

/* trials_run.c - threads that take the next run until none is left. */
#include "sim/base/mem.h"
#include "sim/plan/ranks.h"
#include "sim/plan/replicate.h"
#include "sim/plan/trials_file.h"
#include "sim/plan/trials_parts.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Runs of a rank between two looks at the others. */
enum { SHARED = 64 };

struct crew {
    struct trials *t;
    const struct trial_pair *todo; /* n of them, none twice */
    size_t n;
    atomic_size_t next;
    pthread_mutex_t report;
};

/* What one thread has at hand: runs of one setting follow each other. */
struct bench {
    size_t setting; /* SIZE_MAX: none */
    struct scenario scenario;
    struct system *system; /* of the record; NULL: not needed yet */
};

bool trials_should_stop(const struct trials *t)
{
    return trials_file_has_failed(t) ||
           (t->should_stop && t->should_stop(t->context));
}

void trials_count(struct trials *t)
{
    t->n_runs++;
    if (t->n_batch_done < t->n_batch) /* another part may be ahead */
        t->n_batch_done++;
    if (t->on_done)
        t->on_done(t->context, t->n_batch_done, t->n_batch);
}

static void keep(struct crew *c, const struct trial_pair *p,
                 const struct trial x[])
{
    pthread_mutex_lock(&c->report);
    trials_keep(c->t, p->setting, p->history, x);
    trials_file_add(c->t, p);
    trials_count(c->t);
    pthread_mutex_unlock(&c->report);
}

/* ------------------------------------------------------------ one run */

static void clear(struct bench *b)
{
    if (b->setting == SIZE_MAX)
        return;
    system_free(b->system);
    scenario_free(&b->scenario);
    *b = (struct bench){.setting = SIZE_MAX};
}

static struct system *system_of(const struct scenario *s, const struct trace *t)
{
    return system_new(&s->system, t, s->pool_of, s->caller_of);
}

static void take_pools(struct crew *c, const struct trial_pair *p,
                       const struct bench *b, const struct system *s,
                       const struct trace *t)
{
    size_t n = b->scenario.system.n_pools;
    struct trial *x = mem_array(n, sizeof *x);
    struct by_pool builds;

    by_pool_init(&builds, t, b->scenario.pool_of, n);
    for (uint32_t i = 0; i < n; i++)
        trial_take(&x[i], s, &b->scenario, &builds, i);
    keep(c, p, x);
    by_pool_free(&builds);
    free(x);
}

static void run_one(struct crew *c, struct bench *b, const struct trial_pair *p)
{
    struct random_world w;
    struct trace own = {0};
    const struct trace *trace =
        history_take(c->t->histories, p->history, &own, &w);
    bool recorded = trace != &own;

    if (b->setting != p->setting) {
        clear(b);
        trials_scenario(c->t, p->setting, &b->scenario);
        b->setting = p->setting;
    }
    struct system *system =
        recorded && b->system ? b->system : system_of(&b->scenario, trace);
    system_run(system, &w, NULL);
    take_pools(c, p, b, system, trace);
    if (recorded)
        b->system = system;
    else
        system_free(system);
    trace_free(&own);
}

/* ------------------------------------------------------------ the crew */

static void *work(void *context)
{
    struct crew *c = context;
    struct bench b = {.setting = SIZE_MAX};
    size_t i;

    while (!trials_should_stop(c->t) &&
           (i = atomic_fetch_add(&c->next, 1)) < c->n)
        if (trials_is_mine(c->t, &c->todo[i], i))
            run_one(c, &b, &c->todo[i]);
    clear(&b);
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

/* ------------------------------------------------------------ a batch */

/* Those that are not known, none twice. */
static size_t choose(struct trials *t, const struct trial_pair pairs[],
                     size_t n, struct trial_pair todo[])
{
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        const struct trial_pair *p = &pairs[i];
        struct trials_run *run = &t->settings[p->setting].runs[p->history];
        if (!trials_at(t, p->setting, p->history) && !run->wanted) {
            run->wanted = true;
            todo[m++] = *p;
        }
    }
    for (size_t i = 0; i < m; i++)
        t->settings[todo[i].setting].runs[todo[i].history].wanted = false;
    return m;
}

static int run_some(struct trials *t, const struct trial_pair todo[], size_t n,
                    struct err *e)
{
    struct crew c = {.t = t, .todo = todo, .n = n};

    pthread_mutex_init(&c.report, NULL);
    work_together(&c);
    pthread_mutex_destroy(&c.report);
    int rc = t->n_parts > 1 ? trials_share(t, todo, n, e) : ERR_OK;
    if (trials_file_has_failed(t)) {
        t->is_stopped = false;
        return trials_file_failure(t, e);
    }
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < n && !t->is_stopped; i++)
        t->is_stopped = !trials_at(t, todo[i].setting, todo[i].history);
    return t->is_stopped ? err_set(e, ERR_IO, "interrupted") : ERR_OK;
}

int trials_run(struct trials *t, const struct trial_pair pairs[], size_t n,
               struct err *e)
{
    struct trial_pair *todo = mem_array(n, sizeof *todo);
    size_t m = choose(t, pairs, n, todo), some;
    int rc = ERR_OK;

    assert(t->n_threads >= 1 && t->n_threads <= REPLICATE_THREADS);
    t->n_batch = m;
    t->n_batch_done = 0;
    t->is_stopped = false;
    for (size_t i = 0; i < m && rc == ERR_OK; i += some) {
        some = ranks_n() > 1 ? (size_t)SHARED * ranks_n() : m;
        if (some > m - i)
            some = m - i;
        rc = run_some(t, &todo[i], some, e);
    }
    free(todo);
    return rc;
}

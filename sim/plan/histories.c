#include "sim/plan/histories.h"

#include <assert.h>

/* Within its kind; a drawn history and the recorded one share no world. */
static uint64_t place_of(const struct histories *h, size_t i)
{
    return i - history_first(h, history_kind(h, i));
}

size_t histories_n(const struct histories *h)
{
    return (size_t)h->n_recorded + h->n_runs + h->n_days;
}

const char *history_drawn_by(enum history_kind kind)
{
    assert(kind != HISTORY_RECORDED);
    return kind == HISTORY_DAYS ? "days" : "runs";
}

size_t history_first(const struct histories *h, enum history_kind kind)
{
    switch (kind) {
    case HISTORY_RECORDED:
        return 0;
    case HISTORY_RUNS:
        return h->n_recorded;
    default:
        return (size_t)h->n_recorded + h->n_runs;
    }
}

enum history_kind history_kind(const struct histories *h, size_t i)
{
    assert(i < histories_n(h));
    if (i < h->n_recorded)
        return HISTORY_RECORDED;
    return i < history_first(h, HISTORY_DAYS) ? HISTORY_RUNS : HISTORY_DAYS;
}

static struct random_world world_of(const struct histories *h, size_t i)
{
    enum history_kind kind = history_kind(h, i);

    return (struct random_world){
        .seed = h->seed,
        .replication = place_of(h, i) + (uint64_t)kind * 2 * HISTORIES_MAX,
    };
}

static bool has_grown(const struct histories_task *task)
{
    for (size_t i = 0; i < task->n; i++)
        if (task->sources[i].growth != 1.0)
            return true;
    return false;
}

int histories_make(struct histories *h, const struct histories_task *task,
                   struct err *e)
{
    struct err no_days;

    *h = (struct histories){.seed = task->seed};
    int rc = resampler_make(&h->runs, task->sources, task->n, RESAMPLE_RUNS, e);
    if (rc != ERR_OK)
        return rc;
    if (task->n == 1)
        h->alone = task->sources[0].trace;
    h->n_runs = task->n_each;
    if (!has_grown(task))
        h->n_recorded = task->n_recorded;
    if (resampler_make(&h->days, task->sources, task->n, RESAMPLE_DAYS,
                       &no_days) == ERR_OK)
        h->n_days = task->n_each;
    return ERR_OK;
}

void histories_record(struct histories *h, const struct trace *t, uint64_t seed,
                      uint32_t n)
{
    *h = (struct histories){.alone = t, .seed = seed, .n_recorded = n};
}

void histories_free(struct histories *h)
{
    resampler_free(&h->runs);
    resampler_free(&h->days);
    *h = (struct histories){0};
}

const struct trace *histories_recorded(const struct histories *h)
{
    return h->alone ? h->alone : &h->runs.merged;
}

const struct trace *history_take(const struct histories *h, size_t i,
                                 struct trace *own, struct random_world *w)
{
    enum history_kind kind = history_kind(h, i);

    *w = world_of(h, i);
    if (kind == HISTORY_RECORDED)
        return histories_recorded(h);
    resample_history(own, kind == HISTORY_DAYS ? &h->days : &h->runs, w);
    return own;
}

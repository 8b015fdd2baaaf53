/* size_race.c - one candidate against all histories. */
#include "sim/base/mem.h"
#include "sim/plan/size_parts.h"
#include "sim/plan/verdict.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum {
    FIRST = 2,     /* histories asked at once */
    FEW = 32,      /* that are asked so */
    MOST_TIED = 64 /* candidates that others' targets may throw out */
};

bool size_keeps_own(const struct size_work *w, size_t setting, size_t history,
                    enum scenario_goal *goal)
{
    const struct scenario *s = w->task->trials->base;
    const struct trial *x = trials_at(w->task->trials, setting, history);

    assert(x);
    for (size_t i = 0; i < s->n_targets; i++) {
        const struct scenario_target *t = &s->targets[i];
        if (t->goal == GOAL_COST_USD || x[w->at].at[t->goal] <= t->at_most)
            continue;
        *goal = t->goal;
        return false;
    }
    return true;
}

bool size_keeps(const struct size_work *w, size_t setting, size_t history,
                enum scenario_goal *goal)
{
    struct size_work other = *w;

    for (other.at = 0; other.at < w->at; other.at++)
        if (w->plan->pools[other.at].max > 0 &&
            !size_keeps_own(&other, setting, history, goal))
            return false;
    return size_keeps_own(w, setting, history, goal);
}

/* By how much a history was harder than the others it was run with; 0: not
 * known.
 */
static void note_hardness(struct size_work *w, const struct size_candidate *c,
                          size_t n)
{
    const struct trials *t = w->task->trials;
    double mean_s = 0.0;

    for (size_t i = 0; i < n; i++)
        mean_s +=
            trials_at(t, c->setting, w->order[i])[w->at].at[GOAL_P95_WAIT] /
            (double)n;
    for (size_t i = 0; i < n && mean_s > 0.0; i++)
        w->hard[w->order[i]] =
            trials_at(t, c->setting, w->order[i])[w->at].at[GOAL_P95_WAIT] /
                mean_s -
            1.0;
}

/* The one that threw out the last candidate, then the hardest; others keep
 * their order.
 */
static void reorder(struct size_work *w, size_t first)
{
    for (size_t i = 1; i < w->n_order; i++) {
        size_t history = w->order[i], at = i;
        double hard = history == first ? HUGE_VAL : w->hard[history];
        while (at > 0 && w->order[at - 1] != first &&
               w->hard[w->order[at - 1]] < hard) {
            w->order[at] = w->order[at - 1];
            at--;
        }
        w->order[at] = history;
    }
}

static int run(const struct size_work *w, size_t setting, size_t from, size_t n,
               struct err *e)
{
    struct trial_pair pairs[SIZE_AT_ONCE];

    assert(n <= SIZE_AT_ONCE);
    for (size_t i = 0; i < n; i++)
        pairs[i] = (struct trial_pair){setting, w->order[from + i]};
    return trials_run(w->task->trials, pairs, n, e);
}

size_t size_may_miss(const struct size_task *task, enum history_kind kind)
{
    return kind == HISTORY_RECORDED ? 0 : task->n_may_miss;
}

static void judge(struct size_work *w, struct size_candidate *c, size_t place,
                  size_t n_missed[HISTORY_DAYS + 1])
{
    size_t history = w->order[place];
    enum history_kind kind = history_kind(w->task->trials->histories, history);
    enum scenario_goal goal;

    if (size_keeps(w, c->setting, history, &goal))
        return;
    if (++n_missed[kind] <= size_may_miss(w->task, kind) ||
        c->reason == SIZE_MISSES)
        return;
    c->reason = SIZE_MISSES;
    c->history = history;
    c->goal = goal;
}

/* A history that threw out a candidate: would it throw out a pool that is
 * never short of pods?
 */
static int look_for_hope(struct size_work *w, size_t history, struct err *e)
{
    const struct size_choice most = {w->p->open, w->p->open, 0};
    enum history_kind kind = history_kind(w->task->trials->histories, history);
    struct trial_pair pair = {.history = history};
    enum scenario_goal goal;

    if (w->helpless[history])
        return ERR_OK;
    int rc = size_setting(w, &most, &pair.setting, e);
    if (rc == ERR_OK)
        rc = trials_run(w->task->trials, &pair, 1, e);
    if (rc != ERR_OK || size_keeps_own(w, pair.setting, history, &goal))
        return rc;
    w->helpless[history] = true;
    if (++w->n_helpless[kind] > size_may_miss(w->task, kind)) {
        w->p->hopeless = history;
        w->p->hopeless_goal = goal;
    }
    return ERR_OK;
}

size_t size_at_once(size_t n_asked)
{
    size_t n = n_asked / 16;

    if (n < 32)
        return 32;
    return n < SIZE_AT_ONCE ? n : SIZE_AT_ONCE;
}

/* The first ones are asked in small numbers: most candidates fail there. */
int size_race(struct size_work *w, struct size_candidate *c, struct err *e)
{
    size_t n_missed[HISTORY_DAYS + 1] = {0}, n, n_run = 0;

    for (size_t i = 0; i < w->n_order && c->reason == SIZE_OPEN; i += n) {
        n = i < FEW ? FIRST : size_at_once(i);
        if (n > w->n_order - i)
            n = w->n_order - i;
        int rc = run(w, c->setting, i, n, e);
        if (rc != ERR_OK)
            return rc;
        n_run = i + n;
        for (size_t k = i; k < n_run; k++)
            judge(w, c, k, n_missed);
    }
    note_hardness(w, c, n_run);
    if (c->reason == SIZE_MISSES) {
        enum scenario_goal goal;
        reorder(w, c->history);
        if (!size_keeps_own(w, c->setting, c->history, &goal))
            return look_for_hope(w, c->history, e);
        w->p->tied = ++w->n_tied > MOST_TIED;
        return ERR_OK;
    }
    c->reason = SIZE_MEETS;
    return ERR_OK;
}

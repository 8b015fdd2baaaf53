/* size_max.c - the smallest maximum: of each history what it needs, and of
 * these the largest. Histories that miss their targets even without a bound
 * have no say; all others must keep them.
 */
#include "sim/base/mem.h"
#include "sim/plan/size_parts.h"

#include <stdlib.h>

enum { FIRST = 8, AT_ONCE = SIZE_AT_ONCE };

struct need {
    size_t history;
    uint32_t low, high; /* nodes: too few or untried, enough */
    double peak;        /* of the replicas, without a bound */
    double wait_s;
};

struct limits {
    struct size_work *w;
    const struct size_candidate *c;
    struct need *needs; /* owned */
    size_t n;
    uint32_t nodes; /* so many at least */
};

static int setting_at(const struct limits *l, uint32_t nodes, size_t *setting,
                      struct err *e)
{
    struct size_choice choice = {l->c->min, nodes * l->w->p->per_node,
                                 l->c->combo};

    return size_setting(l->w, &choice, setting, e);
}

/* Under a maximum that its peak does not pass a history is what it was. */
static void copy_equal(const struct limits *l, size_t setting, uint32_t nodes)
{
    struct trials *t = l->w->task->trials;

    for (size_t i = 0; i < l->n; i++) {
        size_t history = l->needs[i].history;
        if (l->needs[i].peak <= (double)nodes * l->w->p->per_node &&
            !trials_at(t, setting, history))
            trials_keep(t, setting, history,
                        trials_at(t, l->c->setting, history));
    }
}

/* ------------------------------------------------------------ bisection */

static bool is_found(const struct need *n)
{
    return n->low + 1 >= n->high;
}

/* Tries each of needs[n <= AT_ONCE] at its number of nodes. */
static int try_at(const struct limits *l, struct need *needs[],
                  const uint32_t nodes[], size_t n, struct err *e)
{
    struct trial_pair pairs[AT_ONCE] = {{0}};
    enum scenario_goal goal;
    int rc = ERR_OK;

    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        pairs[i].history = needs[i]->history;
        rc = setting_at(l, nodes[i], &pairs[i].setting, e);
        if (rc == ERR_OK)
            copy_equal(l, pairs[i].setting, nodes[i]);
    }
    if (rc == ERR_OK)
        rc = trials_run(l->w->task->trials, pairs, n, e);
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        bool keeps =
            size_keeps(l->w, pairs[i].setting, pairs[i].history, &goal);
        if (keeps && nodes[i] < needs[i]->high)
            needs[i]->high = nodes[i];
        if (!keeps && nodes[i] > needs[i]->low)
            needs[i]->low = nodes[i];
    }
    return rc;
}

/* All of them at once, so that every thread has something to do. */
static int bisect(const struct limits *l, struct need *needs[], size_t n,
                  struct err *e)
{
    struct need *open[AT_ONCE];
    uint32_t nodes[AT_ONCE] = {0};
    size_t m;
    int rc;

    do {
        m = 0;
        for (size_t i = 0; i < n; i++) {
            if (is_found(needs[i]))
                continue;
            nodes[m] = needs[i]->low + (needs[i]->high - needs[i]->low) / 2;
            open[m++] = needs[i];
        }
        rc = try_at(l, open, nodes, m, e);
    } while (rc == ERR_OK && m > 0);
    return rc;
}

/* ------------------------------------------------------------ all of them */

static int by_wait(const void *left, const void *right)
{
    const struct need *a = left, *b = right;

    if (a->wait_s != b->wait_s)
        return a->wait_s > b->wait_s ? -1 : 1;
    return (a->history > b->history) - (a->history < b->history);
}

/* Those that wait longest already come first: they will ask for most. */
static void list(struct limits *l)
{
    const struct size_work *w = l->w;
    uint32_t least = l->c->min / w->p->per_node;
    enum scenario_goal goal;

    l->needs = mem_array(w->n_order, sizeof *l->needs);
    l->nodes = least > 0 ? least : 1;
    for (size_t i = 0; i < w->n_order; i++) {
        size_t history = w->order[i];
        const struct trial *x =
            trials_at(w->task->trials, l->c->setting, history) + w->at;
        if (!size_keeps(w, l->c->setting, history, &goal))
            continue;
        l->needs[l->n++] = (struct need){
            .history = history,
            .low = l->nodes - 1,
            .high = w->p->open / w->p->per_node,
            .peak = x->at[TRIAL_REPLICAS_PEAK],
            .wait_s = x->at[GOAL_P95_WAIT],
        };
    }
    qsort(l->needs, l->n, sizeof *l->needs, by_wait);
}

/* Tries some at the present number of nodes, finds out what those need that
 * miss, and raises the number to that.
 */
static int ask(struct limits *l, size_t from, size_t n, struct err *e)
{
    struct need *asked[AT_ONCE], *missed[AT_ONCE];
    uint32_t nodes[AT_ONCE] = {0};
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        asked[i] = &l->needs[from + i];
        nodes[i] = l->nodes;
    }
    int rc = try_at(l, asked, nodes, n, e);
    for (size_t i = 0; i < n; i++)
        if (asked[i]->low >= l->nodes)
            missed[m++] = asked[i];
    if (rc == ERR_OK)
        rc = bisect(l, missed, m, e);
    for (size_t i = 0; i < m && rc == ERR_OK; i++)
        if (missed[i]->high > l->nodes) {
            l->nodes = missed[i]->high;
            l->w->p->max_history = missed[i]->history;
        }
    return rc;
}

/* Until all have kept their targets at one and the same number. */
static int settle(struct limits *l, struct err *e)
{
    uint32_t before;
    size_t n;
    int rc = ERR_OK;

    do {
        before = l->nodes;
        for (size_t i = 0; i < l->n && rc == ERR_OK; i += n) {
            n = i == 0 ? FIRST : size_at_once(i);
            n = l->n - i < n ? l->n - i : n;
            rc = ask(l, i, n, e);
        }
    } while (rc == ERR_OK && l->nodes != before);
    return rc;
}

int size_maximum(struct size_work *w, struct err *e)
{
    struct limits l = {.w = w, .c = &w->p->tried[w->p->best]};

    w->p->max_history = SIZE_MAX;
    list(&l);
    int rc = settle(&l, e);

    w->p->max_proved = l.nodes * w->p->per_node;
    free(l.needs);
    return rc;
}

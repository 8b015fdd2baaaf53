/* size_chains.c - pairs of window and policies, followed from the smallest
 * minimum up, the cheapest end first.
 */
#include "sim/base/mem.h"
#include "sim/plan/size_parts.h"

#include <math.h>
#include <stdlib.h>

enum { AHEAD = 4 };

/* A chain goes on at this minimum; everything further on costs more than what
 * it has shown last.
 */
struct chain {
    double least; /* dollars */
    uint32_t next;
    bool over;
};

/* ------------------------------------------------------------ candidates */

static int screen(const struct size_work *w, const size_t settings[], size_t n,
                  struct err *e)
{
    const struct size_plan *plan = w->plan;
    struct trial_pair *pairs = mem_array(n * plan->n_screen, sizeof *pairs);

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < plan->n_screen; k++)
            pairs[i * plan->n_screen + k] =
                (struct trial_pair){settings[i], plan->screen[k]};
    int rc = trials_run(w->task->trials, pairs, n * plan->n_screen, e);

    free(pairs);
    return rc;
}

/* Money and waiting of all pools: a pool's choice may touch another one. */
static void price(const struct size_work *w, struct size_candidate *c)
{
    const struct trials *t = w->task->trials;

    for (size_t i = 0; i < w->plan->n_screen; i++) {
        size_t history = w->plan->screen[i];
        c->usd += trials_total(t, c->setting, history, GOAL_COST_USD);
        c->wait_h += trials_total(t, c->setting, history, TRIAL_WAIT_H);
    }
    c->usd /= (double)w->plan->n_screen;
    c->wait_h /= (double)w->plan->n_screen;
    c->price = c->usd + t->base->wait_usd_per_h * c->wait_h;
    c->regretted = size_screened(w, c->setting, TRIAL_REGRETTED);
    if (c->regretted > w->regretted)
        c->reason = SIZE_FLAPS;
}

int size_try(const struct size_work *w, size_t combo, uint32_t min,
             struct size_candidate *c, struct err *e)
{
    const struct size_choice choice = {min, w->p->open, combo};

    *c = (struct size_candidate){.combo = combo, .min = min};
    int rc = size_setting(w, &choice, &c->setting, e);
    if (rc == ERR_OK)
        rc = screen(w, &c->setting, 1, e);
    if (rc == ERR_OK)
        price(w, c);
    return rc;
}

static void keep(struct size_pool *p, const struct size_candidate *c)
{
    p->tried = mem_grow(p->tried, &p->cap, p->n + 1, sizeof *p->tried);
    p->tried[p->n++] = *c;
}

/* Puts the next candidate of each of the chains on the list. */
static int extend(struct size_work *w, struct chain chains[],
                  const size_t which[], size_t n, struct err *e)
{
    struct size_candidate added[SIZE_COMBOS] = {{0}};
    size_t settings[SIZE_COMBOS] = {0};
    int rc = ERR_OK;

    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        struct size_choice choice = {chains[which[i]].next, w->p->open,
                                     which[i]};
        added[i] =
            (struct size_candidate){.combo = which[i], .min = choice.min};
        rc = size_setting(w, &choice, &added[i].setting, e);
        settings[i] = added[i].setting;
    }
    if (rc == ERR_OK)
        rc = screen(w, settings, n, e);
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        struct chain *chain = &chains[which[i]];
        price(w, &added[i]);
        keep(w->p, &added[i]);
        chain->least = fmax(chain->least, added[i].usd);
        chain->next += w->p->per_node;
        chain->over = chain->next > w->p->open;
    }
    return rc;
}

static int extend_all(struct size_work *w, struct chain chains[], struct err *e)
{
    size_t which[SIZE_COMBOS], n = 0;

    for (size_t i = 0; i < w->p->n_combos; i++)
        if (!chains[i].over)
            which[n++] = i;
    return extend(w, chains, which, n, e);
}

/* ------------------------------------------------------------ cheapest first
 */

/* The open candidate with the lowest price; of equals the first. */
static size_t cheapest(const struct size_pool *p)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < p->n; i++)
        if (p->tried[i].reason == SIZE_OPEN &&
            (best == SIZE_MAX || p->tried[i].price < p->tried[best].price))
            best = i;
    return best;
}

/* Up to AHEAD chains that may hold something below a price, the lowest first;
 * more than one, so that every thread has something to do.
 */
static size_t lowest(const struct chain chains[], size_t n, double below,
                     size_t which[AHEAD])
{
    bool taken[SIZE_COMBOS] = {false};
    size_t m = 0;

    while (m < AHEAD) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < n; i++)
            if (!taken[i] && !chains[i].over && chains[i].least < below &&
                (best == SIZE_MAX || chains[i].least < chains[best].least))
                best = i;
        if (best == SIZE_MAX)
            break;
        taken[best] = true;
        which[m++] = best;
    }
    return m;
}

/* One step: race the cheapest candidate, or make chains longer that may hold a
 * cheaper one.
 */
static int step(struct size_work *w, struct chain chains[], bool *over,
                struct err *e)
{
    struct size_pool *p = w->p;
    size_t c = cheapest(p), which[AHEAD];
    size_t n = lowest(chains, p->n_combos,
                      c == SIZE_MAX ? HUGE_VAL : p->tried[c].price, which);

    *over = (n == 0 && c == SIZE_MAX) || p->hopeless != SIZE_MAX || p->tied;
    if (*over)
        return ERR_OK;
    if (n > 0)
        return extend(w, chains, which, n, e);
    int rc = size_race(w, &p->tried[c], e);

    if (rc == ERR_OK && p->tried[c].reason == SIZE_MEETS) {
        p->best = c;
        *over = true;
    }
    return rc;
}

/* Everything, for those who doubt the above. */
static int exhaust(struct size_work *w, struct chain chains[], struct err *e)
{
    struct size_pool *p = w->p;
    int rc = ERR_OK;

    for (uint32_t i = 1; i < w->task->exhaust_nodes && rc == ERR_OK; i++)
        rc = extend_all(w, chains, e);
    for (size_t i = 0; i < p->n && rc == ERR_OK; i++) {
        struct size_candidate *c = &p->tried[i];
        if (c->reason == SIZE_OPEN)
            rc = size_race(w, c, e);
        if (c->reason == SIZE_MEETS &&
            (p->best == SIZE_MAX || c->price < p->tried[p->best].price))
            p->best = i;
    }
    return rc;
}

int size_chains(struct size_work *w, struct err *e)
{
    struct chain chains[SIZE_COMBOS] = {{0}};
    bool over = false;

    for (size_t i = 0; i < w->p->n_combos; i++)
        chains[i].next = w->p->per_node;
    w->p->best = SIZE_MAX;
    int rc = extend_all(w, chains, e);
    if (rc == ERR_OK && w->task->exhaustive)
        return exhaust(w, chains, e);
    while (rc == ERR_OK && !over)
        rc = step(w, chains, &over, e);
    return rc;
}

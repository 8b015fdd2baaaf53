/* trial.c - the run, and what is kept of it. */
#include "sim/plan/trial.h"

#include "models/system.h"
#include "sim/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Until the scaler has seen the end of two minutes: a sync and its read. */
#define WATCH_US (150 * US_PER_S)
#define MINUTE_US (60 * US_PER_S)

/* One pool between two of its rows. */
struct watched {
    struct pool_state state;
    sim_us since_us;
    bool known;
};

struct watch {
    struct trial *t;
    struct watched *pools;
    sim_us watch_us;
};

static void note_wanted(struct trial_pool *p, int32_t wanted)
{
    if (p->wanted_least < 0 || wanted < p->wanted_least)
        p->wanted_least = wanted;
    if (wanted > p->wanted_most)
        p->wanted_most = wanted;
}

/* Scrapes at whole minutes in [a, b). */
static void take_samples(struct watch *w, uint32_t pool, sim_us a_us,
                         sim_us b_us)
{
    const struct pool_state *x = &w->pools[pool].state;

    for (sim_us i = (a_us + MINUTE_US - 1) / MINUTE_US;
         i < TRIAL_SAMPLES && i * MINUTE_US < b_us; i++)
        w->t->pools[pool].samples[i] = (struct trial_sample){
            x->sessions, x->queue, x->wanted, x->ready, x->reachable};
}

/* The state of a pool held from since_us up to now. */
static void add_up(struct watch *w, uint32_t pool, sim_us now_us)
{
    const struct watched *h = &w->pools[pool];
    const struct pool_state *x = &h->state;
    struct trial_pool *p = &w->t->pools[pool];
    sim_us a_us = h->since_us;

    if (!h->known || now_us <= a_us)
        return;
    double s = s_from_us(now_us - a_us);
    int32_t unseen = x->waiting - x->queue;
    p->waiting_s += s * x->waiting;
    p->unseen_s += s * (unseen > 0 ? unseen : 0);
    if (x->reachable == 0 && x->ready > 0)
        p->lost_s += s;
    if (x->reachable == 0 && now_us > w->watch_us)
        p->gone_s +=
            s_from_us(now_us - (a_us > w->watch_us ? a_us : w->watch_us));
    if (now_us > w->watch_us && a_us < w->watch_us + WATCH_US)
        note_wanted(p, x->wanted);
    take_samples(w, pool, a_us, now_us);
}

/* FNV-1a over what changed and when. */
static void mix(uint64_t *hash, const void *data, size_t n)
{
    const unsigned char *byte = data;

    for (size_t i = 0; i < n; i++)
        *hash = (*hash ^ byte[i]) * UINT64_C(1099511628211);
}

static void on_row(void *context, const struct timeline_row *r)
{
    struct watch *w = context;
    struct watched *h = &w->pools[r->pool];
    struct trial_pool *p = &w->t->pools[r->pool];

    add_up(w, r->pool, r->at_us);
    *h = (struct watched){r->state, r->at_us, true};
    mix(&p->fingerprint, &r->at_us, sizeof r->at_us);
    mix(&p->fingerprint, &r->state, sizeof r->state);
    if (r->state.wanted > p->wanted_peak)
        p->wanted_peak = r->state.wanted;
    if (p->wanted_floor < 0 || r->state.wanted < p->wanted_floor)
        p->wanted_floor = r->state.wanted;
}

static void finish(struct watch *w, const struct system *s)
{
    struct trial *t = w->t;
    sim_us end_us = system_horizon_us(s);

    for (uint32_t i = 0; i < t->n_pools; i++) {
        const struct pool_result *r = system_pool(s, i);
        struct trial_pool *p = &t->pools[i];
        add_up(w, i, end_us);
        p->builds = r->builds;
        p->gave_up = r->ends[END_GAVE_UP] + r->ends[END_TIMED_OUT];
        p->kills = r->kills;
        p->regretted = r->regretted;
        p->removed = r->removed;
    }
    sim_us n = (end_us + MINUTE_US - 1) / MINUTE_US;

    t->n_samples = n < TRIAL_SAMPLES ? (size_t)n : TRIAL_SAMPLES;
    t->events = system_events(s);
}

/* What holds at certain times of the history holds that much earlier. */
static void move_back(struct system_params *p, sim_us start_us)
{
    struct pool_params *pools = mem_array(p->n_pools, sizeof *pools);

    memcpy(pools, p->pools, p->n_pools * sizeof *pools);
    for (size_t i = 0; i < p->n_pools; i++)
        pools[i].keda.origin_us += start_us;
    p->pools = pools;
    for (size_t i = 0; i < p->karpenter.n_pools; i++)
        for (size_t k = 0; k < p->karpenter.pools[i].n_budgets; k++) {
            struct karp_budget *b = &p->karpenter.pools[i].budgets[k];
            struct karp_span *spans = mem_array(b->n_active, sizeof *spans);

            for (size_t j = 0; j < b->n_active; j++)
                spans[j] = (struct karp_span){b->active[j].from_us - start_us,
                                              b->active[j].until_us - start_us};
            b->active = spans;
        }
}

static void hurry(struct system_params *p, sim_us patience_us)
{
    struct caller_params *callers = mem_array(p->n_callers, sizeof *callers);

    memcpy(callers, p->callers, p->n_callers * sizeof *callers);
    for (size_t i = 0; i < p->n_callers; i++)
        if (callers[i].client.job_timeout_us > patience_us)
            callers[i].client.job_timeout_us = patience_us;
    p->callers = callers;
}

static void free_moved(struct system_params *p)
{
    for (size_t i = 0; i < p->karpenter.n_pools; i++)
        for (size_t k = 0; k < p->karpenter.pools[i].n_budgets; k++)
            free((void *)p->karpenter.pools[i].budgets[k].active);
    free(p->pools);
    free(p->callers);
}

void trial_run(struct trial *t, const struct trial_load *l,
               const struct scenario *s, const struct system_params *p,
               uint64_t seed, sim_us watch_us)
{
    struct random_world world = {.seed = seed};
    struct system_params params = *p;

    move_back(&params, l->start_us);
    hurry(&params, l->patience_us);
    params.warm_up_us = 0;
    params.settle_us = l->settle_us;
    params.execute_idle = false;
    params.karpenter.n_faults = 0;
    *t = (struct trial){.pools = mem_array(p->n_pools, sizeof *t->pools),
                        .n_pools = p->n_pools};
    for (size_t i = 0; i < t->n_pools; i++)
        t->pools[i].wanted_least = t->pools[i].wanted_floor = -1;
    struct watch w = {t, mem_array(p->n_pools, sizeof *w.pools), watch_us};
    struct system_observer observer = {.context = &w, .on_row = on_row};
    struct system *system =
        system_new(&params, &l->trace, s->pool_of, s->caller_of);
    system_run(system, &world, &observer);
    finish(&w, system);
    system_free(system);
    free(w.pools);
    free_moved(&params);
}

void trial_free(struct trial *t)
{
    free(t->pools);
    *t = (struct trial){0};
}

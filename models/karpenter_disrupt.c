#include "models/karpenter_disrupt.h"

#include "models/karpenter_node.h"
#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>

/* How many nodes of each pool count, and how many of them are out. */
struct census {
    uint32_t total[KARP_POOLS], out[KARP_POOLS];
};

static void count_nodes(const struct karp *k, struct census *c)
{
    *c = (struct census){0};
    for (size_t i = 0; i < k->n_live; i++) {
        const struct karp_node *n = &k->nodes[k->live[i]];
        if (n->initialized_us == SIM_NEVER || n->phase >= KARP_TERMINATING)
            continue;
        c->total[n->pool]++;
        c->out[n->pool] += !n->ready || karp_leaving(n);
    }
}

/* A scheduled budget holds in its spans; at SIM_NEVER none of them does. */
static bool in_force(const struct karp_budget *b, sim_us now_us)
{
    if (!b->scheduled)
        return true;
    for (size_t i = 0; i < b->n_active; i++)
        if (now_us >= b->active[i].from_us && now_us < b->active[i].until_us)
            return true;
    return false;
}

/* SIM_NEVER for now: the most that any schedule can allow. No budget is no
 * bound, also by the number of nodes: one that is not ready takes of the budget
 * and may go itself.
 */
static uint32_t allowed(const struct karp *k, const struct census *c,
                        uint32_t pool, uint32_t reason, sim_us now_us)
{
    const struct karp_pool *p = &k->p->pools[pool];
    double least = INT32_MAX;

    for (size_t i = 0; i < p->n_budgets; i++) {
        const struct karp_budget *b = &p->budgets[i];
        if ((b->reasons != 0 && !(b->reasons & reason)) || !in_force(b, now_us))
            continue;
        double n = b->value;
        if (b->percent)
            n = ceil(b->value * c->total[pool] / 100.0);
        least = n < least ? n : least;
    }
    return least > c->out[pool] ? (uint32_t)least - c->out[pool] : 0;
}

uint32_t karp_allowed(const struct karp *k, uint32_t pool, uint32_t reason,
                      sim_us now_us)
{
    struct census c;

    count_nodes(k, &c);
    return allowed(k, &c, pool, reason, now_us);
}

double karp_disruption_cost(const struct karp *k, uint32_t node, sim_us now_us)
{
    const struct karp_node *n = &k->nodes[node];
    const struct karp_pool *p = &k->p->pools[n->pool];
    double life = 1.0;

    if (p->expire_after_us != SIM_NEVER && p->expire_after_us > 0)
        life -= (double)(now_us - n->claimed_us) / (double)p->expire_after_us;
    if (life < 0.0)
        life = 0.0;
    return (n->n_active + n->n_terminating + p->daemon_cost) * life;
}

/* Instant from which the node is a candidate if nothing else happens. */
static sim_us empty_from_us(const struct karp *k, uint32_t node)
{
    const struct karp_node *n = &k->nodes[node];

    if (n->phase != KARP_INITIALIZED || n->queued || n->blocked ||
        n->n_active > 0)
        return SIM_NEVER;
    sim_us from_us = karp_consolidatable_us(k, node);

    return from_us > n->nominated_us ? from_us : n->nominated_us;
}

static sim_us drifted_from_us(const struct karp *k, uint32_t node)
{
    const struct karp_node *n = &k->nodes[node];

    if (n->phase != KARP_INITIALIZED || n->queued || n->blocked)
        return SIM_NEVER;
    return n->drifted_us > n->nominated_us ? n->drifted_us : n->nominated_us;
}

/* What most nodes are: they carry pods, and are to stay. */
static bool is_no_candidate(const struct karp_node *n)
{
    return n->phase != KARP_INITIALIZED ||
           (n->n_active > 0 && n->drifted_us == SIM_NEVER);
}

/* Nodes that were to be watched and no longer are. */
static void unwatch(struct karp *k)
{
    size_t kept = 0;

    for (size_t i = 0; i < k->n_watched; i++) {
        struct karp_node *n = &k->nodes[k->watched[i]];
        n->watched = !is_no_candidate(n);
        if (n->watched)
            k->watched[kept++] = k->watched[i];
    }
    k->n_watched = kept;
}

/* Earliest instant at which a pool with budget has a candidate. Nothing needs
 * to be counted while there is none.
 */
static sim_us first_candidate_us(struct karp *k)
{
    struct census c;
    bool counted = false;
    sim_us first_us = SIM_NEVER;

    unwatch(k);
    for (size_t i = 0; i < k->n_watched; i++) {
        uint32_t pool = k->nodes[k->watched[i]].pool;
        sim_us empty_us = empty_from_us(k, k->watched[i]);
        sim_us drift_us = drifted_from_us(k, k->watched[i]);
        if (empty_us >= first_us && drift_us >= first_us)
            continue;
        if (!counted)
            count_nodes(k, &c);
        counted = true;
        if (empty_us < first_us &&
            allowed(k, &c, pool, KARP_EMPTY, SIM_NEVER) > 0)
            first_us = empty_us;
        if (drift_us < first_us &&
            allowed(k, &c, pool, KARP_DRIFTED, SIM_NEVER) > 0)
            first_us = drift_us;
    }
    return first_us;
}

/* First point of from, from + step, ... at or after us. */
static sim_us on_grid(sim_us from_us, sim_us step_us, sim_us us)
{
    if (us <= from_us)
        return from_us;
    if (us == SIM_NEVER)
        return SIM_NEVER;
    return from_us + (us - from_us + step_us - 1) / step_us * step_us;
}

sim_us karp_disrupt_due(struct karp *k)
{
    const struct karp_loop *l = &k->loop;

    if (!l->started || l->validating || k->p->no_elision)
        return l->next_us;
    if (!karp_synced(k))
        return SIM_NEVER;
    if (l->n_foreign > 0)
        return l->next_us;
    return on_grid(l->next_us, k->p->poll_us, first_candidate_us(k));
}

void karp_disrupt_forward(struct karp *k, sim_us now_us)
{
    struct karp_loop *l = &k->loop;
    sim_us step_us = karp_synced(k) ? k->p->poll_us : k->p->unsynced_us;

    if (!l->started || l->next_us >= now_us)
        return;
    l->next_us = on_grid(l->next_us, step_us, now_us);
}

void karp_disrupt_start(struct karp *k, sim_us now_us)
{
    k->loop.started = true;
    k->loop.validating = false;
    k->loop.foreign_taken = false;
    k->loop.n_picks = k->loop.n_taken = 0;
    k->loop.next_us = now_us;
    karp_tell(k->p->watch, now_us, KARP_LOOP_STARTED, 0, 0);
}

static void pick(struct karp_loop *l, uint32_t node, double cost)
{
    l->picks =
        mem_grow(l->picks, &l->cap_picks, l->n_picks + 1, sizeof *l->picks);
    l->picks[l->n_picks++] = (struct karp_pick){cost, node};
}

static int by_cost(const void *left, const void *right)
{
    const struct karp_pick *a = left, *b = right;

    if (a->cost != b->cost)
        return a->cost < b->cost ? -1 : 1;
    return a->node < b->node ? -1 : a->node > b->node;
}

/* Keeps the picks that the budgets of their pools admit, in order. */
static void keep_within_budget(struct karp *k, uint32_t reason, sim_us now_us)
{
    struct karp_loop *l = &k->loop;
    struct census c;
    size_t kept = 0;

    count_nodes(k, &c);
    for (size_t i = 0; i < l->n_picks; i++) {
        uint32_t pool = k->nodes[l->picks[i].node].pool;
        if (allowed(k, &c, pool, reason, now_us) == 0)
            continue;
        c.out[pool]++;
        l->picks[kept++] = l->picks[i];
    }
    l->n_picks = kept;
}

static void pick_empty(struct karp *k, sim_us now_us)
{
    struct karp_loop *l = &k->loop;

    l->n_picks = 0;
    for (size_t i = 0; i < k->n_live; i++)
        if (empty_from_us(k, k->live[i]) <= now_us)
            pick(l, k->live[i], karp_disruption_cost(k, k->live[i], now_us));
    if (l->n_picks > 1)
        qsort(l->picks, l->n_picks, sizeof *l->picks, by_cost);
    keep_within_budget(k, KARP_EMPTY, now_us);
}

/* Drifted nodes without (empty) or with reschedulable pods, longest first. */
static void pick_drifted(struct karp *k, bool empty, sim_us now_us)
{
    struct karp_loop *l = &k->loop;

    l->n_picks = 0;
    for (size_t i = 0; i < k->n_live; i++) {
        const struct karp_node *n = &k->nodes[k->live[i]];
        if (drifted_from_us(k, k->live[i]) <= now_us &&
            n->no_room_us != now_us && (n->n_active == 0) == empty)
            pick(l, k->live[i], (double)n->drifted_us);
    }
    if (l->n_picks > 1)
        qsort(l->picks, l->n_picks, sizeof *l->picks, by_cost);
    keep_within_budget(k, KARP_DRIFTED, now_us);
}

/* The picks become the decision. */
static void take_picks(struct karp_loop *l)
{
    l->taken = mem_grow(l->taken, &l->cap_taken, l->n_picks, sizeof *l->taken);
    for (size_t i = 0; i < l->n_picks; i++)
        l->taken[i] = l->picks[i].node;
    l->n_taken = l->n_picks;
}

static enum karp_disrupt_act drain_picks(struct karp *k, sim_us now_us)
{
    size_t n = k->loop.n_picks;

    take_picks(&k->loop);
    for (size_t i = 0; i < n; i++)
        karp_tell(k->p->watch, now_us, KARP_NODE_TAKEN, k->loop.taken[i],
                  (uint32_t)(n - i - 1));
    for (size_t i = 0; i < n; i++)
        karp_mark(k, now_us, k->loop.taken[i]);
    return KARP_DISRUPT_DRAIN;
}

/* The rest of a pass in which nothing empty was found. */
static enum karp_disrupt_act drift(struct karp *k, sim_us now_us)
{
    struct karp_loop *l = &k->loop;

    pick_drifted(k, true, now_us);
    if (l->n_picks > 0)
        return drain_picks(k, now_us);
    pick_drifted(k, false, now_us);
    if (l->n_picks > 0) {
        l->n_picks = 1;
        take_picks(l);
        k->nodes[l->taken[0]].queued = true;
        return KARP_DISRUPT_REPLACE;
    }
    l->next_us = now_us + k->p->poll_us;
    return KARP_DISRUPT_NOTHING;
}

static enum karp_disrupt_act on_pass(struct karp *k, sim_us now_us)
{
    struct karp_loop *l = &k->loop;

    if (!karp_synced(k)) {
        l->next_us = now_us + k->p->unsynced_us;
        return KARP_DISRUPT_NOTHING;
    }
    pick_empty(k, now_us);
    if (l->n_picks == 0 && l->n_foreign == 0)
        return drift(k, now_us);
    l->foreign_taken = l->n_foreign > 0;
    l->n_foreign = 0;
    l->validating = true;
    l->next_us = now_us + k->p->validation_us;
    return KARP_DISRUPT_VALIDATE;
}

/* Foreign nodes always survive their validation. */
static enum karp_disrupt_act on_validated(struct karp *k, sim_us now_us)
{
    struct karp_loop *l = &k->loop;
    size_t kept = 0;

    l->validating = false;
    for (size_t i = 0; i < l->n_picks; i++)
        if (empty_from_us(k, l->picks[i].node) <= now_us)
            l->picks[kept++] = l->picks[i];
    l->n_picks = kept;
    keep_within_budget(k, KARP_EMPTY, now_us);
    if (l->n_picks > 0)
        return drain_picks(k, now_us);
    if (!l->foreign_taken)
        return drift(k, now_us);
    return KARP_DISRUPT_NOTHING;
}

enum karp_disrupt_act karp_disrupt_on_due(struct karp *k, sim_us now_us)
{
    struct karp_loop *l = &k->loop;

    if (!l->started)
        return KARP_DISRUPT_NOTHING;
    karp_disrupt_forward(k, now_us);
    /* A window that ends now has ended before this pass marks anything. */
    if (k->batch.n_of[KARP_POD] == 0)
        karp_batch_on_due(&k->batch, now_us, karp_synced(k));
    l->n_taken = 0;
    if (l->next_us != now_us)
        return KARP_DISRUPT_NOTHING;
    return l->validating ? on_validated(k, now_us) : on_pass(k, now_us);
}

void karp_disrupt_on_foreign(struct karp *k, sim_us now_us)
{
    karp_disrupt_forward(k, now_us);
    k->loop.n_foreign++;
}

void karp_disrupt_on_drifted(struct karp *k, sim_us now_us, uint32_t node)
{
    karp_disrupt_forward(k, now_us);
    if (k->nodes[node].drifted_us != SIM_NEVER)
        return;
    k->nodes[node].drifted_us = now_us;
    karp_watch(k, node);
    karp_tell(k->p->watch, now_us, KARP_DRIFTED_NODE, node, 0);
}

void karp_disrupt_on_drift(struct karp *k, sim_us now_us, uint32_t pool)
{
    for (size_t i = 0; i < k->n_live; i++)
        if (k->nodes[k->live[i]].pool == pool)
            karp_disrupt_on_drifted(k, now_us, k->live[i]);
}

void karp_disrupt_on_replaced(struct karp *k, sim_us now_us, uint32_t node,
                              bool ok)
{
    karp_disrupt_forward(k, now_us);
    if (!k->nodes[node].queued)
        return;
    k->nodes[node].queued = false;
    if (ok)
        karp_mark(k, now_us, node);
    else
        k->nodes[node].no_room_us = now_us;
}

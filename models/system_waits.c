/* system_waits.c - what the waiting builds wait for, instant by instant. */
#include "models/system_parts.h"

#include <assert.h>
#include <string.h>

static int32_t smaller(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* Counted when asked for, and not twice for the same nodes. */
static void count_the_way(struct system *s)
{
    if (s->way_counted == s->n_touches)
        return;
    s->way_counted = s->n_touches;
    memset(s->on_the_way, 0, sizeof s->on_the_way);
    for (size_t i = 0; i < s->karp.n_live; i++) {
        const struct karp_node *k = &s->karp.nodes[s->karp.live[i]];
        if (k->phase < KARP_INITIALIZED)
            s->on_the_way[k->pool] += (int32_t)k->n_planned;
    }
}

/* Pods that the nodes on their way to a pool were asked for. */
static int32_t on_the_way(struct system *s, const struct sys_pool *p)
{
    int32_t n = 0;

    count_the_way(s);
    for (uint32_t rest = p->p->node_pools; rest != 0; rest &= rest - 1)
        n += s->on_the_way[__builtin_ctz(rest)];
    return n;
}

static bool sold_out(const struct system *s, uint32_t pool)
{
    const struct karp_params *p = &s->p->karpenter;

    for (uint32_t i = 0; i < p->n_pools; i++)
        if (s->p->pools[pool].node_pools >> i & 1 &&
            karp_available_types(&s->karp, p->pools[i].types, p->pools[i].zones,
                                 s->now_us) != 0)
            return false;
    return true;
}

/* Gives at most n of the builds that are left to one cause. */
static void give(int32_t waits_for[], enum wait_cause cause, int32_t n,
                 int32_t *left)
{
    int32_t taken = smaller(n > 0 ? n : 0, *left);

    waits_for[cause] += taken;
    *left -= taken;
}

static void share_out(struct system *s, uint32_t pool,
                      int32_t waits_for[WAIT_CAUSES])
{
    struct sys_pool *p = &s->pools[pool];
    const struct pool_state *state = &p->state;
    int32_t left = state->waiting;
    int32_t unknown = state->ready - state->reachable;
    int32_t idle = (int32_t)p->result.idle.value - (unknown > 0 ? unknown : 0);

    memset(waits_for, 0, WAIT_CAUSES * sizeof *waits_for);
    if (left == 0)
        return;
    give(waits_for, WAIT_SLOT, smaller(idle, state->queue), &left);
    give(waits_for, WAIT_ASLEEP, idle - waits_for[WAIT_SLOT], &left);
    give(waits_for, WAIT_NAME, unknown, &left);
    give(waits_for, WAIT_POD, state->starting, &left);
    if (left > 0 && state->pending > 0) {
        int32_t booting = smaller(state->pending, on_the_way(s, p));
        int32_t rest = state->pending - booting;
        give(waits_for, WAIT_NODE, booting, &left);
        if (left > 0 && rest > 0)
            give(waits_for, sold_out(s, pool) ? WAIT_CAPACITY : WAIT_BATCH,
                 rest, &left);
    }
    bool at_maximum =
        !p->p->autoscaled || (uint32_t)state->wanted >= p->p->hpa.max;
    give(waits_for, at_maximum ? WAIT_MAXIMUM : WAIT_SCALER, left, &left);
}

/* The state has changed, or figures are closed: what was waited for so far is
 * added up, what is waited for from now on is found out.
 */
void sys_count_waits(struct system *s, uint32_t pool)
{
    struct sys_pool *p = &s->pools[pool];
    sim_us past_us = s->now_us - p->waits_counted_us;
    bool waited = p->any_waits;

    p->waits_stale = false;
    p->any_waits = p->state.waiting > 0;
    if (!waited && !p->any_waits) { /* all of them were and are 0 */
        p->waits_counted_us = s->now_us;
        return;
    }
    for (size_t i = 0; i < WAIT_CAUSES && !s->window_over; i++)
        if (p->waits_for[i] != 0)
            p->result.waits[i] += (level_area)p->waits_for[i] * past_us;
    p->waits_counted_us = s->now_us;
    share_out(s, pool, p->waits_for);
}

/* Nodes asked for or refused are no part of a pool's state, but pending pods
 * wait for them.
 */
void sys_find_waits(struct system *s)
{
    int32_t waits_for[WAIT_CAUSES];

    for (uint32_t i = members_next(&s->pending, 0); i != NO_INDEX;
         i = members_next(&s->pending, i + 1)) {
        struct sys_pool *p = &s->pools[i];
        if (p->state.waiting == 0 || p->has_changed)
            continue;
        share_out(s, i, waits_for);
        if (memcmp(waits_for, p->waits_for, sizeof waits_for) == 0)
            continue;
        sys_changed(s, i);
        p->waits_stale = true;
    }
}

const char *wait_cause_name(enum wait_cause cause)
{
    static const char *const names[WAIT_CAUSES] = {
        [WAIT_SLOT] = "the balancer, although a pod was idle",
        [WAIT_ASLEEP] = "the client's own pause, although a pod was idle",
        [WAIT_NAME] = "the balancer to learn of a ready pod",
        [WAIT_POD] = "a pod to start",
        [WAIT_NODE] = "a node to boot",
        [WAIT_BATCH] = "a node to be asked for",
        [WAIT_CAPACITY] = "the cloud to have a node",
        [WAIT_SCALER] = "the scaler to want a pod",
        [WAIT_MAXIMUM] = "another build to end, at the maximum",
    };

    assert(cause < WAIT_CAUSES);
    return names[cause];
}

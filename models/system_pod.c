/* system_pod.c - the pods that there are: their records, and the lists
 * of a pool and of a node.
 */
#include "models/system_parts.h"

uint64_t sys_pod_identity(const struct system *s, uint32_t pod)
{
    const struct sys_pod *p = sys_pod(s, pod);

    return (uint64_t)p->pool << 32 | p->ordinal;
}

/* ------------------------------------------------------------ lists */

static void link_pod(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);
    struct sys_pool *pool = &s->pools[p->pool];

    p->prev = pool->last;
    p->next = NO_INDEX;
    if (pool->last == NO_INDEX)
        pool->first = pod;
    else
        sys_pod(s, pool->last)->next = pod;
    pool->last = pod;
}

static bool goes_before(const struct system *s, uint32_t a, uint32_t b)
{
    uint32_t pool_a = sys_pod(s, a)->pool, pool_b = sys_pod(s, b)->pool;

    return pool_a != pool_b ? pool_a < pool_b : a < b;
}

void sys_pod_place(struct system *s, uint32_t pod, uint32_t node)
{
    struct sys_pod *p = sys_pod(s, pod);
    uint32_t *at = &s->nodes[node].first_pod;

    while (*at != NO_INDEX && goes_before(s, *at, pod))
        at = &sys_pod(s, *at)->next_on_node;
    p->node = node;
    p->next_on_node = *at;
    *at = pod;
}

static void unlink_from_node(struct system *s, uint32_t pod)
{
    uint32_t *at = &s->nodes[sys_pod(s, pod)->node].first_pod;

    while (*at != pod)
        at = &sys_pod(s, *at)->next_on_node;
    *at = sys_pod(s, pod)->next_on_node;
}

static void unlink_pod(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);
    struct sys_pool *pool = &s->pools[p->pool];

    if (p->node != NO_INDEX)
        unlink_from_node(s, pod);

    if (p->prev == NO_INDEX)
        pool->first = p->next;
    else
        sys_pod(s, p->prev)->next = p->next;
    if (p->next == NO_INDEX)
        pool->last = p->prev;
    else
        sys_pod(s, p->next)->prev = p->prev;
}

/* ------------------------------------------------------------ records */

static uint32_t take_record(struct sys_pods *p)
{
    uint32_t record = p->free;

    if (record == NO_INDEX) {
        record = (uint32_t)p->n_records++;
        p->records = mem_grow(p->records, &p->cap_records, p->n_records,
                              sizeof *p->records);
    } else {
        p->free = p->records[record].next;
    }
    return record;
}

uint32_t sys_pod_new(struct system *s, uint32_t pool, uint32_t set)
{
    struct sys_pods *p = &s->pods;
    uint32_t pod = (uint32_t)p->n++, record = take_record(p);

    p->at = mem_grow(p->at, &p->cap, p->n, sizeof *p->at);
    p->at[pod] = record;
    p->records[record] = (struct sys_pod){
        .set = set,
        .pool = pool,
        .node = NO_INDEX,
        .place = NO_INDEX,
        .ordinal = s->pools[pool].n_pods++,
        .first_build = NO_INDEX,
        .phase = POD_PLANNED,
        .ready_us = SIM_NEVER,
        .listed_us = SIM_NEVER,
        .withdrawn_us = SIM_NEVER,
    };
    p->records[record].uid =
        random_bits(&s->world, DRAW_POD_UID, sys_pod_identity(s, pod), 0);
    link_pod(s, pod);
    return pod;
}

void sys_pod_end(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);

    unlink_pod(s, pod);
    p->next = s->pods.free;
    s->pods.free = s->pods.at[pod];
    s->pods.at[pod] = p->node == NO_INDEX ? UINT32_MAX : POD_LEFT + p->node;
}

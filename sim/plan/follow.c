#include "sim/plan/follow.h"

#include "sim/base/mem.h"
#include "sim/plan/oracle.h"

#include <math.h>
#include <stdlib.h>

static void add(struct follow *f, enum follow_kind kind, uint32_t at,
                double today, double need)
{
    f->rows = mem_grow(f->rows, &f->cap, f->n + 1, sizeof *f->rows);
    f->rows[f->n++] = (struct follow_row){kind, at, today, need};
}

void follow_free(struct follow *f)
{
    free(f->rows);
    *f = (struct follow){0};
}

uint64_t follow_roomy(uint64_t n)
{
    return n + n / 10 + 1;
}

/* ------------------------------------------------------------ balancer */

static uint64_t listed(const struct scenario *s, uint32_t backend,
                       const uint32_t max[])
{
    uint64_t sum = 0;

    for (size_t i = 0; i < s->system.n_links; i++)
        if (s->system.links[i].backend == backend)
            sum += max[s->system.links[i].pool];
    return sum;
}

/* The inverse of lb_max_records. */
static double payload_for(const struct lb_backend_params *b, uint64_t records)
{
    struct lb_backend_params tried = *b;
    uint32_t low = 1, high = FOLLOW_PAYLOAD_MOST;

    while (low < high) {
        tried.payload_bytes = low + (high - low) / 2;
        if (lb_max_records(&tried) >= records)
            high = tried.payload_bytes;
        else
            low = tried.payload_bytes + 1;
    }
    return low;
}

static void add_backends(struct follow *f, const struct scenario *s,
                         const uint32_t max[])
{
    for (uint32_t i = 0; i < s->system.lb.n_backends; i++) {
        const struct lb_backend_params *b = &s->backends[i];
        uint64_t most = listed(s, i, max);
        if (most == 0)
            continue;
        add(f, FOLLOW_SLOTS, i, b->n_slots, (double)follow_roomy(most));
        add(f, FOLLOW_PAYLOAD, i, b->payload_bytes,
            payload_for(b, follow_roomy(most)));
    }
}

/* ------------------------------------------------------------ node pools */

/* The type of a node pool that carries most pods of a pool; NO_INDEX. */
static uint32_t largest_type(const struct karp_params *k, uint32_t node_pool,
                             const struct pool_params *pool, uint32_t *pods)
{
    uint32_t best = NO_INDEX;

    *pods = 0;
    for (uint32_t t = 0; t < k->n_types; t++) {
        uint32_t n = oracle_pods_per_node(k, node_pool, t, pool);
        if ((k->pools[node_pool].types >> t & 1) && n > *pods) {
            *pods = n;
            best = t;
        }
    }
    return best;
}

static double limit_of(int64_t limit)
{
    return limit == KARP_NO_LIMIT ? HUGE_VAL : (double)limit;
}

/* Each node pool is to carry the whole, since the others may be sold out. */
static void add_node_pool(struct follow *f, const struct scenario *s,
                          uint32_t node_pool, const uint32_t max[])
{
    const struct karp_params *k = &s->system.karpenter;
    const struct karp_size *limit = &k->pools[node_pool].limit;
    double mcpu = 0.0, mib = 0.0;

    for (size_t i = 0; i < s->system.n_pools; i++) {
        const struct pool_params *pool = &s->system.pools[i];
        uint32_t pods, type = largest_type(k, node_pool, pool, &pods);
        if (!(pool->node_pools >> node_pool & 1) || type == NO_INDEX)
            continue;
        double nodes = ceil((double)follow_roomy(max[i]) / pods);
        mcpu += nodes * (double)k->types[type].capacity.mcpu;
        mib += nodes * (double)k->types[type].capacity.mib;
    }
    if (mcpu <= 0.0)
        return;
    add(f, FOLLOW_CPU, node_pool, limit_of(limit->mcpu), mcpu);
    add(f, FOLLOW_MEMORY, node_pool, limit_of(limit->mib), mib);
}

void follow_ceilings(struct follow *f, const struct scenario *s,
                     const uint32_t max[])
{
    add_backends(f, s, max);
    for (uint32_t i = 0; i < s->system.karpenter.n_pools; i++)
        add_node_pool(f, s, i, max);
}

/* ------------------------------------------------------------ ends */

/* The longest build, and what the hook needs to see that it is over. */
static double grace_s(const struct scenario *s, const struct trace *t,
                      uint32_t pool)
{
    const struct pool_params *p = &s->system.pools[pool];
    sim_us longest_us = 0;

    for (size_t i = 0; i < t->n; i++)
        if (s->pool_of[t->builds[i].pool] == pool &&
            t->builds[i].work_us > longest_us)
            longest_us = t->builds[i].work_us;
    if (p->has_drain)
        longest_us += p->drain.poll_us * (p->drain.idle_looks + 1);
    return s_from_us(longest_us);
}

/* The shortest that a try without a slot can take: the sleep between two. */
static double attempts_for(const struct client_params *c, double wait_s)
{
    double each_s = s_from_us(c->delay_us + c->launch_us + c->exit_us);

    if (c->tool == CLIENT_BUILDX)
        each_s += s_from_us(c->wait_budget_us);
    return each_s > 0.0 ? ceil(wait_s / each_s) + 1.0 : c->attempts;
}

void follow_ends(struct follow *f, const struct scenario *s,
                 const struct trace *t, double wait_s)
{
    for (uint32_t i = 0; i < s->system.n_pools; i++)
        if (s->system.pools[i].autoscaled)
            add(f, FOLLOW_GRACE, i,
                s_from_us(s->system.pools[i].kubelet.grace_us),
                grace_s(s, t, i));
    for (uint32_t i = 0; i < s->system.n_callers; i++) {
        const struct client_params *c = &s->system.callers[i].client;
        add(f, FOLLOW_ATTEMPTS, i, c->attempts, attempts_for(c, wait_s));
    }
}

/* ------------------------------------------------------------ text */

void follow_set(const struct follow_row *r, const struct scenario *s,
                char out[FOLLOW_TEXT])
{
    const char *name;

    switch (r->kind) {
    case FOLLOW_SLOTS:
    case FOLLOW_PAYLOAD:
        name = s->backends[r->at].name;
        (void)snprintf(out, FOLLOW_TEXT, "lb.%s.%s=%.0f", name,
                       r->kind == FOLLOW_SLOTS ? "slots" : "payload", r->need);
        break;
    case FOLLOW_CPU:
        name = s->system.karpenter.pools[r->at].name;
        (void)snprintf(out, FOLLOW_TEXT, "nodepool.%s.limit_cpu=%.0f", name,
                       ceil(r->need / 1000.0));
        break;
    case FOLLOW_MEMORY:
        name = s->system.karpenter.pools[r->at].name;
        (void)snprintf(out, FOLLOW_TEXT, "nodepool.%s.limit_memory=%.0fMi",
                       name, r->need);
        break;
    case FOLLOW_GRACE:
        (void)snprintf(out, FOLLOW_TEXT, "%s.kubelet.grace=%.0fs",
                       s->system.pools[r->at].name, ceil(r->need));
        break;
    case FOLLOW_ATTEMPTS:
        (void)snprintf(out, FOLLOW_TEXT, "client.%s.attempts=%.0f",
                       s->system.callers[r->at].name, r->need);
        break;
    }
}

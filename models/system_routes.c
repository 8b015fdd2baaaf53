#include "models/system_routes.h"

#include "sim/base/mem.h"

#include <stdlib.h>

/* ------------------------------------------------------------ lists */

/* Room for lists of so many: count[key] of each. */
static void lists_init(struct sys_lists *l, const uint32_t count[], size_t n)
{
    l->from = mem_array(n + 1, sizeof *l->from);
    for (size_t i = 0; i < n; i++)
        l->from[i + 1] = l->from[i] + count[i];
    l->at = mem_array(l->from[n], sizeof *l->at);
}

static void lists_free(struct sys_lists *l)
{
    free(l->from);
    free(l->at);
}

/* To the list of its key, of which left[key] entries are still to come. */
static void lists_push(struct sys_lists *l, uint32_t left[], uint32_t key,
                       uint32_t value)
{
    l->at[l->from[key + 1] - left[key]--] = value;
}

/* ------------------------------------------------------------ links */

static void find_dialled(struct sys_routes *r, const struct system_params *p)
{
    r->is_dialled = mem_array(p->lb.n_backends, sizeof *r->is_dialled);
    for (size_t i = 0; i < p->n_pools; i++)
        r->is_dialled[p->pools[i].backend] = true;
    for (size_t i = 0; i < p->n_callers; i++)
        if (p->callers[i].has_backend)
            r->is_dialled[p->callers[i].backend] = true;
}

static void list_backends(struct sys_routes *r, const struct system_params *p)
{
    uint32_t *count = mem_array(p->n_pools, sizeof *count);

    for (size_t i = 0; i < p->n_links; i++)
        count[p->links[i].pool] += r->is_dialled[p->links[i].backend];
    lists_init(&r->backends, count, p->n_pools);
    for (size_t i = 0; i < p->n_links; i++)
        if (r->is_dialled[p->links[i].backend])
            lists_push(&r->backends, count, p->links[i].pool,
                       p->links[i].backend);
    free(count);
}

/* Pool by pool, so that each list is in their order. */
static void list_pools(struct sys_routes *r, const struct system_params *p)
{
    uint32_t *count = mem_array(p->lb.n_backends, sizeof *count);

    for (size_t i = 0; i < p->n_links; i++)
        count[p->links[i].backend] += r->is_dialled[p->links[i].backend];
    lists_init(&r->pools, count, p->lb.n_backends);
    for (uint32_t pool = 0; pool < p->n_pools; pool++) {
        struct sys_list own = sys_backends_of(r, pool);
        for (size_t i = 0; i < own.n; i++)
            lists_push(&r->pools, count, own.at[i], pool);
    }
    free(count);
}

/* ------------------------------------------------------------ nodes */

static void find_payers(struct sys_routes *r, const struct system_params *p)
{
    for (uint32_t pool = (uint32_t)p->n_pools; pool-- > 0;)
        for (uint32_t i = 0; i < KARP_POOLS; i++)
            if (p->pools[pool].node_pools >> i & 1)
                r->payer[i] = pool;
}

void sys_routes_init(struct sys_routes *r, const struct system_params *p)
{
    *r = (struct sys_routes){0};
    find_dialled(r, p);
    list_backends(r, p);
    list_pools(r, p);
    find_payers(r, p);
}

void sys_routes_free(struct sys_routes *r)
{
    lists_free(&r->backends);
    lists_free(&r->pools);
    free(r->is_dialled);
}

#include "models/system_routes.h"

#include "models/system.h"
#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>

/* ------------------------------------------------------------ links */

bool *system_dialled(const struct system_params *p)
{
    bool *dialled = mem_array(p->lb.n_backends, sizeof *dialled);

    for (size_t i = 0; i < p->n_pools; i++)
        dialled[p->pools[i].backend] = true;
    for (size_t i = 0; i < p->n_callers; i++)
        if (p->callers[i].has_backend)
            dialled[p->callers[i].backend] = true;
    return dialled;
}

/* Links to backends that are dialled: by one end, the other ends. */
static void list_links(struct sys_routes *r, const struct system_params *p)
{
    uint32_t *pool = mem_array(p->n_links, sizeof *pool);
    uint32_t *backend = mem_array(p->n_links, sizeof *backend);

    for (size_t i = 0; i < p->n_links; i++) {
        const struct pool_link *link = &p->links[i];
        assert(i == 0 || link->pool >= link[-1].pool);
        bool counts = r->is_dialled[link->backend];
        pool[i] = counts ? link->pool : NO_INDEX;
        backend[i] = counts ? link->backend : NO_INDEX;
    }
    groups_init(&r->backends, pool, p->n_links, p->n_pools);
    groups_init(&r->pools, backend, p->n_links, p->lb.n_backends);
    for (size_t i = 0; i < r->backends.from[p->n_pools]; i++)
        r->backends.at[i] = p->links[r->backends.at[i]].backend;
    for (size_t i = 0; i < r->pools.from[p->lb.n_backends]; i++)
        r->pools.at[i] = p->links[r->pools.at[i]].pool;
    free(pool);
    free(backend);
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
    *r = (struct sys_routes){.is_dialled = system_dialled(p)};
    list_links(r, p);
    find_payers(r, p);
}

void sys_routes_free(struct sys_routes *r)
{
    groups_free(&r->backends);
    groups_free(&r->pools);
    free(r->is_dialled);
}

#include "traces/by_pool.h"

#include "sim/base/mem.h"

#include <stdlib.h>

void by_pool_init(struct by_pool *b, const struct trace *t,
                  const uint32_t *pool_of, size_t n_pools)
{
    uint32_t *pools = mem_array(t->n, sizeof *pools);

    for (size_t i = 0; i < t->n; i++)
        pools[i] = pool_of[t->builds[i].pool];
    b->trace = t;
    groups_init(&b->builds, pools, t->n, n_pools);
    free(pools);
}

void by_pool_free(struct by_pool *b)
{
    groups_free(&b->builds);
    *b = (struct by_pool){0};
}

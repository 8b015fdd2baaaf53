#include "traces/by_pool.h"

#include "sim/base/mem.h"

#include <stdlib.h>

/* Each build is put before those of its pool that are placed already, from the
 * last one on: from[] comes down from the ends of the pools to their starts.
 */
void by_pool_init(struct by_pool *b, const struct trace *t,
                  const uint32_t *pool_of, size_t n_pools)
{
    *b = (struct by_pool){
        .trace = t,
        .from = mem_array(n_pools + 1, sizeof *b->from),
        .at = mem_array(t->n, sizeof *b->at),
    };
    for (size_t i = 0; i < t->n; i++)
        if (pool_of[t->builds[i].pool] < n_pools)
            b->from[pool_of[t->builds[i].pool]]++;
    for (size_t i = 1; i <= n_pools; i++)
        b->from[i] += b->from[i - 1];
    for (size_t i = t->n; i-- > 0;)
        if (pool_of[t->builds[i].pool] < n_pools)
            b->at[--b->from[pool_of[t->builds[i].pool]]] = (uint32_t)i;
}

void by_pool_free(struct by_pool *b)
{
    free(b->from);
    free(b->at);
    *b = (struct by_pool){0};
}

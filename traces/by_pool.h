/* by_pool.h - the builds of a trace, pool by pool: who asks for each of many
 * pools need not go through the whole trace for each.
 */
#ifndef TRACES_BY_POOL_H
#define TRACES_BY_POOL_H

#include "sim/base/groups.h"
#include "traces/trace.h"

/* Constant from by_pool_init on, shared by threads. */
struct by_pool {
    const struct trace *trace; /* borrowed */
    struct groups builds;
};

/* pool_of[i]   pool of trace string i; builds whose pool is not below n_pools
 *              are left out
 */
void by_pool_init(struct by_pool *b, const struct trace *t,
                  const uint32_t *pool_of, size_t n_pools);
void by_pool_free(struct by_pool *b); /* takes {0}; may repeat */

/* Indices of the builds of one pool, ascending. */
static inline struct group by_pool_of(const struct by_pool *b, uint32_t pool)
{
    return groups_of(&b->builds, pool);
}

#endif

/* system_routes.h - what belongs together in a set of parameters, so that an
 * event need not look at every pool to find its own. Used by models/system*.c
 * and by no one else.
 */
#ifndef MODELS_SYSTEM_ROUTES_H
#define MODELS_SYSTEM_ROUTES_H

#include "models/system_params.h"
#include "sim/base/groups.h"

struct sys_routes {
    bool *is_dialled; /* owned; the servers of other backends do not matter */
    struct groups backends;     /* by pool: those that list it and are dialled,
                                      in the order of the links */
    struct groups pools;        /* by backend: those that it lists, ascending */
    uint32_t payer[KARP_POOLS]; /* by node pool: the first pool that it may
                                   serve, which pays for its nodes */
};

void sys_routes_init(struct sys_routes *r, const struct system_params *p);
void sys_routes_free(struct sys_routes *r);

static inline struct group sys_backends_of(const struct sys_routes *r,
                                           uint32_t pool)
{
    return groups_of(&r->backends, pool);
}

static inline struct group sys_pools_of(const struct sys_routes *r,
                                        uint32_t backend)
{
    return groups_of(&r->pools, backend);
}

#endif

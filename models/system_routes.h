/* system_routes.h - what belongs together in a set of parameters, so that an
 * event need not look at every pool to find its own. Used by models/system*.c
 * and by no one else.
 */
#ifndef MODELS_SYSTEM_ROUTES_H
#define MODELS_SYSTEM_ROUTES_H

#include "models/system_params.h"

/* Lists by key, one behind the other: at[from[key]] to at[from[key + 1]]. */
struct sys_lists {
    uint32_t *from, *at; /* owned */
};

struct sys_list {
    const uint32_t *at; /* borrowed */
    size_t n;
};

struct sys_routes {
    bool *is_dialled; /* owned; by backend: a pool or a caller names it; the
                         servers of others do not matter */
    struct sys_lists backends;  /* by pool: those that list it and are dialled,
                                   in the order of the links */
    struct sys_lists pools;     /* by backend: those that it lists, ascending */
    uint32_t payer[KARP_POOLS]; /* by node pool: the first pool that it may
                                   serve, which pays for its nodes */
};

void sys_routes_init(struct sys_routes *r, const struct system_params *p);
void sys_routes_free(struct sys_routes *r);

static inline struct sys_list sys_list_of(const struct sys_lists *l,
                                          uint32_t key)
{
    return (struct sys_list){l->at + l->from[key],
                             l->from[key + 1] - l->from[key]};
}

static inline struct sys_list sys_backends_of(const struct sys_routes *r,
                                              uint32_t pool)
{
    return sys_list_of(&r->backends, pool);
}

static inline struct sys_list sys_pools_of(const struct sys_routes *r,
                                           uint32_t backend)
{
    return sys_list_of(&r->pools, backend);
}

#endif

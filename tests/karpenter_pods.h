/* karpenter_pods.h - pending pods for the tests of the solve.
 */
#ifndef TESTS_KARPENTER_PODS_H
#define TESTS_KARPENTER_PODS_H

#include "tests/karpenter_world.h"

#include <string.h>

enum { MANY = 400 };

struct fixture {
    struct karp_params p;
    struct karp k;
    struct karp_pod pods[MANY];
    size_t n;
};

static inline struct fixture *make(void)
{
    struct fixture *f = test_calloc(1, sizeof *f);

    world_types(&f->p);
    return f;
}

static inline void start(struct fixture *f)
{
    karp_init(&f->k, &f->p);
}

static inline void end(struct fixture *f)
{
    karp_free(&f->k);
    test_free(f);
}

/* n pending pods of that size, for the pools in the set. */
static inline void want(struct fixture *f, uint32_t n, struct karp_size size,
                        uint32_t pools)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t pod = (uint32_t)f->n;
        f->pods[f->n++] = (struct karp_pod){
            .pod = pod, .pools = pools, .size = size, .node = 77};
    }
}

static inline size_t solve(struct fixture *f, sim_us now_us)
{
    return karp_solve(&f->k, now_us, f->pods, f->n);
}

static inline size_t n_unplaced(const struct fixture *f)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n; i++)
        n += f->pods[i].node == NO_INDEX;
    return n;
}

static inline void launch(struct fixture *f, sim_us now_us, uint32_t node)
{
    assert_int_equal(karp_on_request(&f->k, now_us, node, 0.5).outcome,
                     KARP_LAUNCHING);
    karp_on_launched(&f->k, now_us, node);
}

static inline uint32_t adopt(struct fixture *f, uint32_t pool, uint32_t type)
{
    return karp_replay_adopt(&f->k, pool, type);
}

#endif

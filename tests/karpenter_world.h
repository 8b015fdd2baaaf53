/* karpenter_world.h - a small world around the models of Karpenter: pods that
 * come and go by script, a log, constant latencies. karpenter_run.h runs it.
 */
#ifndef TESTS_KARPENTER_WORLD_H
#define TESTS_KARPENTER_WORLD_H

#include "models/karpenter_batch.h"
#include "models/karpenter_disrupt.h"
#include "models/karpenter_launch.h"
#include "models/karpenter_node.h"
#include "models/karpenter_solve.h"
#include "sim/engine/fel.h"
#include "tests/karpenter_types.h"

/* In the order in which they run at one instant: the loop is the last. */
enum world_event {
    WORLD_CREATE,
    WORLD_LEAVE,
    WORLD_TERMINAL,
    WORLD_READY,
    WORLD_UNREADY,
    WORLD_FOREIGN,
    WORLD_DRIFT,
    WORLD_REPLACED,
    WORLD_LAUNCHED,
    WORLD_REFUSED,
    WORLD_REGISTERED,
    WORLD_INITIALIZED,
    WORLD_TERMINATE,
    WORLD_GONE,
    WORLD_BIND,
    WORLD_TRIGGER,
    WORLD_LIVENESS,
    WORLD_REQUEST,
    WORLD_SOLVED,
    WORLD_BATCH,
    WORLD_LOOP,
    WORLD_MARK, /* only in the log */
    WORLD_CLAIM,
    WORLD_VALIDATE
};

enum { WORLD_PODS = 400, WORLD_LOG = 8000 };

struct world {
    struct karp_params p;
    struct karp k;
    struct fel *fel;
    struct world_pod {
        struct karp_size size;
        uint32_t pools;
        sim_us created_us, busy_until_us; /* a build that the drain awaits */
        uint32_t node;                    /* NO_INDEX: not bound */
        bool terminating, gone;
    } pods[WORLD_PODS];
    uint32_t n_pods;
    struct world_log {
        sim_us at_us;
        uint32_t what, entity;
    } log[WORLD_LOG];
    size_t n_log;
    uint32_t batch_turn, loop_turn;
    sim_us batch_us, loop_us; /* planned */
    double drain_s;           /* D */
    sim_us launch_us, boot_us, ready_us;
    uint64_t n_executed;
};

static inline void world_note(struct world *w, sim_us at_us, uint32_t what,
                              uint32_t entity)
{
    assert_true(w->n_log < WORLD_LOG);
    w->log[w->n_log++] = (struct world_log){at_us, what, entity};
}

/* Time of the n-th such entry (from 0) for any entity, or SIM_NEVER. */
static inline sim_us world_when(const struct world *w, uint32_t what, size_t n)
{
    for (size_t i = 0; i < w->n_log; i++)
        if (w->log[i].what == what && n-- == 0)
            return w->log[i].at_us;
    return SIM_NEVER;
}

static inline size_t world_count(const struct world *w, uint32_t what)
{
    size_t n = 0;

    for (size_t i = 0; i < w->n_log; i++)
        n += w->log[i].what == what;
    return n;
}

static inline void world_plan(struct world *w, sim_us at_us, uint32_t kind,
                              uint32_t entity)
{
    if (at_us != SIM_NEVER)
        fel_push(w->fel, (struct event){at_us, (uint16_t)kind, entity, 0});
}

/* Fill in w->p first (world_types, world_pool). */
static inline void world_start(struct world *w)
{
    karp_init(&w->k, &w->p);
    w->fel = fel_new();
    w->batch_us = w->loop_us = SIM_NEVER;
    w->drain_s = 36;
    w->launch_us = S(1.5);
    w->boot_us = S(35);
    w->ready_us = S(10);
    karp_disrupt_start(&w->k, 0);
}

static inline void world_end(struct world *w)
{
    karp_free(&w->k);
    fel_free(w->fel);
    test_free(w);
}

static inline struct world *world_new(void)
{
    struct world *w = test_calloc(1, sizeof *w);

    world_types(&w->p);
    return w;
}

/* n pods of one size appear at at_us; returns the first. */
static inline uint32_t world_pods(struct world *w, sim_us at_us, uint32_t n,
                                  uint32_t pools)
{
    uint32_t first = w->n_pods;

    for (uint32_t i = first; i < first + n; i++) {
        assert_true(i < WORLD_PODS);
        w->pods[i] = (struct world_pod){
            .size = AMD_POD,
            .pools = pools,
            .created_us = at_us,
            .node = NO_INDEX,
        };
        world_plan(w, at_us, WORLD_CREATE, i);
    }
    w->n_pods += n;
    return first;
}

#endif

/* karpenter_world.h - a small world around the models of Karpenter: pods that
 * come and go by script, a scheduler that spreads, constant latencies.
 */
#ifndef TESTS_KARPENTER_WORLD_H
#define TESTS_KARPENTER_WORLD_H

#include "models/karpenter_batch.h"
#include "models/karpenter_disrupt.h"
#include "models/karpenter_launch.h"
#include "models/karpenter_node.h"
#include "models/karpenter_solve.h"
#include "sim/engine/fel.h"
#include "tests/support.h"

#include <stdio.h>
#include <string.h>

#define S(seconds) us_from_s(seconds)

enum { LARGE, SMALL, ARM, N_WORLD_TYPES };

static const struct karp_size AMD_POD = {42000, 158720};
static const struct karp_size ARM_POD = {14000, 52224};

/* m6id.24xlarge (2 pods), m6id.12xlarge (1), m7gd.16xlarge (4 arm pods) in
 * three zones; sizes at 6 % overhead, by hand in test_catalog.c.
 */
static inline void world_types(struct karp_params *p)
{
    karp_defaults(p);
    p->n_types = N_WORLD_TYPES;
    p->n_zones = 3;
    p->types[LARGE] = (struct karp_type){
        "m6id.24xlarge", {96000, 369623}, {95690, 361161}, 5.6952, 7};
    p->types[SMALL] = (struct karp_type){
        "m6id.12xlarge", {48000, 184811}, {47810, 181882}, 2.8476, 7};
    p->types[ARM] = (struct karp_type){
        "m7gd.16xlarge", {64000, 246355}, {63770, 237893}, 3.4171, 7};
    p->batch_idle_us = p->batch_max_us = S(45);
}

/* One more pool of these types: 5 min, one node at a time, any size. */
static inline struct karp_pool *world_pool(struct karp_params *p,
                                           const char *name, uint64_t types)
{
    struct karp_pool *pool = &p->pools[p->n_pools++];

    karp_pool_defaults(pool, p);
    snprintf(pool->name, sizeof pool->name, "%s", name);
    pool->types = types;
    pool->consolidate_after_us = S(300);
    pool->budgets[0] = (struct karp_budget){.value = 1.0};
    return pool;
}

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

/* A pod that runs on an adopted node from the start. */
static inline uint32_t world_resident(struct world *w, uint32_t node)
{
    uint32_t pod = w->n_pods++;

    w->pods[pod] = (struct world_pod){.size = AMD_POD, .node = node};
    karp_on_pod_bound(&w->k, 0, node, AMD_POD);
    return pod;
}

/* The pod is deleted at at_us; its build ends at busy_until_us. */
static inline void world_delete(struct world *w, sim_us at_us, uint32_t pod,
                                sim_us busy_until_us)
{
    w->pods[pod].busy_until_us = busy_until_us;
    world_plan(w, at_us, WORLD_LEAVE, pod);
}

/* Most free cpu first, then the oldest. */
static inline uint32_t world_roomiest(const struct world *w,
                                      const struct world_pod *d)
{
    uint32_t best = NO_INDEX;
    int64_t most = -1;

    for (size_t i = 0; i < w->k.n_live; i++) {
        const struct karp_node *n = &w->k.nodes[w->k.live[i]];
        int64_t left = n->room.mcpu - n->used.mcpu;
        if (((d->pools >> n->pool) & 1) && left > most &&
            karp_fits(&w->k, w->k.live[i], d->size)) {
            best = w->k.live[i];
            most = left;
        }
    }
    return best;
}

static inline void world_bind(struct world *w, sim_us now_us)
{
    for (uint32_t i = 0; i < w->n_pods; i++) {
        struct world_pod *d = &w->pods[i];
        if (d->node != NO_INDEX || d->gone || d->created_us > now_us)
            continue;
        uint32_t node = world_roomiest(w, d);
        if (node == NO_INDEX)
            continue;
        d->node = node;
        karp_on_pod_bound(&w->k, now_us, node, d->size);
        karp_batch_on_settled(&w->k.batch, now_us, KARP_POD, i);
        world_note(w, now_us, WORLD_BIND, i);
    }
}

static inline void world_leave(struct world *w, sim_us now_us, uint32_t pod)
{
    struct world_pod *d = &w->pods[pod];
    sim_us end_us = now_us + S(31);

    if (d->terminating || d->gone)
        return;
    if (d->node == NO_INDEX) {
        d->gone = true;
        karp_batch_on_settled(&w->k.batch, now_us, KARP_POD, pod);
        return;
    }
    d->terminating = true;
    karp_on_pod_terminating(&w->k, now_us, d->node);
    if (end_us < d->busy_until_us)
        end_us = d->busy_until_us;
    world_plan(w, end_us, WORLD_TERMINAL, pod);
}

static inline void world_drained(struct world *w, uint32_t node)
{
    w->p.daemon_drain = (struct dist){DIST_CONSTANT, w->drain_s, 0, 0, 1e6};
    if (karp_drained(&w->k, node))
        world_plan(w, karp_terminate_us(&w->k, node, 0.5), WORLD_TERMINATE,
                   node);
}

static inline void world_solve(struct world *w, sim_us now_us)
{
    struct karp_pod pods[WORLD_PODS];
    size_t n = 0;

    for (uint32_t i = 0; i < w->n_pods; i++) {
        const struct world_pod *d = &w->pods[i];
        if (d->node == NO_INDEX && !d->gone && d->created_us < now_us)
            pods[n++] =
                (struct karp_pod){i, d->pools, d->size, d->created_us, 0};
    }
    size_t first = w->k.n_nodes;
    size_t n_claims = karp_solve(&w->k, now_us, pods, n);

    for (size_t i = first; i < first + n_claims; i++) {
        world_note(w, now_us, WORLD_CLAIM, (uint32_t)i);
        world_plan(w, now_us + S(0.2), WORLD_REQUEST, (uint32_t)i);
        world_plan(w, karp_liveness_us(&w->k, (uint32_t)i), WORLD_LIVENESS,
                   (uint32_t)i);
    }
    world_plan(w, now_us + S(0.2), WORLD_SOLVED, 0);
}

static inline void world_request(struct world *w, sim_us now_us, uint32_t node)
{
    struct karp_answer a = karp_on_request(&w->k, now_us, node, 0.4);

    if (a.outcome == KARP_LAUNCHING)
        world_plan(w, now_us + w->launch_us, WORLD_LAUNCHED, node);
    if (a.outcome == KARP_REFUSED)
        world_plan(w, now_us + S(2), WORLD_REFUSED, node);
    if (a.outcome == KARP_RETRY)
        world_plan(w, now_us + a.retry_us, WORLD_REQUEST, node);
}

/* A replacement is not simulated: it is there after a minute. */
static inline void world_replaced(struct world *w, sim_us now_us, uint32_t node)
{
    karp_disrupt_on_replaced(&w->k, now_us, node, true);
    for (uint32_t i = 0; i < w->n_pods; i++)
        if (w->pods[i].node == node && !w->pods[i].gone)
            world_leave(w, now_us, i);
    world_drained(w, node);
}

static inline void world_loop(struct world *w, sim_us now_us)
{
    enum karp_disrupt_act act = karp_disrupt_on_due(&w->k, now_us);

    if (act == KARP_DISRUPT_VALIDATE)
        world_note(w, now_us, WORLD_VALIDATE, (uint32_t)w->k.loop.n_picks);
    for (size_t i = 0; i < w->k.loop.n_taken; i++) {
        uint32_t node = w->k.loop.taken[i];
        world_note(w, now_us, WORLD_MARK, node);
        if (act == KARP_DISRUPT_DRAIN)
            world_drained(w, node);
        else
            world_plan(w, now_us + S(60), WORLD_REPLACED, node);
    }
}

/* Events of nodes. */
static inline void world_node_event(struct world *w, sim_us now_us,
                                    uint32_t kind, uint32_t node)
{
    switch (kind) {
    case WORLD_LAUNCHED:
        karp_on_launched(&w->k, now_us, node);
        world_plan(w, now_us + w->boot_us, WORLD_REGISTERED, node);
        world_plan(w, karp_liveness_us(&w->k, node), WORLD_LIVENESS, node);
        break;
    case WORLD_REGISTERED:
        karp_on_registered(&w->k, now_us, node);
        world_plan(w, now_us + w->ready_us, WORLD_INITIALIZED, node);
        break;
    case WORLD_INITIALIZED:
        karp_on_initialized(&w->k, now_us, node);
        world_plan(w, now_us + S(0.5), WORLD_BIND, 0);
        break;
    case WORLD_TERMINATE:
        karp_on_terminate(&w->k, now_us, node);
        world_plan(w, now_us + S(60), WORLD_GONE, node);
        break;
    case WORLD_LIVENESS:
        if (karp_on_liveness(&w->k, now_us, node))
            world_drained(w, node);
        break;
    case WORLD_GONE:
        karp_on_gone(&w->k, now_us, node);
        break;
    case WORLD_DRIFT: /* of a pool */
        karp_disrupt_on_drift(&w->k, now_us, node);
        break;
    case WORLD_REPLACED:
        world_replaced(w, now_us, node);
        break;
    case WORLD_REFUSED:
        karp_on_refused(&w->k, now_us, node);
        break;
    default:
        karp_on_ready(&w->k, now_us, node, kind == WORLD_READY);
        break;
    }
    world_note(w, now_us, kind, node);
}

static inline void world_pod_event(struct world *w, sim_us now_us,
                                   uint32_t kind, uint32_t pod)
{
    struct world_pod *d = &w->pods[pod];

    if (kind == WORLD_CREATE) {
        world_plan(w, now_us + S(0.2), WORLD_BIND, 0);
        world_plan(w, now_us + S(0.3), WORLD_TRIGGER, pod);
    } else if (kind == WORLD_LEAVE) {
        world_leave(w, now_us, pod);
    } else if (kind == WORLD_TRIGGER && d->node == NO_INDEX && !d->gone) {
        karp_batch_on_pending(&w->k.batch, now_us, KARP_POD, pod);
    } else if (kind == WORLD_TERMINAL) {
        d->gone = true;
        if (karp_on_pod_terminal(&w->k, now_us, d->node, d->size, true))
            world_drained(w, d->node);
        world_plan(w, now_us + S(0.5), WORLD_BIND, 0);
    }
}

static inline void world_control(struct world *w, const struct event *e)
{
    if (e->kind == WORLD_SOLVED) {
        karp_batch_on_solved(&w->k.batch, e->at_us);
    } else if (e->kind == WORLD_LOOP && e->generation == w->loop_turn) {
        w->n_executed++;
        w->loop_us = SIM_NEVER;
        world_loop(w, e->at_us);
    } else if (e->kind == WORLD_BATCH && e->generation == w->batch_turn) {
        w->n_executed++;
        w->batch_us = SIM_NEVER;
        if (karp_batch_on_due(&w->k.batch, e->at_us, karp_synced(&w->k)) ==
            KARP_BATCH_SOLVE)
            world_solve(w, e->at_us);
    }
}

static inline void world_handle(struct world *w, const struct event *e)
{
    switch (e->kind) {
    case WORLD_CREATE:
    case WORLD_LEAVE:
    case WORLD_TERMINAL:
    case WORLD_TRIGGER:
        world_pod_event(w, e->at_us, e->kind, e->entity);
        break;
    case WORLD_FOREIGN:
        karp_disrupt_on_foreign(&w->k, e->at_us);
        break;
    case WORLD_BIND:
        world_bind(w, e->at_us);
        break;
    case WORLD_REQUEST:
        world_request(w, e->at_us, e->entity);
        break;
    case WORLD_SOLVED:
    case WORLD_BATCH:
    case WORLD_LOOP:
        world_control(w, e);
        break;
    default:
        world_node_event(w, e->at_us, e->kind, e->entity);
        break;
    }
}

/* Plans the two timers anew where they moved. */
static inline void world_timers(struct world *w)
{
    sim_us batch_us = karp_batch_due(&w->k.batch);
    sim_us loop_us = karp_disrupt_due(&w->k);

    if (batch_us != w->batch_us && batch_us != SIM_NEVER)
        fel_push(w->fel,
                 (struct event){batch_us, WORLD_BATCH, 0, ++w->batch_turn});
    if (loop_us != w->loop_us && loop_us != SIM_NEVER)
        fel_push(w->fel,
                 (struct event){loop_us, WORLD_LOOP, 0, ++w->loop_turn});
    w->batch_us = batch_us;
    w->loop_us = loop_us;
}

static inline void world_run(struct world *w, sim_us until_us)
{
    struct event e;

    world_timers(w);
    while (fel_next_us(w->fel) <= until_us && fel_pop(w->fel, &e)) {
        world_handle(w, &e);
        world_timers(w);
    }
}

#endif

/* karpenter_run.h - the events of the small world, in one order.
 */
#ifndef TESTS_KARPENTER_RUN_H
#define TESTS_KARPENTER_RUN_H

#include "tests/karpenter_acts.h"

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

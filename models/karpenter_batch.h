/* karpenter_batch.h - from "a pod is pending" to "solve now".
 *
 * Models    the trigger batcher: an idle timer and a maximum timer, a set of
 *           the sources seen in this window, one remembered trigger while a
 *           solve runs, and the repetition of every source's trigger each
 *           10 s for as long as it exists.
 * Source    kubernetes-sigs/karpenter v1.12.0, provisioning/batcher.go,
 *           provisioning/controller.go, provisioner.go Reconcile().
 * Left out  extra triggers by unrelated updates of a pod; the one-second poll
 *           of an empty batcher, which changes nothing.
 *
 * A trigger at the very instant of a timer counts before it. Repetitions are
 * not events: they are worked out when something happens. While no pod is
 * pending, windows that only nodes or foreign pools keep open are not
 * executed either (karp_batch_due is SIM_NEVER); the next call makes up for
 * them with the same result, unless no_elision is set.
 */
#ifndef MODELS_KARPENTER_BATCH_H
#define MODELS_KARPENTER_BATCH_H

#include "models/karpenter_watch.h"
#include "sim/base/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum karp_source {
    KARP_POD,     /* a provisionable pod */
    KARP_NODE,    /* a node that carries the disrupted taint */
    KARP_FOREIGN, /* pods of pools that are not simulated */
    KARP_SOURCES
};

struct karp_batch {
    sim_us idle_us, max_us;         /* max_us > 0, idle_us > 0 */
    sim_us repeat_us;               /* of every trigger, > 0; 10 s upstream */
    bool no_elision;                /* execute also the windows without a pod */
    const struct karp_watch *watch; /* borrowed; or NULL */
    enum karp_batch_phase {
        KARP_WAITING, /* the next trigger opens a window */
        KARP_WINDOW,
        KARP_SOLVING /* until karp_batch_on_solved */
    } phase;
    bool remembered;               /* a trigger came while solving */
    sim_us cursor_us;              /* repetitions up to here are done */
    sim_us opened_us, idle_due_us; /* of the open window */
    uint64_t window;               /* number of windows opened */
    uint32_t n_of[KARP_SOURCES];   /* sources of each kind */
    struct karp_trigger {
        enum karp_source source;
        uint32_t id;
        sim_us first_us; /* repeats at first_us + k * repeat_us */
        uint64_t seen;   /* last window it counted in */
    } * triggers;        /* owned; n_triggers, unordered */
    size_t n_triggers, cap_triggers;
    struct karp_slots {
        uint32_t *at; /* owned; index into triggers + 1, or 0 */
        size_t cap;
    } slots[KARP_SOURCES];
};

enum karp_batch_act {
    KARP_BATCH_NOTHING,
    KARP_BATCH_VOID, /* a window closed while state was not synced: lost */
    KARP_BATCH_SOLVE /* solve all pending pods, then karp_batch_on_solved */
};

/* Waiting, without sources. Durations > 0. */
void karp_batch_init(struct karp_batch *b, sim_us idle_us, sim_us max_us,
                     sim_us repeat_us);
void karp_batch_free(struct karp_batch *b); /* takes {0}; may repeat */

/* As after karp_batch_init with the same durations; keeps its memory. */
void karp_batch_again(struct karp_batch *b);

/* A source appears and triggers at once. A source that exists already is
 * left alone.
 */
void karp_batch_on_pending(struct karp_batch *b, sim_us now_us,
                           enum karp_source source, uint32_t id);

/* A source ends (pod bound or deleted, node object gone); an unknown source
 * is ignored. A repetition due at this very instant is not made.
 */
void karp_batch_on_settled(struct karp_batch *b, sim_us now_us,
                           enum karp_source source, uint32_t id);

/* Next instant at which karp_batch_on_due must be called if nothing happens
 * before, or SIM_NEVER. May change with every call of the functions above.
 */
sim_us karp_batch_due(const struct karp_batch *b);

/* Something may be due; harmless at any other time.
 *
 * synced    no node claim lacks its instance (karp_synced)
 * Returns KARP_BATCH_SOLVE at most once a window.
 */
enum karp_batch_act karp_batch_on_due(struct karp_batch *b, sim_us now_us,
                                      bool synced);

/* The solve that karp_batch_on_due asked for is over. A trigger that came
 * meanwhile opens the next window now.
 */
void karp_batch_on_solved(struct karp_batch *b, sim_us now_us);

/* A new process: window and solve are forgotten, every source triggers. */
void karp_batch_on_restart(struct karp_batch *b, sim_us now_us);

#endif

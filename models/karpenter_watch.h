/* karpenter_watch.h - somebody who is told what Karpenter learns and decides.
 *
 * All that enters the model passes here, and all that it decides: so the real
 * core can be given the same history. Each word comes after the change.
 */
#ifndef MODELS_KARPENTER_WATCH_H
#define MODELS_KARPENTER_WATCH_H

#include "sim/base/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct karp;
struct karp_pod;

/* a is a node, but for the batcher's words. */
enum karp_word {
    KARP_SOURCE_BEGINS, /* a: enum karp_source, b: its number */
    KARP_SOURCE_ENDS,
    KARP_WINDOW_VOID,
    KARP_WINDOW_SOLVED, /* the solve begins ... */
    KARP_SOLVE_OVER,    /* ... and ends */
    KARP_NODE_CLAIMED,  /* as what comes next, until it is gone */
    KARP_NODE_AGED,     /* it is older than its claim */
    KARP_NODE_LAUNCHED,
    KARP_NODE_REGISTERED,
    KARP_NODE_INITIALIZED,
    KARP_NODE_READY,
    KARP_NODE_UNREADY,
    KARP_NODE_BLOCKED,
    KARP_NODE_UNBLOCKED,
    KARP_NODE_NOMINATED,
    KARP_NODE_TAKEN,  /* by the disruption loop; the last of b + 1 */
    KARP_NODE_MARKED, /* whoever decided it */
    KARP_NODE_TERMINATED,
    KARP_NODE_GONE,
    KARP_POD_BOUND, /* some pod of the node */
    KARP_POD_TERMINATING,
    KARP_POD_TERMINAL, /* b: it was terminating */
    KARP_POD_LOST,     /* likewise */
    KARP_LOOP_STARTED,
    KARP_DRIFTED_NODE,
    KARP_RESTARTED,
};

struct karp_watch {
    void *context; /* borrowed */
    void (*on_word)(void *context, sim_us now_us, enum karp_word word,
                    uint32_t a, uint32_t b);
    /* pods[n] are sorted, nothing is placed yet; then all of them are. */
    void (*on_solve)(void *context, const struct karp *k, sim_us now_us,
                     const struct karp_pod *pods, size_t n, bool over);
};

/* Tells w, which may be NULL. */
static inline void karp_tell(const struct karp_watch *w, sim_us now_us,
                             enum karp_word word, uint32_t a, uint32_t b)
{
    if (w)
        w->on_word(w->context, now_us, word, a, b);
}

#endif

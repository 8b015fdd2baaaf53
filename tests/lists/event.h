/* event.h - an event of the lists that were tried, as a key and a load: one
 * comparison without a branch puts two events in order.
 */
#ifndef TESTS_LISTS_EVENT_H
#define TESTS_LISTS_EVENT_H

#include "sim/engine/fel.h"

#include <assert.h>

/* From the top: 64 bits of time, which is never negative, then the kind, then
 * the sequence.
 */
__extension__ typedef unsigned __int128 event_key;

enum { SEQUENCE_BITS = 48 };

struct counts {
    uint64_t n_added, n_popped;
    sim_us now_us; /* time of the last event popped */
};

static inline event_key new_key(struct counts *c, sim_us at_us, uint16_t kind)
{
    assert(at_us >= c->now_us);
    assert(c->n_added >> SEQUENCE_BITS == 0);
    return (event_key)(uint64_t)at_us << 64 | (uint64_t)kind << SEQUENCE_BITS |
           c->n_added++;
}

static inline uint64_t new_load(uint32_t entity, uint32_t generation)
{
    return (uint64_t)generation << 32 | entity;
}

static inline sim_us time_of(event_key key)
{
    return (sim_us)(key >> 64);
}

/* The event is popped. */
static inline void hand_out(struct counts *c, event_key key, uint64_t load,
                            struct event *out)
{
    out->at_us = c->now_us = time_of(key);
    out->kind = (uint16_t)((uint64_t)key >> SEQUENCE_BITS);
    out->entity = (uint32_t)load;
    out->generation = (uint32_t)(load >> 32);
    c->n_popped++;
}

#endif

#include "sim/engine/fel.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>

/* An implicit heap of four children a node: half as deep as a binary one, and
 * the four lie side by side. A popped event leaves a hole at the root; the
 * push that usually follows fills it, which saves a walk through the heap.
 */
enum { CHILDREN = 4, SEQUENCE_BITS = 48 };

/* From the top: 64 bits of time, which is never negative, then the kind, then
 * the sequence. One comparison without a branch puts two events in order.
 */
__extension__ typedef unsigned __int128 event_key;

/* Behind every event, so that a node may be taken to have four children. */
#define LAST_KEY (~(event_key)0)

struct fel {
    event_key *keys; /* owned; all beyond n are LAST_KEY */
    uint64_t *loads; /* owned; generation above entity, beside keys */
    size_t n;        /* counts the hole */
    size_t cap_keys, cap_loads;
    bool hole; /* keys[0] has been popped */
    uint64_t sequence;
    uint64_t n_popped;
    sim_us now_us; /* time of the last event popped */
};

struct fel *fel_new(void)
{
    return mem_array(1, sizeof(struct fel));
}

void fel_free(struct fel *f)
{
    if (!f)
        return;
    free(f->keys);
    free(f->loads);
    free(f);
}

void fel_clear(struct fel *f)
{
    for (size_t i = 0; i < f->n; i++)
        f->keys[i] = LAST_KEY;
    f->n = 0;
    f->hole = false;
    f->sequence = f->n_popped = 0;
    f->now_us = 0;
}

static inline size_t earliest_of(const event_key *keys, size_t first)
{
    size_t a = first + (keys[first + 1] < keys[first]);
    size_t b = first + 2 + (keys[first + 3] < keys[first + 2]);

    return keys[b] < keys[a] ? b : a;
}

/* Puts an event where the hole at the root is, and lets it sink. */
static inline void fill_root(struct fel *f, event_key key, uint64_t load)
{
    event_key *keys = f->keys;
    uint64_t *loads = f->loads;
    size_t i = 0;

    for (size_t first = 1; first < f->n; first = i * CHILDREN + 1) {
        size_t child = earliest_of(keys, first);

        if (key < keys[child])
            break;
        keys[i] = keys[child];
        loads[i] = loads[child];
        i = child;
    }
    keys[i] = key;
    loads[i] = load;
    f->hole = false;
}

/* Puts an event behind the others, and lets it climb. */
static inline void append(struct fel *f, event_key key, uint64_t load)
{
    size_t i = f->n++;

    while (i > 0) {
        size_t parent = (i - 1) / CHILDREN;

        if (f->keys[parent] < key)
            break;
        f->keys[i] = f->keys[parent];
        f->loads[i] = f->loads[parent];
        i = parent;
    }
    f->keys[i] = key;
    f->loads[i] = load;
}

/* The last event moves to the root. */
static void close_hole(struct fel *f)
{
    event_key key = f->keys[--f->n];

    f->keys[f->n] = LAST_KEY;
    f->hole = false;
    if (f->n > 0)
        fill_root(f, key, f->loads[f->n]);
}

/* Room for one more, and for the siblings that the last one seems to have. */
static void grow(struct fel *f)
{
    size_t old = f->cap_keys, n = f->n + 1 + CHILDREN;

    f->keys = mem_grow(f->keys, &f->cap_keys, n, sizeof *f->keys);
    f->loads = mem_grow(f->loads, &f->cap_loads, n, sizeof *f->loads);
    for (size_t i = old; i < f->cap_keys; i++)
        f->keys[i] = LAST_KEY;
}

void fel_add(struct fel *f, sim_us at_us, uint16_t kind, uint32_t entity,
             uint32_t generation)
{
    assert(at_us >= f->now_us);
    assert(f->sequence >> SEQUENCE_BITS == 0);
    event_key key = (event_key)(uint64_t)at_us << 64 |
                    (uint64_t)kind << SEQUENCE_BITS | f->sequence++;
    uint64_t load = (uint64_t)generation << 32 | entity;

    if (f->hole) {
        fill_root(f, key, load);
        return;
    }
    if (f->n + CHILDREN >= f->cap_keys)
        grow(f);
    append(f, key, load);
}

bool fel_pop(struct fel *f, struct event *out)
{
    if (f->hole)
        close_hole(f);
    if (f->n == 0)
        return false;
    event_key key = f->keys[0];

    out->at_us = (sim_us)(key >> 64);
    out->kind = (uint16_t)((uint64_t)key >> SEQUENCE_BITS);
    out->entity = (uint32_t)f->loads[0];
    out->generation = (uint32_t)(f->loads[0] >> 32);
    f->now_us = out->at_us;
    f->n_popped++;
    f->hole = true;
    return true;
}

sim_us fel_next_us(const struct fel *f)
{
    if (fel_length(f) == 0)
        return SIM_NEVER;
    size_t i = f->hole ? earliest_of(f->keys, 1) : 0;

    return (sim_us)(f->keys[i] >> 64);
}

size_t fel_length(const struct fel *f)
{
    return f->n - f->hole;
}

uint64_t fel_count(const struct fel *f)
{
    return f->n_popped;
}

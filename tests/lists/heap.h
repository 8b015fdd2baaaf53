/* heap.h - an implicit heap, but for the number of children and the way in
 * which an event sinks: the list that includes this says both. A popped event
 * leaves a hole at the root; the next one that is planned usually fills it,
 * which saves a walk through the heap.
 */
#ifndef TESTS_LISTS_HEAP_H
#define TESTS_LISTS_HEAP_H

#include "tests/lists/event.h"

#include "sim/base/mem.h"

#include <stdlib.h>

/* Behind every event, so that a node may be taken to have all its children. */
#define LAST_KEY (~(event_key)0)

struct fel {
    event_key *keys; /* owned; all beyond n are LAST_KEY */
    uint64_t *loads; /* owned; beside keys */
    size_t n;        /* counts the hole */
    size_t cap_keys, cap_loads;
    bool hole; /* keys[0] has been popped */
    struct counts counts;
};

/* Of the children of a node, the first of which is told. */
static size_t earliest_of(const event_key *keys, size_t first);

/* Puts an event where the hole at the root is, and lets it sink. */
static void fill_root(struct fel *f, event_key key, uint64_t load);

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
    f->counts = (struct counts){0};
}

/* Puts an event where the hole at i is, and lets it climb. */
static inline void climb(struct fel *f, size_t i, event_key key, uint64_t load)
{
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
    event_key key = new_key(&f->counts, at_us, kind);
    uint64_t load = new_load(entity, generation);

    if (f->hole) {
        f->hole = false;
        fill_root(f, key, load);
        return;
    }
    if (f->n + CHILDREN >= f->cap_keys)
        grow(f);
    climb(f, f->n++, key, load);
}

bool fel_pop(struct fel *f, struct event *out)
{
    if (f->hole)
        close_hole(f);
    if (f->n == 0)
        return false;
    hand_out(&f->counts, f->keys[0], f->loads[0], out);
    f->hole = true;
    return true;
}

sim_us fel_next_us(const struct fel *f)
{
    if (fel_length(f) == 0)
        return SIM_NEVER;
    return time_of(f->keys[f->hole ? earliest_of(f->keys, 1) : 0]);
}

size_t fel_length(const struct fel *f)
{
    return f->n - f->hole;
}

uint64_t fel_count(const struct fel *f)
{
    return f->counts.n_popped;
}

#endif

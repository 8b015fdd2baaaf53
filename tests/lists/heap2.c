/* heap2.c - a binary heap, bottom up: the hole at the root sinks to a leaf
 * without a branch, and the event that fills it climbs from there.
 */
enum { CHILDREN = 2 };

#include "tests/lists/heap.h"

static inline size_t earliest_of(const event_key *keys, size_t first)
{
    return first + (keys[first + 1] < keys[first]);
}

static inline void fill_root(struct fel *f, event_key key, uint64_t load)
{
    event_key *keys = f->keys;
    uint64_t *loads = f->loads;
    size_t i = 0;

    for (size_t first = 1; first < f->n; first = i * CHILDREN + 1) {
        size_t child = earliest_of(keys, first);

        keys[i] = keys[child];
        loads[i] = loads[child];
        i = child;
    }
    climb(f, i, key, load);
}

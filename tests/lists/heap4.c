/* heap4.c - a heap of four children a node: half as deep as a binary one, and
 * the four lie side by side.
 */
enum { CHILDREN = 4 };

#include "tests/lists/heap.h"

static inline size_t earliest_of(const event_key *keys, size_t first)
{
    size_t a = first + (keys[first + 1] < keys[first]);
    size_t b = first + 2 + (keys[first + 3] < keys[first + 2]);

    return keys[b] < keys[a] ? b : a;
}

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
}

#include "sim/engine/fel.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>

/* An implicit heap of four children a node: half as deep as a binary one, and
 * the four lie side by side. A popped event leaves a hole at the root; the
 * push that usually follows fills it, which saves a walk through the heap.
 */
enum { CHILDREN = 4, SEQUENCE_BITS = 48 };

__extension__ typedef unsigned __int128 wide;

struct entry {
    uint64_t at_us; /* never negative, so unsigned order is time order */
    uint64_t order; /* kind above sequence */
    uint32_t entity, generation;
};

struct fel {
    struct entry *heap; /* owned; all beyond n are LAST */
    size_t n, cap;      /* n counts the hole */
    bool hole;          /* heap[0] has been popped */
    uint64_t sequence;
    uint64_t n_popped;
    sim_us now_us; /* time of the last event popped */
};

/* Behind every event, so that a node may be taken to have four children. */
static const struct entry LAST = {UINT64_MAX, UINT64_MAX, 0, 0};

static inline bool before(const struct entry *a, const struct entry *b)
{
    return ((wide)a->at_us << 64 | a->order) <
           ((wide)b->at_us << 64 | b->order);
}

static inline size_t earliest_of(const struct entry *heap, size_t first)
{
    size_t a = first + before(&heap[first + 1], &heap[first]);
    size_t b = first + 2 + before(&heap[first + 3], &heap[first + 2]);

    return before(&heap[b], &heap[a]) ? b : a;
}

static inline void climb(struct entry *heap, size_t i, struct entry e)
{
    while (i > 0) {
        size_t parent = (i - 1) / CHILDREN;

        if (!before(&e, &heap[parent]))
            break;
        heap[i] = heap[parent];
        i = parent;
    }
    heap[i] = e;
}

/* Fills the hole at the root with e. The hole sinks to the bottom first and e
 * climbs from there: most events belong near the bottom, and the way down
 * then needs no comparison with e.
 */
static inline void fill_root(struct fel *f, struct entry e)
{
    size_t i = 0;

    for (size_t first = 1; first < f->n; first = i * CHILDREN + 1) {
        size_t child = earliest_of(f->heap, first);

        f->heap[i] = f->heap[child];
        i = child;
    }
    climb(f->heap, i, e);
    f->hole = false;
}

static void close_hole(struct fel *f)
{
    struct entry last = f->heap[--f->n];

    f->heap[f->n] = LAST;
    f->hole = false;
    if (f->n > 0)
        fill_root(f, last);
}

struct fel *fel_new(void)
{
    return mem_array(1, sizeof(struct fel));
}

void fel_free(struct fel *f)
{
    if (!f)
        return;
    free(f->heap);
    free(f);
}

void fel_clear(struct fel *f)
{
    for (size_t i = 0; i < f->n; i++)
        f->heap[i] = LAST;
    f->n = 0;
    f->hole = false;
    f->sequence = f->n_popped = 0;
    f->now_us = 0;
}

/* Room for one more and for the children that the last one seems to have. */
static void grow(struct fel *f)
{
    size_t old = f->cap;

    f->heap =
        mem_grow(f->heap, &f->cap, CHILDREN * (f->n + 2), sizeof *f->heap);
    for (size_t i = old; i < f->cap; i++)
        f->heap[i] = LAST;
}

void fel_push(struct fel *f, struct event e)
{
    assert(e.at_us >= f->now_us);
    assert(f->sequence >> SEQUENCE_BITS == 0);
    struct entry entry = {
        .at_us = (uint64_t)e.at_us,
        .order = (uint64_t)e.kind << SEQUENCE_BITS | f->sequence++,
        .entity = e.entity,
        .generation = e.generation,
    };

    if (f->hole) {
        fill_root(f, entry);
        return;
    }
    if (f->n + CHILDREN >= f->cap)
        grow(f);
    climb(f->heap, f->n++, entry);
}

bool fel_pop(struct fel *f, struct event *out)
{
    if (f->hole)
        close_hole(f);
    if (f->n == 0)
        return false;
    const struct entry *top = &f->heap[0];

    *out = (struct event){
        .at_us = (sim_us)top->at_us,
        .kind = (uint16_t)(top->order >> SEQUENCE_BITS),
        .entity = top->entity,
        .generation = top->generation,
    };
    f->now_us = out->at_us;
    f->n_popped++;
    f->hole = true;
    return true;
}

sim_us fel_next_us(const struct fel *f)
{
    if (fel_length(f) == 0)
        return SIM_NEVER;
    size_t i = f->hole ? earliest_of(f->heap, 1) : 0;

    return (sim_us)f->heap[i].at_us;
}

size_t fel_length(const struct fel *f)
{
    return f->n - f->hole;
}

uint64_t fel_count(const struct fel *f)
{
    return f->n_popped;
}

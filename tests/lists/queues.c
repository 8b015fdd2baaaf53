/* queues.c - a queue for each kind of event, as long as its events are planned
 * in the order of their times, which those after a constant delay are; and a
 * binary heap of the first of each queue and of whatever has no place in one.
 */
#include "tests/lists/nodes.h"

struct fel {
    struct nodes nodes;
    uint32_t last[FEL_KINDS]; /* of each queue, or NONE */
    event_key *keys;          /* owned; the heap, from 1 */
    uint32_t *heap;           /* owned; nodes beside their keys */
    size_t n_heap, cap_keys, cap_heap;
    struct counts counts;
};

void fel_clear(struct fel *f)
{
    for (size_t i = 0; i < FEL_KINDS; i++)
        f->last[i] = NONE;
    nodes_clear(&f->nodes);
    f->n_heap = 0;
    f->counts = (struct counts){0};
}

struct fel *fel_new(void)
{
    struct fel *f = mem_array(1, sizeof *f);

    fel_clear(f);
    return f;
}

void fel_free(struct fel *f)
{
    if (!f)
        return;
    free(f->nodes.at);
    free(f->keys);
    free(f->heap);
    free(f);
}

static void climb(struct fel *f, size_t at, uint32_t node)
{
    event_key key = f->nodes.at[node].key;

    for (; at > 1 && key < f->keys[at / 2]; at /= 2) {
        f->keys[at] = f->keys[at / 2];
        f->heap[at] = f->heap[at / 2];
    }
    f->keys[at] = key;
    f->heap[at] = node;
}

/* Puts a node where the first one was. */
static void replace_first(struct fel *f, uint32_t node)
{
    size_t at = 1;

    for (size_t child = 2; child <= f->n_heap; child = 2 * at) {
        if (child < f->n_heap)
            child += f->keys[child + 1] < f->keys[child];
        f->keys[at] = f->keys[child];
        f->heap[at] = f->heap[child];
        at = child;
    }
    climb(f, at, node);
}

static void add_to_heap(struct fel *f, uint32_t node)
{
    size_t n = f->n_heap + 2;

    f->keys = mem_grow(f->keys, &f->cap_keys, n, sizeof *f->keys);
    f->heap = mem_grow(f->heap, &f->cap_heap, n, sizeof *f->heap);
    climb(f, ++f->n_heap, node);
}

void fel_add(struct fel *f, sim_us at_us, uint16_t kind, uint32_t entity,
             uint32_t generation)
{
    event_key key = new_key(&f->counts, at_us, kind);
    uint32_t i = nodes_new(&f->nodes, key, new_load(entity, generation));
    uint32_t last = f->last[kind];

    if (last != NONE && f->nodes.at[last].key < key) {
        f->nodes.at[last].next = i;
        f->last[kind] = i;
        return;
    }
    if (last == NONE)
        f->last[kind] = i;
    add_to_heap(f, i);
}

bool fel_pop(struct fel *f, struct event *out)
{
    if (fel_length(f) == 0)
        return false;
    uint32_t i = f->heap[1], next = f->nodes.at[i].next;

    nodes_pop(&f->nodes, i, &f->counts, out);
    if (f->last[out->kind] == i)
        f->last[out->kind] = NONE;
    if (next != NONE) {
        replace_first(f, next);
    } else if (--f->n_heap > 0) {
        uint32_t moved = f->heap[f->n_heap + 1];

        replace_first(f, moved);
    }
    return true;
}

sim_us fel_next_us(const struct fel *f)
{
    return fel_length(f) > 0 ? time_of(f->keys[1]) : SIM_NEVER;
}

size_t fel_length(const struct fel *f)
{
    return f->counts.n_added - f->counts.n_popped;
}

uint64_t fel_count(const struct fel *f)
{
    return f->counts.n_popped;
}

/* queues.c - a queue for each kind of event, as long as its events are planned
 * in the order of their times, which those after a constant delay are; and a
 * binary heap of the first of each queue and of whatever has no place in one.
 */
#include "sim/base/mem.h"
#include "sim/engine/fel.h"

#include <assert.h>
#include <stdlib.h>

enum { NONE = 0 };

/* Time, kind, sequence, from the top. */
__extension__ typedef unsigned __int128 event_key;

struct node {
    event_key key;
    uint64_t load; /* generation above entity */
    uint32_t next; /* in its queue, or NONE */
};

struct fel {
    struct node *nodes; /* owned; the first is NONE */
    size_t cap_nodes, n_nodes;
    uint32_t unused;
    uint32_t last[FEL_KINDS]; /* of each queue, or NONE */
    event_key *keys;          /* owned; the heap, from 1 */
    uint32_t *heap;           /* owned; nodes beside their keys */
    size_t n_heap, cap_keys, cap_heap;
    size_t n;
    uint64_t sequence, n_popped;
    sim_us now_us;
};

void fel_clear(struct fel *f)
{
    for (size_t i = 0; i < FEL_KINDS; i++)
        f->last[i] = NONE;
    f->n_nodes = 1;
    f->unused = NONE;
    f->n = f->n_heap = 0;
    f->sequence = f->n_popped = 0;
    f->now_us = 0;
}

struct fel *fel_new(void)
{
    struct fel *f = mem_array(1, sizeof *f);

    f->nodes = mem_grow(NULL, &f->cap_nodes, 1, sizeof *f->nodes);
    fel_clear(f);
    return f;
}

void fel_free(struct fel *f)
{
    if (!f)
        return;
    free(f->nodes);
    free(f->keys);
    free(f->heap);
    free(f);
}

static void climb(struct fel *f, size_t at, uint32_t node)
{
    event_key key = f->nodes[node].key;

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

static uint32_t new_node(struct fel *f)
{
    uint32_t i = f->unused;

    if (i != NONE) {
        f->unused = f->nodes[i].next;
        return i;
    }
    f->nodes =
        mem_grow(f->nodes, &f->cap_nodes, f->n_nodes + 1, sizeof *f->nodes);
    return (uint32_t)f->n_nodes++;
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
    assert(at_us >= f->now_us);
    uint32_t i = new_node(f), last = f->last[kind];

    f->nodes[i] = (struct node){.key = (event_key)(uint64_t)at_us << 64 |
                                       (uint64_t)kind << 48 | f->sequence++,
                                .load = (uint64_t)generation << 32 | entity};
    f->n++;
    if (last != NONE && f->nodes[last].key <= f->nodes[i].key) {
        f->nodes[last].next = i;
        f->last[kind] = i;
        return;
    }
    if (last == NONE)
        f->last[kind] = i;
    add_to_heap(f, i);
}

bool fel_pop(struct fel *f, struct event *out)
{
    if (f->n == 0)
        return false;
    uint32_t i = f->heap[1];
    struct node *n = &f->nodes[i];

    out->at_us = f->now_us = (sim_us)(n->key >> 64);
    out->kind = (uint16_t)((uint64_t)n->key >> 48);
    out->entity = (uint32_t)n->load;
    out->generation = (uint32_t)(n->load >> 32);
    if (f->last[out->kind] == i)
        f->last[out->kind] = NONE;
    if (n->next != NONE) {
        replace_first(f, n->next);
    } else if (--f->n_heap > 0) {
        uint32_t moved = f->heap[f->n_heap + 1];

        replace_first(f, moved);
    }
    n->next = f->unused;
    f->unused = i;
    f->n--;
    f->n_popped++;
    return true;
}

sim_us fel_next_us(const struct fel *f)
{
    return f->n > 0 ? (sim_us)(f->keys[1] >> 64) : SIM_NEVER;
}

size_t fel_length(const struct fel *f)
{
    return f->n;
}

uint64_t fel_count(const struct fel *f)
{
    return f->n_popped;
}

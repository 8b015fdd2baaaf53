/* nodes.h - events as nodes that are linked by number; those that are unused
 * are linked, too.
 */
#ifndef TESTS_LISTS_NODES_H
#define TESTS_LISTS_NODES_H

#include "tests/lists/event.h"

#include "sim/base/mem.h"

#include <stdlib.h>

enum { NONE = 0 };

struct node {
    event_key key;
    uint64_t load;
    uint32_t next; /* or NONE */
};

struct nodes {
    struct node *at; /* owned; the first is NONE */
    size_t cap, n;   /* n is 0 as long as there is not even that one */
    uint32_t unused; /* or NONE */
};

static inline void nodes_clear(struct nodes *nodes)
{
    nodes->at = mem_grow(nodes->at, &nodes->cap, 1, sizeof *nodes->at);
    nodes->n = 1;
    nodes->unused = NONE;
}

/* A node that is linked to none. */
static inline uint32_t nodes_new(struct nodes *nodes, event_key key,
                                 uint64_t load)
{
    uint32_t i = nodes->unused;

    if (i != NONE) {
        nodes->unused = nodes->at[i].next;
    } else {
        i = (uint32_t)nodes->n++;
        nodes->at =
            mem_grow(nodes->at, &nodes->cap, nodes->n, sizeof *nodes->at);
    }
    nodes->at[i] = (struct node){key, load, NONE};
    return i;
}

/* Hands the event out; its node is unused from now on. */
static inline void nodes_pop(struct nodes *nodes, uint32_t i,
                             struct counts *counts, struct event *out)
{
    struct node *node = &nodes->at[i];

    hand_out(counts, node->key, node->load, out);
    node->next = nodes->unused;
    nodes->unused = i;
}

#endif

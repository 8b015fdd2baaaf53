#include "sim/engine/fel.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>

/* The next few events stand in order, in the front. All later ones wait in a
 * wheel: lists without an order, one for each value of the highest digit in
 * which their time differs from a bound, in base 64. A set bit marks a list
 * that is not empty, so that the earliest list is found without a search. When
 * the front is used up, the earliest list moves into it, or, if it is long,
 * spreads over the lists of the lower digits. An event moves down a few times
 * at most, whatever the spacing of the events; no width has to be chosen.
 *
 * Of many events at one instant only the kinds have to be put in order: they
 * stand below the digits, one list a kind. README.md says what else was tried.
 */
enum {
    BITS = 6, /* of a digit */
    DIGITS = 1 << BITS,
    KIND_LEVELS = FEL_KINDS / DIGITS,
    LEVELS = KIND_LEVELS + (63 + BITS - 1) / BITS,
    FEW = 16,        /* go into the front at once */
    MOST_STEPS = 16, /* on the way to a place in the front */
    FIRST_BLOCK = 64,
    MAX_BLOCKS = 26 /* of nodes, each twice as long as the one before */
};

#define AT_BOUND ((UINT32_C(1) << KIND_LEVELS) - 1) /* levels of kinds */

struct node {
    sim_us at_us;
    uint32_t entity, generation;
    struct node *next;
    uint16_t kind;
};

struct list {
    struct node *first; /* undefined while the list is empty */
    struct node **end;  /* where the next one goes */
};

struct fel {
    sim_us near_us;      /* up to here an event belongs into the front */
    sim_us now_us;       /* time of the last event popped */
    struct node *front;  /* ends with &behind */
    struct node *unused; /* ends with NULL */
    uint64_t n_added, n_popped;
    /* What times are compared with. It differs from near_us only where events
     * at the bound stand in the lists of their kinds.
     */
    sim_us bound_us;
    uint32_t levels;        /* bit i: marks[i] is not 0 */
    uint32_t n_blocks;      /* of nodes */
    uint64_t marks[LEVELS]; /* bit i: a list is not empty */
    struct list lists[LEVELS][DIGITS];
    struct node behind;              /* later than every event */
    struct node *blocks[MAX_BLOCKS]; /* owned */
};

static size_t length_of_block(uint32_t block)
{
    return (size_t)FIRST_BLOCK << block;
}

static void set_unused(struct fel *f, uint32_t block)
{
    struct node *nodes = f->blocks[block];

    for (size_t i = length_of_block(block); i-- > 0;) {
        nodes[i].next = f->unused;
        f->unused = &nodes[i];
    }
}

void fel_clear(struct fel *f)
{
    f->near_us = f->bound_us = SIM_NEVER;
    f->now_us = 0;
    f->n_added = f->n_popped = 0;
    f->front = &f->behind;
    f->levels = 0;
    for (unsigned level = 0; level < LEVELS; level++) {
        f->marks[level] = 0;
        for (unsigned i = 0; i < DIGITS; i++)
            f->lists[level][i].end = &f->lists[level][i].first;
    }
    f->unused = NULL;
    for (uint32_t block = f->n_blocks; block-- > 0;)
        set_unused(f, block);
}

struct fel *fel_new(void)
{
    struct fel *f = mem_array(1, sizeof *f);

    f->behind = (struct node){.at_us = SIM_NEVER, .kind = FEL_KINDS};
    fel_clear(f);
    return f;
}

void fel_free(struct fel *f)
{
    if (!f)
        return;
    for (uint32_t block = 0; block < f->n_blocks; block++)
        free(f->blocks[block]);
    free(f);
}

/* What is not the short way of fel_add and fel_pop stays out of line, so that
 * these need to save no registers.
 */
static __attribute__((noinline)) void into_wheel(struct fel *f, struct node *n)
{
    uint64_t differs = (uint64_t)(n->at_us ^ f->bound_us);
    unsigned level = n->kind / DIGITS, digit = n->kind % DIGITS;

    if (differs != 0) {
        level = (63 - (unsigned)__builtin_clzll(differs)) / BITS;
        digit = (unsigned)(n->at_us >> level * BITS) % DIGITS;
        level += KIND_LEVELS;
    }
    struct list *list = &f->lists[level][digit];

    f->levels |= UINT32_C(1) << level;
    f->marks[level] |= UINT64_C(1) << digit;
    n->next = NULL;
    *list->end = n;
    list->end = &n->next;
}

/* Returns how many events it passed. */
static inline int into_front(struct fel *f, struct node *n)
{
    struct node **link = &f->front, *x = f->front;
    int steps = 0;

    while (x->at_us < n->at_us ||
           (x->at_us == n->at_us && x->kind <= n->kind)) {
        link = &x->next;
        x = x->next;
        steps++;
    }
    n->next = x;
    *link = n;
    return steps;
}

/* A front that has become long goes into the wheel. Its events lie between
 * now and the bound, the others behind the bound in lists that stay right.
 */
static __attribute__((noinline)) void dissolve_front(struct fel *f)
{
    struct node *n = f->front, *next;

    f->front = &f->behind;
    f->bound_us = f->now_us;
    f->near_us = f->now_us - 1;
    for (; n != &f->behind; n = next) {
        next = n->next;
        into_wheel(f, n);
    }
}

static __attribute__((noinline)) void add_growing(struct fel *f, sim_us at_us,
                                                  uint16_t kind,
                                                  uint32_t entity,
                                                  uint32_t generation)
{
    uint32_t block = f->n_blocks++;

    assert(block < MAX_BLOCKS);
    f->blocks[block] = mem_array(length_of_block(block), sizeof(struct node));
    set_unused(f, block);
    fel_add(f, at_us, kind, entity, generation);
}

void fel_add(struct fel *f, sim_us at_us, uint16_t kind, uint32_t entity,
             uint32_t generation)
{
    assert(at_us >= f->now_us);
    assert(kind < FEL_KINDS);
    struct node *n = f->unused;

    if (!n) {
        add_growing(f, at_us, kind, entity, generation);
        return;
    }
    f->unused = n->next;
    n->at_us = at_us;
    n->entity = entity;
    n->generation = generation;
    n->kind = kind;
    f->n_added++;
    if (at_us > f->near_us)
        into_wheel(f, n);
    else if (into_front(f, n) > MOST_STEPS)
        dissolve_front(f);
}

/* Where the earliest list is; there is one. */
struct place {
    unsigned level, digit;
};

static inline struct place earliest(const struct fel *f)
{
    unsigned level = (unsigned)__builtin_ctz(f->levels);

    return (struct place){level, (unsigned)__builtin_ctzll(f->marks[level])};
}

/* Its first event; forgets the list. */
static inline struct node *take_off(struct fel *f, struct place p)
{
    struct list *list = &f->lists[p.level][p.digit];
    uint64_t rest = f->marks[p.level] ^ UINT64_C(1) << p.digit;

    list->end = &list->first;
    f->marks[p.level] = rest;
    f->levels ^= (uint32_t)(rest == 0) << p.level;
    return list->first;
}

static inline bool is_long(const struct node *n)
{
    for (int i = 0; i < FEW && n; i++)
        n = n->next;
    return n != NULL;
}

static sim_us earliest_us(const struct node *n)
{
    sim_us at_us = n->at_us;

    while ((n = n->next))
        if (n->at_us < at_us)
            at_us = n->at_us;
    return at_us;
}

static void spread(struct fel *f, struct node *n)
{
    struct node *next;

    f->bound_us = earliest_us(n);
    f->near_us = f->bound_us - 1;
    for (; n; n = next) {
        next = n->next;
        into_wheel(f, n);
    }
}

static void list_into_front(struct fel *f, struct node *n, unsigned level)
{
    sim_us width_us = INT64_C(1) << (level - KIND_LEVELS) * BITS;
    struct node *next;

    f->near_us = f->bound_us = n->at_us | (width_us - 1);
    for (; n; n = next) {
        next = n->next;
        into_front(f, n);
    }
}

/* The first event at the bound. The next ones wait, since a smaller kind may
 * still come in between.
 */
static void kind_into_front(struct fel *f, struct place p)
{
    struct node *n = f->lists[p.level][p.digit].first;

    if (n->next)
        f->lists[p.level][p.digit].first = n->next;
    else
        take_off(f, p);
    if ((f->levels & AT_BOUND) == 0)
        f->near_us = f->bound_us;
    n->next = &f->behind;
    f->front = n;
}

/* Fills the empty front. */
static void fill_front(struct fel *f)
{
    bool few = fel_length(f) <= FEW; /* then all of them */

    while (f->levels != 0 && (few || f->front == &f->behind)) {
        struct place p = earliest(f);

        if (p.level < KIND_LEVELS) {
            kind_into_front(f, p);
            return;
        }
        struct node *first = take_off(f, p);

        if (is_long(first))
            spread(f, first);
        else
            list_into_front(f, first, p.level);
    }
    if (f->levels == 0)
        f->near_us = f->bound_us = SIM_NEVER;
}

static __attribute__((noinline)) bool pop_filling(struct fel *f,
                                                  struct event *out)
{
    fill_front(f);
    return f->front != &f->behind && fel_pop(f, out);
}

bool fel_pop(struct fel *f, struct event *out)
{
    struct node *n = f->front;

    if (n == &f->behind)
        return pop_filling(f, out);
    out->at_us = f->now_us = n->at_us;
    out->kind = n->kind;
    out->entity = n->entity;
    out->generation = n->generation;
    f->front = n->next;
    n->next = f->unused;
    f->unused = n;
    f->n_popped++;
    return true;
}

sim_us fel_next_us(const struct fel *f)
{
    if (f->front != &f->behind || f->levels == 0)
        return f->front->at_us;
    if (f->levels & AT_BOUND)
        return f->bound_us;
    struct place p = earliest(f);

    return earliest_us(f->lists[p.level][p.digit].first);
}

size_t fel_length(const struct fel *f)
{
    return f->n_added - f->n_popped;
}

uint64_t fel_count(const struct fel *f)
{
    return f->n_popped;
}

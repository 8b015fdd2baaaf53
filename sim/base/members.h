/* members.h - a set of small numbers that is gone through in ascending order.
 *
 * A bit a number: adding and dropping take a few instructions, going on to the
 * next member as many as there are words of 64 numbers on the way.
 */
#ifndef SIM_BASE_MEMBERS_H
#define SIM_BASE_MEMBERS_H

#include <stddef.h>
#include <stdint.h>

struct members {
    uint64_t *words; /* owned */
    size_t n_words;
};

/* An empty set of numbers below n. */
void members_init(struct members *m, size_t n);
void members_free(struct members *m); /* takes {0}; may repeat */
void members_clear(struct members *m);

/* Numbers must be below n of members_init. */
static inline void members_add(struct members *m, uint32_t x)
{
    m->words[x / 64] |= UINT64_C(1) << x % 64;
}

static inline void members_drop(struct members *m, uint32_t x)
{
    m->words[x / 64] &= ~(UINT64_C(1) << x % 64);
}

/* The lowest member that is at least `from`, or NO_INDEX. */
uint32_t members_next(const struct members *m, uint32_t from);

#endif

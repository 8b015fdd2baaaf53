/* members.h - a set of small numbers that is gone through in ascending order.
 *
 * Adding, dropping and going on to the next member take a few instructions
 * whatever the set's range is: one level of bits says which words of the other
 * have any.
 */
#ifndef SIM_BASE_MEMBERS_H
#define SIM_BASE_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct members {
    uint64_t *words;   /* owned; a bit a number */
    uint64_t *summary; /* in the same memory; a bit a word with members */
    size_t n_summary;
};

/* An empty set of numbers below n. */
void members_init(struct members *m, size_t n);
void members_free(struct members *m); /* takes {0}; may repeat */
void members_clear(struct members *m);

/* The lowest member that is at least `from`, or NO_INDEX. */
uint32_t members_next(const struct members *m, uint32_t from);

static inline bool members_has(const struct members *m, uint32_t x)
{
    return m->words[x / 64] >> x % 64 & 1;
}

/* Numbers must be below n of members_init. */
static inline void members_add(struct members *m, uint32_t x)
{
    m->words[x / 64] |= UINT64_C(1) << x % 64;
    m->summary[x / 4096] |= UINT64_C(1) << x / 64 % 64;
}

static inline void members_drop(struct members *m, uint32_t x)
{
    uint64_t *word = &m->words[x / 64];

    *word &= ~(UINT64_C(1) << x % 64);
    if (*word == 0)
        m->summary[x / 4096] &= ~(UINT64_C(1) << x / 64 % 64);
}

#endif

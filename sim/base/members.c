#include "sim/base/members.h"

#include "sim/base/mem.h"
#include "sim/base/units.h"

#include <stdlib.h>
#include <string.h>

enum { PER_WORD = 64, PER_SUMMARY = PER_WORD * PER_WORD };

static size_t n_words(const struct members *m)
{
    return m->n_summary * PER_WORD;
}

/* Whole words of the summary, so that no search ends in the middle of one. */
void members_init(struct members *m, size_t n)
{
    m->n_summary = n / PER_SUMMARY + 1;
    m->words = mem_array(n_words(m) + m->n_summary, sizeof *m->words);
    m->summary = m->words + n_words(m);
}

void members_free(struct members *m)
{
    free(m->words);
    *m = (struct members){0};
}

void members_clear(struct members *m)
{
    memset(m->words, 0, (n_words(m) + m->n_summary) * sizeof *m->words);
}

/* The lowest bit that is set at or above `from`, n words; or NO_INDEX. */
static uint32_t next_bit(const uint64_t words[], size_t n, size_t from)
{
    size_t word = from / PER_WORD;

    if (word >= n)
        return NO_INDEX;
    uint64_t bits = words[word] & ~UINT64_C(0) << from % PER_WORD;
    while (bits == 0 && ++word < n)
        bits = words[word];
    return bits == 0
               ? NO_INDEX
               : (uint32_t)(word * PER_WORD) + (uint32_t)__builtin_ctzll(bits);
}

uint32_t members_next(const struct members *m, uint32_t from)
{
    size_t word = from / PER_WORD;

    if (word >= n_words(m))
        return NO_INDEX;
    uint64_t bits = m->words[word] & ~UINT64_C(0) << from % PER_WORD;
    if (bits == 0) {
        uint32_t next = next_bit(m->summary, m->n_summary, word + 1);
        if (next == NO_INDEX)
            return NO_INDEX;
        word = next;
        bits = m->words[word];
    }
    return (uint32_t)(word * PER_WORD) + (uint32_t)__builtin_ctzll(bits);
}

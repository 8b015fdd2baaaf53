#include "sim/base/members.h"

#include "sim/base/mem.h"
#include "sim/base/units.h"

#include <stdlib.h>
#include <string.h>

enum { PER_WORD = 64 };

void members_init(struct members *m, size_t n)
{
    m->n_words = (n + PER_WORD - 1) / PER_WORD;
    m->words = mem_array(m->n_words, sizeof *m->words);
}

void members_free(struct members *m)
{
    free(m->words);
    *m = (struct members){0};
}

void members_clear(struct members *m)
{
    memset(m->words, 0, m->n_words * sizeof *m->words);
}

uint32_t members_next(const struct members *m, uint32_t from)
{
    size_t word = from / PER_WORD;

    if (word >= m->n_words)
        return NO_INDEX;
    uint64_t bits = m->words[word] & ~UINT64_C(0) << from % PER_WORD;
    while (bits == 0 && ++word < m->n_words)
        bits = m->words[word];
    return bits == 0
               ? NO_INDEX
               : (uint32_t)(word * PER_WORD) + (uint32_t)__builtin_ctzll(bits);
}

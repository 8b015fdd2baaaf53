#include "sim/upstream/sizes.h"

#include "sim/base/mem.h"

#include <stdbool.h>
#include <stdlib.h>

void sizes_on_note(struct sizes *z, const struct note *n)
{
    if (n->kind != NOTE_SCALE)
        return;
    z->at = mem_grow(z->at, &z->cap, z->n + 1, sizeof *z->at);
    z->at[z->n++] = (struct size_change){n->at_us, n->pool, n->a, n->b};
}

void sizes_free(struct sizes *z)
{
    free(z->at);
    *z = (struct sizes){0};
}

/* The next change of the pool from *i on; NULL: none. */
static const struct size_change *next_of(const struct sizes *z, uint32_t pool,
                                         size_t *i)
{
    while (*i < z->n && z->at[*i].pool != pool)
        ++*i;
    return *i < z->n ? &z->at[(*i)++] : NULL;
}

static sim_us distance_us(sim_us a, sim_us b)
{
    return a < b ? b - a : a - b;
}

static bool is_same(const struct size_change *x, const struct size_change *y,
                    sim_us slack_us)
{
    return x && y && x->from == y->from && x->to == y->to &&
           distance_us(x->at_us, y->at_us) <= slack_us;
}

struct sizes_verdict sizes_compare(const struct sizes *a, const struct sizes *b,
                                   uint32_t pool, sim_us slack_us)
{
    struct sizes_verdict v = {.first_us = SIM_NEVER};
    size_t i = 0, k = 0;

    for (;;) {
        const struct size_change *x = next_of(a, pool, &i);
        const struct size_change *y = next_of(b, pool, &k);
        if (!x && !y)
            return v;
        v.n++;
        if (!is_same(x, y, slack_us)) {
            if (v.n_different++ == 0)
                v.first_us = x ? x->at_us : y->at_us;
            continue;
        }
        sim_us apart_us = distance_us(x->at_us, y->at_us);
        if (apart_us > v.most_us)
            v.most_us = apart_us;
    }
}

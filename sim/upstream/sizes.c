#include "sim/upstream/sizes.h"

#include "sim/base/mem.h"

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

/* One of the two histories on its way. */
struct course {
    const struct sizes *z;
    const struct size_change *next; /* NULL: none */
    size_t i, n;
    uint32_t size;
};

static struct course begin(const struct sizes *z, uint32_t pool)
{
    struct course c = {.z = z};

    c.next = next_of(z, pool, &c.i);
    c.size = c.next ? c.next->from : 0;
    return c;
}

static sim_us next_us(const struct course *c, sim_us until_us)
{
    return c->next && c->next->at_us < until_us ? c->next->at_us : until_us;
}

static void go_on(struct course *c, uint32_t pool, sim_us now_us)
{
    while (c->next && c->next->at_us <= now_us) {
        c->size = c->next->to;
        c->n++;
        c->next = next_of(c->z, pool, &c->i);
    }
}

static void add(struct sizes_verdict *v, sim_us from_us, sim_us to_us,
                uint32_t a, uint32_t b)
{
    uint32_t apart = a > b ? a - b : b - a;

    if (apart == 0 || from_us == to_us)
        return;
    if (v->first_us == SIM_NEVER)
        v->first_us = from_us;
    if (apart > v->most)
        v->most = apart;
    v->apart_us += to_us - from_us;
}

struct sizes_verdict sizes_compare(const struct sizes *a, const struct sizes *b,
                                   uint32_t pool, sim_us until_us)
{
    struct sizes_verdict v = {.first_us = SIM_NEVER};
    struct course x = begin(a, pool), y = begin(b, pool);

    /* Both begin with the size that the scenario gives. */
    if (!x.next)
        x.size = y.size;
    if (!y.next)
        y.size = x.size;
    for (sim_us now_us = 0; now_us < until_us;) {
        sim_us x_us = next_us(&x, until_us), y_us = next_us(&y, until_us);
        sim_us then_us = x_us < y_us ? x_us : y_us;
        add(&v, now_us, then_us, x.size, y.size);
        go_on(&x, pool, then_us);
        go_on(&y, pool, then_us);
        now_us = then_us;
    }
    v.n_a = x.n;
    v.n_b = y.n;
    return v;
}

/* heap2.c - a binary heap, bottom up: the hole at the root sinks to a leaf
 * without a branch, and the event that fills it climbs from there.
 */
#include "sim/base/mem.h"
#include "sim/engine/fel.h"

#include <assert.h>
#include <stdlib.h>

__extension__ typedef unsigned __int128 event_key;

struct entry {
    event_key key; /* time, kind, sequence */
    uint64_t load;
};

struct fel {
    event_key *keys; /* from 1 */
    uint64_t *loads;
    size_t n, cap_keys, cap_loads;
    bool hole;
    uint64_t sequence, n_popped;
    sim_us now_us;
};

struct fel *fel_new(void)
{
    return mem_array(1, sizeof(struct fel));
}

void fel_free(struct fel *f)
{
    if (!f)
        return;
    free(f->keys);
    free(f->loads);
    free(f);
}

void fel_clear(struct fel *f)
{
    f->n = 0;
    f->hole = false;
    f->sequence = f->n_popped = 0;
    f->now_us = 0;
}

static inline void climb(struct fel *f, size_t i, event_key key, uint64_t load)
{
    event_key *keys = f->keys;
    uint64_t *loads = f->loads;
    for (; i > 1 && key < keys[i / 2]; i /= 2) {
        keys[i] = keys[i / 2];
        loads[i] = loads[i / 2];
    }
    keys[i] = key;
    loads[i] = load;
}

static inline void fill(struct fel *f, event_key key, uint64_t load)
{
    event_key *keys = f->keys;
    uint64_t *loads = f->loads;
    size_t i = 1, n = f->n;
    for (size_t child = 2; child < n; child = 2 * i) {
        child += keys[child + 1] < keys[child];
        keys[i] = keys[child];
        loads[i] = loads[child];
        i = child;
    }
    if (2 * i == n) {
        keys[i] = keys[n];
        loads[i] = loads[n];
        i = n;
    }
    f->hole = false;
    climb(f, i, key, load);
}

static void close_hole(struct fel *f)
{
    size_t n = f->n--;
    f->hole = false;
    if (n > 1)
        fill(f, f->keys[n], f->loads[n]);
}

void fel_add(struct fel *f, sim_us at_us, uint16_t kind, uint32_t entity,
             uint32_t generation)
{
    assert(at_us >= f->now_us);
    event_key key =
        (event_key)(uint64_t)at_us << 64 | (uint64_t)kind << 48 | f->sequence++;
    uint64_t load = (uint64_t)generation << 32 | entity;
    if (f->hole) {
        fill(f, key, load);
        return;
    }
    if (f->n + 2 > f->cap_keys) {
        f->keys = mem_grow(f->keys, &f->cap_keys, f->n + 2, sizeof *f->keys);
        f->loads =
            mem_grow(f->loads, &f->cap_loads, f->n + 2, sizeof *f->loads);
    }
    climb(f, ++f->n, key, load);
}

bool fel_pop(struct fel *f, struct event *out)
{
    if (f->hole)
        close_hole(f);
    if (f->n == 0)
        return false;
    event_key key = f->keys[1];
    out->at_us = (sim_us)(key >> 64);
    out->kind = (uint16_t)((uint64_t)key >> 48);
    out->entity = (uint32_t)f->loads[1];
    out->generation = (uint32_t)(f->loads[1] >> 32);
    f->now_us = out->at_us;
    f->n_popped++;
    f->hole = true;
    return true;
}

sim_us fel_next_us(const struct fel *f)
{
    size_t n = f->n;
    if (n == f->hole)
        return SIM_NEVER;
    if (!f->hole)
        return (sim_us)(f->keys[1] >> 64);
    sim_us a = (sim_us)(f->keys[2] >> 64);
    sim_us b = n > 2 ? (sim_us)(f->keys[3] >> 64) : SIM_NEVER;
    return a < b ? a : b;
}

size_t fel_length(const struct fel *f)
{
    return f->n - f->hole;
}
uint64_t fel_count(const struct fel *f)
{
    return f->n_popped;
}

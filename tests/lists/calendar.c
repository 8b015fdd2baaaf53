/* calendar.c - a calendar queue: days of a fixed width, each a list in order,
 * and a year that comes again when the days are used up. Days and their width
 * follow the events.
 * Source    Brown, "Calendar Queues", CACM 31 (1988).
 */
#include "sim/base/mem.h"
#include "sim/engine/fel.h"

#include <assert.h>
#include <stdlib.h>

enum { FEWEST_DAYS = 16, SAMPLE = 25, NONE = 0 };

struct node {
    struct event e;
    uint32_t next; /* or NONE */
};

struct fel {
    struct node *nodes; /* owned; the first is NONE */
    size_t cap, n_nodes;
    uint32_t unused;
    uint32_t *days; /* owned; first node of each day */
    uint32_t *last; /* owned; beside days, valid if there is a first */
    size_t n_days;  /* power of two */
    unsigned shift; /* a day has 2^shift microseconds */
    size_t n;
    uint64_t n_popped;
    sim_us now_us;
};

void fel_clear(struct fel *f)
{
    for (size_t i = 0; i < f->n_days; i++)
        f->days[i] = NONE;
    f->n = 0;
    f->n_nodes = 1;
    f->unused = NONE;
    f->n_popped = 0;
    f->now_us = 0;
}

struct fel *fel_new(void)
{
    struct fel *f = mem_array(1, sizeof *f);

    f->n_days = FEWEST_DAYS;
    f->days = mem_array(f->n_days, sizeof *f->days);
    f->last = mem_array(f->n_days, sizeof *f->last);
    f->shift = 20;
    f->nodes = mem_grow(NULL, &f->cap, 1, sizeof *f->nodes);
    fel_clear(f);
    return f;
}

void fel_free(struct fel *f)
{
    if (!f)
        return;
    free(f->nodes);
    free(f->days);
    free(f->last);
    free(f);
}

static size_t day_of(const struct fel *f, sim_us at_us)
{
    return (size_t)(at_us >> f->shift) & (f->n_days - 1);
}

static bool is_later(const struct event *x, const struct event *e)
{
    return x->at_us > e->at_us || (x->at_us == e->at_us && x->kind > e->kind);
}

/* Often behind the last, above all where many events share an instant. */
static void insert(struct fel *f, uint32_t i)
{
    const struct event *e = &f->nodes[i].e;
    size_t day = day_of(f, e->at_us);
    uint32_t *link = &f->days[day];

    if (*link != NONE && !is_later(&f->nodes[f->last[day]].e, e))
        link = &f->nodes[f->last[day]].next;
    while (*link != NONE && !is_later(&f->nodes[*link].e, e))
        link = &f->nodes[*link].next;
    if (*link == NONE)
        f->last[day] = i;
    f->nodes[i].next = *link;
    *link = i;
}

/* Where the next event hangs; there is one. */
static uint32_t *find_next(const struct fel *f)
{
    uint32_t *best = NULL;
    sim_us day = f->now_us >> f->shift;

    for (size_t i = 0; i < f->n_days; i++, day++) {
        uint32_t *first = &f->days[(size_t)day & (f->n_days - 1)];

        if (*first == NONE)
            continue;
        sim_us at_us = f->nodes[*first].e.at_us;

        if (at_us >> f->shift <= day)
            return first;
        if (!best || at_us < f->nodes[*best].e.at_us)
            best = first;
    }
    return best;
}

static uint32_t take(struct fel *f)
{
    uint32_t *first = find_next(f), i = *first;

    *first = f->nodes[i].next;
    f->now_us = f->nodes[i].e.at_us;
    return i;
}

/* Three times the mean distance of the next few events, as a power of two. */
static unsigned width_of_day(struct fel *f)
{
    uint32_t sample[SAMPLE];
    sim_us now_us = f->now_us;
    size_t n = f->n < SAMPLE ? f->n : SAMPLE;
    unsigned shift = 0;

    if (n == 0)
        return f->shift;
    for (size_t i = 0; i < n; i++)
        sample[i] = take(f);
    sim_us span_us = f->now_us - f->nodes[sample[0]].e.at_us;

    while (shift < 50 && INT64_C(1) << shift < 3 * span_us / (sim_us)n)
        shift++;
    f->now_us = now_us;
    for (size_t i = n; i-- > 0;) { /* as the first of its day again */
        size_t day = day_of(f, f->nodes[sample[i]].e.at_us);

        if (f->days[day] == NONE)
            f->last[day] = sample[i];
        f->nodes[sample[i]].next = f->days[day];
        f->days[day] = sample[i];
    }
    return shift;
}

static void resize(struct fel *f, size_t n_days)
{
    uint32_t *old = f->days;
    size_t n_old = f->n_days;

    f->shift = width_of_day(f);
    f->n_days = n_days;
    f->days = mem_array(n_days, sizeof *f->days);
    free(f->last);
    f->last = mem_array(n_days, sizeof *f->last);
    for (size_t i = 0; i < n_old; i++) {
        uint32_t next = old[i];

        while (next != NONE) {
            uint32_t node = next;

            next = f->nodes[node].next;
            insert(f, node);
        }
    }
    free(old);
}

void fel_add(struct fel *f, sim_us at_us, uint16_t kind, uint32_t entity,
             uint32_t generation)
{
    uint32_t i = f->unused;

    assert(at_us >= f->now_us);
    if (i != NONE) {
        f->unused = f->nodes[i].next;
    } else {
        i = (uint32_t)f->n_nodes++;
        f->nodes = mem_grow(f->nodes, &f->cap, f->n_nodes, sizeof *f->nodes);
    }
    f->nodes[i].e = (struct event){at_us, kind, entity, generation};
    insert(f, i);
    if (++f->n > 2 * f->n_days)
        resize(f, 2 * f->n_days);
}

bool fel_pop(struct fel *f, struct event *out)
{
    if (f->n == 0)
        return false;
    uint32_t i = take(f);

    *out = f->nodes[i].e;
    f->nodes[i].next = f->unused;
    f->unused = i;
    f->n_popped++;
    if (--f->n < f->n_days / 2 && f->n_days > FEWEST_DAYS)
        resize(f, f->n_days / 2);
    return true;
}

sim_us fel_next_us(const struct fel *f)
{
    return f->n > 0 ? f->nodes[*find_next(f)].e.at_us : SIM_NEVER;
}

size_t fel_length(const struct fel *f)
{
    return f->n;
}

uint64_t fel_count(const struct fel *f)
{
    return f->n_popped;
}

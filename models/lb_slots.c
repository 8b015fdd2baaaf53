#include "models/lb_slots.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ by pod */

static uint32_t home_of(const struct lb_slots *s, uint32_t pod)
{
    return pod * 2654435761u >> 8 & (s->n_cells - 1);
}

static uint32_t after(const struct lb_slots *s, uint32_t cell)
{
    return (cell + 1) & (s->n_cells - 1);
}

/* The cell of a pod that has a slot, or the empty one where it would be. */
static uint32_t cell_of(const struct lb_slots *s, uint32_t pod)
{
    uint32_t cell = home_of(s, pod);

    while (s->cells[cell] != 0 && s->slots[s->cells[cell] - 1].pod != pod)
        cell = after(s, cell);
    return cell;
}

/* Empties a cell. Entries behind it that did not find their home empty move
 * up, so that no search ends too early.
 */
static void empty_cell(struct lb_slots *s, uint32_t cell)
{
    uint32_t mask = s->n_cells - 1;

    for (uint32_t i = after(s, cell); s->cells[i] != 0; i = after(s, i)) {
        uint32_t home = home_of(s, s->slots[s->cells[i] - 1].pod);
        if (((i - home) & mask) < ((i - cell) & mask))
            continue;
        s->cells[cell] = s->cells[i];
        cell = i;
    }
    s->cells[cell] = 0;
}

uint32_t lb_slots_find(const struct lb_slots *s, uint32_t pod)
{
    uint32_t held = s->cells[cell_of(s, pod)];

    return held == 0 ? NO_INDEX : held - 1;
}

/* ------------------------------------------------------------ life */

void lb_slots_init(struct lb_slots *s, const struct lb_backend_params *p)
{
    assert(p->n_slots >= 1 && p->n_slots <= LB_SLOTS);
    assert(p->maxconn >= 1 && p->maxconn <= LB_MAXCONN);
    *s = (struct lb_slots){.n = p->n_slots, .maxconn = p->maxconn};
    s->slots = mem_array(s->n, sizeof(*s->slots));
    for (s->n_cells = 4; s->n_cells <= 2 * s->n;)
        s->n_cells *= 2;
    s->cells = mem_array(s->n_cells, sizeof *s->cells);
    for (uint32_t load = 0; load < s->maxconn; load++)
        s->idle[load].members = mem_array(s->n, sizeof(uint32_t));
    lb_slots_clear(s);
}

void lb_slots_free(struct lb_slots *s)
{
    for (uint32_t load = 0; load < s->maxconn; load++)
        free(s->idle[load].members);
    free(s->cells);
    free(s->slots);
    *s = (struct lb_slots){0};
}

void lb_slots_clear(struct lb_slots *s)
{
    for (uint32_t i = 0; i < s->n; i++)
        s->slots[i] =
            (struct lb_slot){.pod = NO_INDEX,
                             .prev = NO_INDEX,
                             .next = NO_INDEX,
                             .generation = s->slots[i].generation + 1};
    for (uint32_t load = 0; load < s->maxconn; load++) {
        s->idle[load].head = s->idle[load].tail = NO_INDEX;
        s->idle[load].n = 0;
    }
    memset(s->cells, 0, s->n_cells * sizeof *s->cells);
    s->n_up = s->n_placed = s->n_answers = 0;
}

/* ------------------------------------------------------------ by load */

uint32_t lb_slots_pick(const struct lb_slots *s, bool at_random, double u)
{
    for (uint32_t load = 0; load < s->maxconn; load++) {
        const struct lb_idle *l = &s->idle[load];
        if (l->n > 0)
            return at_random ? l->members[(uint32_t)(u * l->n)] : l->head;
    }
    return NO_INDEX;
}

/* To the tail of the list of its load, if it may be chosen at all. */
static void join(struct lb_slots *s, uint32_t slot)
{
    struct lb_slot *t = &s->slots[slot];

    assert(!t->idle);
    if (!t->up || t->served >= s->maxconn)
        return;
    struct lb_idle *l = &s->idle[t->served];
    t->idle = true;
    t->prev = l->tail;
    t->next = NO_INDEX;
    if (l->tail == NO_INDEX)
        l->head = slot;
    else
        s->slots[l->tail].next = slot;
    l->tail = slot;
    t->rank = l->n;
    l->members[l->n++] = slot;
}

static void part(struct lb_slots *s, uint32_t slot)
{
    struct lb_slot *t = &s->slots[slot];

    if (!t->idle)
        return;
    struct lb_idle *l = &s->idle[t->served];
    t->idle = false;
    if (t->prev == NO_INDEX)
        l->head = t->next;
    else
        s->slots[t->prev].next = t->next;
    if (t->next == NO_INDEX)
        l->tail = t->prev;
    else
        s->slots[t->next].prev = t->prev;
    uint32_t last = l->members[--l->n];
    l->members[t->rank] = last;
    s->slots[last].rank = t->rank;
}

void lb_slots_take(struct lb_slots *s, uint32_t slot)
{
    part(s, slot);
    s->slots[slot].served++;
    join(s, slot);
}

void lb_slots_release(struct lb_slots *s, uint32_t slot)
{
    assert(s->slots[slot].served > 0);
    part(s, slot);
    s->slots[slot].served--;
    join(s, slot);
}

/* ------------------------------------------------------------ changes */

void lb_slots_place(struct lb_slots *s, uint32_t slot, uint32_t pod)
{
    uint32_t before = s->slots[slot].pod;

    if (before != NO_INDEX) {
        empty_cell(s, cell_of(s, before));
        s->n_placed--;
    }
    if (pod != NO_INDEX) {
        s->cells[cell_of(s, pod)] = slot + 1;
        s->n_placed++;
    }
    s->slots[slot].pod = pod;
}

void lb_slots_set_up(struct lb_slots *s, uint32_t slot, bool up)
{
    if (s->slots[slot].up == up)
        return;
    part(s, slot);
    s->slots[slot].up = up;
    if (up)
        s->n_up++;
    else
        s->n_up--;
    join(s, slot);
}

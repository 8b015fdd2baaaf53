#include "models/lb_slots.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void lb_slots_init(struct lb_slots *s, const struct lb_backend_params *p)
{
    assert(p->n_slots >= 1 && p->n_slots <= LB_SLOTS);
    assert(p->maxconn >= 1 && p->maxconn <= LB_MAXCONN);
    *s = (struct lb_slots){.n = p->n_slots, .maxconn = p->maxconn};
    s->slots = mem_array(s->n, sizeof(*s->slots));
    for (uint32_t load = 0; load < s->maxconn; load++)
        s->idle[load].members = mem_array(s->n, sizeof(uint32_t));
    lb_slots_clear(s);
}

void lb_slots_free(struct lb_slots *s)
{
    for (uint32_t load = 0; load < s->maxconn; load++)
        free(s->idle[load].members);
    free(s->slot_of);
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
    if (s->cap_pods > 0)
        memset(s->slot_of, 0, s->cap_pods * sizeof(*s->slot_of));
    s->n_up = s->n_placed = s->n_answers = 0;
}

uint32_t lb_slots_find(const struct lb_slots *s, uint32_t pod)
{
    if (pod >= s->cap_pods || s->slot_of[pod] == 0)
        return NO_INDEX;
    return s->slot_of[pod] - 1;
}

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

void lb_slots_place(struct lb_slots *s, uint32_t slot, uint32_t pod)
{
    uint32_t before = s->slots[slot].pod;

    if (before != NO_INDEX) {
        s->slot_of[before] = 0;
        s->n_placed--;
    }
    s->slots[slot].pod = pod;
    if (pod == NO_INDEX)
        return;
    if (pod >= s->cap_pods)
        s->slot_of = mem_grow(s->slot_of, &s->cap_pods, (size_t)pod + 1,
                              sizeof(*s->slot_of));
    s->slot_of[pod] = slot + 1;
    s->n_placed++;
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

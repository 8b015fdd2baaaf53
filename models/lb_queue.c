#include "models/lb_queue.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>

uint32_t lb_sessions_new(struct lb_sessions *s)
{
    uint32_t i = s->free_plus_1 - 1;

    if (s->free_plus_1 > 0) {
        s->free_plus_1 = s->at[i].next;
    } else {
        assert(s->n < NO_INDEX);
        i = (uint32_t)s->n++;
        s->at = mem_grow(s->at, &s->cap, s->n, sizeof(*s->at));
        s->at[i].generation = s->base;
    }
    uint32_t generation = s->at[i].generation + 1;
    if (generation > s->top)
        s->top = generation;
    s->at[i] = (struct lb_session){.generation = generation,
                                   .slot = NO_INDEX,
                                   .pod = NO_INDEX,
                                   .prev = NO_INDEX,
                                   .next = NO_INDEX};
    return i;
}

void lb_sessions_drop(struct lb_sessions *s, uint32_t session)
{
    assert(s->at[session].state != LB_FREE);
    s->at[session].state = LB_FREE;
    s->at[session].next = s->free_plus_1;
    s->free_plus_1 = session + 1;
}

void lb_sessions_clear(struct lb_sessions *s)
{
    *s = (struct lb_sessions){.at = s->at, .cap = s->cap};
}

void lb_sessions_free(struct lb_sessions *s)
{
    free(s->at);
    *s = (struct lb_sessions){0};
}

void lb_queue_init(struct lb_queue *q)
{
    *q = (struct lb_queue){NO_INDEX, NO_INDEX, 0};
}

void lb_queue_push(struct lb_queue *q, struct lb_sessions *s, uint32_t session)
{
    struct lb_session *x = &s->at[session];

    x->prev = q->tail;
    x->next = NO_INDEX;
    if (q->tail == NO_INDEX)
        q->head = session;
    else
        s->at[q->tail].next = session;
    q->tail = session;
    q->n++;
}

void lb_queue_remove(struct lb_queue *q, struct lb_sessions *s,
                     uint32_t session)
{
    const struct lb_session *x = &s->at[session];

    assert(q->n > 0);
    if (x->prev == NO_INDEX)
        q->head = x->next;
    else
        s->at[x->prev].next = x->next;
    if (x->next == NO_INDEX)
        q->tail = x->prev;
    else
        s->at[x->next].prev = x->prev;
    q->n--;
}

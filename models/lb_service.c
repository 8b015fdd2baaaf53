#include "models/lb_service.h"

#include "sim/base/mem.h"

#include <assert.h>

void lb_emit(struct lb *lb, struct lb_out out)
{
    lb->out = mem_grow(lb->out, &lb->cap_out, lb->n_out + 1, sizeof(*lb->out));
    lb->out[lb->n_out++] = out;
}

void lb_forget(struct lb *lb, uint32_t session)
{
    struct lb_gauges *g =
        &lb->backends[lb->sessions.at[session].backend].gauges;

    assert(g->sessions > 0);
    g->sessions--;
    lb_sessions_drop(&lb->sessions, session);
}

void lb_close(struct lb *lb, uint32_t session, enum lb_out_kind kind)
{
    const struct lb_session *s = &lb->sessions.at[session];

    if (s->client != NO_INDEX)
        lb_emit(lb, (struct lb_out){.kind = kind,
                                    .backend = s->backend,
                                    .session = session,
                                    .client = s->client,
                                    .pod = s->pod,
                                    .slot = s->slot,
                                    .generation = s->generation});
    lb_forget(lb, session);
}

/* The head of the queue goes to the slot. */
static void dispatch(struct lb *lb, uint32_t backend, uint32_t slot,
                     bool reserved)
{
    struct lb_backend *b = &lb->backends[backend];
    uint32_t session = b->queue.head;
    struct lb_session *s = &lb->sessions.at[session];

    lb_queue_remove(&b->queue, &lb->sessions, session);
    s->state = LB_OPEN;
    s->slot = slot;
    s->pod = b->slots.slots[slot].pod;
    s->reserved = reserved;
    if (reserved)
        lb_slots_take(&b->slots, slot);
    lb_emit(lb, (struct lb_out){.kind = s->client == NO_INDEX ? LB_GHOST
                                                              : LB_DISPATCH,
                                .backend = backend,
                                .session = session,
                                .client = s->client,
                                .pod = s->pod,
                                .slot = slot,
                                .generation = s->generation});
}

void lb_serve(struct lb *lb, uint32_t backend, uint32_t slot)
{
    struct lb_backend *b = &lb->backends[backend];
    const struct lb_slot *t = &b->slots.slots[slot];

    while (t->up && t->served < b->slots.maxconn && b->queue.n > 0)
        dispatch(lb, backend, slot, true);
}

void lb_enter(struct lb *lb, uint32_t backend, uint32_t slot)
{
    struct lb_backend *b = &lb->backends[backend];
    bool fixed = lb->p->version != LB_2_6 && lb->p->version != LB_3_1_0;

    lb_slots_set_up(&b->slots, slot, true);
    if (fixed) {
        lb_serve(lb, backend, slot);
        return;
    }
    /* These take from the queue without reserving the place, so that the next
     * arrival gets the same server.
     */
    uint32_t room = b->slots.maxconn - b->slots.slots[slot].served;
    for (; room > 0 && b->queue.n > 0; room--)
        dispatch(lb, backend, slot, false);
}

void lb_flush(struct lb *lb, uint32_t backend)
{
    struct lb_backend *b = &lb->backends[backend];

    if (b->slots.n_up > 0 || lb->p->version == LB_2_6)
        return;
    while (b->queue.n > 0) {
        uint32_t session = b->queue.head;
        lb_queue_remove(&b->queue, &lb->sessions, session);
        b->gauges.connection_errors++;
        lb_close(lb, session, LB_CLOSE);
    }
}

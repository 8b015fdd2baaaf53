#include "models/lb_process.h"

#include "models/lb_service.h"
#include "sim/base/mem.h"

#include <stdlib.h>

static void reset_backend(struct lb_backend *b)
{
    lb_queue_init(&b->queue);
    b->gauges = (struct lb_gauges){0};
    b->failing = false;
    b->hold_at_us = SIM_NEVER;
}

void lb_init(struct lb *lb, const struct lb_params *p)
{
    *lb = (struct lb){.p = p, .listening = true};
    lb->backends = mem_array(p->n_backends, sizeof(*lb->backends));
    for (size_t i = 0; i < p->n_backends; i++) {
        lb->backends[i].p = &p->backends[i];
        lb_slots_init(&lb->backends[i].slots, &p->backends[i]);
        reset_backend(&lb->backends[i]);
    }
}

static void clear_backends(struct lb *lb)
{
    for (size_t i = 0; i < lb->p->n_backends; i++) {
        reset_backend(&lb->backends[i]);
        lb_slots_clear(&lb->backends[i].slots);
    }
}

void lb_again(struct lb *lb)
{
    clear_backends(lb);
    lb_sessions_clear(&lb->sessions);
    lb->n_out = 0;
    lb->listening = true;
}

void lb_free(struct lb *lb)
{
    for (size_t i = 0; lb->p && i < lb->p->n_backends; i++)
        lb_slots_free(&lb->backends[i].slots);
    free(lb->backends);
    free(lb->out);
    lb_sessions_free(&lb->sessions);
    *lb = (struct lb){0};
}

void lb_on_stop(struct lb *lb)
{
    lb->listening = false;
}

void lb_on_reload(struct lb *lb, struct lb *old)
{
    lb_on_stop(lb);
    *old = *lb;
    lb_init(lb, old->p);
    lb->sessions.base = lb->sessions.top = old->sessions.top;
    for (size_t i = 0; i < lb->p->n_backends; i++) {
        struct lb_slots *s = &lb->backends[i].slots;
        for (uint32_t slot = 0; slot < s->n; slot++)
            s->slots[slot].generation =
                old->backends[i].slots.slots[slot].generation + 1;
    }
}

void lb_on_restart(struct lb *lb)
{
    for (uint32_t i = 0; i < lb->sessions.n; i++) {
        enum lb_session_state state = lb->sessions.at[i].state;
        if (state != LB_FREE)
            lb_close(lb, i, state == LB_OPEN ? LB_CUT : LB_CLOSE);
    }
    clear_backends(lb);
    lb->listening = false;
}

void lb_on_listen(struct lb *lb)
{
    lb->listening = true;
}

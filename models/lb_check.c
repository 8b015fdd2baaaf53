#include "models/lb_check.h"

#include "models/lb_service.h"
#include "sim/base/mem.h"

#include <assert.h>

/* Checks of the slot at or before t, up to a constant; floors below 0. */
static int64_t checks_before(const struct lb_backend_params *p, uint32_t slot,
                             sim_us t_us)
{
    sim_us phase_us = p->check_us * slot / p->n_slots;
    sim_us x_us = t_us - phase_us;
    int64_t n = x_us / p->check_us;

    return x_us % p->check_us < 0 ? n - 1 : n;
}

sim_us lb_check_next_us(const struct lb_backend_params *p, uint32_t slot,
                        sim_us after_us)
{
    sim_us phase_us = p->check_us * slot / p->n_slots;

    return phase_us + (checks_before(p, slot, after_us) + 1) * p->check_us;
}

uint32_t lb_check_count(const struct lb_backend_params *p, uint32_t slot,
                        sim_us from_us, sim_us to_us)
{
    int64_t n = checks_before(p, slot, to_us) - checks_before(p, slot, from_us);

    assert(n >= 0 && n <= UINT32_MAX);
    return (uint32_t)n;
}

/* Checks up to t that got no answer. Each fails when an interval has passed,
 * and the next one begins an interval later.
 */
static uint32_t unanswered(const struct lb_backend_params *p,
                           const struct lb_slot *t, sim_us t_us)
{
    sim_us first_us = t->silent_us + p->check_us;

    if (t_us < first_us)
        return 0;
    return (uint32_t)((t_us - first_us) / (2 * p->check_us)) + 1;
}

/* Checks in a row that turn the server's present state around. */
static uint32_t needed(const struct lb_backend_params *p,
                       const struct lb_slot *t)
{
    if (!t->up)
        return t->fresh ? 1 : p->rise;
    return t->checked ? p->fall : 1;
}

static void turn(struct lb *lb, uint32_t backend, uint32_t slot)
{
    struct lb_slots *s = &lb->backends[backend].slots;
    struct lb_slot *t = &s->slots[slot];

    t->streak = 0;
    t->fresh = false;
    if (t->up) {
        lb_slots_set_up(s, slot, false);
        lb_flush(lb, backend);
    } else {
        t->checked = true;
        lb_enter(lb, backend, slot);
    }
}

/* Counts the checks since the last change; the port was the same in all. */
static void settle(struct lb *lb, uint32_t backend, uint32_t slot,
                   sim_us now_us)
{
    const struct lb_backend_params *p = lb->backends[backend].p;
    struct lb_slot *t = &lb->backends[backend].slots.slots[slot];
    bool good = t->port == LB_PORT_OPEN;
    uint32_t n = t->port == LB_PORT_SILENT
                     ? unanswered(p, t, now_us) - unanswered(p, t, t->since_us)
                     : lb_check_count(p, slot, t->since_us, now_us);

    t->since_us = now_us;
    if (n == 0)
        return;
    t->fresh = t->fresh && good;
    if (t->up == good) {
        t->streak = 0;
        t->checked = t->checked || good;
        return;
    }
    t->streak += n;
    if (t->streak >= needed(p, t))
        turn(lb, backend, slot);
}

/* The n-th check from now on that says the same of the port. */
static sim_us nth_us(const struct lb_backend_params *p, const struct lb_slot *t,
                     uint32_t slot, uint32_t n, sim_us now_us)
{
    if (t->port != LB_PORT_SILENT)
        return lb_check_next_us(p, slot, now_us) + (n - 1) * p->check_us;
    uint32_t past = unanswered(p, t, now_us);
    return t->silent_us + p->check_us + 2 * (past + n - 1) * p->check_us;
}

/* When the checks to come turn the state around, if they do. */
static void plan(struct lb *lb, uint32_t backend, uint32_t slot, sim_us now_us)
{
    const struct lb_backend_params *p = lb->backends[backend].p;
    struct lb_slot *t = &lb->backends[backend].slots.slots[slot];

    t->generation++;
    if (t->up == (t->port == LB_PORT_OPEN))
        return;
    sim_us at_us = nth_us(p, t, slot, needed(p, t) - t->streak, now_us);
    lb_emit(lb, (struct lb_out){.kind = LB_CHECK,
                                .backend = backend,
                                .session = NO_INDEX,
                                .client = NO_INDEX,
                                .pod = t->pod,
                                .slot = slot,
                                .generation = t->generation,
                                .at_us = at_us});
}

void lb_check_set(struct lb *lb, uint32_t backend, uint32_t slot,
                  enum lb_port port, sim_us now_us)
{
    const struct lb_backend_params *p = lb->backends[backend].p;
    struct lb_slot *t = &lb->backends[backend].slots.slots[slot];

    if (p->check)
        settle(lb, backend, slot, now_us);
    t->port = port;
    t->silent_us = lb_check_next_us(p, slot, now_us);
    if (p->check)
        plan(lb, backend, slot, now_us);
}

void lb_on_port(struct lb *lb, uint32_t backend, uint32_t pod,
                enum lb_port port, sim_us now_us)
{
    const struct lb_slots *s = &lb->backends[backend].slots;
    uint32_t slot = lb_slots_find(s, pod);

    if (slot != NO_INDEX && s->slots[slot].port != port)
        lb_check_set(lb, backend, slot, port, now_us);
}

void lb_on_check(struct lb *lb, uint32_t backend, uint32_t slot,
                 uint32_t generation, sim_us now_us)
{
    assert(slot < lb->backends[backend].slots.n);
    if (lb->backends[backend].slots.slots[slot].generation != generation)
        return;
    settle(lb, backend, slot, now_us);
    plan(lb, backend, slot, now_us);
}

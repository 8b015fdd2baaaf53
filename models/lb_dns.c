#include "models/lb_dns.h"

#include "models/lb_service.h"
#include "sim/base/mem.h"

#include <assert.h>

/* A server without an address: its session goes on, its queue does not. */
static void leave(struct lb_backend *b, uint32_t slot)
{
    lb_slots_set_up(&b->slots, slot, false);
    lb_slots_place(&b->slots, slot, NO_INDEX);
    b->slots.slots[slot].generation++;
}

/* UP at once, before any check, unless it is to wait for one. */
static void enter(struct lb *lb, uint32_t backend, uint32_t slot, sim_us now_us)
{
    const struct lb_backend_params *p = lb->backends[backend].p;
    struct lb_slot *t = &lb->backends[backend].slots.slots[slot];

    t->checked = false;
    t->port = LB_PORT_OPEN;
    t->streak = 0;
    t->since_us = now_us;
    t->generation++;
    t->fresh = p->check && p->init_down;
    if (t->fresh)
        lb_check_set(lb, backend, slot, LB_PORT_OPEN, now_us);
    else
        lb_enter(lb, backend, slot);
}

/* The next record at or behind *at that no slot has, or NO_INDEX. */
static uint32_t next_unplaced(const struct lb_slots *s,
                              const struct lb_records *a, uint32_t *at)
{
    while (*at < a->n && lb_slots_find(s, a->pods[*at]) != NO_INDEX)
        ++*at;
    return *at < a->n ? a->pods[*at] : NO_INDEX;
}

/* One slot under a good answer. *at runs over the records. */
static void place(struct lb *lb, uint32_t backend, uint32_t slot,
                  const struct lb_records *a, uint32_t *at, sim_us now_us)
{
    struct lb_backend *b = &lb->backends[backend];
    uint32_t before = b->slots.slots[slot].pod;
    uint32_t pod = next_unplaced(&b->slots, a, at);

    if (pod != NO_INDEX)
        lb_slots_place(&b->slots, slot, pod);
    if (before == NO_INDEX && pod != NO_INDEX)
        enter(lb, backend, slot, now_us);
    else if (before != NO_INDEX && pod != NO_INDEX)
        lb_check_set(lb, backend, slot, LB_PORT_OPEN, now_us);
    else if (before != NO_INDEX)
        leave(b, slot);
}

static void apply(struct lb *lb, uint32_t backend, const struct lb_records *a,
                  sim_us now_us)
{
    struct lb_slots *s = &lb->backends[backend].slots;
    uint32_t answer = ++s->n_answers, at = 0;
    uint32_t n_gone = s->n_placed, n_new = a->n;

    for (uint32_t i = 0; i < a->n; i++) {
        uint32_t slot = lb_slots_find(s, a->pods[i]);
        if (slot == NO_INDEX)
            continue;
        s->slots[slot].mark = answer;
        n_gone--;
        n_new--;
    }
    /* Slot by slot, as the resolver asks its servers: so an empty low slot
     * comes before the one that is vacated in this answer.
     */
    for (uint32_t slot = 0; slot < s->n && n_gone + n_new > 0; slot++) {
        bool placed = s->slots[slot].pod != NO_INDEX;
        if (placed && s->slots[slot].mark == answer)
            continue;
        n_gone -= placed;
        n_new -= n_new > 0;
        place(lb, backend, slot, a, &at, now_us);
    }
    lb_flush(lb, backend);
}

static sim_us hold_us(const struct lb_backend_params *p,
                      enum lb_records_kind kind)
{
    if (kind == LB_RECORDS_NX)
        return p->hold_nx_us;
    if (kind == LB_RECORDS_REFUSED)
        return p->hold_refused_us;
    return kind == LB_RECORDS_TIMEOUT ? p->hold_timeout_us : p->hold_other_us;
}

/* First failed resolution after the hold, if all from now on fail alike.
 *
 * The query that falls on a short hold to the microsecond misses it by
 * milliseconds in practice; over the long hold of REFUSED the drift of the
 * queries is larger than that.
 */
static sim_us lost_us(const struct lb_backend_params *p, sim_us good_us,
                      enum lb_records_kind kind, sim_us now_us)
{
    bool silent = kind == LB_RECORDS_TIMEOUT;
    bool exact = silent || kind == LB_RECORDS_REFUSED;
    sim_us try_us = silent ? p->retry_us * p->resolve_tries : 0;
    sim_us period_us = try_us + p->resolve_us;
    sim_us over_us = good_us + hold_us(p, kind) + (exact ? 0 : 1);
    sim_us first_us = now_us + try_us;

    if (first_us >= over_us)
        return first_us;
    sim_us missing_us = over_us - first_us;
    return first_us + (missing_us + period_us - 1) / period_us * period_us;
}

static enum lb_records_kind seen_as(const struct lb_backend_params *p,
                                    const struct lb_records *a)
{
    bool good = a->n > 0 && a->n <= lb_max_records(p);

    return a->kind == LB_RECORDS_OK && !good ? LB_RECORDS_OTHER : a->kind;
}

sim_us lb_on_answer(struct lb *lb, uint32_t backend, const struct lb_records *a,
                    sim_us now_us)
{
    assert(backend < lb->p->n_backends);
    struct lb_backend *b = &lb->backends[backend];
    enum lb_records_kind kind = seen_as(b->p, a);

    if (b->failing && b->bad == kind)
        return b->hold_at_us;
    b->bad = kind;
    b->hold_at_us = SIM_NEVER;
    if (kind == LB_RECORDS_OK) {
        b->failing = false;
        apply(lb, backend, a, now_us);
        return SIM_NEVER;
    }
    if (!b->failing) {
        b->failing = true;
        b->good_us = now_us - b->p->resolve_us;
    }
    if (b->slots.n_placed > 0)
        b->hold_at_us = lost_us(b->p, b->good_us, kind, now_us);
    return b->hold_at_us;
}

void lb_on_hold(struct lb *lb, uint32_t backend, sim_us now_us)
{
    struct lb_backend *b = &lb->backends[backend];

    if (b->hold_at_us != now_us)
        return;
    b->hold_at_us = SIM_NEVER;
    for (uint32_t slot = 0; slot < b->slots.n; slot++)
        if (b->slots.slots[slot].pod != NO_INDEX)
            leave(b, slot);
    lb_flush(lb, backend);
}

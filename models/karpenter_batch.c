#include "models/karpenter_batch.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void karp_batch_init(struct karp_batch *b, sim_us idle_us, sim_us max_us,
                     sim_us repeat_us)
{
    assert(idle_us > 0 && max_us > 0 && repeat_us > 0);
    *b = (struct karp_batch){
        .idle_us = idle_us, .max_us = max_us, .repeat_us = repeat_us};
}

void karp_batch_free(struct karp_batch *b)
{
    free(b->triggers);
    for (size_t i = 0; i < KARP_SOURCES; i++)
        free(b->slots[i].at);
    *b = (struct karp_batch){0};
}

void karp_batch_again(struct karp_batch *b)
{
    struct karp_batch was = *b;

    karp_batch_init(b, was.idle_us, was.max_us, was.repeat_us);
    b->no_elision = was.no_elision;
    b->watch = was.watch;
    b->triggers = was.triggers;
    b->cap_triggers = was.cap_triggers;
    memcpy(b->slots, was.slots, sizeof b->slots);
    for (size_t i = 0; i < KARP_SOURCES; i++)
        if (b->slots[i].cap > 0)
            memset(b->slots[i].at, 0, b->slots[i].cap * sizeof *b->slots[i].at);
}

/* First repetition strictly after t. */
static sim_us repeat_after(const struct karp_batch *b,
                           const struct karp_trigger *r, sim_us t)
{
    assert(b->repeat_us > 0);
    if (t < r->first_us)
        return r->first_us + b->repeat_us;
    sim_us n = (t - r->first_us) / b->repeat_us + 1;

    return r->first_us + n * b->repeat_us;
}

/* First repetition after the cursor; of sources not yet seen if unseen. */
static sim_us next_repeat(const struct karp_batch *b, bool unseen)
{
    sim_us first = SIM_NEVER;

    for (size_t i = 0; i < b->n_triggers; i++) {
        if (unseen && b->triggers[i].seen == b->window)
            continue;
        sim_us t = repeat_after(b, &b->triggers[i], b->cursor_us);
        first = t < first ? t : first;
    }
    return first;
}

static sim_us closing_us(const struct karp_batch *b)
{
    sim_us max = b->opened_us + b->max_us;

    return b->idle_due_us < max ? b->idle_due_us : max;
}

static void open_window(struct karp_batch *b, sim_us now_us)
{
    b->phase = KARP_WINDOW;
    b->remembered = false;
    b->opened_us = now_us;
    b->idle_due_us = now_us + b->idle_us;
    b->window++;
}

/* Sources whose repetition falls on t have been seen in this window. */
static void see_repeats(struct karp_batch *b, sim_us t)
{
    for (size_t i = 0; i < b->n_triggers; i++)
        if (repeat_after(b, &b->triggers[i], t - 1) == t)
            b->triggers[i].seen = b->window;
}

/* The functions below take one step of the batcher's own, not beyond to_us,
 * and return false if there is none.
 */
static bool step_waiting(struct karp_batch *b, sim_us to_us)
{
    sim_us t = next_repeat(b, false);

    if (t > to_us)
        return false;
    open_window(b, t);
    see_repeats(b, t);
    b->cursor_us = t;
    return true;
}

static bool step_window(struct karp_batch *b, sim_us to_us)
{
    sim_us close = closing_us(b);
    sim_us t = b->idle_us < b->max_us ? next_repeat(b, true) : SIM_NEVER;

    if (t <= close && t <= to_us) {
        see_repeats(b, t);
        b->idle_due_us = t + b->idle_us;
        b->cursor_us = t;
        return true;
    }
    /* With a pod, only karp_batch_on_due may close. Strictly before: a pod
     * that comes at the very instant is still part of the window. */
    if (b->no_elision || b->n_of[KARP_POD] > 0 || close >= to_us)
        return false;
    b->phase = KARP_WAITING;
    b->cursor_us = close;
    return true;
}

/* Repetitions during a solve open the next window and count as seen in it. */
static void see_early(struct karp_batch *b, sim_us to_us)
{
    for (size_t i = 0; i < b->n_triggers; i++)
        if (repeat_after(b, &b->triggers[i], b->cursor_us) <= to_us) {
            b->triggers[i].seen = b->window + 1;
            b->remembered = true;
        }
}

/* Works off all repetitions up to to_us. */
static void advance(struct karp_batch *b, sim_us to_us)
{
    bool more = true;

    while (more && b->phase != KARP_SOLVING)
        more = b->phase == KARP_WAITING ? step_waiting(b, to_us)
                                        : step_window(b, to_us);
    if (b->phase == KARP_SOLVING)
        see_early(b, to_us);
    if (b->cursor_us < to_us)
        b->cursor_us = to_us;
}

static void trigger(struct karp_batch *b, sim_us now_us, struct karp_trigger *r)
{
    if (b->phase == KARP_SOLVING) {
        b->remembered = true;
        r->seen = b->window + 1;
        return;
    }
    if (b->phase == KARP_WAITING)
        open_window(b, now_us);
    b->idle_due_us = now_us + b->idle_us;
    r->seen = b->window;
}

void karp_batch_on_pending(struct karp_batch *b, sim_us now_us,
                           enum karp_source source, uint32_t id)
{
    struct karp_slots *s = &b->slots[source];

    s->at = mem_grow(s->at, &s->cap, (size_t)id + 1, sizeof *s->at);
    if (s->at[id] != 0)
        return;
    advance(b, now_us);
    b->triggers = mem_grow(b->triggers, &b->cap_triggers, b->n_triggers + 1,
                           sizeof *b->triggers);
    b->triggers[b->n_triggers++] =
        (struct karp_trigger){.source = source, .id = id, .first_us = now_us};
    s->at[id] = (uint32_t)b->n_triggers;
    b->n_of[source]++;
    trigger(b, now_us, &b->triggers[b->n_triggers - 1]);
    karp_tell(b->watch, now_us, KARP_SOURCE_BEGINS, source, id);
}

void karp_batch_on_settled(struct karp_batch *b, sim_us now_us,
                           enum karp_source source, uint32_t id)
{
    struct karp_slots *s = &b->slots[source];

    if (id >= s->cap || s->at[id] == 0)
        return;
    advance(b, now_us - 1);
    size_t hole = s->at[id] - 1;
    struct karp_trigger last = b->triggers[--b->n_triggers];

    b->triggers[hole] = last;
    b->slots[last.source].at[last.id] = (uint32_t)hole + 1;
    s->at[id] = 0;
    b->n_of[source]--;
    karp_tell(b->watch, now_us, KARP_SOURCE_ENDS, source, id);
}

sim_us karp_batch_due(const struct karp_batch *b)
{
    if (b->n_of[KARP_POD] == 0 && !b->no_elision)
        return SIM_NEVER;
    if (b->phase == KARP_SOLVING)
        return SIM_NEVER;
    return b->phase == KARP_WINDOW ? closing_us(b) : next_repeat(b, false);
}

enum karp_batch_act karp_batch_on_due(struct karp_batch *b, sim_us now_us,
                                      bool synced)
{
    advance(b, now_us);
    if (b->phase != KARP_WINDOW || now_us < closing_us(b))
        return KARP_BATCH_NOTHING;
    b->phase = KARP_WAITING;
    if (b->n_of[KARP_POD] == 0)
        return KARP_BATCH_NOTHING; /* nothing to solve takes no time */
    karp_tell(b->watch, now_us, synced ? KARP_WINDOW_SOLVED : KARP_WINDOW_VOID,
              0, 0);
    if (!synced)
        return KARP_BATCH_VOID;
    b->phase = KARP_SOLVING;
    return KARP_BATCH_SOLVE;
}

void karp_batch_on_solved(struct karp_batch *b, sim_us now_us)
{
    assert(b->phase == KARP_SOLVING);
    advance(b, now_us);
    b->phase = KARP_WAITING;
    if (b->remembered)
        open_window(b, now_us);
    karp_tell(b->watch, now_us, KARP_SOLVE_OVER, 0, 0);
}

void karp_batch_on_restart(struct karp_batch *b, sim_us now_us)
{
    b->phase = KARP_WAITING;
    b->remembered = false;
    b->cursor_us = now_us;
    for (size_t i = 0; i < b->n_triggers; i++) {
        b->triggers[i].first_us = now_us;
        trigger(b, now_us, &b->triggers[i]);
    }
}

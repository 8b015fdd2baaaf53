/* system_retries.c - dials that cannot succeed are not executed.
 *
 * A backend without a usable server, or without a process, closes or refuses
 * each dial at once. Its clients sleep until that changes or their last
 * attempt begins, and their dials are then made up for. Dials of one instant
 * run in the order in which they were planned; so do those of clients that
 * wake, as if each had been. That order is known if nobody else can plan a dial
 * to that backend meanwhile, other than for the same instant: no session of it
 * is left that could be closed, and chance does not move any client's dials.
 * Two dials of one instant to different backends do not meet.
 */
#include "models/system_parts.h"

#include "sim/base/mem.h"

#include <stdlib.h>

void sys_retries_start(struct system *s)
{
    const struct system_observer *o = &s->observer;
    struct sys_retries *r = &s->retries;

    r->n = 0;
    r->count = 0;
    r->allowed = !s->p->execute_idle && !s->link && !o->on_span &&
                 (!o->on_note || o->skips_dials);
    for (size_t i = 0; i < s->p->n_callers; i++)
        r->allowed =
            r->allowed && client_fails_evenly(&s->p->callers[i].client);
    for (size_t i = 0; i < s->p->lb.n_backends; i++)
        r->n_on[i] = 0;
}

/* Its dial has failed at once, and so would the next one now. */
static bool cannot_succeed(const struct system *s, uint32_t build)
{
    const struct sys_build *b = sys_build(s, build);
    const struct lb_backend *to = &s->lb.backends[b->backend];
    const struct fault *f;

    return s->retries.allowed && b->client.dials > 0 &&
           b->client.dial_us == s->now_us && b->session == NO_INDEX &&
           (!s->lb.listening || to->slots.n_up == 0) &&
           to->gauges.sessions == 0 && s->process == 0 &&
           !sys_fault(s, FAULT_NO_RETRY, b->pool, &f);
}

/* Whether the dial, now planned for dial_us, and those after it are left out
 * for now. The sleep ends right before the client's last dial.
 */
bool sys_retry_sleeps(struct system *s, uint32_t build, sim_us dial_us)
{
    struct sys_build *b = sys_build(s, build);
    struct sys_retries *r = &s->retries;

    if (!cannot_succeed(s, build))
        return false;
    r->at = mem_grow(r->at, &r->cap, r->n + 1, sizeof *r->at);
    r->at[r->n] = (struct sys_retry){
        .chain = client_chain(&b->client, dial_us),
        .build = build,
        .number = r->count++,
        .planned_us = s->now_us,
        .planned0_us = b->dial_planned_us,
    };
    sim_us until_us = r->at[r->n].chain.until_us - 1;
    b->retry = (uint32_t)++r->n;
    r->n_on[b->backend]++;
    sys_plan(s, until_us > s->now_us ? until_us : s->now_us, EV_DIAL, build,
             b->client.generation);
    return true;
}

/* ------------------------------------------------------------ waking */

/* When a dial was planned: with dial - 1, the one before it. */
static sim_us planned_us(const struct sys_retry *r, int64_t dial)
{
    if (dial > 0)
        return client_chain_dial_us(&r->chain, dial - 1);
    return dial == 0 ? r->planned_us : r->planned0_us;
}

/* Two dials of one instant: the first that was planned. If both were at one
 * instant, by two dials, it is the same question again; back to where one of
 * the two fell asleep later than the other, and its dial had been planned
 * before those of that instant.
 */
static bool goes_first(const struct sys_retry *a, const struct sys_retry *b)
{
    int64_t i = a->next, k = b->next;

    while (i >= -1 && k >= -1) {
        sim_us a_us = planned_us(a, i), b_us = planned_us(b, k);
        int64_t common = client_chain_common(&a->chain, i, &b->chain, k);

        if (a_us != b_us)
            return a_us < b_us;
        if (i == 0 && k == 0)
            return a->number < b->number;
        i -= common > 0 ? common : 1;
        k -= common > 0 ? common : 1;
    }
    return i < -1;
}

static int by_turn(const void *left, const void *right)
{
    const struct sys_retry *a = left, *b = right;
    sim_us a_us = client_chain_dial_us(&a->chain, a->next);
    sim_us b_us = client_chain_dial_us(&b->chain, b->next);

    if (a_us != b_us)
        return a_us < b_us ? -1 : 1;
    return goes_first(a, b) ? -1 : 1;
}

/* Its first dial that does not run before the present event. */
static sim_us find_next(const struct system *s, struct sys_retry *r)
{
    sim_us end_us = s->now_us + (s->now_kind > EV_DIAL ? 1 : 0);

    r->next = client_chain_before(&r->chain, end_us);
    return client_chain_dial_us(&r->chain, r->next);
}

/* Makes up for the dials before that. */
static void catch_up(struct system *s, const struct sys_retry *r)
{
    struct sys_build *b = sys_build(s, r->build);

    client_chain_skip(&r->chain, &b->client, r->next);
    lb_on_idle_dials(&s->lb, b->backend, (uint64_t)r->next);
    b->dial_planned_us = planned_us(r, r->next);
    b->client.generation++;
    b->retry = 0;
    s->retries.n_on[b->backend]--;
}

/* The build's job ends. */
void sys_retry_end(struct system *s, uint32_t build)
{
    uint32_t retry = sys_build(s, build)->retry;

    if (retry == 0)
        return;
    struct sys_retry *r = &s->retries.at[retry - 1];
    find_next(s, r);
    catch_up(s, r);
    r->build = NO_INDEX;
}

/* Moves those out of their sleep whose next dial comes at that instant, or all
 * for SIM_NEVER; returns how many.
 */
static size_t take_out(struct system *s, sim_us dial_us)
{
    struct sys_retries *r = &s->retries;
    size_t n_asleep = 0, n_woken = 0;

    for (size_t i = 0; i < r->n; i++) {
        struct sys_retry *x = &r->at[i];
        if (x->build == NO_INDEX)
            continue;
        sim_us next_us = find_next(s, x);
        if (dial_us != SIM_NEVER && next_us != dial_us) {
            r->at[n_asleep++] = *x;
            sys_build(s, x->build)->retry = (uint32_t)n_asleep;
            continue;
        }
        catch_up(s, x);
        r->woken =
            mem_grow(r->woken, &r->cap_woken, n_woken + 1, sizeof *r->woken);
        r->woken[n_woken++] = *x;
    }
    r->n = n_asleep;
    return n_woken;
}

static void wake(struct system *s, sim_us dial_us)
{
    struct sys_retry *woken;
    size_t n = take_out(s, dial_us);

    woken = s->retries.woken;
    if (n > 1)
        qsort(woken, n, sizeof *woken, by_turn);
    for (size_t i = 0; i < n; i++)
        sys_plan(s, client_chain_dial_us(&woken[i].chain, woken[i].next),
                 EV_DIAL, woken[i].build,
                 sys_build(s, woken[i].build)->client.generation);
}

/* Something is about to change, or has, that dials may meet. */
void sys_retries_wake(struct system *s)
{
    wake(s, SIM_NEVER);
}

/* The last dial of the build comes next. */
void sys_on_last_dial(struct system *s, uint32_t build)
{
    wake(s, s->retries.at[sys_build(s, build)->retry - 1].chain.until_us);
}

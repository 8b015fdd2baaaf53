/* system_retries.c - dials that cannot succeed are not executed.
 *
 * A backend without a usable server, or without a process, closes or refuses
 * each dial at once. Its clients sleep until that changes or their last dial
 * comes, and their dials are then made up for. Dials of one instant
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

    r->n = r->n_due = 0;
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
 * for now. The sleep ends with the client's last dial.
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
    b->retry = (uint32_t)++r->n;
    r->n_on[b->backend]++;
    sys_plan(s, r->at[r->n - 1].chain.until_us, EV_DIAL, build,
             b->client.generation);
    return true;
}

void sys_retries_free(struct sys_retries *r)
{
    free(r->at);
    free(r->woken);
    free(r->n_on);
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

/* Makes up for the dials before the one that comes next. */
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

/* Ends a build's sleep; its next dial is the first that is not before end_us.
 */
static struct sys_retry take_out(struct system *s, uint32_t build,
                                 sim_us end_us)
{
    struct sys_retries *r = &s->retries;
    size_t at = sys_build(s, build)->retry - 1;
    struct sys_retry x = r->at[at];

    x.next = client_chain_before(&x.chain, end_us);
    catch_up(s, &x);
    r->at[at] = r->at[--r->n];
    if (at < r->n)
        sys_build(s, r->at[at].build)->retry = (uint32_t)at + 1;
    return x;
}

/* The present event comes before the dials of this instant, or after. */
static sim_us ran_until(const struct system *s)
{
    return s->now_us + (s->now_kind > EV_DIAL ? 1 : 0);
}

/* The build's job ends. */
void sys_retry_end(struct system *s, uint32_t build)
{
    if (sys_build(s, build)->retry != 0)
        take_out(s, build, ran_until(s));
}

static struct sys_retry *room_for(struct sys_retries *r, size_t n)
{
    r->woken = mem_grow(r->woken, &r->cap_woken, n, sizeof *r->woken);
    return &r->woken[n - 1];
}

static void plan_dials(struct system *s, size_t n)
{
    struct sys_retry *woken = s->retries.woken;

    s->retries.n_due = 0;
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
    struct sys_retries *r = &s->retries;
    size_t n = 0;

    while (r->n > 0) {
        n++;
        *room_for(r, n) = take_out(s, r->at[r->n - 1].build, ran_until(s));
    }
    plan_dials(s, n);
}

/* The last dial of the build comes now: once all of them are known, those of
 * this instant take turns.
 */
void sys_on_last_dial(struct system *s, uint32_t build)
{
    struct sys_retries *r = &s->retries;

    room_for(r, ++r->n_due)->build = build;
    if (r->n_due == 1)
        sys_plan(s, s->now_us, EV_LAST_DIALS, 0, 0);
}

void sys_on_last_dials(struct system *s)
{
    struct sys_retries *r = &s->retries;
    size_t n = 0;

    for (size_t i = 0; i < r->n_due; i++) {
        uint32_t build = r->woken[i].build;
        if (sys_is_open(s, build) && sys_build(s, build)->retry != 0)
            r->woken[n++] = take_out(s, build, s->now_us);
    }
    plan_dials(s, n);
}

/* explain_build.c - one build in words: a line a dial, what it waited for in
 * between, and where it ran.
 */
#include "sim/app/explain_parts.h"

#include <stdlib.h>

struct telling {
    const struct story *s;
    const struct client_params *client;
    struct teller t;
    uint32_t attempt; /* of the last dial */
    size_t alike;     /* last dial of a row that is told as one */
    bool *hidden;     /* owned; by attempt */
    sim_us failed_us; /* pending line about a failed attempt, SIM_NEVER */
    sim_us slot_us;   /* of the present slot, SIM_NEVER */
    sim_us work_us;   /* its work's beginning, SIM_NEVER */
    sim_us metric_us; /* last line about a lost metric */
    bool said_metric;
};

static const struct trace_build *asked_of(const struct story *s)
{
    return &s->scenario->trace.builds[s->id];
}

static const struct pool_params *pool_of(const struct story *s)
{
    uint32_t pool = s->scenario->pool_of[asked_of(s)->pool];

    return &s->scenario->system.pools[pool];
}

static bool is_own(const struct story_line *l)
{
    return l->kind <= NOTE_END;
}

/* ------------------------------------------------------------ attempts */

static void tell_hidden(struct telling *t, size_t i)
{
    const struct story *s = t->s;
    uint32_t first = s->lines[i].b, last = first, dials = 0;

    for (; i < s->n_lines; i++) {
        if (s->lines[i].kind != NOTE_DIAL)
            continue;
        if (!t->hidden[s->lines[i].b])
            break;
        last = s->lines[i].b;
        dials++;
    }
    tell_more(&t->t,
              "attempts %u to %u go the same way, with %u dials "
              "(--all tells them)",
              first, last, dials);
}

/* ------------------------------------------------------------ dials */

/* How the balancer closed a dial that it had queued. */
static const char *why_closed(const struct story *s, sim_us queued_us)
{
    const struct lb_params *lb = &s->scenario->system.lb;
    const struct lb_backend_params *b = &lb->backends[pool_of(s)->backend];

    if (queued_us != lb_queue_limit_us(b))
        return "the balancer has lost its servers";
    return b->queue_us > 0 ? "timeout queue" : "timeout connect";
}

static void fate_words(const struct story *s, const struct story_line *dial,
                       const struct story_line *fate, char out[128])
{
    sim_us after_us = fate->at_us - dial->at_us;
    char span[TELL_SPAN];

    tell_span(after_us, span);
    out[0] = '\0';
    if (fate->kind == NOTE_REFUSED)
        (void)snprintf(out, 128, ": refused, no balancer listens");
    else if (fate->kind == NOTE_TURNED_AWAY)
        (void)snprintf(out, 128, ": turned away, the balancer has no server");
    else if (fate->kind == NOTE_CLOSED)
        (void)snprintf(out, 128, ", closed after %s: %s", span,
                       why_closed(s, after_us));
    else if (fate->kind == NOTE_HUNG_UP)
        (void)snprintf(out, 128, ", hangs up after %s", span);
}

static void tell_alike(struct telling *t, size_t i)
{
    const struct story *s = t->s;
    uint32_t n = 0;

    t->alike = explain_alike(s, i);
    for (size_t k = i + 1; k <= t->alike; k++)
        n += s->lines[k].kind == NOTE_DIAL;
    if (n > 0)
        tell_more(&t->t, "and %u dial%s more in this attempt, the same", n,
                  n == 1 ? "" : "s");
}

static void tell_dial(struct telling *t, size_t i)
{
    const struct story *s = t->s;
    const struct story_line *dial = &s->lines[i];
    char attempt[48] = "dials again", queue[64] = "", fate[128] = "";

    if (dial->b == 0)
        (void)snprintf(attempt, sizeof attempt, "registers its builder, dials");
    else if (dial->b != t->attempt)
        (void)snprintf(attempt, sizeof attempt, "attempt %u of %u: dials",
                       dial->b, t->client->attempts);
    t->attempt = dial->b;
    for (i++; i < s->n_lines && s->lines[i].kind != NOTE_DIAL; i++) {
        const struct story_line *l = &s->lines[i];
        if (l->kind == NOTE_QUEUED && l->more == 0)
            (void)snprintf(queue, sizeof queue, ", queued as the first");
        else if (l->kind == NOTE_QUEUED)
            (void)snprintf(queue, sizeof queue, ", queued behind %u", l->more);
        if (!explain_is_fate(l->kind))
            continue;
        fate_words(s, dial, l, fate);
        break;
    }
    tell(&t->t, dial->at_us, "%s%s%s", attempt, queue, fate);
}

static void on_dial(struct telling *t, size_t i, bool all)
{
    const struct story_line *l = &t->s->lines[i];
    bool hidden = !all && t->hidden[l->b];

    t->slot_us = SIM_NEVER;
    if (!hidden && !all && i <= t->alike)
        return;
    if (!hidden) {
        tell_dial(t, i);
        if (!all)
            tell_alike(t, i);
        return;
    }
    if (t->attempt != l->b && !t->hidden[t->attempt])
        tell_hidden(t, i);
    t->attempt = l->b;
}

/* The loop's pause begins when the command has ended. */
static void plan_pause(struct telling *t, size_t i, bool all)
{
    const struct story_line *next = explain_next_dial(t->s, i);

    if (!next || next->b == t->attempt || t->attempt == 0 ||
        (!all && t->hidden[t->attempt]))
        return;
    t->failed_us = next->at_us - t->client->launch_us - t->client->delay_us;
}

static void tell_pause(struct telling *t)
{
    char delay[TELL_SPAN];

    tell_span(t->client->delay_us, delay);
    tell(&t->t, t->failed_us, "attempt %u has failed, the loop sleeps %s",
         t->attempt, delay);
    t->failed_us = SIM_NEVER;
}

/* ------------------------------------------------------------ the slot */

static void tell_slot(struct telling *t, const struct story_line *l)
{
    const struct pod_life *p = &t->s->pods[l->b];

    tell(&t->t, l->at_us, "gets a slot on pod %u, node %u; %s", l->b, p->node,
         l->more == 0 ? "cold, its first build" : "warm");
    explain_origin(t->s, l->b, &t->t);
    t->slot_us = l->at_us;
    t->work_us = SIM_NEVER;
}

static void held_words(const struct telling *t, sim_us now_us, char out[64])
{
    char span[TELL_SPAN];

    if (t->work_us == SIM_NEVER) {
        (void)snprintf(out, 64, "before its work began");
        return;
    }
    tell_span(now_us - t->work_us, span);
    (void)snprintf(out, 64, "after %s of work", span);
}

/* What ends a slot before the build is done. */
static void tell_loss(struct telling *t, size_t i)
{
    const struct story_line *l = &t->s->lines[i];
    char held[64];

    held_words(t, l->at_us, held);
    if (l->kind == NOTE_CLOSED)
        tell(&t->t, l->at_us, "the balancer cuts its connection %s", held);
    else if (l->kind == NOTE_HUNG_UP)
        tell(&t->t, l->at_us, "leaves its slot %s", held);
    else if (l->kind == NOTE_LOST)
        tell(&t->t, l->at_us, "its pod ends under it %s", held);
    else
        tell(&t->t, l->at_us, "fails by its own error %s", held);
    if (explain_next_dial(t->s, i))
        tell_more(&t->t, "the work is lost: its client tries again");
    t->slot_us = SIM_NEVER;
}

static void tell_end(struct telling *t, const struct story_line *l)
{
    char held[64];

    held_words(t, l->at_us, held);
    switch ((enum build_end)l->b) {
    case END_SERVED:
        if (t->slot_us != SIM_NEVER)
            tell(&t->t, l->at_us, "is done %s", held);
        else
            tell(&t->t, l->at_us, "ends: its client does not try again");
        break;
    case END_GAVE_UP:
        tell(&t->t, l->at_us, "gives up after %u attempt%s", t->attempt,
             t->attempt == 1 ? "" : "s");
        break;
    case END_KILLED:
    case END_CUT:
        tell(&t->t, l->at_us, "ends: its client does not try again");
        break;
    case END_TIMED_OUT:
        tell(&t->t, l->at_us, "ends: the limit of its job is over");
        break;
    default:
        tell(&t->t, l->at_us, "ends: its owner cancels it");
        break;
    }
}

/* ------------------------------------------------------------ the pool */

static void tell_metric(struct telling *t, const struct story_line *l)
{
    if (!t->said_metric || l->at_us - t->metric_us > 60 * US_PER_S)
        tell(&t->t, l->at_us, "  [pool] the scaler gets no metric");
    t->said_metric = true;
    t->metric_us = l->at_us;
}

static void tell_spell(struct telling *t, const struct story_line *l)
{
    const struct spell *x = &t->s->spells[l->a];
    char span[TELL_SPAN];

    if (x->until_us == x->from_us)
        return;
    tell_span(x->until_us - x->from_us, span);
    tell(&t->t, l->at_us, "  waits %s for %s (%u of %u waiting)", span,
         wait_cause_name(x->cause), x->place + 1, x->of);
}

static void tell_pool(struct telling *t, const struct story_line *l)
{
    if (l->kind == LINE_SPELL)
        tell_spell(t, l);
    else if (l->kind == NOTE_METRIC_LOST)
        tell_metric(t, l);
    else if (l->kind == NOTE_SCALE)
        tell(&t->t, l->at_us, "  [pool] replicas %u -> %u", l->a, l->b);
    else if (l->kind == NOTE_NODE_REFUSED)
        tell(&t->t, l->at_us, "  [pool] the cloud refuses node %u: no capacity",
             l->a);
    else
        tell(&t->t, l->at_us, "  [fault] %s begins",
             fault_name((enum fault_kind)l->a));
}

/* ------------------------------------------------------------ all of it */

static void tell_own(struct telling *t, size_t i, bool all)
{
    const struct story_line *l = &t->s->lines[i];
    bool held = t->slot_us != SIM_NEVER;

    if (l->kind == NOTE_ASKED) {
        tell(&t->t, l->at_us, "is asked for");
    } else if (l->kind == NOTE_DIAL) {
        on_dial(t, i, all);
    } else if (l->kind == NOTE_SILENT) {
        tell(&t->t, l->at_us, "pod %u, its turn, does not answer", l->b);
    } else if (l->kind == NOTE_SERVED) {
        tell_slot(t, l);
    } else if (l->kind == NOTE_WORK) {
        t->work_us = l->at_us;
        tell(&t->t, l->at_us, "is connected, its work begins");
    } else if (l->kind == NOTE_RESTS) {
        tell(&t->t, l->at_us, "fails with its job, which is to be run again");
    } else if (l->kind == NOTE_RERUN) {
        tell(&t->t, l->at_us, "is run again, job %u", l->b + 1);
    } else if (l->kind == NOTE_END) {
        tell_end(t, l);
    } else if (l->kind != NOTE_QUEUED) {
        if (held)
            tell_loss(t, i);
        plan_pause(t, i, all);
    }
}

static void tell_lines(struct telling *t, bool all)
{
    for (size_t i = 0; i < t->s->n_lines; i++) {
        const struct story_line *l = &t->s->lines[i];
        if (t->failed_us <= l->at_us && t->failed_us != SIM_NEVER)
            tell_pause(t);
        if (is_own(l))
            tell_own(t, i, all);
        else
            tell_pool(t, l);
    }
}

void explain_build(const struct story *s, bool all, FILE *out)
{
    const struct scenario *x = s->scenario;
    const struct trace_build *b = asked_of(s);
    struct telling t = {
        .s = s,
        .client = &x->system.callers[x->caller_of[b->caller]].client,
        .t = teller_of(&x->trace, b->asked_us, out),
        .failed_us = SIM_NEVER,
        .slot_us = SIM_NEVER,
        .work_us = SIM_NEVER,
    };

    explain_head(s, out);
    t.hidden = explain_hidden(s);
    explain_faults(s, &t.t);
    tell_lines(&t, all);
    free(t.hidden);
    explain_waits(s, out);
}

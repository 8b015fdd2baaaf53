#include "sim/app/explain_parts.h"

#include <stdarg.h>

/* ------------------------------------------------------------ the head */

static void put_name(FILE *out, const char *what, const struct story *s,
                     uint32_t string)
{
    char name[96];

    if (string == 0)
        return;
    tell_name(strings_at(&s->scenario->trace.strings, string), name);
    fprintf(out, "%s%s", what, name);
}

static const char *end_words(const struct story *s)
{
    static const char *const words[END_KINDS] = {
        [END_UNFINISHED] = "not finished",
        [END_SERVED] = "done",
        [END_GAVE_UP] = "gave up",
        [END_KILLED] = "lost with its pod",
        [END_CUT] = "cut off",
        [END_TIMED_OUT] = "timed out",
        [END_LEFT] = "cancelled by its owner",
    };

    enum build_end end = (enum build_end)s->builds[s->id].end;
    bool error = s->scenario->trace.builds[s->id].outcome == TRACE_ERROR;

    return end == END_SERVED && error ? "failed by its own error" : words[end];
}

void explain_head(const struct story *s, FILE *out)
{
    const struct trace *t = &s->scenario->trace;
    const struct trace_build *b = &t->builds[s->id];
    const struct build_result *r = &s->builds[s->id];
    sim_us end_us = r->end_us == SIM_NEVER ? s->end_us : r->end_us;
    char waited[TELL_SPAN], took[TELL_SPAN], asked[40];

    put_name(out, "build ", s, b->id);
    fprintf(out, "%s%u", b->id == 0 ? "build number " : ", number ", s->id);
    put_name(out, ", run ", s, b->run);
    put_name(out, ", image ", s, b->name);
    put_name(out, ", pool ", s, b->pool);
    put_name(out, ", caller ", s, b->caller);
    tell_span(r->waited_us, waited);
    tell_span(end_us - b->asked_us, took);
    tell_instant(t, b->asked_us, asked);
    fprintf(out,
            "\nasked for at %s; %s %s later, after %u attempt%s and %u "
            "dial%s; without a slot for %s\n\n",
            asked, end_words(s), took, r->attempts, r->attempts == 1 ? "" : "s",
            r->dials, r->dials == 1 ? "" : "s", waited);
}

void explain_faults(const struct story *s, struct teller *t)
{
    const struct system_params *p = &s->scenario->system;
    const struct trace_build *b = &s->scenario->trace.builds[s->id];
    uint32_t pool = s->scenario->pool_of[b->pool];

    for (size_t i = 0; i < p->n_faults; i++) {
        const struct fault *f = &p->faults[i];
        if ((f->pool != NO_INDEX && f->pool != pool) ||
            f->at_us >= b->asked_us || f->until_us <= b->asked_us ||
            f->until_us == SIM_NEVER)
            continue;
        tell(t, b->asked_us, "  [fault] %s is on", fault_name(f->kind));
    }
}

/* ------------------------------------------------------------ the sums */

/* The slots of attempts that another one followed. */
static sim_us lost_us(const struct story *s)
{
    sim_us held_us = 0, lost_us = 0, since_us = SIM_NEVER;

    for (size_t i = 0; i < s->n_lines; i++) {
        const struct story_line *l = &s->lines[i];
        if (l->kind == NOTE_DIAL) {
            lost_us += held_us;
            held_us = 0;
        } else if (l->kind == NOTE_SERVED) {
            since_us = l->at_us;
        } else if (since_us != SIM_NEVER &&
                   (l->kind == NOTE_CLOSED || l->kind == NOTE_HUNG_UP ||
                    l->kind == NOTE_LOST || l->kind == NOTE_FAILED)) {
            held_us = l->at_us - since_us;
            since_us = SIM_NEVER;
        }
    }
    return lost_us;
}

static void put_lost(const struct story *s, FILE *out)
{
    sim_us us = lost_us(s);
    char span[TELL_SPAN];

    if (us == 0)
        return;
    tell_span(us, span);
    fprintf(out,
            "\nOn top of that it held slots for %s in attempts that came to "
            "nothing.\n",
            span);
}

static void put_reasons(const struct story *s, FILE *out)
{
    static const char *const words[SCALER_REASONS] = {
        [SCALER_BLIND] =
            "while the balancer showed no more sessions than replicas",
        [SCALER_TOLERATES] = "while the surplus was within its tolerance",
        [SCALER_LATE] = "while it had not yet acted on the surplus",
    };
    char span[TELL_SPAN];

    for (int i = 0; i < SCALER_REASONS; i++) {
        if (s->scaler_us[i] == 0)
            continue;
        tell_span(s->scaler_us[i], span);
        fprintf(out, "%22s%s %s\n", "", span, words[i]);
    }
}

static void put_cause(const struct story *s, enum wait_cause cause,
                      sim_us sum_us, FILE *out)
{
    sim_us us = story_waited_us(s, cause);
    char span[TELL_SPAN];

    tell_span(us, span);
    fprintf(out, "%10s  %5.1f %%  %s\n", span,
            100.0 * (double)us / (double)sum_us, wait_cause_name(cause));
    if (cause == WAIT_SCALER)
        put_reasons(s, out);
}

/* The longest first, the first of equals. */
static void put_causes(const struct story *s, sim_us sum_us, FILE *out)
{
    bool done[WAIT_CAUSES] = {false};

    for (;;) {
        int best = -1;
        sim_us best_us = 0;
        for (int i = 0; i < WAIT_CAUSES; i++) {
            sim_us us = story_waited_us(s, (enum wait_cause)i);
            if (done[i] || us <= best_us)
                continue;
            best = i;
            best_us = us;
        }
        if (best < 0)
            return;
        done[best] = true;
        put_cause(s, (enum wait_cause)best, sum_us, out);
    }
}

void explain_waits(const struct story *s, FILE *out)
{
    sim_us sum_us = 0;
    char span[TELL_SPAN];

    for (int i = 0; i < WAIT_CAUSES; i++)
        sum_us += story_waited_us(s, (enum wait_cause)i);
    tell_span(sum_us, span);
    if (sum_us == 0)
        fprintf(out, "\nIt never waited for a slot.\n");
    else
        fprintf(out, "\nIt was without a slot for %s, and waited for\n", span);
    put_causes(s, sum_us, out);
    put_lost(s, out);
}

/* ------------------------------------------------------------ origins */

const char *explain_type(const struct story *s, const struct node_life *n)
{
    if (n->type == NO_INDEX)
        return "a type not chosen yet";
    return s->scenario->system.karpenter.types[n->type].name;
}

void explain_why(const struct scaled *why, bool up, sim_us at_us, char out[128])
{
    bool fits = why->at_us != SIM_NEVER && (why->to > why->from) == up;
    char span[TELL_SPAN];

    if (!fits) {
        (void)snprintf(out, 128, "%s",
                       up ? "in place of one that went" : "as one too many");
        return;
    }
    tell_span(at_us - why->at_us, span);
    (void)snprintf(out, 128, "%s after replicas went %u -> %u", span, why->from,
                   why->to);
}

struct list {
    char text[TELL_TEXT];
    size_t n;
};

static void add(struct list *l, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct list *l, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int n = vsnprintf(l->text + l->n, sizeof l->text - l->n, format, args);
    va_end(args);
    l->n += (size_t)n;
    if (l->n >= sizeof l->text)
        l->n = sizeof l->text - 1;
}

static void add_at(struct list *l, const char *what, sim_us at_us,
                   const struct teller *t)
{
    char span[TELL_SPAN];

    if (at_us == SIM_NEVER)
        return;
    bool before = at_us < t->zero_us;
    tell_span(before ? t->zero_us - at_us : at_us - t->zero_us, span);
    add(l, "%s%s at %s%s", l->n > 0 ? ", " : "", what, before ? "-" : "+",
        span);
}

static void node_origin(const struct story *s, uint32_t node, struct teller *t)
{
    const struct node_life *n = &s->nodes[node];
    sim_us asked_us = node_at_us(n, NOTE_NODE_CLAIMED);
    struct list l = {.n = 0};

    if (asked_us == SIM_NEVER || asked_us < t->zero_us)
        return;
    add_at(&l, "asked for", asked_us, t);
    add_at(&l, "launched", node_at_us(n, NOTE_NODE_LAUNCHED), t);
    add_at(&l, "ready", node_at_us(n, NOTE_NODE_READY), t);
    tell_more(t, "node %u, %s: %s", node, explain_type(s, n), l.text);
}

void explain_origin(const struct story *s, uint32_t pod, struct teller *t)
{
    const struct pod_life *p = &s->pods[pod];
    sim_us created_us = pod_at_us(p, NOTE_POD_CREATED);
    sim_us known_us = pod_at_us(p, NOTE_POD_KNOWN);
    struct list l = {.n = 0};
    char why[128];

    if (created_us == SIM_NEVER)
        return; /* it was there from the start */
    if (known_us <= t->zero_us) {
        tell_span(t->zero_us - known_us, why);
        tell_more(t, "pod %u: reachable for %s before the build came", pod,
                  why);
        return;
    }
    explain_why(&p->why, true, created_us, why);
    add_at(&l, "created", created_us, t);
    tell_more(t, "pod %u: %s, %s", pod, l.text, why);
    l.n = 0;
    add_at(&l, "bound", pod_at_us(p, NOTE_POD_BOUND), t);
    add_at(&l, "running", pod_at_us(p, NOTE_POD_STARTED), t);
    add_at(&l, "ready", pod_at_us(p, NOTE_POD_READY), t);
    add_at(&l, "reachable", known_us, t);
    tell_more(t, "  %s", l.text);
    node_origin(s, p->node, t);
}

/* perfetto.c - looks on, and writes what is over. */
#include "sim/app/perfetto.h"

#include "sim/app/perfetto_event.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Tracks of a pod: its life, and its slots. */
enum { POD_TRACKS = 32 };

/* ------------------------------------------------------------ lives */

static struct perfetto_life *life_at(struct perfetto_life **lives, size_t *n,
                                     size_t *cap, uint32_t i)
{
    *lives = mem_grow(*lives, cap, (size_t)i + 1, sizeof **lives);
    if (i >= *n)
        *n = (size_t)i + 1;
    return &(*lives)[i];
}

static struct perfetto_life *pod_at(struct perfetto *p, uint32_t pod)
{
    return life_at(&p->pods, &p->n_pods, &p->cap_pods, pod);
}

static struct perfetto_life *node_at(struct perfetto *p, uint32_t node)
{
    return life_at(&p->nodes, &p->n_nodes, &p->cap_nodes, node);
}

/* One phase ends here, the next begins; NULL: the last was. */
static void enter(struct perfetto *p, struct perfetto_life *l,
                  struct perfetto_track t, const char *phase)
{
    if (l->over)
        return;
    if (l->phase)
        perfetto_slice(p, t, l->since_us, p->now_us, l->phase);
    l->phase = phase;
    l->since_us = p->now_us;
    l->over = !phase;
}

/* ------------------------------------------------------------ pods */

static struct perfetto_track pod_track(struct perfetto *p, uint32_t pod,
                                       uint32_t track)
{
    struct perfetto_life *l = pod_at(p, pod);
    struct perfetto_track t =
        perfetto_track_of(l->pool, GROUP_PODS, pod * POD_TRACKS + track + 1);
    char name[48];

    if (l->named >> track & 1)
        return t;
    l->named |= UINT32_C(1) << track;
    if (track == 0)
        (void)snprintf(name, sizeof name, "pod %u", pod);
    else
        (void)snprintf(name, sizeof name, "pod %u, slot %u", pod, track);
    perfetto_name_track(p, t, name);
    return t;
}

static const char *pod_phase(const struct perfetto_life *l, enum note_kind kind)
{
    switch (kind) {
    case NOTE_POD_SETTLED:
    case NOTE_POD_READY:
        return "ready";
    case NOTE_POD_CREATED:
        return "pending";
    case NOTE_POD_BOUND:
        return "starting";
    case NOTE_POD_DELETED:
        return "draining";
    case NOTE_POD_TERM:
        return "stopping";
    case NOTE_POD_GONE:
        return NULL;
    default:
        return l->phase;
    }
}

static void on_pod(struct perfetto *p, const struct note *n)
{
    struct perfetto_life *l = pod_at(p, n->a);

    l->pool = n->pool;
    const char *phase = pod_phase(l, n->kind);
    if (phase == l->phase)
        return;
    if (l->phase && strcmp(l->phase, "ready") != 0 &&
        n->kind == NOTE_POD_READY && strcmp(l->phase, "starting") != 0)
        return; /* readiness of a pod that goes */
    enter(p, l, pod_track(p, n->a, 0), phase);
}

/* ------------------------------------------------------------ nodes */

static struct perfetto_track node_track(struct perfetto *p, uint32_t node)
{
    struct perfetto_life *l = node_at(p, node);
    struct perfetto_track t = perfetto_track_of(l->pool, GROUP_NODES, node + 1);
    char name[48];

    if (l->named)
        return t;
    l->named = 1;
    (void)snprintf(name, sizeof name, "node %u", node);
    perfetto_name_track(p, t, name);
    return t;
}

/* A claim that came to nothing is over; so is a node that nobody pays. */
static const char *node_phase(const struct perfetto_life *l,
                              enum note_kind kind)
{
    switch (kind) {
    case NOTE_NODE_CLAIMED:
        return l->phase ? l->phase : "launching";
    case NOTE_NODE_LAUNCHED:
        return "booting";
    case NOTE_NODE_REGISTERED:
        return "joining";
    case NOTE_NODE_READY:
        return "ready";
    case NOTE_NODE_PAID: /* the first that is heard of those of the start */
        return l->phase ? l->phase : "ready";
    case NOTE_NODE_MARKED:
    case NOTE_NODE_EXPIRED:
        return "draining";
    case NOTE_NODE_TERMINATED:
        return "terminating";
    case NOTE_NODE_REFUSED:
    case NOTE_NODE_UNPAID:
        return NULL;
    default:
        return l->phase;
    }
}

static void on_node(struct perfetto *p, const struct note *n)
{
    struct perfetto_life *l = node_at(p, n->a);

    if (!l->named)
        l->pool = n->pool;
    const char *phase = node_phase(l, n->kind);
    struct perfetto_track t = node_track(p, n->a);
    if (n->kind == NOTE_NODE_REFUSED)
        perfetto_instant(p, t, "t", "refused: no capacity");
    else if (n->kind == NOTE_NODE_LATE)
        perfetto_instant(p, t, "t", "late: given up");
    else if (n->kind == NOTE_NODE_TERMINATED && n->b == 1)
        perfetto_instant(p, t, "t", "lost");
    if (phase != l->phase)
        enter(p, l, t, phase);
}

/* ------------------------------------------------------------ builds */

static const char *build_name(const struct perfetto *p, uint32_t build,
                              char out[32])
{
    const struct trace *t = &p->scenario->trace;
    const struct trace_build *b = &t->builds[build];
    uint32_t text = b->name != 0 ? b->name : b->id;

    if (text != 0)
        return strings_at(&t->strings, text);
    (void)snprintf(out, 32, "build %u", build);
    return out;
}

static void put_build(struct perfetto *p, uint32_t build)
{
    const struct trace *t = &p->scenario->trace;
    const struct trace_build *b = &t->builds[build];

    fprintf(p->out, ",\"args\":{\"build\":%u,\"id\":", build);
    text_json(p->out, strings_at(&t->strings, b->id));
    fputs(",\"caller\":", p->out);
    text_json(p->out, strings_at(&t->strings, b->caller));
    putc('}', p->out);
}

/* A pair of events, since waits overlap. */
static void put_wait(struct perfetto *p, uint32_t build, uint32_t pool)
{
    const struct perfetto_build *b = &p->builds[build];
    struct perfetto_track t = perfetto_track_of(pool, GROUP_WAITING, 0);
    char text[32];
    const char *name = build_name(p, build, text);

    if (b->since_us == p->now_us)
        return;
    perfetto_begin(p, "b", t, b->since_us, name);
    fprintf(p->out, ",\"cat\":\"wait\",\"id\":%u", build);
    put_build(p, build);
    perfetto_end(p);
    perfetto_begin(p, "e", t, p->now_us, name);
    fprintf(p->out, ",\"cat\":\"wait\",\"id\":%u", build);
    perfetto_end(p);
}

static void put_slot(struct perfetto *p, uint32_t build)
{
    const struct perfetto_build *b = &p->builds[build];
    char text[32];

    perfetto_begin(p, "X", pod_track(p, b->pod, b->lane + 1U), b->since_us,
                   build_name(p, build, text));
    fprintf(p->out, ",\"dur\":%" PRId64, p->now_us - b->since_us);
    put_build(p, build);
    perfetto_end(p);
    pod_at(p, b->pod)->lanes &= ~(UINT32_C(1) << b->lane);
}

static void close_spell(struct perfetto *p, uint32_t build, uint32_t pool)
{
    struct perfetto_build *b = &p->builds[build];

    if (b->open && b->pod == NO_INDEX)
        put_wait(p, build, pool);
    else if (b->open)
        put_slot(p, build);
    b->open = false;
}

static void open_spell(struct perfetto *p, uint32_t build, uint32_t pod)
{
    struct perfetto_build *b = &p->builds[build];

    *b = (struct perfetto_build){
        .since_us = p->now_us, .pod = pod, .open = true};
    if (pod == NO_INDEX)
        return;
    uint32_t *lanes = &pod_at(p, pod)->lanes;
    while (b->lane < POD_TRACKS - 2 && *lanes >> b->lane & 1)
        b->lane++;
    *lanes |= UINT32_C(1) << b->lane;
}

static void on_build(struct perfetto *p, const struct note *n)
{
    const struct perfetto_build *b = &p->builds[n->a];
    bool leaves = n->kind == NOTE_CLOSED || n->kind == NOTE_HUNG_UP ||
                  n->kind == NOTE_LOST || n->kind == NOTE_FAILED;

    if (n->kind == NOTE_ASKED) {
        open_spell(p, n->a, NO_INDEX);
    } else if (n->kind == NOTE_SERVED) {
        close_spell(p, n->a, n->pool);
        open_spell(p, n->a, n->b);
    } else if (n->kind == NOTE_END) {
        close_spell(p, n->a, n->pool);
    } else if (leaves && b->open && b->pod != NO_INDEX) {
        close_spell(p, n->a, n->pool);
        open_spell(p, n->a, NO_INDEX);
    }
}

/* ------------------------------------------------------------ the rest */

static void on_decision(struct perfetto *p, const struct note *n)
{
    struct perfetto_track t = perfetto_track_of(n->pool, GROUP_SCALING, 0);
    char text[96];

    if (n->kind == NOTE_SCALE)
        (void)snprintf(text, sizeof text, "replicas %u -> %u", n->a, n->b);
    else if (n->kind == NOTE_FAULT)
        (void)snprintf(text, sizeof text, "fault %s",
                       fault_name((enum fault_kind)n->a));
    else
        (void)snprintf(text, sizeof text, "the scaler reads no metric");
    perfetto_instant(p, t, n->kind == NOTE_FAULT ? "g" : "p", text);
}

static void on_note(void *context, const struct note *n)
{
    struct perfetto *p = context;

    p->now_us = n->at_us;
    if (n->kind <= NOTE_END)
        on_build(p, n);
    else if (n->kind <= NOTE_POD_GONE)
        on_pod(p, n);
    else if (n->kind <= NOTE_NODE_UNPAID)
        on_node(p, n);
    else
        on_decision(p, n);
}

static void on_row(void *context, const struct timeline_row *r)
{
    perfetto_levels(context, r);
}

/* ------------------------------------------------------------ the run */

static void on_begin(void *context, const struct system *s)
{
    struct perfetto *p = context;

    (void)s;
    fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[", p->out);
    perfetto_name_groups(p);
}

/* What is still open ends with the history. */
static void on_end(void *context, const struct system *s)
{
    struct perfetto *p = context;
    const struct scenario *x = p->scenario;

    (void)s;
    for (uint32_t i = 0; i < x->trace.n; i++)
        close_spell(p, i, x->pool_of[x->trace.builds[i].pool]);
    for (uint32_t i = 0; i < p->n_pods; i++)
        if (p->pods[i].phase)
            enter(p, &p->pods[i], pod_track(p, i, 0), NULL);
    for (uint32_t i = 0; i < p->n_nodes; i++)
        if (p->nodes[i].phase)
            enter(p, &p->nodes[i], node_track(p, i), NULL);
    fputs("\n]}\n", p->out);
}

void perfetto_open(struct perfetto *p, const struct scenario *s, FILE *out)
{
    *p = (struct perfetto){.scenario = s, .out = out};
    p->builds = mem_array(s->trace.n, sizeof *p->builds);
    p->last = mem_array(s->system.n_pools, sizeof *p->last);
    for (size_t i = 0; i < s->system.n_pools; i++)
        p->last[i].at_us = SIM_NEVER;
}

struct replicate_watch perfetto_watch(struct perfetto *p)
{
    return (struct replicate_watch){
        .context = p,
        .on_begin = on_begin,
        .on_note = on_note,
        .on_row = on_row,
        .on_end = on_end,
    };
}

void perfetto_close(struct perfetto *p)
{
    free(p->builds);
    free(p->pods);
    free(p->nodes);
    free(p->last);
    *p = (struct perfetto){0};
}

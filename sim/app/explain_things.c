/* explain_things.c - one pod, or one node, in words. */
#include "sim/app/explain_parts.h"

/* ------------------------------------------------------------ builds */

static void build_name(const struct story *s, uint32_t build, char out[96])
{
    const struct trace *t = &s->scenario->trace;
    uint32_t id = t->builds[build].id;

    if (id == 0)
        (void)snprintf(out, 96, "number %u", build);
    else
        tell_name(strings_at(&t->strings, id), out);
}

static const char *build_words(int kind)
{
    switch (kind) {
    case NOTE_SERVED:
        return "takes its slot";
    case NOTE_CLOSED:
        return "is cut off by the balancer";
    case NOTE_HUNG_UP:
        return "leaves";
    case NOTE_LOST:
        return "is lost with it";
    case NOTE_FAILED:
        return "fails by its own error";
    default:
        return "is done";
    }
}

static void tell_build(const struct story *s, const struct story_line *l,
                       struct teller *t)
{
    char name[96];

    build_name(s, l->a, name);
    tell(t, l->at_us, "  build %s %s", name, build_words(l->kind));
}

/* ------------------------------------------------------------ one pod */

/* Its own kinds whose words need nothing else. */
static const char *pod_words(int kind)
{
    switch (kind) {
    case NOTE_POD_SETTLED:
        return "is there and ready from the start of the history";
    case NOTE_POD_STARTED:
        return "its container runs";
    case NOTE_POD_READY:
        return "is ready";
    case NOTE_POD_UNREADY:
        return "is no longer ready: it leaves the name";
    case NOTE_POD_READY_AGAIN:
        return "is ready again";
    case NOTE_POD_KILLED:
        return "its container is killed: its probes have failed";
    case NOTE_POD_KNOWN:
        return "is known to the balancer: builds can reach it";
    case NOTE_POD_EVICTED:
        return "is evicted, since its node goes";
    case NOTE_POD_OUTDATED:
        return "gives way to a pod of a new template";
    default:
        return "is gone";
    }
}

static void tell_look(const struct story *s, const struct story_line *l,
                      struct teller *t)
{
    const struct pod_life *p = &s->pods[s->id];
    const struct drain_params *d = &s->scenario->system.pools[p->pool].drain;

    if (l->b == 0)
        tell(t, l->at_us, "  its drain script looks: a build is there");
    else
        tell(t, l->at_us, "  its drain script looks: idle, %u of %u looks",
             l->b, d->idle_looks);
}

/* The script has ended by itself, or its time was up. */
static const char *term_words(const struct story *s, size_t i)
{
    const struct pod_life *p = &s->pods[s->id];
    const struct drain_params *d = &s->scenario->system.pools[p->pool].drain;
    sim_us at_us = s->lines[i].at_us;

    while (i > 0 && s->lines[i].kind != NOTE_POD_LOOK)
        i--;
    if (s->lines[i].kind == NOTE_POD_LOOK && s->lines[i].b >= d->idle_looks)
        return "is told to stop, its drain script is done";
    return at_us > pod_at_us(p, NOTE_POD_DELETED)
               ? "is told to stop, its grace period is over"
               : "is told to stop";
}

static uint32_t builds_on(const struct story *s, size_t i)
{
    uint32_t n = 0;

    for (size_t k = 0; k < i; k++) {
        if (s->lines[k].kind == NOTE_SERVED)
            n++;
        else if (s->lines[k].kind <= NOTE_END)
            n--;
    }
    return n;
}

static void tell_deleted(const struct story *s, size_t i, struct teller *t)
{
    const struct pod_life *p = &s->pods[s->id];
    sim_us at_us = s->lines[i].at_us;
    bool other = pod_at_us(p, NOTE_POD_EVICTED) <= at_us ||
                 pod_at_us(p, NOTE_POD_OUTDATED) <= at_us;
    char why[128];

    explain_why(&p->why_not, false, at_us, why);
    tell(t, at_us, "is deleted%s%s", other ? "" : ", ", other ? "" : why);
    if (builds_on(s, i) > 0 && s->scenario->system.pools[p->pool].has_drain)
        tell_more(t, "a build is on it: its drain script waits for that");
}

static void tell_pod(const struct story *s, size_t i, struct teller *t)
{
    const struct story_line *l = &s->lines[i];
    const struct pod_life *p = &s->pods[s->id];
    char why[128];

    if (l->kind == NOTE_POD_CREATED) {
        explain_why(&p->why, true, l->at_us, why);
        tell(t, l->at_us, "is created, %s", why);
    } else if (l->kind == NOTE_POD_DELETED) {
        tell_deleted(s, i, t);
    } else if (l->kind == NOTE_POD_TERM) {
        tell(t, l->at_us, "%s", term_words(s, i));
    } else if (l->kind == NOTE_POD_PLACED) {
        tell(t, l->at_us, "fits nowhere: is meant for node %u", l->b);
    } else if (l->kind == NOTE_POD_BOUND) {
        tell(t, l->at_us, "is bound to node %u", l->b);
    } else if (l->kind == NOTE_POD_LOOK) {
        tell_look(s, l, t);
    } else {
        tell(t, l->at_us, "%s", pod_words(l->kind));
    }
}

static sim_us begins_us(const struct story *s)
{
    return s->n_lines > 0 ? s->lines[0].at_us : 0;
}

static void pod_head(const struct story *s, FILE *out)
{
    const struct pod_life *p = &s->pods[s->id];
    char pool[96];

    tell_name(s->scenario->system.pools[p->pool].name, pool);
    fprintf(out, "pod %u of pool %s", s->id, pool);
    if (p->node != NO_INDEX)
        fprintf(out, ", node %u", p->node);
    fprintf(out, ", %u build%s\n\n", p->n_builds, p->n_builds == 1 ? "" : "s");
}

/* How long it took to be of use, and how long it was. */
static void pod_sums(const struct story *s, FILE *out)
{
    const struct pod_life *p = &s->pods[s->id];
    sim_us created_us = pod_at_us(p, NOTE_POD_CREATED);
    sim_us known_us = pod_at_us(p, NOTE_POD_KNOWN);
    sim_us busy_us = 0, since_us = 0;
    char busy[TELL_SPAN], start[TELL_SPAN];

    for (size_t i = 0; i < s->n_lines; i++) {
        if (s->lines[i].kind == NOTE_SERVED)
            since_us = s->lines[i].at_us;
        else if (s->lines[i].kind <= NOTE_END)
            busy_us += s->lines[i].at_us - since_us;
    }
    tell_span(busy_us, busy);
    fprintf(out, "\nIts slots were held for %s in all", busy);
    if (created_us != SIM_NEVER && known_us != SIM_NEVER) {
        tell_span(known_us - created_us, start);
        fprintf(out,
                "; it took %s from its creation until builds could reach "
                "it",
                start);
    }
    fprintf(out, ".\n");
}

void explain_pod(const struct story *s, FILE *out)
{
    struct teller t = teller_of(&s->scenario->trace, begins_us(s), out);

    pod_head(s, out);
    for (size_t i = 0; i < s->n_lines; i++) {
        if (s->lines[i].kind <= NOTE_END)
            tell_build(s, &s->lines[i], &t);
        else
            tell_pod(s, i, &t);
    }
    pod_sums(s, out);
}

/* ------------------------------------------------------------ one node */

static const char *node_words(int kind)
{
    switch (kind) {
    case NOTE_NODE_CLAIMED:
        return "is asked of the cloud";
    case NOTE_NODE_REFUSED:
        return "is refused: the cloud has no capacity";
    case NOTE_NODE_REGISTERED:
        return "has joined the cluster, not ready";
    case NOTE_NODE_READY:
        return "is ready for pods";
    case NOTE_NODE_LATE:
        return "has not come in time: Karpenter gives it up";
    case NOTE_NODE_SILENT:
        return "has not been heard of for a while: not ready";
    case NOTE_NODE_HEARD:
        return "is heard of again";
    case NOTE_NODE_EXPIRED:
        return "has reached its greatest age";
    case NOTE_NODE_TERMINATED:
        return "is given back to the cloud";
    default:
        return "is no longer paid";
    }
}

/* Nodes go once they have been empty for a while. */
static void tell_marked(const struct story *s, size_t i, struct teller *t)
{
    sim_us at_us = s->lines[i].at_us;
    char span[TELL_SPAN];

    while (i > 0 && s->lines[i].kind != NOTE_POD_GONE)
        i--;
    if (s->lines[i].kind != NOTE_POD_GONE) {
        tell(t, at_us, "is marked for removal");
        return;
    }
    tell_span(at_us - s->lines[i].at_us, span);
    tell(t, at_us, "is marked for removal, %s after the last pod went", span);
}

static void tell_node(const struct story *s, size_t i, struct teller *t)
{
    const struct node_life *n = &s->nodes[s->id];
    const struct story_line *l = &s->lines[i];

    if (l->kind == NOTE_NODE_LAUNCHED)
        tell(t, l->at_us, "is launched: %s", explain_type(s, n));
    else if (l->kind == NOTE_NODE_MARKED)
        tell_marked(s, i, t);
    else if (l->kind == NOTE_NODE_PAID)
        tell(t, l->at_us, "is paid from now on");
    else if (l->kind == NOTE_NODE_TERMINATED && l->b == 1)
        tell(t, l->at_us, "is lost, with all that runs on it");
    else
        tell(t, l->at_us, "%s", node_words(l->kind));
}

static const char *its_pod_words(int kind)
{
    switch (kind) {
    case NOTE_POD_SETTLED:
        return "is there from the start";
    case NOTE_POD_PLACED:
        return "is meant for it";
    case NOTE_POD_BOUND:
        return "is bound to it";
    case NOTE_POD_READY:
        return "is ready";
    case NOTE_POD_UNREADY:
        return "is no longer ready";
    case NOTE_POD_READY_AGAIN:
        return "is ready again";
    case NOTE_POD_KILLED:
        return "fails its probes: its container is killed";
    case NOTE_POD_EVICTED:
        return "is evicted";
    case NOTE_POD_DELETED:
        return "is deleted";
    case NOTE_POD_GONE:
        return "is gone";
    default:
        return NULL;
    }
}

static void tell_its_pod(const struct story_line *l, struct teller *t)
{
    const char *what = its_pod_words(l->kind);

    if (what)
        tell(t, l->at_us, "  pod %u %s", l->a, what);
}

/* From the first to the last paid moment, with minimum and rounding. */
static void node_sums(const struct story *s, FILE *out)
{
    const struct node_life *n = &s->nodes[s->id];
    const struct system_params *p = &s->scenario->system;
    sim_us from_us = node_at_us(n, NOTE_NODE_PAID);
    sim_us until_us = node_at_us(n, NOTE_NODE_UNPAID);
    bool open = until_us == SIM_NEVER;
    char span[TELL_SPAN];

    if (from_us == SIM_NEVER || n->type == NO_INDEX) {
        fprintf(out, "\nIt cost nothing.\n");
        return;
    }
    if (open)
        until_us = s->end_us;
    double usd_per_h =
        p->karpenter.types[n->type].usd_per_h * p->billing.price_factor;
    tell_span(until_us - from_us, span);
    fprintf(out, "\nPaid for %s%s at $%.4f an hour: $%.2f.\n", span,
            open ? " and still on at the end of the history" : "", usd_per_h,
            billing_usd(&p->billing, p->karpenter.types[n->type].usd_per_h,
                        from_us, until_us));
}

void explain_node(const struct story *s, FILE *out)
{
    const struct node_life *n = &s->nodes[s->id];
    struct teller t = teller_of(&s->scenario->trace, begins_us(s), out);
    char pool[96];

    tell_name(s->scenario->system.pools[n->pool].name, pool);
    fprintf(out, "node %u for pool %s: %s; %u pod%s meant for it, %u ran\n\n",
            s->id, pool, explain_type(s, n), n->n_meant,
            n->n_meant == 1 ? "" : "s", n->n_pods);
    for (size_t i = 0; i < s->n_lines; i++) {
        if (s->lines[i].kind >= NOTE_NODE_CLAIMED)
            tell_node(s, i, &t);
        else
            tell_its_pod(&s->lines[i], &t);
    }
    node_sums(s, out);
}

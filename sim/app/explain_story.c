/* explain_story.c - looks on while the history runs, and keeps what the story
 * of one build, pod or node needs.
 */
#include "sim/app/explain.h"

#include "sim/base/mem.h"

#include <stdlib.h>
#include <string.h>

static bool is_of_build(enum note_kind kind)
{
    return kind <= NOTE_END;
}

static bool is_of_pod(enum note_kind kind)
{
    return kind >= NOTE_POD_SETTLED && kind <= NOTE_POD_GONE;
}

static bool is_of_node(enum note_kind kind)
{
    return kind >= NOTE_NODE_CLAIMED && kind <= NOTE_NODE_UNPAID;
}

static struct story_line *add_line(struct story *s, sim_us at_us, int kind,
                                   uint32_t a, uint32_t b)
{
    s->lines =
        mem_grow(s->lines, &s->cap_lines, s->n_lines + 1, sizeof *s->lines);
    s->lines[s->n_lines] =
        (struct story_line){.at_us = at_us, .kind = kind, .a = a, .b = b};
    return &s->lines[s->n_lines++];
}

/* ------------------------------------------------------------ lives */

static void never(sim_us at_us[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        at_us[i] = SIM_NEVER;
}

static struct pod_life *pod_of(struct story *s, uint32_t pod)
{
    s->pods = mem_grow(s->pods, &s->cap_pods, (size_t)pod + 1, sizeof *s->pods);
    if (pod >= s->n_pods)
        s->n_pods = (size_t)pod + 1;
    struct pod_life *p = &s->pods[pod];
    if (!p->seen) {
        p->seen = true;
        p->node = p->meant_for = NO_INDEX;
        p->why.at_us = p->why_not.at_us = SIM_NEVER;
        never(p->first_us, POD_NOTES);
    }
    return p;
}

static struct node_life *node_of(struct story *s, uint32_t node)
{
    s->nodes =
        mem_grow(s->nodes, &s->cap_nodes, (size_t)node + 1, sizeof *s->nodes);
    if (node >= s->n_nodes)
        s->n_nodes = (size_t)node + 1;
    struct node_life *n = &s->nodes[node];
    if (!n->seen) {
        n->seen = true;
        n->type = NO_INDEX;
        never(n->first_us, NODE_NOTES);
    }
    return n;
}

static void live_pod(struct story *s, const struct note *n)
{
    struct pod_life *p = pod_of(s, n->a);
    sim_us *first_us = &p->first_us[n->kind - NOTE_POD_SETTLED];

    p->pool = n->pool;
    if (*first_us == SIM_NEVER)
        *first_us = n->at_us;
    if (n->kind == NOTE_POD_CREATED)
        p->why = s->scaled[n->pool];
    else if (n->kind == NOTE_POD_DELETED)
        p->why_not = s->scaled[n->pool];
    else if (n->kind == NOTE_POD_PLACED)
        p->meant_for = n->b;
    else if (n->kind == NOTE_POD_BOUND || n->kind == NOTE_POD_SETTLED)
        p->node = n->b;
}

static void live_node(struct story *s, const struct note *n)
{
    struct node_life *x = node_of(s, n->a);
    sim_us *first_us = &x->first_us[n->kind - NOTE_NODE_CLAIMED];

    x->pool = n->pool;
    if (*first_us == SIM_NEVER)
        *first_us = n->at_us;
    if (n->kind == NOTE_NODE_LAUNCHED || n->kind == NOTE_NODE_PAID)
        x->type = n->b;
    if (n->kind == NOTE_NODE_TERMINATED && n->b == 1)
        x->lost = true;
}

/* Every solve says again where the pods go that still have no place. */
static bool is_repeated(const struct story *s, const struct note *n)
{
    return n->kind == NOTE_POD_PLACED && n->a < s->n_pods &&
           s->pods[n->a].seen && s->pods[n->a].meant_for == n->b;
}

static void live(struct story *s, const struct note *n)
{
    if (n->kind == NOTE_POD_PLACED)
        node_of(s, n->b)->n_meant++;
    if (is_of_pod(n->kind))
        live_pod(s, n);
    else if (is_of_node(n->kind))
        live_node(s, n);
    if (n->kind == NOTE_SCALE)
        s->scaled[n->pool] = (struct scaled){n->at_us, n->a, n->b};
    if (n->kind == NOTE_POD_BOUND || n->kind == NOTE_POD_SETTLED)
        node_of(s, n->b)->n_pods++;
    if (n->kind == NOTE_WORK)
        pod_of(s, n->b)->n_builds++;
}

/* ------------------------------------------------------------ one build */

static uint32_t pool_of(const struct story *s)
{
    const struct scenario *x = s->scenario;

    return x->pool_of[x->trace.builds[s->id].pool];
}

static void end_reason(struct story *s, sim_us now_us)
{
    if (s->scaler_since_us != SIM_NEVER)
        s->scaler_us[s->scaler_reason] += now_us - s->scaler_since_us;
    s->scaler_since_us = SIM_NEVER;
}

/* What the scaler could make of the balancer's figures, were it to look. */
static enum scaler_reason reason_of(const struct hpa_params *h,
                                    const struct pool_state *state)
{
    double have = (double)h->metrics[0].target_milli * state->wanted;
    double surplus = 1000.0 * state->sessions - have;

    if (surplus <= 0.0)
        return SCALER_BLIND;
    return surplus <= h->tolerance_up_frac * have ? SCALER_TOLERATES
                                                  : SCALER_LATE;
}

static void end_spell(struct story *s, sim_us now_us)
{
    if (!s->in_spell)
        return;
    end_reason(s, now_us);
    s->in_spell = false;
    s->spells[s->n_spells - 1].until_us = now_us;
}

static void begin_spell(struct story *s, sim_us now_us, enum wait_cause cause)
{
    end_spell(s, now_us);
    s->spells =
        mem_grow(s->spells, &s->cap_spells, s->n_spells + 1, sizeof *s->spells);
    s->spells[s->n_spells] = (struct spell){
        .from_us = now_us,
        .until_us = now_us,
        .cause = cause,
        .place = waiting_place(&s->waiting, s->id),
        .of = (uint32_t)s->waiting.n_all,
    };
    s->in_spell = true;
    add_line(s, now_us, LINE_SPELL, (uint32_t)s->n_spells++, 0);
}

/* What happens to the pool while the build waits. */
static bool concerns_waiting(const struct story *s, const struct note *n)
{
    if (n->kind == NOTE_FAULT)
        return s->is_open && (n->pool == NO_INDEX || n->pool == pool_of(s));
    return s->is_waiting && n->pool == pool_of(s) &&
           (n->kind == NOTE_SCALE || n->kind == NOTE_METRIC_LOST ||
            n->kind == NOTE_NODE_REFUSED);
}

static void build_note(struct story *s, const struct note *n)
{
    bool own = is_of_build(n->kind) && n->a == s->id;

    if (is_of_build(n->kind) && n->pool == pool_of(s))
        waiting_on_note(&s->waiting, n);
    if (!own && !concerns_waiting(s, n))
        return;
    struct story_line *l = add_line(s, n->at_us, (int)n->kind, n->a, n->b);
    if (n->kind == NOTE_QUEUED)
        l->more = waiting_queued(&s->waiting, n->a);
    if (n->kind == NOTE_SERVED)
        l->more = s->pods[n->b].n_builds;
    if (!own)
        return;
    s->is_open = n->kind != NOTE_END;
    s->is_waiting = waiting_place(&s->waiting, s->id) != NO_INDEX;
    if (!s->is_waiting)
        end_spell(s, n->at_us);
}

/* ------------------------------------------------------------ one pod */

/* The builds on a pod, and their ends. */
static bool is_on_pod(struct story *s, const struct note *n, uint32_t pod)
{
    bool on = s->pod_of[n->a] == pod;

    if (n->kind == NOTE_SERVED)
        s->pod_of[n->a] = n->b;
    else if (n->kind == NOTE_CLOSED || n->kind == NOTE_HUNG_UP ||
             n->kind == NOTE_LOST || n->kind == NOTE_FAILED ||
             n->kind == NOTE_END)
        s->pod_of[n->a] = NO_INDEX;
    else
        on = false;
    return n->kind == NOTE_SERVED ? n->b == pod : on;
}

static bool is_about(struct story *s, const struct note *n)
{
    if (s->what == EXPLAIN_POD && is_of_build(n->kind))
        return is_on_pod(s, n, s->id);
    if (s->what == EXPLAIN_POD)
        return is_of_pod(n->kind) && n->a == s->id;
    if (is_of_node(n->kind))
        return n->a == s->id;
    return is_of_pod(n->kind) && n->b == s->id && n->kind != NOTE_POD_LOOK;
}

/* ------------------------------------------------------------ the run */

/* Places of the pods that were always there; looks of a script that is over.
 */
static bool is_obvious(const struct story *s, const struct note *n)
{
    if (n->kind == NOTE_POD_PLACED)
        return pod_at_us(&s->pods[n->a], NOTE_POD_CREATED) == SIM_NEVER;
    return n->kind == NOTE_POD_LOOK &&
           pod_at_us(&s->pods[n->a], NOTE_POD_TERM) != SIM_NEVER;
}

static void on_note(void *context, const struct note *n)
{
    struct story *s = context;

    s->end_us = n->at_us;
    if (is_repeated(s, n))
        return;
    live(s, n);
    if (is_obvious(s, n))
        return;
    if (s->what == EXPLAIN_BUILD)
        build_note(s, n);
    else if (is_about(s, n))
        add_line(s, n->at_us, (int)n->kind, n->a, n->b);
}

static void on_row(void *context, const struct timeline_row *r)
{
    struct story *s = context;

    if (s->what != EXPLAIN_BUILD || !s->is_waiting || r->pool != pool_of(s))
        return;
    enum wait_cause cause =
        waiting_cause(&s->waiting, s->id, system_waits_for(s->system, r->pool));
    if (!s->in_spell || s->spells[s->n_spells - 1].cause != cause)
        begin_spell(s, r->at_us, cause);
    end_reason(s, r->at_us);
    if (cause != WAIT_SCALER)
        return;
    s->scaler_since_us = r->at_us;
    s->scaler_reason =
        reason_of(&s->scenario->system.pools[r->pool].hpa, &r->state);
}

static void begin(struct story *s)
{
    size_t n = s->scenario->trace.n;

    s->builds = mem_array(n, sizeof *s->builds);
    s->pod_of = mem_array(n, sizeof *s->pod_of);
    for (size_t i = 0; i < n; i++)
        s->pod_of[i] = NO_INDEX;
    s->scaled = mem_array(s->scenario->system.n_pools, sizeof *s->scaled);
    for (size_t i = 0; i < s->scenario->system.n_pools; i++)
        s->scaled[i].at_us = SIM_NEVER;
    s->scaler_since_us = SIM_NEVER;
    waiting_init(&s->waiting, n);
}

void story_run(struct story *s)
{
    const struct scenario *x = s->scenario;
    struct random_world w = {.seed = s->seed, .replication = x->world};
    struct system_observer o = {
        .context = s, .on_note = on_note, .on_row = on_row};
    struct system *system =
        system_new(&x->system, &x->trace, x->pool_of, x->caller_of);

    begin(s);
    s->system = system;
    system_run(system, &w, &o);
    if (s->in_spell)
        end_spell(s, s->end_us);
    memcpy(s->builds, system_builds(system), x->trace.n * sizeof *s->builds);
    s->system = NULL;
    system_free(system);
}

sim_us story_waited_us(const struct story *s, enum wait_cause cause)
{
    sim_us sum_us = 0;

    for (size_t i = 0; i < s->n_spells; i++)
        if (s->spells[i].cause == cause)
            sum_us += s->spells[i].until_us - s->spells[i].from_us;
    return sum_us;
}

void story_free(struct story *s)
{
    free(s->builds);
    free(s->lines);
    free(s->spells);
    free(s->pods);
    free(s->nodes);
    free(s->scaled);
    free(s->pod_of);
    waiting_free(&s->waiting);
    *s = (struct story){0};
}

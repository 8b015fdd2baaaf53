/* system_nodes.c - what Karpenter decides: when to solve, which claims, which
 * nodes to remove.
 */
#include "models/system_parts.h"

/* ------------------------------------------------------------ timers */

/* Karpenter may have changed its mind about when it acts next; asked once an
 * instant, after everything else.
 */
void sys_nodes_touched(struct system *s)
{
    s->nodes_touched = true;
    s->n_touches++;
}

void sys_nodes_plan(struct system *s)
{
    sim_us batch_us = karp_batch_due(&s->karp.batch);
    sim_us disrupt_us = s->disrupt_at_us, ignored_us;

    if (s->nodes_touched)
        disrupt_us = karp_disrupt_due(&s->karp);
    if (sys_karpenter_away(s, &ignored_us))
        batch_us = disrupt_us = SIM_NEVER;
    s->nodes_touched = s->batch_touched = false;
    if (batch_us != s->batch_at_us && batch_us != SIM_NEVER)
        sys_plan(s, batch_us, EV_BATCH, 0, 0);
    s->batch_at_us = batch_us;
    if (disrupt_us != s->disrupt_at_us && disrupt_us != SIM_NEVER)
        sys_plan(s, disrupt_us, EV_DISRUPT, 0, 0);
    s->disrupt_at_us = disrupt_us;
    sys_find_waits(s);
}

void sys_pending(struct system *s, uint32_t pod, bool pending)
{
    if (pending)
        karp_batch_on_pending(&s->karp.batch, s->now_us, KARP_POD, pod);
    else if (sys_pod(s, pod)->noticed)
        karp_batch_on_settled(&s->karp.batch, s->now_us, KARP_POD, pod);
    s->batch_touched = true; /* which no removal depends on */
}

/* ------------------------------------------------------------ the solve */

static size_t pending_pods(struct system *s, bool all)
{
    const struct sys_pod *pod;
    size_t n = 0;

    for (uint32_t pool = members_next(&s->pending, 0); pool != NO_INDEX;
         pool = members_next(&s->pending, pool + 1)) {
        for (uint32_t i = s->pools[pool].first; i != NO_INDEX; i = pod->next) {
            pod = sys_pod(s, i);
            if (pod->phase == POD_PENDING && (pod->noticed || all))
                sys_unplaced(s, n++, i);
        }
    }
    return n;
}

static void know_nodes(struct system *s)
{
    for (size_t i = s->n_nodes; i < s->karp.n_nodes; i++) {
        s->nodes = mem_grow(s->nodes, &s->cap_nodes, i + 1, sizeof *s->nodes);
        s->nodes[i] = (struct sys_node){
            .replaces = NO_INDEX,
            .first_pod = NO_INDEX,
            .ordinal = s->n_claims[s->karp.nodes[i].pool]++,
        };
        s->n_nodes = i + 1;
    }
}

/* Places the pods gathered in unplaced[n]; the new claims are the last nodes.
 */
size_t sys_solve(struct system *s, size_t n)
{
    size_t n_claims = karp_solve(&s->karp, s->now_us, s->unplaced, n);

    know_nodes(s);
    for (size_t i = 0; i < n; i++) {
        const struct karp_pod *p = &s->unplaced[i];
        struct sys_pod *pod = sys_pod(s, p->pod);
        if (p->node == NO_INDEX || p->node == pod->place)
            continue;
        pod->place = p->node;
        sys_note(s, NOTE_POD_PLACED, pod->pool, p->pod, p->node);
    }
    return n_claims;
}

void sys_unplaced(struct system *s, size_t n, uint32_t pod)
{
    const struct sys_pod *p = sys_pod(s, pod);

    s->unplaced =
        mem_grow(s->unplaced, &s->cap_unplaced, n + 1, sizeof *s->unplaced);
    s->unplaced[n] = (struct karp_pod){
        .pod = pod,
        .pools = s->pools[p->pool].p->node_pools,
        .size = sys_request(s, p->pool),
        .created_us = p->created_us,
        .node = NO_INDEX,
    };
}

/* The claims of a solve go to the cloud once they are made. */
void sys_request_claims(struct system *s, size_t n_claims, sim_us at_us)
{
    for (size_t i = s->karp.n_nodes - n_claims; i < s->karp.n_nodes; i++)
        sys_plan(s, at_us, EV_NODE_REQUEST, (uint32_t)i, 0);
}

sim_us sys_solve_us(struct system *s)
{
    double u = sys_u(s, DRAW_SOLVE, 0, s->n_solves++);

    return s->now_us + dist_us(&s->p->karpenter.solve, u, 1.0);
}

static void on_batch(struct system *s)
{
    sim_us until_us;

    if (sys_karpenter_away(s, &until_us))
        return;
    enum karp_batch_act act =
        karp_batch_on_due(&s->karp.batch, s->now_us, karp_synced(&s->karp));

    if (act == KARP_BATCH_SOLVE) {
        sim_us done_us = sys_solve_us(s);
        sys_request_claims(s, sys_solve(s, pending_pods(s, false)), done_us);
        sys_plan(s, done_us, EV_SOLVED, 0, s->n_leaders);
    }
    sys_nodes_touched(s);
}

/* The end of a former leader's solve is nobody's. */
static void on_solved(struct system *s, uint32_t leader)
{
    if (leader != s->n_leaders)
        return;
    karp_batch_on_solved(&s->karp.batch, s->now_us);
    sys_nodes_touched(s);
}

/* ------------------------------------------------------------ removal */

static void act(struct system *s, enum karp_disrupt_act what)
{
    if (what == KARP_DISRUPT_DRAIN)
        for (size_t i = 0; i < s->karp.loop.n_taken; i++)
            sys_node_marked(s, s->karp.loop.taken[i]);
    else if (what == KARP_DISRUPT_REPLACE)
        sys_replace(s, s->karp.loop.taken[0]);
}

static void on_disrupt(struct system *s)
{
    sim_us until_us;

    if (sys_karpenter_away(s, &until_us))
        return;
    if (!s->karp.loop.started)
        karp_disrupt_start(&s->karp, s->now_us);
    if (karp_disrupt_due(&s->karp) == s->now_us)
        act(s, karp_disrupt_on_due(&s->karp, s->now_us));
    s->disrupt_at_us = SIM_NEVER;
    sys_nodes_touched(s);
}

static void plan_foreign(struct system *s)
{
    double u = sys_u(s, DRAW_FOREIGN, 0, s->n_foreign++);
    sim_us gap_us = karp_foreign_us(&s->p->karpenter, u);

    if (gap_us != SIM_NEVER)
        sys_plan(s, s->now_us + gap_us, EV_FOREIGN, 0, 0);
}

static void on_foreign(struct system *s)
{
    karp_disrupt_on_foreign(&s->karp, s->now_us);
    plan_foreign(s);
    sys_nodes_touched(s);
}

/* ------------------------------------------------------------ foreign pods */

static void plan_foreign_pod(struct system *s, uint32_t number)
{
    double u = sys_u(s, DRAW_FOREIGN_POD, number, 0);
    sim_us gap_us = karp_foreign_pod_us(&s->p->karpenter, u);

    if (gap_us != SIM_NEVER)
        sys_plan(s, s->now_us + gap_us, EV_FOREIGN_POD, number, 0);
}

/* They share the batch window with ours, and that is all. */
static void on_foreign_pod(struct system *s, uint32_t number)
{
    double u = sys_u(s, DRAW_FOREIGN_POD, number, 1);

    karp_batch_on_pending(&s->karp.batch, s->now_us, KARP_FOREIGN, number);
    sys_plan(s, s->now_us + dist_us(&s->p->karpenter.foreign_pod, u, 1.0),
             EV_FOREIGN_PLACED, number, 0);
    plan_foreign_pod(s, number + 1);
    s->batch_touched = true;
}

static void on_foreign_placed(struct system *s, uint32_t number)
{
    karp_batch_on_settled(&s->karp.batch, s->now_us, KARP_FOREIGN, number);
    s->batch_touched = true;
}

/* ------------------------------------------------------------ its restart */

bool sys_karpenter_away(const struct system *s, sim_us *until_us)
{
    const struct fault *f;

    if (!sys_fault(s, FAULT_KARPENTER_RESTART, NO_INDEX, &f))
        return false;
    *until_us = f->until_us;
    return true;
}

void sys_karpenter_stopped(struct system *s)
{
    karp_on_stop(&s->karp, s->now_us);
    sys_nodes_touched(s);
}

/* What was to be replaced is no longer known. */
void sys_karpenter_restarted(struct system *s)
{
    sim_us until_us;

    if (sys_karpenter_away(s, &until_us))
        return;
    for (size_t i = 0; i < s->n_nodes; i++) {
        s->nodes[i].replaces = NO_INDEX;
        s->nodes[i].n_replacements = 0;
    }
    s->n_leaders++;
    karp_on_restart(&s->karp, s->now_us);
    s->batch_at_us = s->disrupt_at_us = SIM_NEVER;
    sys_nodes_touched(s);
}

/* ------------------------------------------------------------ the start */

/* Nodes for the pods that exist before the history, long since running. */
void sys_nodes_start(struct system *s)
{
    size_t n = sys_solve(s, pending_pods(s, true));

    for (size_t i = s->karp.n_nodes - n; i < s->karp.n_nodes; i++)
        sys_node_adopt(s, (uint32_t)i);
    plan_foreign(s);
    plan_foreign_pod(s, 0);
    double u = sys_u(s, DRAW_DISRUPT_PHASE, 0, 0);
    sys_plan(s, (sim_us)(u * (double)s->p->karpenter.poll_us), EV_DISRUPT, 0,
             0);
}

/* ------------------------------------------------------------ events */

void sys_on_karpenter(struct system *s, enum event_kind kind, uint32_t entity,
                      uint32_t generation)
{
    switch (kind) {
    case EV_BATCH:
        on_batch(s);
        break;
    case EV_SOLVED:
        on_solved(s, generation);
        break;
    case EV_FOREIGN_POD:
        on_foreign_pod(s, entity);
        break;
    case EV_FOREIGN_PLACED:
        on_foreign_placed(s, entity);
        break;
    case EV_FOREIGN:
        on_foreign(s);
        break;
    default:
        on_disrupt(s);
        break;
    }
}

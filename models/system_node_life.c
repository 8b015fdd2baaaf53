/* system_node_life.c - one node from its claim to its end, and its bill. */
#include "models/system_parts.h"

/* ------------------------------------------------------------ identities */

/* A launch is known by its node pool and its number there, so that two
 * configurations draw the same latencies for it.
 */
static uint64_t identity(const struct system *s, uint32_t node)
{
    return (uint64_t)s->karp.nodes[node].pool << 32 | s->nodes[node].ordinal;
}

enum node_draw {
    ND_REGISTER,
    ND_INIT,
    ND_FAIL,
    ND_DAEMONS,
    ND_TERM,
    ND_BILL,
    ND_STOP,
    ND_DRAWS
};

static double node_u(const struct system *s, uint32_t node, enum node_draw d)
{
    const struct karp_node *k = &s->karp.nodes[node];

    return sys_u(s, DRAW_NODE, identity(s, node),
                 (uint64_t)k->n_attempts * ND_DRAWS + d);
}

static sim_us later(const struct system *s, const struct dist *d, uint32_t node,
                    enum node_draw draw)
{
    return s->now_us + dist_us(d, node_u(s, node, draw), 1.0);
}

/* The pool that pays for a node. */
uint32_t sys_payer(const struct system *s, uint32_t node)
{
    return s->routes.payer[s->karp.nodes[node].pool];
}

/* ------------------------------------------------------------ launch */

static double fleet_u(const struct system *s, uint32_t node, uint64_t ordinal)
{
    return sys_u(s, DRAW_FLEET, s->karp.nodes[node].fleet, ordinal);
}

static void plan_liveness(struct system *s, uint32_t node)
{
    sim_us at_us = karp_liveness_us(&s->karp, node);

    if (at_us != SIM_NEVER) /* long past if Karpenter was away for long */
        sys_plan(s, at_us > s->now_us ? at_us : s->now_us, EV_NODE_LIVENESS,
                 node, 0);
}

static void on_request(struct system *s, uint32_t node)
{
    const struct karp_params *p = &s->p->karpenter;
    struct karp_answer a =
        karp_on_request(&s->karp, s->now_us, node, fleet_u(s, node, 0));

    if (a.outcome == KARP_STALE)
        return;
    if (a.outcome == KARP_LAUNCHING)
        sys_plan(s,
                 s->now_us + karp_launch_us(p, fleet_u(s, node, 2),
                                            fleet_u(s, node, 1)),
                 EV_NODE_ANSWER, node, 0);
    else if (a.outcome == KARP_REFUSED)
        sys_plan(s, s->now_us + dist_us(&p->refusal, fleet_u(s, node, 3), 1.0),
                 EV_NODE_ANSWER, node, 1);
    else
        sys_plan(s, s->now_us + a.retry_us, EV_NODE_REQUEST, node, 0);
    sys_note(s, NOTE_NODE_CLAIMED, sys_payer(s, node), node, 0);
    plan_liveness(s, node);
}

static void boot(struct system *s, uint32_t node)
{
    const struct karp_params *p = &s->p->karpenter;
    double u_fleet = fleet_u(s, node, 1);
    const struct fault *f;
    double slow = s->p->boot_factor;

    if (sys_fault(s, FAULT_SLOW_BOOT, sys_payer(s, node), &f))
        slow *= f->factor;
    sim_us registration_us =
        karp_registration_us(p, node_u(s, node, ND_REGISTER), u_fleet,
                             node_u(s, node, ND_FAIL), slow);
    if (registration_us == SIM_NEVER)
        return;
    sim_us registered_us = s->now_us + registration_us;
    sys_plan(s, registered_us, EV_NODE_REGISTERED, node, 0);
    sys_plan(s,
             registered_us + karp_initialization_us(p, node_u(s, node, ND_INIT),
                                                    u_fleet, slow),
             EV_NODE_READY, node, 0);
}

/* The cloud's two answers. */
static void on_refused(struct system *s, uint32_t node)
{
    karp_on_refused(&s->karp, s->now_us, node);
    sys_replacement_failed(s, node);
    sys_note(s, NOTE_NODE_REFUSED, sys_payer(s, node), node, 0);
}

static void on_granted(struct system *s, uint32_t node)
{
    karp_on_launched(&s->karp, s->now_us, node);
    if (s->karp.nodes[node].phase != KARP_LAUNCHED)
        return;
    s->pools[sys_payer(s, node)].result.nodes_started++;
    sys_note(s, NOTE_NODE_LAUNCHED, sys_payer(s, node), node,
             s->karp.nodes[node].type);
    sys_plan(s, later(s, &s->p->billing.start_delay, node, ND_BILL),
             EV_NODE_BILLED, node, 0);
    plan_liveness(s, node);
    boot(s, node);
}

/* ------------------------------------------------------------ life */

static void on_billed(struct system *s, uint32_t node)
{
    const struct karp_node *k = &s->karp.nodes[node];
    uint32_t pool = sys_payer(s, node);

    if (k->phase >= KARP_TERMINATING)
        return;
    billing_on_start(&s->pools[pool].billing, s->now_us, node,
                     s->p->karpenter.types[k->type].usd_per_h);
    s->nodes[node].billed = true;
    sys_count(s, pool, &s->pools[pool].state.nodes, +1);
    sys_note(s, NOTE_NODE_PAID, pool, node, k->type);
}

void sys_node_stopped(struct system *s, uint32_t node)
{
    uint32_t pool = sys_payer(s, node);

    if (!s->nodes[node].billed)
        return;
    s->nodes[node].billed = false;
    billing_on_stop(&s->pools[pool].billing, s->now_us, node);
    sys_count(s, pool, &s->pools[pool].state.nodes, -1);
    sys_note(s, NOTE_NODE_UNPAID, pool, node, 0);
}

static void on_registered(struct system *s, uint32_t node)
{
    if (s->karp.nodes[node].phase != KARP_LAUNCHED)
        return;
    karp_on_registered(&s->karp, s->now_us, node);
    kubelet_init(&s->nodes[node].kubelet, s->now_us);
    sys_note(s, NOTE_NODE_REGISTERED, sys_payer(s, node), node, 0);
}

static void plan_expiry(struct system *s, uint32_t node)
{
    sim_us at_us = karp_expiry_us(&s->karp, node);

    if (at_us != SIM_NEVER)
        sys_plan(s, at_us > s->now_us ? at_us : s->now_us, EV_NODE_EXPIRY, node,
                 0);
}

static void on_ready(struct system *s, uint32_t node)
{
    if (s->karp.nodes[node].phase != KARP_REGISTERED)
        return;
    karp_on_initialized(&s->karp, s->now_us, node);
    sys_note(s, NOTE_NODE_READY, sys_payer(s, node), node, 0);
    plan_expiry(s, node);
    sys_schedule_all(s);
    sys_replacement_ready(s, node);
}

/* ------------------------------------------------------------ removal */

void sys_node_drained(struct system *s, uint32_t node)
{
    sys_plan(s, karp_terminate_us(&s->karp, node, node_u(s, node, ND_DAEMONS)),
             EV_NODE_TERMINATE, node, 0);
}

/* A node is deleted: it goes once its pods have gone. */
void sys_node_marked(struct system *s, uint32_t node)
{
    sys_note(s, NOTE_NODE_MARKED, sys_payer(s, node), node, 0);
    if (karp_drained(&s->karp, node))
        sys_node_drained(s, node);
}

static void on_liveness(struct system *s, uint32_t node)
{
    if (!karp_on_liveness(&s->karp, s->now_us, node))
        return;
    sys_note(s, NOTE_NODE_LATE, sys_payer(s, node), node, 0);
    if (s->karp.nodes[node].phase == KARP_DRAINING)
        sys_node_drained(s, node);
    sys_replacement_failed(s, node);
}

static void on_terminate(struct system *s, uint32_t node)
{
    const struct karp_params *p = &s->p->karpenter;

    if (s->karp.nodes[node].phase != KARP_DRAINING)
        return;
    karp_on_terminate(&s->karp, s->now_us, node);
    sys_note(s, NOTE_NODE_TERMINATED, sys_payer(s, node), node, 0);
    sys_plan(s, later(s, &s->p->billing.stop_delay, node, ND_STOP),
             EV_NODE_STOPPED, node, 0);
    sys_plan(s, later(s, &p->termination, node, ND_TERM), EV_NODE_GONE, node,
             0);
}

/* ------------------------------------------------------------ events */

static void on_gone(struct system *s, uint32_t node)
{
    if (s->karp.nodes[node].phase != KARP_GONE)
        karp_on_gone(&s->karp, s->now_us, node);
}

enum { FIRST = EV_NODE_REQUEST, KINDS = EV_NODE_GONE - FIRST + 1 };

/* What Karpenter itself does about a node is left undone while it is away. */
static const struct {
    void (*on)(struct system *s, uint32_t node);
    bool karpenters;
} handlers[KINDS] = {
    [EV_NODE_REQUEST - FIRST] = {on_request, true},
    [EV_NODE_ANSWER - FIRST] = {on_granted, false},
    [EV_NODE_BILLED - FIRST] = {on_billed, false},
    [EV_NODE_REGISTERED - FIRST] = {on_registered, true},
    [EV_NODE_READY - FIRST] = {on_ready, true},
    [EV_NODE_LIVENESS - FIRST] = {on_liveness, true},
    [EV_NODE_EXPIRY - FIRST] = {sys_on_expiry, true},
    [EV_NODE_EVICT - FIRST] = {sys_on_evict, true},
    [EV_NODE_SILENT - FIRST] = {sys_on_silent, false},
    [EV_NODE_TAINTED - FIRST] = {sys_on_tainted, false},
    [EV_NODE_HEARD - FIRST] = {sys_on_heard, false},
    [EV_NODE_COLLECT - FIRST] = {sys_on_collect, true},
    [EV_NODE_TERMINATE - FIRST] = {on_terminate, true},
    [EV_NODE_STOPPED - FIRST] = {sys_node_stopped, false},
    [EV_NODE_GONE - FIRST] = {on_gone, true},
};

void sys_on_node(struct system *s, enum event_kind kind, uint32_t node,
                 uint32_t generation)
{
    sim_us until_us;

    if (handlers[kind - FIRST].karpenters && sys_karpenter_away(s, &until_us)) {
        sys_plan(s, until_us, kind, node, generation);
        return;
    }
    if (kind == EV_NODE_ANSWER && generation != 0)
        on_refused(s, node);
    else
        handlers[kind - FIRST].on(s, node);
    sys_nodes_touched(s);
}

/* ------------------------------------------------------------ the start */

/* A node of the base is as old as chance has it: only expiry ends it. */
static void age(struct system *s, uint32_t node)
{
    uint32_t pool = s->karp.nodes[node].pool;
    sim_us expire_us = s->p->karpenter.pools[pool].expire_after_us;
    double u = sys_u(s, DRAW_START_AGE, identity(s, node), 0);

    if (expire_us != SIM_NEVER)
        karp_on_aged(&s->karp, node, (sim_us)(u * (double)expire_us));
}

/* A claim of the start has long since become a node; without capacity it is
 * one of now.
 */
void sys_node_adopt(struct system *s, uint32_t node)
{
    struct karp_answer a =
        karp_on_request(&s->karp, s->now_us, node, fleet_u(s, node, 0));

    if (a.outcome != KARP_LAUNCHING) {
        sys_plan(s, s->now_us, EV_NODE_REQUEST, node, 0);
        return;
    }
    karp_on_launched(&s->karp, s->now_us, node);
    karp_on_registered(&s->karp, s->now_us, node);
    karp_on_initialized(&s->karp, s->now_us, node);
    kubelet_init(&s->nodes[node].kubelet, s->now_us - US_PER_H);
    s->nodes[node].kubelet.image_us = s->now_us - US_PER_H;
    age(s, node);
    plan_expiry(s, node);
    on_billed(s, node);
}

/* system_outage.c - nodes that the control plane does not hear of: instances
 * that are lost, and nodes that are cut off for a while.
 */
#include "models/system_parts.h"

/* Until the control plane believes that a silent node is not ready. */
#define NOT_READY_US (40 * US_PER_S)
/* Pods tolerate the taint of such a node for so long. */
#define TOLERATED_US (300 * US_PER_S)
/* Between two looks for claims whose instance the cloud no longer lists. */
#define COLLECT_US (120 * US_PER_S)

/* What acts on each pod of the node. */
static void each_pod(struct system *s, uint32_t node,
                     void (*act)(struct system *, uint32_t))
{
    for (uint32_t i = s->nodes[node].first_pod, next; i != NO_INDEX; i = next) {
        next = sys_pod(s, i)->next_on_node;
        act(s, i);
    }
}

/* Its port and its builds answer no more. */
static void lose(struct system *s, uint32_t pod)
{
    sys_port(s, pod);
    sys_pace(s, pod);
}

/* The instance is gone from one moment to the next. Nobody is told: builds on
 * it hang, dials get no answer.
 */
void sys_node_lost(struct system *s, uint32_t node)
{
    uint32_t pool = sys_payer(s, node);
    double u = sys_u(s, DRAW_LOST, node, 0);
    sim_us seen_us = s->now_us + NOT_READY_US;

    sys_node_stopped(s, node);
    s->nodes[node].lost = true;
    each_pod(s, node, lose);
    sys_note(s, NOTE_NODE_TERMINATED, pool, node, 1);
    sys_plan(s, seen_us, EV_NODE_SILENT, node, 0);
    sys_plan(s, seen_us + (sim_us)(u * (double)COLLECT_US), EV_NODE_COLLECT,
             node, 0);
}

/* The node and its pods go on by themselves. */
void sys_node_cut_off(struct system *s, uint32_t node, sim_us until_us)
{
    sim_us seen_us = s->now_us + NOT_READY_US;

    s->nodes[node].away_until_us = until_us;
    if (seen_us < until_us)
        sys_plan(s, seen_us, EV_NODE_SILENT, node, 0);
    if (seen_us + TOLERATED_US < until_us)
        sys_plan(s, seen_us + TOLERATED_US, EV_NODE_TAINTED, node, 0);
    sys_plan(s, until_us, EV_NODE_HEARD, node, 0);
}

/* Whether the node's kubelet hears of its pods and is heard. */
bool sys_node_hears(const struct system *s, uint32_t node)
{
    const struct sys_node *n = &s->nodes[node];

    return !n->lost && s->now_us >= n->away_until_us;
}

/* It counts as not ready, and so do its pods. */
void sys_on_silent(struct system *s, uint32_t node)
{
    if (s->karp.nodes[node].phase >= KARP_TERMINATING)
        return;
    karp_on_ready(&s->karp, s->now_us, node, false);
    sys_note(s, NOTE_NODE_SILENT, sys_payer(s, node), node, 0);
    each_pod(s, node, sys_pod_unready);
    sys_nodes_touched(s);
}

static void evict(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);

    if (p->terminating)
        return;
    sys_note(s, NOTE_POD_EVICTED, p->pool, pod, p->node);
    sys_delete(s, pod);
    sys_rs_soon(s, p->pool, p->set);
}

/* Its pods are deleted, of which it does not hear. */
void sys_on_tainted(struct system *s, uint32_t node)
{
    if (s->karp.nodes[node].phase < KARP_TERMINATING)
        each_pod(s, node, evict);
}

static void hear(struct system *s, uint32_t pod)
{
    if (sys_pod(s, pod)->terminating)
        sys_pod_drain(s, pod);
    else
        sys_pod_ready_again(s, pod);
}

void sys_on_heard(struct system *s, uint32_t node)
{
    if (s->karp.nodes[node].phase >= KARP_TERMINATING ||
        !sys_node_hears(s, node))
        return;
    karp_on_ready(&s->karp, s->now_us, node, true);
    sys_note(s, NOTE_NODE_HEARD, sys_payer(s, node), node, 0);
    each_pod(s, node, hear);
    sys_schedule_all(s);
    sys_nodes_touched(s);
}

/* Its claim and its pods are deleted; the ReplicaSet makes new ones. */
void sys_on_collect(struct system *s, uint32_t node)
{
    if (s->karp.nodes[node].phase == KARP_GONE)
        return;
    sys_pods_lost(s, node);
    karp_on_gone(&s->karp, s->now_us, node);
    sys_nodes_touched(s);
}

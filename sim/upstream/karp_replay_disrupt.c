#include "models/karpenter_disrupt.h"
#include "models/karpenter_node.h"
#include "models/karpenter_solve.h"
#include "sim/base/mem.h"
#include "sim/upstream/karp_replay.h"

#include <stdlib.h>
#include <string.h>

enum { GUESTS = 1024 }; /* pods that come and go, by number */

static const struct karp_size guest = {1000, 1024};

struct remover {
    struct karp_params p;
    struct karp k;
    const json_t *events;
    size_t at; /* the next of them */
    sim_us drain_us, gone_us;
    bool here[GUESTS];
    json_t *out; /* borrowed */
};

static sim_us sooner(sim_us a, sim_us b)
{
    return a < b ? a : b;
}

/* When a drained node's instance is ended, and when the node is gone. */
static sim_us end_us(const struct remover *x, const struct karp_node *n)
{
    if (n->phase == KARP_DRAINING && n->drained_us != SIM_NEVER)
        return n->drained_us + x->drain_us;
    if (n->phase == KARP_TERMINATING)
        return n->terminated_us + x->gone_us;
    return SIM_NEVER;
}

static sim_us next_end_us(const struct remover *x)
{
    sim_us first = SIM_NEVER;

    for (size_t i = 0; i < x->k.n_live; i++)
        first = sooner(first, end_us(x, &x->k.nodes[x->k.live[i]]));
    return first;
}

static void end_nodes(struct remover *x, sim_us now_us)
{
    for (uint32_t i = 0; i < x->k.n_nodes; i++) {
        if (end_us(x, &x->k.nodes[i]) != now_us)
            continue;
        if (x->k.nodes[i].phase == KARP_DRAINING)
            karp_on_terminate(&x->k, now_us, i);
        else
            karp_on_gone(&x->k, now_us, i);
    }
}

static void tell_event(struct remover *x, sim_us now_us, uint32_t node)
{
    sim_us us = x->k.nodes[node].pod_event_us;

    json_array_append_new(
        x->out, json_pack("{s:s, s:I, s:I, s:I}", "ask", "event", "t", now_us,
                          "node", (json_int_t)node, "event_s", us / US_PER_S));
}

static json_t *allowed_json(const struct remover *x, sim_us now_us,
                            uint32_t reason)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < x->p.n_pools; i++)
        json_array_append_new(
            list, json_integer(karp_allowed(&x->k, i, reason, now_us)));
    return list;
}

/* A taint keeps pods from a leaving node; its own go on. */
static void pod_event(struct remover *x, sim_us now_us, const json_t *o)
{
    const char *what = json_string_value(json_object_get(o, "do"));
    uint32_t node = (uint32_t)karp_replay_int(o, "node", 0);
    size_t pod = (size_t)karp_replay_int(o, "pod", 0) % GUESTS;
    bool bind = strcmp(what, "bind") == 0;

    if (bind ? karp_leaving(&x->k.nodes[node]) : !x->here[pod])
        return;
    x->here[pod] = strcmp(what, "terminal") != 0;
    if (bind)
        karp_on_pod_bound(&x->k, now_us, node, guest);
    else if (x->here[pod])
        karp_on_pod_terminating(&x->k, now_us, node);
    else
        karp_on_pod_terminal(&x->k, now_us, node, guest, true);
    tell_event(x, now_us, node);
}

static void change(struct remover *x, sim_us now_us, const json_t *o)
{
    const char *what = json_string_value(json_object_get(o, "do"));
    uint32_t node = (uint32_t)karp_replay_int(o, "node", 0);

    if (x->k.nodes[node].phase == KARP_GONE && strcmp(what, "probe") != 0)
        return;
    if (strcmp(what, "ready") == 0 || strcmp(what, "unready") == 0)
        karp_on_ready(&x->k, now_us, node, what[0] == 'r');
    else if (strcmp(what, "block") == 0 || strcmp(what, "unblock") == 0)
        karp_on_blocked(&x->k, now_us, node, what[0] == 'b');
    else if (strcmp(what, "nominate") == 0)
        karp_nominate(&x->k, now_us, node);
    else if (strcmp(what, "probe") == 0)
        json_array_append_new(
            x->out,
            json_pack("{s:s, s:I, s:o, s:o}", "ask", "allowed", "t", now_us,
                      "empty", allowed_json(x, now_us, KARP_EMPTY), "drifted",
                      allowed_json(x, now_us, KARP_DRIFTED)));
    else
        pod_event(x, now_us, o);
}

static int by_index(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return a < b ? -1 : a > b;
}

static void pass(struct remover *x, sim_us now_us)
{
    struct karp_loop *l = &x->k.loop;

    if (karp_disrupt_on_due(&x->k, now_us) != KARP_DISRUPT_DRAIN)
        return;
    json_t *marked = json_array();

    qsort(l->taken, l->n_taken, sizeof *l->taken, by_index);
    for (size_t i = 0; i < l->n_taken; i++)
        json_array_append_new(marked, json_integer(l->taken[i]));
    json_array_append_new(x->out, json_pack("{s:s, s:I, s:o}", "ask", "marked",
                                            "t", now_us, "marked", marked));
}

static sim_us event_us(const struct remover *x)
{
    const json_t *o = json_array_get(x->events, x->at);

    return o ? karp_replay_int(o, "at_us", 0) : SIM_NEVER;
}

/* Of things at one instant the loop is the last. */
static void step(struct remover *x, sim_us now_us, sim_us start_us)
{
    if (now_us == start_us)
        karp_disrupt_start(&x->k, now_us);
    end_nodes(x, now_us);
    while (event_us(x) == now_us)
        change(x, now_us, json_array_get(x->events, x->at++));
    while (karp_disrupt_due(&x->k) == now_us)
        pass(x, now_us);
}

void karp_replay_disrupt(const json_t *scenario, json_t *out)
{
    struct remover *x = mem_array(1, sizeof *x);
    sim_us start_us = karp_replay_int(scenario, "start_us", 0);
    sim_us until_us = karp_replay_int(scenario, "end_us", 0);

    *x = (struct remover){.events = json_object_get(scenario, "events"),
                          .drain_us = karp_replay_int(scenario, "drain_us", 0),
                          .gone_us = karp_replay_int(scenario, "gone_us", 0),
                          .out = out};
    karp_replay_read(scenario, &x->p);
    karp_init(&x->k, &x->p);
    karp_replay_nodes(scenario, &x->k);
    for (;;) {
        sim_us now_us = sooner(event_us(x), next_end_us(x));
        now_us = sooner(now_us,
                        x->k.loop.started ? karp_disrupt_due(&x->k) : start_us);
        if (now_us >= until_us)
            break;
        step(x, now_us, start_us);
    }
    karp_free(&x->k);
    free(x);
}

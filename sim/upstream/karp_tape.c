#include "sim/upstream/karp_tape.h"

#include "sim/base/mem.h"

#include <stdlib.h>
#include <string.h>

void karp_tape_init(struct karp_tape *t, sim_us until_us)
{
    *t = (struct karp_tape){.events = json_array(),
                            .decisions = json_array(),
                            .marked = json_array(),
                            .start_us = SIM_NEVER,
                            .until_us = until_us};
}

void karp_tape_free(struct karp_tape *t)
{
    json_decref(t->events);
    json_decref(t->decisions);
    json_decref(t->marked);
    for (size_t i = 0; i < t->n; i++) {
        free(t->lives[i].active.number);
        free(t->lives[i].terminating.number);
    }
    free(t->lives);
    *t = (struct karp_tape){0};
}

/* ------------------------------------------------------------ pods */

static void push(struct karp_guests *g, uint32_t number)
{
    g->number = mem_grow(g->number, &g->cap, g->n + 1, sizeof *g->number);
    g->number[g->n++] = number;
}

static uint32_t shift(struct karp_guests *g)
{
    uint32_t number = g->number[0];

    g->n--;
    memmove(g->number, g->number + 1, g->n * sizeof *g->number);
    return number;
}

/* ------------------------------------------------------------ events */

static json_t *add(struct karp_tape *t, sim_us now_us, const char *what,
                   uint32_t node)
{
    json_t *o = json_pack("{s:I, s:s, s:I}", "at_us", (json_int_t)now_us, "do",
                          what, "node", (json_int_t)node);

    json_array_append_new(t->events, o);
    return o;
}

/* Which pod of a node it is does not matter; those that end have begun. */
static void add_pod(struct karp_tape *t, sim_us now_us, const char *what,
                    uint32_t node, uint32_t pod)
{
    json_object_set_new(add(t, now_us, what, node), "pod", json_integer(pod));
    if (strcmp(what, "lost") == 0)
        return;
    sim_us stamp_us = t->k->nodes[node].pod_event_us;

    json_array_append_new(
        t->decisions, json_pack("{s:s, s:I, s:I, s:I}", "ask", "event", "t",
                                (json_int_t)now_us, "node", (json_int_t)node,
                                "event_s", (json_int_t)(stamp_us / US_PER_S)));
}

static void on_pod(struct karp_tape *t, sim_us now_us, enum karp_word word,
                   uint32_t node, bool terminating)
{
    struct karp_life *l = &t->lives[node];
    const char *what = word == KARP_POD_LOST ? "lost" : "terminal";

    if (word == KARP_POD_BOUND) {
        push(&l->active, t->n_guests);
        add_pod(t, now_us, "bind", node, t->n_guests++);
    } else if (word == KARP_POD_TERMINATING) {
        push(&l->terminating, shift(&l->active));
        add_pod(t, now_us, "terminating", node,
                l->terminating.number[l->terminating.n - 1]);
    } else {
        add_pod(t, now_us, what, node,
                shift(terminating ? &l->terminating : &l->active));
    }
}

static void on_claimed(struct karp_tape *t, sim_us now_us, uint32_t node)
{
    t->lives = mem_grow(t->lives, &t->cap, (size_t)node + 1, sizeof *t->lives);
    t->lives[node] = (struct karp_life){.claimed_us = now_us,
                                        .pool = t->k->nodes[node].pool};
    t->n = (size_t)node + 1;
    add(t, now_us, "claim", node);
}

static int by_number(const void *left, const void *right)
{
    json_int_t a = json_integer_value(*(json_t *const *)left);
    json_int_t b = json_integer_value(*(json_t *const *)right);

    return a < b ? -1 : a > b;
}

static json_t *sorted(const json_t *list)
{
    size_t n = json_array_size(list);
    json_t **at = mem_array(n, sizeof(json_t *)), *out = json_array();

    for (size_t i = 0; i < n; i++)
        at[i] = json_array_get(list, i);
    qsort(at, n, sizeof(json_t *), by_number);
    for (size_t i = 0; i < n; i++)
        json_array_append(out, at[i]);
    free(at);
    return out;
}

/* The real loop takes its nodes itself; others are deleted. */
static void on_taken(struct karp_tape *t, sim_us now_us, uint32_t node,
                     uint32_t n_more)
{
    t->lives[node].taken = true;
    json_array_append_new(t->marked, json_integer(node));
    if (n_more > 0)
        return;
    json_array_append_new(t->decisions,
                          json_pack("{s:s, s:I, s:o}", "ask", "marked", "t",
                                    (json_int_t)now_us, "marked",
                                    sorted(t->marked)));
    json_array_clear(t->marked);
}

static void on_node(struct karp_tape *t, sim_us now_us, enum karp_word word,
                    uint32_t node)
{
    static const char *const words[] = {
        [KARP_NODE_LAUNCHED] = "launch",
        [KARP_NODE_REGISTERED] = "register",
        [KARP_NODE_INITIALIZED] = "initialize",
        [KARP_NODE_READY] = "ready",
        [KARP_NODE_UNREADY] = "unready",
        [KARP_NODE_BLOCKED] = "block",
        [KARP_NODE_UNBLOCKED] = "unblock",
        [KARP_NODE_NOMINATED] = "nominate",
        [KARP_NODE_MARKED] = "delete",
        [KARP_NODE_TERMINATED] = "terminate",
        [KARP_NODE_GONE] = "end",
    };
    struct karp_life *l = &t->lives[node];
    bool of_object = word == KARP_NODE_READY || word == KARP_NODE_UNREADY ||
                     word == KARP_NODE_BLOCKED || word == KARP_NODE_UNBLOCKED;

    if (word == KARP_NODE_LAUNCHED)
        l->type = t->k->nodes[node].type;
    l->registered |= word == KARP_NODE_REGISTERED;
    if (word == KARP_NODE_MARKED && l->taken)
        return;
    if (of_object && !l->registered)
        return;
    add(t, now_us, words[word], node);
}

/* ------------------------------------------------------------ words */

static bool concerns_nodes(enum karp_word word)
{
    return word >= KARP_NODE_CLAIMED && word <= KARP_LOOP_STARTED;
}

static void hear(struct karp_tape *t, sim_us now_us, enum karp_word word,
                 uint32_t node, uint32_t b)
{
    if (word == KARP_NODE_CLAIMED)
        on_claimed(t, now_us, node);
    else if (word == KARP_LOOP_STARTED)
        t->start_us = now_us;
    else if (word == KARP_NODE_TAKEN)
        on_taken(t, now_us, node, b);
    else if (word >= KARP_POD_BOUND)
        on_pod(t, now_us, word, node, b != 0);
    else
        on_node(t, now_us, word, node);
}

void karp_tape_word(struct karp_tape *t, sim_us now_us, enum karp_word word,
                    uint32_t node, uint32_t b)
{
    if (word == KARP_NODE_AGED) { /* its time is that of its claim */
        t->lives[node].claimed_us = now_us;
        return;
    }
    if (now_us >= t->until_us)
        return;
    if (word == KARP_DRIFTED_NODE || word == KARP_RESTARTED)
        t->until_us = now_us;
    if (!concerns_nodes(word))
        return;
    t->last_us = now_us;
    hear(t, now_us, word, node, b);
}

/* ------------------------------------------------------------ the scenario */

struct claimed {
    sim_us at_us;
    uint32_t node;
};

static int by_claim(const void *left, const void *right)
{
    const struct claimed *a = left, *b = right;

    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    return a->node < b->node ? -1 : a->node > b->node;
}

static sim_us whole_s(sim_us us)
{
    sim_us s = us / US_PER_S;

    return (us < 0 && s * US_PER_S != us ? s - 1 : s) * US_PER_S;
}

static void date(struct karp_tape *t)
{
    struct claimed *order = mem_array(t->n, sizeof *order);
    sim_us last_us = INT64_MIN + US_PER_S;

    for (uint32_t i = 0; i < t->n; i++)
        order[i] = (struct claimed){t->lives[i].claimed_us, i};
    qsort(order, t->n, sizeof *order, by_claim);
    for (size_t i = 0; i < t->n; i++) {
        sim_us at_us = whole_s(order[i].at_us);
        last_us = at_us > last_us ? at_us : last_us + US_PER_S;
        t->lives[order[i].node].created_us = last_us;
    }
    free(order);
}

/* The driver makes it when its claim comes: so much older than that. */
static json_t *node_json(const struct karp_tape *t, uint32_t i, sim_us at_us,
                         const uint32_t numbers[])
{
    const struct karp_life *l = &t->lives[i];
    sim_us age_us = whole_s(at_us) - l->created_us;

    return json_pack("{s:I, s:I, s:s, s:I}", "pool",
                     (json_int_t)numbers[l->pool], "type", (json_int_t)l->type,
                     "phase", "", "age_s", (json_int_t)(age_us / US_PER_S));
}

void karp_tape_put(struct karp_tape *t, json_t *scenario,
                   const uint32_t numbers[])
{
    json_t *nodes = json_array(), *o;
    size_t i;

    date(t);
    json_array_foreach(t->events, i, o)
    {
        if (strcmp(json_string_value(json_object_get(o, "do")), "claim") == 0)
            json_array_append_new(
                nodes,
                node_json(t, (uint32_t)json_array_size(nodes),
                          json_integer_value(json_object_get(o, "at_us")),
                          numbers));
    }
    sim_us start_us = t->start_us < t->last_us ? t->start_us : t->last_us;

    json_object_set_new(scenario, "start_us", json_integer(start_us));
    json_object_set_new(scenario, "end_us", json_integer(t->last_us + 1));
    json_object_set_new(scenario, "nodes", nodes);
    json_object_set(scenario, "events", t->events);
}

#include "sim/upstream/karp_windows.h"

#include "models/karpenter_batch.h"
#include "sim/base/mem.h"

#include <stdlib.h>

/* ------------------------------------------------------------ an episode */

static void begin(struct karp_windows *w)
{
    w->sources = json_array();
    w->unsynced = json_array();
    w->solves = json_array();
    w->decisions = json_array();
    w->n_open = 0;
    w->solve_us = SIM_NEVER;
    w->origin_us = w->last_us = SIM_NEVER;
}

static void end(struct karp_windows *w)
{
    json_decref(w->sources);
    json_decref(w->unsynced);
    json_decref(w->solves);
    json_decref(w->decisions);
}

void karp_windows_init(struct karp_windows *w, const struct karp_params *p)
{
    *w = (struct karp_windows){.p = p, .flight_us = SIM_NEVER};
    begin(w);
}

void karp_windows_free(struct karp_windows *w)
{
    end(w);
    free(w->open);
    *w = (struct karp_windows){0};
}

static sim_us longest_us(const struct karp_windows *w)
{
    const struct karp_params *p = w->p;

    return p->batch_max_us > p->batch_idle_us ? p->batch_max_us
                                              : p->batch_idle_us;
}

bool karp_windows_parts(const struct karp_windows *w, sim_us now_us,
                        enum karp_word word)
{
    return word == KARP_SOURCE_BEGINS && w->origin_us != SIM_NEVER &&
           w->n_open == 0 && w->solve_us == SIM_NEVER &&
           now_us > w->last_us + 2 * longest_us(w);
}

/* ------------------------------------------------------------ the words */

static json_int_t since(const struct karp_windows *w, sim_us us)
{
    return us > w->origin_us ? us - w->origin_us : 0;
}

static void on_source(struct karp_windows *w, sim_us now_us, uint32_t kind,
                      uint32_t number)
{
    if (w->origin_us == SIM_NEVER)
        w->origin_us = now_us;
    w->open = mem_grow(w->open, &w->cap_open, w->n_open + 1, sizeof *w->open);
    w->open[w->n_open++] =
        (struct karp_open){kind, number, json_array_size(w->sources)};
    json_array_append_new(w->sources,
                          json_pack("{s:b, s:I}", "node", kind == KARP_NODE,
                                    "from_us", since(w, now_us)));
}

static void close_source(struct karp_windows *w, size_t i, sim_us now_us)
{
    json_t *o = json_array_get(w->sources, w->open[i].at);

    json_object_set_new(o, "until_us", json_integer(since(w, now_us)));
    w->open[i] = w->open[--w->n_open];
}

static void on_settled(struct karp_windows *w, sim_us now_us, uint32_t kind,
                       uint32_t number)
{
    for (size_t i = 0; i < w->n_open; i++)
        if (w->open[i].kind == kind && w->open[i].number == number) {
            close_source(w, i, now_us);
            return;
        }
}

/* The claims of a solve are not there yet when its window closes. */
static void on_flight(struct karp_windows *w, sim_us now_us)
{
    if (w->n_flights++ == 0)
        w->flight_us = now_us + (w->solve_us == now_us);
}

static void put_flight(struct karp_windows *w, sim_us until_us)
{
    if (w->origin_us != SIM_NEVER && until_us > w->origin_us)
        json_array_append_new(
            w->unsynced,
            json_pack("[I, I]", since(w, w->flight_us), since(w, until_us)));
}

static void on_landed(struct karp_windows *w, sim_us now_us)
{
    if (w->n_flights == 0 || --w->n_flights > 0)
        return;
    put_flight(w, now_us);
    w->flight_us = SIM_NEVER;
}

static void on_window(struct karp_windows *w, sim_us now_us, const char *what)
{
    json_array_append_new(w->decisions, json_pack("{s:s, s:I}", "ask", what,
                                                  "t", since(w, now_us)));
}

/* A claim without an instance that is gone has landed, too: the caller tells
 * as launched what was not.
 */
void karp_windows_word(struct karp_windows *w, sim_us now_us,
                       enum karp_word word, uint32_t a, uint32_t b)
{
    if (word == KARP_NODE_CLAIMED) {
        on_flight(w, now_us);
        return;
    }
    if (word == KARP_NODE_LAUNCHED) {
        on_landed(w, now_us);
        return;
    }
    if (word == KARP_SOURCE_BEGINS)
        on_source(w, now_us, a, b);
    else if (word == KARP_SOURCE_ENDS)
        on_settled(w, now_us, a, b);
    else if (word == KARP_WINDOW_VOID)
        on_window(w, now_us, "void");
    else if (word == KARP_WINDOW_SOLVED)
        on_window(w, w->solve_us = now_us, "solve");
    else if (word == KARP_SOLVE_OVER && w->solve_us != SIM_NEVER) {
        json_array_append_new(w->solves, json_integer(now_us - w->solve_us));
        w->solve_us = SIM_NEVER;
    } else {
        return;
    }
    w->last_us = now_us;
}

json_t *karp_windows_take(struct karp_windows *w, json_t *scenario)
{
    bool over = w->n_open == 0 && w->solve_us == SIM_NEVER;

    if (w->origin_us == SIM_NEVER)
        return NULL;
    /* What goes on when the run ends is not followed any further. */
    sim_us end_us = w->last_us + (over ? 4 * longest_us(w) : 0);

    while (w->n_open > 0)
        close_source(w, 0, end_us);
    if (w->n_flights > 0)
        put_flight(w, end_us);
    json_object_set_new(scenario, "end_us", json_integer(since(w, end_us)));
    json_object_set(scenario, "sources", w->sources);
    json_object_set(scenario, "unsynced", w->unsynced);
    json_object_set(scenario, "solves_us", w->solves);
    json_t *decisions = json_incref(w->decisions);

    end(w);
    begin(w);
    return decisions;
}

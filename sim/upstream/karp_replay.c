#include "sim/upstream/karp_replay.h"

#include "models/karpenter_batch.h"
#include "models/karpenter_solve.h"
#include "sim/base/mem.h"
#include "sim/upstream/karp_solved.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ the batcher */

struct batcher {
    const json_t *sources, *unsynced;
    struct karp_batch b;
    sim_us now_us, solved_us, solve_us;
};

/* The first change of a source strictly after now, or SIM_NEVER. */
static sim_us next_source_us(const struct batcher *x)
{
    sim_us first = SIM_NEVER;
    const json_t *o;
    size_t i;

    json_array_foreach(x->sources, i, o)
    {
        sim_us from_us = karp_replay_int(o, "from_us", 0);
        sim_us until_us = karp_replay_int(o, "until_us", 0);
        if (from_us > x->now_us && from_us < first)
            first = from_us;
        if (until_us > x->now_us && until_us < first)
            first = until_us;
    }
    return first;
}

static void change_sources(struct batcher *x)
{
    const json_t *o;
    size_t i;

    json_array_foreach(x->sources, i, o)
    {
        enum karp_source kind =
            json_is_true(json_object_get(o, "node")) ? KARP_NODE : KARP_POD;
        if (karp_replay_int(o, "from_us", 0) == x->now_us)
            karp_batch_on_pending(&x->b, x->now_us, kind, (uint32_t)i);
        if (karp_replay_int(o, "until_us", 0) == x->now_us)
            karp_batch_on_settled(&x->b, x->now_us, kind, (uint32_t)i);
    }
}

static bool synced(const struct batcher *x)
{
    const json_t *o;
    size_t i;

    json_array_foreach(x->unsynced, i, o)
    {
        if (x->now_us >= json_integer_value(json_array_get(o, 0)) &&
            x->now_us < json_integer_value(json_array_get(o, 1)))
            return false;
    }
    return true;
}

static sim_us sooner(sim_us a, sim_us b)
{
    return a < b ? a : b;
}

static void decide_batch(struct batcher *x, json_t *out)
{
    enum karp_batch_act act = karp_batch_on_due(&x->b, x->now_us, synced(x));

    if (act == KARP_BATCH_NOTHING)
        return;
    if (act == KARP_BATCH_SOLVE)
        x->solved_us = x->now_us + x->solve_us;
    json_array_append_new(out,
                          json_pack("{s:s, s:I}", "ask",
                                    act == KARP_BATCH_SOLVE ? "solve" : "void",
                                    "t", x->now_us));
}

static void play_batch(const json_t *scenario, json_t *out)
{
    struct batcher x = {.sources = json_object_get(scenario, "sources"),
                        .unsynced = json_object_get(scenario, "unsynced"),
                        .now_us = -1,
                        .solve_us = karp_replay_int(scenario, "solve_us", 0),
                        .solved_us = SIM_NEVER};
    struct karp_params p;

    karp_replay_read(scenario, &p);
    karp_batch_init(&x.b, p.batch_idle_us, p.batch_max_us, p.repeat_us);
    for (;;) {
        sim_us next = sooner(next_source_us(&x), x.solved_us);
        x.now_us = sooner(next, karp_batch_due(&x.b));
        if (x.now_us == SIM_NEVER)
            break;
        change_sources(&x);
        if (x.solved_us == x.now_us) {
            x.solved_us = SIM_NEVER;
            karp_batch_on_solved(&x.b, x.now_us);
        }
        decide_batch(&x, out);
    }
    karp_batch_free(&x.b);
}

/* ------------------------------------------------------------ the solve */

static size_t read_pods(const json_t *list, struct karp_pod pods[])
{
    const json_t *o, *v;
    size_t i, j;

    json_array_foreach(list, i, o)
    {
        const json_t *size = json_object_get(o, "size");
        pods[i] = (struct karp_pod){.pod = (uint32_t)i,
                                    .size = {karp_replay_int(size, "mcpu", 0),
                                             karp_replay_int(size, "mib", 0)},
                                    .node = NO_INDEX};
        json_array_foreach(json_object_get(o, "pools"), j, v)
        {
            pods[i].pools |= UINT32_C(1) << json_integer_value(v);
        }
    }
    return json_array_size(list);
}

static int by_number(const void *left, const void *right)
{
    const struct karp_pod *a = left, *b = right;

    return a->pod < b->pod ? -1 : a->pod > b->pod;
}

static void play_solve(const json_t *scenario, json_t *out)
{
    const json_t *list = json_object_get(scenario, "pending");
    struct karp_pod *pods = mem_array(json_array_size(list) + 1, sizeof *pods);
    size_t n = read_pods(list, pods);
    struct karp_params p;
    struct karp k;

    karp_replay_read(scenario, &p);
    karp_init(&k, &p);
    karp_replay_nodes(scenario, &k);
    size_t first = k.n_live;

    karp_solve(&k, 0, pods, n);
    qsort(pods, n, sizeof *pods, by_number);
    json_array_append_new(out, karp_solved_json(&k, pods, n, first, NULL));
    karp_free(&k);
    free(pods);
}

/* ------------------------------------------------------------ comparison */

/* What the model decides in a scenario, owned; in the form of a recording
 * without its first line.
 */
static json_t *play(const json_t *scenario)
{
    const char *kind = json_string_value(json_object_get(scenario, "kind"));
    json_t *out = json_array();

    if (!kind)
        return out;
    if (strcmp(kind, "batch") == 0)
        play_batch(scenario, out);
    else if (strcmp(kind, "solve") == 0)
        play_solve(scenario, out);
    else if (strcmp(kind, "disrupt") == 0)
        karp_replay_disrupt(scenario, out);
    return out;
}

static void tell(char why[], size_t size, const json_t *real,
                 const json_t *model)
{
    char *a = real ? json_dumps(real, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    char *b = model ? json_dumps(model, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

    (void)snprintf(why, size, "real %s, model %s", a ? a : "nothing",
                   b ? b : "nothing");
    free(a);
    free(b);
}

bool karp_replay(const json_t *lines, char why[], size_t size,
                 unsigned long *n_steps)
{
    json_t *model = play(json_array_get(lines, 0));
    size_t n_real = json_array_size(lines) - 1;
    size_t n =
        json_array_size(model) > n_real ? json_array_size(model) : n_real;
    bool same = json_array_size(lines) > 0;

    why[0] = '\0';
    for (size_t i = 0; i < n && same; i++) {
        const json_t *a = json_array_get(lines, i + 1);
        const json_t *b = json_array_get(model, i);
        same = a && b && json_equal(a, b);
        if (!same)
            tell(why, size, a, b);
        *n_steps += same;
    }
    json_decref(model);
    return same;
}

#include "models/upstream/dice_karp.h"

#include "models/catalog.h"
#include "models/upstream/roll.h"

#include <stdio.h>

enum { TYPES = 5, GUESTS = 40, MOST = 12 };

struct dice {
    struct roll roll;
    int n_types, n_pools, n_nodes;
    int type[TYPES]; /* which name */
    bool terminating[GUESTS];
    int home[GUESTS]; /* node of each, or -1 */
    int n_guests;
};

static const char *const names[] = {"m6id.24xlarge", "m6id.12xlarge",
                                    "m7gd.16xlarge", "m6id.4xlarge",
                                    "m6id.2xlarge"};

/* Seconds as microseconds that are no round number, so that nothing ties. */
static int64_t uneven(struct dice *d, int64_t low_s, int64_t high_s)
{
    return roll(&d->roll, low_s * 1000000, high_s * 1000000) / 10 * 10 +
           roll(&d->roll, 1, 9);
}

/* ------------------------------------------------------------ the batcher */

static json_t *source(struct dice *d, int64_t *last)
{
    int64_t from = uneven(d, 0, 200);
    int64_t until = from + uneven(d, 1, 120);

    *last = until > *last ? until : *last;
    return json_pack("{s:b, s:I, s:I}", "node", roll_one_in(&d->roll, 4),
                     "from_us", from, "until_us", until);
}

static json_t *batch(struct dice *d)
{
    static const int64_t windows[][2] = {
        {45, 45}, {1, 10}, {15, 60}, {5, 30}, {12, 25}};
    const int64_t *w = windows[roll(&d->roll, 0, 4)];
    int64_t odd_us = roll(&d->roll, 1, 99999); /* else repeats tie with polls */
    json_t *sources = json_array(), *unsynced = json_array();
    int64_t last = 0;

    for (int64_t n = roll(&d->roll, 1, 10); n > 0; n--)
        json_array_append_new(sources, source(d, &last));
    for (int64_t n = roll(&d->roll, 0, 2); n > 0; n--) {
        int64_t from = uneven(d, 0, 300);
        json_array_append_new(
            unsynced, json_pack("[I, I]", from, from + uneven(d, 1, 60)));
    }
    return json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:o, s:o}", "kind", "batch", "idle_us",
        w[0] * 1000000 + odd_us, "max_us", w[1] * 1000000 + odd_us, "solve_us",
        uneven(d, 0, roll_one_in(&d->roll, 3) ? 12 : 1), "end_us",
        last + 4 * w[1] * 1000000, "sources", sources, "unsynced", unsynced);
}

/* ------------------------------------------------------------ the cluster */

static json_t *types(struct dice *d)
{
    json_t *list = json_array();
    int skip = (int)roll(&d->roll, 0, 4);

    d->n_types = (int)roll(&d->roll, 1, 4);
    for (int i = 0; i < d->n_types; i++) {
        d->type[i] = (skip + i) % TYPES;
        json_array_append_new(list,
                              json_pack("{s:s}", "name", names[d->type[i]]));
    }
    return list;
}

static struct catalog_size capacity(const struct dice *d, int type)
{
    return catalog_capacity(catalog_find(names[d->type[type]]), 0.06);
}

/* Of which n share a node: 90 % of a share of what is allocatable, less 300 m
 * and 440 MiB for DaemonSets, in whole vCPU and GiB, as build pods are made.
 */
static struct catalog_size pod_size(const struct dice *d, int type, int n)
{
    struct catalog_size all =
        catalog_allocatable(catalog_find(names[d->type[type]]), 0.075);
    int64_t share = 10 * (int64_t)n;

    return (struct catalog_size){
        .mcpu = (all.mcpu - 300) * 9 / share / 1000 * 1000,
        .mib = (all.mib - 440) * 9 / share / 1024 * 1024};
}

/* Some of n, at least one. */
static json_t *some_of(struct dice *d, int n)
{
    json_t *list = json_array();
    int must = (int)roll(&d->roll, 0, n - 1);

    for (int i = 0; i < n; i++)
        if (i == must || roll_one_in(&d->roll, 2))
            json_array_append_new(list, json_integer(i));
    return list;
}

static json_t *size_json(int64_t mcpu, int64_t mib)
{
    return json_pack("{s:I, s:I}", "mcpu", mcpu, "mib", mib);
}

/* A whole number of nodes, or a little less. */
static json_t *limit(struct dice *d)
{
    struct catalog_size c = capacity(d, (int)roll(&d->roll, 0, d->n_types - 1));
    int64_t n = roll(&d->roll, 1, 8);

    if (roll_one_in(&d->roll, 2))
        return json_null();
    return size_json(n * c.mcpu - (roll_one_in(&d->roll, 4) ? 1 : 0),
                     n * c.mib - (roll_one_in(&d->roll, 4) ? 1 : 0));
}

static json_t *budgets(struct dice *d)
{
    static const char *const nodes[] = {"1",   "0",   "2",   "3",
                                        "10%", "34%", "50%", "100%"};
    static const char *const reasons[] = {"Empty", "Drifted"};
    json_t *list = json_array();

    for (int64_t n = roll(&d->roll, 0, 2); n > 0; n--) {
        json_t *o = json_pack(
            "{s:s}", "nodes",
            nodes[roll_one_in(&d->roll, 6)
                      ? 1
                      : roll(&d->roll, 0, 6) + 1 - roll_one_in(&d->roll, 2)]);
        if (roll_one_in(&d->roll, 3))
            json_object_set_new(
                o, "reasons", json_pack("[s]", reasons[roll(&d->roll, 0, 1)]));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *pool(struct dice *d)
{
    static const int weights[] = {0, 10, 90, 90, 100};
    static const int64_t after_s[] = {0, 20, 60, 300};
    /* Equal costs come out by chance upstream; ages make them differ. */
    return json_pack("{s:i, s:o, s:o, s:o, s:I, s:I, s:o, s:I}", "weight",
                     weights[roll(&d->roll, 0, 4)], "types",
                     some_of(d, d->n_types), "limit", limit(d), "daemon",
                     size_json(300, 440), "daemons", roll(&d->roll, 1, 6),
                     "after_us", after_s[roll(&d->roll, 0, 3)] * 1000000,
                     "budgets", budgets(d), "expire_us",
                     (json_int_t)2592000000000);
}

static json_t *pools(struct dice *d)
{
    json_t *list = json_array();

    d->n_pools = (int)roll(&d->roll, 1, 3);
    for (int i = 0; i < d->n_pools; i++)
        json_array_append_new(list, pool(d));
    return list;
}

static json_t *node(struct dice *d, const json_t *all, bool loop)
{
    static const char *const phases[] = {"initialized", "launched",
                                         "registered"};
    int which = (int)roll(&d->roll, 0, d->n_pools - 1);
    const json_t *of =
        json_object_get(json_array_get(all, (size_t)which), "types");
    int64_t n = (int64_t)json_array_size(of);
    int type = (int)json_integer_value(
        json_array_get(of, (size_t)roll(&d->roll, 0, n - 1)));
    const char *phase =
        phases[loop || roll_one_in(&d->roll, 2) ? 0 : roll(&d->roll, 0, 2)];
    json_t *o = json_pack("{s:i, s:i, s:s, s:I}", "pool", which, "type", type,
                          "phase", phase, "age_s", roll(&d->roll, 1, 2000000));

    if (phase[0] == 'i' && roll_one_in(&d->roll, 6))
        json_object_set_new(o, "unready", json_true());
    if (loop)
        return o;
    if (roll_one_in(&d->roll, 8))
        json_object_set_new(o, "marked", json_true());
    else if (phase[0] == 'i' && roll_one_in(&d->roll, 2)) {
        struct catalog_size s = pod_size(d, type, (int)roll(&d->roll, 1, 3));
        json_object_set_new(o, "used", size_json(s.mcpu, s.mib));
    }
    return o;
}

static json_t *cluster(struct dice *d, const char *kind)
{
    json_t *o = json_pack("{s:s, s:i, s:I, s:I}", "kind", kind, "zones", 3,
                          "idle_us", roll(&d->roll, 1, 45) * 1000000, "max_us",
                          roll(&d->roll, 1, 45) * 1000000);
    bool loop = kind[0] == 'd';
    json_t *list = json_array();

    json_object_set_new(o, "types", types(d));
    json_object_set_new(o, "pools", pools(d));
    d->n_nodes = (int)roll(&d->roll, loop, 10);
    for (int i = 0; i < d->n_nodes; i++)
        json_array_append_new(list, node(d, json_object_get(o, "pools"), loop));
    json_object_set_new(o, "nodes", list);
    return o;
}

/* ------------------------------------------------------------ the solve */

/* Pods of one size that may go to the same pools, as a Deployment has them. */
static void deploy(struct dice *d, json_t *pending)
{
    struct catalog_size s = pod_size(d, (int)roll(&d->roll, 0, d->n_types - 1),
                                     (int)roll(&d->roll, 1, 4));
    json_t *set = some_of(d, d->n_pools);

    for (int64_t n = roll(&d->roll, 1, MOST / 4); n > 0; n--)
        json_array_append_new(pending, json_pack("{s:o, s:O}", "size",
                                                 size_json(s.mcpu, s.mib),
                                                 "pools", set));
    json_decref(set);
}

static json_t *solve(struct dice *d)
{
    json_t *o = cluster(d, "solve");
    json_t *away = json_array(), *pending = json_array();

    for (int t = 0; t < d->n_types; t++)
        for (int z = 0; z < 3; z++)
            if (roll_one_in(&d->roll, 3))
                json_array_append_new(away, json_pack("[i, i]", t, z));
    for (int64_t n = roll(&d->roll, 1, 4); n > 0; n--)
        deploy(d, pending);
    json_object_set_new(o, "away", away);
    json_object_set_new(o, "pending", pending);
    return o;
}

/* ------------------------------------------------------------ the loop */

/* The next thing in the life of some pod. */
static const char *guest(struct dice *d, int *node, int *pod)
{
    *pod = (int)roll(&d->roll, 0, d->n_guests);
    if (*pod == d->n_guests && d->n_guests < GUESTS) {
        d->n_guests++;
        d->home[*pod] = *node;
        return "bind";
    }
    *pod = *pod == d->n_guests ? 0 : *pod;
    *node = d->home[*pod];
    if (*node < 0)
        return NULL;
    if (!d->terminating[*pod]) {
        d->terminating[*pod] = true;
        return "terminating";
    }
    d->home[*pod] = -1;
    return "terminal";
}

static const char *any(struct dice *d, int *node, int *pod)
{
    static const char *const words[] = {"ready",    "unready", "ready",
                                        "block",    "unblock", "unblock",
                                        "nominate", "probe",   "probe"};

    *node = (int)roll(&d->roll, 0, d->n_nodes - 1);
    if (!roll_one_in(&d->roll, 3))
        return guest(d, node, pod);
    return words[roll(&d->roll, 0, 8)];
}

static json_t *disrupt(struct dice *d, int changes)
{
    json_t *o = cluster(d, "disrupt");
    json_t *events = json_array();
    int64_t at_us = 0;

    for (int i = 0; i < changes / 4; i++) {
        int n = 0, pod = 0;
        const char *what = any(d, &n, &pod);
        at_us += uneven(d, 0, roll_one_in(&d->roll, 5) ? 200 : 20);
        if (what)
            json_array_append_new(events, json_pack("{s:I, s:s, s:i, s:i}",
                                                    "at_us", at_us, "do", what,
                                                    "node", n, "pod", pod));
    }
    json_object_set_new(o, "start_us", json_integer(uneven(d, 0, 10)));
    json_object_set_new(o, "drain_us", json_integer(uneven(d, 5, 100)));
    json_object_set_new(o, "gone_us", json_integer(uneven(d, 5, 100)));
    json_object_set_new(o, "end_us", json_integer(at_us + uneven(d, 1, 900)));
    json_object_set_new(o, "events", events);
    return o;
}

json_t *dice_karp_scenario(uint64_t seed, const char *version, int changes)
{
    struct dice d = {.roll = {seed}};
    json_t *o;

    (void)version;
    if (seed % 3 == 0)
        o = batch(&d);
    else
        o = seed % 3 == 1 ? solve(&d) : disrupt(&d, changes);
    json_object_set_new(o, "name", json_integer((json_int_t)seed));
    return o;
}

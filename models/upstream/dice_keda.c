#include "models/upstream/dice_keda.h"

#include <stdbool.h>
#include <stdio.h>

struct dice {
    uint64_t state;
    int minor;
};

/* splitmix64 */
static uint64_t next(struct dice *d)
{
    uint64_t z = (d->state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int64_t from_to(struct dice *d, int64_t low, int64_t high)
{
    return low + (int64_t)(next(d) % (uint64_t)(high - low + 1));
}

static bool one_in(struct dice *d, int64_t n)
{
    return from_to(d, 1, n) == 1;
}

static json_t *whole(struct dice *d, int64_t low, int64_t high)
{
    return json_integer(from_to(d, low, high));
}

/* A number of up to four decimals, as text. */
static json_t *decimal(struct dice *d, int64_t high)
{
    char text[40];

    (void)snprintf(text, sizeof text, "%lld.%04lld",
                   (long long)from_to(d, 0, high),
                   (long long)(one_in(d, 2) ? 0 : from_to(d, 1, 9999)));
    return json_string(text);
}

static json_t *trigger(struct dice *d)
{
    static const char *const targets[] = {"1",    "1.5", "0.8", "2",    "0.57",
                                          "0.29", "10",  "3.3", "0.001"};
    json_t *o = json_pack("{s:s}", "target", targets[from_to(d, 0, 8)]);

    if (one_in(d, 3))
        json_object_set_new(o, "activation", decimal(d, 5));
    if (one_in(d, 5))
        json_object_set_new(o, "value", json_true());
    return o;
}

static json_t *fallback(struct dice *d)
{
    static const char *const words[] = {"static", "currentReplicas",
                                        "currentReplicasIfHigher",
                                        "currentReplicasIfLower"};
    json_t *o = json_pack("{s:o, s:o}", "threshold", whole(d, 0, 5), "replicas",
                          whole(d, 0, 12));

    if (d->minor >= 17 && one_in(d, 2))
        json_object_set_new(o, "behavior",
                            json_string(words[from_to(d, 0, 3)]));
    return o;
}

/* What one GET meets. */
static json_t *get(struct dice *d)
{
    static const char *const odd[] = {"!503", "!503", "!404",  "!",   "!204",
                                      "NaN",  "+Inf", "-4.25", "1e3", "0"};

    return one_in(d, 2) ? json_string(odd[from_to(d, 0, 9)])
                        : decimal(d, one_in(d, 3) ? 0 : 40);
}

static json_t *balancer(struct dice *d, size_t n_triggers)
{
    json_t *list = json_array();

    while (n_triggers-- > 0) {
        json_t *first = get(d);
        bool same = !one_in(d, 5);
        json_array_append_new(
            list,
            json_pack("[O, o]", first, same ? json_incref(first) : get(d)));
        json_decref(first);
    }
    return list;
}

static json_t *events(struct dice *d, int64_t end_ms, size_t n_triggers)
{
    json_t *list = json_array();
    int64_t at_ms = 20000, most_ms = from_to(d, 20000, 200000);

    while ((at_ms += from_to(d, 1, most_ms)) < end_ms) {
        json_t *event = json_pack("{s:f}", "at_s",
                                  (double)at_ms / 1000.0 +
                                      (double)from_to(d, 1, 999) / 1e6);
        json_array_append_new(list, event);
        switch (from_to(d, 0, 6)) {
        case 0:
            json_object_set_new(event, "spec", whole(d, 0, 12));
            break;
        case 1:
            json_object_set_new(event, "ready", whole(d, 0, 12));
            break;
        case 2:
            json_object_set_new(event, "restart", json_true());
            break;
        default:
            json_object_set_new(event, "lb", balancer(d, n_triggers));
        }
    }
    return list;
}

static void bounds(struct dice *d, json_t *s)
{
    int64_t min = from_to(d, 0, 4);

    if (!one_in(d, 4))
        json_object_set_new(s, "min", json_integer(min));
    else
        min = 0;
    if (!one_in(d, 4))
        json_object_set_new(s, "max", whole(d, min + 1, 60));
    if (min > 0 && one_in(d, 4))
        json_object_set_new(s, "idle", json_integer(0));
}

static void times(struct dice *d, json_t *s)
{
    static const int64_t polls[] = {30, 30, 5, 10, 15, 60};

    json_object_set_new(s, "polling_s", json_integer(polls[from_to(d, 0, 5)]));
    if (one_in(d, 2))
        json_object_set_new(s, "cooldown_s", whole(d, 0, 200));
    if (one_in(d, 3))
        json_object_set_new(s, "initial_cooldown_s", whole(d, 0, 100));
    json_object_set_new(s, "loop_s",
                        json_real((double)from_to(d, 1, 9000) / 1000.0));
    json_object_set_new(
        s, "query_s",
        json_real(10.0 + (double)from_to(d, 1, 5000) / 1000.0 + 0.000077));
}

static void annotations(struct dice *d, json_t *s)
{
    static const char *const words[] = {"paused-scale-in", "paused-scale-out",
                                        "force-activation"};
    char key[64];

    (void)snprintf(key, sizeof key, "autoscaling.keda.sh/%s",
                   words[from_to(d, 0, 2)]);
    json_object_set_new(s, "annotations", json_pack("{s:s}", key, "true"));
}

json_t *dice_keda_scenario(uint64_t seed, int minor, int queries)
{
    struct dice d = {.state = seed * 1000003, .minor = minor};
    json_t *s =
        json_pack("{s:I, s:i}", "name", (json_int_t)seed, "queries", queries);
    json_t *list = json_array();
    size_t n = one_in(&d, 4) ? (size_t)from_to(&d, 2, 3) : 1;

    bounds(&d, s);
    times(&d, s);
    if (!one_in(&d, 4))
        json_object_set_new(s, "fallback", fallback(&d));
    if (one_in(&d, 6))
        annotations(&d, s);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, trigger(&d));
    json_object_set_new(s, "triggers", list);
    json_object_set_new(s, "start",
                        json_pack("{s:o, s:o}", "spec", whole(&d, 0, 8), "lb",
                                  balancer(&d, n)));
    json_object_set_new(s, "events", events(&d, (int64_t)queries * 15000, n));
    return s;
}

#include "models/upstream/dice_keda.h"

#include "models/upstream/roll.h"

#include <stdio.h>

static json_t *whole(struct roll *r, int64_t low, int64_t high)
{
    return json_integer(roll(r, low, high));
}

/* A number of up to four decimals, as text. */
static json_t *decimal(struct roll *r, int64_t high)
{
    char text[40];

    (void)snprintf(text, sizeof text, "%lld.%04lld",
                   (long long)roll(r, 0, high),
                   (long long)(roll_one_in(r, 2) ? 0 : roll(r, 1, 9999)));
    return json_string(text);
}

static json_t *trigger(struct roll *r)
{
    static const char *const targets[] = {"1",    "1.5", "0.8", "2",    "0.57",
                                          "0.29", "10",  "3.3", "0.001"};
    json_t *o = json_pack("{s:s}", "target", targets[roll(r, 0, 8)]);

    if (roll_one_in(r, 3))
        json_object_set_new(o, "activation", decimal(r, 5));
    if (roll_one_in(r, 5))
        json_object_set_new(o, "value", json_true());
    return o;
}

static json_t *fallback(struct roll *r, int minor)
{
    static const char *const words[] = {"static", "currentReplicas",
                                        "currentReplicasIfHigher",
                                        "currentReplicasIfLower"};
    json_t *o = json_pack("{s:o, s:o}", "threshold", whole(r, 0, 5), "replicas",
                          whole(r, 0, 12));

    if (minor >= 17 && roll_one_in(r, 2))
        json_object_set_new(o, "behavior", json_string(words[roll(r, 0, 3)]));
    return o;
}

/* What one GET meets. */
static json_t *get(struct roll *r)
{
    static const char *const odd[] = {"!503", "!503", "!404",  "!",   "!204",
                                      "NaN",  "+Inf", "-4.25", "1e3", "0"};

    return roll_one_in(r, 2) ? json_string(odd[roll(r, 0, 9)])
                             : decimal(r, roll_one_in(r, 3) ? 0 : 40);
}

static json_t *balancer(struct roll *r, size_t n_triggers)
{
    json_t *list = json_array();

    while (n_triggers-- > 0) {
        json_t *first = get(r);
        bool same = !roll_one_in(r, 5);
        json_array_append_new(
            list,
            json_pack("[O, o]", first, same ? json_incref(first) : get(r)));
        json_decref(first);
    }
    return list;
}

static json_t *events(struct roll *r, int64_t end_ms, size_t n_triggers)
{
    json_t *list = json_array();
    int64_t at_ms = 20000, most_ms = roll(r, 20000, 200000);

    while ((at_ms += roll(r, 1, most_ms)) < end_ms) {
        json_t *event =
            json_pack("{s:f}", "at_s",
                      (double)at_ms / 1000.0 + (double)roll(r, 1, 999) / 1e6);
        json_array_append_new(list, event);
        switch (roll(r, 0, 6)) {
        case 0:
            json_object_set_new(event, "spec", whole(r, 0, 12));
            break;
        case 1:
            json_object_set_new(event, "ready", whole(r, 0, 12));
            break;
        case 2:
            json_object_set_new(event, "restart", json_true());
            break;
        default:
            json_object_set_new(event, "lb", balancer(r, n_triggers));
        }
    }
    return list;
}

static void bounds(struct roll *r, json_t *s)
{
    int64_t min = roll(r, 0, 4);

    if (!roll_one_in(r, 4))
        json_object_set_new(s, "min", json_integer(min));
    else
        min = 0;
    if (!roll_one_in(r, 4))
        json_object_set_new(s, "max", whole(r, min + 1, 60));
    if (min > 0 && roll_one_in(r, 4))
        json_object_set_new(s, "idle", json_integer(0));
}

static void times(struct roll *r, json_t *s)
{
    static const int64_t polls[] = {30, 30, 5, 10, 15, 60};

    json_object_set_new(s, "polling_s", json_integer(polls[roll(r, 0, 5)]));
    if (roll_one_in(r, 2))
        json_object_set_new(s, "cooldown_s", whole(r, 0, 200));
    if (roll_one_in(r, 3))
        json_object_set_new(s, "initial_cooldown_s", whole(r, 0, 100));
    json_object_set_new(s, "loop_s",
                        json_real((double)roll(r, 1, 9000) / 1000.0));
    json_object_set_new(
        s, "query_s",
        json_real(10.0 + (double)roll(r, 1, 5000) / 1000.0 + 0.000077));
}

static void annotations(struct roll *r, json_t *s)
{
    static const char *const words[] = {"paused-scale-in", "paused-scale-out",
                                        "force-activation"};
    char key[64];

    (void)snprintf(key, sizeof key, "autoscaling.keda.sh/%s",
                   words[roll(r, 0, 2)]);
    json_object_set_new(s, "annotations", json_pack("{s:s}", key, "true"));
}

json_t *dice_keda_scenario(uint64_t seed, int minor, int queries)
{
    struct roll r = {seed * 1000003};
    json_t *s =
        json_pack("{s:I, s:i}", "name", (json_int_t)seed, "queries", queries);
    json_t *list = json_array();
    size_t n = roll_one_in(&r, 4) ? (size_t)roll(&r, 2, 3) : 1;

    bounds(&r, s);
    times(&r, s);
    if (!roll_one_in(&r, 4))
        json_object_set_new(s, "fallback", fallback(&r, minor));
    if (roll_one_in(&r, 6))
        annotations(&r, s);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, trigger(&r));
    json_object_set_new(s, "triggers", list);
    json_object_set_new(s, "start",
                        json_pack("{s:o, s:o}", "spec", whole(&r, 0, 8), "lb",
                                  balancer(&r, n)));
    json_object_set_new(s, "events", events(&r, (int64_t)queries * 15000, n));
    return s;
}

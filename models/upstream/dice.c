#include "models/upstream/dice.h"

#include "models/upstream/roll.h"

#include <stdio.h>

struct dice {
    struct roll roll;
    int minor;
    int64_t min, max, target;
};

/* One of a list, or in a third of the cases any number of the range. */
static int64_t one_of(struct dice *d, const int64_t list[], size_t n,
                      const int64_t range[2])
{
    if (roll_one_in(&d->roll, 3))
        return roll(&d->roll, range[0], range[1]);
    return list[roll(&d->roll, 0, (int64_t)n - 1)];
}

#define ONE_OF(d, list, low, high)                                             \
    one_of(d, list, sizeof(list) / sizeof(list)[0],                            \
           (const int64_t[2]){low, high})

/* ------------------------------------------------------------ the HPA */

static json_t *policy(struct dice *d)
{
    static const int64_t percents[] = {10, 9,  11, 12, 14, 35,  80, 90,
                                       30, 32, 55, 62, 93, 100, 5,  300};
    static const int64_t periods[] = {15, 16, 30, 60, 61, 180, 300, 1800};
    bool percent = roll_one_in(&d->roll, 2);

    return json_pack("{s:s, s:I, s:I}", "type", percent ? "Percent" : "Pods",
                     "value",
                     (json_int_t)(percent ? ONE_OF(d, percents, 1, 200)
                                          : roll(&d->roll, 1, 12)),
                     "periodSeconds", (json_int_t)ONE_OF(d, periods, 1, 120));
}

static json_t *rules(struct dice *d)
{
    static const int64_t windows[] = {0, 0, 15, 30, 60, 300, 301, 600, 3600};
    static const char *const selects[] = {"Max", "Max", "Min", "Disabled"};
    static const char *const tolerances[] = {"0", "0.05", "50m", "0.2", "1"};
    json_t *o = json_object();

    if (roll_one_in(&d->roll, 2))
        json_object_set_new(o, "stabilizationWindowSeconds",
                            json_integer(ONE_OF(d, windows, 0, 200)));
    if (roll_one_in(&d->roll, 2))
        json_object_set_new(o, "selectPolicy",
                            json_string(selects[roll(&d->roll, 0, 3)]));
    if (d->minor >= 35 && roll_one_in(&d->roll, 4))
        json_object_set_new(o, "tolerance",
                            json_string(tolerances[roll(&d->roll, 0, 4)]));
    if (roll_one_in(&d->roll, 4))
        return o;
    json_t *list = json_array();
    for (int64_t n = roll(&d->roll, 1, 3); n > 0; n--)
        json_array_append_new(list, policy(d));
    json_object_set_new(o, "policies", list);
    return o;
}

/* Null in a fifth of the cases: another algorithm. */
static json_t *behavior(struct dice *d)
{
    json_t *o;

    if (roll_one_in(&d->roll, 5))
        return json_null();
    o = json_object();
    if (!roll_one_in(&d->roll, 4))
        json_object_set_new(o, "scaleUp", rules(d));
    if (!roll_one_in(&d->roll, 4))
        json_object_set_new(o, "scaleDown", rules(d));
    return o;
}

static void bounds(struct dice *d, json_t *o)
{
    static const int64_t spreads[] = {0, 1, 3, 8, 20, 60, 200, 500};

    d->min = roll_one_in(&d->roll, 20) ? 0 : roll(&d->roll, 1, 5);
    d->max = d->min + ONE_OF(d, spreads, 0, 100);
    if (d->max == 0)
        d->max = 1;
    json_object_set_new(o, "min", json_integer(d->min));
    json_object_set_new(o, "max", json_integer(d->max));
}

static json_t *latencies(struct dice *d)
{
    int64_t status_us = roll(&d->roll, 2, 60000);

    return json_pack("{s:I, s:I, s:I, s:I, s:I}", "get_us",
                     (json_int_t)roll(&d->roll, 1003, 300000), "write_us",
                     (json_int_t)roll(&d->roll, 1003, 90000), "status_us",
                     (json_int_t)status_us, "echo_us",
                     (json_int_t)roll(&d->roll, 1, status_us - 1),
                     "first_event_us",
                     (json_int_t)roll(&d->roll, 1003, 14000000));
}

/* ------------------------------------------------------------ its world */

static json_t *level(struct dice *d)
{
    int64_t top = d->max + d->max / 3 + 2;

    switch (roll(&d->roll, 0, 9)) {
    case 0:
        return json_string("error");
    case 1:
        return roll_one_in(&d->roll, 3)
                   ? json_array()
                   : json_pack("[I, I]",
                               (json_int_t)roll(&d->roll, 0, d->target),
                               (json_int_t)d->target);
    case 2:
        return json_integer(roll(&d->roll, 0, d->target * top));
    case 3:
        return json_integer(roll_one_in(&d->roll, 20) ? -roll(&d->roll, 1, 5000)
                                                      : 0);
    case 4:
        return json_integer(roll_one_in(&d->roll, 10)
                                ? roll(&d->roll, 1, INT64_MAX / 1024)
                                : d->target);
    default:
        return json_integer(d->target * roll(&d->roll, 0, top));
    }
}

/* Usage of one replica about the edges of the tolerance. */
static json_t *edge(struct dice *d)
{
    static const int64_t tenths[] = {9, 10, 11, 12, 8, 95, 105};
    int64_t i = roll(&d->roll, 0, 6);
    int64_t one = d->target * tenths[i] / (i > 4 ? 100 : 10);

    return json_integer(one +
                        (roll_one_in(&d->roll, 3) ? roll(&d->roll, -1, 1) : 0));
}

static void usage(struct dice *d, json_t *event, size_t n_metrics)
{
    json_t *list = json_array();
    bool edges = roll_one_in(&d->roll, 4);

    for (size_t i = 0; i < n_metrics; i++)
        json_array_append_new(list, edges ? edge(d) : level(d));
    json_object_set_new(event, "usage", list);
    json_object_set_new(event, "per_replica", json_boolean(edges));
}

static json_t *edit(struct dice *d)
{
    json_t *o = json_object();

    if (roll_one_in(&d->roll, 2))
        bounds(d, o);
    if (roll_one_in(&d->roll, 2))
        json_object_set_new(o, "behavior", behavior(d));
    return o;
}

static void trouble(struct dice *d, json_t *event)
{
    static const int64_t lags[] = {0, 50000, 15000000, 15100000, 40000000};
    const char *key = "spec";
    json_t *value;

    switch (roll(&d->roll, 0, 8)) {
    case 0:
        value = json_integer(roll_one_in(&d->roll, 2)
                                 ? roll(&d->roll, 0, 1)
                                 : roll(&d->roll, 0, d->max + 3));
        break;
    case 1:
        key = "surge";
        value = json_integer(roll(&d->roll, 0, 4));
        break;
    case 2:
        key = "lag_us";
        value = json_integer(ONE_OF(d, lags, 0, 20000000));
        break;
    case 3:
        key = "conflicts";
        value = json_integer(roll(&d->roll, 1, 12));
        break;
    case 4:
        key = "write_errors";
        value = json_integer(roll(&d->roll, 1, 3));
        break;
    case 5:
        key = "scale_error";
        value = json_boolean(roll_one_in(&d->roll, 2));
        break;
    case 6:
        key = "delay_us";
        value = json_integer(
            roll_one_in(&d->roll, 2) ? 0 : roll(&d->roll, 1, 4000000));
        break;
    case 7:
        key = "edit";
        value = edit(d);
        break;
    default:
        key = "restart_s";
        value = json_real((double)roll(&d->roll, 0, 40000) / 1000.0);
    }
    json_object_set_new(event, key, value);
}

static json_t *events(struct dice *d, int syncs, size_t n_metrics)
{
    json_t *list = json_array();
    int64_t at_ms = 0, end_ms = (int64_t)syncs * 15000;
    int64_t most_ms = roll(&d->roll, 20000, 600000);
    bool edited =
        roll_one_in(&d->roll, 3); /* windows and periods change all the time */

    for (;;) {
        at_ms += roll(&d->roll, 1, most_ms);
        if (at_ms > end_ms)
            return list;
        json_t *event =
            json_pack("{s:f}", "at_s",
                      (double)at_ms / 1000.0 +
                          (double)roll(&d->roll, 1, 999) / 1000000.0);
        if (edited && roll_one_in(&d->roll, 3))
            json_object_set_new(event, "edit",
                                json_pack("{s:o}", "behavior", behavior(d)));
        else if (roll_one_in(&d->roll, 4))
            trouble(d, event);
        else
            usage(d, event, n_metrics);
        json_array_append_new(list, event);
    }
}

json_t *dice_scenario(uint64_t seed, int minor, int syncs)
{
    static const int64_t some[] = {1000, 1000, 1000, 1500, 800, 1, 333, 10000};
    struct dice d = {.roll = {seed * 1000003}, .minor = minor};
    json_t *s = json_pack("{s:I}", "name", (json_int_t)seed);
    json_t *list = json_array(), *start = json_object();
    size_t n_metrics =
        roll_one_in(&d.roll, 7) ? (size_t)roll(&d.roll, 2, 3) : 1;

    bounds(&d, s);
    d.target = ONE_OF(&d, some, 1, 5000);
    for (size_t i = 0; i < n_metrics; i++)
        json_array_append_new(list, json_integer(d.target));
    json_object_set_new(s, "targets", list);
    json_object_set_new(s, "behavior", behavior(&d));
    json_object_set_new(s, "latency", latencies(&d));
    if (roll_one_in(&d.roll, 8))
        json_object_set_new(
            s, "flags", json_pack("{s:i}", "down_stabilization_us", 60000000));
    usage(&d, start, n_metrics);
    json_object_set_new(
        start, "spec",
        json_integer(roll(&d.roll, d.min > 0 ? d.min - 1 : 0, d.max + 2)));
    json_object_set_new(s, "start", start);
    json_object_set_new(s, "events", events(&d, syncs, n_metrics));
    json_object_set_new(s, "syncs", json_integer(syncs));
    return s;
}

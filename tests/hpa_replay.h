/* hpa_replay.h - plays a recorded life of the real HPA controller through the
 * model and says where the two differ.
 *
 * A recording is JSON lines, see models/upstream/README.md. The model is given
 * what the controller read and when; all that it decides is compared: start of
 * the reconcile, size written, attempts, status, conditions.
 */
#ifndef TESTS_HPA_REPLAY_H
#define TESTS_HPA_REPLAY_H

#include "models/hpa.h"
#include "sim/app/behavior_json.h"

#include <stdio.h>
#include <string.h>

struct hpa_replay {
    struct hpa_params p;
    struct hpa h;
    sim_us next_us; /* start of the next reconcile; SIM_NEVER: not known */
    sim_us tied_us; /* the same if a tick of that instant came the other way */
    sim_us get_us;  /* scale GET, once more after each failed write */
    unsigned n_steps;
    char why[512]; /* the first difference, "" if none */
};

#define REPLAY_DIFFERS(r, ...)                                                 \
    (snprintf((r)->why, sizeof(r)->why, __VA_ARGS__), false)

static int64_t replay_int(const json_t *o, const char *key, int64_t absent)
{
    const json_t *v = json_object_get(o, key);

    return json_is_integer(v) ? json_integer_value(v) : absent;
}

/* Bounds and behavior, from the first line or from an edit. */
static bool replay_spec(struct hpa_replay *r, const json_t *o)
{
    struct hpa_params *p = &r->p;
    struct err e;

    p->min = (uint32_t)replay_int(o, "min", p->min);
    p->max = (uint32_t)replay_int(o, "max", p->max);
    if (behavior_read(o, p, &e) != ERR_OK)
        return REPLAY_DIFFERS(r, "the model refuses: %.400s", e.msg);
    hpa_behavior_defaults(p);
    return true;
}

static bool replay_begin(struct hpa_replay *r, const json_t *o)
{
    const json_t *lat = json_object_get(o, "latency");
    const json_t *flags = json_object_get(o, "flags");
    const json_t *targets = json_object_get(o, "targets");
    struct hpa_params *p = &r->p;
    const json_t *v;
    size_t i;

    hpa_defaults(p);
    p->kubernetes_minor = (uint32_t)replay_int(o, "minor", 0);
    for (i = 0; (v = json_array_get(targets, i)) && i < HPA_METRICS; i++)
        p->metrics[p->n_metrics++].target_milli = json_integer_value(v);
    p->sync_us = replay_int(flags, "sync_us", p->sync_us);
    p->down_stabilization_us =
        replay_int(flags, "down_stabilization_us", p->down_stabilization_us);
    v = json_object_get(flags, "tolerance");
    if (v)
        p->tolerance_up_frac = p->tolerance_down_frac = json_number_value(v);
    r->get_us = p->read_us = replay_int(lat, "get_us", p->read_us);
    p->write_us = replay_int(lat, "write_us", p->write_us);
    p->status_us = replay_int(lat, "status_us", p->status_us);
    p->echo_us = replay_int(lat, "echo_us", p->echo_us);
    r->next_us = SIM_NEVER;
    hpa_init(&r->h, p);
    return replay_spec(r, o);
}

static void replay_reading(const json_t *o, struct hpa_reading *in)
{
    const json_t *m = json_object_get(o, "m"), *v;
    int64_t series[64];
    size_t i, k;

    *in = (struct hpa_reading){.scale_lost =
                                   json_is_true(json_object_get(o, "lost")),
                               .spec = (uint32_t)replay_int(o, "c", 0),
                               .status = (uint32_t)replay_int(o, "r", 0)};
    json_array_foreach(m, i, v)
    {
        size_t n = json_array_size(v);
        for (k = 0; k < n && k < 64; k++)
            series[k] = json_integer_value(json_array_get(v, k));
        in->metrics[i].ok = n > 0;
        in->metrics[i].usage_milli = hpa_sum_milli(series, n);
    }
}

static bool replay_reason(struct hpa_replay *r, const json_t *s,
                          const char *key, enum hpa_reason model)
{
    const char *real = json_string_value(json_object_get(s, key));

    if (!real)
        return REPLAY_DIFFERS(r, "%s is missing", key);
    if (strcmp(real, hpa_reason_name(model)) == 0)
        return true;
    return REPLAY_DIFFERS(r, "%s: real %s, model %s", key, real,
                          hpa_reason_name(model));
}

static bool replay_number(struct hpa_replay *r, const char *what, int64_t real,
                          int64_t model)
{
    if (real == model)
        return true;
    return REPLAY_DIFFERS(r, "%s: real %lld, model %lld", what, (long long)real,
                          (long long)model);
}

/* The status that was written, if it was. A change of a condition's words
 * alone is written, too, but is nothing that the model knows.
 */
static bool replay_status(struct hpa_replay *r, const json_t *o, bool *writes)
{
    const json_t *s = json_object_get(o, "s");
    const json_t *average = json_object_get(s, "average");
    const struct hpa_status *h = &r->h.status;

    if (json_is_true(json_object_get(s, "reworded")))
        *writes = true;
    bool same = replay_number(r, "status written", s != NULL, *writes);

    if (!s || !same)
        return same;
    for (size_t i = 0; i < r->p.n_metrics && same; i++)
        same = replay_number(r, "average",
                             json_integer_value(json_array_get(average, i)),
                             h->average_milli[i]);
    return same &&
           replay_number(r, "current", replay_int(s, "current", -1),
                         h->current) &&
           replay_number(r, "desired", replay_int(s, "desired", -1),
                         h->desired) &&
           replay_reason(r, s, "able", h->conditions.able) &&
           replay_reason(r, s, "active", h->conditions.active) &&
           replay_reason(r, s, "limited", h->conditions.limited);
}

#include "tests/hpa_replay_step.h"

#endif

#include "sim/upstream/hpa_replay.h"

#include "sim/app/behavior_json.h"

#include <stdio.h>
#include <string.h>

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
    r->get_us = r->retry_get_us = p->read_us =
        replay_int(lat, "get_us", p->read_us);
    p->write_us = replay_int(lat, "write_us", p->write_us);
    p->status_us = replay_int(lat, "status_us", p->status_us);
    p->echo_us = replay_int(lat, "echo_us", p->echo_us);
    r->next_us = r->pending_us = SIM_NEVER;
    hpa_init(&r->h, p);
    return replay_spec(r, o);
}

static void replay_reading(const json_t *o, struct hpa_reading *in)
{
    const json_t *m = json_object_get(o, "m"), *v;
    const json_t *pods = json_object_get(o, "k");
    int64_t series[64];
    size_t i, k;

    *in = (struct hpa_reading){.scale_lost =
                                   json_is_true(json_object_get(o, "lost")),
                               .spec = (uint32_t)replay_int(o, "c", 0),
                               .status = (uint32_t)replay_int(o, "r", 0)};
    if (pods) {
        in->no_pods = json_integer_value(json_array_get(pods, 0)) == 0;
        in->ready = (uint32_t)json_integer_value(json_array_get(pods, 1));
    }
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

/* Attempts to write: their size, number and times. *end_us is when the last
 * was over, with the reading again that follows a failed one.
 */
static bool replay_writes(struct hpa_replay *r, const json_t *o,
                          const struct hpa_decision *d, uint32_t from,
                          sim_us *end_us)
{
    const json_t *w = json_object_get(o, "w");
    size_t n = json_array_size(w);
    const char *how = "";
    sim_us low_us = *end_us, high_us = low_us;

    if (!replay_number(r, "written size", replay_int(o, "n", -1),
                       d->write ? (int64_t)d->desired : -1))
        return false;
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(w, i);
        sim_us at_us = json_integer_value(json_array_get(one, 0));
        if (at_us < low_us + r->p.write_us || at_us > high_us + r->p.write_us)
            return REPLAY_DIFFERS(r, "attempt %zu at %lld", i,
                                  (long long)at_us);
        how = json_string_value(json_array_get(one, 1));
        *end_us = at_us;
        if (strcmp(how, "ok") != 0 && r->p.kubernetes_minor >= 34)
            *end_us += r->retry_get_us; /* reads the scale again */
        low_us = *end_us + hpa_retry_us(0.0);
        high_us = *end_us + hpa_retry_us(1.0) + 1;
    }
    if (n > 0 && strcmp(how, "conflict") == 0)
        return replay_number(r, "attempts", (int64_t)n,
                             hpa_write_attempts(&r->p));
    if (n > hpa_write_attempts(&r->p))
        return REPLAY_DIFFERS(r, "%zu attempts", n);
    if (n > 0 && strcmp(how, "ok") == 0)
        hpa_on_scaled(&r->h, *end_us, from, d->desired);
    return true;
}

static bool replay_wrote(const json_t *o)
{
    const json_t *w = json_object_get(o, "w");
    const json_t *last = json_array_get(w, json_array_size(w) - 1);
    const char *how = json_string_value(json_array_get(last, 1));

    return how && strcmp(how, "ok") == 0;
}

/* When the last tick of a reconcile that lasted for two or more asks for one:
 * each of them but the first falls on the instant at which what its predecessor
 * asked for is due, and counts if it comes after that. SIM_NEVER if there were
 * not so many.
 */
static sim_us replay_pending(const struct hpa_params *p, sim_us start_us,
                             sim_us end_us)
{
    if (p->resync_us == SIM_NEVER || end_us - start_us <= p->sync_us)
        return SIM_NEVER;
    sim_us since_us = (end_us - p->resync_us) % p->sync_us;
    sim_us last_us = end_us - since_us;

    return last_us - p->sync_us > start_us ? last_us + p->sync_us : SIM_NEVER;
}

/* A resync tick at the very start of a reconcile comes before or after it, as
 * chance has it, in the real controller.
 */
static void replay_next(struct hpa_replay *r, sim_us start_us, sim_us end_us,
                        const struct hpa_decision *d)
{
    sim_us resync_us = r->p.resync_us, pending_us = r->pending_us;

    r->next_us = r->tied_us = hpa_next_sync_us(&r->p, start_us, end_us, d);
    if (resync_us != SIM_NEVER && (start_us - resync_us) % r->p.sync_us == 0)
        r->tied_us = start_us + r->p.sync_us;
    if (pending_us > start_us && pending_us < r->next_us)
        r->tied_us = pending_us;
    r->pending_us = replay_pending(&r->p, start_us,
                                   end_us + (d->write ? r->p.write_us : 0));
}

/* All of a reconcile but its start. */
static bool replay_decision(struct hpa_replay *r, const json_t *o,
                            sim_us start_us, sim_us read_us)
{
    struct hpa_reading in;
    sim_us end_us = read_us;

    replay_reading(o, &in);
    in.scale_age_us = read_us - (start_us + r->get_us);
    struct hpa_decision d = hpa_on_sync(&r->h, read_us, &in);
    bool same = replay_writes(r, o, &d, in.spec, &end_us);

    if (d.write && !replay_wrote(o))
        hpa_on_write_failed(&r->h);
    same = same && replay_status(r, o, &d.status);
    if (d.write)
        end_us -= r->p.write_us; /* hpa_next_sync_us adds it */
    replay_next(r, start_us, end_us, &d);
    return same;
}

/* One reconcile: "t" is [start, decision]. The model goes on from the real
 * start, so that one difference is not many.
 */
static bool replay_step(struct hpa_replay *r, const json_t *o)
{
    const json_t *t = json_object_get(o, "t");
    sim_us start_us = json_integer_value(json_array_get(t, 0));
    sim_us read_us = json_integer_value(json_array_get(t, 1));
    sim_us next_us = r->next_us, tied_us = r->tied_us;

    r->n_steps++;
    bool same = replay_decision(r, o, start_us, read_us);

    return same && (start_us == tied_us ||
                    replay_number(r, "start", start_us, next_us));
}

void hpa_replay_init(struct hpa_replay *r, const struct hpa_params *p)
{
    *r = (struct hpa_replay){
        .p = *p, .get_us = p->read_us, .retry_get_us = p->read_us};
    r->p.resync_us = SIM_NEVER; /* the recording says */
    r->next_us = r->pending_us = SIM_NEVER;
    hpa_init(&r->h, &r->p);
}

bool hpa_replay_line(struct hpa_replay *r, const json_t *o)
{
    if (json_object_get(o, "scenario"))
        return replay_begin(r, o);
    if (json_object_get(o, "seen")) {
        r->next_us = hpa_first_sync_us(&r->p, replay_int(o, "seen", 0));
        return true;
    }
    if (json_object_get(o, "tick")) {
        r->p.resync_us = replay_int(o, "tick", 0);
        return true;
    }
    if (json_object_get(o, "edited"))
        return replay_spec(r, o);
    if (json_object_get(o, "stopped")) {
        r->next_us = r->pending_us = SIM_NEVER;
        r->p.resync_us = SIM_NEVER;
        hpa_on_restart(&r->h);
        return true;
    }
    return replay_step(r, o);
}

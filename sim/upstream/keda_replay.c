#include "sim/upstream/keda_replay.h"

#include "sim/upstream/keda_replay_read.h"

/* The status of the ScaledObject; lastActiveTime has whole seconds. */
static bool kr_state(struct keda_replay *r, const json_t *o)
{
    const json_t *st = json_object_get(o, "st");
    const json_t *failures = json_object_get(st, "failures");
    json_int_t active = -1;
    bool same = true;

    if (r->k.has_last_active)
        active = (r->k.last_active_us + r->p.origin_us % US_PER_S) / US_PER_S;
    for (size_t i = 0; i < r->p.n_triggers && same; i++)
        same = kr_same(r, "failures",
                       json_integer_value(json_array_get(failures, i)),
                       r->k.status.api.health[i].failures);
    return same &&
           kr_same(r, "fallback condition",
                   json_is_true(json_object_get(st, "fallback")),
                   r->k.status.api.fallback) &&
           kr_same(r, "last active", kr_int(st, "active_s", -1), active);
}

static bool kr_query(struct keda_replay *r, const json_t *o)
{
    size_t i = (size_t)kr_int(o, "i", 0);
    struct keda_context c = {(uint32_t)kr_int(o, "c", 0),
                             (uint32_t)kr_int(o, "ready", 0)};
    json_int_t n_gets = 0;
    struct keda_sample s = kr_sample(o, i, &n_gets);
    struct keda_answer a =
        keda_on_hpa_query(&r->k, kr_int(o, "q", 0), i, &s, &c);

    return kr_same(r, "answered", json_is_true(json_object_get(o, "ok")),
                   a.ok) &&
           kr_same(r, "value", kr_int(o, "v", 0), a.value_milli) &&
           kr_same(r, "GETs", n_gets, a.gets) && kr_state(r, o);
}

static bool kr_poll(struct keda_replay *r, const json_t *o)
{
    struct keda_context c = {(uint32_t)kr_int(o, "c", 0),
                             (uint32_t)kr_int(o, "ready", 0)};
    struct keda_sample s[KEDA_TRIGGERS];
    json_int_t n_gets = 0;
    sim_us now_us = kr_int(o, "p", 0);

    if (!kr_same(r, "poll", now_us, r->poll_us))
        return false;
    for (size_t i = 0; i < r->p.n_triggers; i++)
        s[i] = kr_sample(o, i, &n_gets);
    struct keda_poll poll = keda_on_poll(&r->k, now_us, s, &c);
    r->poll_us = keda_next_poll_us(&r->p, now_us, poll.delay_us);
    /* A size that is there already is no move, though KEDA writes it. */
    return kr_same(r, "size written", kr_int(o, "w", c.spec), poll.replicas) &&
           kr_same(r, "GETs", n_gets, poll.gets) && kr_state(r, o);
}

void keda_replay_init(struct keda_replay *r, const struct keda_params *p,
                      sim_us poll_us)
{
    *r = (struct keda_replay){.p = *p, .poll_us = poll_us};
    keda_init(&r->k, &r->p, 0);
}

bool keda_replay_line(struct keda_replay *r, const json_t *o)
{
    if (json_object_get(o, "version")) {
        kr_begin(r, o);
        return true;
    }
    if (json_object_get(o, "restarted")) {
        keda_on_restart(&r->k);
        r->poll_us = kr_int(o, "restarted", 0);
        return true;
    }
    r->n_steps++;
    return json_object_get(o, "q") ? kr_query(r, o) : kr_poll(r, o);
}

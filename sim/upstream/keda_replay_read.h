/* keda_replay_read.h - the parameters and the reads of a recording of KEDA. */
#ifndef SIM_UPSTREAM_KEDA_REPLAY_READ_H
#define SIM_UPSTREAM_KEDA_REPLAY_READ_H

#include "sim/upstream/keda_replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_int_t kr_int(const json_t *o, const char *key, json_int_t absent)
{
    const json_t *v = json_object_get(o, key);

    return json_is_integer(v) ? json_integer_value(v) : absent;
}

static bool kr_same(struct keda_replay *r, const char *what, json_int_t real,
                    json_int_t model)
{
    if (real != model)
        (void)snprintf(r->why, sizeof r->why, "%s: real %lld, model %lld", what,
                       (long long)real, (long long)model);
    return real == model;
}

static bool kr_flag(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));

    return text && strcmp(text, "true") == 0;
}

static void kr_trigger(const json_t *o, struct keda_trigger *t)
{
    const char *text = json_string_value(json_object_get(o, "activation"));

    keda_trigger_defaults(t);
    t->target = strtod(json_string_value(json_object_get(o, "target")), NULL);
    t->activation = text ? strtod(text, NULL) : 0.0;
    t->is_value = json_is_true(json_object_get(o, "value"));
}

static void kr_fallback(const json_t *o, struct keda_params *p)
{
    static const char *const words[] = {
        "static", "currentReplicas", "currentReplicasIfHigher",
        "currentReplicasIfLower", "scalingModifiers"};
    const char *text = json_string_value(json_object_get(o, "behavior"));

    p->has_fallback = o != NULL;
    p->fallback_threshold = (int32_t)kr_int(o, "threshold", 0);
    p->fallback_replicas = (int32_t)kr_int(o, "replicas", 0);
    for (int i = 0; text && i < 5; i++)
        if (strcmp(text, words[i]) == 0)
            p->fallback = (enum keda_fallback)i;
}

static void kr_begin(struct keda_replay *r, const json_t *o)
{
    const json_t *notes = json_object_get(o, "annotations"), *t;
    struct keda_params *p = &r->p;
    size_t i;

    keda_defaults(p);
    (void)sscanf(json_string_value(json_object_get(o, "version")), "2.%u.%u",
                 &p->minor, &p->patch);
    p->has_min = json_object_get(o, "min") != NULL;
    p->min = (uint32_t)kr_int(o, "min", 0);
    p->has_max = json_object_get(o, "max") != NULL;
    p->max = (uint32_t)kr_int(o, "max", 0);
    p->has_idle = json_object_get(o, "idle") != NULL;
    p->idle = (uint32_t)kr_int(o, "idle", 0);
    p->polling_us = kr_int(o, "polling_s", 30) * US_PER_S;
    p->cooldown_us = kr_int(o, "cooldown_s", 300) * US_PER_S;
    p->initial_cooldown_us = kr_int(o, "initial_cooldown_s", 0) * US_PER_S;
    kr_fallback(json_object_get(o, "fallback"), p);
    for (i = 0; (t = json_array_get(json_object_get(o, "triggers"), i)); i++)
        kr_trigger(t, &p->triggers[p->n_triggers++]);
    p->paused_scale_in = kr_flag(notes, "autoscaling.keda.sh/paused-scale-in");
    p->paused_scale_out =
        kr_flag(notes, "autoscaling.keda.sh/paused-scale-out");
    p->force_activation =
        kr_flag(notes, "autoscaling.keda.sh/force-activation");
    keda_init(&r->k, p, 0);
    r->poll_us = kr_int(o, "loop_us", 0);
}

static enum keda_read kr_read(const json_t *get, double *value)
{
    const char *text = json_string_value(get);

    if (!text || text[0] == '!' || text[0] == '~')
        return KEDA_READ_FAILS;
    *value = strtod(text, NULL);
    return KEDA_READ_OK;
}

/* What the GETs of trigger i met; *n_gets grows by their number. */
static struct keda_sample kr_sample(const json_t *o, size_t i,
                                    json_int_t *n_gets)
{
    const json_t *gets = json_array_get(json_object_get(o, "g"), i);
    struct keda_sample s = {.second = KEDA_READ_FAILS};

    *n_gets += (json_int_t)json_array_size(gets);
    s.first = kr_read(json_array_get(gets, 0), &s.value);
    if (s.first != KEDA_READ_OK)
        s.second = kr_read(json_array_get(gets, 1), &s.value);
    return s;
}

#endif

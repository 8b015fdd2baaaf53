#include "sim/app/scaledobject_json.h"

#include "sim/app/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANNOTATION "autoscaling.keda.sh/"

static int at(struct err *e, int code, const char *place)
{
    err_prefix(e, place, 0);
    return code;
}

/* Trigger metadata are strings; a bare number is taken, too. */
static int read_double(const json_t *o, const char *key, double *out,
                       struct err *e)
{
    const json_t *v = json_object_get(o, key);
    const char *text = json_string_value(v);
    char *end = NULL;

    if (!field_has(o, key))
        return ERR_OK;
    if (json_is_number(v)) {
        *out = json_number_value(v);
        return ERR_OK;
    }
    double x = text ? strtod(text, &end) : 0.0;
    if (!text || end == text || *end != '\0')
        return err_set(e, ERR_INPUT, "\"%s\" must be a number", key);
    *out = x;
    return ERR_OK;
}

static int read_cron(const json_t *m, struct keda_trigger *t, struct err *e)
{
    static const char *const keys[] = {"timezone", "start", "end",
                                       "desiredReplicas"};
    const char *text[3] = {NULL};
    double replicas = 0.0;
    int rc = ERR_OK;

    t->kind = KEDA_CRON;
    for (size_t i = 0; i < 4 && rc == ERR_OK; i++)
        rc = field_need(m, keys[i], e);
    for (size_t i = 0; i < 3 && rc == ERR_OK; i++)
        rc = field_text(m, keys[i], &text[i], e);
    if (rc == ERR_OK)
        rc = read_double(m, keys[3], &replicas, e);
    if (rc != ERR_OK)
        return rc;
    if (!(replicas >= 0.0 && replicas <= INT32_MAX) ||
        replicas != (double)(uint32_t)replicas)
        return err_set(e, ERR_INPUT,
                       "\"desiredReplicas\" must be a whole number from 0 to "
                       "%d",
                       INT32_MAX);
    t->cron_replicas = (uint32_t)replicas;
    return keda_cron_parse(&t->cron, text[1], text[2], text[0], e);
}

static int read_metrics_api(const json_t *m, struct keda_trigger *t,
                            struct err *e)
{
    int rc = read_double(m, "targetValue", &t->target, e);

    if (rc == ERR_OK)
        rc = read_double(m, "activationTargetValue", &t->activation, e);
    return rc;
}

static int read_kind(const json_t *o, struct keda_trigger *t, struct err *e)
{
    static const char *const kinds[] = {"metrics-api", "cron", NULL};
    int kind = 0;
    json_t *m = NULL;
    int rc = field_word(o, "type", kinds, &kind, e);

    if (rc == ERR_OK)
        rc = field_object(o, "metadata", &m, e);
    if (rc != ERR_OK)
        return rc;
    rc = kind == 1 ? read_cron(m, t, e) : read_metrics_api(m, t, e);
    return rc == ERR_OK ? rc : at(e, rc, "metadata");
}

static int read_trigger(const json_t *o, struct keda_trigger *t, struct err *e)
{
    static const char *const types[] = {"AverageValue", "Value", NULL};
    int type = 0;

    keda_trigger_defaults(t);
    if (!json_is_object(o))
        return err_set(e, ERR_INPUT, "a trigger must be an object");
    int rc = read_kind(o, t, e);
    if (rc == ERR_OK)
        rc = field_word(o, "metricType", types, &type, e);
    if (rc == ERR_OK)
        rc = field_flag(o, "useCachedMetrics", &t->use_cached, e);
    t->is_value = type == 1;
    return rc;
}

static int read_triggers(const json_t *o, struct keda_params *p, struct err *e)
{
    json_t *list = NULL;
    int rc = field_list(o, "triggers", &list, e);
    size_t n = json_array_size(list);

    p->n_triggers = 1;
    keda_trigger_defaults(&p->triggers[0]);
    if (rc != ERR_OK || !list)
        return rc;
    if (n < 1 || n > KEDA_TRIGGERS)
        return err_set(e, ERR_INPUT,
                       "\"triggers\" has %zu entries; 1 to %d are possible", n,
                       KEDA_TRIGGERS);
    for (size_t i = 0; i < n; i++) {
        char place[32];
        snprintf(place, sizeof place, "triggers[%zu]", i);
        rc = read_trigger(json_array_get(list, i), &p->triggers[i], e);
        if (rc != ERR_OK)
            return at(e, rc, place);
    }
    p->n_triggers = n;
    return ERR_OK;
}

static int read_i32(const json_t *o, const char *key, int32_t *out,
                    struct err *e)
{
    static const int64_t bounds[2] = {INT32_MIN, INT32_MAX};
    int64_t x = *out;
    int rc = field_int(o, key, bounds, &x, e);

    *out = (int32_t)x;
    return rc;
}

static int read_fallback(const json_t *o, struct keda_params *p, struct err *e)
{
    static const char *const words[] = {"static",
                                        "currentReplicas",
                                        "currentReplicasIfHigher",
                                        "currentReplicasIfLower",
                                        "scalingModifiers",
                                        NULL};
    json_t *f = NULL;
    int behavior = KEDA_STATIC;
    int rc = field_object(o, "fallback", &f, e);

    if (rc != ERR_OK || !f)
        return rc;
    p->has_fallback = true;
    rc = field_need(f, "failureThreshold", e);
    if (rc == ERR_OK)
        rc = field_need(f, "replicas", e);
    if (rc == ERR_OK)
        rc = read_i32(f, "failureThreshold", &p->fallback_threshold, e);
    if (rc == ERR_OK)
        rc = read_i32(f, "replicas", &p->fallback_replicas, e);
    if (rc == ERR_OK)
        rc = field_word(f, "behavior", words, &behavior, e);
    p->fallback = (enum keda_fallback)behavior;
    return rc == ERR_OK ? rc : at(e, rc, "fallback");
}

static int read_period(const json_t *o, const char *key, sim_us *out,
                       struct err *e)
{
    static const int64_t bounds[2] = {0, INT32_MAX};
    int64_t s = *out / US_PER_S;
    int rc = field_int(o, key, bounds, &s, e);

    *out = s * US_PER_S;
    return rc;
}

static int read_counts(const json_t *o, struct keda_params *p, struct err *e)
{
    int rc = field_u32(o, "minReplicaCount", &p->min, e);

    if (rc == ERR_OK)
        rc = field_u32(o, "maxReplicaCount", &p->max, e);
    if (rc == ERR_OK)
        rc = field_u32(o, "idleReplicaCount", &p->idle, e);
    if (rc == ERR_OK)
        rc = read_period(o, "pollingInterval", &p->polling_us, e);
    if (rc == ERR_OK)
        rc = read_period(o, "cooldownPeriod", &p->cooldown_us, e);
    if (rc == ERR_OK)
        rc =
            read_period(o, "initialCooldownPeriod", &p->initial_cooldown_us, e);
    p->has_min = field_has(o, "minReplicaCount");
    p->has_max = field_has(o, "maxReplicaCount");
    p->has_idle = field_has(o, "idleReplicaCount");
    return rc;
}

/* Any value but "false" pauses. */
static bool annotated(const json_t *annotations, const char *key)
{
    const json_t *v = json_object_get(annotations, key);
    const char *text = json_string_value(v);

    return field_has(annotations, key) && !json_is_false(v) &&
           !(text && strcmp(text, "false") == 0);
}

static void read_annotations(const json_t *o, struct keda_params *p)
{
    const json_t *a =
        json_object_get(json_object_get(o, "metadata"), "annotations");

    p->paused = annotated(a, ANNOTATION "paused") ||
                field_has(a, ANNOTATION "paused-replicas");
    p->paused_scale_in = annotated(a, ANNOTATION "paused-scale-in");
    p->paused_scale_out = annotated(a, ANNOTATION "paused-scale-out");
    p->force_activation = annotated(a, ANNOTATION "force-activation");
}

static int read_setting(const json_t *o, struct keda_params *p, struct err *e)
{
    uint32_t version[2] = {0};
    const char *origin = NULL;
    int rc = field_need(o, "kedaVersion", e);

    if (rc == ERR_OK)
        rc = field_version(o, "kedaVersion", 2, version, e);
    if (rc == ERR_OK)
        rc = field_text(o, "origin", &origin, e);
    if (rc == ERR_OK && origin)
        rc = timestamp_parse(origin, &p->origin_us, e);
    p->minor = version[0];
    p->patch = version[1];
    return rc;
}

int scaledobject_read(const json_t *o, struct keda_params *p, struct err *e)
{
    static const char *const words[] = {"kedaVersion",
                                        "origin",
                                        "minReplicaCount",
                                        "maxReplicaCount",
                                        "idleReplicaCount",
                                        "pollingInterval",
                                        "cooldownPeriod",
                                        "fallback",
                                        "triggers",
                                        "advanced",
                                        "scaleTargetRef",
                                        "initialCooldownPeriod",
                                        NULL};
    json_t *spec = (json_t *)o;
    int rc = field_object(o, "spec", &spec, e);

    keda_defaults(p);
    if (rc == ERR_OK)
        rc = read_setting(o, p, e);
    if (rc == ERR_OK)
        rc = field_misspelt(spec, words, e);
    if (rc == ERR_OK)
        rc = read_counts(spec, p, e);
    if (rc == ERR_OK)
        rc = read_fallback(spec, p, e);
    if (rc == ERR_OK)
        rc = read_triggers(spec, p, e);
    if (rc != ERR_OK)
        return rc;
    read_annotations(o, p);
    if (keda_refuses(p))
        return err_set(e, ERR_INPUT, "%s", keda_refuses(p));
    return ERR_OK;
}

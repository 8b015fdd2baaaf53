#include "sim/upstream/real_hpa.h"

#include "sim/app/behavior_json.h"
#include "sim/upstream/step.h"

#include <stdlib.h>
#include <string.h>

/* From the controller's start to the first event of its informer. */
static const sim_us first_event_us = 700001;

/* Between two faults the driver need not ask when to wake. */
static const sim_us long_us = 30 * US_PER_DAY;

/* ------------------------------------------------------------ the object */

void real_hpa_init(struct real_hpa *h, const struct system_params *params,
                   uint32_t pool, uint32_t minor)
{
    struct hpa_params p = params->pools[pool].hpa;

    p.kubernetes_minor = minor;
    *h = (struct real_hpa){.params = params,
                           .pool = pool,
                           .in_turn_us = pool * US_PER_MS,
                           .tick_us = SIM_NEVER};
    hpa_replay_init(&h->replay, &p);
    h->replay.retry_get_us = 0;
}

void real_hpa_free(struct real_hpa *h)
{
    json_decref(h->line);
    json_decref(h->step);
    hpa_free(&h->replay.h);
    *h = (struct real_hpa){0};
}

static json_t *targets_json(const struct hpa_params *p)
{
    json_t *list = json_array();
    char text[32];

    for (size_t i = 0; i < p->n_metrics; i++) {
        (void)snprintf(text, sizeof text, "%lldm",
                       (long long)p->metrics[i].target_milli);
        bool value = p->metrics[i].is_value;
        json_array_append_new(
            list, json_pack("{s:{s:{s:s, s:s}}}", "external", "target", "type",
                            value ? "Value" : "AverageValue",
                            value ? "value" : "averageValue", text));
    }
    return list;
}

/* A quantity takes no more than nine decimals. */
static void tolerance_as_text(json_t *behavior, const char *direction)
{
    json_t *rules = json_object_get(behavior, direction);
    const json_t *tolerance = json_object_get(rules, "tolerance");
    char text[32];

    if (!tolerance)
        return;
    (void)snprintf(text, sizeof text, "%.9f", json_number_value(tolerance));
    json_object_set_new(rules, "tolerance", json_string(text));
}

static json_t *spec_json(const struct hpa_params *p)
{
    json_t *behavior = behavior_json(p);

    tolerance_as_text(behavior, "scaleUp");
    tolerance_as_text(behavior, "scaleDown");
    return json_pack("{s:I, s:I, s:o, s:o}", "minReplicas", (json_int_t)p->min,
                     "maxReplicas", (json_int_t)p->max, "metrics",
                     targets_json(p), "behavior", behavior);
}

json_t *real_hpa_begin(struct real_hpa *h, sim_us phase_us)
{
    const struct hpa_params *p = &h->replay.p;

    h->offset_us = first_event_us + p->sync_us - phase_us;
    return json_pack(
        "{s:o, s:{s:I, s:I, s:f}, s:{s:I, s:i, s:I, s:I, s:I, s:I}, s:i}",
        "hpa", spec_json(p), "flags", "sync_us", (json_int_t)p->sync_us,
        "down_stabilization_us", (json_int_t)p->down_stabilization_us,
        "tolerance", p->tolerance_up_frac, "latency", "get_us",
        (json_int_t)p->read_us, "retry_get_us", 0, "write_us",
        (json_int_t)p->write_us, "echo_us", (json_int_t)p->echo_us, "status_us",
        (json_int_t)p->status_us, "first_event_us", (json_int_t)first_event_us,
        "wake_us", 0);
}

/* ------------------------------------------------------------ what it asks */

static const char *ask_of(const json_t *line)
{
    const char *what = json_string_value(json_object_get(line, "ask"));

    return what ? what : "";
}

void real_hpa_take(struct real_hpa *h, json_t *line)
{
    json_decref(h->line);
    h->line = line;
    h->at_us = step_int(line, "t", 0) - h->offset_us;
}

enum hpa_ask real_hpa_asks(const struct real_hpa *h)
{
    static const struct {
        const char *what;
        enum hpa_ask ask;
    } words[] = {
        {"scale", HPA_SCALE}, {"metric", HPA_METRIC}, {"write", HPA_WRITE},
        {"pods", HPA_COUNT},  {"status", HPA_STATUS}, {"wake", HPA_WAKE},
        {"seen", HPA_TOLD},   {"tick", HPA_TOLD},     {"stopped", HPA_TOLD},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(ask_of(h->line), words[i].what) == 0)
            return words[i].ask;
    return HPA_UNKNOWN;
}

size_t real_hpa_metric(const struct real_hpa *h)
{
    const char *name = json_string_value(json_object_get(h->line, "name"));

    return name && name[0] == 's' ? strtoul(name + 1, NULL, 10) : 0;
}

/* ------------------------------------------------------------ comparison */

static void close_step(struct real_hpa *h)
{
    if (!h->step)
        return;
    const json_t *t = json_object_get(h->step, "t");
    sim_us at_us = json_integer_value(json_array_get(t, 1)) - h->offset_us;
    bool same = hpa_replay_line(&h->replay, h->step);

    compared_take(&h->compared, at_us, h->step, same, h->replay.why);
    json_decref(h->step);
    h->step = NULL;
}

static void on_told(struct real_hpa *h)
{
    const char *what = ask_of(h->line);
    bool tick = strcmp(what, "tick") == 0;
    sim_us own_us = step_int(h->line, "t", 0);
    json_t *told = json_pack("{s:I}", what, (json_int_t)own_us);

    if (tick)
        h->tick_us = own_us - h->offset_us;
    else
        close_step(h);
    hpa_replay_line(&h->replay, told);
    json_decref(told);
}

/* ------------------------------------------------------------ the world */

/* What is changed while it is read counts as read before: so a write that is
 * based on it is a conflict, as in the model.
 */
static json_int_t version_of(const struct pool_view *v, sim_us from_us)
{
    return v->changed_us > from_us ? -1 : v->changed_us + US_PER_DAY;
}

static json_t *on_scale(struct real_hpa *h, const struct pool_view *v)
{
    sim_us from_us = step_int(h->line, "from", 0);

    if (!step_reads_again(h->step, from_us)) {
        close_step(h);
        h->step = step_of_scale(from_us, h->at_us + h->offset_us);
        if (v->scale_lost)
            step_scale_lost(h->step);
        else
            step_scale(h->step, v->spec, v->status);
    }
    if (v->scale_lost)
        return json_pack("{s:s}", "error", "the scale is lost");
    return json_pack("{s:I, s:I, s:I}", "spec", (json_int_t)v->spec, "status",
                     (json_int_t)v->status, "version",
                     version_of(v, from_us - h->offset_us));
}

static json_t *on_metric(struct real_hpa *h, const struct system *s,
                         const struct metric_answer *m)
{
    sim_us read_us = h->at_us + h->offset_us + m->delay_us;

    if (!m->ok) {
        system_metric_lost(s, h->pool, (uint32_t)real_hpa_metric(h));
        step_metric(h->step, NULL, read_us);
        return json_pack("{s:s, s:I}", "error", "no metric", "delay_us",
                         (json_int_t)m->delay_us);
    }
    json_t *series = json_pack("[I]", (json_int_t)m->value_milli);

    step_metric(h->step, series, read_us);
    return json_pack("{s:o, s:I}", "values", series, "delay_us",
                     (json_int_t)m->delay_us);
}

static json_t *on_pods(struct real_hpa *h, const struct system *s)
{
    struct pods_view v = system_pods(s, h->pool);

    step_pods(h->step, v.all, v.ready);
    return json_pack("{s:I, s:I}", "pods", (json_int_t)v.all, "ready",
                     (json_int_t)v.ready);
}

/* A write that failed is tried again after a wait, unless it was the last. */
static bool tries_again(const struct real_hpa *h)
{
    return json_array_size(json_object_get(h->step, "w")) <
           hpa_write_attempts(&h->replay.p);
}

static json_t *on_write(struct real_hpa *h, struct system *s, bool *scaled)
{
    struct pool_view v = system_view(s, h->pool);
    json_int_t replicas = step_int(h->line, "replicas", 0);
    bool conflict = v.conflicts || step_int(h->line, "version", -1) !=
                                       version_of(&v, h->at_us);

    step_write(h->step, h->at_us + h->offset_us, replicas,
               conflict ? STEP_CONFLICT : STEP_OK);
    *scaled = !conflict;
    if (!conflict)
        system_scale(s, h->pool, (uint32_t)replicas);
    else if (tries_again(h))
        (void)system_retry_u(s, h->pool); /* as the model draws */
    return json_pack("{s:b}", "conflict", conflict);
}

/* Wakes the driver at an instant of the simulated clock. */
static json_t *wake_at(const struct real_hpa *h, sim_us at_us)
{
    json_int_t own_us = at_us + h->offset_us;

    return json_pack("{s:I}", "wake_us", own_us);
}

/* The next restart, and nothing else, wakes the driver. */
static json_t *on_wake(struct real_hpa *h)
{
    const struct system_params *p = h->params;

    for (; h->n_faults < p->n_faults; h->n_faults++) {
        const struct fault *f = &p->faults[h->n_faults];
        if (f->kind != FAULT_CONTROLLER_RESTART)
            continue;
        if (f->at_us > h->at_us)
            return wake_at(h, f->at_us);
        h->n_faults++;
        json_t *a = wake_at(h, h->at_us);
        sim_us resume_us = f->at_us + f->gap_us + h->in_turn_us;
        json_int_t own_us = resume_us + h->offset_us - first_event_us;
        json_object_set_new(a, "resume_us", json_integer(own_us));
        return a;
    }
    return wake_at(h, h->at_us + long_us);
}

json_t *real_hpa_answer(struct real_hpa *h, struct system *s,
                        const struct metric_answer *metric, bool *scaled)
{
    struct pool_view v = system_view(s, h->pool);

    *scaled = false;
    switch (real_hpa_asks(h)) {
    case HPA_SCALE:
        return on_scale(h, &v);
    case HPA_METRIC:
        return on_metric(h, s, metric);
    case HPA_COUNT:
        return on_pods(h, s);
    case HPA_WRITE:
        return on_write(h, s, scaled);
    case HPA_STATUS:
        json_object_set(h->step, "s", json_object_get(h->line, "status"));
        return json_object();
    case HPA_WAKE:
        return on_wake(h);
    default:
        on_told(h);
        return NULL;
    }
}

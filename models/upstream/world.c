#include "models/upstream/world.h"

#include "sim/upstream/step.h"

#include <stdio.h>
#include <string.h>

enum { WAKE_S = 20, SYNCS = 60 };

/* ------------------------------------------------------------ the scenario */

static sim_us at_us(const json_t *event)
{
    return us_from_s(json_number_value(json_object_get(event, "at_s")));
}

static bool is_action(const json_t *event)
{
    return json_object_get(event, "edit") ||
           json_object_get(event, "restart_s");
}

static json_t *targets_json(const json_t *targets)
{
    json_t *list = json_array();
    const json_t *v;
    char text[32];
    size_t i;

    json_array_foreach(targets, i, v)
    {
        snprintf(text, sizeof text, "%lldm", (long long)json_integer_value(v));
        json_array_append_new(list, json_pack("{s:{s:{s:s, s:s}}}", "external",
                                              "target", "type", "AverageValue",
                                              "averageValue", text));
    }
    return list;
}

/* The spec of an autoscaling/v2 object; what o leaves out is taken from base.
 * A behavior of null takes away that of base.
 */
static json_t *spec_json(const json_t *base, const json_t *o)
{
    json_t *behavior = json_object_get(o, "behavior");

    if (!behavior)
        behavior = json_object_get(base, "behavior");
    return json_pack(
        "{s:I, s:I, s:o, s:O*}", "minReplicas",
        (json_int_t)step_int(o, "min", step_int(base, "min", 1)), "maxReplicas",
        (json_int_t)step_int(o, "max", step_int(base, "max", 10)), "metrics",
        targets_json(json_object_get(base, "targets")), "behavior", behavior);
}

/* Every parameter with its value, so that a recording needs no defaults. */
static json_t *with_defaults(const json_t *given, json_t *full)
{
    json_object_update(full, (json_t *)given);
    return full;
}

static json_t *flags_json(const json_t *scenario)
{
    return with_defaults(json_object_get(scenario, "flags"),
                         json_pack("{s:i, s:i, s:f}", "sync_us", 15000000,
                                   "down_stabilization_us", 300000000,
                                   "tolerance", 0.1));
}

static json_t *latency_json(const json_t *scenario)
{
    return with_defaults(json_object_get(scenario, "latency"),
                         json_pack("{s:i, s:i, s:i, s:i, s:i}", "get_us", 50137,
                                   "write_us", 20011, "echo_us", 5003,
                                   "status_us", 10007, "first_event_us",
                                   700001));
}

static void note(struct world *w, json_t *line)
{
    json_array_append_new(w->lines, line);
}

void world_init(struct world *w, const json_t *scenario, int minor)
{
    const json_t *start = json_object_get(scenario, "start");

    *w = (struct world){.scenario = scenario,
                        .events = json_object_get(scenario, "events"),
                        .version = 1,
                        .follow_us = SIM_NEVER,
                        .lines = json_array()};
    w->spec = w->status = step_int(start, "spec", 1);
    w->usage = json_object_get(start, "usage");
    w->per_replica = json_is_true(json_object_get(start, "per_replica"));
    w->lag_us = step_int(start, "lag_us", 0);
    w->n_wanted = step_int(scenario, "syncs", SYNCS);
    note(w, json_pack("{s:O, s:i, s:I, s:I, s:O, s:O*, s:o, s:o}", "scenario",
                      json_object_get(scenario, "name"), "minor", minor, "min",
                      (json_int_t)step_int(scenario, "min", 1), "max",
                      (json_int_t)step_int(scenario, "max", 10), "targets",
                      json_object_get(scenario, "targets"), "behavior",
                      json_object_get(scenario, "behavior"), "flags",
                      flags_json(scenario), "latency", latency_json(scenario)));
}

void world_free(struct world *w)
{
    json_decref(w->step);
    json_decref(w->lines);
    *w = (struct world){0};
}

json_t *world_start(const struct world *w)
{
    return json_pack("{s:o, s:o, s:o, s:I}", "hpa",
                     spec_json(w->scenario, w->scenario), "flags",
                     flags_json(w->scenario), "latency",
                     latency_json(w->scenario), "wake_us", (json_int_t)1000);
}

/* ------------------------------------------------------------ its course */

/* Every change of the Deployment is a new version of it. */
static void follow(struct world *w)
{
    int64_t status = w->spec + w->surge;

    w->follow_us = SIM_NEVER;
    if (status == w->status)
        return;
    w->status = status;
    w->version++;
}

static void resize(struct world *w, sim_us now_us, int64_t spec)
{
    if (spec == w->spec)
        return;
    w->spec = spec;
    w->version++;
    w->follow_us = now_us + w->lag_us;
    if (w->lag_us == 0)
        follow(w);
}

static void happen(struct world *w, const json_t *event, sim_us now_us)
{
    const json_t *usage = json_object_get(event, "usage");
    const json_t *v = json_object_get(event, "per_replica");

    if (usage)
        w->usage = usage;
    if (v)
        w->per_replica = json_is_true(v);
    v = json_object_get(event, "scale_error");
    if (v)
        w->scale_error = json_is_true(v);
    w->n_conflicts += step_int(event, "conflicts", 0);
    w->n_write_errors += step_int(event, "write_errors", 0);
    w->delay_us = step_int(event, "delay_us", w->delay_us);
    w->lag_us = step_int(event, "lag_us", w->lag_us);
    resize(w, now_us, step_int(event, "spec", w->spec));
    w->surge = step_int(event, "surge", w->surge);
    if (json_object_get(event, "surge"))
        follow(w);
}

/* Brings the world to now_us: the status catches up, events happen. */
static void advance(struct world *w, sim_us now_us)
{
    for (; w->n_done < json_array_size(w->events); w->n_done++) {
        const json_t *event = json_array_get(w->events, w->n_done);
        sim_us event_us = at_us(event);
        if (event_us > now_us)
            break;
        if (w->follow_us <= event_us)
            follow(w);
        if (!is_action(event))
            happen(w, event, event_us);
    }
    if (w->follow_us <= now_us)
        follow(w);
}

/* ------------------------------------------------------------ answers */

static void close_step(struct world *w)
{
    if (w->step && w->n_noted++ < w->n_wanted)
        json_array_append(w->lines, w->step);
    json_decref(w->step);
    w->step = NULL;
}

static json_t *on_scale(struct world *w, const json_t *q, sim_us now_us)
{
    sim_us from_us = step_int(q, "from", 0);

    if (!step_reads_again(w->step, from_us)) {
        close_step(w);
        w->n_syncs++;
        w->step = step_of_scale(from_us, now_us);
        if (w->scale_error)
            step_scale_lost(w->step);
        else
            step_scale(w->step, w->spec, w->status);
    }
    if (w->scale_error)
        return json_pack("{s:s}", "error", "no scale");
    return json_pack("{s:I, s:I, s:I}", "spec", (json_int_t)w->spec, "status",
                     (json_int_t)w->status, "version", (json_int_t)w->version);
}

/* The series of metric i: a list, one number, or nothing. */
static json_t *series_of(const struct world *w, size_t i)
{
    const json_t *given = json_array_get(w->usage, i), *v;
    json_t *list = json_array();
    int64_t factor = w->per_replica ? w->status : 1;
    size_t k;

    if (json_is_integer(given))
        json_array_append_new(list,
                              json_integer(json_integer_value(given) * factor));
    for (k = 0; (v = json_array_get(given, k)); k++)
        json_array_append_new(list,
                              json_integer(json_integer_value(v) * factor));
    return list;
}

static json_t *on_metric(struct world *w, const json_t *q, sim_us now_us)
{
    const char *name = json_string_value(json_object_get(q, "name"));
    size_t i = name ? (size_t)(name[1] - '0') : 0;
    json_t *series = series_of(w, i);
    bool lost = json_is_string(json_array_get(w->usage, i));

    step_metric(w->step, lost ? NULL : series, now_us + w->delay_us);
    if (lost) {
        json_decref(series);
        return json_pack("{s:s, s:I}", "error", "no metric", "delay_us",
                         (json_int_t)w->delay_us);
    }
    return json_pack("{s:o, s:I}", "values", series, "delay_us",
                     (json_int_t)w->delay_us);
}

static enum step_write write_result(struct world *w, const json_t *q)
{
    if (w->n_write_errors > 0) {
        w->n_write_errors--;
        return STEP_ERROR;
    }
    if (w->n_conflicts > 0) {
        w->n_conflicts--;
        return STEP_CONFLICT;
    }
    return step_int(q, "version", 0) == w->version ? STEP_OK : STEP_CONFLICT;
}

/* Words of the error, as of a conflict: the model does not tell two failures
 * apart, so neither shall the condition.
 */
static const char conflict_text[] =
    "Operation cannot be fulfilled on deployments.apps \"build\": changed";

static json_t *on_write(struct world *w, const json_t *q, sim_us now_us)
{
    enum step_write how = write_result(w, q);
    json_int_t replicas = step_int(q, "replicas", 0);

    step_write(w->step, now_us, replicas, how);
    if (how == STEP_OK)
        resize(w, now_us, replicas);
    if (how == STEP_ERROR)
        return json_pack("{s:s}", "error", conflict_text);
    return json_pack("{s:b}", "conflict", how == STEP_CONFLICT);
}

/* Edits and restarts wait for the driver to ask. */
static json_t *on_wake(struct world *w, sim_us now_us)
{
    sim_us wake_us = now_us + WAKE_S * US_PER_S;
    const json_t *event = NULL;

    if (w->n_syncs >= w->n_wanted)
        return json_pack("{s:b}", "end", 1);
    while ((event = json_array_get(w->events, w->n_acted)) && !is_action(event))
        w->n_acted++;
    if (!event || at_us(event) > now_us) {
        if (event && at_us(event) < wake_us)
            wake_us = at_us(event);
        return json_pack("{s:I}", "wake_us", (json_int_t)wake_us);
    }
    w->n_acted++;
    const json_t *gap = json_object_get(event, "restart_s");
    if (gap)
        return json_pack("{s:I, s:I}", "wake_us", (json_int_t)now_us,
                         "restart_gap_us",
                         (json_int_t)us_from_s(json_number_value(gap)));
    return json_pack("{s:I, s:o}", "wake_us", (json_int_t)now_us, "edit",
                     spec_json(w->scenario, json_object_get(event, "edit")));
}

/* What the driver tells without a question. */
static void on_told(struct world *w, const char *what, sim_us now_us)
{
    if (strcmp(what, "tick") != 0)
        close_step(w);
    if (strcmp(what, "edited") == 0) {
        const json_t *event = json_array_get(w->events, w->n_acted - 1);
        json_t *line = with_defaults(
            json_object_get(event, "edit"),
            json_pack("{s:I, s:I, s:I, s:O*}", "edited", (json_int_t)now_us,
                      "min", (json_int_t)step_int(w->scenario, "min", 1), "max",
                      (json_int_t)step_int(w->scenario, "max", 10), "behavior",
                      json_object_get(w->scenario, "behavior")));
        note(w, line);
    } else if (strcmp(what, "over") != 0) {
        note(w, json_pack("{s:I}", what, (json_int_t)now_us));
    }
}

json_t *world_answer(struct world *w, const json_t *q, bool *over)
{
    const char *what = json_string_value(json_object_get(q, "ask"));
    sim_us now_us = step_int(q, "t", 0);

    advance(w, now_us);
    if (strcmp(what, "scale") == 0)
        return on_scale(w, q, now_us);
    if (strcmp(what, "metric") == 0)
        return on_metric(w, q, now_us);
    if (strcmp(what, "write") == 0)
        return on_write(w, q, now_us);
    if (strcmp(what, "wake") == 0)
        return on_wake(w, now_us);
    if (strcmp(what, "status") == 0) {
        json_object_set(w->step, "s", json_object_get(q, "status"));
        return json_object();
    }
    on_told(w, what, now_us);
    *over = strcmp(what, "over") == 0;
    return NULL;
}

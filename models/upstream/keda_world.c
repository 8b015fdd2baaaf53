#include "models/upstream/keda_world.h"

#include "sim/upstream/step.h"

#include <stdlib.h>
#include <string.h>

enum { QUERIES = 40, PERIOD_S = 15 };

/* The driver looks at least so often whether there was a poll. */
static const sim_us look_us = 1900013;

static sim_us seconds(const json_t *o, const char *key, double absent)
{
    const json_t *v = json_object_get(o, key);

    return us_from_s(v ? json_number_value(v) : absent);
}

static void note(struct keda_world *w, json_t *line)
{
    json_array_append_new(w->lines, line);
}

/* ------------------------------------------------------------ the object */

static json_t *trigger_json(const json_t *t)
{
    json_t *o = json_pack(
        "{s:{s:O, s:O*}, s:s}", "metadata", "targetValue",
        json_object_get(t, "target"), "activationTargetValue",
        json_object_get(t, "activation"), "metricType",
        json_is_true(json_object_get(t, "value")) ? "Value" : "AverageValue");

    return o;
}

static json_t *fallback_json(const json_t *scenario)
{
    const json_t *f = json_object_get(scenario, "fallback");

    if (!f)
        return NULL;
    return json_pack("{s:O, s:O, s:O*}", "failureThreshold",
                     json_object_get(f, "threshold"), "replicas",
                     json_object_get(f, "replicas"), "behavior",
                     json_object_get(f, "behavior"));
}

static json_t *object_json(const json_t *s)
{
    json_t *triggers = json_array();
    const json_t *t;
    size_t i;

    for (i = 0; (t = json_array_get(json_object_get(s, "triggers"), i)); i++)
        json_array_append_new(triggers, trigger_json(t));
    return json_pack(
        "{s:O*, s:O*, s:O*, s:O*, s:O*, s:O*, s:o*, s:o}", "minReplicaCount",
        json_object_get(s, "min"), "maxReplicaCount", json_object_get(s, "max"),
        "idleReplicaCount", json_object_get(s, "idle"), "pollingInterval",
        json_object_get(s, "polling_s"), "cooldownPeriod",
        json_object_get(s, "cooldown_s"), "initialCooldownPeriod",
        json_object_get(s, "initial_cooldown_s"), "fallback", fallback_json(s),
        "triggers", triggers);
}

json_t *keda_world_start(const struct keda_world *w)
{
    return json_pack(
        "{s:o, s:O*, s:I, s:I}", "object", object_json(w->scenario),
        "annotations", json_object_get(w->scenario, "annotations"), "spec",
        w->spec, "loop_us", (json_int_t)seconds(w->scenario, "loop_s", 10.137));
}

void keda_world_init(struct keda_world *w, const json_t *scenario,
                     const char *version)
{
    const json_t *start = json_object_get(scenario, "start");
    json_t *first = json_deep_copy(scenario);

    *w = (struct keda_world){.scenario = scenario,
                             .events = json_object_get(scenario, "events"),
                             .lb = json_object_get(start, "lb"),
                             .spec = step_int(start, "spec", 1),
                             .n_wanted = step_int(scenario, "queries", QUERIES),
                             .query_us = seconds(scenario, "query_s", 17.3),
                             .lines = json_array()};
    json_object_del(first, "events");
    json_object_del(first, "start");
    json_object_set_new(first, "version", json_string(version));
    json_object_set_new(
        first, "loop_us",
        json_integer((json_int_t)seconds(scenario, "loop_s", 10.137)));
    note(w, first);
}

void keda_world_free(struct keda_world *w)
{
    json_decref(w->step);
    json_decref(w->lines);
    *w = (struct keda_world){0};
}

/* ------------------------------------------------------------ its course */

static json_t *step_begin(struct keda_world *w, const char *key, sim_us now_us)
{
    json_decref(w->step);
    w->step = step_of_keda(
        key, now_us, json_array_size(json_object_get(w->scenario, "triggers")));
    step_context(w->step, w->spec, w->ready);
    return w->step;
}

/* A loop reads its object more than once in one poll. */
static void on_poll(struct keda_world *w, sim_us now_us)
{
    if (!w->step || step_int(w->step, "p", -1) != (json_int_t)now_us)
        step_begin(w, "p", now_us);
}

/* "7.5" is a value, "!503" a status, "!" and "~text" bodies that cannot be
 * read.
 */
static json_t *on_get(struct keda_world *w, const json_t *q)
{
    const char *name = json_string_value(json_object_get(q, "name"));
    size_t i = (size_t)(name ? name[0] - '0' : 0);
    const json_t *pair = json_array_get(w->lb, i);
    const json_t *met = json_array_get(pair, step_gets(w->step, i) < 1 ? 0 : 1);
    const char *text = json_string_value(met);
    int code = 200;

    step_get(w->step, i, text);
    if (text[0] == '!' && text[1] != '\0')
        code = (int)strtol(text + 1, NULL, 10);
    return json_pack("{s:i, s:s}", "code", code, "value",
                     text[0] == '~' ? text + 1 : text);
}

static void on_state(struct keda_world *w, const json_t *q)
{
    if (!w->step)
        return;
    json_object_set(w->step, "st", json_object_get(q, "state"));
    note(w, w->step);
    w->step = NULL;
}

static json_t *act(const char *what, const char *key, json_int_t n,
                   sim_us wake_us)
{
    return json_pack("{s:I, s:s, s:I}", "wake_us", (json_int_t)wake_us, "do",
                     what, key, n);
}

static json_t *happen(struct keda_world *w, const json_t *event, sim_us at_us)
{
    if (json_object_get(event, "spec")) {
        w->spec = step_int(event, "spec", 0);
        return act("resize", "replicas", w->spec, at_us);
    }
    if (json_object_get(event, "ready")) {
        w->ready = step_int(event, "ready", 0);
        return act("ready", "replicas", w->ready, at_us);
    }
    if (json_object_get(event, "lb"))
        w->lb = json_object_get(event, "lb");
    if (json_object_get(event, "restart"))
        return act("restart", "replicas", 0, at_us);
    return act("nothing", "replicas", 0, at_us);
}

/* What is due first. An event is applied when the driver is there, not before:
 * a poll on the way must meet the world as it was.
 */
static json_t *on_wake(struct keda_world *w, sim_us now_us)
{
    const json_t *event = json_array_get(w->events, w->n_done);
    sim_us event_us = event ? seconds(event, "at_s", 0.0) : SIM_NEVER;
    sim_us due_us = event_us < w->query_us ? event_us : w->query_us;
    size_t n = json_array_size(json_object_get(w->scenario, "triggers"));

    if (event_us <= now_us) {
        w->n_done++;
        return happen(w, event, now_us);
    }
    if (due_us > now_us + look_us)
        return act("nothing", "replicas", 0, now_us + look_us);
    if (event_us <= w->query_us)
        return act("nothing", "replicas", 0, event_us);
    if (w->n_queries >= w->n_wanted)
        return act("end", "replicas", 0, w->query_us);
    w->query_us += seconds(w->scenario, "period_s", PERIOD_S);
    return act("query", "trigger", w->n_queries++ % (json_int_t)n, due_us);
}

json_t *keda_world_answer(struct keda_world *w, const json_t *q, bool *over)
{
    const char *what = json_string_value(json_object_get(q, "ask"));
    sim_us now_us = step_int(q, "t", 0);

    if (strcmp(what, "get") == 0)
        return on_get(w, q);
    if (strcmp(what, "wake") == 0)
        return on_wake(w, now_us);
    if (strcmp(what, "poll") == 0)
        on_poll(w, now_us);
    else if (strcmp(what, "query") == 0)
        json_object_set_new(
            step_begin(w, "q", now_us), "i",
            json_integer((w->n_queries - 1) %
                         (json_int_t)json_array_size(
                             json_object_get(w->scenario, "triggers"))));
    else if (strcmp(what, "write") == 0) {
        w->spec = step_int(q, "replicas", 0);
        json_object_set_new(w->step, "w", json_integer(w->spec));
    } else if (strcmp(what, "answered") == 0) {
        json_object_set_new(w->step, "ok",
                            json_boolean(json_object_get(q, "ok")));
        json_object_set(w->step, "v", json_object_get(q, "milli"));
        on_state(w, q);
    } else if (strcmp(what, "state") == 0)
        on_state(w, q);
    else if (strcmp(what, "restarted") == 0)
        note(w, json_pack("{s:I}", "restarted", (json_int_t)now_us));
    *over = strcmp(what, "over") == 0;
    return NULL;
}

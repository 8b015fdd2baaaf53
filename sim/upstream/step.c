#include "sim/upstream/step.h"

#include <string.h>

json_int_t step_int(const json_t *o, const char *key, json_int_t absent)
{
    const json_t *v = json_object_get(o, key);

    return json_is_integer(v) ? json_integer_value(v) : absent;
}

/* ------------------------------------------------------------ the HPA */

/* A retry follows its write within the back-off; the next reconcile cannot. */
static const sim_us retry_us = 1000000;

static const char *const hows[] = {"ok", "conflict", "error"};

static json_t *list_of(json_t *step, const char *key)
{
    json_t *list = json_object_get(step, key);

    if (!list) {
        list = json_array();
        json_object_set_new(step, key, list);
    }
    return list;
}

bool step_reads_again(const json_t *step, sim_us from_us)
{
    const json_t *writes = json_object_get(step, "w");
    const json_t *last = json_array_get(writes, json_array_size(writes) - 1);
    const char *how = json_string_value(json_array_get(last, 1));

    return how && strcmp(how, hows[STEP_OK]) != 0 &&
           from_us < json_integer_value(json_array_get(last, 0)) + retry_us;
}

json_t *step_of_scale(sim_us from_us, sim_us now_us)
{
    return json_pack("{s:[I, I]}", "t", (json_int_t)from_us,
                     (json_int_t)now_us);
}

void step_scale(json_t *step, json_int_t spec, json_int_t status)
{
    json_object_set_new(step, "c", json_integer(spec));
    json_object_set_new(step, "r", json_integer(status));
}

void step_scale_lost(json_t *step)
{
    json_object_set_new(step, "lost", json_true());
}

void step_metric(json_t *step, json_t *series, sim_us read_us)
{
    if (series)
        json_array_append(list_of(step, "m"), series);
    else
        json_array_append_new(list_of(step, "m"), json_null());
    json_array_set_new(json_object_get(step, "t"), 1, json_integer(read_us));
}

void step_pods(json_t *step, json_int_t pods, json_int_t ready)
{
    json_object_set_new(step, "k", json_pack("[I, I]", pods, ready));
}

void step_write(json_t *step, sim_us now_us, json_int_t replicas,
                enum step_write how)
{
    json_t *writes = list_of(step, "w");

    json_object_set_new(step, "n", json_integer(replicas));
    json_array_append_new(writes,
                          json_pack("[I, s]", (json_int_t)now_us, hows[how]));
}

/* ------------------------------------------------------------ KEDA */

json_t *step_of_keda(const char *key, sim_us now_us, size_t n_triggers)
{
    json_t *gets = json_array();

    while (n_triggers-- > 0)
        json_array_append_new(gets, json_array());
    return json_pack("{s:I, s:o}", key, (json_int_t)now_us, "g", gets);
}

void step_context(json_t *step, json_int_t spec, json_int_t ready)
{
    json_object_set_new(step, "c", json_integer(spec));
    json_object_set_new(step, "ready", json_integer(ready));
}

size_t step_gets(const json_t *step, size_t trigger)
{
    return json_array_size(json_array_get(json_object_get(step, "g"), trigger));
}

void step_get(json_t *step, size_t trigger, const char *met)
{
    json_array_append_new(json_array_get(json_object_get(step, "g"), trigger),
                          json_string(met));
}

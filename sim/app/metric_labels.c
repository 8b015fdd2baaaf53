/* metric_labels.c - names from the manifests. */
#include "sim/app/metric_labels.h"

#include "sim/base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct writer {
    char *out;
    size_t n;
};

static void put(struct writer *w, char c)
{
    if (w->n + 1 < METRIC_LABELS)
        w->out[w->n++] = c;
    w->out[w->n] = '\0';
}

static void put_text(struct writer *w, const char *text)
{
    while (*text)
        put(w, *text++);
}

/* A value that does not fit is cut before it is escaped, so that the text
 * stays whole.
 */
static void label(struct writer *w, const char *key, const char *value)
{
    char plain[OBJECT_NAME];

    text_plain(value, plain, sizeof plain);
    size_t most = strlen(key) + 2 * strlen(plain) + 5;
    if (w->n + most > METRIC_LABELS)
        return;
    put_text(w, w->n > 0 ? "," : "");
    put_text(w, key);
    put_text(w, "=\"");
    for (const char *c = plain; *c; c++) {
        if (*c == '"' || *c == '\\')
            put(w, '\\');
        put(w, *c);
    }
    put(w, '"');
}

static struct writer start(char out[METRIC_LABELS])
{
    out[0] = '\0';
    return (struct writer){out, 0};
}

/* ------------------------------------------------------------ names */

/* A scenario without manifests has pools all the same. */
static struct scenario_objects objects_of(const struct scenario *s, size_t pool)
{
    const char *name = s->system.pools[pool].name;

    if (s->objects)
        return s->objects[pool];
    return (struct scenario_objects){name, "default", name, NULL};
}

/* KEDA puts a word before the name of the HPA that it makes. */
static void hpa_name(const struct scenario_objects *o, char out[OBJECT_NAME])
{
    const struct yaml_node *own =
        yaml_get(yaml_get(yaml_get(yaml_get(o->keda, "spec"), "advanced"),
                          "horizontalPodAutoscalerConfig"),
                 "name");

    if (own) {
        (void)snprintf(out, OBJECT_NAME, "%.300s", own->text);
        return;
    }
    (void)snprintf(out, OBJECT_NAME, "%s%.300s", o->keda ? "keda-hpa-" : "",
                   o->scaler ? o->scaler : o->deployment);
}

void pool_objects(const struct scenario *s, size_t pool,
                  char out[POOL_OBJECTS][OBJECT_NAME])
{
    struct scenario_objects o = objects_of(s, pool);
    const struct pool_params *p = &s->system.pools[pool];

    assert(s->system.pools && pool < s->system.n_pools);

    (void)snprintf(out[0], OBJECT_NAME, "%s", o.deployment);
    hpa_name(&o, out[1]);
    (void)snprintf(out[2], OBJECT_NAME, "%s", o.scaler ? o.scaler : "");
    (void)snprintf(out[3], OBJECT_NAME, "%s",
                   s->system.lb.backends[p->backend].name);
}

/* ------------------------------------------------------------ objects */

void labels_backend(const struct scenario *s, size_t backend,
                    char out[METRIC_LABELS])
{
    struct writer w = start(out);

    label(&w, "proxy", s->system.lb.backends[backend].name);
}

void labels_server(const struct scenario *s, size_t backend, size_t slot,
                   char out[METRIC_LABELS])
{
    const char *prefix = s->system.lb.backends[backend].prefix;
    struct writer w = start(out);
    char name[OBJECT_NAME];

    (void)snprintf(name, sizeof name, "%.300s%zu", prefix ? prefix : "server",
                   slot + 1);
    label(&w, "proxy", s->system.lb.backends[backend].name);
    label(&w, "server", name);
}

void labels_deployment(const struct scenario *s, size_t pool,
                       char out[METRIC_LABELS])
{
    struct scenario_objects o = objects_of(s, pool);
    struct writer w = start(out);

    label(&w, "namespace", o.space);
    label(&w, "deployment", o.deployment);
}

void labels_pod(const struct scenario *s, size_t pool, uint32_t pod,
                char out[METRIC_LABELS])
{
    struct scenario_objects o = objects_of(s, pool);
    struct writer w = start(out);
    char name[OBJECT_NAME], uid[48];

    (void)snprintf(name, sizeof name, "%.300s-%u", o.deployment, pod);
    (void)snprintf(uid, sizeof uid, "00000000-0000-4000-8000-%012u", pod);
    label(&w, "namespace", o.space);
    label(&w, "pod", name);
    label(&w, "uid", uid);
}

void labels_hpa(const struct scenario *s, size_t pool, char out[METRIC_LABELS])
{
    struct scenario_objects o = objects_of(s, pool);
    struct writer w = start(out);
    char name[OBJECT_NAME];

    hpa_name(&o, name);
    label(&w, "namespace", o.space);
    label(&w, "horizontalpodautoscaler", name);
}

void labels_scaled_object(const struct scenario *s, size_t pool,
                          char out[METRIC_LABELS])
{
    struct scenario_objects o = objects_of(s, pool);
    struct writer w = start(out);

    label(&w, "namespace", o.space);
    label(&w, "scaledObject", o.scaler);
}

void labels_node_pool(const struct scenario *s, size_t node_pool,
                      char out[METRIC_LABELS])
{
    struct writer w = start(out);

    label(&w, "nodepool", s->system.karpenter.pools[node_pool].name);
}

/* ------------------------------------------------------------ triggers */

static bool reads_endpoint(const struct yaml_node *trigger)
{
    const struct yaml_node *type = yaml_get(trigger, "type");

    return type && strcmp(type->text, "metrics-api") == 0;
}

/* Place in the manifest of the model's trigger: the first that reads an
 * endpoint has changed places with the first of all.
 */
static size_t place_of(const struct yaml_node *triggers, size_t trigger)
{
    size_t first = 0;

    while (first < triggers->n && !reads_endpoint(triggers->items[first].value))
        first++;
    if (trigger == 0)
        return first;
    return trigger == first ? 0 : trigger;
}

/* As KEDA names the metric; quotes and braces stay. */
static void metric_name(size_t place, const char *location,
                        char out[OBJECT_NAME])
{
    int n = snprintf(out, OBJECT_NAME, "s%zu-metric-api-", place);

    (void)snprintf(out + n, OBJECT_NAME - (size_t)n, "%.250s", location);
    for (char *c = out + n; *c; c++)
        if (strchr("/.:%()", *c))
            *c = '-';
}

bool labels_trigger(const struct scenario *s, size_t pool, size_t trigger,
                    char out[METRIC_LABELS])
{
    struct scenario_objects o = objects_of(s, pool);
    const struct yaml_node *triggers =
        yaml_get(yaml_get(o.keda, "spec"), "triggers");
    size_t place = triggers ? place_of(triggers, trigger) : 0;
    char name[OBJECT_NAME], index[24];
    struct writer w = start(out);

    if (!triggers || place >= triggers->n ||
        !reads_endpoint(triggers->items[place].value))
        return false;
    const struct yaml_node *t = triggers->items[place].value;
    const struct yaml_node *location =
        yaml_get(yaml_get(t, "metadata"), "valueLocation");
    const struct yaml_node *own = yaml_get(t, "name");
    metric_name(place, location ? location->text : "", name);
    (void)snprintf(index, sizeof index, "%zu", place);
    label(&w, "namespace", o.space);
    label(&w, "metric", name);
    label(&w, "scaledObject", o.scaler);
    label(&w, "scaler", own ? own->text : "metricsAPIScaler");
    label(&w, "triggerIndex", index);
    label(&w, "type", "scaledobject");
    return true;
}

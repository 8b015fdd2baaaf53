#include "scenarios/schema.h"
#include "scenarios/words.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *key, *form; /* as JSON */
} forms[] = {
    {"gap", "{\"$ref\": \"#/definitions/duration\"}"},
    {"latency", "{\"$ref\": \"#/definitions/duration\"}"},
    {"pool", "{\"type\": \"string\"}"},
    {"types", "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}"},
    {"zones", "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}"},
    {"factor", "{\"type\": \"number\", \"exclusiveMinimum\": 0,"
               " \"maximum\": 1000}"},
    {"p", "{\"type\": \"number\", \"exclusiveMinimum\": 0, \"maximum\": 1}"},
    {"nodes", "{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 10000}"},
    {"room", "{\"type\": \"integer\", \"minimum\": 0, \"maximum\": 100000}"},
    {"pods", "{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 20000}"},
    {"port", "{\"enum\": [\"open\", \"closed\"]}"},
    {"answer", "{\"enum\": [\"servfail\", \"refused\", \"timeout\","
               " \"nxdomain\"]}"},
};

static json_t *form_of(const char *key)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].key, key) == 0) {
            json_t *o = json_loads(forms[i].form, 0, NULL);

            assert(o);
            return o;
        }
    assert(false && "a key of a fault without a form");
    return NULL;
}

/* What stands behind the name of a kind. */
static json_t *body(const struct fault_words *w)
{
    json_t *keys = json_object();

    for (size_t i = 0; i < w->n; i++)
        json_object_set_new(keys, w->keys[i], form_of(w->keys[i]));
    json_t *map = json_pack("{s:s, s:b, s:o}", "type", "object",
                            "additionalProperties", 0, "properties", keys);
    if (w->needed) {
        json_object_set_new(map, "required", json_pack("[s]", w->needed));
        return map;
    }
    return json_pack("{s:[o, {s:[n, b]}]}", "anyOf", map, "enum", 1);
}

/* A fault of this kind, with an end if it lasts and without one if not. */
static json_t *alternative(const struct fault_words *w)
{
    json_t *o = json_pack("{s:[s]}", "required", w->name);
    json_t *ends =
        json_pack("[{s:[s]}, {s:[s]}]", "required", "for", "required", "until");

    if (w->lasts)
        json_object_set_new(o, "oneOf", ends);
    else
        json_object_set_new(o, "not", json_pack("{s:o}", "anyOf", ends));
    return o;
}

json_t *schema_faults(void)
{
    json_t *kinds = json_array(), *properties = json_object();
    struct fault_words w;

    for (const char *const *key = (const char *const[]){"at", "until", NULL};
         *key; key++)
        json_object_set_new(properties, *key,
                            json_pack("{s:s}", "type", "string"));
    json_object_set_new(properties, "for", form_of("gap"));
    for (size_t i = 0; words_fault(i, &w); i++) {
        json_object_set_new(properties, w.name, body(&w));
        json_array_append_new(kinds, alternative(&w));
    }
    return json_pack("{s:s, s:{s:s, s:b, s:[s], s:o, s:o}}", "type", "array",
                     "items", "type", "object", "additionalProperties", 0,
                     "required", "at", "properties", properties, "oneOf",
                     kinds);
}

#include "scenarios/schema.h"

#include "scenarios/params.h"
#include "scenarios/params_rows.h"
#include "scenarios/words.h"
#include "sim/base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ parts */

static json_t *member(json_t *o, const char *key)
{
    json_t *inner = json_object_get(o, key);

    if (!inner) {
        inner = json_object();
        json_object_set_new(o, key, inner);
    }
    return inner;
}

/* A map that has the keys of its "properties" and no others. */
static json_t *closed_map(void)
{
    return json_pack("{s:s, s:b, s:{}}", "type", "object",
                     "additionalProperties", 0, "properties");
}

/* A map from any name to a value. */
static json_t *map_of(json_t *value)
{
    return json_pack("{s:s, s:o}", "type", "object", "additionalProperties",
                     value);
}

static json_t *list_of_texts(void)
{
    return json_pack("{s:s, s:{s:s}}", "type", "array", "items", "type",
                     "string");
}

static json_t *typed(const char *type)
{
    return json_pack("{s:s}", "type", type);
}

static json_t *refer(const char *to)
{
    return json_pack("{s:s+}", "$ref", "#/", to);
}

static void describe(json_t *o, const char *text)
{
    json_object_set_new(o, "description", json_string(text));
}

/* ------------------------------------------------------------ parameters */

/* "a.b.c" may be written so, as {a: {b.c: }}, {a.b: {c: }}, or in full. */
static void put(json_t *map, const char *path, const char *key)
{
    json_t *properties = member(map, "properties");

    json_object_set_new(properties, path,
                        json_pack("{s:s+}", "$ref", "#/definitions/", key));
    for (const char *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.')) {
        char *head = mem_text(path, (size_t)(dot - path));

        if (!json_object_get(properties, head))
            json_object_set_new(properties, head, closed_map());
        put(json_object_get(properties, head), dot + 1, key);
        free(head);
    }
}

/* A key with the name of an instance in it, names being HEAD. */
static void put_pattern(json_t *map, const char *head, const char *key,
                        const char *tail)
{
    char regex[2 * PARAM_TEXT];
    size_t n = (size_t)snprintf(regex, sizeof regex, "^%s\\.", head);

    for (; *tail && n + 3 < sizeof regex; tail++) {
        if (*tail == '.')
            regex[n++] = '\\';
        regex[n++] = *tail;
    }
    regex[n++] = '$';
    regex[n] = 0;
    json_object_set_new(member(map, "patternProperties"), regex,
                        json_pack("{s:s+}", "$ref", "#/definitions/", key));
}

/* The map below a name: amd64: {...}, or lb: {bk_amd64: {...}}. */
static json_t *named_map(json_t *map)
{
    json_t *named = json_object_get(map, "additionalProperties");

    if (!json_is_object(named)) {
        named = closed_map();
        json_object_set_new(map, "additionalProperties", named);
    }
    return named;
}

static void put_row(json_t *set, const struct param *row)
{
    const char *dot = strchr(row->key, '.');

    put(set, row->key, row->key);
    if (row->scope == PARAM_POOL) {
        put(named_map(set), row->key, row->key);
        put_pattern(set, "[^.]+", row->key, row->key);
    } else if (param_repeats(row)) {
        assert(dot); /* or its instances could not be named */
        char *head = mem_text(row->key, (size_t)(dot - row->key));
        char any[PARAM_TEXT];
        json_t *section = json_object_get(member(set, "properties"), head);

        put(named_map(section), dot + 1, row->key);
        put_pattern(section, ".+", row->key, dot + 1);
        (void)snprintf(any, sizeof any, "%s\\..+", head);
        put_pattern(set, any, row->key, dot + 1);
        free(head);
    }
}

static void put_parameters(json_t *schema)
{
    json_t *definitions = member(schema, "definitions");
    json_t *properties = member(schema, "properties");
    json_t *set = closed_map();
    const struct words sections = words_sections(), singles = words_singles();
    char to[64];

    describe(set, "any parameter by its full key; a pool's own with the "
                  "pool's name before it");
    for (size_t i = 0; i < params_count(); i++) {
        const struct param *row = params_row(i);
        json_object_set_new(definitions, row->key, schema_value(row));
        put_row(set, row);
    }
    json_object_set_new(properties, "set", set);
    for (size_t i = 0; i < sections.n; i++) {
        assert(json_object_get(json_object_get(set, "properties"),
                               sections.at[i]));
        (void)snprintf(to, sizeof to, "properties/set/properties/%s",
                       sections.at[i]);
        json_object_set_new(properties, sections.at[i], refer(to));
    }
    for (size_t i = 0; i < singles.n; i++)
        put(schema, singles.at[i], singles.at[i]);
}

/* ------------------------------------------------------------ the rest */

static json_t *targets(void)
{
    json_t *o = closed_map(), *properties = member(o, "properties");

    for (int g = 0; g < GOALS; g++) {
        json_t *value = g <= GOAL_MAX_WAIT ? refer("definitions/duration")
                                           : json_pack("{s:s, s:i}", "type",
                                                       "number", "minimum", 0);
        json_object_set_new(properties,
                            scenario_goal_name((enum scenario_goal)g), value);
    }
    return o;
}

static json_t *instance_type(void)
{
    return json_pack(
        "{s:s, s:b, s:[s, s, s], s:{s:{s:[s, s]}, s:{s:s, s:i, s:i},"
        " s:{s:[s, s]}, s:{s:s, s:i, s:i}}}",
        "type", "object", "additionalProperties", 0, "required", "arch", "vcpu",
        "memory", "properties", "arch", "enum", "amd64", "arm64", "vcpu",
        "type", "integer", "minimum", 1, "maximum", 2048, "memory", "type",
        "string", "number", "max_pods", "type", "integer", "minimum", 1,
        "maximum", 10000);
}

static json_t *pool(void)
{
    return json_pack("{s:s, s:b, s:[s], s:{s:o, s:o, s:o}}", "type", "object",
                     "additionalProperties", 0, "required", "deployment",
                     "properties", "deployment", typed("string"),
                     "scaled_object", typed("string"), "backend",
                     typed("string"));
}

/* Callers are the instances of the section `client`. */
static json_t *callers(void)
{
    return map_of(
        refer("properties/set/properties/client/additionalProperties"));
}

static json_t *manifests(void)
{
    return json_pack("{s:[o, o]}", "anyOf", typed("string"), list_of_texts());
}

/* Makes the form of a key anew each time: json_decref it. */
static const struct own {
    const char *key, *meaning;
    json_t *(*form)(void);
    const char *type; /* if form is NULL */
} own[] = {
    {"question", "shown above the answer", NULL, "string"},
    {"trace", "the history to replay", NULL, "string"},
    {"manifests", "a file, a folder, or a list of them", manifests, NULL},
    {"region", "whose list prices are used", NULL, "string"},
    {"zones", "where nodes may be", list_of_texts, NULL},
    {"faults", "what goes wrong, and when", schema_faults, NULL},
    {"targets", "a good answer is at most so much", targets, NULL},
    {"clients", "rules by the trace's column caller; default serves others",
     callers, NULL},
};

static void put_own(json_t *properties)
{
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        json_t *o = own[i].form ? own[i].form() : typed(own[i].type);

        describe(o, own[i].meaning);
        json_object_set_new(properties, own[i].key, o);
    }
    json_object_set_new(properties, "prices",
                        map_of(refer("definitions/type.price")));
    json_object_set_new(properties, "start",
                        map_of(refer("definitions/replicas")));
    json_object_set_new(properties, "instance_types", map_of(instance_type()));
    json_object_set_new(properties, "pools", map_of(pool()));
}

json_t *schema_scenario(void)
{
    json_t *o = closed_map();

    json_object_set_new(o, "$schema",
                        json_string("http://json-schema.org/draft-07/schema#"));
    json_object_set_new(o, "title", json_string("drydock scenario"));
    describe(o, "One question: a history, manifests, clients, what goes "
                "wrong, and what a good answer is.");
    put_parameters(o);
    json_object_set_new(json_object_get(o, "definitions"), "duration",
                        json_pack("{s:s, s:s}", "type", "string", "pattern",
                                  "^([0-9]+\\.?[0-9]*(ns|us|ms|s|m|h|d))+$"));
    put_own(json_object_get(o, "properties"));
    return o;
}

#include "sim/app/summary_schema.h"

#include "scenarios/scenario.h"
#include "sim/plan/figures.h"

#include <assert.h>

/* All but the figures. */
static const char frame[] =
    "{\"$schema\": \"http://json-schema.org/draft-07/schema#\","
    " \"title\": \"drydock summary.json\","
    " \"type\": \"object\","
    " \"required\": [\"schema\", \"scenario\", \"question\", \"seed\","
    " \"replications\", \"window\", \"trace\", \"verdict\", \"hazards\","
    " \"pools\", \"totals\"],"
    " \"properties\": {"
    " \"schema\": {\"const\": 1},"
    " \"scenario\": {\"type\": \"string\"},"
    " \"question\": {\"type\": \"string\"},"
    " \"seed\": {\"type\": [\"integer\", \"string\"], \"description\":"
    "  \"a text beyond the integers of a JSON reader\"},"
    " \"replications\": {\"type\": \"integer\", \"minimum\": 1},"
    " \"window\": {\"type\": \"object\", \"required\": [\"from\", \"to\"],"
    "  \"properties\": {\"from\": {\"type\": \"string\"},"
    "   \"to\": {\"type\": \"string\"}}},"
    " \"trace\": {\"type\": \"object\","
    "  \"required\": [\"file\", \"builds\", \"synthetic\"],"
    "  \"properties\": {\"file\": {\"type\": \"string\"},"
    "   \"builds\": {\"type\": \"integer\", \"minimum\": 1},"
    "   \"synthetic\": {\"type\": \"boolean\"}}},"
    " \"verdict\": {\"type\": \"object\","
    "  \"required\": [\"met\", \"answer\", \"targets\"],"
    "  \"properties\": {\"met\": {\"type\": [\"boolean\", \"null\"],"
    "    \"description\": \"null: the scenario has no targets\"},"
    "   \"answer\": {\"type\": \"string\"},"
    "   \"targets\": {\"type\": \"array\", \"items\": {\"type\": \"object\","
    "    \"required\": [\"target\", \"at_most\", \"got\", \"met\"],"
    "    \"properties\": {\"at_most\": {\"type\": \"number\"},"
    "     \"got\": {\"type\": \"number\"},"
    "     \"half_width\": {\"type\": \"number\", \"minimum\": 0},"
    "     \"pool\": {\"type\": \"string\"},"
    "     \"met\": {\"type\": \"boolean\"}}}}}},"
    " \"hazards\": {\"type\": \"object\","
    "  \"required\": [\"error\", \"warning\", \"note\"],"
    "  \"additionalProperties\": {\"type\": \"integer\", \"minimum\": 0},"
    "  \"properties\": {\"error\": {}, \"warning\": {}, \"note\": {}}},"
    " \"totals\": {\"type\": \"object\", \"required\": [\"cost_usd\","
    "  \"oracle_cost_usd\", \"builds\", \"events\", \"wall_s\"],"
    "  \"properties\": {\"cost_usd\": {\"type\": \"number\"},"
    "   \"oracle_cost_usd\": {\"type\": \"number\"},"
    "   \"builds\": {\"type\": \"number\", \"minimum\": 0},"
    "   \"events\": {\"type\": \"integer\", \"minimum\": 0},"
    "   \"wall_s\": {\"type\": \"number\", \"minimum\": 0},"
    "   \"cpu_s\": {\"type\": \"number\", \"minimum\": 0}}}}}";

static json_t *open_map(void)
{
    return json_pack("{s:s, s:[], s:{}}", "type", "object", "required",
                     "properties");
}

static void add(json_t *map, const char *key, json_t *value)
{
    json_object_set_new(json_object_get(map, "properties"), key, value);
    json_array_append_new(json_object_get(map, "required"), json_string(key));
}

/* What means nothing in a run is null. */
static json_t *figure(const struct figure_row *row)
{
    json_t *o = json_pack("{s:[s, s]}", "type", "number", "null");

    if (row->whole)
        json_object_set_new(o, "minimum", json_integer(0));
    return o;
}

/* The map of a group inside all; made when it is first asked for. */
static json_t *group_of(json_t *all, const char *name)
{
    json_t *map = json_object_get(json_object_get(all, "properties"), name);

    if (!map) {
        map = open_map();
        add(all, name, map);
    }
    return map;
}

static json_t *figures(void)
{
    json_t *all = open_map();

    for (int f = 0; f < N_FIGURES; f++) {
        const struct figure_row *row = &figure_rows[f];

        add(row->group ? group_of(all, row->group) : all, row->key,
            figure(row));
    }
    return all;
}

/* The targets that a scenario may have. */
static json_t *goals(void)
{
    json_t *list = json_array();

    for (int g = 0; g < GOALS; g++)
        json_array_append_new(
            list, json_string(scenario_goal_name((enum scenario_goal)g)));
    return json_pack("{s:o}", "enum", list);
}

json_t *summary_schema(void)
{
    json_t *o = json_loads(frame, 0, NULL);
    json_t *pool = figures(), *target, *halves;

    assert(o);
    halves = figures();
    json_object_set_new(halves, "description",
                        json_string("95 % half-widths, of several "
                                    "replications"));
    json_object_set_new(json_object_get(pool, "properties"), "half_width",
                        halves);
    json_object_set_new(json_object_get(o, "properties"), "pools",
                        json_pack("{s:s, s:o}", "type", "object",
                                  "additionalProperties", pool));
    int rc =
        json_unpack(o, "{s:{s:{s:{s:{s:{s:o}}}}}}", "properties", "verdict",
                    "properties", "targets", "items", "properties", &target);
    assert(rc == 0);
    json_object_set_new(target, "target", goals());
    return o;
}

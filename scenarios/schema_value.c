#include "scenarios/params.h"
#include "scenarios/schema.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* "1h30m", "0.5s", "2d". */
#define DURATION "^([0-9]+\\.?[0-9]*(ns|us|ms|s|m|h|d))+$"
#define DURATION_OR_NEVER "^(never|([0-9]+\\.?[0-9]*(ns|us|ms|s|m|h|d))+)$"
#define QUANTITY "^(none|[0-9.]+([numkMGTPE]|[KMGTPE]i|[eE][0-9]+)?)$"
#define POLICIES "^(default|[0-9]+%?/[0-9a-z.]+(\\+[0-9]+%?/[0-9a-z.]+)*)$"

static json_t *pattern(const char *regex)
{
    return json_pack("{s:s, s:s}", "type", "string", "pattern", regex);
}

/* What YAML reads as a number is a text to the program. */
static json_t *pattern_or_number(const char *regex)
{
    return json_pack("{s:[s, s], s:s}", "type", "string", "number", "pattern",
                     regex);
}

/* A bound that is whole is written as one. */
static json_t *bound(double x)
{
    return x == floor(x) && fabs(x) < 9e15 ? json_integer((json_int_t)x)
                                           : json_real(x);
}

static json_t *numbers(const struct param *row, const char *type)
{
    return json_pack("{s:s, s:o, s:o}", "type", type, "minimum",
                     bound(row->min), "maximum", bound(row->max));
}

/* A name like 3.1 may be written as YAML's number. */
static json_t *choices(const struct param *row)
{
    json_t *list = json_array();

    for (size_t i = 0; row->names[i]; i++) {
        char *end;
        double number = strtod(row->names[i], &end);

        json_array_append_new(list, json_string(row->names[i]));
        if (!*end)
            json_array_append_new(list, json_real(number));
    }
    return json_pack("{s:o}", "enum", list);
}

static json_t *form(const struct param *row)
{
    switch (row->type) {
    case PARAM_U32:
    case PARAM_I32:
    case PARAM_INT:
        return numbers(row, "integer");
    case PARAM_DOUBLE:
        return numbers(row, "number");
    case PARAM_BOOL:
        return json_pack("{s:s}", "type", "boolean");
    case PARAM_TIME:
        return pattern(DURATION);
    case PARAM_NEVER:
        return pattern(DURATION_OR_NEVER);
    case PARAM_ENUM:
        return choices(row);
    case PARAM_CPU:
    case PARAM_MEMORY:
        return pattern_or_number(QUANTITY);
    case PARAM_AMOUNT:
        return pattern_or_number("^[0-9]{1,9}%?$");
    case PARAM_RULES:
        return pattern(POLICIES);
    case PARAM_VERSION:
    case PARAM_KEDA:
        return pattern_or_number("^[0-9]+\\.[0-9]+(\\.[0-9]+)?$");
    default: /* a distribution, a name */
        return json_pack("{s:s}", "type", "string");
    }
}

json_t *schema_value(const struct param *row)
{
    char text[1024], value[PARAM_TEXT];
    json_t *o = form(row);

    params_default(row, value);
    (void)snprintf(
        text, sizeof text, "%s%s%s%s. Default: %s%s. Source: %s.", row->help,
        row->unit ? " (" : "", row->unit ? row->unit : "", row->unit ? ")" : "",
        value, row->from_manifests ? ", if the manifests do not say it" : "",
        row->source);
    json_object_set_new(o, "description", json_string(text));
    return o;
}

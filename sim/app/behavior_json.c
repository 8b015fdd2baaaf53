#include "sim/app/behavior_json.h"

#include "sim/app/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const select_words[] = {"Max", "Min", "Disabled", NULL};
static const char *const type_words[] = {"Pods", "Percent", NULL};

/* Puts the place of a field before the message about it. */
static int at(struct err *e, int code, const char *place)
{
    err_prefix(e, place, 0);
    return code;
}

static int read_policy(const json_t *o, struct hpa_policy *y, struct err *e)
{
    static const char *const words[] = {"type", "value", "periodSeconds", NULL};
    static const int64_t values[2] = {1, INT32_MAX}, periods[2] = {1, 1800};
    int64_t value = 0, period_s = 0;
    int type = HPA_PODS;
    int rc = ERR_OK;

    if (!json_is_object(o))
        return err_set(e, ERR_INPUT, "a policy must be an object");
    for (size_t i = 0; i < 3 && rc == ERR_OK; i++)
        rc = field_need(o, words[i], e);
    if (rc == ERR_OK)
        rc = field_misspelt(o, words, e);
    if (rc == ERR_OK)
        rc = field_word(o, "type", type_words, &type, e);
    if (rc == ERR_OK)
        rc = field_int(o, "value", values, &value, e);
    if (rc == ERR_OK)
        rc = field_int(o, "periodSeconds", periods, &period_s, e);
    *y = (struct hpa_policy){(enum hpa_policy_type)type, (int32_t)value,
                             period_s * US_PER_S};
    return rc;
}

static int read_policies(const json_t *o, struct hpa_rules *r, struct err *e)
{
    json_t *list = NULL;
    int rc = field_list(o, "policies", &list, e);
    size_t n = json_array_size(list);

    if (rc != ERR_OK || !list)
        return rc;
    if (n < 1 || n > HPA_POLICIES)
        return err_set(e, ERR_INPUT,
                       "\"policies\" has %zu entries; 1 to %d are possible", n,
                       HPA_POLICIES);
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        rc = read_policy(json_array_get(list, i), &r->policies[i], e);
        char place[32];
        snprintf(place, sizeof place, "policies[%zu]", i);
        if (rc != ERR_OK)
            return at(e, rc, place);
    }
    r->n_policies = n;
    r->has_policies = true;
    return ERR_OK;
}

/* A quantity: a number, or a string such as "50m" or "0.05". */
static int read_tolerance(const json_t *o, struct hpa_rules *r, struct err *e)
{
    static const double bounds[2] = {0.0, 1e6};
    const json_t *v = json_object_get(o, "tolerance");
    int64_t milli;

    r->has_tolerance = field_has(o, "tolerance");
    if (!json_is_string(v))
        return field_number(o, "tolerance", bounds, &r->tolerance_frac, e);
    const char *text = json_string_value(v);
    if (quantity_parse(text, &milli, e) != ERR_OK)
        return ERR_INPUT;
    if (milli < 0)
        return err_set(e, ERR_INPUT, "\"tolerance\" must not be negative");
    r->tolerance_frac = (double)milli / 1000.0;
    if (text[0] != '\0' && strspn(text, "0123456789.") == strlen(text))
        r->tolerance_frac = strtod(text, NULL);
    return ERR_OK;
}

static int read_rules(const json_t *o, uint32_t minor, struct hpa_rules *r,
                      struct err *e)
{
    static const char *const words[] = {"stabilizationWindowSeconds",
                                        "selectPolicy", "policies", "tolerance",
                                        NULL};
    static const int64_t windows[2] = {0, 3600};
    int64_t window_s = 0;
    int select = HPA_SELECT_MAX;
    int rc = field_misspelt(o, words, e);

    if (rc == ERR_OK && minor < 35 && field_has(o, "tolerance"))
        return err_set(e, ERR_INPUT, "\"tolerance\" needs Kubernetes 1.35");
    if (rc == ERR_OK)
        rc = field_int(o, words[0], windows, &window_s, e);
    if (rc == ERR_OK)
        rc = field_word(o, words[1], select_words, &select, e);
    if (rc == ERR_OK)
        rc = read_policies(o, r, e);
    if (rc == ERR_OK)
        rc = read_tolerance(o, r, e);
    r->has_window = field_has(o, words[0]);
    r->window_us = window_s * US_PER_S;
    r->has_select = field_has(o, words[1]);
    r->select = (enum hpa_select)select;
    return rc;
}

static int read_direction(const json_t *o, const char *key, uint32_t minor,
                          struct hpa_rules *r, struct err *e)
{
    json_t *rules = NULL;
    int rc = field_object(o, key, &rules, e);

    *r = (struct hpa_rules){0};
    if (rc == ERR_OK && rules) {
        rc = read_rules(rules, minor, r, e);
        if (rc != ERR_OK)
            return at(e, rc, key);
    }
    return rc;
}

int behavior_read(const json_t *o, struct hpa_params *p, struct err *e)
{
    static const char *const words[] = {"scaleUp", "scaleDown", NULL};
    json_t *b = NULL;
    int rc = field_object(o, "behavior", &b, e);

    p->has_behavior = b != NULL;
    if (rc != ERR_OK || !b)
        return rc;
    rc = field_misspelt(b, words, e);
    if (rc == ERR_OK)
        rc = read_direction(b, words[0], p->kubernetes_minor, &p->up, e);
    if (rc == ERR_OK)
        rc = read_direction(b, words[1], p->kubernetes_minor, &p->down, e);
    return rc == ERR_OK ? rc : at(e, rc, "behavior");
}

static json_t *policies_json(const struct hpa_rules *r)
{
    json_t *list = json_array();

    for (size_t i = 0; i < r->n_policies; i++) {
        const struct hpa_policy *y = &r->policies[i];
        json_array_append_new(
            list, json_pack("{s:s, s:i, s:I}", "type", type_words[y->type],
                            "value", (int)y->value, "periodSeconds",
                            (json_int_t)(y->period_us / US_PER_S)));
    }
    return list;
}

static json_t *rules_json(const struct hpa_rules *r)
{
    json_t *o = json_object();

    json_object_set_new(o, "stabilizationWindowSeconds",
                        r->has_window ? field_seconds(r->window_us)
                                      : json_null());
    json_object_set_new(o, "selectPolicy",
                        json_string(select_words[r->select]));
    json_object_set_new(o, "policies", policies_json(r));
    if (r->has_tolerance)
        json_object_set_new(o, "tolerance", json_real(r->tolerance_frac));
    return o;
}

json_t *behavior_json(const struct hpa_params *p)
{
    if (!p->has_behavior)
        return json_null();
    return json_pack("{s:o, s:o}", "scaleUp", rules_json(&p->up), "scaleDown",
                     rules_json(&p->down));
}

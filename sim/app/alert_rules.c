/* alert_rules.c - YAML in, JSON out. */
#include "sim/app/alert_rules.h"

#include "sim/base/text.h"

#include <string.h>

/* ------------------------------------------------------------ reading */

/* The groups of a document; NULL: it is about something else. */
static const struct yaml_node *groups_of(const struct yaml_node *doc)
{
    const struct yaml_node *kind = yaml_get(doc, "kind");

    if (!kind)
        return yaml_get(doc, "groups");
    return strcmp(kind->text, "PrometheusRule") == 0
               ? yaml_get(yaml_get(doc, "spec"), "groups")
               : NULL;
}

static int add_rule(struct alert_rules *r, const struct yaml_node *node,
                    sim_us interval_us, struct err *e)
{
    struct alert_rule rule = {.interval_us = interval_us};
    const char *record = NULL;
    int rc = yaml_text(node, "alert", &rule.name, e);

    if (rc == ERR_OK)
        rc = yaml_text(node, "record", &record, e);
    if (rc == ERR_OK)
        rc = yaml_text(node, "expr", &rule.expr, e);
    if (rc != ERR_OK)
        return rc;
    if (!rule.name == !record || !rule.expr)
        return yaml_fail(node, e, "a rule needs expr, and alert or record");
    if (r->n == ALERT_RULES)
        return yaml_fail(node, e, "more than %d rules", ALERT_RULES);
    rule.records = record != NULL;
    if (record)
        rule.name = record;
    r->n_alerts += !record;
    r->rules[r->n++] = rule;
    return ERR_OK;
}

static int add_group(struct alert_rules *r, const struct yaml_node *group,
                     sim_us every_us, struct err *e)
{
    const struct yaml_node *rules = NULL;

    if (group->kind != YAML_MAP)
        return yaml_fail(group, e, "a group of rules must be a map");
    int rc = yaml_duration(group, "interval", &every_us, e);
    if (rc == ERR_OK)
        rc = yaml_list(group, "rules", &rules, e);
    if (rc == ERR_OK && every_us < US_PER_S)
        return yaml_fail(group, e, "interval must be at least 1s");
    for (size_t i = 0; rc == ERR_OK && rules && i < rules->n; i++) {
        if (rules->items[i].value->kind != YAML_MAP)
            return yaml_fail(rules->items[i].value, e, "a rule must be a map");
        rc = add_rule(r, rules->items[i].value, every_us, e);
    }
    return rc;
}

static int read_docs(struct alert_rules *r, sim_us every_us, struct err *e)
{
    for (size_t d = 0; d < r->file.n_docs; d++) {
        const struct yaml_node *groups = groups_of(r->file.docs[d]);
        if (!groups)
            continue;
        if (groups->kind != YAML_LIST)
            return yaml_fail(groups, e, "groups must be a list");
        for (size_t i = 0; i < groups->n; i++) {
            int rc = add_group(r, groups->items[i].value, every_us, e);
            if (rc != ERR_OK)
                return rc;
        }
    }
    return ERR_OK;
}

int alert_rules_load(struct alert_rules *r, const char *path, sim_us every_us,
                     struct err *e)
{
    *r = (struct alert_rules){0};
    int rc = yaml_load(&r->file, path, e);

    if (rc == ERR_OK)
        rc = read_docs(r, every_us, e);
    if (rc == ERR_OK && r->n_alerts == 0)
        rc = err_set(e, ERR_INPUT,
                     "%s: no alert: neither groups nor a PrometheusRule with "
                     "some",
                     path);
    if (rc != ERR_OK)
        alert_rules_free(r);
    return rc;
}

/* ------------------------------------------------------------ writing */

/* What YAML reads as a number or a truth has to stay one. */
static bool is_bare(const struct yaml_node *n)
{
    int64_t number;

    return !n->quoted &&
           (whole_number(n->text, &number) || strcmp(n->text, "true") == 0 ||
            strcmp(n->text, "false") == 0);
}

/* Expressions in block form have line ends, which text_json would not keep. */
static void put_text(const char *text, FILE *out)
{
    char line[2] = "";

    putc('"', out);
    for (; *text; text++) {
        line[0] = *text;
        if (strchr("\"\\", *text))
            putc('\\', out);
        if (*text == '\n')
            fputs("\\n", out);
        else
            fputs((unsigned char)*text < ' ' ? " " : line, out);
    }
    putc('"', out);
}

static void put_node(const struct yaml_node *n, FILE *out);

static void put_items(const struct yaml_node *n, FILE *out)
{
    const char *comma = "";

    for (size_t i = 0; i < n->n; i++) {
        const struct yaml_node *key = n->items[i].key;
        if (key && strcmp(key->text, "partial_response_strategy") == 0)
            continue; /* Thanos' own; Prometheus refuses it */
        fputs(comma, out);
        comma = ",\n";
        if (key) {
            put_text(key->text, out);
            putc(':', out);
        }
        put_node(n->items[i].value, out);
    }
}

static void put_node(const struct yaml_node *n, FILE *out)
{
    if (n->kind == YAML_LIST || n->kind == YAML_MAP) {
        putc(n->kind == YAML_LIST ? '[' : '{', out);
        put_items(n, out);
        putc(n->kind == YAML_LIST ? ']' : '}', out);
    } else if (n->kind == YAML_NULL) {
        fputs("null", out);
    } else if (is_bare(n)) {
        fputs(n->text, out);
    } else {
        put_text(n->text, out);
    }
}

void alert_rules_write(const struct alert_rules *r, FILE *out)
{
    const char *comma = "";

    fputs("{\"groups\":[", out);
    for (size_t d = 0; d < r->file.n_docs; d++) {
        const struct yaml_node *groups = groups_of(r->file.docs[d]);
        for (size_t i = 0; groups && i < groups->n; i++) {
            fputs(comma, out);
            comma = ",\n";
            put_node(groups->items[i].value, out);
        }
    }
    fputs("]}\n", out);
}

void alert_rules_free(struct alert_rules *r)
{
    yaml_free(&r->file);
    *r = (struct alert_rules){0};
}

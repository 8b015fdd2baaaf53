#include "scenarios/scenario_build.h"

#include "scenarios/words.h"
#include "sim/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

int build_set(struct build *b, const char *key, const struct yaml_node *value)
{
    if (value->kind != YAML_SCALAR)
        return yaml_fail(value, b->err, "%s must be one value", key);
    if (params_set(b->s, key, value->text, ORIGIN_SCENARIO, b->err) != ERR_OK)
        return yaml_place(value, b->err);
    return ERR_OK;
}

/* Sets prefix.key for every key below map, which may be nested. */
static int set_all(struct build *b, const char *prefix,
                   const struct yaml_node *map, unsigned depth)
{
    char key[PARAM_TEXT];
    int rc = ERR_OK;

    for (size_t i = 0; i < map->n && rc == ERR_OK; i++) {
        const struct yaml_node *value = map->items[i].value;
        int n = snprintf(key, sizeof key, "%s%s%s", prefix, *prefix ? "." : "",
                         map->items[i].key->text);

        if (n < 0 || (size_t)n >= sizeof key / 2)
            return yaml_fail(map->items[i].key, b->err, "the key is too long");
        if (value->kind == YAML_MAP && depth < 3)
            rc = set_all(b, key, value, depth + 1);
        else if (params_has(b->s, key))
            rc = build_set(b, key, value);
        else /* the key is what is wrong, so its place is shown */
            rc = build_set(b, key, map->items[i].key);
    }
    return rc;
}

static int set_start(struct build *b)
{
    const struct yaml_node *start;
    char key[PARAM_TEXT];
    int rc = yaml_map(b->root, "start", &start, b->err);

    for (size_t i = 0; rc == ERR_OK && start && i < start->n; i++) {
        const struct yaml_node *name = start->items[i].key;

        if (build_find_pool(b->s, name->text) == NO_INDEX)
            return yaml_fail(name, b->err, "no pool is named %s", name->text);
        snprintf(key, sizeof key, "%s.replicas", name->text);
        rc = build_set(b, key, start->items[i].value);
    }
    return rc;
}

int build_sections(struct build *b)
{
    const struct words sections = words_sections(), singles = words_singles();
    const struct yaml_node *v;
    int rc = ERR_OK;

    for (size_t i = 0; i < sections.n && rc == ERR_OK; i++) {
        rc = yaml_map(b->root, sections.at[i], &v, b->err);
        if (rc == ERR_OK && v)
            rc = set_all(b, sections.at[i], v, 0);
    }
    for (size_t i = 0; i < singles.n && rc == ERR_OK; i++) {
        v = yaml_get(b->root, singles.at[i]);
        if (v)
            rc = build_set(b, singles.at[i], v);
    }
    if (rc == ERR_OK)
        rc = set_start(b);
    if (rc == ERR_OK)
        rc = yaml_map(b->root, "set", &v, b->err);
    return rc == ERR_OK && v ? set_all(b, "", v, 0) : rc;
}

/* The tool decides the defaults; without one they are those of `default`. */
static int start_caller(struct build *b, const struct yaml_node *entry,
                        struct caller_params *c)
{
    const char *tool = NULL;
    int rc = yaml_text(entry, "tool", &tool, b->err);

    if (rc != ERR_OK)
        return rc;
    if (!tool && b->s->system.n_callers > 0)
        *c = b->s->system.callers[0];
    else if (tool && strcmp(tool, "buildctl") == 0)
        client_defaults(&c->client, CLIENT_BUILDCTL);
    else
        client_defaults(&c->client, CLIENT_BUILDX);
    return ERR_OK;
}

static int add_caller(struct build *b, const char *name,
                      const struct yaml_node *entry)
{
    struct system_params *y = &b->s->system;
    struct caller_params *c = &y->callers[y->n_callers];
    char key[PARAM_TEXT];

    if (entry && entry->kind != YAML_MAP)
        return yaml_fail(entry, b->err, "client %s must be a map", name);
    if (strlen(name) >= sizeof c->name || strchr(name, '.') ||
        strchr(name, '=') || !*name)
        return yaml_fail(entry, b->err, "\"%s\" cannot name a caller", name);
    int rc = start_caller(b, entry, c);
    if (rc != ERR_OK)
        return rc;
    snprintf(c->name, sizeof c->name, "%s", name);
    y->n_callers++;
    snprintf(key, sizeof key, "client.%s", name);
    return entry ? set_all(b, key, entry, 3) : ERR_OK;
}

int build_clients(struct build *b)
{
    struct system_params *y = &b->s->system;
    const struct yaml_node *clients;
    int rc = yaml_map(b->root, "clients", &clients, b->err);
    size_t n = clients ? clients->n : 0;

    if (rc != ERR_OK)
        return rc;
    if (n >= SCENARIO_CALLERS)
        return yaml_fail(clients, b->err, "more than %d callers",
                         SCENARIO_CALLERS);
    y->callers = mem_array(n + 1, sizeof *y->callers);
    rc = add_caller(b, "default", yaml_get(clients, "default"));
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        if (strcmp(clients->items[i].key->text, "default") != 0)
            rc = add_caller(b, clients->items[i].key->text,
                            clients->items[i].value);
    return rc;
}

static const char *const goals[GOALS] = {
    "mean_wait", "p50_wait", "p90_wait", "p95_wait",  "p99_wait", "max_wait",
    "gave_up",   "killed",   "cut",      "timed_out", "cost_usd"};

const char *scenario_goal_name(enum scenario_goal goal)
{
    return goals[goal];
}

int build_targets(struct build *b)
{
    const struct yaml_node *map;
    int rc = yaml_map(b->root, "targets", &map, b->err);

    if (rc == ERR_OK)
        rc = yaml_known(map, goals, COUNT(goals), b->err);
    for (int g = 0; rc == ERR_OK && g < GOALS; g++) {
        struct scenario_target t = {(enum scenario_goal)g, 0.0};
        sim_us wait = 0;

        if (!yaml_get(map, goals[g]))
            continue;
        if (g <= GOAL_MAX_WAIT) {
            rc = yaml_duration(map, goals[g], &wait, b->err);
            t.at_most = s_from_us(wait);
        } else {
            rc = yaml_number(map, goals[g], 1e12, &t.at_most, b->err);
        }
        b->s->targets[b->s->n_targets++] = t;
    }
    return rc;
}

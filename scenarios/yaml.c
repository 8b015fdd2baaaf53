#include "scenarios/yaml.h"

#include "sim/base/file.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int yaml_load(struct yaml_file *f, const char *path, struct err *e)
{
    char *text;
    size_t n;

    *f = (struct yaml_file){0};
    int rc = file_read(path, YAML_BYTES, &text, &n, e);
    if (rc != ERR_OK)
        return rc;
    rc = yaml_parse(f, path, text, n, e);
    free(text);
    return rc;
}

int yaml_place(const struct yaml_node *n, struct err *e)
{
    struct err inner = *e;

    return err_set(e, ERR_INPUT, "%s:%u:%u: %s", n->file->path, n->line,
                   n->column, inner.msg);
}

int yaml_fail(const struct yaml_node *n, struct err *e, const char *format, ...)
{
    char text[sizeof e->msg];
    va_list list;

    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    err_set(e, ERR_INPUT, "%s:%u:%u: %s", n->file->path, n->line, n->column,
            text);
    return ERR_INPUT;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->n; i++)
        if (strcmp(map->items[i].key->text, key) == 0)
            return map->items[i].value->kind == YAML_NULL ? NULL
                                                          : map->items[i].value;
    return NULL;
}

static int want(const struct yaml_node *map, const char *key,
                enum yaml_kind kind, const struct yaml_node **out,
                struct err *e)
{
    static const char *const names[] = {"nothing", "one value", "a list",
                                        "a map of keys and values"};
    const struct yaml_node *v = yaml_get(map, key);

    assert(!map || map->kind == YAML_MAP);
    *out = NULL;
    if (v && v->kind != kind)
        return yaml_fail(v, e, "%s must be %s", key, names[kind]);
    *out = v;
    return ERR_OK;
}

int yaml_map(const struct yaml_node *map, const char *key,
             const struct yaml_node **out, struct err *e)
{
    return want(map, key, YAML_MAP, out, e);
}

int yaml_list(const struct yaml_node *map, const char *key,
              const struct yaml_node **out, struct err *e)
{
    return want(map, key, YAML_LIST, out, e);
}

static bool is_bool(const char *text, bool *out)
{
    static const char *const yes[] = {"true", "True", "TRUE", "yes", "on"};
    static const char *const no[] = {"false", "False", "FALSE", "no", "off"};

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        *out = strcmp(text, yes[i]) == 0;
        if (*out || strcmp(text, no[i]) == 0)
            return true;
    }
    return false;
}

int yaml_bool(const struct yaml_node *map, const char *key, bool *out,
              struct err *e)
{
    const struct yaml_node *v;
    bool value;
    int rc = want(map, key, YAML_SCALAR, &v, e);

    if (rc != ERR_OK || !v)
        return rc;
    if (v->quoted || !is_bool(v->text, &value))
        return yaml_fail(v, e, "%s must be true or false, not \"%s\"", key,
                         v->text);
    *out = value;
    return ERR_OK;
}

bool whole_number(const char *text, int64_t *out)
{
    const char *digits = text + (*text == '-' || *text == '+');
    char *end;

    if (!isdigit((unsigned char)*digits))
        return false;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || *end)
        return false;
    *out = value;
    return true;
}

int yaml_int(const struct yaml_node *map, const char *key,
             struct yaml_range range, int64_t *out, struct err *e)
{
    const struct yaml_node *v;
    int64_t value;
    int rc = want(map, key, YAML_SCALAR, &v, e);

    if (rc != ERR_OK || !v)
        return rc;
    if (v->quoted || !whole_number(v->text, &value) || value < range.min ||
        value > range.max)
        return yaml_fail(v, e,
                         "%s must be a whole number from %lld to %lld, not "
                         "%s%s%s",
                         key, (long long)range.min, (long long)range.max,
                         v->quoted ? "the string \"" : "", v->text,
                         v->quoted ? "\"" : "");
    *out = value;
    return ERR_OK;
}

int yaml_text(const struct yaml_node *map, const char *key, const char **out,
              struct err *e)
{
    const struct yaml_node *v;
    int rc = want(map, key, YAML_SCALAR, &v, e);

    if (rc == ERR_OK && v)
        *out = v->text;
    return rc;
}

/* What a YAML reader takes for a number or a truth value. */
static bool looks_typed(const char *text)
{
    bool flag;
    char *end;

    if (is_bool(text, &flag))
        return true;
    if (!isdigit((unsigned char)*text) && !strchr("+-.", *text))
        return false;
    double value = strtod(text, &end);
    return end != text && *end == 0 && isfinite(value);
}

int yaml_string(const struct yaml_node *map, const char *key, const char **out,
                struct err *e)
{
    const struct yaml_node *v;
    int rc = want(map, key, YAML_SCALAR, &v, e);

    if (rc != ERR_OK || !v)
        return rc;
    if (!v->quoted && looks_typed(v->text))
        return yaml_fail(v, e, "%s must be a string: write \"%s\"", key,
                         v->text);
    *out = v->text;
    return ERR_OK;
}

int yaml_duration(const struct yaml_node *map, const char *key, sim_us *out,
                  struct err *e)
{
    const struct yaml_node *v;
    sim_us value = 0;
    int rc = want(map, key, YAML_SCALAR, &v, e);

    if (rc != ERR_OK || !v)
        return rc;
    if (duration_parse(v->text, &value, e) != ERR_OK)
        return yaml_place(v, e);
    if (value < 0)
        return yaml_fail(v, e, "%s must not be negative", key);
    *out = value;
    return ERR_OK;
}

int yaml_quantity(const struct yaml_node *map, const char *key, int64_t *milli,
                  struct err *e)
{
    const struct yaml_node *v;
    int64_t value = 0;
    int rc = want(map, key, YAML_SCALAR, &v, e);

    if (rc != ERR_OK || !v)
        return rc;
    if (quantity_parse(v->text, &value, e) != ERR_OK)
        return yaml_place(v, e);
    if (value < 0)
        return yaml_fail(v, e, "%s must not be negative", key);
    *milli = value;
    return ERR_OK;
}

int yaml_number(const struct yaml_node *map, const char *key, double max,
                double *out, struct err *e)
{
    const struct yaml_node *v;
    char *end;
    int rc = want(map, key, YAML_SCALAR, &v, e);

    if (rc != ERR_OK || !v)
        return rc;
    double value = strtod(v->text, &end);
    bool decimal = strspn(v->text, "0123456789.eE+-") == strlen(v->text);
    if (end == v->text || *end || !decimal || !(value >= 0.0 && value <= max))
        return yaml_fail(v, e, "%s must be a number from 0 to %g, not \"%s\"",
                         key, max, v->text);
    *out = value;
    return ERR_OK;
}

int yaml_path(const struct yaml_node *map, const char *path,
              const struct yaml_node **out, struct err *e)
{
    char part[64];

    while (*path && map) {
        size_t n = strcspn(path, "/");

        assert(n < sizeof part);
        memcpy(part, path, n);
        part[n] = 0;
        path += n + (path[n] == '/');
        int rc = want(map, part, YAML_MAP, &map, e);
        if (rc != ERR_OK)
            return rc;
    }
    *out = map;
    return ERR_OK;
}

static int by_key(const void *a, const void *b)
{
    const struct yaml_node *const *x = a;
    const struct yaml_node *const *y = b;
    int order = strcmp((*x)->text, (*y)->text);

    if (order != 0)
        return order;
    if ((*x)->line != (*y)->line)
        return (*x)->line < (*y)->line ? -1 : 1;
    return ((*x)->column > (*y)->column) - ((*x)->column < (*y)->column);
}

/* Sorted, so that a map of very many keys takes no quadratic time. */
int yaml_unique(const struct yaml_node *map, struct err *e)
{
    const struct yaml_node **keys =
        mem_array(map->n, sizeof(struct yaml_node *));
    int rc = ERR_OK;

    for (size_t i = 0; i < map->n; i++)
        keys[i] = map->items[i].key;
    qsort(keys, map->n, sizeof(struct yaml_node *), by_key);
    for (size_t i = 1; i < map->n && rc == ERR_OK; i++)
        if (strcmp(keys[i - 1]->text, keys[i]->text) == 0)
            rc = yaml_fail(keys[i], e, "%s is set twice, first in line %u",
                           keys[i]->text, keys[i - 1]->line);
    free(keys);
    return rc;
}

static bool among(const char *text, const char *const words[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

int yaml_known(const struct yaml_node *map, const char *const words[], size_t n,
               struct err *e)
{
    for (size_t i = 0; map && i < map->n; i++) {
        const struct yaml_node *key = map->items[i].key;

        if (among(key->text, words, n))
            continue;
        const char *near = text_nearest(key->text, words, n);
        if (near)
            return yaml_fail(key, e, "unknown key %s, did you mean %s?",
                             key->text, near);
        return yaml_fail(key, e, "unknown key %s", key->text);
    }
    return ERR_OK;
}

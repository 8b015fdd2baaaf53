#include "scenarios/params.h"

#include "scenarios/params_rows.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ROWS = 256, KEY = 192, VALUE = 1024 };

/* Finds row i in the parts of the table. */
static const struct param *row_at(size_t i)
{
    const struct param_part parts[] = {params_system_rows(), params_pool_rows(),
                                       params_pod_rows(), params_lb_rows()};

    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        if (i < parts[k].n)
            return &parts[k].rows[i];
        i -= parts[k].n;
    }
    return NULL;
}

size_t params_count(void)
{
    size_t n = 0;

    while (row_at(n))
        n++;
    return n;
}

const struct param *params_row(size_t i)
{
    assert(row_at(i));
    return row_at(i);
}

size_t param_instances(const struct scenario *s, enum param_scope scope)
{
    switch (scope) {
    case PARAM_POOL:
        return s->system.n_pools;
    case PARAM_BACKEND:
        return s->system.lb.n_backends;
    case PARAM_NODEPOOL:
        return s->system.karpenter.n_pools;
    case PARAM_CALLER:
        return s->system.n_callers;
    case PARAM_TYPE:
        return s->system.karpenter.n_types;
    default:
        return 1;
    }
}

void *param_instance(struct scenario *s, enum param_scope scope, size_t i)
{
    assert(i < param_instances(s, scope));
    switch (scope) {
    case PARAM_POOL:
        return &s->system.pools[i];
    case PARAM_BACKEND:
        return &s->backends[i];
    case PARAM_NODEPOOL:
        return &s->system.karpenter.pools[i];
    case PARAM_CALLER:
        return &s->system.callers[i];
    case PARAM_TYPE:
        return &s->system.karpenter.types[i];
    case PARAM_SYSTEM:
        return &s->system;
    default:
        return s;
    }
}

const char *param_instance_name(const struct scenario *s,
                                enum param_scope scope, size_t i)
{
    switch (scope) {
    case PARAM_POOL:
        return s->system.pools[i].name;
    case PARAM_BACKEND:
        return s->backends[i].name;
    case PARAM_NODEPOOL:
        return s->system.karpenter.pools[i].name;
    case PARAM_CALLER:
        return s->system.callers[i].name;
    case PARAM_TYPE:
        return s->system.karpenter.types[i].name;
    default:
        return "";
    }
}

bool param_repeats(const struct param *row)
{
    return row->scope != PARAM_SCENARIO && row->scope != PARAM_SYSTEM;
}

void param_full_key(const struct scenario *s, const struct param *row, size_t i,
                    char out[PARAM_TEXT])
{
    const char *name = param_instance_name(s, row->scope, i);
    size_t head = strcspn(row->key, ".");

    if (!param_repeats(row))
        snprintf(out, PARAM_TEXT, "%s", row->key);
    else if (row->scope == PARAM_POOL)
        snprintf(out, PARAM_TEXT, "%s.%s", name, row->key);
    else
        snprintf(out, PARAM_TEXT, "%.*s.%s%s", (int)head, row->key, name,
                 row->key + head);
}

struct target {
    const struct param *row;
    uint32_t row_index, instance; /* NO_INDEX: every instance */
};

/* The name in the full key of an instance of a row: in a pool's key it stands
 * before the row's own words, in others behind the first of them. NULL if the
 * key is of another row.
 */
static const char *name_in(const struct param *row, const char *key, size_t *n)
{
    bool first = row->scope == PARAM_POOL;
    size_t head = first ? 0 : strcspn(row->key, ".") + 1;
    const char *tail = row->key + head;
    size_t n_key = strlen(key), n_tail = strlen(tail) + 1;

    if (n_key < head + n_tail || strncmp(key, row->key, head) != 0 ||
        key[n_key - n_tail] != '.' ||
        strcmp(key + n_key - n_tail + 1, tail) != 0)
        return NULL;
    *n = n_key - head - n_tail;
    return key + head;
}

/* The instance that a full key names. */
static uint32_t find_instance(const struct scenario *s, const struct param *row,
                              const char *key)
{
    size_t n = 0;
    const char *name = name_in(row, key, &n);

    for (uint32_t i = 0; name && i < param_instances(s, row->scope); i++) {
        const char *have = param_instance_name(s, row->scope, i);

        if (strlen(have) == n && memcmp(have, name, n) == 0)
            return i;
    }
    return NO_INDEX;
}

static bool find(const struct scenario *s, const char *key, struct target *t)
{
    for (uint32_t i = 0; (t->row = row_at(i)); i++) {
        t->row_index = i;
        t->instance = NO_INDEX;
        if (strcmp(t->row->key, key) == 0)
            return true;
        if (!param_repeats(t->row))
            continue;
        t->instance = find_instance(s, t->row, key);
        if (t->instance != NO_INDEX)
            return true;
    }
    return false;
}

/* Every key there is, owned texts; only for the message of a mistake. */
static char **all_keys(const struct scenario *s, size_t *n)
{
    char **keys = NULL, full[PARAM_TEXT];
    const struct param *row;
    size_t cap = 0;

    *n = 0;
    for (size_t i = 0; (row = row_at(i)); i++) {
        size_t copies = param_repeats(row) ? param_instances(s, row->scope) : 0;

        for (size_t k = 0; k <= copies; k++) {
            keys = mem_grow(keys, &cap, *n + 1, sizeof(char *));
            if (k < copies)
                param_full_key(s, row, k, full);
            else
                snprintf(full, sizeof full, "%s", row->key);
            keys[(*n)++] = mem_text(full, strlen(full));
        }
    }
    return keys;
}

/* The parameter that a manifest calls by the end of that key: with the name of
 * an instance before it if the key has one, or NULL.
 */
static const char *by_field(const char *key, char *const keys[], size_t n)
{
    const struct param *row = params_row_of_field(key);
    size_t head = strcspn(key, ".") + 1;

    for (size_t i = 0; row && i < n; i++)
        if (strncmp(keys[i], key, head) == 0 &&
            strcmp(keys[i] + head, row->key) == 0)
            return keys[i];
    return row ? row->key : NULL;
}

static int unknown(const struct scenario *s, const char *key, struct err *e)
{
    size_t n;
    char **keys = all_keys(s, &n);
    const char *near = by_field(key, keys, n);

    if (!near)
        near = text_nearest(key, (const char *const *)keys, n);

    err_set(e, ERR_INPUT, "unknown parameter %s%s%s%s", key,
            near ? ", did you mean " : "", near ? near : "", near ? "?" : "");
    for (size_t i = 0; i < n; i++)
        free(keys[i]);
    free(keys);
    return ERR_INPUT;
}

static void mark(struct scenario *s, const struct target *t,
                 enum scenario_origin origin)
{
    s->marks =
        mem_grow(s->marks, &s->cap_marks, s->n_marks + 1, sizeof *s->marks);
    s->marks[s->n_marks++] =
        (struct scenario_mark){t->row_index, t->instance, origin};
}

enum scenario_origin param_origin(const struct scenario *s, uint32_t row,
                                  uint32_t instance)
{
    for (size_t i = s->n_marks; i-- > 0;) {
        const struct scenario_mark *m = &s->marks[i];

        if (m->row == row &&
            (m->instance == NO_INDEX || m->instance == instance))
            return m->origin;
    }
    return row_at(row)->from_manifests ? ORIGIN_MANIFESTS : ORIGIN_DEFAULT;
}

bool params_has(const struct scenario *s, const char *key)
{
    struct target t;

    return find(s, key, &t);
}

bool params_is_set(const struct scenario *s, const char *key)
{
    struct target t;

    if (!find(s, key, &t))
        return false;
    uint32_t instance = t.instance == NO_INDEX ? 0 : t.instance;
    return param_origin(s, t.row_index, instance) >= ORIGIN_SCENARIO;
}

bool params_is_idle(const struct scenario *s, const char *key)
{
    struct target t;

    if (!find(s, key, &t) || !param_is_of_scaler(t.row) ||
        strcmp(t.row->key, "replicas") == 0)
        return false;
    for (size_t i = 0; i < s->system.n_pools; i++)
        if (s->system.pools[i].autoscaled &&
            (t.instance == NO_INDEX || t.instance == i))
            return false;
    return true;
}

static int set_one(struct scenario *s, const struct target *t, size_t i,
                   const char *value, struct err *e)
{
    _Alignas(16) char field[VALUE];
    char *instance = param_instance(s, t->row->scope, i);

    assert(t->row->size <= sizeof field);
    memcpy(field, instance + t->row->offset, t->row->size);
    int rc = param_parse(t->row, value, field, e);
    if (rc != ERR_OK)
        return rc;
    /* A KEDA version is two numbers side by side; the row names the first. */
    size_t n = t->row->size * (t->row->type == PARAM_KEDA ? 2 : 1);
    memcpy(instance + t->row->offset, field, n);
    if (t->row->has_flag)
        *(bool *)(instance + t->row->flag) = true;
    return ERR_OK;
}

int params_set(struct scenario *s, const char *key, const char *value,
               enum scenario_origin origin, struct err *e)
{
    struct target t;

    if (!find(s, key, &t))
        return unknown(s, key, e);
    size_t from = t.instance == NO_INDEX ? 0 : t.instance;
    size_t to = t.instance == NO_INDEX ? param_instances(s, t.row->scope)
                                       : (size_t)t.instance + 1;
    /* The value alone decides, so the first instance fails or none does. */
    for (size_t i = from; i < to; i++) {
        int rc = set_one(s, &t, i, value, e);

        if (rc != ERR_OK)
            return rc;
    }
    mark(s, &t, origin);
    return ERR_OK;
}

int params_assign(struct scenario *s, const char *assignment,
                  enum scenario_origin origin, struct err *e)
{
    const char *equals = strchr(assignment, '=');
    char key[KEY];

    if (!equals || equals == assignment)
        return err_set(e, ERR_INPUT, "\"%s\" is not KEY=VALUE", assignment);
    if ((size_t)(equals - assignment) >= sizeof key)
        return err_set(e, ERR_INPUT, "the key \"%.20s...\" is too long",
                       assignment);
    memcpy(key, assignment, (size_t)(equals - assignment));
    key[equals - assignment] = 0;
    return params_set(s, key, equals + 1, origin, e);
}

int params_get(const struct scenario *s, const char *key, char out[PARAM_TEXT],
               struct err *e)
{
    struct target t;

    if (!find(s, key, &t))
        return unknown(s, key, e);
    size_t i = t.instance == NO_INDEX ? 0 : t.instance;
    if (i >= param_instances(s, t.row->scope))
        return err_set(e, ERR_INPUT, "%s: there is none", key);
    /* Reading only: the cast lets one function serve both. */
    const char *instance =
        param_instance((struct scenario *)s, t.row->scope, i);
    param_format(t.row, instance + t.row->offset, out);
    return ERR_OK;
}

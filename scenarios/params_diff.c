#include "scenarios/params_diff.h"

#include "scenarios/params_rows.h"
#include "sim/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the order of enum param_scope; what exists once has no name. */
static const char *const scopes[] = {
    "", "", "pool", "backend", "node pool", "caller", "instance type"};

static struct param_change *add(struct params_diff *d)
{
    d->at = mem_grow(d->at, &d->cap, d->n + 1, sizeof *d->at);
    d->at[d->n] = (struct param_change){.help = ""};
    return &d->at[d->n++];
}

static bool is_named(const struct scenario *s, enum param_scope scope, size_t i,
                     const char *name)
{
    return i < param_instances(s, scope) &&
           strcmp(param_instance_name(s, scope, i), name) == 0;
}

/* The instance of a name; `near` is where it most likely is. */
static size_t find(const struct scenario *s, enum param_scope scope,
                   const char *name, size_t near)
{
    if (is_named(s, scope, near, name))
        return near;
    for (size_t i = 0; i < param_instances(s, scope); i++)
        if (is_named(s, scope, i, name))
            return i;
    return SIZE_MAX;
}

/* ------------------------------------------------------------ one value */

static bool is_written(const struct scenario *s, const struct param *row,
                       size_t i)
{
    const char *instance = param_instance((struct scenario *)s, row->scope, i);

    return !row->has_flag || *(const bool *)(instance + row->flag);
}

/* As params_set reads it; "not set" if nothing is written. */
static void read_value(const struct scenario *s, const struct param *row,
                       size_t i, char out[PARAM_TEXT])
{
    const char *instance = param_instance((struct scenario *)s, row->scope, i);

    if (is_written(s, row, i))
        param_format(row, instance + row->offset, out);
    else
        (void)snprintf(out, PARAM_TEXT, "not set");
}

static void fill_side(struct param_side *side, const struct scenario *s,
                      uint32_t row, size_t i, const char *value)
{
    const char *unit = params_row(row)->unit;

    (void)snprintf(side->value, sizeof side->value, "%.280s%s%s", value,
                   unit ? " " : "", unit ? unit : "");
    params_where(s, row, (uint32_t)i, side->where);
}

/* Of a pool that only one side scales, what its scaler says and the replicas
 * that it begins with: told as one change, of the pool's size.
 */
static bool is_of_size(const struct scenario *base, const struct scenario *head,
                       const struct param *row, size_t k, size_t i)
{
    return param_is_of_scaler(row) &&
           base->system.pools[k].autoscaled != head->system.pools[i].autoscaled;
}

static void compare_row(struct params_diff *d, const struct scenario *base,
                        const struct scenario *head, uint32_t r, size_t i)
{
    const struct param *row = params_row(r);
    const char *name = param_instance_name(head, row->scope, i);
    size_t k = param_repeats(row) ? find(base, row->scope, name, i) : 0;
    char was[PARAM_TEXT], is[PARAM_TEXT];

    if (k == SIZE_MAX || is_of_size(base, head, row, k, i))
        return;
    read_value(base, row, k, was);
    read_value(head, row, i, is);
    if (strcmp(was, is) == 0)
        return;
    struct param_change *c = add(d);
    c->help = row->help;
    param_full_key(head, row, i, c->key);
    fill_side(&c->base, base, r, k, was);
    fill_side(&c->head, head, r, i, is);
    if (is_written(base, row, k))
        (void)snprintf(c->back, sizeof c->back, "%s=%s", c->key, was);
}

/* ------------------------------------------------------------ instances */

static void add_instance(struct params_diff *d, enum param_change_kind kind,
                         enum param_scope scope, const char *name)
{
    struct param_change *c = add(d);

    c->kind = kind;
    (void)snprintf(c->key, sizeof c->key, "%s %.280s", scopes[scope], name);
}

/* A backend that a caller dials by itself is told by its pool's. */
static void compare_instances(struct params_diff *d,
                              const struct scenario *base,
                              const struct scenario *head)
{
    for (enum param_scope scope = PARAM_POOL; scope <= PARAM_TYPE; scope++) {
        for (size_t i = 0; i < param_instances(head, scope); i++) {
            const char *name = param_instance_name(head, scope, i);
            if (find(base, scope, name, i) == SIZE_MAX)
                add_instance(d, CHANGE_ADDED, scope, name);
        }
        for (size_t i = 0; i < param_instances(base, scope); i++) {
            const char *name = param_instance_name(base, scope, i);
            if (find(head, scope, name, i) == SIZE_MAX)
                add_instance(d, CHANGE_REMOVED, scope, name);
        }
    }
}

/* ------------------------------------------------------------ in words */

/* Where the parameter of that key stands. */
static void place(const struct scenario *s, const char *key, size_t i,
                  char out[PARAM_TEXT])
{
    for (uint32_t r = 0; r < params_count(); r++)
        if (strcmp(params_row(r)->key, key) == 0)
            params_where(s, r, (uint32_t)i, out);
}

/* "m6id.24xlarge, m6id.12xlarge"; cut if there are many. */
static void describe_types(const struct scenario *s, size_t i,
                           struct param_side *out)
{
    const struct karp_params *k = &s->system.karpenter;
    size_t n = 0;

    for (size_t t = 0; t < k->n_types && n < PARAM_TEXT; t++)
        if (k->pools[i].types >> t & 1)
            n += (size_t)snprintf(out->value + n, PARAM_TEXT - n, "%s%s",
                                  n > 0 ? ", " : "", k->types[t].name);
    place(s, "nodepool.weight", i, out->where);
}

/* Whether and how far a pool is scaled. */
static void describe_size(const struct scenario *s, size_t i,
                          struct param_side *out)
{
    const struct pool_params *p = &s->system.pools[i];

    if (p->autoscaled)
        (void)snprintf(out->value, PARAM_TEXT, "scaled, %u to %u replicas",
                       p->hpa.min, p->hpa.max);
    else
        (void)snprintf(out->value, PARAM_TEXT, "fixed, %u replicas",
                       p->replicas);
    place(s, p->autoscaled ? "max_replicas" : "replicas", i, out->where);
}

/* All but the figures that are parameters: "metrics-api; cron ...". */
static void describe_triggers(const struct scenario *s, size_t i,
                              struct param_side *out)
{
    const struct keda_params *p = &s->system.pools[i].keda;
    size_t n = 0;

    for (size_t t = 0; t < p->n_triggers && n < PARAM_TEXT; t++) {
        const struct keda_trigger *g = &p->triggers[t];
        const char *between = t > 0 ? "; " : "",
                   *type = g->is_value ? " Value" : "";
        if (g->kind == KEDA_CRON)
            n += (size_t)snprintf(out->value + n, PARAM_TEXT - n,
                                  "%scron%s %u from \"%.40s\" to \"%.40s\"",
                                  between, type, g->cron_replicas,
                                  g->cron.start.text, g->cron.end.text);
        else if (t == 0)
            n += (size_t)snprintf(out->value + n, PARAM_TEXT - n,
                                  "metrics-api%s", type);
        else
            n += (size_t)snprintf(out->value + n, PARAM_TEXT - n,
                                  "%smetrics-api%s %g", between, type,
                                  g->target);
    }
    place(s, "keda.target", i, out->where);
}

/* ------------------------------------------------------------ aspects */

/* What several parameters say together, or what is none. */
struct aspect {
    enum param_scope scope;
    const char *name, *help;
    void (*describe)(const struct scenario *s, size_t i,
                     struct param_side *out);
};

static const struct aspect types = {PARAM_NODEPOOL, "types",
                                    "instance types that it may use",
                                    describe_types},
                           size = {PARAM_POOL, "size", "what sets the size",
                                   describe_size},
                           triggers = {PARAM_POOL, "triggers",
                                       "what the ScaledObject looks at",
                                       describe_triggers};

static void compare_aspect(struct params_diff *d, const struct aspect *a,
                           const struct scenario *base,
                           const struct scenario *head, size_t k, size_t i)
{
    struct param_side was = {{0}, {0}}, is = {{0}, {0}};

    a->describe(base, k, &was);
    a->describe(head, i, &is);
    if (strcmp(was.value, is.value) == 0)
        return;
    struct param_change *c = add(d);
    c->help = a->help;
    c->base = was;
    c->head = is;
    (void)snprintf(c->key, sizeof c->key, "%s %s: %s", scopes[a->scope],
                   param_instance_name(head, a->scope, i), a->name);
}

static void compare_types(struct params_diff *d, const struct scenario *base,
                          const struct scenario *head)
{
    for (size_t i = 0; i < head->system.karpenter.n_pools; i++) {
        const char *name = head->system.karpenter.pools[i].name;
        size_t k = find(base, PARAM_NODEPOOL, name, i);
        if (k != SIZE_MAX)
            compare_aspect(d, &types, base, head, k, i);
    }
}

static void compare_scalers(struct params_diff *d, const struct scenario *base,
                            const struct scenario *head)
{
    for (size_t i = 0; i < head->system.n_pools; i++) {
        const struct pool_params *is = &head->system.pools[i];
        size_t k = find(base, PARAM_POOL, is->name, i);
        if (k == SIZE_MAX)
            continue;
        if (base->system.pools[k].autoscaled != is->autoscaled)
            compare_aspect(d, &size, base, head, k, i);
        else if (is->autoscaled)
            compare_aspect(d, &triggers, base, head, k, i);
    }
}

void params_diff(struct params_diff *d, const struct scenario *base,
                 const struct scenario *head)
{
    *d = (struct params_diff){0};
    compare_instances(d, base, head);
    compare_types(d, base, head);
    compare_scalers(d, base, head);
    for (uint32_t r = 0; r < params_count(); r++) {
        size_t n = param_instances(head, params_row(r)->scope);
        for (size_t i = 0; i < n; i++)
            compare_row(d, base, head, r, i);
    }
}

void params_diff_free(struct params_diff *d)
{
    free(d->at);
    *d = (struct params_diff){0};
}

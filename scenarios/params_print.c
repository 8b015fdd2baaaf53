#include "scenarios/params.h"

#include "scenarios/params_rows.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *origin_name(enum scenario_origin origin)
{
    static const char *const names[] = {"default", "manifests", "scenario",
                                        "option"};

    return names[origin];
}

/* Reading only; param_instance serves setting as well. */
static const void *field(const struct scenario *s, const struct param *row,
                         size_t i)
{
    const char *instance = param_instance((struct scenario *)s, row->scope, i);

    return instance + row->offset;
}

/* Not written, so that the component does without it. */
static bool is_absent(const struct scenario *s, const struct param *row,
                      size_t i)
{
    const char *instance = param_instance((struct scenario *)s, row->scope, i);

    return row->has_flag && !*(const bool *)(instance + row->flag);
}

void params_print(const struct scenario *s, FILE *out)
{
    char key[PARAM_TEXT], value[PARAM_TEXT];

    for (uint32_t r = 0; r < params_count(); r++) {
        const struct param *row = params_row(r);

        for (uint32_t i = 0; i < param_instances(s, row->scope); i++) {
            param_full_key(s, row, i, key);
            param_format(row, field(s, row, i), value);
            if (is_absent(s, row, i))
                snprintf(value, sizeof value, "not set");
            fprintf(out, "%-44s %s%s%s  (%s)\n", key, value,
                    row->unit ? " " : "", row->unit ? row->unit : "",
                    origin_name(param_origin(s, r, i)));
        }
    }
}

/* One instance of everything, with its defaults, to be read by the rows. */
struct example {
    struct scenario scenario;
    struct pool_params pool;
    struct lb_backend_params backend;
    struct caller_params caller;
};

static void fill_example(struct example *x)
{
    struct scenario *s = &x->scenario;
    struct karp_params *k = &s->system.karpenter;

    params_scenario_defaults(s);
    params_pool_defaults(&x->pool);
    lb_backend_defaults(&x->backend);
    x->backend.name = "";
    client_defaults(&x->caller.client, CLIENT_BUILDX);
    s->system.pools = &x->pool;
    s->system.n_pools = 1;
    s->backends = &x->backend;
    s->system.lb.n_backends = 1;
    s->system.callers = &x->caller;
    s->system.n_callers = 1;
    karp_pool_defaults(&k->pools[0], k);
    k->n_pools = k->n_types = 1;
}

void params_default(const struct param *row, char out[PARAM_TEXT])
{
    struct example *x = mem_array(1, sizeof *x);

    fill_example(x);
    param_format(row, field(&x->scenario, row, 0), out);
    if (is_absent(&x->scenario, row, 0))
        snprintf(out, PARAM_TEXT, "not set");
    free(x);
}

static void print_range(const struct param *row, FILE *out)
{
    char least[32], most[32];

    switch (row->type) {
    case PARAM_TIME:
    case PARAM_NEVER:
        duration_print(us_from_s(row->min), least);
        duration_print(us_from_s(row->max), most);
        fprintf(out, "%s to %s%s", least, most,
                row->type == PARAM_NEVER ? ", never" : "");
        break;
    case PARAM_ENUM:
        for (size_t i = 0; row->names[i]; i++)
            fprintf(out, "%s%s", i == 0 ? "" : ", ", row->names[i]);
        break;
    case PARAM_BOOL:
        fputs("true, false", out);
        break;
    case PARAM_AMOUNT:
        fputs("a number or a percentage", out);
        break;
    case PARAM_NAME:
        fputs("a name, own", out);
        break;
    case PARAM_RULES:
        fputs("10/20m+20%/20m, default", out);
        break;
    case PARAM_VERSION:
    case PARAM_KEDA:
        fputs("a version", out);
        break;
    case PARAM_DIST:
        fputs("a distribution", out);
        break;
    default:
        fprintf(out, "%.10g to %.10g%s%s", row->min, row->max,
                row->unit ? " " : "", row->unit ? row->unit : "");
    }
}

static const char *const once[] = {
    "", "", "a pool", "a backend", "a node pool", "a caller", "a type"};

void params_explain(FILE *out)
{
    char value[PARAM_TEXT];

    fputs("| key | each | default | range | meaning | source |\n"
          "| --- | --- | --- | --- | --- | --- |\n",
          out);
    for (size_t r = 0; r < params_count(); r++) {
        const struct param *row = params_row(r);

        params_default(row, value);
        fprintf(out, "| `%s` | %s | %s%s | ", row->key, once[row->scope],
                row->from_manifests ? "manifests; " : "", value);
        print_range(row, out);
        fprintf(out, " | %s | %s |\n", row->help, row->source);
    }
}

/* ------------------------------------------------------------ one key */

/* "amd64.max_replicas" is max_replicas of some pool, "lb.bk_all.slots" is
 * lb.slots of some backend; a name may hold dots.
 */
static bool names_row(const struct param *row, const char *key)
{
    size_t n = strlen(key), head = strcspn(row->key, ".");
    const char *tail = row->scope == PARAM_POOL ? row->key : row->key + head;
    size_t k = strlen(tail);

    if (strcmp(row->key, key) == 0)
        return true;
    if (!param_repeats(row) || n <= k || strcmp(key + n - k, tail) != 0)
        return false;
    if (row->scope == PARAM_POOL)
        return n > k + 1 && key[n - k - 1] == '.';
    return n > head + 1 + k && strncmp(key, row->key, head + 1) == 0;
}

/* A longer key is the nearer one: keda.min_replicas is no min_replicas. */
static const struct param *row_of(const char *key)
{
    const struct param *found = NULL;

    for (size_t r = 0; r < params_count(); r++) {
        const struct param *row = params_row(r);
        if (names_row(row, key) &&
            (!found || strlen(row->key) > strlen(found->key)))
            found = row;
    }
    return found;
}

/* The row whose help begins with that name; a word of plain letters is no
 * field of a manifest.
 */
static const struct param *row_of_name(const char *name)
{
    size_t n = strlen(name);

    if (strcspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.") == n)
        return NULL;
    for (size_t r = 0; r < params_count(); r++) {
        const char *help = params_row(r)->help;
        if (strncmp(help, name, n) == 0 && strcspn(help, ",;: ") == n)
            return params_row(r);
    }
    return NULL;
}

const struct param *params_row_of_field(const char *path)
{
    const struct param *row = row_of_name(path);

    while (!row && (path = strchr(path, '.')))
        row = row_of_name(++path);
    return row;
}

/* Also of a key with the name of an instance before it. */
static int no_row(const char *key, struct err *e)
{
    size_t n = params_count();
    const char **keys = mem_array(n, sizeof *keys);
    const char *tail = strchr(key, '.');

    for (size_t r = 0; r < n; r++)
        keys[r] = params_row(r)->key;
    const char *near = text_nearest(key, keys, n);
    if (!near && tail)
        near = text_nearest(tail + 1, keys, n);
    free(keys);
    return err_set(e, ERR_INPUT, "unknown parameter %.100s%s%s%s", key,
                   near ? ", did you mean " : "", near ? near : "",
                   near ? "?" : "");
}

int params_explain_key(const char *key, FILE *out, struct err *e)
{
    const struct param *row = row_of(key);
    char value[PARAM_TEXT];

    if (!row)
        row = params_row_of_field(key);
    if (!row)
        return no_row(key, e);
    params_default(row, value);
    fprintf(out, "%s: %s\n", row->key, row->help);
    if (*once[row->scope])
        fprintf(out, "  each     %s\n", once[row->scope]);
    fprintf(out, "  default  %s%s%s%s\n", value, row->unit ? " " : "",
            row->unit ? row->unit : "",
            row->from_manifests ? ", if the manifests do not say it" : "");
    fputs("  range    ", out);
    print_range(row, out);
    fprintf(out, "\n  source   %s\n", row->source);
    return ERR_OK;
}

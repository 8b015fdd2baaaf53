/* params_where.c - the line that a value was written on. The help of a row that
 * manifests say begins with the name of its field there, which is looked for
 * in the objects of its scope.
 */
#include "scenarios/params_diff.h"
#include "scenarios/params_rows.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { FIELD = 64, PARTS = 4 };

static void print_place(const struct yaml_node *n, char out[PARAM_TEXT])
{
    (void)snprintf(out, PARAM_TEXT, "%.300s:%u", n->file->path, n->line);
}

/* ------------------------------------------------------------ YAML */

/* The key itself, somewhere below; the first in the order of the text. */
static const struct yaml_entry *find_key(const struct yaml_node *n,
                                         const char *key, int depth)
{
    if (!n || depth > YAML_DEPTH)
        return NULL;
    for (size_t i = 0; i < n->n; i++) {
        const struct yaml_entry *at = &n->items[i];
        if (at->key && strcmp(at->key->text, key) == 0)
            return at;
        const struct yaml_entry *below = find_key(at->value, key, depth + 1);
        if (below)
            return below;
    }
    return NULL;
}

/* Of "scaleDown.policies: pods" the parts scaleDown and policies. */
static size_t split(const char *help, char parts[PARTS][FIELD])
{
    size_t n = 0;

    while (n < PARTS && isalpha((unsigned char)*help)) {
        size_t k = 0;
        while (isalpha((unsigned char)help[k]))
            k++;
        (void)snprintf(parts[n++], FIELD, "%.*s", (int)(k < FIELD ? k : 0),
                       help);
        help += k + (help[k] == '.');
    }
    return n;
}

/* The probes have fields of equal names. */
static const struct yaml_node *probe_of(const struct yaml_node *object,
                                        const char *key)
{
    static const char *const probes[][2] = {
        {"kubelet.readiness.", "readinessProbe"},
        {"kubelet.liveness.", "livenessProbe"},
        {"kubelet.startup.", "startupProbe"}};

    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
        if (strncmp(key, probes[i][0], strlen(probes[i][0])) != 0)
            continue;
        const struct yaml_entry *at = find_key(object, probes[i][1], 0);
        return at ? at->value : object;
    }
    return object;
}

static void place_in(const struct yaml_node *object, const struct param *row,
                     char out[PARAM_TEXT])
{
    char parts[PARTS][FIELD];
    size_t n = split(row->help, parts);
    const struct yaml_node *below = probe_of(object, row->key);
    const struct yaml_entry *at = NULL;

    for (size_t i = 0; i < n; i++) {
        at = find_key(below, parts[i], 0);
        if (!at)
            break;
        below = at->value;
    }
    print_place(at ? at->key : object, out);
}

/* ------------------------------------------------------------ objects */

static const struct yaml_node *object_of(const struct scenario *s,
                                         const char *kind, const char *name)
{
    const struct manifest *m = &s->manifests;

    for (size_t i = 0; i < m->n_objects; i++)
        if (name && strcmp(m->objects[i].kind, kind) == 0 &&
            strcmp(m->objects[i].name, name) == 0)
            return m->objects[i].node;
    return NULL;
}

static const struct yaml_node *
pool_object(const struct scenario *s, const struct param *row, uint32_t pool)
{
    const struct scenario_objects *o = s->objects ? &s->objects[pool] : NULL;
    bool scales = strstr(row->source, "KEDA") || strstr(row->source, "autosc");

    if (!o || strstr(row->source, "policy/"))
        return NULL;
    if (!scales)
        return object_of(s, "Deployment", o->deployment);
    if (o->keda)
        return o->keda;
    return object_of(s, "HorizontalPodAutoscaler", o->scaler);
}

/* ------------------------------------------------------------ haproxy.cfg */

/* The first line that begins with these words, after blanks. */
static const char *find_line(const char *text, const char *words,
                             const char *name, unsigned *line)
{
    size_t n = strlen(words), m = strlen(name);

    for (; text && *text; (*line)++) {
        const char *at = text + strspn(text, " \t");
        const char *rest = at + n + 1;
        if (strncmp(at, words, n) == 0 &&
            (m == 0 ||
             (strncmp(rest, name, m) == 0 && !isgraph((unsigned char)rest[m]))))
            return text;
        text = strchr(text, '\n');
        text = text ? text + 1 : NULL;
    }
    return NULL;
}

/* Of the server lines, or of the backend; a default has neither. */
static bool place_backend(const struct scenario *s, const struct param *row,
                          uint32_t backend, char out[PARAM_TEXT])
{
    const struct manifest_text *t = scenario_haproxy((struct scenario *)s);

    if (!t)
        return false;
    unsigned line = t->line, head;
    const char *at =
        find_line(t->text, "backend", s->backends[backend].name, &line);
    if (!at)
        return false;
    head = line;
    bool server = strcmp(row->key, "lb.slots") == 0 ||
                  strcmp(row->key, "lb.maxconn") == 0;
    if (!server || !find_line(at, "server-template", "", &line))
        line = head;
    (void)snprintf(out, PARAM_TEXT, "%.300s:%u", t->path, line);
    return true;
}

/* ------------------------------------------------------------ by origin */

/* The line of a section, of a key in it or below `set`. */
static void place_scenario(const struct scenario *s, const struct param *row,
                           uint32_t instance, char out[PARAM_TEXT])
{
    const struct yaml_node *root = s->file.n_docs > 0 ? s->file.docs[0] : NULL;
    const char *last = strrchr(row->key, '.');
    char full[PARAM_TEXT];
    const struct yaml_entry *at;

    param_full_key(s, row, instance, full);
    at = find_key(root, full, 0);
    if (!at)
        at = find_key(root, row->key, 0);
    if (!at)
        at = find_key(root, last ? last + 1 : row->key, 0);
    if (at)
        print_place(at->key, out);
    else
        (void)snprintf(out, PARAM_TEXT, "%.300s", s->path);
}

static void place_manifests(const struct scenario *s, const struct param *row,
                            uint32_t instance, char out[PARAM_TEXT])
{
    const struct yaml_node *object = NULL;

    if (row->scope == PARAM_BACKEND && place_backend(s, row, instance, out))
        return;
    if (row->scope == PARAM_POOL)
        object = pool_object(s, row, instance);
    else if (row->scope == PARAM_NODEPOOL)
        object =
            object_of(s, "NodePool", s->system.karpenter.pools[instance].name);
    if (object)
        place_in(object, row, out);
    else
        (void)snprintf(out, PARAM_TEXT, "manifests");
}

void params_where(const struct scenario *s, uint32_t row, uint32_t instance,
                  char out[PARAM_TEXT])
{
    const struct param *r = params_row(row);

    switch (param_origin(s, row, instance)) {
    case ORIGIN_OPTION:
        (void)snprintf(out, PARAM_TEXT, "--set");
        break;
    case ORIGIN_SCENARIO:
        place_scenario(s, r, instance, out);
        break;
    case ORIGIN_MANIFESTS:
        place_manifests(s, r, instance, out);
        break;
    default:
        (void)snprintf(out, PARAM_TEXT, "default");
    }
}

#include "scenarios/scenario.h"

#include "scenarios/scenario_build.h"
#include "scenarios/words.h"
#include "sim/base/file.h"
#include "sim/base/mem.h"
#include "traces/import.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MAX_NOTES = 1000, MAX_KEYS = 64 };

void scenario_note(struct scenario *s, const char *format, ...)
{
    char text[512];
    va_list list;

    if (s->n_notes == MAX_NOTES)
        return;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    for (size_t i = 0; i < s->n_notes; i++)
        if (strcmp(s->notes[i], text) == 0)
            return;
    s->notes =
        mem_grow(s->notes, &s->cap_notes, s->n_notes + 1, sizeof(char *));
    s->notes[s->n_notes++] = mem_text(text, strlen(text));
}

static char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');

    return mem_text(name,
                    dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

static int check_keys(struct build *b)
{
    const struct words parts[] = {words_own(), words_sections(),
                                  words_singles()};
    const struct yaml_file *f = &b->s->file;
    const char *keys[MAX_KEYS];
    size_t n = 0;

    for (size_t p = 0; p < COUNT(parts); p++)
        for (size_t i = 0; i < parts[p].n; i++) {
            assert(n < MAX_KEYS);
            keys[n++] = parts[p].at[i];
        }
    if (f->n_docs != 1)
        return err_set(b->err, ERR_INPUT,
                       "%s: a scenario is one YAML document, not %zu",
                       b->s->path, f->n_docs);
    b->root = f->docs[0];
    if (b->root->kind != YAML_MAP)
        return yaml_fail(b->root, b->err,
                         "a scenario is a map of keys and "
                         "values");
    return yaml_known(b->root, keys, n, b->err);
}

static int read_question(struct build *b)
{
    const char *question = "", *trace = NULL;
    int rc = yaml_text(b->root, "question", &question, b->err);

    if (rc == ERR_OK)
        rc = yaml_text(b->root, "trace", &trace, b->err);
    if (rc != ERR_OK)
        return rc;
    b->s->question = mem_text(question, strlen(question));
    if (b->options->trace) {
        const char *path = b->options->trace;

        b->s->trace_path = mem_text(path, strlen(path));
        return ERR_OK;
    }
    if (!trace || !*trace)
        return yaml_fail(b->root, b->err,
                         "trace is missing: the history to replay");
    char *folder = path_folder(b->s->path);
    b->s->trace_path = path_join(folder, trace);
    free(folder);
    return ERR_OK;
}

/* A trace of other pools, such as a batch log's partitions, is one pool's
 * work: the first one's, if the scenario does not say otherwise.
 */
static void adopt_all(struct build *b)
{
    struct scenario *s = b->s;

    for (size_t i = 0; i < s->trace.n; i++)
        s->pool_of[s->trace.builds[i].pool] = 0;
    s->adopted = true;
    scenario_note(s,
                  "%s names none of the pools: all its builds are given to %s",
                  s->trace_path, s->system.pools[0].name);
}

/* Pool of each string of t that builds name; the last name that is unknown,
 * or NULL. *known: there is one that is known.
 */
static const char *map_pools(struct scenario *s, const struct trace *t,
                             bool *known)
{
    const char *unknown = NULL;

    s->pool_of = mem_array(t->strings.n, sizeof *s->pool_of);
    s->caller_of = mem_array(t->strings.n, sizeof *s->caller_of);
    for (size_t i = 0; i < t->strings.n; i++)
        s->pool_of[i] = NO_INDEX;
    for (size_t i = 0; i < t->n; i++) {
        uint32_t pool = t->builds[i].pool;
        const char *name = strings_at(&t->strings, pool);

        if (s->pool_of[pool] == NO_INDEX)
            s->pool_of[pool] = build_find_pool(s, name);
        if (s->pool_of[pool] == NO_INDEX)
            unknown = name;
        else
            *known = true;
    }
    return unknown;
}

/* One unknown pool beside known ones is a mistake. */
static int map_names(struct build *b)
{
    struct scenario *s = b->s;
    bool known = false;
    const char *unknown = map_pools(s, &s->trace, &known);

    if (unknown && (known || yaml_get(b->root, "pools")))
        return err_set(b->err, ERR_INPUT,
                       "%s: builds of pool \"%s\", which the manifests do not "
                       "have; the scenario's `pools` names Deployments",
                       s->trace_path, unknown);
    if (unknown)
        adopt_all(b);
    return ERR_OK;
}

static void map_callers(struct scenario *s, const struct trace *t)
{
    for (size_t i = 0; i < t->strings.n; i++)
        for (uint32_t c = 1; c < s->system.n_callers; c++)
            if (strcmp(strings_at(&t->strings, (uint32_t)i),
                       s->system.callers[c].name) == 0)
                s->caller_of[i] = c;
}

int scenario_map(struct scenario *s, const struct trace *t, struct err *e)
{
    bool known = false;

    free(s->pool_of);
    free(s->caller_of);
    const char *unknown = map_pools(s, t, &known);
    map_callers(s, t);
    for (size_t i = 0; s->adopted && i < t->n; i++)
        s->pool_of[t->builds[i].pool] = 0;
    if (unknown && !s->adopted)
        return err_set(e, ERR_INPUT,
                       "builds of pool \"%s\", which the manifests do not have",
                       unknown);
    return ERR_OK;
}

/* A file that is not there is the mistake of whoever named it. */
static int name_trace(struct build *b, int rc)
{
    const struct yaml_node *named = yaml_get(b->root, "trace");
    struct err cause = *b->err;

    if (rc != ERR_IO || b->options->trace || !named)
        return rc;
    yaml_fail(named, b->err, "%s", cause.msg);
    return rc;
}

static int build_trace(struct build *b)
{
    struct scenario *s = b->s;
    int rc = trace_import(&s->trace, s->trace_path, NULL, NULL, b->err);

    rc = name_trace(b, rc);
    if (rc == ERR_OK && s->trace.n == 0)
        return err_set(b->err, ERR_INPUT, "%s: the trace has no builds",
                       s->trace_path);
    return rc == ERR_OK ? map_names(b) : rc;
}

static int set_options(struct build *b)
{
    for (size_t i = 0; i < b->options->n_set; i++) {
        int rc = params_assign(b->s, b->options->set[i], ORIGIN_OPTION, b->err);

        if (rc != ERR_OK) {
            struct err inner = *b->err;

            return err_set(b->err, ERR_INPUT, "--set %s: %s",
                           b->options->set[i], inner.msg);
        }
    }
    return ERR_OK;
}

/* A contradiction between values has no line of its own. */
static int derive(struct build *b)
{
    int rc = params_derive(b->s, b->err);

    if (rc != ERR_OK)
        err_prefix(b->err, b->s->path, 0);
    return rc;
}

static int build_all(struct build *b)
{
    static int (*const steps[])(struct build *) = {
        check_keys,    read_question,  build_manifests, build_backends,
        build_pools,   build_nodes,    build_trace,     build_clients,
        build_budgets, build_sections, build_targets,   build_faults,
        set_options,   derive};
    int rc = ERR_OK;

    for (size_t i = 0; i < COUNT(steps) && rc == ERR_OK; i++)
        rc = steps[i](b);
    if (rc == ERR_OK)
        map_callers(b->s, &b->s->trace);
    free(b->scalers);
    free(b->deployments);
    free(b->services);
    free(b->budgets);
    free(b->node_pools);
    free(b->pods);
    free(b->scaler_of);
    free(b->service_of);
    free(b->links);
    free(b->shared_by);
    return rc;
}

int scenario_load(struct scenario *s, const char *path,
                  const struct scenario_options *o, struct err *e)
{
    static const struct scenario_options nothing = {0};

    params_scenario_defaults(s);
    s->path = mem_text(path, strlen(path));
    s->name = name_of(path);
    const char *text = o ? o->text : NULL;
    int rc = text ? yaml_parse(&s->file, path, text, strlen(text), e)
                  : yaml_load(&s->file, path, e);
    if (rc == ERR_OK) {
        struct build *b = mem_array(1, sizeof *b);

        b->s = s;
        b->err = e;
        b->options = o ? o : &nothing;
        rc = build_all(b);
        free(b);
    }
    if (rc != ERR_OK)
        scenario_free(s);
    return rc;
}

static void *copy_of(const void *array, size_t n, size_t size)
{
    void *copy = mem_array(n, size);

    if (n > 0)
        memcpy(copy, array, n * size);
    return copy;
}

static void copy_arrays(struct scenario *s)
{
    struct system_params *y = &s->system;

    s->is_copy = true;
    y->pools = copy_of(y->pools, y->n_pools, sizeof *y->pools);
    y->links = copy_of(y->links, y->n_links, sizeof *y->links);
    y->callers = copy_of(y->callers, y->n_callers, sizeof *y->callers);
    y->faults = copy_of(y->faults, y->n_faults, sizeof *y->faults);
    s->backends = copy_of(s->backends, y->lb.n_backends, sizeof *s->backends);
    s->sold_out = copy_of(s->sold_out, s->n_sold_out, sizeof *s->sold_out);
    s->marks = copy_of(s->marks, s->n_marks, sizeof *s->marks);
    s->cap_marks = s->n_marks;
    y->lb.backends = s->backends;
    y->karpenter.faults = s->sold_out;
}

int scenario_vary(struct scenario *s, const struct scenario *base,
                  const char *const set[], size_t n, struct err *e)
{
    int rc = ERR_OK;

    *s = *base;
    copy_arrays(s);
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        rc = params_assign(s, set[i], ORIGIN_OPTION, e);
    if (rc == ERR_OK)
        rc = params_derive(s, e);
    if (rc != ERR_OK)
        scenario_free(s);
    return rc;
}

static void free_shared(struct scenario *s)
{
    for (size_t i = 0; i < s->n_notes; i++)
        free(s->notes[i]);
    free(s->notes);
    free(s->path);
    free(s->name);
    free(s->question);
    free(s->trace_path);
    free(s->pool_of);
    free(s->caller_of);
    free(s->spans);
    free(s->written_replicas);
    free(s->objects);
    free(s->scripts);
    trace_free(&s->trace);
    haproxy_cfg_free(&s->haproxy);
    manifest_free(&s->manifests);
    yaml_free(&s->file);
}

void scenario_free(struct scenario *s)
{
    if (!s->is_copy)
        free_shared(s);
    free(s->system.pools);
    free(s->system.links);
    free(s->system.callers);
    free(s->system.faults);
    free(s->backends);
    free(s->sold_out);
    free(s->marks);
    memset(s, 0, sizeof *s);
}

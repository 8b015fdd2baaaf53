#include "scenarios/scenario_build.h"

#include "sim/base/file.h"
#include "sim/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Adds one source that the scenario file names, relative to its folder. */
static int add_named(struct build *b, const struct yaml_node *value)
{
    if (value->kind != YAML_SCALAR || !*value->text)
        return yaml_fail(value, b->err, "manifests must be paths");
    char *folder = path_folder(b->s->path);
    char *path = path_join(folder, value->text);
    int rc = manifest_add(&b->s->manifests, path, b->err);

    free(path);
    free(folder);
    /* A mistake inside a manifest has its own place. */
    return rc == ERR_IO ? yaml_place(value, b->err) : rc;
}

static int add_sources(struct build *b)
{
    const struct yaml_node *list = yaml_get(b->root, "manifests");
    int rc = ERR_OK;

    if (b->options->n_manifests > 0) {
        for (size_t i = 0; i < b->options->n_manifests && rc == ERR_OK; i++)
            rc = manifest_add(&b->s->manifests, b->options->manifests[i],
                              b->err);
        return rc;
    }
    if (!list)
        return yaml_fail(b->root, b->err,
                         "manifests is missing: the folder "
                         "or files to simulate");
    if (list->kind != YAML_LIST)
        return add_named(b, list);
    for (size_t i = 0; i < list->n && rc == ERR_OK; i++)
        rc = add_named(b, list->items[i].value);
    return rc;
}

/* Room for one more element behind array[n], which is zeroed when new. */
#define PUSH(array, n, cap)                                                    \
    ((array) = mem_grow(array, cap, (n) + 1, sizeof *(array)), &(array)[(n)++])

static void read_scalers(struct build *b, const char *kind, bool is_keda,
                         size_t *cap)
{
    const struct yaml_node *node;
    size_t at = 0;

    while ((node = manifest_next(&b->s->manifests, kind, &at)))
        m_scaler_head(node, is_keda, PUSH(b->scalers, b->n_scalers, cap));
}

static int read_services(struct build *b)
{
    const struct yaml_node *node;
    size_t at = 0, cap = 0;
    int rc = ERR_OK;

    while (rc == ERR_OK &&
           (node = manifest_next(&b->s->manifests, "Service", &at)))
        rc = m_service(node, PUSH(b->services, b->n_services, &cap), b->err);
    return rc;
}

/* Scalers, Deployments and budgets are read in full once they are known to be
 * those of a build pool.
 */
static int read_kinds(struct build *b)
{
    struct manifest *m = &b->s->manifests;
    const struct yaml_node *node;
    size_t at = 0, caps[4] = {0};

    read_scalers(b, "ScaledObject", true, &caps[0]);
    read_scalers(b, "HorizontalPodAutoscaler", false, &caps[0]);
    while ((node = manifest_next(m, "Deployment", &at)))
        m_deployment_head(node,
                          PUSH(b->deployments, b->n_deployments, &caps[1]));
    at = 0;
    while ((node = manifest_next(m, "PodDisruptionBudget", &at)))
        PUSH(b->budgets, b->n_budgets, &caps[2])->node = node;
    at = 0;
    while ((node = manifest_next(m, "NodePool", &at)))
        PUSH(b->node_pools, b->n_node_pools, &caps[3])->node = node;
    /* Read by sim/plan when hazards are looked for. */
    at = 0;
    while (manifest_next(m, "PrometheusRule", &at))
        ;
    at = 0;
    while (manifest_next(m, MANIFEST_RULES, &at))
        ;
    return read_services(b);
}

const struct manifest_text *scenario_haproxy(struct scenario *s)
{
    static const char *const names[] = {"haproxy.cfg", "haproxy.cfg.tpl",
                                        ".cfg", ".cfg.tpl"};
    const struct manifest_text *t = NULL;

    for (size_t i = 0; i < sizeof names / sizeof *names && !t; i++)
        t = manifest_text(&s->manifests, names[i]);
    return t;
}

static int read_haproxy(struct build *b)
{
    const struct manifest_text *t = scenario_haproxy(b->s);

    if (!t)
        return err_set(b->err, ERR_INPUT,
                       "%s: the manifests hold no haproxy.cfg, neither in a "
                       "ConfigMap nor as a file",
                       b->s->path);
    int rc =
        haproxy_cfg_parse(&b->s->haproxy, t->path, t->line, t->text, b->err);
    for (size_t i = 0; rc == ERR_OK && i < b->s->haproxy.n_ignored; i++)
        scenario_note(b->s, "%s:%u: %s is not modelled", t->path,
                      b->s->haproxy.ignored[i].line,
                      b->s->haproxy.ignored[i].words);
    return rc;
}

int build_manifests(struct build *b)
{
    int rc = add_sources(b);

    if (rc == ERR_OK)
        rc = read_kinds(b);
    if (rc == ERR_OK)
        rc = read_haproxy(b);
    return rc;
}

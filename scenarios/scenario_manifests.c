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

/* Reads every object of a kind into a growing array. */
#define READ_KIND(b, kind, reader, array, rc)                                  \
    do {                                                                       \
        const struct yaml_node *node_;                                         \
        size_t at_ = 0, cap_ = (b)->n_##array;                                 \
        while ((rc) == ERR_OK &&                                               \
               (node_ = manifest_next(&(b)->s->manifests, kind, &at_))) {      \
            (b)->array = mem_grow((b)->array, &cap_, (b)->n_##array + 1,       \
                                  sizeof *(b)->array);                         \
            (rc) = reader(node_, &(b)->array[(b)->n_##array++], (b)->err);     \
        }                                                                      \
    } while (0)

static int read_kinds(struct build *b)
{
    int rc = ERR_OK;

    READ_KIND(b, "ScaledObject", m_scaled_object, scalers, rc);
    READ_KIND(b, "HorizontalPodAutoscaler", m_hpa, scalers, rc);
    READ_KIND(b, "Deployment", m_deployment, deployments, rc);
    READ_KIND(b, "Service", m_service, services, rc);
    READ_KIND(b, "PodDisruptionBudget", m_budget, budgets, rc);
    READ_KIND(b, "NodePool", m_node_pool, node_pools, rc);
    return rc;
}

static int read_haproxy(struct build *b)
{
    static const char *const names[] = {"haproxy.cfg", "haproxy.cfg.tpl",
                                        ".cfg", ".cfg.tpl"};
    const struct manifest_text *t = NULL;

    for (size_t i = 0; i < sizeof names / sizeof *names && !t; i++)
        t = manifest_text(&b->s->manifests, names[i]);
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

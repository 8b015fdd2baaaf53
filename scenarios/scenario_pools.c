#include "scenarios/scenario_build.h"

#include "scenarios/drain_script.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The entry of `pools:` for a Deployment, and its name there. */
static const struct yaml_node *
named_entry(const struct build *b, const char *deployment, const char **name)
{
    const struct yaml_node *pools = yaml_get(b->root, "pools");

    for (size_t i = 0; pools && i < pools->n; i++) {
        const struct yaml_node *entry = pools->items[i].value;
        const struct yaml_node *d = yaml_get(entry, "deployment");

        if (!d || strcmp(d->text, deployment) != 0)
            continue;
        *name = pools->items[i].key->text;
        return entry;
    }
    return NULL;
}

static const struct m_deployment *find_deployment(const struct build *b,
                                                  const char *name)
{
    for (size_t i = 0; i < b->n_deployments; i++)
        if (strcmp(b->deployments[i].name, name) == 0)
            return &b->deployments[i];
    return NULL;
}

static int check_entries(struct build *b)
{
    static const char *const keys[] = {"deployment", "scaled_object",
                                       "backend"};
    const struct yaml_node *pools;
    int rc = yaml_map(b->root, "pools", &pools, b->err);

    for (size_t i = 0; rc == ERR_OK && pools && i < pools->n; i++) {
        const struct yaml_node *entry = pools->items[i].value;
        const char *name = NULL;

        if (entry->kind != YAML_MAP)
            return yaml_fail(entry, b->err, "a pool must be a map");
        rc = yaml_known(entry, keys, COUNT(keys), b->err);
        if (rc == ERR_OK)
            rc = yaml_text(entry, "deployment", &name, b->err);
        if (rc == ERR_OK && (!name || !find_deployment(b, name)))
            return yaml_fail(entry, b->err,
                             "pool %s needs the name of a Deployment in the "
                             "manifests",
                             pools->items[i].key->text);
    }
    return rc;
}

static int read_scaler(struct build *b, struct m_scaler *s)
{
    return s->is_keda ? m_scaled_object(s->node, s, b->err)
                      : m_hpa(s->node, s, b->err);
}

/* The one scaler of a Deployment, read in full; NULL if there is none. */
static int find_scaler(struct build *b, const struct m_deployment *d,
                       const struct yaml_node *entry, struct m_scaler **out)
{
    const struct yaml_node *name = yaml_get(entry, "scaled_object");

    *out = NULL;
    for (size_t i = 0; i < b->n_scalers; i++) {
        struct m_scaler *s = &b->scalers[i];
        bool its = name ? strcmp(s->name, name->text) == 0
                        : strcmp(s->target, d->name) == 0 &&
                              strcmp(manifest_space(s->node), d->space) == 0;

        if (its && *out)
            return yaml_fail(s->node, b->err,
                             "two scalers for one Deployment: %s and %s",
                             (*out)->name, s->name);
        if (its)
            *out = s;
    }
    if (name && !*out)
        return yaml_fail(name, b->err, "the manifests have no scaler %s",
                         name->text);
    return *out ? read_scaler(b, *out) : ERR_OK;
}

static void fill_scaler(const struct m_scaler *scaler, struct pool_params *p)
{
    struct keda_params *k = &p->keda;

    p->autoscaled = scaler != NULL;
    if (!scaler)
        return;
    *k = scaler->keda;
    /* The parameters keda.target and others are those of the first one. */
    for (size_t i = 0; i < k->n_triggers; i++)
        if (k->triggers[i].kind == KEDA_METRICS_API) {
            struct keda_trigger first = k->triggers[0];

            k->triggers[0] = k->triggers[i];
            k->triggers[i] = first;
            break;
        }
    p->hpa.has_behavior = scaler->hpa.has_behavior;
    p->hpa.up = scaler->hpa.up;
    p->hpa.down = scaler->hpa.down;
}

static int fill_budget(struct build *b, const struct m_deployment *d,
                       struct pool_params *p)
{
    for (size_t i = 0; i < b->n_budgets; i++) {
        const struct yaml_node *node = b->budgets[i].node;
        const struct yaml_node *selector =
            yaml_get(yaml_get(node, "spec"), "selector");
        struct m_budget m;

        if (strcmp(manifest_space(node), d->space) != 0 ||
            !m_selects(yaml_get(selector, "matchLabels"), d->labels))
            continue;
        int rc = m_budget(node, &m, b->err);
        if (rc != ERR_OK)
            return rc;
        p->pdb_max_unavailable = m.max_unavailable;
        p->pdb_min_available = m.min_available;
    }
    return ERR_OK;
}

static int fill_pool(struct build *b, const struct m_deployment *d,
                     const struct m_scaler *scaler, struct pool_params *p)
{
    if (d->request_mcpu == 0 || d->request_mib == 0)
        return yaml_fail(d->node, b->err,
                         "Deployment %s needs requests for cpu and memory: "
                         "they decide how many pods a node carries",
                         d->name);
    fill_scaler(scaler, p);
    p->replicas = d->replicas;
    p->kubelet = d->kubelet;
    p->rollout = d->rollout;
    p->request_mcpu = d->request_mcpu;
    p->request_mib = d->request_mib;
    if (d->ignores_affinity)
        scenario_note(b->s,
                      "Deployment %s: affinity and spread constraints "
                      "are not modelled",
                      d->name);
    int rc = fill_budget(b, d, p);
    return rc == ERR_OK ? build_drain(b, d, p) : rc;
}

static void add_links(struct build *b, uint32_t pool, struct build_own own)
{
    struct system_params *y = &b->s->system;

    for (size_t i = 0; i < own.n; i++)
        y->links[y->n_links++] = (struct pool_link){pool, own.at[i].backend};
}

/* "buildkitd-amd64" is pool amd64. */
static const char *short_name(const char *deployment)
{
    const char *dash = strrchr(deployment, '-');

    return dash && dash[1] ? dash + 1 : deployment;
}

static int name_pool(struct build *b, const struct m_deployment *d,
                     const char *name, struct pool_params *p)
{
    if (!name)
        name = short_name(d->name);
    if (strlen(name) >= sizeof p->name || strchr(name, '.') ||
        strchr(name, '='))
        return yaml_fail(d->node, b->err,
                         "\"%s\" cannot name a pool: name it "
                         "under pools",
                         name);
    if (build_find_pool(b->s, name) != NO_INDEX)
        return yaml_fail(d->node, b->err,
                         "two pools are named %s: name them under pools", name);
    snprintf(p->name, sizeof p->name, "%s", name);
    return ERR_OK;
}

static int add_pool(struct build *b, struct m_deployment *d,
                    struct build_own own)
{
    struct system_params *y = &b->s->system;
    const char *name = NULL;
    const struct yaml_node *entry = named_entry(b, d->name, &name);
    struct m_scaler *scaler;

    if (!entry && own.n == 0)
        return ERR_OK; /* some other Deployment: the balancer itself */
    int rc = find_scaler(b, d, entry, &scaler);
    if (rc == ERR_OK)
        rc = m_deployment(d->node, d, b->err);
    if (rc != ERR_OK)
        return rc;
    if (y->n_pools == SCENARIO_POOLS)
        return yaml_fail(d->node, b->err, "more than %d pools", SCENARIO_POOLS);
    struct pool_params *p = &y->pools[y->n_pools];
    params_pool_defaults(p);
    rc = name_pool(b, d, name, p);
    if (rc == ERR_OK)
        rc = fill_pool(b, d, scaler, p);
    if (rc == ERR_OK)
        rc = build_choose_backend(b, d, scaler, entry, own, &p->backend);
    if (rc == ERR_OK && p->backend == NO_INDEX)
        return yaml_fail(d->node, b->err,
                         "no backend of haproxy.cfg lists the pods of %s",
                         d->name);
    if (rc != ERR_OK)
        return rc;
    b->pods[y->n_pools] = d;
    b->scaler_of[y->n_pools] = scaler;
    b->s->written_replicas[y->n_pools] = d->replicas;
    b->s->objects[y->n_pools] = (struct scenario_objects){
        .deployment = d->name,
        .space = d->space,
        .scaler = scaler ? scaler->name : NULL,
        .keda = scaler && scaler->is_keda ? scaler->node : NULL,
    };
    add_links(b, (uint32_t)y->n_pools++, own);
    return ERR_OK;
}

uint32_t build_find_pool(const struct scenario *s, const char *name)
{
    for (uint32_t i = 0; i < s->system.n_pools; i++)
        if (strcmp(s->system.pools[i].name, name) == 0)
            return i;
    return NO_INDEX;
}

/* A scaler that reads a backend's sessions was meant for a build pool. One
 * that makes no sense here belongs to something else.
 */
static int check_target(struct build *b, struct m_scaler *s)
{
    struct err ignored = *b->err;
    bool used = false;

    for (size_t i = 0; i < b->s->system.n_pools; i++)
        used |= b->scaler_of[i] == s;
    if (used)
        return ERR_OK;
    bool reads = read_scaler(b, s) == ERR_OK;
    *b->err = ignored;
    if (reads && build_find_backend(b, s->proxy) != NO_INDEX)
        return yaml_fail(s->node, b->err,
                         "%s reads the sessions of %s but scales %s, which is "
                         "no Deployment behind a backend in namespace %s",
                         s->name, s->proxy, s->target, manifest_space(s->node));
    scenario_note(b->s, "%s scales %s, which is no build pool", s->name,
                  s->target);
    return ERR_OK;
}

/* At most a pool a Deployment. */
static void make_room(struct build *b)
{
    struct scenario *s = b->s;
    size_t n =
        b->n_deployments < SCENARIO_POOLS ? b->n_deployments : SCENARIO_POOLS;

    s->system.pools = mem_array(n, sizeof *s->system.pools);
    s->system.links = mem_array(b->n_links, sizeof *s->system.links);
    s->written_replicas = mem_array(n, sizeof *s->written_replicas);
    s->objects = mem_array(n, sizeof *s->objects);
    s->scripts = mem_array(n, sizeof *s->scripts);
    b->pods = mem_array(n, sizeof(struct m_deployment *));
    b->scaler_of = mem_array(n, sizeof(struct m_scaler *));
}

static int add_pools(struct build *b)
{
    size_t at = 0;
    int rc = ERR_OK;

    for (uint32_t d = 0; d < b->n_deployments && rc == ERR_OK; d++) {
        struct build_own own = {&b->links[at], 0};

        while (at < b->n_links && b->links[at].pool == d)
            at++, own.n++;
        rc = add_pool(b, &b->deployments[d], own);
    }
    return rc;
}

int build_pools(struct build *b)
{
    struct system_params *y = &b->s->system;
    int rc = check_entries(b);

    build_links(b);
    make_room(b);
    if (rc == ERR_OK)
        rc = add_pools(b);
    for (size_t i = 0; i < b->n_scalers && rc == ERR_OK; i++)
        rc = check_target(b, &b->scalers[i]);
    if (rc == ERR_OK && y->n_pools == 0)
        return err_set(b->err, ERR_INPUT,
                       "%s: the manifests hold no build pool: no Deployment "
                       "behind a backend of haproxy.cfg",
                       b->s->path);
    return rc;
}

/* scenario_links.c - which backends list a Deployment's pods, and which of them
 * its clients dial.
 */
#include "scenarios/scenario_build.h"

#include "sim/base/mem.h"

#include <string.h>

static bool lists(const struct build *b, size_t backend,
                  const struct m_deployment *d)
{
    const struct m_service *s = b->service_of[backend];

    return strcmp(s->space, d->space) == 0 && m_selects(s->selector, d->labels);
}

/* Which backends' Services select which Deployment's pods. */
void build_links(struct build *b)
{
    uint32_t n_backends = (uint32_t)b->s->system.lb.n_backends;

    b->shared_by = mem_array(n_backends, sizeof *b->shared_by);
    b->links = mem_grow(b->links, &b->cap_links, 1, sizeof *b->links);
    for (uint32_t d = 0; d < b->n_deployments; d++)
        for (uint32_t i = 0; i < n_backends; i++) {
            if (!lists(b, i, &b->deployments[d]))
                continue;
            b->links = mem_grow(b->links, &b->cap_links, b->n_links + 1,
                                sizeof *b->links);
            b->links[b->n_links++] = (struct pool_link){d, i};
            b->shared_by[i]++;
        }
}

uint32_t build_find_backend(const struct build *b, const char *name)
{
    for (uint32_t i = 0; i < b->s->system.lb.n_backends; i++)
        if (strcmp(b->s->backends[i].name, name) == 0)
            return i;
    return NO_INDEX;
}

static bool has_backend(struct build_own own, uint32_t backend)
{
    for (size_t i = 0; i < own.n; i++)
        if (own.at[i].backend == backend)
            return true;
    return false;
}

/* Its own is the one that lists the fewest Deployments. */
static uint32_t own_backend(const struct build *b, struct build_own own)
{
    size_t fewest = SIZE_MAX;
    uint32_t best = NO_INDEX;

    for (size_t i = 0; i < own.n; i++) {
        size_t n = b->shared_by[own.at[i].backend];

        if (n >= fewest)
            continue;
        fewest = n;
        best = own.at[i].backend;
    }
    return best;
}

int build_choose_backend(struct build *b, const struct m_deployment *d,
                         const struct m_scaler *scaler,
                         const struct yaml_node *entry, struct build_own own,
                         uint32_t *out)
{
    const struct yaml_node *named = yaml_get(entry, "backend");
    const struct yaml_node *at = named ? named : d->node;
    const char *name = named ? named->text : NULL;

    if (!named && scaler) {
        at = scaler->node;
        name = scaler->proxy;
    }
    *out = name ? build_find_backend(b, name) : own_backend(b, own);
    if (name && *out == NO_INDEX)
        return yaml_fail(at, b->err,
                         "haproxy.cfg has no backend %s with a "
                         "server-template",
                         name);
    if (name && !has_backend(own, *out))
        return yaml_fail(at, b->err,
                         "backend %s does not list the pods of Deployment %s: "
                         "its Service selects others",
                         name, d->name);
    return ERR_OK;
}

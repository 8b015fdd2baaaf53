/* hazards.c - the collection; the rules are in hazards_*.c. */
#include "sim/plan/hazards_parts.h"

#include "models/system.h"
#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct hazard *hazard_add(struct hazard_search *h, enum hazard_level level,
                          const char *code)
{
    struct hazards *f = h->found;
    const struct hazard_kind *kind = hazard_kind(code);

    assert(kind);
    f->at = mem_grow(f->at, &f->cap, f->n + 1, sizeof *f->at);
    f->at[f->n] =
        (struct hazard){.level = level, .code = code, .source = kind->source};
    f->n_level[level]++;
    return &f->at[f->n++];
}

void hazard_what(struct hazard *h, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(h->what, sizeof h->what, format, args);
    va_end(args);
}

void hazard_advice(struct hazard *h, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(h->advice, sizeof h->advice, format, args);
    va_end(args);
}

/* ------------------------------------------------------------ places */

bool hazard_is_named(const char *object, const char *name)
{
    size_t n = strlen(object), m = strlen(name);

    if (n < m || strcmp(object + n - m, name) != 0)
        return false;
    return n == m || object[n - m - 1] == '-';
}

void hazard_place(struct hazard_search *h, struct hazard *at, const char *kind,
                  const char *name)
{
    const struct manifest *m = &h->s->manifests;

    for (size_t i = 0; i < m->n_objects; i++) {
        const struct manifest_object *o = &m->objects[i];
        if (strcmp(o->kind, kind) != 0 || !hazard_is_named(o->name, name))
            continue;
        (void)snprintf(at->where, sizeof at->where, "%.*s:%u", HAZARD_TEXT - 16,
                       o->node->file->path, o->node->line);
        return;
    }
}

uint32_t hazard_most(const struct pool_params *pool)
{
    return pool->autoscaled ? keda_max(&pool->keda) : pool->replicas;
}

/* ------------------------------------------------------------ collection */

void hazards_sort(struct hazards *h)
{
    struct hazard *sorted = mem_array(h->n, sizeof *sorted);
    size_t n = 0;

    for (int level = HAZARD_ERROR; level >= HAZARD_NOTE; level--)
        for (size_t i = 0; i < h->n; i++)
            if ((int)h->at[i].level == level)
                sorted[n++] = h->at[i];
    free(h->at);
    h->at = sorted;
    h->cap = h->n;
}

void hazards_find(struct hazards *h, const struct scenario *s)
{
    static const struct trace none;
    struct hazard_search search = {.found = h, .s = s, .p = &s->system};

    *h = (struct hazards){0};
    by_pool_init(&search.builds, s->pool_of ? &s->trace : &none, s->pool_of,
                 s->system.n_pools);
    search.is_dialled = system_dialled(search.p);
    hazards_balancer(&search);
    hazards_front(&search);
    hazards_scaling(&search);
    hazards_reach(&search);
    hazards_nodes(&search);
    hazards_return(&search);
    hazards_ends(&search);
    hazards_alerts(&search);
    by_pool_free(&search.builds);
    free(search.is_dialled);
    hazards_sort(h);
}

void hazards_free(struct hazards *h)
{
    free(h->at);
    *h = (struct hazards){0};
}

const char *hazard_level_name(enum hazard_level level)
{
    static const char *const names[] = {"note", "warning", "error"};

    assert(level <= HAZARD_ERROR);
    return names[level];
}

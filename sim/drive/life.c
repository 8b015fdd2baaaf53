#include "sim/drive/life.h"

#include <stdlib.h>
#include <string.h>

static void add(struct life *l, const struct note *n, enum life_change change)
{
    l->events =
        mem_grow(l->events, &l->cap_events, l->n_events + 1, sizeof *l->events);
    l->events[l->n_events++] =
        (struct life_event){n->at_us, change, n->a, n->pool};
}

static void on_begin(void *context, const struct system *s)
{
    (void)context, (void)s;
}

static void on_note(void *context, const struct note *n)
{
    if (n->kind == NOTE_POD_KNOWN || n->kind == NOTE_POD_LISTED)
        add(context, n, LIFE_LISTED);
    else if (n->kind == NOTE_POD_UNLISTED)
        add(context, n, LIFE_UNLISTED);
    else if (n->kind == NOTE_POD_TERM)
        add(context, n, LIFE_STOPPED);
}

static void on_row(void *context, const struct timeline_row *r)
{
    struct life *l = context;

    l->rows = mem_grow(l->rows, &l->cap_rows, l->n_rows + 1, sizeof *l->rows);
    l->rows[l->n_rows++] = *r;
}

static void on_end(void *context, const struct system *s)
{
    struct life *l = context;

    l->builds = mem_array(l->n_builds, sizeof *l->builds);
    if (l->n_builds > 0)
        memcpy(l->builds, system_builds(s), l->n_builds * sizeof *l->builds);
}

void life_take(struct life *l, const struct scenario *s, uint64_t seed)
{
    struct replications results = {0};
    struct replicate_watch watch = {.context = l,
                                    .on_begin = on_begin,
                                    .on_note = on_note,
                                    .on_row = on_row,
                                    .on_end = on_end};
    struct replicate_task task = replicate_task_of(s, seed);

    task.watch = &watch;
    *l = (struct life){.n_builds = s->trace.n};
    replicate(&results, &task);
    replications_free(&results);
    for (size_t i = 0; i < l->n_builds; i++) {
        const struct build_result *r = &l->builds[i];
        if (r->end != END_UNFINISHED && r->end_us > l->last_end_us)
            l->last_end_us = r->end_us;
    }
}

void life_free(struct life *l)
{
    free(l->events);
    free(l->rows);
    free(l->builds);
    *l = (struct life){0};
}

bool life_is_linked(const struct system_params *p, uint32_t pool,
                    uint32_t backend)
{
    for (size_t i = 0; i < p->n_links; i++)
        if (p->links[i].pool == pool && p->links[i].backend == backend)
            return true;
    return false;
}

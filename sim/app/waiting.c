#include "sim/app/waiting.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void waiting_init(struct waiting *w, size_t n_builds)
{
    w->mark = mem_array(n_builds, sizeof *w->mark);
}

void waiting_free(struct waiting *w)
{
    free(w->all);
    free(w->queue);
    free(w->mark);
    *w = (struct waiting){0};
}

/* ------------------------------------------------------------ two lists */

static uint32_t find(const uint32_t list[], size_t n, uint32_t build)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == build)
            return (uint32_t)i;
    return NO_INDEX;
}

static void leave(uint32_t list[], size_t *n, uint32_t build)
{
    uint32_t at = find(list, *n, build);

    if (at == NO_INDEX)
        return;
    --*n;
    memmove(&list[at], &list[at + 1], (*n - at) * sizeof *list);
}

static void wait_on(struct waiting *w, uint32_t build)
{
    leave(w->queue, &w->n_queue, build);
    if (find(w->all, w->n_all, build) != NO_INDEX)
        return;
    w->all = mem_grow(w->all, &w->cap_all, w->n_all + 1, sizeof *w->all);
    w->all[w->n_all++] = build;
}

static void enter_queue(struct waiting *w, uint32_t build)
{
    w->queue =
        mem_grow(w->queue, &w->cap_queue, w->n_queue + 1, sizeof *w->queue);
    w->queue[w->n_queue++] = build;
}

void waiting_on_note(struct waiting *w, const struct note *n)
{
    switch (n->kind) {
    case NOTE_ASKED:
    case NOTE_RERUN:
    case NOTE_CLOSED:
    case NOTE_HUNG_UP:
    case NOTE_LOST:
    case NOTE_FAILED:
        wait_on(w, n->a);
        break;
    case NOTE_QUEUED:
        enter_queue(w, n->a);
        break;
    case NOTE_SERVED:
    case NOTE_RESTS:
    case NOTE_END:
        leave(w->queue, &w->n_queue, n->a);
        leave(w->all, &w->n_all, n->a);
        break;
    default:
        break;
    }
}

uint32_t waiting_queued(const struct waiting *w, uint32_t build)
{
    return find(w->queue, w->n_queue, build);
}

uint32_t waiting_place(const struct waiting *w, uint32_t build)
{
    return find(w->all, w->n_all, build);
}

/* ------------------------------------------------------------ shares */

/* Gives places to at most n builds of list that have none. Returns how many
 * are left over.
 *
 * queued    false: only to those that are not queued
 */
static size_t deal(struct waiting *w, const uint32_t list[], size_t n_list,
                   size_t n, bool queued)
{
    for (size_t i = 0; i < n_list && n > 0; i++) {
        uint32_t build = list[i];
        if (w->mark[build] == w->n_deals ||
            (!queued && waiting_queued(w, build) != NO_INDEX))
            continue;
        w->mark[build] = w->n_deals;
        n--;
    }
    return n;
}

/* Deals one cause out; whether the build gets it. The balancer also counts
 * clients that have left, so that either share may be larger than its builds.
 */
static bool gets(struct waiting *w, uint32_t build, enum wait_cause cause,
                 int32_t share)
{
    size_t n = share > 0 ? (size_t)share : 0;

    if (cause == WAIT_SLOT)
        n = deal(w, w->queue, w->n_queue, n, true);
    else if (cause == WAIT_ASLEEP)
        n = deal(w, w->all, w->n_all, n, false);
    deal(w, w->all, w->n_all, n, true);
    return w->mark[build] == w->n_deals;
}

enum wait_cause waiting_cause(struct waiting *w, uint32_t build,
                              const int32_t waits_for[])
{
    w->n_deals++;
    for (int cause = 0; cause < WAIT_CAUSES; cause++)
        if (gets(w, build, (enum wait_cause)cause, waits_for[cause]))
            return (enum wait_cause)cause;
    assert(false && "shares that do not add up to the builds that wait");
    return WAIT_MAXIMUM;
}

/* watch.h - every note of one replication, kept for questions about when.
 */
#ifndef TESTS_WATCH_H
#define TESTS_WATCH_H

#include "models/system.h"
#include "sim/base/mem.h"
#include "tests/support.h"

#include <stdlib.h>

struct watch {
    struct note *note; /* owned */
    size_t n, cap;
};

static inline void watch_on_note(void *context, const struct note *n)
{
    struct watch *w = context;

    w->note = mem_grow(w->note, &w->cap, w->n + 1, sizeof *w->note);
    w->note[w->n++] = *n;
}

static inline struct watch watch_run(struct system *s, uint64_t replication)
{
    struct watch w = {0};
    struct random_world world = {7, replication, false};
    struct system_observer o = {.context = &w, .on_note = watch_on_note};

    system_run(s, &world, &o);
    return w;
}

static inline void watch_free(struct watch *w)
{
    free(w->note);
    *w = (struct watch){0};
}

/* The first note of that kind at or after a time; there must be one. */
static inline const struct note *watch_from(const struct watch *w,
                                            enum note_kind kind, sim_us from_us)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->note[i].kind == kind && w->note[i].at_us >= from_us)
            return &w->note[i];
    fail_msg("no note of kind %d", (int)kind);
    return NULL;
}

/* The same about one entity: a of the note. */
static inline const struct note *
watch_of(const struct watch *w, enum note_kind kind, uint32_t a, sim_us from_us)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->note[i].kind == kind && w->note[i].a == a &&
            w->note[i].at_us >= from_us)
            return &w->note[i];
    fail_msg("no note of kind %d about %u", (int)kind, a);
    return NULL;
}

static inline size_t watch_count(const struct watch *w, enum note_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < w->n; i++)
        n += w->note[i].kind == kind;
    return n;
}

#endif

/* history.h - one replication boiled down to what a test compares. */
#ifndef TESTS_HISTORY_H
#define TESTS_HISTORY_H

#include "models/system.h"

struct history {
    uint64_t hash; /* of all notes, in order */
    size_t n_notes, of_kind[NOTE_KINDS];
    uint32_t highest; /* wanted */
};

static inline void history_mix(uint64_t *hash, uint64_t x)
{
    *hash = (*hash ^ x) * UINT64_C(0x100000001b3);
    *hash ^= *hash >> 29;
}

static inline void history_on_note(void *context, const struct note *n)
{
    struct history *h = context;

    history_mix(&h->hash, (uint64_t)n->at_us);
    history_mix(&h->hash, (uint64_t)n->kind << 32 | n->pool);
    history_mix(&h->hash, (uint64_t)n->a << 32 | n->b);
    h->n_notes++;
    h->of_kind[n->kind]++;
    if (n->kind == NOTE_SCALE && n->b > h->highest)
        h->highest = n->b;
}

static inline struct history history_run(struct system *s, uint64_t replication)
{
    struct history h = {0};
    struct random_world w = {7, replication, false};
    struct system_observer o = {.context = &h, .on_note = history_on_note};

    system_run(s, &w, &o);
    return h;
}

static inline double history_wait_s(const struct build_result *r)
{
    return s_from_us(r->served_us - r->first_dial_us);
}

#endif

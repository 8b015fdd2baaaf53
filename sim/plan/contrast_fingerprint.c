/* contrast_fingerprint.c - one replication as one number (FNV-1a, 64 bits). */
#include "sim/plan/contrast.h"

#include <string.h>

static void fold(uint64_t *h, uint64_t x)
{
    for (int i = 0; i < 8; i++, x >>= 8)
        *h = (*h ^ (x & 0xff)) * 1099511628211ULL;
}

static void fold_row(void *context, const struct timeline_row *r)
{
    uint64_t *h = context, usd;
    int32_t levels[POOL_LEVELS];

    memcpy(levels, &r->state, sizeof levels);
    memcpy(&usd, &r->usd_per_h, sizeof usd);
    fold(h, (uint64_t)r->at_us);
    fold(h, r->pool);
    for (int i = 0; i < POOL_LEVELS; i++)
        fold(h, (uint64_t)(int64_t)levels[i]);
    fold(h, usd);
}

static void fold_build(uint64_t *h, const struct build_result *b)
{
    fold(h, (uint64_t)b->first_dial_us);
    fold(h, (uint64_t)b->waited_us);
    fold(h, (uint64_t)b->served_us);
    fold(h, (uint64_t)b->end_us);
    fold(h, b->attempts);
    fold(h, b->end);
}

uint64_t contrast_fingerprint(const struct scenario *s, uint64_t seed)
{
    uint64_t h = 14695981039346656037ULL;
    const struct system_observer o = {.context = &h, .on_row = fold_row};
    struct random_world w = {.seed = seed, .replication = 0};
    struct system *system =
        system_new(&s->system, &s->trace, s->pool_of, s->caller_of);

    system_run(system, &w, &o);
    for (size_t i = 0; i < s->trace.n; i++)
        fold_build(&h, &system_builds(system)[i]);
    system_free(system);
    return h;
}

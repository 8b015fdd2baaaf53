/* perfetto_level.c - the levels of a pool as counters. */
#include "sim/app/perfetto_event.h"

#include <inttypes.h>
#include <stddef.h>

/* Levels that are shown together. */
static const struct counter {
    const char *name;
    size_t n;
    struct {
        const char *name;
        size_t offset;
    } of[4];
} counters[] = {
#define LEVEL(FIELD)                                                           \
    {                                                                          \
#FIELD, offsetof(struct pool_state, FIELD)                             \
    }
    {"builds", 2, {LEVEL(waiting), LEVEL(running)}},
    {"balancer", 2, {LEVEL(queue), LEVEL(sessions)}},
    {"replicas", 2, {LEVEL(wanted), LEVEL(reachable)}},
    {"pods",
     4,
     {LEVEL(pending), LEVEL(starting), LEVEL(ready), LEVEL(draining)}},
    {"nodes", 1, {LEVEL(nodes)}},
#undef LEVEL
};

static int32_t level(const struct timeline_row *r, const struct counter *c,
                     size_t i)
{
    return *(const int32_t *)((const char *)&r->state + c->of[i].offset);
}

static void put_counter(struct perfetto *p, const struct timeline_row *r,
                        const struct counter *c)
{
    const struct timeline_row *last = &p->last[r->pool];
    bool same = last->at_us != SIM_NEVER;

    for (size_t i = 0; i < c->n; i++)
        same = same && level(r, c, i) == level(last, c, i);
    if (same)
        return;
    perfetto_begin(p, "C", perfetto_track_of(r->pool, GROUP_SCALING, 0),
                   r->at_us, c->name);
    fputs(",\"args\":{", p->out);
    for (size_t i = 0; i < c->n; i++)
        fprintf(p->out, "%s\"%s\":%" PRId32, i > 0 ? "," : "", c->of[i].name,
                level(r, c, i));
    putc('}', p->out);
    perfetto_end(p);
}

void perfetto_levels(struct perfetto *p, const struct timeline_row *r)
{
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
        put_counter(p, r, &counters[i]);
    p->last[r->pool] = *r;
}

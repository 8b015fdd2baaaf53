#include "sim/drive/dialer_rules.h"

#include "models/system.h"
#include "models/system_event.h"
#include "sim/engine/random.h"

double dialer_gap_u(uint64_t seed, uint32_t build, const struct client *c)
{
    struct random_world world = {.seed = seed};

    return random_u01(&world, DRAW_GAP, build,
                      2 * (uint64_t)c->dials + c->waited);
}

double dialer_end_u(uint64_t seed, uint32_t build)
{
    struct random_world world = {.seed = seed};

    return random_u01(&world, DRAW_BUILD_END, build, 0);
}

uint32_t dialer_backend(const struct scenario *s, uint32_t build)
{
    const struct trace_build *b = &s->trace.builds[build];

    return system_dials(&s->system, s->caller_of[b->caller],
                        s->pool_of[b->pool]);
}

bool dialer_gives_up(const struct system_params *p, uint32_t pool,
                     const struct client *c, sim_us now_us)
{
    if (!c->fresh || c->attempt == 0)
        return false;
    for (size_t i = 0; i < p->n_faults; i++) {
        const struct fault *f = &p->faults[i];
        if (f->kind == FAULT_NO_RETRY && f->at_us <= now_us &&
            now_us < f->until_us && (f->pool == NO_INDEX || f->pool == pool))
            return true;
    }
    return false;
}

sim_us dialer_chatter_us(const struct system_params *p)
{
    sim_us us = US_PER_H;

    for (size_t i = 0; i < p->lb.n_backends; i++)
        if (p->lb.backends[i].inactivity_us / 4 < us)
            us = p->lb.backends[i].inactivity_us / 4;
    return us > US_PER_S ? us : US_PER_S;
}

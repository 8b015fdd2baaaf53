#include "traces/stats.h"

#include <assert.h>

static sim_us bounded(sim_us at_us, sim_us end_us)
{
    if (at_us < 0)
        return 0;
    return at_us < end_us ? at_us : end_us;
}

void trace_cut(struct trace *t, sim_us from_us, sim_us to_us)
{
    size_t kept = 0;

    assert(from_us <= to_us);
    from_us = bounded(from_us, t->span_us);
    to_us = bounded(to_us, t->span_us);
    for (size_t i = 0; i < t->n; i++) {
        struct trace_build b = t->builds[i];

        if (b.asked_us < from_us || b.asked_us >= to_us)
            continue;
        b.asked_us -= from_us;
        if (b.leaves_us != SIM_NEVER)
            b.leaves_us -= from_us;
        t->builds[kept++] = b;
    }
    t->n = kept;
    t->span_us = to_us - from_us;
    if (t->absolute)
        t->origin_us += from_us;
}

#include "sim/app/pulse.h"

#include "sim/base/wall.h"

#include <inttypes.h>

enum { SPANS = 1 << 14 }; /* simulated instants for one look at the clock */

bool pulse_due(struct pulse *p, double now_s)
{
    bool first = p->next_s <= 0.0;

    if (!first && now_s < p->next_s)
        return false;
    p->next_s = now_s + (first ? 0.5 : 0.1);
    return !first;
}

static void on_begin(void *context, const struct system *s)
{
    struct pulse *p = context;

    p->system = s;
}

static void on_span(void *context, sim_us from_us, sim_us until_us)
{
    struct pulse *p = context;

    (void)from_us;
    if (p->n_spans++ % SPANS != 0 || !pulse_due(p, wall_s()))
        return;
    fprintf(p->out, "\r%3.0f %% of the history",
            100.0 * (double)until_us / (double)system_horizon_us(p->system));
    p->shown = true;
}

static void on_end(void *context, const struct system *s)
{
    (void)s;
    pulse_end(context);
}

struct replicate_watch pulse_watch(struct pulse *p)
{
    return (struct replicate_watch){.context = p,
                                    .on_begin = on_begin,
                                    .on_span = on_span,
                                    .on_end = on_end};
}

void pulse_on_read(void *context, uint64_t bytes)
{
    struct pulse *p = context;

    if (!pulse_due(p, wall_s()))
        return;
    fprintf(p->out, "\r%" PRIu64 " MiB read", bytes >> 20);
    p->shown = true;
}

void pulse_end(struct pulse *p)
{
    if (p->shown)
        fputs("\r\033[K", p->out);
    p->shown = false;
}

#include "models/dns.h"

#include <assert.h>

void dns_defaults(struct dns_params *p)
{
    *p = (struct dns_params){
        .slice_lag = {DIST_UNIFORM, 0.0, 1.0, 0.0, 1.0},
        .query_us = US_PER_S,
        .cache_us = 5 * US_PER_S,
        .upstream_us = 5 * US_PER_S,
        .stale_frac = 0.25,
    };
}

void dns_init(struct dns *d, const struct dns_params *p,
              const struct random_world *w, uint32_t purpose, uint32_t name)
{
    assert(p->query_us > 0 && p->cache_us >= 0 && p->upstream_us >= 0);
    *d = (struct dns){.p = p, .w = w, .purpose = purpose, .name = name};
}

void dns_start(struct dns *d, sim_us phase_us)
{
    d->phase_us = phase_us;
}

sim_us dns_listed_us(const struct dns_params *p, sim_us t_us, double u)
{
    return t_us + dist_us(&p->slice_lag, u, 1.0);
}

/* Time between fills: an entry that is exactly its TTL old has expired. */
static sim_us period_us(const struct dns_params *p)
{
    sim_us n = (p->cache_us + p->query_us - 1) / p->query_us;

    return (n > 0 ? n : 1) * p->query_us;
}

static sim_us fill_us(const struct dns *d, int64_t fill)
{
    return d->phase_us + fill * period_us(d->p);
}

/* The instant that a fill shows by itself. */
static sim_us shown_us(const struct dns *d, int64_t fill)
{
    const struct dns_params *p = d->p;
    double u = random_u01(d->w, d->purpose, d->name, (uint64_t)fill);

    if (!(u < p->stale_frac))
        return fill_us(d, fill);
    return fill_us(d, fill) -
           (sim_us)(u / p->stale_frac * (double)p->upstream_us);
}

/* The first one at or after t. */
static int64_t next_fill(const struct dns *d, sim_us t_us)
{
    sim_us step_us = period_us(d->p), since_us = t_us - d->phase_us;

    return since_us > 0 ? (since_us + step_us - 1) / step_us : 0;
}

sim_us dns_next_fill_us(const struct dns *d, sim_us t_us)
{
    return fill_us(d, next_fill(d, t_us));
}

sim_us dns_visible_us(const struct dns *d, sim_us listed_us)
{
    int64_t fill = next_fill(d, listed_us);

    while (shown_us(d, fill) < listed_us)
        fill++;
    return fill_us(d, fill);
}

sim_us dns_snapshot_us(const struct dns *d, sim_us answer_us)
{
    assert(answer_us >= d->phase_us);
    int64_t fill = (answer_us - d->phase_us) / period_us(d->p);
    int64_t back = (d->p->upstream_us + period_us(d->p) - 1) / period_us(d->p);
    sim_us newest_us = shown_us(d, fill);

    /* An earlier fill may have shown more; nothing is taken back. */
    for (int64_t i = fill - 1; i >= 0 && i >= fill - back; i--)
        if (shown_us(d, i) > newest_us)
            newest_us = shown_us(d, i);
    return newest_us;
}

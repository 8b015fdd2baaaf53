/* dns.h - how long the balancer does not know what the cluster knows.
 *
 * Models    endpoint ready or gone -> EndpointSlice -> CoreDNS -> cache on
 *           the balancer's node -> HAProxy's query. The same both ways.
 * Source    coredns/coredns plugins kubernetes and cache v1.13.2;
 *           haproxy/haproxy src/resolvers.c v3.1.0.
 * Left out  replicas of CoreDNS that lag behind each other; the drift of the
 *           query period (measured 1.000 to 1.05 s).
 *
 * HAProxy asks every query_us. The node's cache answers until its entry is
 * cache_us old; the next query fetches a new one, a *fill*. So fills lie on a
 * grid, and all that matters is which change a fill still includes: that
 * before it, or that up to upstream_us earlier if CoreDNS answered from its
 * own cache. Names without a ready endpoint (NXDOMAIN) are cached as long.
 *
 * Idle: no event for a query; a change asks when it will be seen. Fills never
 * go back in time: a later answer shows a later or the same instant.
 */
#ifndef MODELS_DNS_H
#define MODELS_DNS_H

#include "sim/engine/dist.h"
#include "sim/engine/random.h"

struct dns_params {
    struct dist slice_lag; /* endpoint change to its EndpointSlice */
    sim_us query_us;       /* HAProxy's timeout resolve, > 0 */
    sim_us cache_us;       /* TTL on the balancer's node */
    sim_us upstream_us;    /* TTL in CoreDNS */
    double stale_frac;     /* fills that CoreDNS answers from its cache */
};

/* U(0, 1 s), 1 s, 5 s, 5 s, 0.25: seen after p50 3.5, p90 6.1, p99 9.1 s and
 * at most 11 s.
 */
void dns_defaults(struct dns_params *p);

/* One name of one balancer. Starts from dns_init. */
struct dns {
    const struct dns_params *p;   /* borrowed */
    const struct random_world *w; /* borrowed */
    uint32_t purpose, name;       /* of its draws; entity is the name */
    sim_us phase_us;              /* a fill happens at this time */
};

/* The resolver starts, and asks at phase_us for the first time.
 *
 * w, purpose  a fill's draw belongs to the fill, not to a change, so it is
 *             looked up here: random_u01(w, purpose, name, number of the fill)
 * name        identity of the name, the same in paired configurations
 * phase_us    start of the process plus a draw in [0, query_us); any sign
 */
void dns_init(struct dns *d, const struct dns_params *p,
              const struct random_world *w, uint32_t purpose, uint32_t name);
void dns_start(struct dns *d, sim_us phase_us);

/* When a change at t_us stands in the EndpointSlice; u uniform in (0, 1). */
sim_us dns_listed_us(const struct dns_params *p, sim_us t_us, double u);

/* The first answer to the balancer that shows what was listed at listed_us.
 *
 * Returns a fill's time >= listed_us and >= phase_us. Does not decrease when
 * listed_us grows, and is at most max(listed_us, phase_us) + cache_us (in
 * whole queries) + upstream_us later.
 */
sim_us dns_visible_us(const struct dns *d, sim_us listed_us);

/* The first fill at or after t_us, whatever it shows. */
sim_us dns_next_fill_us(const struct dns *d, sim_us t_us);

/* The instant whose endpoints the answer at answer_us shows: an endpoint is in
 * it if listed at or before, and not withdrawn at or before, that instant.
 *
 * answer_us   any time from phase_us on; the newest fill answers
 */
sim_us dns_snapshot_us(const struct dns *d, sim_us answer_us);

#endif

#include "models/karpenter_launch.h"

#include "models/karpenter_disrupt.h"
#include "models/karpenter_node.h"
#include "sim/base/mem.h"

#include <assert.h>

struct offering {
    uint32_t type, zone;
};

bool karp_available(const struct karp *k, uint32_t type, uint32_t zone,
                    sim_us now_us)
{
    return ((k->p->types[type].zones >> zone) & 1) &&
           now_us >= k->away_us[type][zone] && now_us >= k->zone_away_us[zone];
}

static bool in_any_zone(const struct karp *k, uint32_t type, uint32_t zones,
                        sim_us now_us)
{
    for (uint32_t z = 0; z < k->p->n_zones; z++)
        if (((zones >> z) & 1) && karp_available(k, type, z, now_us))
            return true;
    return false;
}

uint64_t karp_available_types(const struct karp *k, uint64_t types,
                              uint32_t zones, sim_us now_us)
{
    uint64_t found = 0;

    for (uint32_t t = 0; t < k->p->n_types; t++)
        if (((types >> t) & 1) && in_any_zone(k, t, zones, now_us))
            found |= UINT64_C(1) << t;
    return found;
}

static bool is_refused(const struct karp *k, const struct karp_node *n,
                       size_t type, size_t zone)
{
    return n->refusals > 0 &&
           (k->refusals[n->refusals - 1].types[zone] >> type & 1);
}

static void refuse(struct karp *k, struct karp_node *n, struct offering o)
{
    if (n->refusals == 0) {
        k->refusals = mem_grow(k->refusals, &k->cap_refusals, k->n_refusals + 1,
                               sizeof *k->refusals);
        k->refusals[k->n_refusals++] = (struct karp_refusals){{0}};
        n->refusals = (uint32_t)k->n_refusals;
    }
    k->refusals[n->refusals - 1].types[o.zone] |= UINT64_C(1) << o.type;
}

/* The request may name the offering, and it was not refused on the way. */
static bool eligible(const struct karp *k, const struct karp_node *n,
                     struct offering o, sim_us now_us)
{
    return ((n->types >> o.type) & 1) &&
           ((k->p->pools[n->pool].zones >> o.zone) & 1) &&
           !is_refused(k, n, o.type, o.zone) &&
           karp_available(k, o.type, o.zone, now_us);
}

/* The cheapest eligible offerings in cheapest[]; returns how many. */
static size_t cheapest(const struct karp *k, const struct karp_node *n,
                       sim_us now_us, struct offering best[])
{
    size_t n_best = 0;

    for (uint32_t t = 0; t < k->p->n_types; t++)
        for (uint32_t z = 0; z < k->p->n_zones; z++) {
            struct offering o = {t, z};
            if (!eligible(k, n, o, now_us))
                continue;
            double usd = k->p->types[t].usd_per_h;
            double least = n_best ? k->p->types[best[0].type].usd_per_h : usd;
            if (usd < least)
                n_best = 0;
            if (usd <= least)
                best[n_best++] = o;
        }
    return n_best;
}

static bool holds(const struct karp_fault *f, sim_us now_us)
{
    return now_us >= f->span.from_us && now_us < f->span.until_us;
}

static bool meets(const struct karp_fault *f, struct offering o, sim_us now_us)
{
    return f->kind != KARP_API_ERROR && holds(f, now_us) &&
           ((f->types >> o.type) & 1) && ((f->zones >> o.zone) & 1);
}

static bool within_quota(const struct karp *k, uint32_t type)
{
    int64_t mcpu = k->p->types[type].capacity.mcpu;

    if (k->p->quota_mcpu == KARP_NO_LIMIT)
        return true;
    for (size_t i = 0; i < k->n_live; i++) {
        const struct karp_node *n = &k->nodes[k->live[i]];
        if (n->type != NO_INDEX && n->phase < KARP_TERMINATING)
            mcpu += k->p->types[n->type].capacity.mcpu;
    }
    return mcpu <= k->p->quota_mcpu;
}

/* The cloud's own view; a refusal for want of addresses names its zone. */
static bool granted(struct karp *k, struct karp_node *n, struct offering o,
                    sim_us now_us)
{
    if (!within_quota(k, o.type))
        return false;
    for (size_t i = 0; i < k->p->n_faults; i++) {
        const struct karp_fault *f = &k->p->faults[i];
        if (!meets(f, o, now_us) || k->fault_used[i] < f->room)
            continue;
        if (f->kind == KARP_NO_ADDRESSES)
            n->refused_zones |= UINT32_C(1) << o.zone;
        return false;
    }
    for (size_t i = 0; i < k->p->n_faults; i++)
        if (meets(&k->p->faults[i], o, now_us))
            k->fault_used[i]++;
    return true;
}

static bool api_fails(const struct karp *k, sim_us now_us)
{
    for (size_t i = 0; i < k->p->n_faults; i++)
        if (k->p->faults[i].kind == KARP_API_ERROR &&
            holds(&k->p->faults[i], now_us))
            return true;
    return false;
}

/* 1 s, doubled with every attempt, up to a minute. */
static sim_us back_off(struct karp_node *n)
{
    sim_us us = n->n_attempts < 6 ? US_PER_S << n->n_attempts : 60 * US_PER_S;

    n->n_attempts++;
    return us;
}

struct karp_answer karp_on_request(struct karp *k, sim_us now_us,
                                   uint32_t claim, double u)
{
    struct offering best[KARP_TYPES * KARP_ZONES];
    struct karp_node *n = &k->nodes[claim];
    size_t n_best;

    assert(claim < k->n_nodes && u > 0.0 && u < 1.0);
    if (n->phase != KARP_CLAIMED)
        return (struct karp_answer){KARP_STALE, 0};
    if (api_fails(k, now_us))
        return (struct karp_answer){KARP_RETRY, back_off(n)};
    while ((n_best = cheapest(k, n, now_us, best)) > 0) {
        struct offering o = best[(size_t)(u * (double)n_best)];
        if (granted(k, n, o, now_us)) {
            n->type = o.type;
            n->zone = o.zone;
            return (struct karp_answer){KARP_LAUNCHING, 0};
        }
        refuse(k, n, o);
    }
    return (struct karp_answer){KARP_REFUSED, 0};
}

/* The first sweep after an entry of now has outlived its time. */
static sim_us swept_us(const struct karp_params *p, sim_us now_us)
{
    sim_us phase_us = p->ice_phase_us % p->ice_sweep_us;
    sim_us old_us = now_us + p->ice_ttl_us - phase_us;
    sim_us n = old_us < 0 ? 0 : old_us / p->ice_sweep_us + 1;

    return phase_us + n * p->ice_sweep_us;
}

static void set_aside(struct karp *k, sim_us now_us, const struct karp_node *n)
{
    sim_us until_us = swept_us(k->p, now_us);

    for (size_t z = 0; z < k->p->n_zones; z++) {
        if ((n->refused_zones >> z) & 1)
            k->zone_away_us[z] = until_us;
        for (size_t t = 0; t < k->p->n_types; t++)
            if (is_refused(k, n, t, z))
                k->away_us[t][z] = until_us;
    }
}

void karp_on_launched(struct karp *k, sim_us now_us, uint32_t claim)
{
    struct karp_node *n = &k->nodes[claim];

    set_aside(k, now_us, n);
    if (n->phase != KARP_CLAIMED)
        return;
    assert(n->type != NO_INDEX);
    karp_disrupt_forward(k, now_us);
    struct karp_size all = k->p->types[n->type].allocatable;
    struct karp_size daemon = k->p->pools[n->pool].daemon;

    n->room = (struct karp_size){all.mcpu - daemon.mcpu, all.mib - daemon.mib};
    n->phase = KARP_LAUNCHED;
    n->launched_us = now_us;
    k->n_unlaunched--;
    karp_tell(k->p->watch, now_us, KARP_NODE_LAUNCHED, claim, 0);
}

void karp_on_refused(struct karp *k, sim_us now_us, uint32_t claim)
{
    set_aside(k, now_us, &k->nodes[claim]);
    karp_on_gone(k, now_us, claim);
}

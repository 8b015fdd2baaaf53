#include "models/scheduler.h"

#include <assert.h>
#include <math.h>

/* Upstream's constants of the score. */
enum { SCORE_MAX = 100, SPREAD_WEIGHT = 2, HOST_SKEW = 3, ZONE_SKEW = 5 };

void sched_defaults(struct sched_params *p)
{
    *p = (struct sched_params){
        .bind = {DIST_LOGNORMAL, 0.5, 2.0, 0.05, 15.0},
    };
}

bool sched_fits(const struct sched_node *node, const struct sched_pod *pod)
{
    return node->schedulable && node->matches &&
           pod->mcpu <= node->alloc_mcpu - node->used_mcpu &&
           pod->mib <= node->alloc_mib - node->used_mib;
}

static int64_t least_of(int64_t alloc, int64_t requested)
{
    if (alloc <= 0 || requested > alloc)
        return 0;
    return (alloc - requested) * SCORE_MAX / alloc;
}

int64_t sched_least_allocated(const struct sched_node *node,
                              const struct sched_pod *pod)
{
    int64_t cpu = least_of(node->alloc_mcpu, node->used_mcpu + pod->mcpu);
    int64_t mem = least_of(node->alloc_mib, node->used_mib + pod->mib);

    return (cpu + mem) / 2;
}

/* What the scores need to know about all nodes together. */
struct spread {
    int64_t in_zone[SCHED_ZONES]; /* pods of the owner */
    uint32_t n_fit, last_fit;
    double host_weight, zone_weight;
    int64_t low, high; /* raw spread score over the nodes that fit */
};

/* Few pods here and in this zone make a low raw score, which is good. The
 * logarithms keep a constraint with many domains from drowning in one with
 * few.
 */
static int64_t raw_spread(const struct spread *s, const struct sched_node *node)
{
    double host = (double)node->n_owner * s->host_weight + (HOST_SKEW - 1);
    double zone = (double)s->in_zone[node->zone] * s->zone_weight;

    return llround(host + zone + (ZONE_SKEW - 1));
}

/* The spread is turned round and scaled so that the best node gets 100. */
static int64_t score(const struct spread *s, const struct sched_node *node,
                     const struct sched_pod *pod)
{
    assert(s->high > 0); /* two skews at least */
    int64_t spread =
        SCORE_MAX * (s->high + s->low - raw_spread(s, node)) / s->high;

    return sched_least_allocated(node, pod) + SPREAD_WEIGHT * spread;
}

/* Pods count in their zone wherever the selector admits them, on a node that
 * is full as well; zones count where the pod may go.
 */
static void count_zones(struct spread *s, const struct sched_node nodes[],
                        size_t n, const struct sched_pod *pod)
{
    bool usable[SCHED_ZONES] = {false};
    uint32_t n_zones = 0;

    for (size_t i = 0; i < n; i++) {
        assert(nodes[i].zone < SCHED_ZONES);
        if (nodes[i].matches)
            s->in_zone[nodes[i].zone] += nodes[i].n_owner;
        if (!sched_fits(&nodes[i], pod))
            continue;
        n_zones += !usable[nodes[i].zone];
        usable[nodes[i].zone] = true;
        s->n_fit++;
        s->last_fit = (uint32_t)i;
    }
    s->host_weight = log(s->n_fit + 2.0);
    s->zone_weight = log(n_zones + 2.0);
}

static void find_range(struct spread *s, const struct sched_node nodes[],
                       size_t n, const struct sched_pod *pod)
{
    s->low = INT64_MAX;
    for (size_t i = 0; i < n; i++) {
        if (!sched_fits(&nodes[i], pod))
            continue;
        int64_t raw = raw_spread(s, &nodes[i]);

        s->low = raw < s->low ? raw : s->low;
        s->high = raw > s->high ? raw : s->high;
    }
}

/* The k-th node, from 0, among those that fit and score best. */
static uint32_t nth_best(const struct spread *s,
                         const struct sched_node nodes[], size_t n,
                         const struct sched_pod *pod, double u)
{
    int64_t best = -1;
    uint32_t n_best = 0;

    for (size_t i = 0; i < n; i++) {
        int64_t x = sched_fits(&nodes[i], pod) ? score(s, &nodes[i], pod) : -1;

        if (x > best)
            n_best = 0;
        if (x < best)
            continue;
        best = x;
        n_best++;
    }
    uint32_t k = (uint32_t)(u * n_best);

    for (size_t i = 0; i < n; i++)
        if (sched_fits(&nodes[i], pod) && score(s, &nodes[i], pod) == best &&
            k-- == 0)
            return (uint32_t)i;
    return NO_INDEX;
}

uint32_t sched_pick(const struct sched_node nodes[], size_t n,
                    const struct sched_pod *pod, double u)
{
    struct spread s = {0};

    assert(u > 0.0 && u < 1.0);
    count_zones(&s, nodes, n, pod);
    if (s.n_fit == 0)
        return NO_INDEX;
    if (s.n_fit == 1) /* whatever its score */
        return s.last_fit;
    find_range(&s, nodes, n, pod);
    return nth_best(&s, nodes, n, pod, u);
}

/* oracle.c - the demand of a pool, priced at every instant. */
#include "sim/plan/oracle.h"

#include "sim/base/mem.h"
#include "sim/plan/foresight.h"
#include "traces/demand.h"

#include <stdlib.h>
#include <string.h>

enum { MANY_PODS = 1 << 20 }; /* a pod without requests fits so often */

/* ------------------------------------------------------------ nodes */

static int64_t fit(int64_t room, int64_t request)
{
    if (room < 0)
        return 0;
    return request > 0 ? room / request : MANY_PODS;
}

uint32_t oracle_pods_per_node(const struct karp_params *k, uint32_t pool,
                              uint32_t type, const struct pool_params *p)
{
    const struct karp_size *daemon = &k->pools[pool].daemon;
    const struct karp_size *has = &k->types[type].allocatable;
    int64_t by_cpu = fit(has->mcpu - daemon->mcpu, p->request_mcpu);
    int64_t by_mib = fit(has->mib - daemon->mib, p->request_mib);
    int64_t n = by_cpu < by_mib ? by_cpu : by_mib;

    return n < MANY_PODS ? (uint32_t)n : MANY_PODS;
}

/* The nodes that may carry a pool: how many pods, at which price. */
struct offers {
    struct offer {
        uint32_t pods;
        double usd_per_h;
    } at[KARP_POOLS * KARP_TYPES];
    size_t n;
    uint32_t most_pods;
};

static bool is_offered(const struct karp_params *k, uint32_t pool,
                       uint32_t type)
{
    return (k->pools[pool].types >> type & 1) &&
           (k->pools[pool].zones & k->types[type].zones);
}

/* Keeps only offers that no other one beats in both room and price. */
static void add_offer(struct offers *o, struct offer new)
{
    size_t kept = 0;

    for (size_t i = 0; i < o->n; i++)
        if (o->at[i].pods >= new.pods && o->at[i].usd_per_h <= new.usd_per_h)
            return;
    for (size_t i = 0; i < o->n; i++)
        if (o->at[i].pods > new.pods || o->at[i].usd_per_h < new.usd_per_h)
            o->at[kept++] = o->at[i];
    o->at[kept++] = new;
    o->n = kept;
    if (new.pods > o->most_pods)
        o->most_pods = new.pods;
}

static void add_offers(struct offers *o, const struct system_params *p,
                       uint32_t node_pool, const struct pool_params *pool)
{
    const struct karp_params *k = &p->karpenter;

    for (uint32_t t = 0; t < k->n_types; t++) {
        uint32_t pods = oracle_pods_per_node(k, node_pool, t, pool);
        double usd_per_h = k->types[t].usd_per_h * p->billing.price_factor;
        if (pods > 0 && is_offered(k, node_pool, t))
            add_offer(o, (struct offer){pods, usd_per_h});
    }
}

static void collect_offers(struct offers *o, const struct system_params *p,
                           const struct pool_params *pool)
{
    o->n = 0;
    o->most_pods = 0;
    for (uint32_t i = 0; i < p->karpenter.n_pools; i++)
        if (pool->node_pools >> i & 1)
            add_offers(o, p, i, pool);
}

/* usd[d] is the price of the cheapest nodes with room for d pods: one of them
 * is some offer, and the rest is the cheapest for what is left.
 */
static double *cheapest(const struct offers *o, size_t peak)
{
    double *usd = mem_array(peak + 1, sizeof *usd);

    for (size_t d = 1; d <= peak && o->n > 0; d++)
        for (size_t i = 0; i < o->n; i++) {
            size_t rest = d > o->at[i].pods ? d - o->at[i].pods : 0;
            double all = usd[rest] + o->at[i].usd_per_h;
            if (i == 0 || all < usd[d])
                usd[d] = all;
        }
    return usd;
}

/* Nodes of the largest kind that d pods fill. */
static uint32_t nodes_for(const struct offers *o, uint32_t d)
{
    return o->most_pods > 0 ? (d + o->most_pods - 1) / o->most_pods : 0;
}

/* ------------------------------------------------------------ demand */

struct steps {
    struct demand_step *at; /* owned */
    size_t n;
};

static struct steps pool_demand(const struct by_pool *b, uint32_t pool)
{
    struct group own = by_pool_of(b, pool);
    struct steps s;
    struct flow f;

    flow_fill(&f, b->trace, own.at, own.n);
    s.at = flow_steps(&f, &s.n);
    flow_free(&f);
    return s;
}

static size_t highest(const struct steps *s)
{
    int32_t peak = 0;

    for (size_t i = 0; i < s->n; i++)
        if (s->at[i].builds > peak)
            peak = s->at[i].builds;
    return (size_t)peak;
}

/* ------------------------------------------------------------ bounds */

static sim_us within(sim_us at_us, sim_us from_us, sim_us until_us)
{
    if (at_us < from_us)
        return from_us;
    return at_us < until_us ? at_us : until_us;
}

struct oracle_bound oracle_pool(const struct system_params *p,
                                const struct by_pool *b, uint32_t pool)
{
    struct oracle_bound sum = {0};
    struct offers *o = mem_array(1, sizeof *o);
    struct steps s = pool_demand(b, pool);
    sim_us end_us = b->trace->span_us + p->settle_us;

    collect_offers(o, p, &p->pools[pool]);
    double *usd_per_h = cheapest(o, highest(&s));
    for (size_t i = 0; i + 1 < s.n; i++) {
        sim_us from_us = within(s.at[i].at_us, p->warm_up_us, end_us);
        sim_us until_us = within(s.at[i + 1].at_us, from_us, end_us);
        double hours = s_from_us(until_us - from_us) / 3600.0;
        uint32_t d = (uint32_t)s.at[i].builds;
        sum.pod_hours += hours * d;
        sum.cost_usd += hours * usd_per_h[d];
        sum.node_hours += hours * nodes_for(o, d);
    }
    free(usd_per_h);
    free(s.at);
    free(o);
    return sum;
}

/* ------------------------------------------------------------ foresight */

/* The node with the lowest price a pod; of equals the larger one. */
static struct offer best_offer(const struct offers *o)
{
    struct offer best = {0};

    for (size_t i = 0; i < o->n; i++) {
        double usd = o->at[i].usd_per_h * best.pods;
        double best_usd = best.usd_per_h * o->at[i].pods;
        if (best.pods == 0 || usd < best_usd ||
            (usd <= best_usd && o->at[i].pods > best.pods))
            best = o->at[i];
    }
    return best;
}

static double hours(level_area us)
{
    return (double)us / (double)US_PER_H;
}

static void plan_nodes(struct oracle_plan *plan, struct foresight_task *task,
                       const struct offer *offer)
{
    task->per_unit = offer->pods;
    struct foresight f = foresight_plan(task);

    plan->node_hours = hours(foresight_cost_us(&f, task->break_even_us));
    plan->cost_usd = plan->node_hours * offer->usd_per_h;
    plan->node_starts = f.n_first + f.n_again;
}

struct oracle_plan oracle_foresee(const struct system_params *p,
                                  const struct by_pool *b, uint32_t pool)
{
    struct offers *o = mem_array(1, sizeof *o);
    struct steps s = pool_demand(b, pool);
    sim_us end_us = b->trace->span_us + p->settle_us;
    struct foresight_task task = {
        .steps = s.at,
        .n = s.n,
        .per_unit = 1,
        .from_us = p->warm_up_us < end_us ? p->warm_up_us : end_us,
        .until_us = end_us,
        .break_even_us = p->regret_us,
    };
    struct foresight pods = foresight_plan(&task);
    struct oracle_plan plan = {
        .pod_hours = hours(foresight_cost_us(&pods, p->regret_us)),
        .pod_churn = pods.moved,
        .demand_churn = pods.needed,
    };

    collect_offers(o, p, &p->pools[pool]);
    struct offer offer = best_offer(o);
    if (offer.pods > 0)
        plan_nodes(&plan, &task, &offer);
    free(s.at);
    free(o);
    return plan;
}

double oracle_static_usd_per_h(const struct system_params *p, uint32_t pool,
                               uint32_t n_pods)
{
    struct offers *o = mem_array(1, sizeof *o);

    collect_offers(o, p, &p->pools[pool]);
    double *usd = cheapest(o, n_pods);
    double usd_per_h = usd[n_pods];

    free(usd);
    free(o);
    return usd_per_h;
}

/* hazards_reach.c - what a pool's maximum promises and does not hold. */
#include "sim/plan/hazards_parts.h"

#include "models/hpa_rules.h"

/* ------------------------------------------------------------ tolerance */

static const struct keda_trigger *session_trigger(const struct pool_params *p)
{
    for (size_t i = 0; i < p->keda.n_triggers; i++)
        if (p->keda.triggers[i].kind == KEDA_METRICS_API &&
            !p->keda.triggers[i].is_value)
            return &p->keda.triggers[i];
    return NULL;
}

/* Sessions beyond what n pods carry that do not make the pool grow. */
static uint32_t hidden(const struct hpa_params *p, double target, uint32_t n)
{
    double carried = target * n;
    uint32_t most = 0, over = n + 1; /* tolerated, and not known to be */

    while (over - most > 1) {
        uint32_t k = most + (over - most) / 2;
        if (hpa_tolerates(p, (carried + k) / carried))
            most = k;
        else
            over = k;
    }
    return most;
}

static void check_tolerance(struct hazard_search *h,
                            const struct pool_params *pool)
{
    const struct keda_trigger *t = session_trigger(pool);
    uint32_t max = hazard_most(pool), first = 0, at_n = 0, most = 0;

    if (!t || !(t->target > 0.0))
        return;
    for (uint32_t n = 1; n < max; n++) {
        uint32_t k = hidden(&pool->hpa, t->target, n);
        if (k > 0 && first == 0)
            first = n;
        if (k <= most || n * t->target + k > max * t->target)
            continue;
        most = k;
        at_n = n;
    }
    if (most == 0)
        return;
    struct hazard *at = hazard_add(h, HAZARD_WARNING, "tolerance-hides-last");
    hazard_place(h, at, "ScaledObject", pool->name);
    hazard_what(at,
                "inside its tolerance the HPA keeps pool %s as it is: from %u "
                "pods on a build may wait and none is added, at %u pods up to "
                "%u builds",
                pool->name, first, at_n, most);
    hazard_advice(at, "%s",
                  pool->hpa.kubernetes_minor >= 35
                      ? "set behavior.scaleUp.tolerance to 0"
                      : "move to Kubernetes 1.35 or newer, where "
                        "behavior.scaleUp.tolerance can be 0");
}

/* ------------------------------------------------------------ maximum */

/* The first thing that a growing pool runs into. */
struct wall {
    int64_t pods;
    const char *what;
};

static void lower(struct wall *w, int64_t pods, const char *what)
{
    if (pods < w->pods)
        *w = (struct wall){pods, what};
}

/* Slots and answers are of the backend that clients of the pool dial. */
static void check_reachable(struct hazard_search *h,
                            const struct pool_params *pool)
{
    const struct lb_backend_params *b = &h->p->lb.backends[pool->backend];
    struct wall w = {hazard_most(pool), NULL};

    lower(&w, b->n_slots, "its backend has no slots for more");
    lower(&w, lb_max_records(b), "its backend loses every server then");
    lower(&w, hazard_room(h->p, pool), "there are no nodes for more");
    if (!w.what)
        return;
    struct hazard *at = hazard_add(h, HAZARD_NOTE, "no-effect");
    hazard_place(h, at, "ScaledObject", pool->name);
    hazard_what(at,
                "maxReplicaCount %u of pool %s has no use above %ld pods: %s",
                hazard_most(pool), pool->name, (long)w.pods, w.what);
    hazard_advice(at, "lower it to %ld, or lift what stands in its way",
                  (long)w.pods);
}

void hazards_reach(struct hazard_search *h)
{
    for (size_t i = 0; i < h->p->n_pools; i++) {
        const struct pool_params *pool = &h->p->pools[i];
        if (!pool->autoscaled)
            continue;
        check_tolerance(h, pool);
        check_reachable(h, pool);
    }
}

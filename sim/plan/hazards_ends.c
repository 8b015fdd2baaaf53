/* hazards_ends.c - are builds let finish, and do clients wait long enough? */
#include "sim/plan/hazards_parts.h"

#include <math.h>

/* Kubernetes' own default: nobody who left it there asked for a delay. */
#define READY_PERIOD_US (10 * US_PER_S)

/* ------------------------------------------------------------ pods */

static sim_us longest_job_us(const struct system_params *p)
{
    sim_us longest_us = 0;

    for (size_t i = 0; i < p->n_callers; i++)
        if (p->callers[i].client.job_timeout_us > longest_us)
            longest_us = p->callers[i].client.job_timeout_us;
    return longest_us;
}

static struct hazard *add(struct hazard_search *h, enum hazard_level level,
                          const char *code, const struct pool_params *pool)
{
    struct hazard *at = hazard_add(h, level, code);

    hazard_place(h, at, "Deployment", pool->name);
    return at;
}

/* After a build the hook still wants its idle looks. */
static sim_us looks_us(const struct drain_params *d)
{
    return d->poll_us * d->idle_looks;
}

static void check_grace(struct hazard_search *h, const struct pool_params *pool)
{
    sim_us longest_us = longest_job_us(h->p);
    sim_us grace_us = pool->kubelet.grace_us - looks_us(&pool->drain);
    char grace[32], longest[32];

    if (grace_us >= longest_us)
        return;
    duration_print(pool->kubelet.grace_us, grace);
    duration_print(longest_us, longest);
    struct hazard *at = add(h, HAZARD_WARNING, "grace-below-job-limit", pool);
    if (pool->kubelet.grace_us >= longest_us) {
        char looks[32];
        duration_print(looks_us(&pool->drain), looks);
        hazard_what(at,
                    "pods of pool %s have %s to drain, a job may take %s and "
                    "the drain hook looks for another %s: the longest build "
                    "ends so near the kill that late looks or a late start "
                    "cost it",
                    pool->name, grace, longest, looks);
        hazard_advice(at, "raise terminationGracePeriodSeconds by %s or more",
                      looks);
        return;
    }
    if (longest_us == SIM_NEVER)
        hazard_what(at,
                    "pods of pool %s have %s to drain and some client has no "
                    "job limit: a build that runs longer is killed",
                    pool->name, grace);
    else
        hazard_what(at,
                    "pods of pool %s have %s to drain, a job may take %s: a "
                    "build that still runs %s after its pod was chosen to go "
                    "is killed",
                    pool->name, grace, longest, grace);
    hazard_advice(at, "raise terminationGracePeriodSeconds, or be sure that "
                      "no build takes so long");
}

/* A build of the history that no drain can wait for. */
static void check_history(struct hazard_search *h, uint32_t index)
{
    const struct pool_params *pool = &h->p->pools[index];
    struct group own = by_pool_of(&h->builds, index);
    sim_us grace_us = pool->kubelet.grace_us, longest_us = 0;
    size_t n = 0;
    char grace[32], longest[32];

    for (size_t i = 0; i < own.n; i++) {
        const struct trace_build *b = &h->builds.trace->builds[own.at[i]];
        if (b->work_us <= grace_us)
            continue;
        longest_us = b->work_us > longest_us ? b->work_us : longest_us;
        n++;
    }
    if (n == 0 || !pool->autoscaled)
        return;
    struct hazard *at = add(h, HAZARD_ERROR, "grace-below-history", pool);
    duration_print(grace_us, grace);
    duration_print(longest_us, longest);
    hazard_what(at,
                "%zu builds of this history work longer than the %s that a pod "
                "of pool %s has to drain, one of them %s: chosen to go early, "
                "their pod is killed under them",
                n, grace, pool->name, longest);
    hazard_advice(at, "raise terminationGracePeriodSeconds above %s", longest);
}

static void check_drain(struct hazard_search *h, const struct pool_params *pool)
{
    const struct drain_params *d = &pool->drain;

    if (!pool->has_drain) {
        if (!pool->autoscaled)
            return;
        struct hazard *at = add(h, HAZARD_ERROR, "no-drain", pool);
        hazard_what(at,
                    "pool %s shrinks without a preStop hook: a pod that is "
                    "chosen to go loses its build at once",
                    pool->name);
        hazard_advice(at, "add a preStop hook that waits until no build is "
                          "connected");
        return;
    }
    sim_us least_us = looks_us(d);
    char grace[32], least[32];

    if (least_us <= pool->kubelet.grace_us) {
        check_grace(h, pool);
        return;
    }
    duration_print(pool->kubelet.grace_us, grace);
    duration_print(least_us, least);
    struct hazard *at = add(h, HAZARD_ERROR, "drain-longer-than-grace", pool);
    hazard_what(at,
                "the drain hook of pool %s takes %s at least, the pod has %s",
                pool->name, least, grace);
    hazard_advice(at, "raise terminationGracePeriodSeconds");
}

/* ------------------------------------------------------------ clients */

/* How long one try lasts that gets no slot. */
static sim_us failed_try_us(const struct client_params *c, sim_us queue_us)
{
    sim_us probe_us =
        c->connect_timeout_us < queue_us ? c->connect_timeout_us : queue_us;

    if (c->tool == CLIENT_BUILDX)
        probe_us += c->wait_budget_us;
    return probe_us + c->launch_us + c->exit_us;
}

/* Until a client has used all its tries. */
static double patience_s(const struct client_params *c, sim_us queue_us)
{
    double try_s = s_from_us(failed_try_us(c, queue_us));

    return c->attempts * try_s + (c->attempts - 1) * s_from_us(c->delay_us);
}

/* From a wish for a pod to a ready pod on a new node, by the means. */
static double cold_start_s(const struct system_params *p,
                           const struct pool_params *pool)
{
    const struct karp_params *k = &p->karpenter;
    const struct kubelet_params *l = &pool->kubelet;

    return s_from_us(pool->hpa.sync_us + k->batch_idle_us) +
           dist_mean_s(&k->launch) +
           p->boot_factor *
               (dist_mean_s(&k->registration) +
                dist_mean_s(&k->initialization) + dist_mean_s(&l->pull_cold)) +
           dist_mean_s(&l->start) + s_from_us(l->readiness.period_us);
}

static void check_short(struct hazard_search *h, const struct caller_params *c,
                        const struct pool_params *pool, double patient_s)
{
    double start_s = cold_start_s(h->p, pool);
    char patience[32], start[32];

    if (patient_s >= 2.0 * start_s)
        return;
    bool hopeless = patient_s < start_s;
    struct hazard *at = hazard_add(h, hopeless ? HAZARD_ERROR : HAZARD_WARNING,
                                   "patience-below-cold-start");
    duration_print(us_from_s(round(patient_s)), patience);
    duration_print(us_from_s(round(start_s)), start);
    hazard_what(at,
                "clients %s give up after about %s; a pod of pool %s on a new "
                "node takes about %s%s",
                c->name, patience, pool->name, start,
                hopeless ? "" : ", and half of the nodes take longer");
    hazard_advice(at, "allow more attempts or a longer delay");
}

static void check_long(struct hazard_search *h, const struct caller_params *c,
                       double patient_s)
{
    char patience[32], limit[32];
    sim_us limit_us = c->client.job_timeout_us;

    if (limit_us == SIM_NEVER || patient_s <= s_from_us(limit_us))
        return;
    struct hazard *at = hazard_add(h, HAZARD_NOTE, "patience-beyond-job-limit");
    duration_print(us_from_s(round(patient_s)), patience);
    duration_print(limit_us, limit);
    hazard_what(at,
                "%u attempts of clients %s last about %s, their job ends "
                "after %s: it is killed, not failed after its retries",
                c->client.attempts, c->name, patience, limit);
    hazard_advice(at, "allow fewer attempts, so that a failure says why");
}

static void check_client(struct hazard_search *h, const struct caller_params *c)
{
    double least_s = 9e9;
    const struct pool_params *tightest = NULL;

    if (c->client.retry == CLIENT_RETRY_NONE)
        return;
    for (size_t i = 0; i < h->p->n_pools; i++) {
        const struct pool_params *pool = &h->p->pools[i];
        sim_us queue_us = lb_queue_limit_us(&h->p->lb.backends[pool->backend]);
        double patient_s = patience_s(&c->client, queue_us);
        if (!tightest || patient_s < least_s) {
            least_s = patient_s;
            tightest = pool;
        }
    }
    if (!tightest)
        return;
    least_s = least_s < 9e9 ? least_s : 9e9;
    check_short(h, c, tightest, least_s);
    check_long(h, c, least_s);
}

/* The status that follows the container's start restarts the probe's clock;
 * its look falls into the initial delay, and the next comes a period later.
 */
static void check_readiness(struct hazard_search *h,
                            const struct pool_params *pool)
{
    const struct kubelet_probe *r = &pool->kubelet.readiness;
    char period[32], delay[32];

    if (!r->used || pool->kubelet.startup.used || !pool->kubelet.reset_ticker ||
        r->initial_delay_us == 0 || r->period_us <= READY_PERIOD_US)
        return;
    struct hazard *at = add(h, HAZARD_NOTE, "readiness-period", pool);
    duration_print(r->period_us, period);
    duration_print(r->initial_delay_us, delay);
    hazard_what(at,
                "the readiness probe of pool %s looks every %s, and its first "
                "look falls into the initial delay of %s: a pod on a warm "
                "node is ready about %s after its container starts",
                pool->name, period, delay, period);
    hazard_advice(at, "shorten periodSeconds, or add a startupProbe with a "
                      "period of a few seconds");
}

void hazards_ends(struct hazard_search *h)
{
    for (uint32_t i = 0; i < h->p->n_pools; i++) {
        check_drain(h, &h->p->pools[i]);
        check_history(h, i);
        check_readiness(h, &h->p->pools[i]);
    }
    for (size_t i = 0; i < h->p->n_callers; i++)
        check_client(h, &h->p->callers[i]);
}

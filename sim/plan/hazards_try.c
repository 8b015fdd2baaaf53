#include "sim/plan/hazards_try.h"

#include "sim/base/mem.h"
#include "sim/plan/alerts.h"
#include "sim/plan/hazards_parts.h"
#include "sim/plan/trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OUTAGE_US (120 * US_PER_S)
#define UPDATE_AT_US (1800 * US_PER_S)

struct attempt {
    struct hazard_search h;
    uint64_t seed;
    struct trial_load day;
    struct trial busiest; /* the day, as configured */
    char day_name[64];
};

static struct hazard *add(struct attempt *a, enum hazard_level level,
                          const char *code, const char *kind, uint32_t pool)
{
    struct hazard *at = hazard_add(&a->h, level, code);

    at->simulated = true;
    hazard_place(&a->h, at, kind, a->h.p->pools[pool].name);
    return at;
}

static const char *pool_name(const struct attempt *a, uint32_t pool)
{
    return a->h.p->pools[pool].name;
}

/* ------------------------------------------------------------ the day */

static void judge_kills(struct attempt *a, uint32_t i)
{
    const struct trial_pool *p = &a->busiest.pools[i];

    if (p->kills == 0)
        return;
    struct hazard *at = add(a, HAZARD_ERROR, "builds-killed", "Deployment", i);
    hazard_what(at,
                "on %s %lu builds of pool %s lost their pod while it "
                "drained or was killed",
                a->day_name, (unsigned long)p->kills, pool_name(a, i));
    hazard_advice(at, "raise terminationGracePeriodSeconds, and see that the "
                      "drain hook waits for builds");
}

static void judge_regrets(struct attempt *a, uint32_t i)
{
    const struct trial_pool *p = &a->busiest.pools[i];
    char within[32];

    if (p->regretted == 0 || (int64_t)p->regretted * 10 < p->removed)
        return;
    duration_print(a->h.p->regret_us, within);
    struct hazard *at =
        add(a, HAZARD_WARNING, "removals-regretted", "ScaledObject", i);
    hazard_what(at,
                "on %s %lu of the %ld pods that pool %s gave up were wanted "
                "back within %s",
                a->day_name, (unsigned long)p->regretted, (long)p->removed,
                pool_name(a, i), within);
    hazard_advice(at, "lengthen behavior.scaleDown.stabilizationWindowSeconds, "
                      "or allow fewer pods a period");
}

static void judge_sight(struct attempt *a, uint32_t i)
{
    const struct trial_pool *p = &a->busiest.pools[i];

    if (!a->h.p->pools[i].autoscaled || p->waiting_s < 60.0 ||
        p->unseen_s < 0.1 * p->waiting_s)
        return;
    struct hazard *at =
        add(a, HAZARD_WARNING, "queue-unseen", "ScaledObject", i);
    hazard_what(at,
                "on %s builds of pool %s waited %.1f hours in all, and %.0f %% "
                "of that did not show in the balancer's queue, so that the "
                "scaler saw too small a load",
                a->day_name, pool_name(a, i), p->waiting_s / 3600.0,
                100.0 * p->unseen_s / p->waiting_s);
    hazard_advice(at, "lengthen timeout queue, shorten the clients' sleep, or "
                      "keep more pods");
}

static void judge_servers(struct attempt *a, const struct trial *t, uint32_t i,
                          const char *load)
{
    char lost[32];

    if (t->pools[i].lost_s < 1.0)
        return;
    struct hazard *at = add(a, t == &a->busiest ? HAZARD_ERROR : HAZARD_WARNING,
                            "servers-lost", "Deployment", i);
    duration_print(us_from_s(round(t->pools[i].lost_s)), lost);
    hazard_what(at,
                "%s the balancer knew no server of pool %s for %s although "
                "pods were ready: dials of its %lu builds failed meanwhile",
                load, pool_name(a, i), lost, (unsigned long)t->pools[i].builds);
    hazard_advice(at, "keep the pool below what its DNS answer holds, or raise "
                      "accepted_payload_size");
}

/* ------------------------------------------------------------ burst */

static void try_burst(struct attempt *a)
{
    struct trial_load l;
    struct trial t;
    char load[96];

    trial_burst(&l, a->h.s);
    if (l.trace.n > 0) {
        trial_run(&t, &l, a->h.s, a->h.p, a->seed, 0);
        snprintf(load, sizeof load, "in a burst of %zu builds at once",
                 l.trace.n);
        alerts_try(&a->h, &a->busiest, &t);
        for (uint32_t i = 0; i < t.n_pools; i++)
            if (a->busiest.pools[i].lost_s < 1.0)
                judge_servers(a, &t, i, load);
        trial_free(&t);
    }
    trial_load_free(&l);
}

/* ------------------------------------------------------------ outage */

/* A tenth more or fewer: smaller steps are the scaler's own. */
static bool differs(int32_t a, int32_t b)
{
    return abs(a - b) * 10 >= b && a != b;
}

static void judge_outage(struct attempt *a, const struct trial *t, uint32_t i)
{
    const struct trial_pool *with = &a->busiest.pools[i], *out = &t->pools[i];
    bool lower = out->wanted_least < with->wanted_least &&
                 differs(out->wanted_least, with->wanted_least);

    if (!a->h.p->pools[i].autoscaled ||
        (!lower && (out->wanted_most < with->wanted_most ||
                    !differs(out->wanted_most, with->wanted_most))))
        return;
    struct hazard *at =
        add(a, HAZARD_WARNING, "outage-moves-pool", "ScaledObject", i);
    hazard_what(at,
                "two minutes without the metric at the peak of %s take pool "
                "%s to %d replicas, with it there are %d; builds wait %.1f "
                "hours in all in place of %.1f",
                a->day_name, pool_name(a, i),
                lower ? out->wanted_least : out->wanted_most,
                lower ? with->wanted_least : with->wanted_most,
                out->waiting_s / 3600.0, with->waiting_s / 3600.0);
    hazard_advice(at, "%s",
                  a->h.p->pools[i].keda.minor < 17
                      ? "move to KEDA 2.17.1 or newer, where a short outage "
                        "changes nothing"
                      : "raise fallback.failureThreshold, or set "
                        "fallback.behavior: currentReplicasIfHigher");
}

static void try_outage(struct attempt *a)
{
    struct system_params p = *a->h.p;
    struct fault f = {.kind = FAULT_METRICS_DOWN,
                      .at_us = a->day.peak_us,
                      .until_us = a->day.peak_us + OUTAGE_US,
                      .factor = 1.0,
                      .pool = NO_INDEX};
    struct trial t;

    p.faults = &f;
    p.n_faults = 1;
    trial_run(&t, &a->day, a->h.s, &p, a->seed, a->day.peak_us);
    for (uint32_t i = 0; i < t.n_pools; i++)
        judge_outage(a, &t, i);
    trial_free(&t);
}

/* ------------------------------------------------------------ update */

static void judge_update(struct attempt *a, const struct trial *t, uint32_t i)
{
    const struct pool_params *pool = &a->h.p->pools[i];
    uint32_t least = pool->autoscaled ? keda_min(&pool->keda) : pool->replicas;
    char gone[32];

    if (least == 0 || t->pools[i].gone_s < 1.0)
        return;
    struct hazard *at =
        add(a, HAZARD_WARNING, "update-stops-service", "Deployment", i);
    duration_print(us_from_s(round(t->pools[i].gone_s)), gone);
    hazard_what(at,
                "an update of the idle pool %s with its %u pods leaves the "
                "balancer without a server for %s: every dial fails meanwhile",
                pool->name, least, gone);
    hazard_advice(at, "set maxUnavailable 0 with maxSurge 1, or keep 2 pods");
}

static void try_update(struct attempt *a)
{
    struct system_params p = *a->h.p;
    struct fault f = {.kind = FAULT_ROLLOUT,
                      .at_us = UPDATE_AT_US,
                      .until_us = UPDATE_AT_US + 1,
                      .factor = 1.0,
                      .pool = NO_INDEX};
    struct trial_load l;
    struct trial t;

    p.faults = &f;
    p.n_faults = 1;
    p.pools = mem_array(p.n_pools, sizeof *p.pools);
    memcpy(p.pools, a->h.p->pools, p.n_pools * sizeof *p.pools);
    for (size_t i = 0; i < p.n_pools; i++)
        if (p.pools[i].autoscaled && keda_min(&p.pools[i].keda) > 0)
            p.pools[i].replicas = keda_min(&p.pools[i].keda);
    trial_idle(&l, a->h.s);
    if (l.trace.n > 0) {
        trial_run(&t, &l, a->h.s, &p, a->seed, UPDATE_AT_US);
        for (uint32_t i = 0; i < t.n_pools; i++)
            judge_update(a, &t, i);
        trial_free(&t);
    }
    trial_load_free(&l);
    free(p.pools);
}

/* ------------------------------------------------------------ defaults */

static void plain_down(struct hpa_params *p)
{
    p->down.has_policies = p->down.has_select = false;
}

static void plain_window(struct hpa_params *p)
{
    p->down.has_window = false;
}

static void plain_up(struct hpa_params *p)
{
    p->up.has_policies = p->up.has_select = p->up.has_window = false;
}

static const struct variant {
    const char *setting;
    void (*undo)(struct hpa_params *p);
} variants[] = {
    {"behavior.scaleDown.policies", plain_down},
    {"behavior.scaleDown.stabilizationWindowSeconds", plain_window},
    {"behavior.scaleUp", plain_up},
};

static bool same_rules(const struct hpa_rules *a, const struct hpa_rules *b)
{
    if (a->select != b->select || a->window_us != b->window_us ||
        a->n_policies != b->n_policies)
        return false;
    for (size_t i = 0; i < a->n_policies; i++)
        if (a->policies[i].type != b->policies[i].type ||
            a->policies[i].value != b->policies[i].value ||
            a->policies[i].period_us != b->policies[i].period_us)
            return false;
    return true;
}

/* Whether undoing it changes what is in force at all. */
static bool undoes(const struct hpa_params *had, struct hpa_params *now,
                   const struct variant *v)
{
    if (!had->has_behavior)
        return false;
    v->undo(now);
    hpa_behavior_defaults(now);
    return !same_rules(&had->up, &now->up) ||
           !same_rules(&had->down, &now->down) ||
           hpa_down_window_us(had) != hpa_down_window_us(now);
}

static void try_default(struct attempt *a, const struct variant *v)
{
    struct system_params p = *a->h.p;
    bool *undone = mem_array(p.n_pools, sizeof *undone), any = false;
    struct trial t;

    p.pools = mem_array(p.n_pools, sizeof *p.pools);
    memcpy(p.pools, a->h.p->pools, p.n_pools * sizeof *p.pools);
    for (size_t i = 0; i < p.n_pools; i++) {
        undone[i] = p.pools[i].autoscaled &&
                    undoes(&a->h.p->pools[i].hpa, &p.pools[i].hpa, v);
        any |= undone[i];
    }
    if (any) {
        trial_run(&t, &a->day, a->h.s, &p, a->seed, a->day.peak_us);
        for (uint32_t i = 0; i < t.n_pools; i++) {
            const struct trial_pool *had = &a->busiest.pools[i];
            if (!undone[i] || had->wanted_peak == had->wanted_floor ||
                t.pools[i].fingerprint != had->fingerprint)
                continue;
            struct hazard *at =
                add(a, HAZARD_NOTE, "changed-nothing", "ScaledObject", i);
            hazard_what(at,
                        "%s of pool %s changed nothing on %s: with the default "
                        "every event is the same",
                        v->setting, pool_name(a, i), a->day_name);
            hazard_advice(at, "leave it out, unless it is meant for another "
                              "kind of day");
        }
        trial_free(&t);
    }
    free(p.pools);
    free(undone);
}

/* ------------------------------------------------------------ all */

static void judge_day(struct attempt *a)
{
    char load[96];

    snprintf(load, sizeof load, "on %s", a->day_name);
    for (uint32_t i = 0; i < a->busiest.n_pools; i++) {
        judge_kills(a, i);
        judge_servers(a, &a->busiest, i, load);
        judge_sight(a, i);
        judge_regrets(a, i);
    }
}

static void try_variants(struct attempt *a)
{
    try_outage(a);
    try_burst(a);
    try_update(a);
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
        try_default(a, &variants[i]);
}

static void say(struct attempt *a)
{
    struct hazards *f = a->h.found;
    char from[40];

    if (a->h.s->trace.absolute)
        timestamp_print(a->day.trace.origin_us, from);
    else
        duration_print(a->day.start_us, from);
    snprintf(f->simulation, sizeof f->simulation,
             "%zu builds from %s on, the busiest day of the history%s. One "
             "replication each, seed %lu, without the scenario's faults",
             a->day.trace.n, from,
             a->busiest.events > TRIAL_EVENTS
                 ? ""
                 : ", and again with two minutes without the metric at the "
                   "peak and with settings at their defaults; a burst to "
                   "every maximum; an update of the idle pools",
             (unsigned long)a->seed);
}

void hazards_try(struct hazards *h, const struct scenario *s, uint64_t seed)
{
    struct system_params p = s->system;
    struct attempt a = {.h = {.found = h, .s = s, .p = &p}, .seed = seed};

    if (trial_pods(s) > TRIAL_PODS)
        return;
    p.n_faults = 0;
    snprintf(a.day_name, sizeof a.day_name, "the busiest day of this history");
    trial_busiest(&a.day, s);
    if (a.day.trace.n > 0) {
        trial_run(&a.busiest, &a.day, s, &p, seed, a.day.peak_us);
        judge_day(&a);
        if (a.busiest.events <= TRIAL_EVENTS)
            try_variants(&a);
        say(&a);
        trial_free(&a.busiest);
        hazards_sort(h);
    }
    trial_load_free(&a.day);
}

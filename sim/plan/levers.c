#include "sim/plan/levers.h"

#include "sim/base/mem.h"
#include "traces/stats.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ the list */

static const struct {
    const char *words, *sets[LEVER_SETS];
} fixed[] = {
    {"scale-down: API default, 300 s, all at once",
     {"hpa.down_window=5m", "hpa.down_policies=100%/15s"}},
    {"scale-down: 600 s, 1 pod per 120 s",
     {"hpa.down_window=10m", "hpa.down_policies=1/2m"}},
    {"scale-down: 1200 s, max(10, 20 %) per 1200 s",
     {"hpa.down_window=20m", "hpa.down_policies=10/20m+20%/20m"}},
    {"drain waits for 20 idle minutes",
     {"drain.poll=15s", "drain.idle_polls=80"}},
    {"balancer: queue limit 10 min", {"lb.queue_timeout=10m"}},
    {"balancer: queue limit 1 h", {"lb.queue_timeout=1h"}},
    {"nodes: consolidateAfter 1 min", {"nodepool.consolidate_after=1m"}},
    {"nodes: consolidateAfter 15 min", {"nodepool.consolidate_after=15m"}},
    {"nodes: consolidateAfter 30 min", {"nodepool.consolidate_after=30m"}},
    {"pods: readiness every 5 s", {"kubelet.readiness.period=5s"}},
    {"Karpenter: batch window 1 s, at most 10 s",
     {"karpenter.batch_idle=1s", "karpenter.batch_max=10s"}},
    {"clients: 5 s between tries", {"client.delay=5s"}},
};

static struct lever *add(struct levers *l, const char *words)
{
    struct lever *x = &l->at[l->n++];

    *x = (struct lever){.setting = SIZE_MAX, .base = SIZE_MAX};
    (void)snprintf(x->words, sizeof x->words, "%s", words);
    return x;
}

__attribute__((format(printf, 2, 3))) static void
add_set(struct lever *x, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    (void)vsnprintf(x->sets[x->n_sets++], TRIALS_SET, format, list);
    va_end(list);
}

static void list_fixed(struct levers *l)
{
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        struct lever *x = add(l, fixed[i].words);
        for (size_t k = 0; k < LEVER_SETS && fixed[i].sets[k]; k++)
            add_set(x, "%s", fixed[i].sets[k]);
    }
}

/* ------------------------------------------------------------ the record */

struct record {
    const struct scenario *s;
    const struct trace *t;
    uint32_t pool;
};

/* First hour of the twelve in which most builds of working days are asked. */
static int busy_hour(const struct record *r)
{
    size_t by_hour[24] = {0}, most = 0;
    int best = 0;

    for (size_t i = 0; i < r->t->n; i++) {
        int weekday, hour;
        hour_of_week(r->t->origin_us + r->t->builds[i].asked_us, &weekday,
                     &hour);
        by_hour[hour] +=
            weekday < 5 && r->s->pool_of[r->t->builds[i].pool] == r->pool;
    }
    for (int from = 0; from < 24; from++) {
        size_t sum = 0;
        for (int i = 0; i < 12; i++)
            sum += by_hour[(from + i) % 24];
        if (sum > most) {
            most = sum;
            best = from;
        }
    }
    return best;
}

/* When the demand of the pool is highest, and its mean. */
static sim_us peak_of(const struct record *r, double *mean)
{
    size_t n = 0;
    struct pool_stats *stats = trace_stats(r->t, &n);
    sim_us at_us = 0;
    int64_t most = -1;

    *mean = 0.0;
    for (size_t i = 0; i < n; i++) {
        if (r->s->pool_of[stats[i].pool] != r->pool)
            continue;
        *mean += stats[i].demand_mean;
        if (stats[i].demand_peak > most) {
            most = stats[i].demand_peak;
            at_us = stats[i].demand_peak_us;
        }
    }
    free(stats);
    return at_us;
}

static void list_schedule(struct levers *l, const struct record *r, double mean)
{
    const char *name = r->s->system.pools[r->pool].name;
    int from = busy_hour(r), until = (from + 12) % 24;
    unsigned replicas = (unsigned)ceil(2.0 * mean) + 1;
    char words[LEVER_TEXT];

    (void)snprintf(words, sizeof words,
                   "schedule: %u pods from %02d:00 to %02d:00 UTC, Mon-Fri",
                   replicas, from, until);
    add_set(add(l, words), "@cron %s %u 0 %d * * 1-5|0 %d * * %s", name,
            replicas, from, until, until > from ? "1-5" : "2-6");
}

enum { OUTAGE_BEFORE_S = 1800, OUTAGE_S = 7200 };

/* The first is compared with today, the others with the first. */
static void list_outage(struct levers *l, const struct record *r,
                        sim_us peak_us, uint32_t fallback)
{
    const char *name = r->s->system.pools[r->pool].name;
    double from_s = fmax(s_from_us(peak_us) - OUTAGE_BEFORE_S, 0.0);
    char outage[TRIALS_SET];
    struct lever *x;

    (void)snprintf(outage, sizeof outage, "@metrics_down %.0f %.0f", from_s,
                   from_s + OUTAGE_S);
    add_set(add(l, "metric lost for 2 h at the peak"), "%s", outage);
    x = add(l, "then: the recommended fallback.replicas");
    add_set(x, "%s", outage);
    add_set(x, "%s.fallback_replicas=%u", name, fallback);
    x = add(l, "then: fallback currentReplicasIfHigher");
    add_set(x, "%s", outage);
    add_set(x, "fallback_behavior=currentReplicasIfHigher");
    x = add(l, "then: no fallback at all");
    add_set(x, "%s", outage);
    add_set(x, "fallback_replicas=-1");
}

/* ------------------------------------------------------------ the work */

/* A lever that is not possible here stays without a setting. */
static void find_setting(struct lever *x, struct trials *t)
{
    const char *set[LEVER_SETS];

    for (size_t i = 0; i < x->n_sets; i++)
        set[i] = x->sets[i];
    if (trials_setting(t, set, x->n_sets, &x->setting, &x->why) != ERR_OK)
        x->setting = SIZE_MAX;
}

static void judge(struct lever *x, const struct effect_on *on)
{
    x->usd = effect_of(on, x->setting, x->base, NO_INDEX, GOAL_COST_USD);
    x->wait_h = effect_of(on, x->setting, x->base, NO_INDEX, TRIAL_WAIT_H);
    x->p95_s = effect_of(on, x->setting, x->base, NO_INDEX, GOAL_P95_WAIT);
    x->regretted =
        effect_of(on, x->setting, x->base, NO_INDEX, TRIAL_REGRETTED);
}

static int run_all(struct levers *l, const struct effect_on *on, size_t today,
                   struct err *e)
{
    size_t settings[LEVERS + 1] = {today}, n = 1;

    for (size_t i = 0; i < l->n; i++)
        if (l->at[i].setting != SIZE_MAX)
            settings[n++] = l->at[i].setting;
    return effect_run(on, settings, n, e);
}

int levers_work(struct levers *l, const struct effect_on *on, uint32_t pool,
                uint32_t fallback, struct err *e)
{
    const struct record r = {on->t->base, histories_recorded(on->t->histories),
                             pool};
    double mean;
    sim_us peak_us = peak_of(&r, &mean);
    size_t today, outage;
    int rc = trials_setting(on->t, NULL, 0, &today, e);

    list_fixed(l);
    list_schedule(l, &r, mean);
    outage = l->n;
    list_outage(l, &r, peak_us, fallback);
    for (size_t i = 0; i < l->n; i++)
        find_setting(&l->at[i], on->t);
    if (rc == ERR_OK)
        rc = run_all(l, on, today, e);
    for (size_t i = 0; i < l->n && rc == ERR_OK; i++) {
        struct lever *x = &l->at[i];
        x->base = i > outage ? l->at[outage].setting : today;
        if (x->setting == SIZE_MAX || x->base == SIZE_MAX)
            continue;
        judge(x, on);
        x->warm_frac = effect_mean(on, x->setting, pool, TRIAL_WARM_FRAC);
    }
    return rc;
}

/* ------------------------------------------------------------ windows */

static void take_point(struct window_point *p, const struct effect_on *on)
{
    p->usd = effect_mean(on, p->setting, NO_INDEX, GOAL_COST_USD);
    p->wait_h = effect_mean(on, p->setting, NO_INDEX, TRIAL_WAIT_H);
    p->regretted = effect_mean(on, p->setting, NO_INDEX, TRIAL_REGRETTED);
    p->churn = effect_mean(on, p->setting, NO_INDEX, TRIAL_CHURN);
    p->nodes_started =
        effect_mean(on, p->setting, NO_INDEX, TRIAL_NODES_STARTED);
    p->warm_frac = effect_mean(on, p->setting, 0, TRIAL_WARM_FRAC);
}

int levers_windows(struct window_point points[WINDOWS],
                   const struct effect_on *on, struct err *e)
{
    static const int minutes[WINDOWS] = {0, 2, 5, 10, 15, 20, 30, 45, 60};
    size_t settings[WINDOWS] = {0};
    int rc = ERR_OK;

    for (size_t i = 0; i < WINDOWS && rc == ERR_OK; i++) {
        char set[TRIALS_SET];
        const char *sets[] = {set};
        points[i].window_us = minutes[i] * 60 * US_PER_S;
        (void)snprintf(set, sizeof set, "hpa.down_window=%ds", 60 * minutes[i]);
        rc = trials_setting(on->t, sets, 1, &points[i].setting, e);
        settings[i] = points[i].setting;
    }
    if (rc == ERR_OK)
        rc = effect_run(on, settings, WINDOWS, e);
    for (size_t i = 0; i < WINDOWS && rc == ERR_OK; i++)
        take_point(&points[i], on);
    return rc;
}

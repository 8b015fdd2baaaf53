/* alerts_try.c - what alert rules would have done on a day and in a burst. */
#include "sim/plan/alerts.h"

#include <string.h>

/* Often enough on a usual day that nobody looks any more. */
enum { OFTEN = 3, RULES = 50 /* replayed at most: it should take no time */ };

struct scrape {
    const struct system_params *p;
    const struct trial *trial;
    size_t minute;
};

static bool value_of(const struct trial_sample *x, enum gauge gauge,
                     double *out)
{
    switch (gauge) {
    case GAUGE_QUEUE:
        *out = x->queue;
        return true;
    case GAUGE_SESSIONS:
        *out = x->sessions;
        return true;
    case GAUGE_SERVERS:
        *out = x->reachable;
        return true;
    case GAUGE_WANTED:
        *out = x->wanted;
        return true;
    case GAUGE_READY:
        *out = x->ready;
        return true;
    default:
        return false;
    }
}

/* A trial knows the backends that clients of a pool dial, and no others. */
static enum promql_truth judge_scrape(void *context,
                                      const struct promql_term *t)
{
    const struct scrape *s = context;
    const struct metric *m = metric_find(t->metric);
    double sum = 0.0, value;
    bool any = false;
    size_t n = 0;

    if (!m || t->use == PROMQL_GROWTH || t->use == PROMQL_COUNT)
        return PROMQL_MAYBE;
    for (uint32_t i = 0; i < s->p->n_pools; i++) {
        if (!metric_of_pool(m, t, s->p, i))
            continue;
        if (!value_of(&s->trial->pools[i].samples[s->minute], m->gauge, &value))
            return PROMQL_MAYBE;
        any |= promql_holds(t->op, value, t->number);
        sum += value;
        n++;
    }
    if (n == 0)
        return PROMQL_MAYBE;
    if (t->use == PROMQL_SUM)
        any = promql_holds(t->op, sum, t->number);
    return any ? PROMQL_ALWAYS : PROMQL_NEVER;
}

struct outcome {
    size_t minutes, n_true, n_fired, longest; /* minutes but n_fired */
};

/* False if a part of the condition is not simulated. */
static bool replay(const struct alert *a, const struct scrape *from,
                   struct outcome *out)
{
    struct scrape s = *from;
    size_t spell = 0;
    struct err e;

    *out = (struct outcome){.minutes = s.trial->n_samples};
    for (s.minute = 0; s.minute < s.trial->n_samples; s.minute++) {
        enum promql_truth truth;
        if (promql_read(a->condition, judge_scrape, &s, &truth, &e) != ERR_OK ||
            truth == PROMQL_MAYBE)
            return false;
        if (truth == PROMQL_NEVER) {
            spell = 0;
            continue;
        }
        /* Fires once, when it has been true for so long. */
        sim_us held_us = (sim_us)spell * 60 * US_PER_S;
        bool held = held_us >= a->for_us;
        out->n_fired +=
            held && (spell == 0 || held_us - 60 * US_PER_S < a->for_us);
        spell++;
        out->n_true++;
        out->longest = spell > out->longest ? spell : out->longest;
    }
    return true;
}

static void tell_often(struct hazard_search *h, const struct alert *a,
                       const struct outcome *day)
{
    struct hazard *at = alert_hazard(h, a, HAZARD_WARNING, "alert-often-true");

    at->simulated = true;
    hazard_what(at,
                "alert %.64s fires %zu times on the busiest day of this "
                "history; its condition is true in %.0f %% of the minutes, for "
                "up to %zu in a row",
                a->name, day->n_fired,
                100.0 * (double)day->n_true / (double)day->minutes,
                day->longest);
    hazard_advice(at, "raise the threshold or lengthen \"for\": it tells "
                      "growth that is on its way from trouble");
}

static void tell_silent(struct hazard_search *h, const struct alert *a,
                        const struct outcome *day, const struct outcome *burst)
{
    size_t longest =
        day->longest > burst->longest ? day->longest : burst->longest;
    struct hazard *at = alert_hazard(h, a, HAZARD_NOTE, "alert-silent");
    char held[32];

    at->simulated = true;
    duration_print(a->for_us, held);
    hazard_what(at,
                "alert %.64s fires neither on the busiest day of this history "
                "nor in a burst to every maximum: its condition, to hold for "
                "%s, is true for %zu minutes in a row at most",
                a->name, held, longest);
    hazard_advice(at, "see that this is meant: it would not have told you of "
                      "either");
}

struct trials {
    const struct trial *day, *burst;
    size_t n_rules;
};

static void try_rule(struct hazard_search *h, const struct alert *a,
                     void *context)
{
    struct trials *t = context;
    struct scrape day = {h->p, t->day, 0}, burst = {h->p, t->burst, 0};
    struct outcome d, b;

    if (++t->n_rules > RULES || a->for_us == SIM_NEVER ||
        !replay(a, &day, &d) || !replay(a, &burst, &b))
        return;
    if (d.n_fired >= OFTEN)
        tell_often(h, a, &d);
    else if (d.n_fired + b.n_fired == 0)
        tell_silent(h, a, &d, &b);
}

void alerts_try(struct hazard_search *h, const struct trial *day,
                const struct trial *burst)
{
    struct trials t = {day, burst, 0};

    alerts_each(h, try_rule, &t);
}

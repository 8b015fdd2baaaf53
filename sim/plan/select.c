#include "sim/plan/select.h"

#include "sim/base/mem.h"
#include "sim/engine/tally.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

/* Values by setting, then by replication. */
struct race {
    const struct select_task *t;
    struct selection *s;
    double *cost, *over; /* owned */
    size_t *n_have;      /* owned; replications that were run */
    struct select_run *runs;
    size_t cap_runs;
    double h2;
};

double select_h2(size_t n_settings, size_t first, double error)
{
    assert(n_settings >= 2 && first >= 2);
    double share = 2.0 * error / (double)(n_settings - 1);
    double eta = 0.5 * (pow(share, -2.0 / (double)(first - 1)) - 1.0);

    return 2.0 * eta * (double)(first - 1);
}

/* ------------------------------------------------------------ values */

static double *costs(const struct race *r, size_t setting)
{
    return &r->cost[setting * r->t->at_most];
}

static double *overs(const struct race *r, size_t setting)
{
    return &r->over[setting * r->t->at_most];
}

static bool is_wanted(const struct race *r, size_t setting)
{
    return !r->t->racing || r->s->lines[setting].state == SELECT_IN;
}

/* Runs what is wanted up to n replications; false if it was stopped. */
static bool fetch(struct race *r, size_t n)
{
    size_t n_runs = 0;

    for (size_t i = 0; i < r->t->n_settings; i++)
        for (; is_wanted(r, i) && r->n_have[i] < n; r->n_have[i]++) {
            r->runs =
                mem_grow(r->runs, &r->cap_runs, n_runs + 1, sizeof *r->runs);
            r->runs[n_runs++] =
                (struct select_run){.setting = i, .replication = r->n_have[i]};
        }
    if (n_runs == 0)
        return true;
    if (r->t->should_stop && r->t->should_stop(r->t->context))
        return false;
    r->t->run(r->t->context, r->runs, n_runs);
    r->s->n_runs += n_runs;
    for (size_t i = 0; i < n_runs; i++) {
        const struct select_run *run = &r->runs[i];
        assert(isfinite(run->cost));
        costs(r, run->setting)[run->replication] = run->cost;
        overs(r, run->setting)[run->replication] = run->over;
    }
    return true;
}

static void read_line(struct race *r, size_t setting, size_t n)
{
    struct select_line *line = &r->s->lines[setting];
    struct tally cost = {0}, over = {0};

    for (size_t i = 0; i < n; i++) {
        tally_add(&cost, costs(r, setting)[i]);
        tally_add(&over, overs(r, setting)[i]);
    }
    line->n_read = n;
    line->cost = cost.mean;
    line->over = r->t->limit == SELECT_EVERY ? over.max : over.mean;
}

/* ------------------------------------------------------------ the limit */

/* The mean is above the limit for certain, or at the end as it stands. Each
 * setting is looked at so often that the looks share the error.
 */
static bool mean_misses(const struct race *r, size_t setting, size_t n)
{
    const struct select_task *t = r->t;
    size_t looks = t->at_most / t->batch + 1;
    double share = t->error / (double)(looks * t->n_settings);
    struct tally over = {0};

    if (n == t->at_most)
        return !(r->s->lines[setting].over <= 0.0);
    if (n < t->first)
        return false;
    for (size_t i = 0; i < n; i++)
        tally_add(&over, overs(r, setting)[i]);
    double student = gsl_cdf_tdist_Qinv(share, (double)(n - 1));

    return over.mean - student * sqrt(tally_variance(&over) / (double)n) > 0.0;
}

static bool misses(const struct race *r, size_t setting, size_t n)
{
    if (r->t->limit == SELECT_EVERY)
        return !(r->s->lines[setting].over <= 0.0);
    return mean_misses(r, setting, n);
}

/* Those that a setting beat are in again if it misses its limit. */
static bool drop_misses(struct race *r, size_t n)
{
    struct select_line *lines = r->s->lines;
    bool any_returns = false;

    for (size_t i = 0; i < r->t->n_settings; i++) {
        if (lines[i].state != SELECT_IN || !misses(r, i, n))
            continue;
        lines[i].state = SELECT_MISSED;
        for (size_t k = 0; k < r->t->n_settings; k++)
            if (lines[k].state == SELECT_BEATEN && lines[k].by == i) {
                lines[k].state = SELECT_IN;
                any_returns = true;
            }
    }
    return any_returns;
}

/* ------------------------------------------------------------ cost */

static size_t cheapest(const struct race *r)
{
    const struct select_line *lines = r->s->lines;
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < r->t->n_settings; i++)
        if (lines[i].state == SELECT_IN &&
            (best == SIZE_MAX || lines[i].cost < lines[best].cost))
            best = i;
    return best;
}

/* Variance of the paired differences of the first replications. */
static double variance_of_pairs(const struct race *r, size_t a, size_t b)
{
    struct tally off = {0};

    for (size_t i = 0; i < r->t->first; i++)
        tally_add(&off, costs(r, a)[i] - costs(r, b)[i]);
    return tally_variance(&off);
}

static void drop_beaten(struct race *r, size_t n)
{
    struct select_line *lines = r->s->lines;
    double delta = r->t->indifference, count = (double)n;
    size_t best = cheapest(r);

    if (n < r->t->first || best == SIZE_MAX)
        return;
    for (size_t i = 0; i < r->t->n_settings; i++) {
        if (lines[i].state != SELECT_IN || i == best)
            continue;
        double scaled = r->h2 * variance_of_pairs(r, i, best) / (delta * delta);
        double slack = fmax(0.0, delta / (2.0 * count) * (scaled - count));
        if (lines[i].cost > lines[best].cost + slack) {
            lines[i].state = SELECT_BEATEN;
            lines[i].by = best;
        }
    }
}

/* ------------------------------------------------------------ the race */

/* All decisions at n replications; false if it was stopped. */
static bool decide(struct race *r, size_t n)
{
    do {
        if (!fetch(r, n))
            return false;
        for (size_t i = 0; i < r->t->n_settings; i++)
            if (r->s->lines[i].state == SELECT_IN)
                read_line(r, i, n);
    } while (drop_misses(r, n));
    drop_beaten(r, n);
    return true;
}

static void check(const struct select_task *t)
{
    assert(t->n_settings >= 1 && t->first >= 2 && t->batch >= 1);
    assert(t->at_most >= t->first && t->indifference > 0.0);
    assert(t->error > 0.0 && t->error < 1.0);
}

void select_best(struct selection *s, const struct select_task *t)
{
    check(t);
    size_t n_values = t->n_settings * t->at_most;
    struct race r = {
        .t = t,
        .s = s,
        .cost = mem_array(n_values, sizeof *r.cost),
        .over = mem_array(n_values, sizeof *r.over),
        .n_have = mem_array(t->n_settings, sizeof *r.n_have),
        .h2 = t->n_settings < 2 ? 0.0
                                : select_h2(t->n_settings, t->first, t->error),
    };

    *s = (struct selection){
        .lines = mem_array(t->n_settings, sizeof *s->lines),
        .n_lines = t->n_settings,
    };
    for (size_t n = 0; n < t->at_most && !s->is_stopped;) {
        n = n + t->batch < t->at_most ? n + t->batch : t->at_most;
        s->is_stopped = !decide(&r, n);
    }
    s->best = cheapest(&r);
    for (size_t i = 0; i < t->n_settings; i++)
        s->n_left += s->lines[i].state == SELECT_IN;
    free(r.runs);
    free(r.n_have);
    free(r.over);
    free(r.cost);
}

void selection_free(struct selection *s)
{
    free(s->lines);
    *s = (struct selection){0};
}

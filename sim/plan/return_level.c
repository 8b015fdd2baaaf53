#include "sim/plan/return_level.h"

#include "sim/engine/tally.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { DRAW_SPREAD = 1100 }; /* beyond the purposes of replications */

#define NEAR 1e-3 /* as near to its bound a shape counts as there */

/* ------------------------------------------------------------ clusters */

/* Maxima of the clusters at or above a threshold > 0; returns their number.
 *
 * maxima    room for one a step, or NULL
 */
static size_t decluster(const struct return_task *t, int64_t threshold,
                        int64_t maxima[])
{
    size_t n = 0;
    sim_us ended_us = 0;
    bool inside = false;

    for (size_t i = 0; i < t->n; i++) {
        int64_t builds = t->steps[i].builds;
        if (builds < threshold) {
            ended_us = inside ? t->steps[i].at_us : ended_us;
            inside = false;
            continue;
        }
        if (!inside && (n == 0 || t->steps[i].at_us - ended_us >= t->gap_us)) {
            n++;
            if (maxima)
                maxima[n - 1] = 0;
        }
        inside = true;
        if (maxima && builds > maxima[n - 1])
            maxima[n - 1] = builds;
    }
    return n;
}

static int64_t largest(const struct return_task *t)
{
    int64_t most = 0;

    for (size_t i = 0; i < t->n; i++)
        most = t->steps[i].builds > most ? t->steps[i].builds : most;
    return most;
}

static void find_threshold(struct return_level *r, const struct return_task *t)
{
    for (int64_t k = r->observed; k > 0 && r->threshold == 0; k--) {
        r->n_clusters = decluster(t, k, NULL);
        if (r->n_clusters >= RETURN_CLUSTERS)
            r->threshold = k;
    }
}

/* ------------------------------------------------------------ the law */

/* Excesses over half a build below the threshold, each spread over a build. */
static double *excesses(const struct return_level *r,
                        const struct return_task *t)
{
    int64_t *maxima = mem_array(t->n, sizeof *maxima);
    double *y = mem_array(r->n_clusters, sizeof *y);

    decluster(t, r->threshold, maxima);
    for (size_t i = 0; i < r->n_clusters; i++)
        y[i] = (double)(maxima[i] - r->threshold) +
               random_u01(t->world, DRAW_SPREAD, i, 0);
    free(maxima);
    return y;
}

static double base(const struct return_level *r)
{
    return (double)r->threshold - 0.5;
}

static bool is_regular(const struct gpd *g)
{
    return g->shape > GPD_LEAST + NEAR && g->shape < GPD_MOST - NEAR;
}

static void state_level(struct return_level *r, const struct return_task *t)
{
    double once_in = r->clusters_per_day * t->horizon_days;
    double *y = excesses(r, t);

    r->law = gpd_fit(y, r->n_clusters);
    if (is_regular(&r->law)) {
        struct gpd_interval i =
            gpd_level_interval(y, r->n_clusters, once_in, t->error);
        r->level = base(r) + gpd_level(&r->law, once_in);
        r->low = base(r) + i.low;
        r->high = base(r) + i.high;
    } else {
        r->verdict = RETURN_IRREGULAR;
    }
    free(y);
}

struct return_level return_level(const struct return_task *t)
{
    double days = (double)t->span_us / (double)US_PER_DAY;
    struct return_level r = {.observed = largest(t),
                             .stretch = t->horizon_days / days};

    assert(t->span_us > 0 && t->gap_us >= 0 && t->horizon_days > 0.0);
    if (t->capped) {
        r.verdict = RETURN_CAPPED;
        return r;
    }
    find_threshold(&r, t);
    r.clusters_per_day = (double)r.n_clusters / days;
    if (r.threshold == 0)
        r.verdict = RETURN_FEW;
    else if (!(r.clusters_per_day * t->horizon_days > 1.0))
        r.verdict = RETURN_SHORT;
    else
        state_level(&r, t);
    return r;
}

/* ------------------------------------------------------------ answers */

const char *return_level_why(enum return_verdict verdict)
{
    switch (verdict) {
    case RETURN_STATED:
        return "the record carries it";
    case RETURN_FEW:
        return "the record has fewer than 30 separate peaks: the horizon is "
               "longer than the data";
    case RETURN_CAPPED:
        return "the record's peak is cut by a pool of fixed size";
    case RETURN_IRREGULAR:
        return "the record's peaks follow no law that can be continued";
    case RETURN_SHORT:
        return "less than one separate peak is expected within the horizon";
    }
    return "";
}

sim_us return_gap_us(const struct trace *t, uint32_t pool)
{
    double *work_us = mem_array(t->n, sizeof *work_us), gap_us = 0.0;
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        if (t->builds[i].pool == pool && !t->builds[i].censored)
            work_us[n++] = (double)t->builds[i].work_us;
    if (n > 0) {
        sort_doubles(work_us, n);
        gap_us = quantile(work_us, n, 0.95);
    }
    free(work_us);
    return (sim_us)gap_us;
}

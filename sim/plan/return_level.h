/* return_level.h - how high the demand comes within a horizon, as far as the
 * record can tell.
 *
 * Models    peaks over a threshold: stretches of the demand at or above so many
 *           builds that are less than a gap apart are one cluster; the maxima
 *           of clusters follow a generalised Pareto law (gpd.h), clusters come
 *           at a steady rate. The threshold is the highest that leaves
 *           RETURN_CLUSTERS clusters. Demand is a count: the threshold lies
 *           half a build below, and maxima are spread over half a build either
 *           way before the fit.
 * Source    Coles, "An Introduction to Statistical Modeling of Extreme
 *           Values", 2001, chapters 4 and 5.
 * Left out  block maxima; declustering by the extremal index (the gap has a
 *           meaning here: a burst's builds last so long); seasons, growth.
 *
 * A record with fewer clusters, or whose peak a fixed pool has cut, or whose
 * peaks follow no such law with a shape inside gpd.h's bounds, carries no
 * statement: it is refused, and only the observed maximum stands.
 */
#ifndef SIM_PLAN_RETURN_LEVEL_H
#define SIM_PLAN_RETURN_LEVEL_H

#include "sim/engine/random.h"
#include "sim/plan/gpd.h"
#include "traces/stats.h"

#include <stdbool.h>

enum { RETURN_CLUSTERS = 30 };

enum return_verdict {
    RETURN_STATED,
    RETURN_FEW,       /* of clusters */
    RETURN_CAPPED,    /* see burst_rule.h */
    RETURN_IRREGULAR, /* the best shape is at a bound: no such law fits */
    RETURN_SHORT      /* less than a cluster is expected within the horizon */
};

struct return_task {
    const struct demand_step *steps; /* borrowed; as of trace_demand */
    size_t n;
    sim_us span_us; /* of the record, > 0 */
    sim_us gap_us;  /* >= 0; see return_gap_us */
    bool capped;
    double horizon_days;              /* > 0 */
    double error;                     /* 0 < error < 1, of the interval */
    const struct random_world *world; /* borrowed; spreads the counts */
};

struct return_level {
    enum return_verdict verdict;
    int64_t observed;  /* largest demand of the record */
    int64_t threshold; /* clusters reach it; 0: there are too few */
    size_t n_clusters;
    double clusters_per_day;
    struct gpd law;   /* of maxima above threshold - 1/2 */
    double level;     /* exceeded once in a horizon on average, in builds; */
    double low, high; /* its interval; all three 0 if refused */
    double stretch;   /* horizon over the span of the record; never refused */
};

struct return_level return_level(const struct return_task *t);

/* What the verdict means, a sentence without a full stop. */
const char *return_level_why(enum return_verdict verdict);

/* The 95 % quantile of the known work of a pool, which keeps a burst in one
 * cluster; 0 if no work is known.
 *
 * pool      index into trace strings
 */
sim_us return_gap_us(const struct trace *t, uint32_t pool);

#endif

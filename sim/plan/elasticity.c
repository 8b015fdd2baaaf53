#include "sim/plan/elasticity.h"

#include <assert.h>
#include <math.h>

/* Neumaier's sum. */
void exact_add(struct exact_sum *s, double x)
{
    double sum = s->sum + x;

    if (fabs(s->sum) >= fabs(x))
        s->rest += (s->sum - sum) + x;
    else
        s->rest += (x - sum) + s->sum;
    s->sum = sum;
}

double exact_total(const struct exact_sum *s)
{
    return s->sum + s->rest;
}

void elasticity_start(struct elasticity *e, sim_us from_us, sim_us until_us,
                      sim_us grid_us)
{
    assert(from_us <= until_us && grid_us > 0);
    *e = (struct elasticity){
        .from_us = from_us,
        .until_us = until_us,
        .grid_us = grid_us,
        .at_us = from_us,
    };
}

/* ------------------------------------------------------------ areas */

static int32_t at_least_one(int32_t x)
{
    return x > 1 ? x : 1;
}

static void add_area(struct elasticity *e, sim_us span_us)
{
    int32_t off = e->supply - e->demand;
    double units_us = fabs((double)off) * (double)span_us;

    if (off < 0) {
        e->under += (level_area)-off * span_us;
        e->under_us += span_us;
        exact_add(&e->under_share, units_us / at_least_one(e->demand));
    } else if (off > 0) {
        e->over += (level_area)off * span_us;
        e->over_us += span_us;
        exact_add(&e->over_share, units_us / at_least_one(e->supply));
        exact_add(&e->over_of_demand, units_us / at_least_one(e->demand));
    }
}

/* ------------------------------------------------------------ grid */

static int sign_of(int64_t x)
{
    return (x > 0) - (x < 0);
}

/* Of the points of the grid in [at_us, until_us) only the first can differ
 * from the one before it.
 */
static void add_points(struct elasticity *e, sim_us until_us)
{
    uint64_t before =
        (uint64_t)((until_us - e->from_us + e->grid_us - 1) / e->grid_us);

    if (before <= e->n_points)
        return;
    if (e->n_points > 0) {
        int up = sign_of((int64_t)e->supply - e->last_supply);
        int asked = sign_of((int64_t)e->demand - e->last_demand);
        e->supply_alone += up > asked;
        e->demand_alone += asked > up;
        e->opposed += up * asked == -1;
    }
    e->n_points = before;
    e->last_demand = e->demand;
    e->last_supply = e->supply;
}

/* ------------------------------------------------------------ changes */

static void advance(struct elasticity *e, sim_us to_us)
{
    if (to_us > e->until_us)
        to_us = e->until_us;
    if (to_us <= e->at_us)
        return;
    add_area(e, to_us - e->at_us);
    add_points(e, to_us);
    e->at_us = to_us;
}

static uint64_t distance(int32_t a, int32_t b)
{
    int64_t d = (int64_t)a - b;

    return (uint64_t)(d < 0 ? -d : d);
}

void elasticity_on_change(struct elasticity *e, sim_us at_us, int32_t demand,
                          int32_t supply)
{
    assert(demand >= 0 && supply >= 0);
    if (demand == e->demand && supply == e->supply)
        return; /* the same sums, however the time is cut */
    advance(e, at_us);
    if (at_us > e->from_us && at_us < e->until_us) {
        e->demand_moved += distance(demand, e->demand);
        e->supply_moved += distance(supply, e->supply);
    }
    e->demand = demand;
    e->supply = supply;
}

/* ------------------------------------------------------------ figures */

static double mean_of(const struct exact_sum *s, double window_us)
{
    return exact_total(s) / window_us;
}

static void take_grid(const struct elasticity *e,
                      struct elasticity_figures *out)
{
    double n = (double)e->n_points - 1.0;

    if (n < 1.0)
        return;
    out->supply_alone_frac = (double)e->supply_alone / n;
    out->demand_alone_frac = (double)e->demand_alone / n;
    out->opposed_frac = (double)e->opposed / n;
}

void elasticity_take(struct elasticity *e, uint32_t largest,
                     struct elasticity_figures *out)
{
    double window_us = (double)(e->until_us - e->from_us);

    assert(largest > 0);
    *out = (struct elasticity_figures){0};
    if (window_us <= 0.0)
        return;
    advance(e, e->until_us);
    out->under_pods = (double)e->under / window_us;
    out->over_pods = (double)e->over / window_us;
    out->under_frac = out->under_pods / largest;
    out->over_frac = out->over_pods / largest;
    out->under_norm_frac = mean_of(&e->under_share, window_us);
    out->over_norm_frac = mean_of(&e->over_share, window_us);
    out->over_demand_frac = mean_of(&e->over_of_demand, window_us);
    out->under_time_frac = (double)e->under_us / window_us;
    out->over_time_frac = (double)e->over_us / window_us;
    take_grid(e, out);
    out->jitter_per_h = ((double)e->supply_moved - (double)e->demand_moved) /
                        (window_us / (double)US_PER_H);
}

/* gaps.h - how long the demand does without each of its levels, and which
 * fixed window of holding on is the cheapest for that.
 *
 * Models    level k is idle from the moment the demand falls below k until it
 *           comes back to k. A window w holds an idle unit for w, then stops
 *           it and pays a start when it is wanted again: min(g, w) plus the
 *           break-even time if g > w, for each gap g.
 * Source    rent or buy: holding for the break-even time never costs more than
 *           twice the optimum; the mean over the gaps themselves needs no
 *           density.
 * Left out  units of several builds, starts that overlap with others.
 */
#ifndef SIM_PLAN_GAPS_H
#define SIM_PLAN_GAPS_H

#include "sim/base/units.h"
#include "traces/stats.h"

/* Starts from {0}. */
struct gaps {
    sim_us *at; /* owned; upwards */
    size_t n, cap;
};

/* The gaps of every level; what is never wanted again has none.
 *
 * steps     at_us strictly rising; the demand before the first one is 0
 */
void gaps_find(struct gaps *g, const struct demand_step steps[], size_t n);

void gaps_free(struct gaps *g); /* takes {0}; may repeat */

/* Unit time that a window costs over all gaps. */
double gaps_cost_s(const struct gaps *g, sim_us window_us,
                   sim_us break_even_us);

/* The cheapest window of all; the smallest of equals. It is 0 or one of the
 * gaps: between two gaps holding on longer only costs more.
 */
sim_us gaps_best_window(const struct gaps *g, sim_us break_even_us);

/* Gaps that outlast the window: units that are stopped and started again. */
size_t gaps_longer(const struct gaps *g, sim_us window_us);

#endif

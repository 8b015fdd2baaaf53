/* verdict.h - the scenario's targets held against what came out.
 *
 * A target on waits must be met by every pool by itself; the worst one is
 * named. Targets on counts and on cost are met by the sum over all pools. With
 * several replications the mean counts.
 */
#ifndef SIM_PLAN_VERDICT_H
#define SIM_PLAN_VERDICT_H

#include "scenarios/scenario.h"
#include "sim/plan/replicate.h"

struct verdict_line {
    struct scenario_target target;
    uint32_t pool; /* the worst one; NO_INDEX: all together */
    struct estimate got;
    bool met;
    bool close; /* the target lies within the interval of the mean */
};

struct verdict {
    struct verdict_line lines[SCENARIO_TARGETS];
    size_t n;
    bool met; /* all of them; true if there are none */
};

void verdict_take(struct verdict *v, const struct scenario *s,
                  const struct replications *r);

/* The figure that a target is about. */
enum figure verdict_figure(enum scenario_goal goal);

bool verdict_is_wait(enum scenario_goal goal);

/* The pool with the highest mean of a figure; the first if they tie. */
uint32_t worst_pool(const struct replications *r, enum figure figure);

#endif

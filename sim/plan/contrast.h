/* contrast.h - two configurations after the same worlds: which is better?
 *
 * Models    paired differences of figures, replication by replication, with
 *           intervals of Student's t. What is judged: each target of the
 *           second side, or the p95 wait and the builds that gave up or were
 *           killed if it has none; and the cost. Waits are judged pool by pool,
 *           the rest as sums. The intervals of what is judged hold together
 *           with 95 % (Bonferroni).
 * Source    Law, "Simulation Modeling and Analysis", sections 10.2 and 11.2.
 * Left out  any weighing of money against waits.
 */
#ifndef SIM_PLAN_CONTRAST_H
#define SIM_PLAN_CONTRAST_H

#include "sim/plan/hazards.h"
#include "sim/plan/pareto.h"
#include "sim/plan/verdict.h"

enum contrast_sense {
    CONTRAST_SAME,   /* equal in every replication */
    CONTRAST_NOISE,  /* the interval of the difference holds zero */
    CONTRAST_BETTER, /* less of it, and beyond noise */
    CONTRAST_WORSE,
    CONTRAST_UNKNOWN /* one replication, and not equal */
};

struct contrast_line {
    enum scenario_goal goal;
    uint32_t pool; /* of the second side; NO_INDEX: all together */
    struct estimate base, head;
    struct paired off; /* head less base */
    enum contrast_sense sense;
};

/* Starts from {0}. */
struct contrast {
    struct contrast_line *lines; /* owned; the cost last */
    size_t n, cap;
    size_t n_sense[CONTRAST_UNKNOWN + 1];
    uint32_t *base_pool; /* owned; of each pool, or NO_INDEX */
};

/* One side; everything is borrowed. */
struct contrast_side {
    const struct scenario *scenario;
    const struct replications *results;
};

/* Both sides have as many replications, of the same seed and history. */
void contrast_take(struct contrast *c, const struct contrast_side *base,
                   const struct contrast_side *head);

void contrast_free(struct contrast *c); /* takes {0}; may repeat */

/* Difference of one figure of one pool, which both sides have; 95 %.
 *
 * pools    of the first and of the second side; NO_INDEX: all together
 */
struct paired contrast_figure(const struct replications *base,
                              const struct replications *head,
                              const uint32_t pools[2], enum figure figure);

/* Hazards that only one side has. Equal texts are the same hazard, then equal
 * codes of which the first side's is no milder; the rest is new or fixed.
 *
 * fresh    one flag a hazard of head, out
 * gone     one flag a hazard of base, out
 */
void contrast_hazards(const struct hazards *base, const struct hazards *head,
                      bool fresh[], bool gone[]);

/* Whether both have the same builds at the same times, in the same pools.
 *
 * Returns the first build that differs, or SIZE_MAX.
 */
size_t contrast_history(const struct scenario *base,
                        const struct scenario *head);

/* What replication 0 does, folded into a number: equal for equal histories of
 * every pool's levels and of every build.
 */
uint64_t contrast_fingerprint(const struct scenario *s, uint64_t seed);

#endif

/* compare.h - a played scenario beside its simulation, pool by pool.
 *
 * What is compared: how each build ended, the order in which builds got their
 * last slot, attempts, dials, waits; sessions and queue at each scrape. Real
 * programs need some milliseconds for what takes no time in a model, and these
 * are stretched with time: two things less than reach_us apart may change
 * places, and a gauge is held against all that the model showed within
 * reach_us.
 */
#ifndef SIM_DRIVE_COMPARE_H
#define SIM_DRIVE_COMPARE_H

#include "models/system_result.h"
#include "sim/drive/gauge.h"

#include <stdbool.h>

/* One build on both sides. */
struct compare_pair {
    const struct build_result *model, *real; /* borrowed */
};

struct compare_builds {
    uint32_t n;            /* builds compared */
    uint32_t n_ends;       /* ended in another way */
    uint32_t n_order;      /* served after one that came later */
    uint32_t n_attempts;   /* other number of attempts */
    int32_t attempts_most; /* largest difference; so too dials */
    int32_t dials_most;
    uint64_t model_attempts, real_attempts; /* in all; so too dials */
    uint64_t model_dials, real_dials;
    sim_us wait_most_us;              /* largest difference of a build's wait */
    double model_wait_s, real_wait_s; /* means */
};

/* pairs[n]  of one pool; their order changes */
void compare_builds(struct compare_builds *out, struct compare_pair pairs[],
                    size_t n, sim_us reach_us);

/* One scrape. */
struct compare_reading {
    sim_us at_us;
    int32_t real;
};

struct compare_series {
    uint32_t n;
    uint32_t n_outside;   /* readings beyond the reach and the tolerance */
    int32_t outside_most; /* largest distance from what the model showed */
    int32_t instant_most; /* largest difference at the very instant */
    sim_us outside_at_us; /* of the first of the largest; or SIM_NEVER */
    double model_mean, real_mean; /* over the scrapes */
};

/* rows, offset  as gauge_range takes them
 * most          a reading counts as outside if it lies further away
 */
struct compare_model {
    const struct timeline_row *rows; /* borrowed */
    size_t n_rows;
    uint32_t pool;
    size_t offset;
};
void compare_series(struct compare_series *out,
                    const struct compare_reading readings[], size_t n,
                    const struct compare_model *m, sim_us reach_us,
                    int32_t most);

#endif

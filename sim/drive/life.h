/* life.h - what a simulated run says about pods and builds, for those who play
 * it again with real sockets.
 *
 * Models    replication 0 of the scenario: when the balancer learns of a pod
 *           and forgets it, when the pod is told to stop, what became of each
 *           build, sessions and queue of each pool.
 */
#ifndef SIM_DRIVE_LIFE_H
#define SIM_DRIVE_LIFE_H

#include "scenarios/scenario.h"
#include "sim/plan/replicate.h"

enum life_change {
    LIFE_LISTED,   /* the balancer's answers have it from now on */
    LIFE_UNLISTED, /* no answer has it any more */
    LIFE_STOPPED   /* it closes its port and loses its builds */
};

struct life_event {
    sim_us at_us;
    enum life_change change;
    uint32_t pod, pool;
};

struct life {                  /* starts from {0} */
    struct life_event *events; /* owned; in order of time */
    size_t n_events, cap_events;
    struct timeline_row *rows; /* owned; in order of time */
    size_t n_rows, cap_rows;
    struct build_result *builds; /* owned; in the order of the trace */
    size_t n_builds;
    sim_us last_end_us; /* of the builds that ended, 0 if none */
};

void life_take(struct life *l, const struct scenario *s, uint64_t seed);
void life_free(struct life *l);

/* The backend lists pods of the pool. */
bool life_is_linked(const struct system_params *p, uint32_t pool,
                    uint32_t backend);

#endif

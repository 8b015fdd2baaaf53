/* perfetto.h - the history as Chrome trace events, which the Perfetto UI and
 * chrome://tracing open.
 *
 * Models    a track a pod and a node with the phases of its life; builds as
 *           slices on their pod; waiting builds; decisions and faults as
 *           instants; the levels of each pool as counters.
 * Source    "Trace Event Format": phases X, b, e, i, C and M; times in
 *           microseconds since the start of the trace.
 * Left out  single dials.
 *
 * Events are written as soon as they are over, so they are not in the order of
 * their times; readers sort. About 150 bytes a slice, 110 a changed counter.
 */
#ifndef SIM_APP_PERFETTO_H
#define SIM_APP_PERFETTO_H

#include "scenarios/scenario.h"
#include "sim/plan/replicate.h"

/* Starts from perfetto_open. */
struct perfetto {
    const struct scenario *scenario; /* borrowed */
    FILE *out;                       /* borrowed */
    bool some;                       /* an event is written */
    sim_us now_us;
    struct perfetto_build {
        sim_us since_us; /* waits, or has its slot */
        uint32_t pod;    /* NO_INDEX: waits */
        uint8_t lane;    /* of the pod's slots */
        bool open;
    } * builds; /* owned; by build */
    struct perfetto_life {
        const char *phase; /* NULL: none */
        sim_us since_us;
        uint32_t pool;
        uint32_t lanes; /* a pod's: bit k: slot k is taken */
        uint32_t named; /* tracks that have their name, as bits */
        bool over;
    } * pods, *nodes; /* owned */
    size_t n_pods, cap_pods, n_nodes, cap_nodes;
    struct timeline_row *last; /* owned; by pool; at_us SIM_NEVER: none */
};

void perfetto_open(struct perfetto *p, const struct scenario *s, FILE *out);

/* Looks on; p and its file outlive the run, whose end writes what is open. */
struct replicate_watch perfetto_watch(struct perfetto *p);

/* Takes {0}; may repeat. */
void perfetto_close(struct perfetto *p);

#endif

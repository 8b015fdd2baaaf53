/* system_build.h - one open build of a replication. Used by models/system*.c
 * and by no one else.
 */
#ifndef MODELS_SYSTEM_BUILD_H
#define MODELS_SYSTEM_BUILD_H

#include "models/client.h"

/* How far the work of a build is, while it is at work. What is left is
 * counted in the time that it takes alone on a pod.
 */
struct sys_work {
    double left_us;
    double next_us;   /* left at the next mark: it falls silent, or 0 */
    double speaks_us; /* left when it ends a silence; its work if it has none */
    double stretch;   /* time that a microsecond takes now; 0: it hangs */
    sim_us counted_us; /* left_us is as of then */
    sim_us mark_us;    /* when the mark is due, or SIM_NEVER */
    sim_us quiet_us;   /* the last byte before it fell silent or hung */
};

struct sys_build {
    struct client client;
    struct sys_work work;   /* while at_work */
    uint32_t pool, backend; /* backend: that it dials */
    sim_us waits_since_us;  /* while it has no slot */
    uint32_t session;       /* open dial or connection, or NO_INDEX */
    uint32_t process;       /* of the balancer, that took its last dial */
    uint32_t pod;           /* that it is connected to, or NO_INDEX */
    uint32_t next_on_pod;   /* in the list of that pod's builds */
    uint32_t n_reruns;
    uint32_t retry;         /* its place among those asleep + 1, or 0 */
    sim_us dial_planned_us; /* when its next dial was */
    bool at_work;           /* connected, and its work has begun */
    bool rests;             /* its job has failed and is to be run again */
    bool was_cut;           /* while it was building, and not served since */
    bool pod_killed;        /* its last cut was its pod's end */
    uint32_t next_free;     /* of the places that no build has, or NO_INDEX */
};

#endif

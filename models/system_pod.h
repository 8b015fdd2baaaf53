/* system_pod.h - one pod of a replication. Used by models/system*.c and by no
 * one else.
 */
#ifndef MODELS_SYSTEM_POD_H
#define MODELS_SYSTEM_POD_H

#include "models/drain.h"
#include "sim/base/units.h"

#include <stdbool.h>

enum pod_phase {
    POD_PLANNED,  /* the ReplicaSet has asked for it */
    POD_PENDING,  /* exists, no node */
    POD_BINDING,  /* has its node's room */
    POD_STARTING, /* on its node, container not running */
    POD_RUNNING,  /* container runs; ready or not */
    POD_STOPPING  /* after SIGTERM: takes no connection */
};

/* A daemon that is stuck keeps its port open, a shut one does not. */
enum sys_daemon { DAEMON_WELL, DAEMON_STUCK, DAEMON_SHUT };

struct sys_pod {
    uint32_t set;        /* template that it is made from */
    uint32_t pool, node; /* node: NO_INDEX before it is chosen */
    uint32_t place;   /* the node that the last solve meant it for, or none */
    uint32_t ordinal; /* of the pool's pods: identity of its draws */
    uint32_t generation;   /* of its planned events */
    uint32_t prev, next;   /* live pods of the pool, in order of creation; of a
                              free record the next one */
    uint32_t next_on_node; /* live pods with a node */
    uint32_t first_build, n_builds, n_served;
    uint32_t n_working; /* of its builds */
    enum pod_phase phase;
    bool ready, terminating;
    bool noticed;      /* the provisioner is told that it fits nowhere */
    bool awaits_idle;  /* its drain script looks, but it is busy */
    bool known, shown; /* to the balancer: has a slot; in its answers */
    bool swallows;     /* a session may hang on it without a build */
    enum sys_daemon daemon;
    uint32_t n_restarts; /* of its container */
    uint32_t stuck_by;   /* the fault that did it, unless it is WELL */
    bool unready;        /* was ready, and its container still runs */
    bool draining;       /* its kubelet has heard of its deletion */
    sim_us created_us, drain_us, started_us, ready_us;
    sim_us listed_us, withdrawn_us; /* in the EndpointSlice */
    uint64_t uid;
    struct drain drain;
};

/* All pods of a replication. Numbers are never used again, records are: of a
 * pod that is gone its number is left, and the node that it was on.
 */
struct sys_pods {
    struct sys_pod *records; /* owned; as many as there are pods at once */
    size_t n_records, cap_records;
    uint32_t free; /* the first record that no pod has, or NO_INDEX */
    uint32_t *at;  /* owned; by number: the record, or POD_LEFT + the node;
                      UINT32_MAX: gone without a node */
    size_t n, cap;
};

#define POD_LEFT (UINT32_C(1) << 31)

#endif

/* system_pool.h - one pool of one replication: its templates, its scaler and
 * its levels. Used by models/system*.c and by no one else.
 */
#ifndef MODELS_SYSTEM_POOL_H
#define MODELS_SYSTEM_POOL_H

#include "models/system_params.h"
#include "models/system_result.h"

struct sys_pool {
    const struct pool_params *p; /* borrowed */
    struct sys_set {             /* one ReplicaSet: a template's pods */
        struct rs rs;
        uint32_t spec;
        uint32_t n_active; /* exist and are not terminating */
        uint32_t n_ready;  /* of them */
    } sets[2];
    uint32_t set; /* of the present template; the other one is being replaced
                     while rolling */
    bool rolling;
    struct billing billing;
    struct hpa hpa;
    struct keda keda;
    struct pool_state state;
    struct pool_result result;
    uint32_t first, last;     /* live pods */
    uint32_t n_pods;          /* created in all */
    uint32_t n_pending;       /* wait for a node */
    uint32_t next_on_backend; /* pool whose clients dial the same, or none */
    int32_t waits_for[WAIT_CAUSES]; /* builds, since the instant below */
    bool has_changed;               /* stands in the system's changed */
    bool waits_stale;               /* what they depend on has changed */
    bool any_waits;                 /* one of them is not 0 */
    sim_us waits_counted_us;
    bool schedule_planned;
    sim_us changed_us; /* last write to the Deployment object */

    uint32_t hpa_generation;
    sim_us hpa_read_us;   /* the planned or the last reading */
    sim_us scale_read_us; /* the scale that a write is based on */
    size_t hpa_metric;    /* that is read now; those before have come */
    bool reading_steady;  /* the same world would read the same */
    struct hpa_reading reading;
    struct hpa_decision decision;
    uint32_t hpa_writes; /* attempts of this reconcile */
    uint64_t n_draws;
    bool hpa_asleep;
    sim_us hpa_step_us;

    uint32_t keda_generation;
    sim_us poll_us; /* last executed poll */
    bool keda_asleep, loop_begins;

    sim_us *removed_us; /* owned; by level of wanted, for regrets */
    size_t cap_removed;
};

#endif

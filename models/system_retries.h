/* system_retries.h - clients whose dials cannot succeed for now. Used by
 * models/system*.c and by no one else.
 */
#ifndef MODELS_SYSTEM_RETRIES_H
#define MODELS_SYSTEM_RETRIES_H

#include "models/client_idle.h"

struct sys_retry {
    struct client_chain chain;
    uint32_t build;
    uint64_t number;    /* in the order in which they fell asleep */
    int64_t next;       /* waking: dial of the chain that comes next */
    sim_us planned_us;  /* dial 0 was planned, by the dial before it */
    sim_us planned0_us; /* and that one */
};

struct sys_retries {
    struct sys_retry *at; /* owned; asleep, in no order */
    size_t n, cap;
    struct sys_retry *woken; /* owned; scratch */
    size_t n_due, cap_woken; /* due: builds whose last dial comes now */
    uint64_t count;          /* of those that ever fell asleep */
    uint32_t *n_on;          /* owned; asleep, by backend */
    bool allowed;            /* in this run */
};

#endif

/* lb_queue.h - sessions of the balancer and the queues they wait in. Used by
 * lb*.c only; others read.
 */
#ifndef MODELS_LB_QUEUE_H
#define MODELS_LB_QUEUE_H

#include "sim/base/units.h"

#include <stdbool.h>
#include <stddef.h>

enum lb_session_state {
    LB_FREE,
    LB_QUEUED,
    LB_CONNECTING, /* has a slot; a connect has failed at least once */
    LB_OPEN        /* has a slot and a pod */
};

struct lb_session {
    enum lb_session_state state;
    bool reserved; /* counts in its slot; see LB_2_6 and LB_3_1_0 */
    uint32_t generation;
    uint32_t backend;
    uint32_t client; /* NO_INDEX: the client has left, a ghost */
    uint32_t slot, pod;
    uint32_t failed;     /* connects that failed */
    uint32_t prev, next; /* in the queue; next also in the free list */
};

/* Starts from {0}. */
struct lb_sessions {
    struct lb_session *at; /* owned */
    size_t n, cap;
    uint32_t base, top;   /* no generation at or below base; the highest yet */
    uint32_t free_plus_1; /* head of the free list, index + 1, or 0 */
};

/* First in, first out, with removal anywhere. Starts from lb_queue_init. */
struct lb_queue {
    uint32_t head, tail, n;
};

/* A zeroed session with the next generation. */
uint32_t lb_sessions_new(struct lb_sessions *s);
void lb_sessions_drop(struct lb_sessions *s, uint32_t session);
void lb_sessions_clear(struct lb_sessions *s); /* keeps its memory */
void lb_sessions_free(struct lb_sessions *s);

void lb_queue_init(struct lb_queue *q);
void lb_queue_push(struct lb_queue *q, struct lb_sessions *s, uint32_t session);
void lb_queue_remove(struct lb_queue *q, struct lb_sessions *s,
                     uint32_t session);

#endif

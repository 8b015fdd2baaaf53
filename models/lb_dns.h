/* lb_dns.h - the balancer's resolver: records become servers and back.
 *
 * Models    placing addresses in slots, swaps in place, more records than
 *           slots, truncated answers, hold timers, recovery.
 * Source    HAProxy src/resolvers.c, src/server.c v3.1.0; measured with 2.6
 *           to 3.2.
 * Left out  a server that shortens an answer without saying so is an answer
 *           with fewer records.
 *
 * Idle: an answer like the one before changes nothing, so only answers that
 * differ need to be handed over. Queries go out every resolve_us whatever
 * happens; the hold timers count them in closed form.
 */
#ifndef MODELS_LB_DNS_H
#define MODELS_LB_DNS_H

#include "models/lb.h"

enum lb_records_kind {
    LB_RECORDS_OK,    /* with n = 0: an empty answer, as OTHER */
    LB_RECORDS_NX,    /* no such name: no endpoint is ready */
    LB_RECORDS_OTHER, /* SERVFAIL, empty, truncated */
    LB_RECORDS_REFUSED,
    LB_RECORDS_TIMEOUT /* no answer; given at the time of the query */
};

struct lb_records {
    enum lb_records_kind kind;
    const uint32_t *pods; /* borrowed; distinct; an index is an address */
    uint32_t n;
};

/* A query is answered, at now. More than lb_max_records() records count as
 * truncated.
 *
 * Good: vanished pods lose their slot, new ones get the lowest free slot in
 * the order of pods[], or the slot of a pod that vanishes in the same answer.
 * A slot that comes into service takes one queued session (DISPATCH, GHOST);
 * without any usable server left the queue is closed (not in 2.6).
 *
 * Bad: all servers stay until the hold time is over. One more of the same kind
 * changes nothing, so that a failure may be told once or at every query.
 *
 * Returns when lb_on_hold is to be called, or SIM_NEVER: the first resolution
 * that fails after the hold, counted from the query before the first bad one.
 * NX and OTHER at 5 s: 5 s after the first bad answer (6 s after the last
 * good one).
 */
sim_us lb_on_answer(struct lb *lb, uint32_t backend, const struct lb_records *a,
                    sim_us now_us);

/* The hold time is over: all servers of the backend go to maintenance and the
 * queue is closed (not in 2.6). Ignored if a good answer came in between.
 */
void lb_on_hold(struct lb *lb, uint32_t backend, sim_us now_us);

#endif

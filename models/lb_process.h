/* lb_process.h - a balancer process: start, soft stop, replacement, death.
 *
 * Source    HAProxy 2.6 to 3.2, measured: TERM, KILL, USR1, hard-stop-after.
 */
#ifndef MODELS_LB_PROCESS_H
#define MODELS_LB_PROCESS_H

#include "models/lb.h"

/* A process that listens, with no server known yet. */
void lb_init(struct lb *lb, const struct lb_params *p);
void lb_free(struct lb *lb);

/* As after lb_init with the same p; keeps its memory. */
void lb_again(struct lb *lb);

/* Soft stop: new dials are refused, sessions go on. */
void lb_on_stop(struct lb *lb);

/* A new process takes the dials from lb; the one before, now *old, has had its
 * soft stop and goes on with its sessions and its queue. No (session,
 * generation) and no (slot, generation) of the two is the same.
 */
void lb_on_reload(struct lb *lb, struct lb *old);

/* The process dies: every session is closed or cut, all counters are zero, no
 * server is known, dials are refused until lb_on_listen. Then every dial is
 * CLOSED until the first lb_on_answer.
 */
void lb_on_restart(struct lb *lb);
void lb_on_listen(struct lb *lb);

#endif

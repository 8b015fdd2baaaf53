/* lb_check.h - TCP health checks without an event for each.
 *
 * Models    a check every check_us at a phase fixed by the slot; DOWN after
 *           fall failures in a row (after one, if none succeeded since the
 *           server came into service); UP after rise successes. A DOWN server
 *           keeps its session. A check that gets no answer fails after
 *           check_us, and the next one begins check_us later: with 2 s DOWN
 *           after 10 to 12 s (measured with 2.6).
 * Source    HAProxy src/check.c v3.1.0; measured with 2.6 to 3.2.
 * Left out  a connect error of a session does not count (`observe` is off).
 *
 * Idle: while a port stays as it is, checks change the state at most once, at
 * a time known beforehand. That time goes out as LB_CHECK; all other checks
 * are counted when something changes.
 */
#ifndef MODELS_LB_CHECK_H
#define MODELS_LB_CHECK_H

#include "models/lb.h"

/* The first check of the slot later than after_us. */
sim_us lb_check_next_us(const struct lb_backend_params *p, uint32_t slot,
                        sim_us after_us);

/* Checks of the slot in (from_us, to_us]. */
uint32_t lb_check_count(const struct lb_backend_params *p, uint32_t slot,
                        sim_us from_us, sim_us to_us);

/* The port of a pod opens, closes or falls silent. A pod that the backend does
 * not know is ignored. A pod is taken to listen when it is placed: call this
 * after lb_on_answer for one that does not.
 */
void lb_on_port(struct lb *lb, uint32_t backend, uint32_t pod,
                enum lb_port port, sim_us now_us);

/* The time of an LB_CHECK: the server goes DOWN or comes UP (and takes one
 * queued session). A stale generation is ignored.
 */
void lb_on_check(struct lb *lb, uint32_t backend, uint32_t slot,
                 uint32_t generation, sim_us now_us);

#endif

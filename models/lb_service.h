/* lb_service.h - servers that come and go, and what that does to the queue.
 * Shared by lb.c, lb_dns.c and lb_check.c; nobody else includes it.
 */
#ifndef MODELS_LB_SERVICE_H
#define MODELS_LB_SERVICE_H

#include "models/lb.h"

/* Adds to out[]; its memory is kept when the caller sets n_out = 0. */
void lb_emit(struct lb *lb, struct lb_out out);

/* Takes the session's count out of its backend and frees it; it stands
 * neither in the queue nor in a slot any more.
 */
void lb_forget(struct lb *lb, uint32_t session);

/* Tells the client, unless it has left, and forgets the session. */
void lb_close(struct lb *lb, uint32_t session, enum lb_out_kind kind);

/* Gives a usable slot the head of the queue while both exist. */
void lb_serve(struct lb *lb, uint32_t backend, uint32_t slot);

/* A server becomes usable and takes from the queue. */
void lb_enter(struct lb *lb, uint32_t backend, uint32_t slot);

/* Closes the queue if no usable server is left; 2.6 lets it wait. */
void lb_flush(struct lb *lb, uint32_t backend);

/* What checks of the slot find from now on; see lb_check.h. */
void lb_check_set(struct lb *lb, uint32_t backend, uint32_t slot,
                  enum lb_port port, sim_us now_us);

#endif

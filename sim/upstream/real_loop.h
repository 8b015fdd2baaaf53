/* real_loop.h - the real KEDA and the real HPA of every pool in one loop with
 * the simulated world, in its virtual time.
 *
 * Two programs a pool, each with its own virtual clock. A program that asks
 * stands still until it is answered; nobody is answered before all others have
 * come to the same instant, and the world with them. So there is one history,
 * whatever the machine does.
 *
 * Left out  endpoints that hang: the operator's polls meet them as errors at
 *           once; the HPA's queries take their time.
 */
#ifndef SIM_UPSTREAM_REAL_LOOP_H
#define SIM_UPSTREAM_REAL_LOOP_H

#include "models/system_link.h"
#include "sim/base/err.h"
#include "sim/upstream/compared.h"

/* Which programs run, and as which versions. */
struct real_programs {
    const char *hpa, *keda; /* borrowed; paths */
    uint32_t kubernetes_minor, keda_minor, keda_patch;
};

struct real_loop;

/* Starts the programs of every pool that scales.
 *
 * params    borrowed, as are its strings and the paths of *r
 * decisions one JSON line each; or NULL
 * Errors    ERR_INPUT what the drivers cannot do; ERR_IO.
 */
int real_loop_open(struct real_loop **out, const struct system_params *params,
                   const struct real_programs *r, FILE *decisions,
                   struct err *e);

/* For system_set_link; one run. */
const struct scaler_link *real_loop_link(const struct real_loop *l);

/* What went wrong during the run, if anything did. The history is void then.
 * Errors    ERR_IO: a program died, did not answer, or we were interrupted.
 */
int real_loop_result(const struct real_loop *l, struct err *e);

/* The counts of a pool; NULL for a pool that does not scale. */
const struct compared *real_loop_hpa(const struct real_loop *l, uint32_t pool);
const struct compared *real_loop_keda(const struct real_loop *l, uint32_t pool);

/* A resync tick of the pool's HPA controller; SIM_NEVER: there was none. */
sim_us real_loop_tick_us(const struct real_loop *l, uint32_t pool);

/* Ends the programs; takes NULL. */
void real_loop_close(struct real_loop *l);

#endif

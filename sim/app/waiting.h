/* waiting.h - the builds of one pool that have no slot, and what each of them
 * waits for.
 *
 * Models    the shares of the pool dealt out: "the balancer" to those first in
 *           its queue, "the client's pause" to those that are between two
 *           dials, everything else in the order in which they began to wait.
 *           A pod that comes goes to the head of the queue, whoever that is
 *           then: the order says for how many pods somebody must wait.
 */
#ifndef SIM_APP_WAITING_H
#define SIM_APP_WAITING_H

#include "models/system.h"

struct waiting {     /* starts from {0}, then waiting_init */
    uint32_t *all;   /* owned; builds, the longest waiting first */
    uint32_t *queue; /* owned; those of them that the balancer has queued */
    uint32_t *mark;  /* owned; by build: last deal that gave it a place */
    size_t n_all, cap_all, n_queue, cap_queue;
    uint32_t n_deals;
};

void waiting_init(struct waiting *w, size_t n_builds);
void waiting_free(struct waiting *w);

/* A note about a build of the pool; others are ignored. */
void waiting_on_note(struct waiting *w, const struct note *n);

/* Builds before this one in the balancer's queue, or NO_INDEX. */
uint32_t waiting_queued(const struct waiting *w, uint32_t build);

/* Place of a waiting build, from 0, among all that wait. */
uint32_t waiting_place(const struct waiting *w, uint32_t build);

/* What a build that waits is waiting for.
 *
 * waits_for[WAIT_CAUSES]    shares of the pool; they add up to n_all
 */
enum wait_cause waiting_cause(struct waiting *w, uint32_t build,
                              const int32_t waits_for[]);

#endif

/* real_karp.h - the real core of Karpenter beside its model in a run.
 *
 * The real core does not act: it is given what the model was given, and decides
 * as well. Each solve is given to it at once, each episode of the batcher when
 * it is over, and the lives of the nodes at the end, for its disruption loop.
 *
 * Left out  launches and refusals, which are the cloud's; drift; budgets with
 *           a schedule; what other node pools do; all that follows a restart.
 */
#ifndef SIM_UPSTREAM_REAL_KARP_H
#define SIM_UPSTREAM_REAL_KARP_H

#include "models/karpenter.h"
#include "sim/base/err.h"
#include "sim/upstream/compared.h"

#include <stdio.h>

enum real_karp_part { KARP_WINDOWS, KARP_SOLVES, KARP_REMOVALS, KARP_PARTS };

struct real_karp;

/* Starts the program at path, which is borrowed, as is p.
 *
 * removals_us  how much of the run the disruption loop is given
 * decisions    one JSON line each; or NULL
 * Errors       ERR_IO.
 */
int real_karp_open(struct real_karp **out, const char *path,
                   const struct karp_params *p, sim_us removals_us,
                   FILE *decisions, struct err *e);

/* For karp_params.watch of one run. */
const struct karp_watch *real_karp_watch(const struct real_karp *r);

/* The run is over: plays what is left, and ends the program.
 * Errors    ERR_IO: it died; the comparison is void.
 */
int real_karp_finish(struct real_karp *r, struct err *e);

const struct compared *real_karp_part(const struct real_karp *r,
                                      enum real_karp_part part);

/* Why a part was not given all of the run, or NULL. */
const char *real_karp_left_out(const struct real_karp *r,
                               enum real_karp_part part);

/* The instant of a restart, from which nothing is compared, or of the first
 * drift, from which no removals are; SIM_NEVER: there was none.
 */
sim_us real_karp_until_us(const struct real_karp *r, enum real_karp_part part);

/* Episodes of the batcher in which the real core itself decides otherwise from
 * one play to the next, and in one of them as the model: a trigger at the very
 * instant at which a window closes is before or after it as chance has it.
 */
uint32_t real_karp_ties(const struct real_karp *r);

void real_karp_close(struct real_karp *r); /* takes NULL */

#endif

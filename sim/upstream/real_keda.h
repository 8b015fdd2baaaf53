/* real_keda.h - the real KEDA operator of one pool, and its model beside it.
 *
 * Its driver waits to be told how far it may go and what to do there; on the
 * way its loop polls by itself. It fetches the balancer's page; what the page
 * says is noted here. Sends and reads nothing itself: real_loop.c does.
 */
#ifndef SIM_UPSTREAM_REAL_KEDA_H
#define SIM_UPSTREAM_REAL_KEDA_H

#include "models/system_link.h"
#include "sim/upstream/compared.h"
#include "sim/upstream/keda_replay.h"
#include "sim/upstream/real_hpa.h"

struct real_keda {
    const struct system_params *params; /* borrowed */
    uint32_t pool;
    sim_us offset_us;            /* its clock less the simulated one */
    bool idle;                   /* it waits to be told */
    bool looping;                /* its loop polls */
    json_t *line;                /* owned; what it tells now, unless idle */
    sim_us at_us;                /* when, on the simulated clock */
    json_t *step;                /* owned; the evaluation under way */
    size_t asked;                /* trigger of the last query */
    struct metric_answer answer; /* to the last query */
    struct keda_turn { /* what is to be done to the loop, in order of time */
        sim_us at_us;
        bool start; /* else it stops */
    } * turns;      /* owned */
    size_t n_turns, n_taken;
    struct keda_replay replay;
    struct compared compared;
};

/* minor, patch  of the operator: 16 and 1 mean 2.16.1 */
void real_keda_init(struct real_keda *k, const struct system_params *params,
                    uint32_t pool, uint32_t minor, uint32_t patch);
void real_keda_free(struct real_keda *k);

/* Why the real one cannot be this pool's KEDA, or NULL. */
const char *real_keda_refuses(const struct system_params *params,
                              uint32_t pool);

/* The driver's first line; the first poll comes at phase_us. Owned.
 *
 * port      where the balancer's page is served
 */
json_t *real_keda_begin(struct real_keda *k, sim_us phase_us, uint16_t port);

/* The next line of the driver; takes it. Returns false for one that it cannot
 * mean.
 */
bool real_keda_take(struct real_keda *k, json_t *line);

/* Deals with a line that was told or asked; the world stands at k->at_us.
 * Returns the answer, owned, if there is one to give; else NULL.
 */
json_t *real_keda_heard(struct real_keda *k, struct system *s);

/* The following need an idle driver; each answer is owned and makes it go on.
 */

/* How far it may go by itself, at most to until_us. */
sim_us real_keda_bound_us(const struct real_keda *k, sim_us until_us);
json_t *real_keda_go(struct real_keda *k, sim_us until_us);

/* Whether its loop is to be started or stopped at this instant. */
bool real_keda_has_turn(const struct real_keda *k);
json_t *real_keda_turn(struct real_keda *k);

json_t *real_keda_query(struct real_keda *k, size_t trigger);
json_t *real_keda_resize(struct real_keda *k, uint32_t replicas);

/* The body of a GET for a trigger; the world stands at k->at_us. Returns its
 * HTTP status.
 */
int real_keda_page(struct real_keda *k, const struct system *s, size_t trigger,
                   FILE *out);

#endif

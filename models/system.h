/* system.h - one replication of the whole loop.
 *
 * Models    clients, balancer, pods, scaler, nodes: owns every entity and
 *           carries each model's decision to the next. Equal times run in the
 *           order of enum event_kind: the world moves before it is observed,
 *           observation before control.
 */
#ifndef MODELS_SYSTEM_H
#define MODELS_SYSTEM_H

#include "models/client.h"
#include "models/system_note.h"
#include "models/system_params.h"
#include "models/system_result.h"
#include "sim/engine/random.h"
#include "traces/trace.h"

struct system_observer {
    void *context;
    void (*on_note)(void *context, const struct note *n); /* or NULL */
    bool skips_dials; /* on_note need not hear of dials that cannot succeed */
    void (*on_row)(void *context, const struct timeline_row *r); /* or NULL */
    /* The state, of which system_view.h shows more, holds from one instant on
     * and before the other. All instants of a run, without gaps; or NULL.
     */
    void (*on_span)(void *context, sim_us from_us, sim_us until_us);
};

/* A system for one scenario and trace; both are borrowed and outlive it.
 *
 * pool_of[i]   pool index of trace string i, or NO_INDEX (scenarios/ makes
 *              it; every build's pool must have one)
 * caller_of[i] caller index of trace string i (0 if unnamed)
 */
struct system *system_new(const struct system_params *p, const struct trace *t,
                          const uint32_t *pool_of, const uint32_t *caller_of);

/* The backend that a caller's builds of a pool dial. */
uint32_t system_dials(const struct system_params *p, uint32_t caller,
                      uint32_t pool);

/* By backend, whether a pool or a caller names it, so that builds may dial it;
 * owned.
 */
bool *system_dialled(const struct system_params *p);

/* How a build ended whose client came to this.
 *
 * was_cut    its last connection was cut while it worked, and it was not served
 *            since
 * pod_killed by the end of its pod
 */
enum build_end system_end_of(enum client_outcome how, bool was_cut,
                             bool pod_killed);

/* Runs one replication from its start to the horizon: until every build has
 * ended and the pool has settled, at most `drain` after the trace's end.
 */
void system_run(struct system *s, const struct random_world *w,
                const struct system_observer *o);

/* Results of the last run; borrowed, valid until the next one. */
const struct build_result *system_builds(const struct system *s);
const struct pool_result *system_pool(const struct system *s, size_t pool);

/* Builds of the pool by what they wait for, WAIT_CAUSES of them; whenever it
 * changes there is an on_row, in which this is valid.
 */
const int32_t *system_waits_for(const struct system *s, size_t pool);
sim_us system_horizon_us(const struct system *s);
uint64_t system_events(const struct system *s);

/* Bytes of state held. */
size_t system_memory(const struct system *s);

void system_free(struct system *s);

#endif

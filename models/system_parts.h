/* system_parts.h - what the parts of the system ask of each other. Used by
 * models/system*.c and by no one else.
 */
#ifndef MODELS_SYSTEM_PARTS_H
#define MODELS_SYSTEM_PARTS_H

#include "models/system_builds.h"
#include "models/system_node_parts.h"

#include <assert.h>

static inline void sys_plan(struct system *s, sim_us at_us,
                            enum event_kind kind, uint32_t entity,
                            uint32_t generation)
{
    fel_add(s->fel, at_us, (uint16_t)kind, entity, generation);
}

/* Changes one figure of a pool's state, given by its address there. In line:
 * nearly every caller names a figure, whose level is then known, too.
 */
static inline void sys_count(struct system *s, uint32_t pool, int32_t *field,
                             int32_t change)
{
    struct sys_pool *p = &s->pools[pool];
    ptrdiff_t level = field - (const int32_t *)&p->state;

    assert(level >= 0 && level < POOL_LEVELS);
    if (change == 0)
        return;
    *field += change;
    assert(*field >= 0);
    if (field != &p->state.sessions && field != &p->state.queue)
        p->waits_stale = true;
    sys_changed(s, pool);
    if (!s->window_over)
        level_add(&p->result.levels[level], s->now_us, change);
}

/* So many more pods of the pool wait for a node. */
static inline void sys_count_pending(struct system *s, uint32_t pool,
                                     int32_t change)
{
    int32_t *pending = &s->pools[pool].state.pending;

    sys_count(s, pool, pending, change);
    if (*pending > 0)
        members_add(&s->pending, pool);
    else
        members_drop(&s->pending, pool);
}

static inline double sys_u(const struct system *s, enum purpose purpose,
                           uint64_t entity, uint64_t ordinal)
{
    return random_u01(&s->world, purpose, entity, ordinal);
}

static inline void sys_note(const struct system *s, enum note_kind kind,
                            uint32_t pool, uint32_t a, uint32_t b)
{
    if (!s->observer.on_note)
        return;
    struct note n = {s->now_us, kind, pool, a, b};
    s->observer.on_note(s->observer.context, &n);
}

/* system_retries.c: dials that cannot succeed. */
void sys_retries_start(struct system *s);
bool sys_retry_sleeps(struct system *s, uint32_t build, sim_us dial_us);
void sys_retry_end(struct system *s, uint32_t build);
void sys_retries_wake(struct system *s);
void sys_on_last_dial(struct system *s, uint32_t build);
void sys_on_last_dials(struct system *s);
void sys_retries_free(struct sys_retries *r);

/* system_pods.c: replicas, binding, start, drain, end. */
void sys_pods_start(struct system *s);
void sys_want(struct system *s, uint32_t pool, uint32_t replicas);
void sys_rs_soon(struct system *s, uint32_t pool, uint32_t set);
void sys_on_rs_sync(struct system *s, uint32_t pool, uint32_t set);
uint32_t sys_status_replicas(const struct sys_pool *p);
void sys_on_schedule(struct system *s, uint32_t pool);
void sys_schedule_soon(struct system *s, uint32_t pool);
void sys_schedule_all(struct system *s);
void sys_on_pod(struct system *s, enum event_kind kind, uint32_t pod,
                uint32_t generation);
void sys_pod_idle(struct system *s, uint32_t pod);
uint32_t sys_pod_new(struct system *s, uint32_t pool, uint32_t set);
uint64_t sys_pod_identity(const struct system *s, uint32_t pod);
void sys_pod_place(struct system *s, uint32_t pod, uint32_t node);
void sys_pod_end(struct system *s, uint32_t pod);
void sys_delete(struct system *s, uint32_t pod);
void sys_blind_scripts(struct system *s);
void sys_pods_settle(struct system *s);
void sys_pod_settle(struct system *s, uint32_t pod);
void sys_pods_lost(struct system *s, uint32_t node);
void sys_pod_unready(struct system *s, uint32_t pod);
void sys_pod_ready_again(struct system *s, uint32_t pod);
void sys_pod_drain(struct system *s, uint32_t pod);

/* system_probe.c: probes that fail. */
struct kubelet_draws sys_kubelet_draws(const struct system *s, uint32_t pod);
void sys_probes_fail(struct system *s, uint32_t pod, sim_us until_us);
void sys_probes_pass(struct system *s, uint32_t pod);
void sys_on_pod_killed(struct system *s, uint32_t pod);

/* system_rollout.c: a template replaced by another. */
void sys_rollout_begin(struct system *s, uint32_t pool);
void sys_rollout_scale(struct system *s, uint32_t pool, uint32_t from,
                       uint32_t to);
void sys_rollout_go_on(struct system *s, uint32_t pool);

/* system_scale.c: KEDA and the HPA. */
void sys_scale_start(struct system *s);
void sys_on_scale(struct system *s, enum event_kind kind, uint32_t pool,
                  uint32_t generation);
void sys_scale_wake(struct system *s, uint32_t pool);
void sys_poll_wake(struct system *s, uint32_t pool);
void sys_controller_restart(struct system *s, sim_us gap_us);
void sys_keda_restarted(struct system *s);

/* system_metric.c: what the scaler reads. */
void sys_poll_samples(const struct system *s, uint32_t pool,
                      struct keda_sample samples[KEDA_TRIGGERS]);
bool sys_counts_pods(const struct system *s, uint32_t pool);
struct keda_context sys_keda_context(const struct system *s, uint32_t pool);
bool sys_reads_drift(const struct system *s, uint32_t pool);
bool sys_reads_well(const struct system *s, uint32_t pool);
sim_us sys_read_metrics(struct system *s, uint32_t pool);

/* system_stats.c: levels, rows, regrets, results. */
void sys_stats_start(struct system *s);
void sys_idle(struct system *s, uint32_t pool, int32_t change);
void sys_rows(struct system *s);
void sys_window_begin(struct system *s);
void sys_count_waits(struct system *s, uint32_t pool);
void sys_find_waits(struct system *s);
void sys_window_end(struct system *s);
void sys_count_builds(struct system *s);
void sys_wanted_changed(struct system *s, uint32_t pool, uint32_t from,
                        uint32_t to);

/* system_link.c: who scales from outside. */
void sys_link_start(struct system *s);
void sys_on_link(struct system *s);

/* system_faults.c */
bool sys_fault(const struct system *s, enum fault_kind kind, uint32_t pool,
               const struct fault **f);
void sys_on_fault(struct system *s, uint32_t fault, bool begins);

#endif

/* system_scale.c - the scaler's two loops: KEDA's poll and the HPA's
 * reconcile, which reads the balancer through KEDA.
 *
 * Ticks that change nothing are not executed. A pool's HPA sleeps while the
 * balancer's sessions, spec and status stay as its last reading found them;
 * whoever changes one of them calls sys_scale_wake() first.
 */
#include "models/system_link.h"
#include "models/system_parts.h"

#include <assert.h>

static bool scaled(const struct sys_pool *p)
{
    return p->p->autoscaled && !p->p->keda.paused;
}

/* Ticks first, first + step, ... that ran before the present event: those of
 * this very instant too, if their kind comes before that of the event.
 */
static sim_us skipped(const struct system *s, enum event_kind tick,
                      sim_us first_us, sim_us step_us)
{
    sim_us end_us = s->now_us + (s->now_kind > tick ? 1 : 0);

    if (end_us <= first_us)
        return 0;
    return (end_us - first_us + step_us - 1) / step_us;
}

/* ------------------------------------------------------------ the HPA */

static void plan_reading(struct system *s, uint32_t pool, sim_us at_us)
{
    struct sys_pool *p = &s->pools[pool];

    p->hpa_asleep = false;
    p->hpa_read_us = at_us;
    sys_plan(s, at_us, EV_HPA_SYNC, pool, ++p->hpa_generation);
}

/* Up to when readings from read_us on change nothing; read_us itself if the
 * next one may, or while each one differs from the last: asking costs as much
 * as a reading.
 */
static sim_us sleeps_until(const struct system *s, const struct sys_pool *p,
                           sim_us read_us)
{
    if (s->p->execute_idle || !p->reading_steady || p->decision.status ||
        p->p->hpa.resync_us != SIM_NEVER)
        return read_us;
    return hpa_idle_until(&p->hpa, read_us, &p->reading);
}

/* The next reading, or the first that can differ from the last one. */
static void plan_next(struct system *s, uint32_t pool, sim_us done_us)
{
    struct sys_pool *p = &s->pools[pool];
    const struct hpa_params *h = &p->p->hpa;
    sim_us start_us = p->hpa_read_us - h->read_us;
    sim_us read_us =
        hpa_next_sync_us(h, start_us, done_us, &p->decision) + h->read_us;
    sim_us step_us = h->sync_us + h->read_us;

    sim_us until_us = sleeps_until(s, p, read_us);
    if (until_us <= read_us) {
        plan_reading(s, pool, read_us);
        return;
    }
    p->hpa_asleep = true;
    p->hpa_read_us = read_us;
    p->hpa_step_us = step_us;
    p->hpa_generation++;
    if (until_us == SIM_NEVER)
        return;
    sim_us n = (until_us - read_us + step_us - 1) / step_us;
    sys_plan(s, read_us + n * step_us, EV_HPA_WAKE, pool, p->hpa_generation);
}

/* Something is about to change, or the sleep is over: the readings before now
 * are made up for, the next one is planned.
 */
void sys_scale_wake(struct system *s, uint32_t pool)
{
    struct sys_pool *p = &s->pools[pool];

    if (!p->hpa_asleep)
        return;
    sim_us first_us = p->hpa_read_us, step_us = p->hpa_step_us;
    sim_us n = skipped(s, EV_HPA_SYNC, first_us, step_us);
    if (n > 0)
        hpa_on_idle(&p->hpa, first_us, step_us, (uint64_t)n, &p->reading);
    plan_reading(s, pool, first_us + n * step_us);
}

static void on_hpa_wake(struct system *s, uint32_t pool, uint32_t generation)
{
    if (generation == s->pools[pool].hpa_generation)
        sys_scale_wake(s, pool);
}

static void decide(struct system *s, uint32_t pool)
{
    struct sys_pool *p = &s->pools[pool];

    if (sys_counts_pods(s, pool)) {
        struct pods_view pods = system_pods(s, pool);
        p->reading.ready = pods.ready;
        p->reading.no_pods = pods.all == 0;
    }
    p->decision = hpa_on_sync(&p->hpa, s->now_us, &p->reading);
    if (!p->decision.write) {
        plan_next(s, pool, s->now_us);
        return;
    }
    p->hpa_writes = 0;
    p->scale_read_us = p->hpa_read_us - p->p->hpa.read_us;
    sys_plan(s, s->now_us + p->p->hpa.write_us, EV_HPA_WRITE, pool,
             p->hpa_generation);
}

static void go_on_reading(struct system *s, uint32_t pool)
{
    struct sys_pool *p = &s->pools[pool];
    sim_us delay_us = sys_read_metrics(s, pool);

    if (delay_us > 0) {
        p->reading_steady = false; /* the world goes on meanwhile */
        sys_plan(s, s->now_us + delay_us, EV_HPA_DECIDE, pool,
                 p->hpa_generation);
        return;
    }
    p->reading.scale_age_us = s->now_us - p->hpa_read_us;
    decide(s, pool);
}

static void on_hpa_sync(struct system *s, uint32_t pool, uint32_t generation)
{
    struct sys_pool *p = &s->pools[pool];
    const struct fault *f;

    if (generation != p->hpa_generation)
        return;
    p->reading.spec = (uint32_t)p->state.wanted;
    p->reading.status = sys_status_replicas(p);
    p->reading.scale_lost = sys_fault(s, FAULT_SCALE_LOST, pool, &f);
    p->reading_steady = !p->reading.scale_lost && !sys_reads_drift(s, pool);
    p->hpa_metric = p->reading.scale_lost ? p->p->hpa.n_metrics : 0;
    go_on_reading(s, pool);
}

static void on_hpa_decide(struct system *s, uint32_t pool, uint32_t generation)
{
    if (generation == s->pools[pool].hpa_generation)
        go_on_reading(s, pool);
}

/* The write of the scale; any change of the Deployment since it was read, or
 * read again, is a conflict.
 */
static void on_hpa_write(struct system *s, uint32_t pool, uint32_t generation)
{
    struct sys_pool *p = &s->pools[pool];

    if (generation != p->hpa_generation)
        return;
    const struct fault *f;
    bool conflict = p->changed_us > p->scale_read_us ||
                    sys_fault(s, FAULT_API_CONFLICTS, pool, &f);
    if (!conflict) {
        hpa_on_scaled(&p->hpa, s->now_us, p->reading.spec, p->decision.desired);
        plan_next(s, pool, s->now_us - p->p->hpa.write_us);
        sys_want(s, pool, p->decision.desired);
        return;
    }
    if (++p->hpa_writes >= hpa_write_attempts(&p->p->hpa)) {
        hpa_on_write_failed(&p->hpa);
        plan_next(s, pool, s->now_us - p->p->hpa.write_us);
        return;
    }
    double u = system_retry_u(s, pool);
    p->scale_read_us = s->now_us; /* read again at once, written after a wait */
    sys_plan(s, s->now_us + hpa_retry_us(u) + p->p->hpa.write_us, EV_HPA_WRITE,
             pool, generation);
}

/* ------------------------------------------------------------ KEDA's poll */

static void plan_poll(struct system *s, uint32_t pool, sim_us at_us)
{
    struct sys_pool *p = &s->pools[pool];

    p->keda_asleep = false;
    p->poll_us = at_us;
    sys_plan(s, at_us, EV_KEDA_POLL, pool, ++p->keda_generation);
}

/* Polls of a pool that never goes to zero, whose reads succeed and are not
 * cached, matter to no one; unless somebody has made it smaller than its
 * minimum.
 */
static bool poll_sleeps(struct system *s, uint32_t pool, sim_us next_us)
{
    struct sys_pool *p = &s->pools[pool];
    struct keda_sample samples[KEDA_TRIGGERS];
    struct keda_context context = sys_keda_context(s, pool);

    if (s->p->execute_idle || sys_reads_drift(s, pool) || p->p->keda.has_idle ||
        keda_min(&p->p->keda) == 0 ||
        (uint32_t)p->state.wanted < keda_min(&p->p->keda) ||
        !sys_reads_well(s, pool))
        return false;
    sys_poll_samples(s, pool, samples);
    return keda_idle_until(&p->keda, next_us, samples, &context) == SIM_NEVER;
}

/* The first poll of a loop may lose its scalers to the starter of the push
 * scalers, which builds them at the same time.
 */
static void race(const struct system *s, uint32_t pool,
                 struct keda_sample samples[KEDA_TRIGGERS])
{
    const struct keda_params *p = &s->p->pools[pool].keda;
    double u = sys_u(s, DRAW_RACE, pool, (uint64_t)s->now_us);
    bool lost = !keda_since(p, 20, 0) && u < p->race_frac;

    for (size_t i = 0; i < KEDA_TRIGGERS; i++)
        samples[i].lost = lost;
}

static void on_poll(struct system *s, uint32_t pool, uint32_t generation)
{
    struct sys_pool *p = &s->pools[pool];
    struct keda_sample samples[KEDA_TRIGGERS];
    struct keda_context context = sys_keda_context(s, pool);
    const struct fault *f;

    if (generation != p->keda_generation)
        return;
    if (sys_fault(s, FAULT_KEDA_RESTART, pool, &f))
        return; /* the restarted operator polls at once */
    sys_poll_samples(s, pool, samples);
    if (p->loop_begins)
        race(s, pool, samples);
    p->loop_begins = false;
    struct keda_poll poll =
        keda_on_poll(&p->keda, s->now_us, samples, &context);
    sim_us next_us = keda_next_poll_us(&p->p->keda, s->now_us, poll.delay_us);
    if (poll.move != KEDA_STAY)
        sys_want(s, pool, poll.replicas);
    p->poll_us = next_us;
    p->keda_asleep = poll_sleeps(s, pool, next_us);
    if (!p->keda_asleep)
        plan_poll(s, pool, next_us);
}

void sys_poll_wake(struct system *s, uint32_t pool)
{
    struct sys_pool *p = &s->pools[pool];
    struct keda_sample samples[KEDA_TRIGGERS];
    sim_us step_us = p->p->keda.polling_us;

    if (!p->keda_asleep)
        return;
    sim_us n = skipped(s, EV_KEDA_POLL, p->poll_us, step_us);
    struct keda_context context = sys_keda_context(s, pool);
    sys_poll_samples(s, pool, samples);
    if (n > 0)
        keda_on_idle(&p->keda, p->poll_us + (n - 1) * step_us, (uint64_t)n,
                     samples, &context);
    plan_poll(s, pool, p->poll_us + n * step_us);
}

/* ------------------------------------------------------------ restarts */

/* A restarted controller works through its objects one after the other. */
static sim_us in_turn_us(uint32_t pool)
{
    return pool * US_PER_MS;
}

void sys_controller_restart(struct system *s, sim_us gap_us)
{
    if (s->link)
        return;
    for (uint32_t i = 0; i < s->p->n_pools; i++) {
        struct sys_pool *p = &s->pools[i];
        if (!scaled(p))
            continue;
        sys_scale_wake(s, i);
        hpa_on_restart(&p->hpa);
        plan_reading(s, i,
                     hpa_first_sync_us(&p->p->hpa, s->now_us + gap_us) +
                         p->p->hpa.read_us + in_turn_us(i));
    }
}

void sys_keda_restarted(struct system *s)
{
    if (s->link)
        return;
    for (uint32_t i = 0; i < s->p->n_pools; i++) {
        struct sys_pool *p = &s->pools[i];
        if (!scaled(p))
            continue;
        keda_on_restart(&p->keda);
        p->loop_begins = true;
        plan_poll(s, i, s->now_us + in_turn_us(i));
    }
}

void sys_scale_start(struct system *s)
{
    if (s->link) {
        sys_link_start(s);
        return;
    }
    for (uint32_t i = 0; i < s->p->n_pools; i++) {
        struct sys_pool *p = &s->pools[i];
        struct scale_phases at = system_phases(s, i);
        if (!scaled(p))
            continue;
        keda_init(&p->keda, &p->p->keda, -US_PER_DAY);
        p->loop_begins = true;
        plan_reading(s, i, at.hpa_us + p->p->hpa.read_us);
        plan_poll(s, i, at.poll_us);
    }
}

/* ------------------------------------------------------------ events */

void sys_on_scale(struct system *s, enum event_kind kind, uint32_t pool,
                  uint32_t generation)
{
    switch (kind) {
    case EV_KEDA_POLL:
        on_poll(s, pool, generation);
        break;
    case EV_HPA_WAKE:
        on_hpa_wake(s, pool, generation);
        break;
    case EV_HPA_SYNC:
        on_hpa_sync(s, pool, generation);
        break;
    case EV_HPA_DECIDE:
        on_hpa_decide(s, pool, generation);
        break;
    default:
        on_hpa_write(s, pool, generation);
        break;
    }
}

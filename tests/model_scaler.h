/* model_scaler.h - the models of KEDA and the HPA of one pool, as they act from
 * outside through a scaler link.
 */
#ifndef TESTS_MODEL_SCALER_H
#define TESTS_MODEL_SCALER_H

#include "models/system_link.h"

#include <stdbool.h>
#include <string.h>

/* What a pool's reconcile does next. */
enum model_stage { MODEL_READS, MODEL_DECIDES, MODEL_WRITES };

struct model_scaler {
    const struct pool_params *p; /* NULL: not scaled */
    struct hpa hpa;
    struct keda keda;
    sim_us poll_us, act_us; /* next poll, next stage of a reconcile */
    enum model_stage stage;
    sim_us read_us, scale_read_us, asked_us;
    struct hpa_reading reading;
    struct hpa_decision decision;
    uint32_t n_writes;
    size_t metric; /* that is read next */
};

static inline void model_read_at(struct model_scaler *m, sim_us at_us)
{
    m->stage = MODEL_READS;
    m->act_us = m->read_us = at_us;
}

static inline void model_reconciled(struct model_scaler *m, sim_us done_us)
{
    const struct hpa_params *h = &m->p->hpa;

    model_read_at(
        m, hpa_next_sync_us(h, m->read_us - h->read_us, done_us, &m->decision) +
               h->read_us);
}

static inline void model_decide(struct model_scaler *m, sim_us now_us)
{
    m->decision = hpa_on_sync(&m->hpa, now_us, &m->reading);
    if (!m->decision.write) {
        model_reconciled(m, now_us);
        return;
    }
    m->n_writes = 0;
    m->scale_read_us = m->read_us - m->p->hpa.read_us;
    m->stage = MODEL_WRITES;
    m->act_us = now_us + m->p->hpa.write_us;
}

static inline sim_us model_query(struct model_scaler *m, struct system *s,
                                 uint32_t pool, sim_us now_us)
{
    struct pool_view v = system_view(s, pool);
    size_t i = m->metric;
    struct keda_sample sample = system_sample(s, pool, i, false);
    struct keda_context context = {v.spec, system_pods(s, pool).ready};
    struct keda_answer a = {0};

    if (v.keda_away_us > 0) {
        a.delay_us = keda_wait_us(&m->p->keda, v.keda_away_us);
        if (a.delay_us < KEDA_DEADLINE_US)
            return a.delay_us;
    } else {
        a = keda_on_hpa_query(&m->keda, now_us, i, &sample, &context);
    }
    m->reading.metrics[i].ok = a.ok;
    m->reading.metrics[i].usage_milli = a.value_milli;
    if (!a.ok)
        system_metric_lost(s, pool, (uint32_t)i);
    m->metric++;
    return a.delay_us;
}

static inline void model_go_on(struct model_scaler *m, struct system *s,
                               uint32_t pool, sim_us now_us)
{
    sim_us delay_us = 0;

    while (delay_us == 0 && m->metric < m->p->hpa.n_metrics)
        delay_us = model_query(m, s, pool, now_us);
    m->stage = MODEL_DECIDES;
    m->act_us = now_us + delay_us;
    m->reading.scale_age_us = now_us - m->asked_us;
    if (delay_us == 0)
        model_decide(m, now_us);
}

static inline void model_read(struct model_scaler *m, struct system *s,
                              uint32_t pool, sim_us now_us)
{
    struct pool_view v = system_view(s, pool);

    m->reading.spec = v.spec;
    m->reading.status = v.status;
    m->reading.ready = system_pods(s, pool).ready;
    m->reading.scale_lost = v.scale_lost;
    m->metric = v.scale_lost ? m->p->hpa.n_metrics : 0;
    m->asked_us = now_us;
    model_go_on(m, s, pool, now_us);
}

static inline void model_write(struct model_scaler *m, struct system *s,
                               uint32_t pool, sim_us now_us)
{
    struct pool_view v = system_view(s, pool);
    const struct hpa_params *h = &m->p->hpa;

    if (v.changed_us <= m->scale_read_us && !v.conflicts) {
        hpa_on_scaled(&m->hpa, now_us, m->reading.spec, m->decision.desired);
        model_reconciled(m, now_us - h->write_us);
        system_scale(s, pool, m->decision.desired);
        return;
    }
    if (++m->n_writes >= hpa_write_attempts(h)) {
        hpa_on_write_failed(&m->hpa);
        model_reconciled(m, now_us - h->write_us);
        return;
    }
    m->scale_read_us = now_us;
    m->act_us = now_us + hpa_retry_us(system_retry_u(s, pool)) + h->write_us;
}

static inline void model_poll(struct model_scaler *m, struct system *s,
                              uint32_t pool, sim_us now_us)
{
    struct pool_view v = system_view(s, pool);
    struct keda_sample samples[KEDA_TRIGGERS];
    struct keda_context context = {v.spec, system_pods(s, pool).ready};

    m->poll_us = SIM_NEVER;
    if (v.keda_away_us > 0)
        return;
    for (size_t i = 0; i < KEDA_TRIGGERS; i++)
        samples[i] = system_sample(s, pool, i, true);
    struct keda_poll poll = keda_on_poll(&m->keda, now_us, samples, &context);
    m->poll_us = keda_next_poll_us(&m->p->keda, now_us, poll.delay_us);
    if (poll.move != KEDA_STAY)
        system_scale(s, pool, poll.replicas);
}

#endif

/* model_link.h - the models of KEDA and the HPA behind a scaler link: they act
 * from outside as the system's own do, tick by tick.
 */
#ifndef TESTS_MODEL_LINK_H
#define TESTS_MODEL_LINK_H

#include "tests/model_scaler.h"

enum { MODEL_LINK_POOLS = 4 };

struct model_link {
    const struct system_params *params;
    struct model_scaler pools[MODEL_LINK_POOLS];
    sim_us done_us; /* faults up to here are dealt with */
    size_t n_calls;
};

/* What restarts has no event here: whoever is called next looks back. */
static inline void model_fault(struct model_link *l, const struct fault *f)
{
    for (uint32_t i = 0; i < l->params->n_pools; i++) {
        struct model_scaler *m = &l->pools[i];
        sim_us turn_us = i * US_PER_MS;
        if (!m->p)
            continue;
        if (f->kind == FAULT_CONTROLLER_RESTART) {
            hpa_on_restart(&m->hpa);
            model_read_at(m,
                          hpa_first_sync_us(&m->p->hpa, f->at_us + f->gap_us) +
                              m->p->hpa.read_us + turn_us);
        } else {
            keda_on_restart(&m->keda);
            m->poll_us = f->until_us + turn_us;
        }
    }
}

static inline sim_us model_fault_us(const struct fault *f)
{
    if (f->kind == FAULT_CONTROLLER_RESTART)
        return f->at_us;
    return f->kind == FAULT_KEDA_RESTART ? f->until_us : SIM_NEVER;
}

static inline sim_us model_next_us(const struct model_link *l)
{
    sim_us next_us = SIM_NEVER;

    for (uint32_t i = 0; i < l->params->n_pools; i++) {
        const struct model_scaler *m = &l->pools[i];
        if (m->p && m->poll_us < next_us)
            next_us = m->poll_us;
        if (m->p && m->act_us < next_us)
            next_us = m->act_us;
    }
    for (size_t i = 0; i < l->params->n_faults; i++) {
        sim_us at_us = model_fault_us(&l->params->faults[i]);
        if (at_us > l->done_us && at_us < next_us)
            next_us = at_us;
    }
    return next_us;
}

static inline sim_us model_on_start(void *context, struct system *s)
{
    struct model_link *l = context;

    l->done_us = -1;
    for (uint32_t i = 0; i < l->params->n_pools; i++) {
        const struct pool_params *p = &l->params->pools[i];
        struct model_scaler *m = &l->pools[i];
        if (!p->autoscaled || p->keda.paused)
            continue;
        struct scale_phases at = system_phases(s, i);
        *m = (struct model_scaler){.p = p, .poll_us = at.poll_us};
        hpa_init(&m->hpa, &p->hpa);
        keda_init(&m->keda, &p->keda, -US_PER_DAY);
        model_read_at(m, at.hpa_us + p->hpa.read_us);
    }
    return model_next_us(l);
}

static inline void model_reconcile(struct model_scaler *m, struct system *s,
                                   uint32_t pool, sim_us now_us,
                                   enum model_stage stage)
{
    if (m->act_us != now_us || m->stage != stage)
        return;
    if (stage == MODEL_READS)
        model_read(m, s, pool, now_us);
    else if (stage == MODEL_DECIDES)
        model_go_on(m, s, pool, now_us);
    else
        model_write(m, s, pool, now_us);
}

static inline sim_us model_on_time(void *context, struct system *s,
                                   sim_us now_us)
{
    struct model_link *l = context;

    l->n_calls++;
    for (size_t i = 0; i < l->params->n_faults; i++)
        if (model_fault_us(&l->params->faults[i]) == now_us &&
            l->done_us < now_us)
            model_fault(l, &l->params->faults[i]);
    l->done_us = now_us;
    for (uint32_t i = 0; i < l->params->n_pools; i++)
        if (l->pools[i].p && l->pools[i].poll_us == now_us)
            model_poll(&l->pools[i], s, i, now_us);
    for (enum model_stage k = MODEL_READS; k <= MODEL_WRITES; k++)
        for (uint32_t i = 0; i < l->params->n_pools; i++)
            if (l->pools[i].p)
                model_reconcile(&l->pools[i], s, i, now_us, k);
    return model_next_us(l);
}

static inline struct scaler_link model_scaler_link(struct model_link *l,
                                                   const struct fixture *f)
{
    memset(l, 0, sizeof *l);
    l->params = &f->p;
    return (struct scaler_link){l, model_on_start, model_on_time};
}

static inline void model_link_free(struct model_link *l)
{
    for (size_t i = 0; i < MODEL_LINK_POOLS; i++)
        hpa_free(&l->pools[i].hpa);
}

#endif

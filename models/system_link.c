#include "models/system_link.h"

#include "models/system_parts.h"

#include <assert.h>

void system_set_link(struct system *s, const struct scaler_link *link)
{
    s->link = link;
}

struct pool_view system_view(const struct system *s, uint32_t pool)
{
    const struct sys_pool *p = &s->pools[pool];
    const struct fault *f;

    return (struct pool_view){
        .spec = (uint32_t)p->state.wanted,
        .status = sys_status_replicas(p),
        .changed_us = p->changed_us,
        .sessions = p->state.sessions,
        .scale_lost = sys_fault(s, FAULT_SCALE_LOST, pool, &f),
        .conflicts = sys_fault(s, FAULT_API_CONFLICTS, pool, &f),
        .keda_away_us = sys_fault(s, FAULT_KEDA_RESTART, pool, &f)
                            ? f->until_us - s->now_us
                            : 0,
    };
}

struct backend_view system_backend(const struct system *s, uint32_t backend)
{
    return (struct backend_view){
        .sessions = lb_sessions(&s->lb, backend),
        .queue = lb_queue(&s->lb, backend),
    };
}

void system_scale(struct system *s, uint32_t pool, uint32_t replicas)
{
    sys_want(s, pool, replicas);
}

struct scale_phases system_phases(const struct system *s, uint32_t pool)
{
    const struct pool_params *p = s->pools[pool].p;
    double hpa_u = sys_u(s, DRAW_HPA_PHASE, pool, 0);
    double keda_u = sys_u(s, DRAW_KEDA_PHASE, pool, 0);

    return (struct scale_phases){
        .hpa_us = (sim_us)(hpa_u * (double)p->hpa.sync_us),
        .poll_us = (sim_us)(keda_u * (double)p->keda.polling_us),
    };
}

void system_metric_lost(const struct system *s, uint32_t pool, uint32_t trigger)
{
    sys_note(s, NOTE_METRIC_LOST, pool, trigger, 0);
}

double system_retry_u(struct system *s, uint32_t pool)
{
    return sys_u(s, DRAW_HPA_RETRY, pool, s->pools[pool].n_draws++);
}

static void plan(struct system *s, sim_us at_us)
{
    if (at_us != SIM_NEVER)
        sys_plan(s, at_us, EV_LINK, 0, 0);
}

void sys_link_start(struct system *s)
{
    plan(s, s->link->on_start(s->link->context, s));
}

void sys_on_link(struct system *s)
{
    sim_us next_us = s->link->on_time(s->link->context, s, s->now_us);

    assert(next_us > s->now_us);
    plan(s, next_us);
}

/* system_probe.c - probes of a pod that runs: they fail while its daemon is
 * stuck, until the pod leaves its name and its container is started again.
 *
 * A daemon that is well answers in time; its probes need no events.
 */
#include "models/system_parts.h"

/* Of the nth container of the pod, from 0. */
struct kubelet_draws sys_kubelet_draws(const struct system *s, uint32_t pod)
{
    uint64_t id = sys_pod_identity(s, pod), n = sys_pod(s, pod)->n_restarts;

    return (struct kubelet_draws){
        .pull = sys_u(s, DRAW_PULL, id, n),
        .start = sys_u(s, DRAW_START, id, n),
        .sleep = sys_u(s, DRAW_SLEEP, id, n),
        .noticed = sys_u(s, DRAW_NOTICED, id, n),
        .exec = sys_u(s, DRAW_EXEC, id, n),
        .status = sys_u(s, DRAW_STATUS, id, n),
        .startup_sleep = sys_u(s, DRAW_STARTUP_SLEEP, id, n),
        .startup_exec = sys_u(s, DRAW_STARTUP_EXEC, id, n),
    };
}

/* A time at which the readiness probe runs: the one that made the pod ready. */
static sim_us readiness_tick_us(const struct system *s, uint32_t pod)
{
    const struct sys_pod *p = sys_pod(s, pod);
    const struct kubelet_params *k = &s->pools[p->pool].p->kubelet;
    struct kubelet_draws u = sys_kubelet_draws(s, pod);

    return p->ready_us - dist_us(&k->status, u.status, 1.0) -
           dist_us(&k->exec, u.exec, 1.0);
}

/* The liveness probe has a clock of its own, as old as the container. */
static sim_us liveness_tick_us(const struct system *s, uint32_t pod)
{
    const struct sys_pod *p = sys_pod(s, pod);
    sim_us period_us = s->pools[p->pool].p->kubelet.liveness.period_us;
    double u = sys_u(s, DRAW_LIVENESS, sys_pod_identity(s, pod), p->n_restarts);

    return p->started_us + (sim_us)(u * (double)period_us);
}

static void plan(struct system *s, sim_us at_us, enum event_kind kind,
                 uint32_t pod)
{
    if (at_us != SIM_NEVER)
        sys_plan(s, at_us, kind, pod, sys_pod(s, pod)->generation);
}

/* No probe is answered from now until then. */
void sys_probes_fail(struct system *s, uint32_t pod, sim_us until_us)
{
    const struct kubelet_params *k =
        &s->pools[sys_pod(s, pod)->pool].p->kubelet;

    plan(s,
         kubelet_lost_us(&k->readiness, readiness_tick_us(s, pod), s->now_us,
                         until_us),
         EV_POD_UNREADY, pod);
    plan(s,
         kubelet_lost_us(&k->liveness, liveness_tick_us(s, pod), s->now_us,
                         until_us),
         EV_POD_KILLED, pod);
}

/* They are again; an unready pod is ready with its next probe. */
void sys_probes_pass(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);
    const struct kubelet_params *k = &s->pools[p->pool].p->kubelet;

    if (!p->unready || p->terminating)
        return;
    struct kubelet_draws u = sys_kubelet_draws(s, pod);
    sim_us period_us = k->readiness.period_us;
    sim_us since_us = (s->now_us - readiness_tick_us(s, pod)) % period_us;
    sim_us tick_us = s->now_us + (since_us > 0 ? period_us - since_us : 0);
    sim_us more_us = (k->readiness.successes - 1) * period_us;

    plan(s,
         tick_us + more_us + dist_us(&k->exec, u.exec, 1.0) +
             dist_us(&k->status, u.status, 1.0),
         EV_POD_READY, pod);
}

/* Its container is killed, with the builds on it, and started again. */
void sys_on_pod_killed(struct system *s, uint32_t pod)
{
    struct sys_pod *p = sys_pod(s, pod);
    const struct kubelet_params *k = &s->pools[p->pool].p->kubelet;

    p->generation++;
    sys_pod_unready(s, pod);
    p->phase = POD_STARTING;
    p->daemon = DAEMON_WELL;
    sys_note(s, NOTE_POD_KILLED, p->pool, pod, p->node);
    sys_port(s, pod);
    sys_lose_builds(s, pod);
    p->n_restarts++;
    struct kubelet_draws u = sys_kubelet_draws(s, pod);
    p->started_us = s->now_us + kubelet_restart_us(p->n_restarts) +
                    dist_us(&k->start, u.start, 1.0);
    plan(s, p->started_us, EV_POD_STARTED, pod);
    plan(s,
         kubelet_ready_us(k, s->now_us, s->nodes[p->node].kubelet.started_us,
                          p->started_us, &u),
         EV_POD_READY, pod);
}

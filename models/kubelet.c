#include "models/kubelet.h"

#include <assert.h>

enum { TRIES_MAX = 1000 }; /* of a probe that can hardly answer in time */

void kubelet_defaults(struct kubelet_params *p)
{
    struct kubelet_probe probe = {
        .used = true,
        .initial_delay_us = 5 * US_PER_S,
        .period_us = 30 * US_PER_S,
        .timeout_us = US_PER_S,
        .failures = 3,
        .successes = 1,
    };

    *p = (struct kubelet_params){
        .readiness = probe,
        .liveness = probe,
        .startup = probe,
        .exec = {DIST_UNIFORM, 0.1, 0.5, 0.1, 0.5},
        .status = {DIST_UNIFORM, 0.1, 1.0, 0.1, 1.0},
        .noticed = {DIST_UNIFORM, 0.2, 1.5, 0.2, 1.5},
        .pull_cold = {DIST_LOGNORMAL, 6.0, 40.0, 2.0, 300.0},
        .pull_warm = {DIST_CONSTANT, 0.0, 0.0, 0.0, 0.0},
        .start = {DIST_LOGNORMAL, 1.5, 3.0, 0.5, 30.0},
        .exit = {DIST_LOGNORMAL, 2.0, 5.0, 0.5, 60.0},
        .reset_ticker = true,
        .grace_us = 8100 * US_PER_S,
        .min_grace_us = 2 * US_PER_S,
        .removal_us = US_PER_S,
    };
    p->startup.used = false;
}

static sim_us later(sim_us a, sim_us b)
{
    return a > b ? a : b;
}

static sim_us sooner(sim_us a, sim_us b)
{
    return a < b ? a : b;
}

void kubelet_init(struct kubelet *k, sim_us started_us)
{
    *k = (struct kubelet){.started_us = started_us, .image_us = SIM_NEVER};
}

sim_us kubelet_on_bind(struct kubelet *k, const struct kubelet_params *p,
                       sim_us now_us, double factor,
                       const struct kubelet_draws *u)
{
    sim_us image_us = now_us + dist_us(&p->pull_warm, u->pull, 1.0);

    if (k->image_us == SIM_NEVER)
        k->image_us = now_us + dist_us(&p->pull_cold, u->pull, factor);
    if (k->image_us > now_us)
        image_us = k->image_us;
    return image_us + dist_us(&p->start, u->start, 1.0);
}

/* A probe's clock begins with the pod; only a kubelet younger than one period
 * spreads its first attempts.
 */
static sim_us first_tick(const struct kubelet_probe *probe, sim_us sync_us,
                         sim_us kubelet_us, double u)
{
    if (sync_us - kubelet_us >= probe->period_us)
        return sync_us;
    return sync_us + (sim_us)(u * (double)probe->period_us);
}

/* First instant of the clock, running since tick_us, at or after from_us. */
static sim_us tick_after(sim_us tick_us, sim_us period_us, sim_us from_us)
{
    assert(period_us > 0);
    if (from_us <= tick_us)
        return tick_us;
    return tick_us +
           (from_us - tick_us + period_us - 1) / period_us * period_us;
}

/* Share of the probes that answer within the timeout. */
static double in_time_frac(const struct dist *exec, sim_us timeout_us)
{
    double low = 0.0, high = 1.0;

    for (int i = 0; i < 50; i++) {
        double u = 0.5 * (low + high);

        *(dist_us(exec, u, 1.0) <= timeout_us ? &low : &high) = u;
    }
    return low;
}

/* When a probe first attempted at at_us is answered. A draw that fails says
 * only that it lies above the share in time, so its place in the rest is a
 * uniform number again.
 */
static sim_us answered_us(const struct kubelet_probe *probe,
                          const struct dist *exec, sim_us at_us, double u,
                          uint32_t n_tries)
{
    sim_us exec_us = dist_us(exec, u, 1.0);

    if (exec_us <= probe->timeout_us)
        return at_us + exec_us;
    double in_time = in_time_frac(exec, probe->timeout_us);

    for (uint32_t i = 1; i < n_tries && in_time > 0.0; i++) {
        u = (u - in_time) / (1.0 - in_time);
        exec_us = dist_us(exec, u > 1e-15 ? u : 1e-15, 1.0);
        at_us += probe->period_us;
        if (exec_us <= probe->timeout_us)
            return at_us + exec_us;
    }
    return SIM_NEVER;
}

/* When the container counts as started: readiness waits for that. */
static sim_us startup_us(const struct kubelet_params *p, sim_us sync_us,
                         sim_us kubelet_us, sim_us container_us,
                         const struct kubelet_draws *u)
{
    const struct kubelet_probe *probe = &p->startup;

    if (!probe->used)
        return container_us;
    sim_us tick_us = first_tick(probe, sync_us, kubelet_us, u->startup_sleep);
    sim_us at_us = tick_after(tick_us, probe->period_us,
                              container_us + probe->initial_delay_us);

    return answered_us(probe, &p->exec, at_us, u->startup_exec,
                       probe->failures);
}

/* The first readiness attempt that is not skipped. Those before open_us are.
 *
 * The status update of noticed_us makes one attempt of its own. While the
 * worker still sleeps that attempt is kept until its first tick.
 */
static sim_us attempt_us(const struct kubelet_params *p, sim_us tick_us,
                         sim_us noticed_us, sim_us open_us)
{
    sim_us period_us = p->readiness.period_us;
    sim_us extra_us = later(tick_us, noticed_us);
    sim_us at_us = tick_after(tick_us, period_us, open_us);

    if (at_us <= extra_us)
        return at_us;
    if (p->reset_ticker)
        return tick_after(extra_us, period_us, open_us);
    return extra_us >= open_us ? extra_us : at_us;
}

sim_us kubelet_pull_us(sim_us now_us, sim_us until_us)
{
    sim_us wait_us = 10 * US_PER_S;

    for (; now_us < until_us; wait_us = sooner(2 * wait_us, 300 * US_PER_S))
        now_us += wait_us;
    return now_us;
}

sim_us kubelet_restart_us(uint32_t n)
{
    assert(n >= 1);
    if (n == 1)
        return 0;
    return n > 6 ? 300 * US_PER_S : (10 * US_PER_S) << (n - 2);
}

sim_us kubelet_ready_us(const struct kubelet_params *p, sim_us sync_us,
                        sim_us kubelet_us, sim_us container_us,
                        const struct kubelet_draws *u)
{
    const struct kubelet_probe *probe = &p->readiness;
    sim_us started_us = startup_us(p, sync_us, kubelet_us, container_us, u);

    if (started_us == SIM_NEVER)
        return SIM_NEVER;
    sim_us noticed_us = started_us + dist_us(&p->noticed, u->noticed, 1.0);
    sim_us status_us = dist_us(&p->status, u->status, 1.0);

    if (!probe->used)
        return noticed_us + status_us;
    sim_us tick_us = first_tick(probe, sync_us, kubelet_us, u->sleep);
    sim_us open_us = later(started_us, container_us + probe->initial_delay_us);
    sim_us at_us = attempt_us(p, tick_us, noticed_us, open_us);
    sim_us answer_us = answered_us(probe, &p->exec, at_us, u->exec, TRIES_MAX);

    if (answer_us == SIM_NEVER)
        return SIM_NEVER;
    return answer_us + (probe->successes - 1) * probe->period_us + status_us;
}

/* A daemon that is back at the very end of a timeout still answers. */
sim_us kubelet_lost_us(const struct kubelet_probe *probe, sim_us tick_us,
                       sim_us from_us, sim_us until_us)
{
    if (!probe->used)
        return SIM_NEVER;
    sim_us phase_us = (tick_us - from_us) % probe->period_us;

    if (phase_us < 0)
        phase_us += probe->period_us;
    sim_us lost_us = from_us + phase_us +
                     (probe->failures - 1) * probe->period_us +
                     probe->timeout_us;

    return until_us > lost_us ? lost_us : SIM_NEVER;
}

/* The hook counts in whole seconds, cut, against the grace. */
struct kubelet_end kubelet_on_delete(const struct kubelet_params *p,
                                     sim_us now_us, sim_us hook_us)
{
    assert(hook_us >= 0);
    sim_us used_us = sooner(hook_us, p->grace_us);
    sim_us left_us = p->grace_us - used_us / US_PER_S * US_PER_S;
    sim_us term_us = now_us + used_us;

    return (struct kubelet_end){
        .term_us = term_us,
        .kill_us = term_us + later(left_us, p->min_grace_us),
    };
}

sim_us kubelet_gone_us(const struct kubelet_params *p, struct kubelet_end end,
                       sim_us stays_us, double u)
{
    sim_us killed_us = end.kill_us + p->removal_us;

    if (stays_us >= end.kill_us)
        return killed_us;
    sim_us exit_us = later(stays_us, end.term_us) + dist_us(&p->exit, u, 1.0);

    return sooner(exit_us, killed_us);
}

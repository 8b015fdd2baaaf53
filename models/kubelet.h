/* kubelet.h - from a bound pod to Ready, and from its deletion to its end.
 *
 * Models    image pull (once a node), sandbox and container start, the exact
 *           probe clock that decides Ready, restarts by failing probes, and
 *           preStop, SIGTERM, SIGKILL with their grace.
 * Source    kubernetes prober/worker.go, prober_manager.go,
 *           kuberuntime_container.go, pod_workers.go (1.28 to 1.35).
 * Left out  admission by topology manager, sidecars, eviction, node shutdown,
 *           status updates other than the first (they could only make Ready
 *           earlier, rarely).
 */
#ifndef MODELS_KUBELET_H
#define MODELS_KUBELET_H

#include "sim/base/units.h"
#include "sim/engine/dist.h"

#include <stdbool.h>
#include <stdint.h>

struct kubelet_probe {
    bool used;
    sim_us initial_delay_us; /* whole seconds, >= 0 */
    sim_us period_us;        /* >= 1 s */
    sim_us timeout_us;       /* >= 1 s */
    uint32_t failures;       /* in a row before it acts, >= 1 */
    uint32_t successes;      /* in a row, >= 1; 1 unless readiness */
};

struct kubelet_params {
    struct kubelet_probe readiness, liveness, startup;
    struct dist exec;      /* one probe that answers */
    struct dist status;    /* probe result -> Ready in the API */
    struct dist noticed;   /* container started -> status computed */
    struct dist pull_cold; /* rows 9 and 9b; factor on the cold one */
    struct dist pull_warm;
    struct dist start;   /* row 10: sandbox and container */
    struct dist exit;    /* row 15: SIGTERM -> pod object gone, if idle */
    bool reset_ticker;   /* a status update restarts the probe clock */
    sim_us grace_us;     /* terminationGracePeriodSeconds, whole seconds */
    sim_us min_grace_us; /* left after the hook at least: 2 s */
    sim_us removal_us;   /* SIGKILL -> pod object gone */
};

/* A build pod of the reference pool on a current kubelet. */
void kubelet_defaults(struct kubelet_params *p);

/* Uniform numbers in (0, 1) for one pod. */
struct kubelet_draws {
    double pull, start;
    double sleep, noticed, exec, status;
    double startup_sleep, startup_exec; /* if there is a startup probe */
};

/* One node's kubelet. */
struct kubelet {
    sim_us started_us; /* of the process */
    sim_us image_us;   /* image on disk from then; SIM_NEVER: never pulled */
};

void kubelet_init(struct kubelet *k, sim_us started_us);

/* A pod was bound: when its container starts. The first pod pulls the image,
 * the next ones wait for that pull.
 */
sim_us kubelet_on_bind(struct kubelet *k, const struct kubelet_params *p,
                       sim_us now_us, double factor,
                       const struct kubelet_draws *u);

/* Pulls fail until until_us: when the first one begins that does not. After a
 * failure a pod's pull is tried again in 10 s, doubled each time, to 300 s.
 */
sim_us kubelet_pull_us(sim_us now_us, sim_us until_us);

/* Wait before a container is started for the nth time again, n >= 1: at once,
 * then 10 s, doubled each time, to 300 s.
 */
sim_us kubelet_restart_us(uint32_t n);

/* When a pod becomes Ready in the API.
 *
 * sync_us       the kubelet first handles the pod (it was bound)
 * kubelet_us    the kubelet process started
 * container_us  the container started
 * Returns the instant, or SIM_NEVER if no probe can answer within its timeout
 * or the startup probe gives up. Without a readiness probe Ready follows the
 * first status update. An answer slower than the timeout counts as a failure,
 * and the next attempt, one period later, uses what is left of the same draw.
 */
sim_us kubelet_ready_us(const struct kubelet_params *p, sim_us sync_us,
                        sim_us kubelet_us, sim_us container_us,
                        const struct kubelet_draws *u);

/* A fault: the daemon answers no probe in [from_us, until_us).
 *
 * tick_us   any instant at which this probe runs
 * Returns when the last of the failures in a row is counted (liveness: the
 * container is killed and its builds are lost; readiness: the pod leaves the
 * Service), or SIM_NEVER if the daemon is back in time.
 * A daemon that answers is idle: its probes change nothing and need no events.
 */
sim_us kubelet_lost_us(const struct kubelet_probe *probe, sim_us tick_us,
                       sim_us from_us, sim_us until_us);

struct kubelet_end {
    sim_us term_us; /* SIGTERM */
    sim_us kill_us; /* SIGKILL at the latest */
};

/* A bound pod is deleted, handled by the kubelet at now_us.
 *
 * hook_us   how long preStop takes if it may; 0 without one; SIM_NEVER if
 *           it never ends
 */
struct kubelet_end kubelet_on_delete(const struct kubelet_params *p,
                                     sim_us now_us, sim_us hook_us);

/* When the pod object is gone and its resources are free.
 *
 * stays_us  the process ignores SIGTERM until then (a daemon that finishes its
 *           build); <= end.term_us if it does not, SIM_NEVER if it always does
 */
sim_us kubelet_gone_us(const struct kubelet_params *p, struct kubelet_end end,
                       sim_us stays_us, double u);

#endif

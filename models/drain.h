/* drain.h - the preStop script that waits until a build pod is idle.
 *
 * Models    a loop that looks at the pod's established build connections every
 *           15 s, counts idle looks in a row, and ends one poll after the
 *           second of them.
 * Source    pytorch/ci-infra, drain-configmap.yaml.
 * Left out  the time that a look takes (milliseconds); the balancer's health
 *           checks (they leave no established connection).
 */
#ifndef MODELS_DRAIN_H
#define MODELS_DRAIN_H

#include "sim/base/units.h"

#include <stdbool.h>
#include <stdint.h>

struct drain_params {
    sim_us poll_us;      /* > 0; 15 s */
    uint32_t idle_looks; /* in a row before it ends, >= 1; 2 */
    bool blind; /* netstat is missing: every look finds no connection, so the
                 * script ends after idle_looks polls and a build that still
                 * runs is lost at SIGTERM */
};

void drain_defaults(struct drain_params *p);

/* One running script. */
struct drain {
    const struct drain_params *p; /* borrowed */
    sim_us look_us;               /* next look */
    uint32_t n_idle;              /* idle looks in a row */
};

/* The script starts, with its first look at once: plan one at d->look_us. */
void drain_start(struct drain *d, const struct drain_params *p, sim_us now_us);

struct drain_step {
    sim_us at_us; /* the next look, or the end of the script */
    bool done;    /* at_us is the end */
};

/* A look, at d->look_us. A connection that closes at that instant is closed.
 *
 * busy      a build connection is established
 */
struct drain_step drain_on_look(struct drain *d, bool busy);

/* Looks that find a busy pod change nothing but the time of the next one: a
 * pod that is busy from d->look_us until before until_us is idle in the sense
 * of events. Skips its looks, the same as executing them, and returns how
 * many they were. Nothing happens if d->look_us >= until_us, or if the script
 * is blind.
 */
uint64_t drain_skip_busy(struct drain *d, sim_us until_us);

#endif

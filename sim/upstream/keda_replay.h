/* keda_replay.h - plays a recorded life of KEDA's two real loops through the
 * model and says where the two differ.
 *
 * A recording is JSON lines, see models/upstream/README.md. The model is given
 * what each GET met and the Deployment; all that it decides is compared: time
 * of the polls, number of GETs, value or error, sizes written, failures,
 * Fallback condition, lastActiveTime.
 */
#ifndef SIM_UPSTREAM_KEDA_REPLAY_H
#define SIM_UPSTREAM_KEDA_REPLAY_H

#include "models/keda.h"

#include <jansson.h>

struct keda_replay { /* starts from {0} or keda_replay_init; not to be moved */
    struct keda_params p;
    struct keda k;
    sim_us poll_us; /* when the next poll is due */
    unsigned n_steps;
    char why[256]; /* the last difference, "" if none */
};

/* In the place of a recording's first line.
 *
 * poll_us   the first poll; the object was created at time 0
 */
void keda_replay_init(struct keda_replay *r, const struct keda_params *p,
                      sim_us poll_us);

/* One line of a recording. Returns false at a difference, told in r->why. */
bool keda_replay_line(struct keda_replay *r, const json_t *o);

#endif

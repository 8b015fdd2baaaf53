/* hpa_replay.h - plays a recorded life of the real HPA controller through the
 * model and says where the two differ.
 *
 * A recording is JSON lines, see models/upstream/README.md. The model is given
 * what the controller read and when; all that it decides is compared: start of
 * the reconcile, size written, attempts, status, conditions.
 */
#ifndef SIM_UPSTREAM_HPA_REPLAY_H
#define SIM_UPSTREAM_HPA_REPLAY_H

#include "models/hpa.h"

#include <jansson.h>

struct hpa_replay { /* starts from {0} or hpa_replay_init; not to be moved */
    struct hpa_params p;
    struct hpa h;   /* to be given to hpa_free */
    sim_us next_us; /* start of the next reconcile; SIM_NEVER: not known */
    sim_us tied_us; /* the same if a tick of that instant came the other way */
    sim_us pending_us; /* what ticks during a long reconcile ask for */
    sim_us get_us, retry_get_us; /* scale GET; that after a failed write */
    unsigned n_steps;
    char why[512]; /* the last difference, "" if none */
};

/* In the place of a recording's first line. */
void hpa_replay_init(struct hpa_replay *r, const struct hpa_params *p);

/* One line of a recording. Returns false at a difference, told in r->why. */
bool hpa_replay_line(struct hpa_replay *r, const json_t *o);

#endif

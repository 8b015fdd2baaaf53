/* world.h - what the real HPA controller finds around it: a Deployment, whose
 * status follows its spec, and a metric, as a scenario says; and the recording
 * of what the controller did there.
 *
 * A scenario is one JSON object; models/upstream/README.md lists its fields.
 */
#ifndef MODELS_UPSTREAM_WORLD_H
#define MODELS_UPSTREAM_WORLD_H

#include "sim/base/units.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct world {
    const json_t *scenario; /* borrowed */
    const json_t *events;   /* borrowed from it */
    size_t n_done, n_acted; /* events applied; edits and restarts looked at */
    int64_t spec, status, surge, version;
    sim_us lag_us, follow_us; /* status follows spec; SIM_NEVER: it has */
    const json_t *usage;      /* borrowed; of each metric */
    bool per_replica;         /* usage is that of each replica */
    bool scale_error;
    int64_t n_conflicts, n_write_errors; /* still to be refused */
    sim_us delay_us;                     /* of each metric query */
    int64_t n_syncs, n_noted, n_wanted;  /* reconciles begun, recorded, asked */
    json_t *step;  /* owned; the reconcile that is under way */
    json_t *lines; /* owned; the recording so far */
};

/* minor     of Kubernetes */
void world_init(struct world *w, const json_t *scenario, int minor);
void world_free(struct world *w);

/* The first line to the driver. Owned. */
json_t *world_start(const struct world *w);

/* The answer to a question, owned; NULL if the line was no question. *over
 * becomes true at the end of the scenario.
 */
json_t *world_answer(struct world *w, const json_t *question, bool *over);

#endif

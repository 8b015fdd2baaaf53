/* keda_world.h - what KEDA finds around it: the balancer's metrics endpoint, a
 * Deployment and an HPA that asks at fixed times; and the recording of what
 * KEDA did there.
 *
 * A scenario is one JSON object; models/upstream/README.md lists its fields.
 */
#ifndef MODELS_UPSTREAM_KEDA_WORLD_H
#define MODELS_UPSTREAM_KEDA_WORLD_H

#include "sim/base/units.h"

#include <jansson.h>
#include <stdbool.h>

struct keda_world {
    const json_t *scenario; /* borrowed */
    const json_t *events;   /* borrowed from it */
    size_t n_done;          /* events applied */
    const json_t *lb;       /* borrowed; what each trigger's GETs meet */
    json_int_t spec, ready;
    json_int_t n_queries, n_wanted;
    sim_us query_us; /* when the next query is due */
    json_t *step;    /* owned; the evaluation under way */
    json_t *lines;   /* owned; the recording so far */
};

/* version   of KEDA, "2.16.1" */
void keda_world_init(struct keda_world *w, const json_t *scenario,
                     const char *version);
void keda_world_free(struct keda_world *w);

/* The first line to the driver. Owned. */
json_t *keda_world_start(const struct keda_world *w);

/* The answer to a question, owned; NULL if the line was no question. *over
 * becomes true at the end of the scenario.
 */
json_t *keda_world_answer(struct keda_world *w, const json_t *question,
                          bool *over);

#endif

/* step.h - one reconcile or evaluation that is under way, as a line of a
 * recording: models/upstream/README.md lists its fields.
 */
#ifndef SIM_UPSTREAM_STEP_H
#define SIM_UPSTREAM_STEP_H

#include "sim/base/units.h"

#include <jansson.h>
#include <stdbool.h>

/* A whole number of an object. */
json_int_t step_int(const json_t *o, const char *key, json_int_t absent);

/* ------------------------------------------------------------ the HPA */

/* How an attempt to write the scale ends. */
enum step_write { STEP_OK, STEP_CONFLICT, STEP_ERROR };

/* Whether a GET of the scale that began at from_us belongs to the step: it
 * reads again after a write that failed. step may be NULL.
 */
bool step_reads_again(const json_t *step, sim_us from_us);

/* A reconcile whose GET began at from_us and was answered at now_us. Owned. */
json_t *step_of_scale(sim_us from_us, sim_us now_us);
void step_scale(json_t *step, json_int_t spec, json_int_t status);
void step_scale_lost(json_t *step);

/* series    of the next metric, read_us its time; NULL: it was lost */
void step_metric(json_t *step, json_t *series, sim_us read_us);

/* The pods that were counted after it. */
void step_pods(json_t *step, json_int_t pods, json_int_t ready);

void step_write(json_t *step, sim_us now_us, json_int_t replicas,
                enum step_write how);

/* ------------------------------------------------------------ KEDA */

/* key       "p" for a poll, "q" for a query. Owned. */
json_t *step_of_keda(const char *key, sim_us now_us, size_t n_triggers);
void step_context(json_t *step, json_int_t spec, json_int_t ready);

/* The number of GETs of a trigger so far; then what the next one met. */
size_t step_gets(const json_t *step, size_t trigger);
void step_get(json_t *step, size_t trigger, const char *met);

#endif

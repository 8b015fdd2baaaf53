/* behavior_json.h - `behavior` of an HPA in JSON, as users write it. */
#ifndef SIM_APP_BEHAVIOR_JSON_H
#define SIM_APP_BEHAVIOR_JSON_H

#include "models/hpa_params.h"
#include "sim/base/err.h"

#include <jansson.h>

/* Reads the field "behavior" of o into has_behavior, up and down, without
 * defaulting; kubernetes_minor must be set. Absent or null: no behavior.
 *
 * Errors    ERR_INPUT for what the API server of that version refuses, with
 *           the path of the field.
 */
int behavior_read(const json_t *o, struct hpa_params *p, struct err *e);

/* The behavior in force after defaulting, null if there is none. Owned. */
json_t *behavior_json(const struct hpa_params *p);

#endif

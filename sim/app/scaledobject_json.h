/* scaledobject_json.h - a ScaledObject's spec in JSON, as users write it. */
#ifndef SIM_APP_SCALEDOBJECT_JSON_H
#define SIM_APP_SCALEDOBJECT_JSON_H

#include "models/keda_params.h"
#include "sim/base/err.h"

#include <jansson.h>

/* Reads a spec, or a whole object with "spec" and "metadata", and beside the
 * Kubernetes fields "kedaVersion" (needed) and "origin", the instant of t = 0
 * for cron triggers, default 1970. Without "triggers" there is one metrics-api
 * trigger of target 1. Fields that no decision depends on are passed over.
 *
 * Errors    ERR_INPUT with the path of the field.
 */
int scaledobject_read(const json_t *o, struct keda_params *p, struct err *e);

#endif

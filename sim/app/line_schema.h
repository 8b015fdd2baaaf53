/* line_schema.h - the JSON Schemas of the lines that `drydock hpa` and `drydock
 * keda` read and write: NAME.schema.json of this folder, built into the
 * program. Keys that they do not know are the user's own and pass.
 */
#ifndef SIM_APP_LINE_SCHEMA_H
#define SIM_APP_LINE_SCHEMA_H

#include <jansson.h>

/* Owned by the caller: json_decref. */
json_t *hpa_line_schema(void);
json_t *keda_line_schema(void);

#endif

/* summary_schema.h - the JSON Schema of summary.json, from the table of
 * figures. More keys may follow in later versions, so that unknown ones pass.
 */
#ifndef SIM_APP_SUMMARY_SCHEMA_H
#define SIM_APP_SUMMARY_SCHEMA_H

#include <jansson.h>

/* Owned by the caller: json_decref. */
json_t *summary_schema(void);

#endif

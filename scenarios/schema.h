/* schema.h - the JSON Schema of a scenario file, for editors.
 *
 * Made from the table of parameters (params.h) and from the words that the
 * reader knows (words.h), so that it says what the program reads. Draft 7,
 * which editors of YAML understand.
 * Left out  what needs the manifests or the trace: which pools, backends,
 *           types and zones there are, whether a fault lies in the trace, and
 *           whether values contradict each other.
 */
#ifndef SCENARIOS_SCHEMA_H
#define SCENARIOS_SCHEMA_H

#include <jansson.h>

/* Owned by the caller: json_decref. */
json_t *schema_scenario(void);

/* Its parts, for schema.c: what one parameter may be; the list of faults. */
struct param;
json_t *schema_value(const struct param *row);
json_t *schema_faults(void);

#endif

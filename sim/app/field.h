/* field.h - checked fields of a JSON object that a person wrote.
 *
 * A field that is absent or null leaves the output untouched. A message quotes
 * the field and says what it must be; where it stood is the caller's to add.
 */
#ifndef SIM_APP_FIELD_H
#define SIM_APP_FIELD_H

#include "sim/base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Whether the field is there and not null. */
bool field_has(const json_t *o, const char *key);

/* Errors    ERR_INPUT if it is not. */
int field_need(const json_t *o, const char *key, struct err *e);

int field_int(const json_t *o, const char *key, const int64_t bounds[2],
              int64_t *out, struct err *e);
int field_u32(const json_t *o, const char *key, uint32_t *out, struct err *e);
int field_number(const json_t *o, const char *key, const double bounds[2],
                 double *out, struct err *e);
int field_flag(const json_t *o, const char *key, bool *out, struct err *e);

/* Borrowed from o. */
int field_text(const json_t *o, const char *key, const char **out,
               struct err *e);
int field_object(const json_t *o, const char *key, json_t **out, struct err *e);
int field_list(const json_t *o, const char *key, json_t **out, struct err *e);

/* One of words[n]; *out is its index. */
int field_word(const json_t *o, const char *key, const char *const words[],
               int *out, struct err *e);

/* A version "1.34" or "1.34.2" whose first number is major.
 *
 * out       minor and patch
 */
int field_version(const json_t *o, const char *key, uint32_t major,
                  uint32_t out[2], struct err *e);

/* Refuses a field that looks like a misspelling of one of words, which ends
 * with NULL. Other unknown fields are the user's own; words below six letters
 * are too short to tell.
 */
int field_misspelt(const json_t *o, const char *const words[], struct err *e);

/* Microseconds as seconds: whole if they are. Owned. */
json_t *field_seconds(int64_t us);

#endif

/* json_put.h - what every JSON file of ours is made of. */
#ifndef SIM_APP_JSON_PUT_H
#define SIM_APP_JSON_PUT_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* A text of the user; bytes that are no UTF-8 must not spoil the file. Owned.
 */
json_t *json_put_string(const char *s);

void json_put_text(json_t *o, const char *key, const char *s);

/* What means nothing is null. */
void json_put_number(json_t *o, const char *key, double x);

/* Beyond INT64_MAX, which is where the library's integers end, a text. */
void json_put_count(json_t *o, const char *key, uint64_t n);

/* Writes o, which is released. A failure shows in ferror. */
void json_put_file(json_t *o, FILE *out);

#endif

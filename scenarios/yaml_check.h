/* yaml_check.h - what the YAML library would read wrongly, seen beforehand. */
#ifndef SCENARIOS_YAML_CHECK_H
#define SCENARIOS_YAML_CHECK_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct fy_token;

/* Refuses bytes that are no UTF-8, from some of which the library does not
 * come back, and zero bytes, which would end a text early.
 *
 * text      n bytes and a zero
 * Errors    ERR_INPUT, with path and place
 */
int yaml_check_bytes(const char *path, const char *text, size_t n,
                     struct err *e);

/* Whether a block text (| or >) without a word is not read as that: the library
 * takes the lines behind it for its own if they are indented as the block's key
 * is, and may hand out bytes that it never wrote.
 *
 * token     a scalar of text
 * column    of the collection that it is in, from 1 on; 0: it is in none
 */
bool yaml_check_overruns(struct fy_token *token, const char *text,
                         unsigned column);

#endif

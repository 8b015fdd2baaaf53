/* json_lines.h - JSON lines from people: one object a line. */
#ifndef SIM_APP_JSON_LINES_H
#define SIM_APP_JSON_LINES_H

#include "sim/base/err.h"

#include <jansson.h>
#include <stdio.h>

enum { JSON_LINE_MAX = 1 << 20 }; /* bytes of one line */

struct json_lines {
    FILE *in;         /* borrowed */
    const char *name; /* borrowed; for messages */
    unsigned long line;
    char *text; /* owned; JSON_LINE_MAX bytes */
};

void json_lines_open(struct json_lines *l, FILE *in, const char *name);
void json_lines_close(struct json_lines *l);

/* Next object; blank lines are skipped.
 *
 * Returns 1 and an owned *out, 0 at the end, or a negative code.
 */
int json_lines_next(struct json_lines *l, json_t **out, struct err *e);

/* Puts name and line before the message of e. Returns code. */
int json_lines_blame(const struct json_lines *l, int code, struct err *e);

/* Writes one line. Errors    ERR_IO. */
int json_lines_print(const json_t *value, FILE *out, struct err *e);

#endif

/* json_split.h - cuts a stream of JSON into its outermost objects, so that an
 * export of any length is read one row at a time.
 *
 * Models    objects one after the other, and inside any number of arrays;
 *           commas and blanks between them.
 * Left out  what is inside an object: Jansson reads that.
 */
#ifndef TRACES_JSON_SPLIT_H
#define TRACES_JSON_SPLIT_H

#include "traces/input.h"

enum { JSON_OBJECT_MAX = 32 << 20 }; /* a page of 100 jobs has about 1 MiB */

struct json_split {
    struct input *in;         /* borrowed */
    char *text;               /* owned; the object, not terminated */
    size_t n, cap;            /* bytes in text */
    unsigned long line;       /* where the object begins */
    size_t n_arrays;          /* that are open now */
    unsigned long array_line; /* where the outermost of them begins */
    size_t depth;             /* of braces and brackets in the object */
    bool in_string, escaped;
};

/* Puts the next outermost object into text[n].
 *
 * Returns 1, 0 at the end, or a negative code with path:line.
 * Errors    ERR_INPUT: not an object or an array, cut short, over 32 MiB.
 */
int json_split_next(struct json_split *s, struct err *e);

void json_split_free(struct json_split *s);

#endif

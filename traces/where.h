/* where.h - which rows of a history are wanted.
 *
 * A filter is field=glob, field!=glob or field~substring. A glob must match
 * the whole value; * stands for any bytes, ? for one, a backslash takes the
 * next byte as itself. Upper and lower case differ.
 */
#ifndef TRACES_WHERE_H
#define TRACES_WHERE_H

#include "sim/base/err.h"
#include "traces/input.h"

enum { WHERE_MAX = 32 }; /* filters of one import */

struct where_clause {
    const char *text;   /* borrowed; the filter as it was written */
    struct slice field; /* borrowed; inside text */
    const char *value;  /* borrowed; inside text */
    char how;           /* '=', '!' or '~' */
    bool met;           /* some row had this field */
    uint64_t removed;   /* rows that failed here first */
};

struct where {
    struct where_clause clauses[WHERE_MAX];
    size_t n;
};

/* Errors    ERR_USAGE: not a filter, or too many. */
int where_init(struct where *w, const char *const texts[], size_t n,
               struct err *e);

/* Whether a row passes every clause.
 *
 * values[w->n]  what the row holds for each clause; s is NULL if the row has
 *               no such field, which then counts as empty
 */
bool where_keeps(struct where *w, const struct slice values[]);

/* The first clause whose field no row had, or NULL. */
const struct where_clause *where_unmet(const struct where *w);

#endif

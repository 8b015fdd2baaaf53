/* record.h - one record of a CSV or TSV file after the other.
 *
 * Models    RFC 4180 for commas; for tabs the form of ClickHouse, where a
 *           backslash escapes and a quote means itself, unless the whole field
 *           stands in quotes.
 * Left out  other separators, comments.
 *
 * A scanner of our own and not libcsv: that calls back for every field and
 * looks at every byte through a state machine; this one searches with memchr
 * or a table, hands out slices and copies a field only to undo an escape. It
 * is as strict: a stray quote is an error.
 */
#ifndef TRACES_RECORD_H
#define TRACES_RECORD_H

#include "traces/input.h"

enum { RECORD_FIELDS_MAX = 4096 };

struct record {
    struct input *in;     /* borrowed */
    char delimiter;       /* ',' or '\t' */
    bool stop[256];       /* bytes that end a bare field */
    bool escaped;         /* some field of this record needs decoding */
    struct slice *fields; /* owned; n of them, decoded */
    size_t n, cap;
    unsigned long line; /* where this record begins, from 1 */
};

void record_init(struct record *r, struct input *in, char delimiter);

/* Reads the next record that is not an empty line.
 *
 * Returns 1, 0 at the end, or a negative code with path:line. The fields hold
 * until the next call.
 * Errors    ERR_INPUT: stray, missing or unclosed quote, more than 1 MiB,
 *           more than RECORD_FIELDS_MAX fields.
 */
int record_next(struct record *r, struct err *e);

/* Index of the field with this text, or NO_INDEX. */
uint32_t record_find(const struct record *r, const char *text, size_t n);

void record_free(struct record *r);

#endif

/* input.h - the bytes of a history, in order, within a fixed memory.
 *
 * A line or a record is handed out as a slice of the buffer, so that nothing
 * is copied and nothing is allocated a field.
 */
#ifndef TRACES_INPUT_H
#define TRACES_INPUT_H

#include "sim/base/err.h"
#include "sim/base/file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    INPUT_RECORD_MAX = 1 << 20, /* longest line, record or field */
    INPUT_BUFFER = INPUT_RECORD_MAX + (1 << 18)
};

/* Foreign bytes, not terminated. s is NULL where there is no such value, and
 * not NULL where there is one that is empty.
 */
struct slice {
    const char *s;
    size_t n;
};

struct input {
    struct source *source; /* owned */
    const char *path;      /* borrowed; for messages */
    char *buffer;          /* owned; one byte longer than INPUT_BUFFER */
    size_t at, end;        /* unread bytes are buffer[at] to buffer[end - 1] */
    bool ended;            /* nothing is left behind buffer[end] */
    unsigned long line;    /* of buffer[at] */
    uint64_t bytes;        /* read so far */
    /* As in import_options. */
    void (*on_read)(void *context, uint64_t bytes);
    void *read_context;
};

/* Opens and reads the first block; a byte order mark of UTF-8 is skipped.
 * Errors    ERR_IO, ERR_INPUT; *in may be closed or not.
 */
int input_open(struct input *in, const char *path, struct err *e);

/* Moves the unread bytes to the front and reads until the buffer is full. The
 * unread bytes must not fill it already.
 *
 * Returns 1 if there are more unread bytes than before, 0 at the end of the
 * file, or a negative code.
 */
int input_more(struct input *in, struct err *e);

/* Takes the next line, without its newline or carriage return.
 *
 * Returns 1, 0 at the end, or a negative code (a line of over 1 MiB). The
 * slice holds until the next call. in->line is the line after it.
 */
int input_line(struct input *in, struct slice *line, struct err *e);

/* ERR_INPUT with "path:line: " and the message. */
int input_fail(const struct input *in, unsigned long line, struct err *e,
               const char *format, ...) __attribute__((format(printf, 4, 5)));

/* May follow {0} and may repeat. */
void input_close(struct input *in);

#endif

#include "traces/input.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int input_more(struct input *in, struct err *e)
{
    size_t unread = in->end - in->at;

    assert(unread < INPUT_BUFFER);
    memmove(in->buffer, in->buffer + in->at, unread);
    in->at = 0;
    in->end = unread;
    while (!in->ended && in->end < INPUT_BUFFER) {
        long n = source_read(in->source, in->buffer + in->end,
                             INPUT_BUFFER - in->end, e);

        if (n < 0)
            return (int)n;
        in->ended = n == 0;
        in->end += (size_t)n;
        in->bytes += (uint64_t)n;
    }
    if (in->on_read)
        in->on_read(in->read_context, in->bytes);
    return in->end > unread;
}

int input_open(struct input *in, const char *path, struct err *e)
{
    *in = (struct input){.path = path, .line = 1};
    int rc = source_open(&in->source, path, e);

    if (rc != ERR_OK)
        return rc;
    in->buffer = mem_array(INPUT_BUFFER + 1, 1);
    rc = input_more(in, e);
    if (rc < 0)
        return rc;
    if (in->end >= 3 && memcmp(in->buffer, "\xef\xbb\xbf", 3) == 0)
        in->at = 3;
    return ERR_OK;
}

int input_line(struct input *in, struct slice *line, struct err *e)
{
    const char *newline;

    for (;;) {
        char *start = in->buffer + in->at;
        size_t unread = in->end - in->at;

        newline = memchr(start, '\n', unread);
        *line =
            (struct slice){start, newline ? (size_t)(newline - start) : unread};
        if (line->n > INPUT_RECORD_MAX)
            return input_fail(in, in->line, e, "a line of more than 1 MiB");
        if (newline || in->ended)
            break;
        int rc = input_more(in, e);
        if (rc < 0)
            return rc;
    }
    if (!newline && line->n == 0)
        return 0;
    in->at += line->n + (newline ? 1 : 0);
    in->line++;
    if (line->n > 0 && line->s[line->n - 1] == '\r')
        line->n--;
    return 1;
}

int input_fail(const struct input *in, unsigned long line, struct err *e,
               const char *format, ...)
{
    char what[sizeof e->msg];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    err_set(e, ERR_INPUT, "%s", what);
    err_prefix(e, in->path, line);
    return ERR_INPUT;
}

void input_close(struct input *in)
{
    if (in->source)
        source_close(in->source);
    free(in->buffer);
    *in = (struct input){0};
}

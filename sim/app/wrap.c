/* For fopencookie. */
#define _GNU_SOURCE
#include "sim/app/wrap.h"

#include "sim/app/colour.h"
#include "sim/base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL = 80, LEAST = 40 };

/* -------------------------------------------------------------- one line */

/* Bytes of the next character, or of a colour, which has no width. */
static size_t step(const char *at, size_t *columns)
{
    size_t n = 1;

    if (at[0] == '\033' && at[1] == '[') {
        n = 2 + strcspn(at + 2, "m");
        return n + (at[n] == 'm');
    }
    while (((unsigned char)at[n] & 0xc0) == 0x80)
        n++;
    ++*columns;
    return n;
}

/* The column that the lines below begin in. */
static size_t hang(const char *line, size_t width)
{
    size_t column = 0, blanks = 2, indent = 0;

    while (*line != '\0' && column <= width / 2) {
        size_t at = column;
        bool blank = *line == ' ';

        if (!blank && blanks >= 2)
            indent = at;
        line += step(line, &column);
        if (column > at)
            blanks = blank ? blanks + 1 : 0;
    }
    return indent;
}

/* Where to break: the last blank after the indent before which all fits, or
 * the first one if a word is wider than the line; the end if all fits.
 */
static const char *break_of(const char *text, size_t column, size_t indent,
                            size_t width)
{
    const char *best = NULL;

    while (*text != '\0') {
        if (*text == ' ' && column > indent) {
            if (column > width)
                return best ? best : text;
            best = text;
        }
        text += step(text, &column);
    }
    return column > width && best ? best : text;
}

void wrap_line(FILE *out, const char *line, size_t width)
{
    size_t indent = hang(line, width), column = 0;

    for (;;) {
        const char *end = break_of(line, column, indent, width);
        size_t n = (size_t)(end - line);

        fwrite(line, 1, n, out);
        fputc('\n', out);
        line = end + strspn(end, " ");
        if (*line == '\0')
            return;
        fprintf(out, "%*s", (int)indent, "");
        column = indent;
    }
}

/* -------------------------------------------------------------- the stream */

size_t wrap_columns(const char *columns, unsigned reported)
{
    char *end;
    unsigned long n = columns ? strtoul(columns, &end, 10) : 0;

    if (!columns || *columns < '0' || *columns > '9' || *end != '\0' || n == 0)
        n = reported > 0 ? reported : USUAL;
    return n < LEAST ? LEAST : n;
}

struct wrapped {
    FILE *out; /* borrowed */
    size_t width;
    char *line; /* owned; what came of a line that has not ended */
    size_t n, room;
};

static void add(struct wrapped *w, const char *text, size_t n)
{
    w->line = mem_grow(w->line, &w->room, w->n + n + 1, 1);
    memcpy(w->line + w->n, text, n);
    w->n += n;
    w->line[w->n] = '\0';
}

/* As of write(2). */
static ssize_t put(void *cookie, const char *text, size_t n)
{
    struct wrapped *w = cookie;
    const char *at = text, *end = text + n, *stop;

    while ((stop = memchr(at, '\n', (size_t)(end - at)))) {
        add(w, at, (size_t)(stop - at));
        wrap_line(w->out, w->line, w->width);
        w->n = 0;
        at = stop + 1;
    }
    add(w, at, (size_t)(end - at));
    return fflush(w->out) == 0 ? (ssize_t)n : 0;
}

static int finish(void *cookie)
{
    struct wrapped *w = cookie;

    if (w->n > 0)
        fputs(w->line, w->out);
    int rc = fflush(w->out);

    free(w->line);
    free(w);
    return rc;
}

void wrap_stdout(void)
{
    static const cookie_io_functions_t functions = {.write = put,
                                                    .close = finish};
    struct winsize size = {0};

    if (!colour_terminal(fileno(stdout)))
        return;
    (void)ioctl(fileno(stdout), TIOCGWINSZ, &size);
    struct wrapped *w = mem_array(1, sizeof *w);

    w->out = stdout;
    w->width = wrap_columns(getenv("COLUMNS"), size.ws_col);
    FILE *wrapped = fopencookie(w, "w", functions);

    if (!wrapped) {
        free(w);
        return;
    }
    setvbuf(wrapped, NULL, _IOLBF, 0);
    stdout = wrapped; /* until app_close_stdout */
}

#include "traces/record.h"

#include "sim/base/mem.h"
#include "sim/base/units.h"

#include <stdlib.h>
#include <string.h>

/* What a look at the unread bytes gave. */
enum look {
    LOOK_DONE,  /* the field or record is complete */
    LOOK_SHORT, /* it goes on behind the buffer */
    LOOK_STRAY, /* a quote inside a bare field */
    LOOK_AFTER, /* text behind a closing quote */
    LOOK_OPEN,  /* the file ends inside quotes */
    LOOK_WIDE   /* too many fields */
};

void record_init(struct record *r, struct input *in, char delimiter)
{
    *r = (struct record){.in = in, .delimiter = delimiter};
    r->stop[(unsigned char)delimiter] = true;
    r->stop['\n'] = true;
    r->stop['"'] = delimiter == ',';
}

static bool at_end(const struct record *r, const char *p)
{
    return p == r->in->buffer + r->in->end;
}

/* A carriage return belongs to the newline behind it. */
static const char *skip_return(const struct record *r, const char *p)
{
    if (!at_end(r, p) && *p == '\r' &&
        (at_end(r, p + 1) ? r->in->ended : p[1] == '\n'))
        return p + 1;
    return p;
}

/* The closing quote of the field whose text begins at p, or NULL. */
static const char *closing_quote(struct record *r, const char *p)
{
    const char *end = r->in->buffer + r->in->end;

    for (;;) {
        p = memchr(p, '"', (size_t)(end - p));
        if (!p || p + 1 == end || p[1] != '"')
            return p;
        r->escaped = true;
        p += 2;
    }
}

/* *p stands on the opening quote, and then behind the closing one. */
static enum look quoted(struct record *r, const char **p, struct slice *field)
{
    const char *start = *p + 1;
    const char *close = closing_quote(r, start);

    if (!close)
        return r->in->ended ? LOOK_OPEN : LOOK_SHORT;
    *field = (struct slice){start, (size_t)(close - start)};
    *p = skip_return(r, close + 1);
    if (at_end(r, *p))
        return r->in->ended ? LOOK_DONE : LOOK_SHORT;
    if (**p == '\r' && at_end(r, *p + 1))
        return LOOK_SHORT;
    return **p == r->delimiter || **p == '\n' ? LOOK_DONE : LOOK_AFTER;
}

/* The byte behind the buffer is a newline, so the search needs no limit. */
static enum look bare(struct record *r, const char **p, struct slice *field)
{
    const char *start = *p, *at = *p;

    while (!r->stop[(unsigned char)*at])
        at++;
    *p = at;
    if (at_end(r, at) && !r->in->ended)
        return LOOK_SHORT;
    if (!at_end(r, at) && *at == '"')
        return LOOK_STRAY;
    if ((at_end(r, at) || *at == '\n') && at > start && at[-1] == '\r')
        at--;
    *field = (struct slice){start, (size_t)(at - start)};
    return LOOK_DONE;
}

/* Looks at one whole record from the first unread byte on; *p ends on its
 * newline or on the end of the file.
 */
static enum look look_at_record(struct record *r, const char **p)
{
    r->n = 0;
    r->escaped = false;
    for (;; ++*p) {
        if (r->n == RECORD_FIELDS_MAX)
            return LOOK_WIDE;
        r->fields = mem_grow(r->fields, &r->cap, r->n + 1, sizeof *r->fields);
        struct slice *field = &r->fields[r->n++];
        bool in_quotes = r->delimiter == ',' && !at_end(r, *p) && **p == '"';
        enum look look = in_quotes ? quoted(r, p, field) : bare(r, p, field);

        if (look != LOOK_DONE || at_end(r, *p) || **p == '\n')
            return look;
    }
}

static int refuse(const struct record *r, enum look look, struct err *e)
{
    static const char *const words[] = {
        [LOOK_STRAY] = "a quote inside a field that does not begin with one; "
                       "double it and put the field in quotes",
        [LOOK_AFTER] = "text behind a closing quote; a quote inside a quoted "
                       "field is doubled",
        [LOOK_OPEN] = "a quote is opened here and never closed",
        [LOOK_WIDE] = "more than 4096 fields",
        [LOOK_SHORT] = "a record of more than 1 MiB; is a quote missing?",
    };

    return input_fail(r->in, r->line, e, "%s", words[look]);
}

/* Undoes doubled quotes in place; never longer than before. */
static size_t halve_quotes(char *text, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        text[kept++] = text[i];
        if (text[i] == '"' && i + 1 < n && text[i + 1] == '"')
            i++;
    }
    return kept;
}

static char unescaped(char c)
{
    static const char from[] = "tnrbf0", to[] = "\t\n\r\b\f";
    const char *found = c != '\0' ? strchr(from, c) : NULL;

    return found ? to[found - from] : c;
}

/* Undoes backslashes in place; \N, the null of ClickHouse, stays. */
static size_t drop_backslashes(char *text, size_t n)
{
    size_t kept = 0;

    if (n == 2 && memcmp(text, "\\N", 2) == 0)
        return n;
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\\' && i + 1 < n)
            text[kept++] = unescaped(text[++i]);
        else
            text[kept++] = text[i];
    }
    return kept;
}

static void decode_tabbed(const struct record *r, struct slice *field)
{
    char *text = r->in->buffer + (field->s - r->in->buffer);

    if (field->n >= 2 && text[0] == '"' && text[field->n - 1] == '"') {
        field->s = text + 1;
        field->n = halve_quotes(text + 1, field->n - 2);
    } else if (memchr(text, '\\', field->n)) {
        field->n = drop_backslashes(text, field->n);
    }
}

static void decode(struct record *r)
{
    for (size_t i = 0; i < r->n; i++) {
        struct slice *field = &r->fields[i];

        if (r->delimiter == '\t')
            decode_tabbed(r, field);
        else if (r->escaped)
            field->n = halve_quotes(r->in->buffer + (field->s - r->in->buffer),
                                    field->n);
    }
}

/* Newlines in text[n]: quoted fields may hold some. */
static unsigned long count_lines(const char *text, size_t n)
{
    const char *end = text + n;
    unsigned long lines = 0;

    while ((text = memchr(text, '\n', (size_t)(end - text)))) {
        lines++;
        text++;
    }
    return lines;
}

/* Steps over the record that ends at p, and its newline. */
static void take(struct record *r, const char *p)
{
    struct input *in = r->in;
    const char *start = in->buffer + in->at;
    size_t n = (size_t)(p - start) + (at_end(r, p) ? 0 : 1);

    in->line += count_lines(start, n);
    in->at += n;
    decode(r);
}

/* One record, which may be an empty line. */
static int next_line(struct record *r, struct err *e)
{
    struct input *in = r->in;

    for (;;) {
        const char *p = in->buffer + in->at;

        in->buffer[in->end] = '\n';
        r->line = in->line;
        if (in->ended && in->at == in->end)
            return 0;
        enum look look = look_at_record(r, &p);
        if (p - (in->buffer + in->at) > INPUT_RECORD_MAX)
            look = LOOK_SHORT; /* complete perhaps, and too long */
        if (look == LOOK_DONE) {
            take(r, p);
            return 1;
        }
        if (look != LOOK_SHORT || in->end - in->at > INPUT_RECORD_MAX)
            return refuse(r, look, e);
        int rc = input_more(in, e);
        if (rc < 0)
            return rc;
    }
}

int record_next(struct record *r, struct err *e)
{
    int rc;

    do
        rc = next_line(r, e);
    while (rc == 1 && r->n == 1 && r->fields[0].n == 0);
    return rc;
}

uint32_t record_find(const struct record *r, const char *text, size_t n)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->fields[i].n == n && memcmp(r->fields[i].s, text, n) == 0)
            return (uint32_t)i;
    return NO_INDEX;
}

void record_free(struct record *r)
{
    free(r->fields);
    r->fields = NULL;
    r->n = r->cap = 0;
}

#include "traces/json_split.h"

#include "sim/base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Whether the object ends with c. Brackets and braces are not told apart:
 * Jansson will do that.
 */
static bool ends_object(struct json_split *s, char c)
{
    if (s->in_string) {
        if (s->escaped)
            s->escaped = false;
        else if (c == '\\')
            s->escaped = true;
        else
            s->in_string = c != '"';
        return false;
    }
    if (c == '"')
        s->in_string = true;
    else if (c == '{' || c == '[')
        s->depth++;
    else if (c == '}' || c == ']')
        s->depth--;
    return s->depth == 0;
}

static void append(struct json_split *s, const char *text, size_t n)
{
    s->text = mem_grow(s->text, &s->cap, s->n + n, 1);
    memcpy(s->text + s->n, text, n);
    s->n += n;
}

/* Takes from the buffer what belongs to the object; true if it is whole. */
static bool take_object(struct json_split *s)
{
    struct input *in = s->in;
    const char *start = in->buffer + in->at, *end = in->buffer + in->end;
    const char *p = start;
    bool whole = false;

    while (p < end && !whole) {
        in->line += *p == '\n';
        whole = ends_object(s, *p++);
    }
    append(s, start, (size_t)(p - start));
    in->at += (size_t)(p - start);
    return whole;
}

/* The object whose opening brace is the next byte. */
static int read_object(struct json_split *s, struct err *e)
{
    s->line = s->in->line;
    s->n = s->depth = 0;
    s->in_string = s->escaped = false;
    while (!take_object(s)) {
        int rc = s->n > JSON_OBJECT_MAX ? 1 : input_more(s->in, e);

        if (rc < 0)
            return rc;
        if (s->n > JSON_OBJECT_MAX)
            return input_fail(s->in, s->line, e,
                              "an object of more than 32 MiB; export one row "
                              "a line instead");
        if (rc == 0)
            return input_fail(s->in, s->line, e,
                              "the object that begins here is not closed; is "
                              "the file cut short?");
    }
    return 1;
}

/* Steps over what stands between objects; false if it must not stand there. */
static bool skip_between(struct json_split *s, char c)
{
    struct input *in = s->in;

    if (c == '[') {
        if (s->n_arrays++ == 0)
            s->array_line = in->line;
    } else if (c == ']') {
        if (s->n_arrays-- == 0)
            return false;
    } else if (c != ',' && !isspace((unsigned char)c)) {
        return false;
    }
    in->line += c == '\n';
    in->at++;
    return true;
}

/* Steps to the next opening brace. Returns 1, 0 at the end, or a code. */
static int find_object(struct json_split *s, struct err *e)
{
    struct input *in = s->in;

    for (;;) {
        if (in->at == in->end) {
            int rc = input_more(in, e);

            if (rc <= 0)
                return rc;
        }
        char c = in->buffer[in->at];
        if (c == '{')
            return 1;
        if (!skip_between(s, c))
            return input_fail(in, in->line, e,
                              "'%c' where a JSON object or array begins or "
                              "ends",
                              isprint((unsigned char)c) ? c : '?');
    }
}

int json_split_next(struct json_split *s, struct err *e)
{
    int rc = find_object(s, e);

    if (rc == 1)
        return read_object(s, e);
    if (rc == 0 && s->n_arrays > 0)
        return input_fail(s->in, s->array_line, e,
                          "the array that begins here is not closed; is the "
                          "file cut short?");
    return rc;
}

void json_split_free(struct json_split *s)
{
    free(s->text);
    s->text = NULL;
    s->n = s->cap = 0;
}

#include "sim/app/json_lines.h"

#include "sim/base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void json_lines_open(struct json_lines *l, FILE *in, const char *name)
{
    *l = (struct json_lines){.in = in, .name = name};
    l->text = mem_array(JSON_LINE_MAX, 1);
}

void json_lines_close(struct json_lines *l)
{
    free(l->text);
    *l = (struct json_lines){0};
}

int json_lines_blame(const struct json_lines *l, int code, struct err *e)
{
    err_prefix(e, l->name, l->line);
    return code;
}

/* One line into text. Returns its length, -1 at the end, or -2 if it is too
 * long.
 */
static long read_line(struct json_lines *l)
{
    long n = 0;
    int c;

    while ((c = getc(l->in)) != EOF && c != '\n') {
        if (n == JSON_LINE_MAX)
            return -2;
        l->text[n++] = (char)c;
    }
    return c == EOF && n == 0 ? -1 : n;
}

static bool is_blank(const char *text, long n)
{
    for (long i = 0; i < n; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r')
            return false;
    return true;
}

static int parse(const struct json_lines *l, size_t n, json_t **out,
                 struct err *e)
{
    json_error_t why;

    *out = json_loadb(l->text, n, JSON_REJECT_DUPLICATES, &why);
    if (!*out)
        return err_set(e, ERR_INPUT, "column %d: %s", why.column, why.text);
    if (json_is_object(*out))
        return 1;
    json_decref(*out);
    *out = NULL;
    return err_set(e, ERR_INPUT, "a JSON object is needed");
}

int json_lines_next(struct json_lines *l, json_t **out, struct err *e)
{
    long n;

    *out = NULL;
    do {
        l->line++;
        n = read_line(l);
    } while (n >= 0 && is_blank(l->text, n));
    if (n == -1 && ferror(l->in))
        return err_set(e, ERR_IO, "%s: %s", l->name, strerror(errno));
    if (n == -1)
        return 0;
    int rc = n < 0 ? err_set(e, ERR_INPUT, "the line is longer than 1 MiB")
                   : parse(l, (size_t)n, out, e);
    return rc < 0 ? json_lines_blame(l, rc, e) : rc;
}

int json_lines_print(const json_t *value, FILE *out, struct err *e)
{
    if (json_dumpf(value, out, JSON_COMPACT | JSON_REAL_PRECISION(15)) != 0 ||
        putc('\n', out) == EOF)
        return err_set(e, ERR_IO, "cannot write the answer: %s",
                       strerror(errno));
    return ERR_OK;
}

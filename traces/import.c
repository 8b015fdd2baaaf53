#include "traces/import.h"

#include "traces/convert.h"
#include "traces/readers.h"

#include <ctype.h>
#include <string.h>

/* First unread byte that is no blank, or -1 if the block holds none. */
static int first_byte(const struct input *in)
{
    for (size_t i = in->at; i < in->end; i++)
        if (!isspace((unsigned char)in->buffer[i]))
            return (unsigned char)in->buffer[i];
    return -1;
}

/* The first line, without taking it. */
static struct slice first_line(const struct input *in)
{
    const char *start = in->buffer + in->at;
    size_t n = in->end - in->at;
    const char *newline = memchr(start, '\n', n);

    return (struct slice){start, newline ? (size_t)(newline - start) : n};
}

/* Takes empty lines, which may come before anything, and comments, which may
 * come before the header of a table.
 */
static int skip_comments(struct input *in, struct jobs *j, struct err *e)
{
    struct slice line = first_line(in);

    while (line.n > 0 || in->at < in->end) {
        bool blank = line.n == 0 || (line.n == 1 && line.s[0] == '\r');

        if (!blank && line.s[0] != '#')
            break;
        int rc = input_line(in, &line, e);
        if (rc < 0)
            return rc;
        rc = native_read_comment(j, line, in, e);
        if (rc != ERR_OK)
            return rc;
        rc = in->at == in->end ? input_more(in, e) : ERR_OK;
        if (rc < 0)
            return rc;
        line = first_line(in);
    }
    return ERR_OK;
}

/* A header with a tab is one of tabs. */
static char delimiter_of(const struct input *in)
{
    struct slice line = first_line(in);

    return memchr(line.s, '\t', line.n) ? '\t' : ',';
}

static int read_header(struct record *r, struct jobs *j, struct err *e)
{
    int rc = record_next(r, e);

    if (rc < 0)
        return rc;
    if (rc == 0)
        return input_fail(r->in, r->in->line, e, "there is no header");
    if (native_is_header(r)) {
        j->report->format = IMPORT_NATIVE;
        return read_native(r, j, e);
    }
    j->report->format = IMPORT_TABLE;
    return read_table(r, j, e);
}

static int read_separated(struct input *in, struct jobs *j, struct err *e)
{
    struct record r;
    int rc = skip_comments(in, j, e);

    if (rc != ERR_OK)
        return rc;
    record_init(&r, in, delimiter_of(in));
    rc = read_header(&r, j, e);
    record_free(&r);
    return rc;
}

/* Tells the formats apart by their first bytes. */
static int read_any(struct input *in, struct jobs *j, struct err *e)
{
    int c = first_byte(in);

    if (c < 0)
        return err_set(e, ERR_INPUT, "%s: the file is empty", in->path);
    if (c == 0xff || c == 0xfe)
        return err_set(e, ERR_INPUT, "%s: this is not UTF-8; save it as UTF-8",
                       in->path);
    if (c == '{' || c == '[') {
        j->report->format = IMPORT_JSON;
        return read_json(in, j, e);
    }
    if (c == ';' || swf_is_line(first_line(in))) {
        j->report->format = IMPORT_SWF;
        return read_swf(in, j, e);
    }
    return read_separated(in, j, e);
}

/* Builds that are there already need no conversion. */
static int finish_native(struct jobs *j, const char *path, struct err *e)
{
    int rc = convert_check_where(path, &j->where, e);

    if (rc != ERR_OK)
        return rc;
    if (j->trace->n == 0)
        return convert_refuse_empty(path, j->report, &j->where, e);
    j->report->kept = j->trace->n;
    trace_sort(j->trace);
    return ERR_OK;
}

static int import(struct jobs *j, const char *path, struct err *e)
{
    struct input in;
    int rc = input_open(&in, path, e);

    in.on_read = j->options->on_read;
    in.read_context = j->options->read_context;
    if (rc == ERR_OK)
        rc = read_any(&in, j, e);
    j->report->bytes = in.bytes;
    input_close(&in);
    if (rc != ERR_OK)
        return rc;
    if (j->report->format == IMPORT_NATIVE)
        return finish_native(j, path, e);
    return convert_jobs(j, path, e);
}

int trace_import(struct trace *t, const char *path,
                 const struct import_options *o, struct import_report *r,
                 struct err *e)
{
    static const struct import_options defaults = {.n_where = 0};
    struct import_report report = {.bytes = 0};
    struct jobs jobs;

    *t = (struct trace){0};
    int rc = jobs_init(&jobs, t, o ? o : &defaults, &report, e);

    if (rc == ERR_OK)
        rc = import(&jobs, path, e);
    jobs_free(&jobs);
    if (rc != ERR_OK)
        trace_free(t);
    if (r)
        *r = report;
    return rc;
}

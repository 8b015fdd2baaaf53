#include "sim/base/err.h"

#include "sim/base/text.h"

#include <assert.h>
#include <stdio.h>

int err_set(struct err *e, int code, const char *format, ...)
{
    char raw[sizeof e->msg];
    va_list args;

    assert(code < 0);
    /* Formatted aside first: an argument may be e->msg itself. */
    va_start(args, format);
    int n = vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    assert(n >= 0);
    text_plain(raw, e->msg, sizeof e->msg);
    return code;
}

void err_prefix(struct err *e, const char *path, unsigned long line)
{
    if (line > 0)
        err_set(e, ERR_INPUT, "%s:%lu: %s", path, line, e->msg);
    else
        err_set(e, ERR_INPUT, "%s: %s", path, e->msg);
}

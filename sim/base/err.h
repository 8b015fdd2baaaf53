/* err.h - how a user's mistake travels up to the command line.
 *
 * A function that can fail because of its input returns ERR_OK or a negative
 * code and fills one struct err. Only sim/app prints it. Our own mistakes are
 * asserts, in every build.
 */
#ifndef SIM_BASE_ERR_H
#define SIM_BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>

enum {
    ERR_OK = 0,
    ERR_INPUT = -1,   /* the content of a file or an option is wrong */
    ERR_IO = -2,      /* the operating system refused something */
    ERR_VERDICT = -3, /* all went well and the answer is "no" */
    ERR_USAGE = -4    /* the command line is wrong */
};

struct err {
    char msg[1024]; /* one line, no newline at the end; "" if none */
};

/* Formats the message and returns code. A message that is too long is cut;
 * bytes that would disturb a terminal are shown as '?'.
 */
int err_set(struct err *e, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "path:line: " (or "path: " if line is 0) before the present message. */
void err_prefix(struct err *e, const char *path, unsigned long line);

#endif

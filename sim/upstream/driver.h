/* driver.h - a program on the other end of two pipes, one JSON object a line.
 *
 * The program reads answers from its descriptor 3 and writes questions to its
 * descriptor 4; its standard output goes to our standard error. It has a
 * process group of its own, so that an interrupt reaches us and we end it, and
 * the kernel ends it if we are killed.
 */
#ifndef SIM_UPSTREAM_DRIVER_H
#define SIM_UPSTREAM_DRIVER_H

#include "sim/base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct driver { /* starts from {0}: none */
    pid_t pid;
    int to, from; /* from: readable when something came, or the end */
    char *text;   /* owned; what was read and not taken yet */
    size_t n, cap, n_searched;
    const char *name; /* borrowed; for messages */
};

/* Starts argv[0], which is a path and is borrowed; argv ends with NULL.
 * Errors    ERR_IO; *d is none then.
 */
int driver_start(struct driver *d, char *const argv[], struct err *e);

/* Errors    ERR_IO if the program is gone. */
int driver_send(struct driver *d, const json_t *o, struct err *e);

/* The next line that is there already, owned; NULL if none is whole. */
json_t *driver_take(struct driver *d);

/* Whether something came that was not read yet. */
bool driver_has_news(const struct driver *d);

/* Reads what has come, and waits for it.
 * Errors    ERR_IO if the program is gone.
 */
int driver_fill(struct driver *d, struct err *e);

/* Closes the pipes and waits for the program to end by itself. Returns whether
 * it ended well.
 */
bool driver_end(struct driver *d);

/* Kills it, waits, and forgets it; takes {0}. */
void driver_kill(struct driver *d);

#endif

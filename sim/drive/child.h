/* child.h - a program that runs beside us, and is gone when we are.
 *
 * A child has a process group and a pid descriptor of its own. It is killed by
 * the kernel when the thread that started it ends, whatever ends it; its group
 * is killed by child_stop.
 */
#ifndef SIM_DRIVE_CHILD_H
#define SIM_DRIVE_CHILD_H

#include "sim/base/err.h"

#include <stddef.h>
#include <sys/types.h>

struct child_spec {
    const char *const *argv; /* ended by NULL; argv[0] is a path */
    const char *const *env;  /* ended by NULL; all that it gets */
    const char *folder;      /* where it runs */
    const char *output;      /* file for all that it says */
    const int *keep;         /* descriptors that it gets, n_keep */
    size_t n_keep;
    bool confined; /* few files, no cores, no new privileges, 1 min CPU, 1 s
                      of it at once if it has real-time priority */
};

struct child { /* none if pid is 0 */
    pid_t pid;
    int fd; /* readable when it has ended */
};

/* Errors    ERR_IO: the program cannot be started. *c is none then. */
int child_start(struct child *c, const struct child_spec *spec, struct err *e);

/* Waits until it has ended, at most limit_ms real milliseconds.
 *
 * status    as waitpid has it, if it has ended; *c is none then, and its group
 *           is killed
 */
bool child_wait(struct child *c, int limit_ms, int *status);

/* Asks its group to end, kills it after a second. Takes {0}; may repeat. */
void child_stop(struct child *c);

/* Path of a program in PATH or where the system keeps its daemons, owned; NULL
 * if it is not there.
 */
char *child_find(const char *name);

#endif

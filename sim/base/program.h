/* program.h - running another program, without a shell.
 *
 * Of the environment it gets PATH, HOME, FONTCONFIG_FILE and a plain locale:
 * settings of the user and of the place must not change what comes out.
 */
#ifndef SIM_BASE_PROGRAM_H
#define SIM_BASE_PROGRAM_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* One that runs. */
struct program {
    pid_t pid;
    int64_t deadline_ms; /* of wall.h */
};

/* How it is started. Everything is borrowed. */
struct program_call {
    const char *path;
    char *const *argv;  /* ends in NULL */
    const char *folder; /* that it runs in */
    int out, err;       /* what its outputs go to; -1: nowhere */
    int limit_ms;       /* it is killed then */
};

/* Path of the program of that name, from PATH's absolute folders; owned; NULL
 * if there is none: a relative folder may hold anybody's file.
 */
char *program_find(const char *name);

/* Returns 0 or an errno. */
int program_start(struct program *p, const struct program_call *call);

/* Milliseconds until it is killed, 0 if that is due. */
int program_left_ms(const struct program *p);

/* Waits for its end; false if it had to be killed. Where the process has been
 * told to ignore its children the status stays as it is.
 *
 * status    out: of waitpid
 */
bool program_await(const struct program *p, int *status);

/* Runs a program in a folder until it ends. What it says on both its outputs
 * is added to said, whose place then is its beginning.
 *
 * argv      ends in NULL
 * limit_s   it is killed then
 * Returns its exit status, 0 to 255.
 * Errors    ERR_IO: it cannot be started, is killed, or said cannot be kept.
 */
int program_run(const char *path, char *const argv[], const char *folder,
                int limit_s, FILE *said, struct err *e);

#endif

/* program.h - running another program, without a shell. */
#ifndef SIM_BASE_PROGRAM_H
#define SIM_BASE_PROGRAM_H

#include "sim/base/err.h"

#include <stdio.h>

/* Path of the program of that name, from PATH's absolute folders; owned; NULL
 * if there is none.
 */
char *program_find(const char *name);

/* Runs a program in a folder until it ends. What it says on both its outputs
 * is added to said, whose place then is its beginning. Of the environment it
 * gets PATH, HOME and a plain locale.
 *
 * argv      ends in NULL
 * limit_s   it is killed then
 * Returns its exit status, 0 to 255.
 * Errors    ERR_IO: it cannot be started, is killed, or said cannot be kept.
 */
int program_run(const char *path, char *const argv[], const char *folder,
                int limit_s, FILE *said, struct err *e);

#endif

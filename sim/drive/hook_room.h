/* hook_room.h - the folder in which a script runs: the script, and the only
 * programs that it finds.
 */
#ifndef SIM_DRIVE_HOOK_ROOM_H
#define SIM_DRIVE_HOOK_ROOM_H

#include "sim/base/err.h"

struct hook_room { /* starts from {0}; all owned */
    char *folder, *script, *output;
    char *path; /* "PATH=..." */
};

/* text      the script; for each of its words that is a program of this machine
 *           there is a link
 * hidden    a program that gets none; or NULL
 * shrink    the seconds of sleep are divided by it
 * Errors    ERR_IO. *r is empty then.
 */
int hook_room_make(struct hook_room *r, const char *text, const char *hidden,
                   double shrink, struct err *e);
void hook_room_remove(struct hook_room *r); /* takes {0} */

#endif

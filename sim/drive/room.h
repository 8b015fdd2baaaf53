/* room.h - a folder of our own, which nobody else can have made, for sockets,
 * scripts and logs of what is driven.
 */
#ifndef SIM_DRIVE_ROOM_H
#define SIM_DRIVE_ROOM_H

#include "sim/base/err.h"

/* Makes a folder in TMPDIR or /tmp. *path is owned; NULL on error.
 * Errors    ERR_IO.
 */
int room_make(char **path, struct err *e);

/* Removes it with its files and its folders of files. Takes NULL. */
void room_remove(const char *path);

#endif

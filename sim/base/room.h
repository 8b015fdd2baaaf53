/* room.h - a folder of our own, which nobody else can have made, for what lives
 * no longer than the program.
 */
#ifndef SIM_BASE_ROOM_H
#define SIM_BASE_ROOM_H

#include "sim/base/err.h"

/* Makes a folder in TMPDIR or /tmp. *path is owned; NULL on error.
 * Errors    ERR_IO.
 */
int room_make(char **path, struct err *e);

/* Removes it with all that is below it. Takes NULL. */
void room_remove(const char *path);

#endif

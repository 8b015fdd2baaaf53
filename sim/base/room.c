#define _GNU_SOURCE /* nftw */
#include "sim/base/room.h"

#include "sim/base/file.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>

int room_make(char **path, struct err *e)
{
    const char *root = getenv("TMPDIR");
    char *name = path_join(root && *root ? root : "/tmp", "drydock-XXXXXX");

    *path = mkdtemp(name);
    if (*path)
        return ERR_OK;
    err_set(e, ERR_IO, "%s: %s", name, strerror(errno));
    free(name);
    return ERR_IO;
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void room_remove(const char *path)
{
    /* A link is removed and not followed. */
    if (path)
        (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

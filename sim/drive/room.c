#include "sim/drive/room.h"

#include "sim/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static void clear(const char *path, int depth)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;

    if (!folder)
        return;
    while ((entry = readdir(folder))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *name = path_join(path, entry->d_name);
        /* A link is removed and not followed. */
        if (unlink(name) != 0 && depth > 0) {
            clear(name, depth - 1);
            (void)rmdir(name);
        }
        free(name);
    }
    closedir(folder);
}

void room_remove(const char *path)
{
    if (!path)
        return;
    clear(path, 1);
    (void)rmdir(path);
}

#include "sim/app/drive.h"
#include "sim/base/file.h"

#include <stdlib.h>
#include <unistd.h>

/* The path of a driver, owned; NULL and a message if it was not built. */
static char *find_driver(const struct drive *d, const char *name, struct err *e)
{
    char *path = path_join(d->options->upstream, name);

    if (access(path, X_OK) == 0)
        return path;
    err_set(e, ERR_IO,
            "%s: the real controllers are not there; 'make upstream' builds "
            "them (needs Go 1.26), --upstream DIR says where they are",
            path);
    free(path);
    return NULL;
}

int drive_upstream(struct drive *d, struct err *e)
{
    char *hpa = find_driver(d, "hpa135", e);

    if (!hpa)
        return ERR_IO;
    free(hpa);
    return err_set(e, ERR_IO, "the controllers cannot be driven yet");
}

/* sweep_write.c - the folder of a sweep. */
#include "sim/app/sweep_out.h"
#include "sim/base/file.h"

#include <stdlib.h>

static int write_csv(const struct sweep_job *j, struct err *e)
{
    char *path = path_join(j->options->out, "sweep.csv");
    struct sink sink;
    int rc = sink_open(&sink, path, e);

    if (rc == ERR_OK) {
        sweep_csv(j, sink.out);
        rc = sink_close(&sink, e);
    }
    free(path);
    return rc;
}

int sweep_write(const struct sweep_job *j, struct err *e)
{
    int rc = write_csv(j, e);

    if (rc == ERR_OK && !j->options->no_plots)
        rc = sweep_draw(j, e);
    return rc;
}

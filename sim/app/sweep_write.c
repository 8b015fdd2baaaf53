/* sweep_write.c - the folder of a sweep. */
#include "sim/app/sweep_out.h"
#include "sim/base/file.h"

static int write_csv(const struct sweep_job *j, struct err *e)
{
    struct sink sink;
    int rc = sink_open_in(&sink, j->options->out, "sweep.csv", e);

    if (rc == ERR_OK)
        sweep_csv(j, sink.out);
    return sink_end(&sink, rc, e);
}

int sweep_write(const struct sweep_job *j, struct err *e)
{
    int rc = write_csv(j, e);

    if (rc == ERR_OK && !j->options->no_plots)
        rc = sweep_draw(j, e);
    return rc;
}

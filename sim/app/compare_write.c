/* compare_write.c - the folder of a comparison. */
#include "sim/app/compare_out.h"
#include "sim/base/file.h"

#include <stdlib.h>

static int write_file(const struct compare_job *j, const char *name,
                      void (*write)(const struct compare_job *, FILE *),
                      struct err *e)
{
    char *path = path_join(j->options->out, name);
    struct sink sink;
    int rc = sink_open(&sink, path, e);

    if (rc == ERR_OK) {
        write(j, sink.out);
        rc = sink_close(&sink, e);
    }
    free(path);
    return rc;
}

int compare_write(struct compare_job *j, struct err *e)
{
    struct err plots;
    int drawn = j->options->no_plots ? ERR_OK : compare_draw(j, &plots);
    int rc = write_file(j, "report.md", compare_report, e);

    if (rc == ERR_OK)
        rc = write_file(j, "report.html", compare_page, e);
    if (rc == ERR_OK)
        rc = write_file(j, "compare.json", compare_json, e);
    if (rc == ERR_OK && drawn != ERR_OK)
        *e = plots; /* the figures are there all the same */
    return rc == ERR_OK ? drawn : rc;
}

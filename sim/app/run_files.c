/* run_files.c - the folder of a run. */
#include "sim/app/run.h"
#include "sim/base/file.h"

#include <stdlib.h>

struct run_file {
    const char *name;
    void (*write)(const struct run *r, FILE *out);
};

static const struct run_file files[] = {
    {"builds.csv", out_builds},    {"timeline.csv", out_timeline},
    {"report.md", out_report},     {"report.html", out_page},
    {"summary.json", out_summary}, /* last: whoever sees it sees the rest */
};

static int write_file(const struct run *r, const struct run_file *f,
                      struct err *e)
{
    char *path = path_join(r->options->out, f->name);
    struct sink sink;
    int rc = sink_open(&sink, path, e);

    if (rc == ERR_OK) {
        f->write(r, sink.out);
        rc = sink_close(&sink, e);
    }
    free(path);
    return rc;
}

int run_write_files(struct run *r, struct err *e)
{
    const size_t n = sizeof files / sizeof *files;
    struct err plots;
    int drawn = r->options->no_plots ? ERR_OK : run_draw(r, &plots);

    for (size_t i = 0; i < n; i++) {
        int rc = write_file(r, &files[i], e);
        if (rc != ERR_OK)
            return rc;
    }
    if (drawn != ERR_OK)
        *e = plots; /* the figures of the run are there all the same */
    return drawn;
}

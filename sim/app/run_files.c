/* run_files.c - the folder of a run. */
#include "sim/app/report.h"
#include "sim/app/run.h"
#include "sim/base/file.h"

struct run_file {
    const char *name;
    void (*write)(const struct run *r, FILE *out);
};

static const struct run_file files[] = {
    {"builds.csv", out_builds},
    {"timeline.csv", out_timeline},
    {"summary.json", out_summary}, /* last: whoever sees it sees the rest */
};

static int write_file(const struct run *r, const struct run_file *f,
                      struct err *e)
{
    struct sink sink;
    int rc = sink_open_in(&sink, r->options->out, f->name, e);

    if (rc == ERR_OK)
        f->write(r, sink.out);
    return sink_end(&sink, rc, e);
}

int run_write_files(struct run *r, struct err *e)
{
    const size_t n = sizeof files / sizeof *files;
    struct err plots;
    int drawn = r->options->no_plots ? ERR_OK : run_draw(r, &plots);
    const struct report report = out_report(r);
    int rc = report_write(&report, e);

    for (size_t i = 0; rc == ERR_OK && i < n; i++)
        rc = write_file(r, &files[i], e);
    if (rc == ERR_OK && drawn != ERR_OK)
        *e = plots; /* the figures of the run are there all the same */
    return rc == ERR_OK ? drawn : rc;
}

/* compare_write.c - the folder of a comparison. */
#include "sim/app/compare_out.h"
#include "sim/app/report.h"
#include "sim/base/file.h"

static int write_json(const struct compare_job *j, struct err *e)
{
    struct sink sink;
    int rc = sink_open_in(&sink, j->options->out, "compare.json", e);

    if (rc == ERR_OK)
        compare_json(j, sink.out);
    return sink_end(&sink, rc, e);
}

int compare_write(struct compare_job *j, struct err *e)
{
    struct err plots;
    int drawn = j->options->no_plots ? ERR_OK : compare_draw(j, &plots);
    const struct report report = compare_report(j);
    int rc = report_write(&report, e);

    if (rc == ERR_OK)
        rc = write_json(j, e);
    if (rc == ERR_OK && drawn != ERR_OK)
        *e = plots; /* the figures are there all the same */
    return rc == ERR_OK ? drawn : rc;
}

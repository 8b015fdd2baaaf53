#include "plots/figure.h"

#include "plots/gnuplot.h"
#include "sim/base/file.h"

#include <stdlib.h>

enum { LIMIT_MS = 60000, NAME = 128 };

static int write_one(const char *folder, const struct figure_files *f,
                     const char *end, struct err *e)
{
    char name[NAME];
    struct sink sink;

    (void)snprintf(name, sizeof name, "%s.%s", f->name, end);
    char *path = path_join(folder, name);
    int rc = sink_open(&sink, path, e);

    free(path);
    if (rc != ERR_OK)
        return rc;
    if (end[0] == 'd')
        f->put_data(f->in, sink.out);
    else
        f->put_script(f->in, sink.out);
    return sink_close(&sink, e);
}

static int draw_inside(const char *folder, const struct figure_files *f,
                       struct err *e)
{
    int rc = write_one(folder, f, "dat", e);

    if (rc == ERR_OK)
        rc = write_one(folder, f, "gp", e);
    if (rc != ERR_OK)
        return rc;
    char *program = gnuplot_find();

    if (program)
        rc = gnuplot_run(program, folder, f->name, LIMIT_MS, e);
    else
        rc = err_set(e, ERR_IO,
                     "plots not drawn: gnuplot is not installed "
                     "(package gnuplot-nox)");
    free(program);
    return rc;
}

int figure_draw(const char *folder, const struct figure_files *f, struct err *e)
{
    char *inside = path_join(folder, "plots");
    int rc = folder_make(inside, e);

    if (rc == ERR_OK)
        rc = draw_inside(inside, f, e);
    free(inside);
    return rc;
}

#include "plots/figure.h"

#include "plots/gnuplot.h"
#include "plots/scripts.h"
#include "sim/base/file.h"
#include "sim/base/program.h"

#include <stdlib.h>

enum { LIMIT_MS = 60000, NAME = 128 };

bool figure_have_gnuplot(void)
{
    char *program = program_find("gnuplot");

    free(program);
    return program != NULL;
}

static int open_in(struct sink *s, const char *folder, const char *name,
                   const char *end, struct err *e)
{
    char base[NAME];

    (void)snprintf(base, sizeof base, "%s.%s", name, end);
    return sink_open_in(s, folder, base, e);
}

/* Variables, style and figure in one script, so that it stands alone. */
static void put_script(const struct figure *f, const void *in, FILE *gp,
                       FILE *dat)
{
    fprintf(gp,
            "# Draws %s.svg and %s.png from %s.dat: gnuplot -d %s.gp\n"
            "name = \"%s\"\n",
            f->name, f->name, f->name, f->name, f->name);
    f->put(in, gp, dat);
    fputc('\n', gp);
    scripts_style(gp);
    fputc('\n', gp);
    f->script(gp);
}

static int write_one(const char *folder, const struct figure *f, const void *in,
                     struct err *e)
{
    struct sink gp = {0}, dat = {0};
    int rc = open_in(&dat, folder, f->name, "dat", e);

    if (rc == ERR_OK)
        rc = open_in(&gp, folder, f->name, "gp", e);
    if (rc == ERR_OK) {
        put_script(f, in, gp.out, dat.out);
        rc = sink_close(&dat, e);
    }
    if (rc == ERR_OK)
        rc = sink_close(&gp, e);
    sink_abort(&gp);
    sink_abort(&dat);
    return rc;
}

int figure_draw(const char *folder, const struct figure figure[], size_t n,
                const void *in, struct err *e)
{
    char *inside = path_join(folder, "plots");
    char *program = program_find("gnuplot");
    int rc = folder_make(inside, e);

    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        rc = write_one(inside, &figure[i], in, e);
        if (rc == ERR_OK && program)
            rc = gnuplot_run(program, inside, figure[i].name, LIMIT_MS, e);
    }
    free(program);
    free(inside);
    return rc;
}

#include "plots/plots.h"

#include "plots/burst.h"
#include "plots/gnuplot.h"
#include "plots/script.h"
#include "plots/scripts.h"
#include "plots/timeline.h"
#include "plots/waits.h"
#include "plots/week.h"
#include "sim/base/file.h"

#include <assert.h>
#include <stdlib.h>

enum { LIMIT_MS = 60000 };

struct kind {
    const char *name;
    void (*write)(const struct plot *f);
    void (*script)(FILE *out);
};

static const struct kind kinds[] = {
    {"timeline", timeline_write, scripts_timeline},
    {"burst", burst_write, scripts_burst},
    {"waits", waits_write, scripts_waits},
    {"week", week_write, scripts_week},
};

bool plots_have_gnuplot(void)
{
    char *program = gnuplot_find();

    free(program);
    return program != NULL;
}

static int open_in(struct sink *s, const char *folder, const char *name,
                   const char *end, struct err *e)
{
    char base[32];

    (void)snprintf(base, sizeof base, "%s%s", name, end);
    char *path = path_join(folder, base);
    int rc = sink_open(s, path, e);

    free(path);
    return rc;
}

/* Variables, style and figure in one script, so that it stands alone. */
static void put_script(const struct kind *k, const struct plot *f)
{
    fprintf(f->gp,
            "# Draws %s.svg and %s.png from %s.dat: gnuplot -d %s.gp\n"
            "name = \"%s\"\n",
            k->name, k->name, k->name, k->name, k->name);
    script_pools(f);
    k->write(f);
    fputc('\n', f->gp);
    scripts_style(f->gp);
    fputc('\n', f->gp);
    k->script(f->gp);
}

static int write_figure(const struct kind *k, const char *folder,
                        struct plot *f, struct err *e)
{
    struct sink gp = {0}, dat = {0};
    int rc = open_in(&dat, folder, k->name, ".dat", e);

    if (rc == ERR_OK)
        rc = open_in(&gp, folder, k->name, ".gp", e);
    if (rc == ERR_OK) {
        f->gp = gp.out;
        f->dat = dat.out;
        put_script(k, f);
        rc = sink_close(&dat, e);
    }
    if (rc == ERR_OK)
        rc = sink_close(&gp, e);
    sink_abort(&gp);
    sink_abort(&dat);
    return rc;
}

static int draw_all(const char *folder, const struct plots_input *in,
                    struct err *e)
{
    char *program = gnuplot_find();
    struct plot f = {.in = in};
    int rc = ERR_OK;

    f.n_pools = series_biggest(in, f.pools);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (rc == ERR_OK)
            rc = write_figure(&kinds[i], folder, &f, e);
        if (rc == ERR_OK && program)
            rc = gnuplot_run(program, folder, kinds[i].name, LIMIT_MS, e);
    }
    if (rc == ERR_OK && !program)
        rc = err_set(e, ERR_IO,
                     "plots not drawn: gnuplot is not installed "
                     "(package gnuplot-nox)");
    free(program);
    return rc;
}

int plots_draw(const char *folder, const struct plots_input *in, struct err *e)
{
    assert(in->window_us > 0);
    char *inside = path_join(folder, "plots");
    int rc = folder_make(inside, e);

    if (rc == ERR_OK)
        rc = draw_all(inside, in, e);
    free(inside);
    return rc;
}

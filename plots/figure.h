/* figure.h - the files of one figure: data, script, pictures. */
#ifndef PLOTS_FIGURE_H
#define PLOTS_FIGURE_H

#include "sim/base/err.h"

#include <stdio.h>

struct figure_files {
    const char *name; /* of the files, without an end */
    const void *in;   /* borrowed; goes to both of: */
    void (*put_data)(const void *in, FILE *dat);
    void (*put_script)(const void *in, FILE *gp);
};

/* Draws folder/plots/NAME.svg and .png, with .gp and .dat beside them.
 *
 * Errors    as plots_draw
 */
int figure_draw(const char *folder, const struct figure_files *f,
                struct err *e);

#endif

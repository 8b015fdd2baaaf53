/* figure.h - the files of figures: data, scripts, pictures. */
#ifndef PLOTS_FIGURE_H
#define PLOTS_FIGURE_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct figure {
    const char *name; /* of the files, without an end */
    /* Writes what the script must know, and the data that it draws. */
    void (*put)(const void *in, FILE *gp, FILE *dat);
    void (*script)(FILE *gp); /* of scripts.h */
};

/* Is gnuplot in an absolute folder of PATH? */
bool figure_have_gnuplot(void);

/* Draws figures of the same input into folder/plots, which it makes: NAME.svg
 * and NAME.png, and beside them NAME.gp and NAME.dat, from which "gnuplot
 * NAME.gp" draws the figure again. Without gnuplot there are no pictures, which
 * is no error. The same input gives the same bytes on one machine.
 *
 * Errors    ERR_IO: a file cannot be written, or gnuplot fails.
 */
int figure_draw(const char *folder, const struct figure figure[], size_t n,
                const void *in, struct err *e);

#endif

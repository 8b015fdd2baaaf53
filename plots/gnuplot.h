/* gnuplot.h - running gnuplot on the script of a figure. */
#ifndef PLOTS_GNUPLOT_H
#define PLOTS_GNUPLOT_H

#include "sim/base/err.h"

/* Runs NAME.gp of a folder there and puts NAME.svg and NAME.png in place.
 *
 * program   as found
 * limit_ms  after which the program is killed
 * Errors    ERR_IO with "folder/NAME.gp: reason"; then neither picture is
 *           there.
 */
int gnuplot_run(const char *program, const char *folder, const char *name,
                int limit_ms, struct err *e);

#endif

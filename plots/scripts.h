/* scripts.h - the .gp files of this folder, built into the program so that an
 * installed one needs no data folder.
 */
#ifndef PLOTS_SCRIPTS_H
#define PLOTS_SCRIPTS_H

#include <stdio.h>

/* Writes the style, or the script of a figure. */
void scripts_style(FILE *out);
void scripts_timeline(FILE *out);
void scripts_burst(FILE *out);
void scripts_waits(FILE *out);
void scripts_week(FILE *out);
void scripts_pareto(FILE *out);
void scripts_curve(FILE *out);
void scripts_bars(FILE *out);
void scripts_pair_burst(FILE *out);

#endif

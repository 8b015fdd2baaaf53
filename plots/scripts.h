/* scripts.h - the .gp files of this folder, built into the program so that an
 * installed one needs no data folder.
 */
#ifndef PLOTS_SCRIPTS_H
#define PLOTS_SCRIPTS_H

#include <stdbool.h>
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

/* A colour of the style, "#0072b2"; false if there is none of the name. */
enum { SCRIPTS_COLOUR = 8 };
bool scripts_colour(const char *name, char out[SCRIPTS_COLOUR]);

#endif

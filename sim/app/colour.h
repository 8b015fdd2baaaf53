/* colour.h - sparing colour, for people at a terminal only: a verdict, the
 * level of a hazard. Nothing is said by colour alone.
 */
#ifndef SIM_APP_COLOUR_H
#define SIM_APP_COLOUR_H

#include "sim/plan/hazards.h"

#include <stdbool.h>
#include <stdio.h>

enum colour { COLOUR_GOOD, COLOUR_WARNING, COLOUR_BAD, COLOUR_PLAIN };

/* Whether a stream may be coloured.
 *
 * no_color, term   as in the environment; NULL: not set
 * Source           no-color.org: any value but the empty one forbids it.
 */
bool colour_allowed(bool is_terminal, const char *no_color, const char *term);

/* Between the two, text on out is coloured, if it may be. */
void colour_begin(FILE *out, enum colour c);
void colour_end(FILE *out, enum colour c);

/* The name of a level, in its colour. */
void colour_level(FILE *out, enum hazard_level level);

/* Whether somebody reads at fd as it comes. mpirun gives its ranks terminals of
 * its own, which nobody sees.
 */
bool colour_terminal(int fd);

#endif

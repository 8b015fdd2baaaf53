/* pair.h - two configurations on the same axes, for a pull request.
 *
 * Models    pair_burst: builds waiting and pods ready in the worst burst of
 *           either; pair_waits: how long builds of its pool waited.
 */
#ifndef PLOTS_PAIR_H
#define PLOTS_PAIR_H

#include "plots/plots.h"

/* Draws folder/plots/pair_burst and pair_waits, .svg and .png, with .gp and
 * .dat beside them. Both have the same trace and window; pools are matched by
 * name.
 *
 * Errors    as figure_draw
 */
int pair_draw(const char *folder, const struct plots_input *before,
              const struct plots_input *after, struct err *e);

#endif

/* timeline.h - the whole window: demand, pods and nodes, pool by pool. */
#ifndef PLOTS_TIMELINE_H
#define PLOTS_TIMELINE_H

#include "plots/script.h"

/* About one a pixel where two pools are shown, a quarter for more. */
enum { TIMELINE_COLUMNS = 560 };

/* As figure.h has it; in is a struct plots_input. */
void timeline_put(const void *in, FILE *gp, FILE *dat);

#endif

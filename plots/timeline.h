/* timeline.h - the whole window: demand, pods and nodes, pool by pool. */
#ifndef PLOTS_TIMELINE_H
#define PLOTS_TIMELINE_H

#include "plots/script.h"

enum { TIMELINE_COLUMNS = 720 }; /* about one a pixel where it is shown */

void timeline_write(const struct plot *f);

#endif

/* wall.h - the clock on the wall, which only runs forward: for real programs
 * and for signs of progress. No model reads it.
 */
#ifndef SIM_BASE_WALL_H
#define SIM_BASE_WALL_H

#include <stdint.h>

/* Since some instant that stays the same while the machine runs. */
int64_t wall_ns(void);
double wall_s(void);

#endif

/* steps.h - the build step among the steps of a job, as ClickHouse prints an
 * array of tuples (completed_at, conclusion, name, number, started_at,
 * status).
 */
#ifndef TRACES_STEPS_H
#define TRACES_STEPS_H

#include "sim/base/units.h"
#include "traces/input.h"

/* Whether a step of this name builds the image: "Build and push...". */
bool steps_is_build(struct slice name);

/* Sets both instants from the last build step that was not skipped; leaves
 * them alone if there is none or the text is something else.
 */
void steps_find_build(struct slice steps, sim_us *started_us,
                      sim_us *completed_us);

#endif

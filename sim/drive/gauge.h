/* gauge.h - what a running HAProxy says of its backends, and how that differs
 * from what a simulated one said.
 *
 * Source    HAProxy management guide, "show stat": scur and qcur are the
 *           current sessions and the current queue of a backend, act its
 *           servers that are UP.
 */
#ifndef SIM_DRIVE_GAUGE_H
#define SIM_DRIVE_GAUGE_H

#include "models/system_result.h"
#include "sim/base/err.h"

#include <stddef.h>

struct gauge {
    int32_t sessions, queue, servers;
};

/* Finds a backend's row in the table that "show stat" prints.
 * Errors    ERR_IO: the table or the backend is not there.
 */
int gauge_read(struct gauge *g, const char *table, const char *backend,
               struct err *e);

/* The smallest and the largest value that a gauge of a pool had within
 * reach_us of at_us in a simulated run.
 *
 * rows[n]   in order of time, of all pools
 * offset    of the gauge in struct pool_state
 */
struct gauge_range {
    int32_t least, most;
};
struct gauge_range gauge_range(const struct timeline_row rows[], size_t n,
                               uint32_t pool, size_t offset, sim_us at_us,
                               sim_us reach_us);

/* How far a value lies outside of a range, 0 inside. */
int32_t gauge_outside(int32_t value, struct gauge_range r);

#endif

/* pod.h - work in a process with a network of its own, as a pod has it: only a
 * loopback device, nothing to reach and nobody to reach it.
 */
#ifndef SIM_DRIVE_POD_H
#define SIM_DRIVE_POD_H

#include "sim/base/err.h"

#include <stddef.h>

/* Runs in the other process. Leaves its result in result. */
typedef int pod_work(void *context, void *result, struct err *e);

/* Runs work and waits for it.
 *
 * result, n    plain bytes, at most 2048
 * own_network  false if the system allows none (then it ran in ours)
 * Errors       those of work; ERR_IO: interrupted, or it died.
 */
int pod_run(pod_work *work, void *context, void *result, size_t n,
            bool *own_network, struct err *e);

#endif

/* compared.h - a count of decisions, real against model, and where they are
 * written down.
 */
#ifndef SIM_UPSTREAM_COMPARED_H
#define SIM_UPSTREAM_COMPARED_H

#include "sim/base/units.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { COMPARED_WHY = 128 };

struct compared {                 /* starts from {0} but for the first three */
    const char *component, *pool; /* borrowed */
    FILE *out;                    /* borrowed; NULL: not written down */
    uint64_t n, n_different;
    sim_us first_us; /* of the first difference, and what it is */
    char first[COMPARED_WHY];
};

/* One decision at at_us of the simulated clock: counts it, and writes one JSON
 * line of it.
 *
 * step      fields of the recording; in the real controller's own clock
 * why       what differs, where same is false
 */
void compared_take(struct compared *c, sim_us at_us, const json_t *step,
                   bool same, const char *why);

#endif

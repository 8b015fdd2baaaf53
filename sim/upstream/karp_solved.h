/* karp_solved.h - what a solve decided, as the driver of the real core tells
 * it: models/upstream/README.md has the line.
 */
#ifndef SIM_UPSTREAM_KARP_SOLVED_H
#define SIM_UPSTREAM_KARP_SOLVED_H

#include "models/karpenter_solve.h"

#include <jansson.h>

/* Nodes are told by their place among the live ones.
 *
 * pods[n]   placed; told by their place here
 * n_exist   live nodes before the solve; the others are its claims
 * names     number of each node pool in the scenario; NULL: its own
 * Returns the line, owned.
 */
json_t *karp_solved_json(const struct karp *k, const struct karp_pod pods[],
                         size_t n, size_t n_exist, const uint32_t names[]);

#endif

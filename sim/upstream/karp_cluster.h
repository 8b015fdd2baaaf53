/* karp_cluster.h - the state of the model of Karpenter as a scenario of the
 * real core's driver; models/upstream/README.md has its fields.
 *
 * The driver names node pools by their numbers, and names decide between equal
 * weights; so the pools are numbered in the order of their names.
 */
#ifndef SIM_UPSTREAM_KARP_CLUSTER_H
#define SIM_UPSTREAM_KARP_CLUSTER_H

#include "models/karpenter_solve.h"

#include <jansson.h>

/* numbers[i] becomes the number of pool i. */
void karp_cluster_number(const struct karp_params *p,
                         uint32_t numbers[KARP_POOLS]);

/* Types, node pools and windows; a scenario without nodes. Owned.
 *
 * kind      "batch", "solve" or "disrupt"
 */
json_t *karp_cluster_json(const struct karp_params *p, const char *kind,
                          const uint32_t numbers[]);

/* Puts the live nodes, the offerings that are set aside and the pods of a
 * solve at now_us into the scenario.
 */
void karp_cluster_solve(json_t *scenario, const struct karp *k, sim_us now_us,
                        const struct karp_pod pods[], size_t n,
                        const uint32_t numbers[]);

#endif

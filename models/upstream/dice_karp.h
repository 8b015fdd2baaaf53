/* dice_karp.h - random scenarios for the real Karpenter. */
#ifndef MODELS_UPSTREAM_DICE_KARP_H
#define MODELS_UPSTREAM_DICE_KARP_H

#include <jansson.h>
#include <stdint.h>

/* By turns one for the batcher, the solve and the disruption loop; the last
 * with about so many changes. The same for the same seed. Owned.
 */
json_t *dice_karp_scenario(uint64_t seed, const char *version, int changes);

#endif

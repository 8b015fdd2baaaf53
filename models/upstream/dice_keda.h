/* dice_keda.h - random scenarios for keda_world.h. */
#ifndef MODELS_UPSTREAM_DICE_KEDA_H
#define MODELS_UPSTREAM_DICE_KEDA_H

#include <jansson.h>
#include <stdint.h>

/* A scenario for one minor of KEDA 2; the same for the same seed. Owned. */
json_t *dice_keda_scenario(uint64_t seed, int minor, int queries);

#endif

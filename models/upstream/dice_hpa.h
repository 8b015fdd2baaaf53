/* dice_hpa.h - random scenarios for world.h. */
#ifndef MODELS_UPSTREAM_DICE_HPA_H
#define MODELS_UPSTREAM_DICE_HPA_H

#include <jansson.h>
#include <stdint.h>

/* A scenario for one Kubernetes minor; the same for the same seed. Owned. */
json_t *dice_hpa_scenario(uint64_t seed, int minor, int syncs);

#endif

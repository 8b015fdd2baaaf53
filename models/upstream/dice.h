/* dice.h - random scenarios for world.h, and smaller ones that still fail. */
#ifndef MODELS_UPSTREAM_DICE_H
#define MODELS_UPSTREAM_DICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* A scenario for one Kubernetes minor; the same for the same seed. Owned. */
json_t *dice_scenario(uint64_t seed, int minor, int syncs);

typedef bool dice_test(void *self, const json_t *scenario);

/* The smallest scenario found, by leaving parts out, for which still fails()
 * holds. Owned; s is released.
 */
json_t *dice_shrink(json_t *s, dice_test *fails, void *self);

#endif

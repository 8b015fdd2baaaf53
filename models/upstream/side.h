/* side.h - what playing a scenario needs, alike for all controllers. */
#ifndef MODELS_UPSTREAM_SIDE_H
#define MODELS_UPSTREAM_SIDE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct side {
    /* The world of a scenario; ended by end(). */
    void *(*begin)(const json_t *scenario, const char *version);
    json_t *(*start)(const void *w);
    json_t *(*answer)(void *w, const json_t *question, bool *over);
    /* Releases the world. Returns the recording, owned. */
    json_t *(*end)(void *w);
    /* Whether the model does as recorded; if not, why[size] tells. *n_steps
     * grows by the steps compared.
     */
    bool (*agrees)(const json_t *lines, char why[], size_t size,
                   unsigned long *n_steps);
    json_t *(*dice)(uint64_t seed, const char *version, int steps);
};

/* The side of a version: Kubernetes "1.35", KEDA "2.16.1", Karpenter "1.12.0";
 * NULL, with a word on standard error, for another.
 */
const struct side *side_of(const char *version);

#endif

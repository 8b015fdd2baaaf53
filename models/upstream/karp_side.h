/* karp_side.h - playing scenarios against the real Karpenter. */
#ifndef MODELS_UPSTREAM_KARP_SIDE_H
#define MODELS_UPSTREAM_KARP_SIDE_H

#include "models/upstream/side.h"

const struct side *karp_side(void);

#endif

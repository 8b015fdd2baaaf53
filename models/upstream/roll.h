/* roll.h - the draws that random scenarios are made of. */
#ifndef MODELS_UPSTREAM_ROLL_H
#define MODELS_UPSTREAM_ROLL_H

#include <stdbool.h>
#include <stdint.h>

struct roll {
    uint64_t state; /* starts from a seed */
};

/* A whole number from low to high, both possible. */
int64_t roll(struct roll *r, int64_t low, int64_t high);

/* True once in n times. */
bool roll_one_in(struct roll *r, int64_t n);

#endif

/* random.h - random numbers that are looked up, not produced in sequence.
 *
 * Every draw is a pure function of (seed, replication, purpose, entity,
 * ordinal). Two configurations that ask for the same draw get the same
 * number whatever else happens between, which is what common random numbers
 * need (Law, "Simulation Modeling and Analysis", section 11.2). One variate
 * uses one ordinal, also when it is made by a rejection method.
 */
#ifndef SIM_ENGINE_RANDOM_H
#define SIM_ENGINE_RANDOM_H

#include <gsl/gsl_rng.h>
#include <stdbool.h>
#include <stdint.h>

/* Names the world that is drawn: the user's seed and the replication. */
struct random_world {
    uint64_t seed;
    uint64_t replication;
    bool antithetic; /* draw 1 - u in place of u */
};

/* A uniform number in (0, 1), never 0 and never 1; 53 bits.
 *
 * purpose   what is drawn, one number a purpose (enum in models/system.h)
 * entity    an identity that both configurations share (build number)
 * ordinal   which draw of that purpose for that entity, from 0
 */
double random_u01(const struct random_world *w, uint32_t purpose,
                  uint64_t entity, uint64_t ordinal);

/* 64 random bits for the same key; random_u01 is made of the upper 53. */
uint64_t random_bits(const struct random_world *w, uint32_t purpose,
                     uint64_t entity, uint64_t ordinal);

/* The same numbers as a GSL generator, for the samplers of GSL: state is one
 * key and a counter. gsl_rng_set(r, seed) selects replication 0, purpose 0,
 * entity 0; random_gsl_key selects any other and starts at counter 0.
 */
extern const gsl_rng_type *const random_gsl_type;
void random_gsl_key(gsl_rng *r, const struct random_world *w, uint32_t purpose,
                    uint64_t entity);

#endif

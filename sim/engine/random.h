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

/* The draws of one purpose in one world, for who makes many of them. */
struct random_stream {
    uint64_t start;
    uint64_t flip; /* all bits set: antithetic */
};

struct random_stream random_stream(const struct random_world *w,
                                   uint32_t purpose);

/* The parts of a key are added up, each times its own odd constant, and mixed.
 * The world and the purpose are mixed once on their own, so that streams lie
 * at unrelated places; inside a stream the sums are all different and the
 * second mix makes them independent.
 */
#define RANDOM_ENTITY_STEP UINT64_C(0xf1357aea2e62a9c5)
#define RANDOM_ORDINAL_STEP UINT64_C(0xdb4f0b9175ae2165)

/* A bijection in which each input bit flips each output bit about half of the
 * time. Source: the finalizer of SplitMix64 (Steele, Lea, Flood, "Fast
 * Splittable Pseudorandom Number Generators", 2014; variant 13 of Stafford).
 */
static inline uint64_t random_mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* As random_bits. Flipping every bit turns u into 1 - u, exactly. */
static inline uint64_t random_stream_bits(const struct random_stream *s,
                                          uint64_t entity, uint64_t ordinal)
{
    return random_mix(s->start + entity * RANDOM_ENTITY_STEP +
                      ordinal * RANDOM_ORDINAL_STEP) ^
           s->flip;
}

/* As random_u01: an odd multiple of 2^-53. The lowest of 53 bits is always
 * set, which keeps 0 and 1 out and makes 1 - u exact.
 */
static inline double random_stream_u01(const struct random_stream *s,
                                       uint64_t entity, uint64_t ordinal)
{
    uint64_t bits = random_stream_bits(s, entity, ordinal) >> 11 | 1;

    /* Signed, since that conversion is one instruction. */
    return (double)(int64_t)bits * 0x1p-53;
}

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

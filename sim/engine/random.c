#include "sim/engine/random.h"

#include <assert.h>

/* The parts of a key are added up, each times its own odd constant, and mixed.
 * The world and the purpose are mixed once on their own, so that streams lie
 * at unrelated places; inside a stream the sums are all different and the
 * second mix makes them independent.
 */
#define SEED_STEP UINT64_C(0x9e3779b97f4a7c15)
#define REPLICATION_STEP UINT64_C(0xd1b54a32d192ed03)
#define PURPOSE_STEP UINT64_C(0x8cb92ba72f3d8dd7)
#define ENTITY_STEP UINT64_C(0xf1357aea2e62a9c5)
#define ORDINAL_STEP UINT64_C(0xdb4f0b9175ae2165)

/* A bijection in which each input bit flips each output bit about half of the
 * time. Source: the finalizer of SplitMix64 (Steele, Lea, Flood, "Fast
 * Splittable Pseudorandom Number Generators", 2014; variant 13 of Stafford).
 */
static inline uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static inline uint64_t stream_start(const struct random_world *w,
                                    uint32_t purpose, uint64_t entity)
{
    return mix(w->seed * SEED_STEP + w->replication * REPLICATION_STEP +
               (purpose + UINT64_C(1)) * PURPOSE_STEP) +
           entity * ENTITY_STEP;
}

/* Flipping every bit turns u into 1 - u, exactly. */
static inline uint64_t draw(uint64_t start, uint64_t ordinal, bool antithetic)
{
    return mix(start + ordinal * ORDINAL_STEP) ^ -(uint64_t)antithetic;
}

/* Odd multiples of 2^-53: the lowest of 53 bits is always set, which keeps 0
 * and 1 out and makes 1 - u exact.
 */
static inline double to_u01(uint64_t bits)
{
    return (double)(bits >> 11 | 1) * 0x1p-53;
}

uint64_t random_bits(const struct random_world *w, uint32_t purpose,
                     uint64_t entity, uint64_t ordinal)
{
    return draw(stream_start(w, purpose, entity), ordinal, w->antithetic);
}

double random_u01(const struct random_world *w, uint32_t purpose,
                  uint64_t entity, uint64_t ordinal)
{
    return to_u01(random_bits(w, purpose, entity, ordinal));
}

struct gsl_state {
    uint64_t start, ordinal;
    bool antithetic;
};

static void gsl_set(void *state, unsigned long seed)
{
    struct random_world w = {.seed = seed};

    *(struct gsl_state *)state =
        (struct gsl_state){.start = stream_start(&w, 0, 0)};
}

static unsigned long gsl_get(void *state)
{
    struct gsl_state *s = state;

    return draw(s->start, s->ordinal++, s->antithetic);
}

static double gsl_get_double(void *state)
{
    return to_u01(gsl_get(state));
}

static const gsl_rng_type gsl_type = {
    .name = "drydock",
    .max = UINT64_MAX,
    .min = 0,
    .size = sizeof(struct gsl_state),
    .set = gsl_set,
    .get = gsl_get,
    .get_double = gsl_get_double,
};

const gsl_rng_type *const random_gsl_type = &gsl_type;

void random_gsl_key(gsl_rng *r, const struct random_world *w, uint32_t purpose,
                    uint64_t entity)
{
    struct gsl_state *s = r->state;

    assert(r->type == random_gsl_type);
    *s = (struct gsl_state){.start = stream_start(w, purpose, entity),
                            .antithetic = w->antithetic};
}

#include "sim/engine/random.h"

#include <assert.h>

#define SEED_STEP UINT64_C(0x9e3779b97f4a7c15)
#define REPLICATION_STEP UINT64_C(0xd1b54a32d192ed03)
#define PURPOSE_STEP UINT64_C(0x8cb92ba72f3d8dd7)

struct random_stream random_stream(const struct random_world *w,
                                   uint32_t purpose)
{
    return (struct random_stream){
        .start =
            random_mix(w->seed * SEED_STEP + w->replication * REPLICATION_STEP +
                       (purpose + UINT64_C(1)) * PURPOSE_STEP),
        .flip = -(uint64_t)w->antithetic,
    };
}

uint64_t random_bits(const struct random_world *w, uint32_t purpose,
                     uint64_t entity, uint64_t ordinal)
{
    const struct random_stream s = random_stream(w, purpose);

    return random_stream_bits(&s, entity, ordinal);
}

double random_u01(const struct random_world *w, uint32_t purpose,
                  uint64_t entity, uint64_t ordinal)
{
    const struct random_stream s = random_stream(w, purpose);

    return random_stream_u01(&s, entity, ordinal);
}

struct gsl_state {
    struct random_stream stream;
    uint64_t entity, ordinal;
};

static void gsl_set(void *state, unsigned long seed)
{
    const struct random_world w = {.seed = seed};

    *(struct gsl_state *)state =
        (struct gsl_state){.stream = random_stream(&w, 0)};
}

static unsigned long gsl_get(void *state)
{
    struct gsl_state *s = state;

    return random_stream_bits(&s->stream, s->entity, s->ordinal++);
}

static double gsl_get_double(void *state)
{
    struct gsl_state *s = state;

    return random_stream_u01(&s->stream, s->entity, s->ordinal++);
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
    *s = (struct gsl_state){.stream = random_stream(w, purpose),
                            .entity = entity};
}

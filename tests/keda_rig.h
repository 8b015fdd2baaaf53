/* keda_rig.h - one ScaledObject, 2 to 40 replicas with a fallback of 5, and
 * short names for what is asked of it.
 */
#ifndef TESTS_KEDA_RIG_H
#define TESTS_KEDA_RIG_H

#include "models/keda.h"
#include "tests/support.h"

#define S US_PER_S

static const struct keda_sample refused = {.first = KEDA_READ_FAILS,
                                           .second = KEDA_READ_FAILS};

struct fixture {
    struct keda_params p;
    struct keda k;
};

static inline int setup(void **state)
{
    static struct fixture f;

    keda_defaults(&f.p);
    f.p.has_min = f.p.has_max = true;
    f.p.min = 2;
    f.p.max = 40;
    f.p.has_fallback = true;
    f.p.fallback_threshold = 3;
    f.p.fallback_replicas = 5;
    f.p.n_triggers = 1;
    keda_trigger_defaults(&f.p.triggers[0]);
    keda_init(&f.k, &f.p, 0);
    *state = &f;
    return 0;
}

static inline struct keda_sample good(double value)
{
    return (struct keda_sample){.value = value};
}

static inline struct keda_answer ask(struct fixture *f, struct keda_sample s,
                                     uint32_t spec)
{
    struct keda_context c = {.spec = spec, .ready = spec};

    return keda_on_hpa_query(&f->k, 0, 0, &s, &c);
}

static inline struct keda_poll poll(struct fixture *f, sim_us now_us,
                                    struct keda_sample s, uint32_t spec)
{
    struct keda_context c = {.spec = spec, .ready = spec};

    return keda_on_poll(&f->k, now_us, &s, &c);
}

static inline void version(struct fixture *f, uint32_t minor, uint32_t patch)
{
    f->p.minor = minor;
    f->p.patch = patch;
}

#endif

/* hazard_rig.h - a configuration without hazards, to be spoilt by a test. */
#ifndef TESTS_HAZARD_RIG_H
#define TESTS_HAZARD_RIG_H

#include "tests/plan_scenario.h"
#include "tests/support.h"

#include "sim/plan/hazards.h"

/* One pool of 2 to 8 without a fault: the base of every test. */
struct rig {
    struct fixture f;
    struct hazards h;
};

static inline void init(struct rig *x)
{
    x->h = (struct hazards){0};
    fixture_init(&x->f, 1, 2, 8);
    fixture_build(&x->f, 0, 0, 0.0, 100.0);
    struct pool_params *p = &x->f.pools[0];
    (void)snprintf(p->name, sizeof p->name, "amd64");
    x->f.backends[0].name = "bk_amd64";
    x->f.backends[0].queue_us = us_from_s(20.0); /* the clients' patience */
    p->keda.minor = 18;
    p->keda.has_fallback = true;
    p->keda.fallback_replicas = 8;
    p->keda.fallback_threshold = 3;
    p->kubelet.grace_us = 4 * US_PER_H + 30 * US_PER_S;
    p->kubelet.readiness.period_us = us_from_s(10.0);
    for (int i = 0; i < 2; i++) {
        struct caller_params *c = &x->f.callers[i];
        (void)snprintf(c->name, sizeof c->name, "caller%d", i);
        c->client.job_timeout_us = 4 * US_PER_H;
        c->client.attempts = 40;
    }
    x->f.p.n_callers = 1;
    struct karp_params *k = &x->f.p.karpenter;
    k->types[1] = k->types[0];
    (void)snprintf(k->types[1].name, KARP_NAME, "m8id.24xlarge");
    k->n_types = 2;
    k->pools[0].types = 3;
    (void)snprintf(k->pools[0].name, KARP_NAME, "builders");
    k->pools[0].budgets[0].value = 2;
}

static inline void search(struct rig *x)
{
    struct scenario s = scenario_of(&x->f);

    hazards_free(&x->h);
    hazards_find(&x->h, &s);
}

static inline const struct hazard *find(struct rig *x, const char *code)
{
    search(x);
    for (size_t i = 0; i < x->h.n; i++)
        if (strcmp(x->h.at[i].code, code) == 0)
            return &x->h.at[i];
    return NULL;
}

static inline void assert_hazard(struct rig *x, const char *code,
                                 enum hazard_level level, const char *what)
{
    const struct hazard *h = find(x, code);

    assert_non_null(h);
    assert_int_equal(h->level, level);
    assert_string_equal(h->what, what);
    assert_true(h->advice[0] != '\0');
}

static inline void done(struct rig *x)
{
    hazards_free(&x->h);
    fixture_free(&x->f);
}

#endif

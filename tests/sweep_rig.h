/* sweep_rig.h - a loaded scenario and sweeps made of it. */
#ifndef TESTS_SWEEP_RIG_H
#define TESTS_SWEEP_RIG_H

#include "tests/support.h"

#include "sim/plan/sweep_judge.h"

#include <stdlib.h>
#include <string.h>

#define SCENARIO "scenarios/staging-scale-test.yaml"

static inline struct scenario *loaded(void **state)
{
    return *state;
}

static inline int load(void **state)
{
    struct scenario *s = calloc(1, sizeof *s);
    struct err e;

    if (!s || scenario_load(s, SCENARIO, NULL, &e) != ERR_OK)
        return -1;
    *state = s;
    return 0;
}

static inline int unload(void **state)
{
    scenario_free(*state);
    free(*state);
    return 0;
}

static inline void make_reps(struct sweep *s, const struct scenario *base,
                             const char *a, const char *b, uint32_t n_reps)
{
    struct err e = {""};

    *s = (struct sweep){0};
    assert_int_equal(sweep_vary(s, a, &e), ERR_OK);
    if (b)
        assert_int_equal(sweep_vary(s, b, &e), ERR_OK);
    if (sweep_make(s, base, n_reps, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

static inline void make(struct sweep *s, const struct scenario *base,
                        const char *a, const char *b)
{
    make_reps(s, base, a, b, 1);
}

#endif

#include "tests/fixture.h"
#include "tests/support.h"

#include "sim/base/mem.h"
#include "sim/engine/random.h"
#include "sim/plan/step_response.h"

#include <stdlib.h>

#define S US_PER_S

static struct step_response answer(const struct demand_step *supply, size_t n,
                                   sim_us until_us)
{
    static const struct demand_step demand[] = {
        {0, 3}, {100 * S, 23}, {1100 * S, 8}, {1200 * S, 0}};
    struct step_curve d = {demand, 4}, s = {supply, n};

    return step_response(&d, &s, 100 * S, until_us);
}

/* ------------------------------------------------------------ the step */

static void test_figures_of_a_step_by_hand(void **state)
{
    const struct demand_step supply[] = {
        {0, 4},        {160 * S, 10}, {200 * S, 23},  {240 * S, 29},
        {300 * S, 25}, {900 * S, 24}, {1500 * S, 10}, {2700 * S, 4}};
    (void)state;

    struct step_response r = answer(supply, 8, 3000 * S);
    assert_int_equal(r.burst, 20);
    assert_int_equal(r.first_us, 60 * S);
    assert_int_equal(r.reached_us, 100 * S);
    assert_close(r.overshoot_frac, 0.3, 1e-12); /* 29 - 23 of 20 */
    assert_int_equal(r.settled_us, 200 * S);    /* 25 is within 2.3 of 23 */
    assert_int_equal(r.back_us, 1500 * S);
}

static void test_what_is_not_seen_is_never(void **state)
{
    const struct demand_step supply[] = {{0, 4}, {160 * S, 20}};
    (void)state;

    struct step_response r = answer(supply, 2, 1150 * S);
    assert_int_equal(r.first_us, 60 * S);
    assert_int_equal(r.reached_us, SIM_NEVER);
    assert_close(r.overshoot_frac, 0.0, 0.0);
    assert_int_equal(r.settled_us, SIM_NEVER);
    assert_int_equal(r.back_us, SIM_NEVER);
    assert_int_equal(answer(supply, 1, 1150 * S).first_us, SIM_NEVER);
}

static void test_the_band_is_a_tenth_and_includes_its_edge(void **state)
{
    const struct demand_step demand[] = {{100 * S, 20}, {1100 * S, 0}};
    struct step_curve d = {demand, 2};
    (void)state;

    for (int32_t level = 17; level <= 23; level++) {
        const struct demand_step supply[] = {{150 * S, level}};
        struct step_curve s = {supply, 1};
        struct step_response r = step_response(&d, &s, 100 * S, 2000 * S);
        bool inside = level >= 18 && level <= 22;
        assert_int_equal(r.settled_us, inside ? 50 * S : SIM_NEVER);
    }
}

static void test_a_pool_that_is_large_enough_is_there_at_once(void **state)
{
    const struct demand_step supply[] = {{0, 24}, {1200 * S, 23}};
    (void)state;

    struct step_response r = answer(supply, 2, 3000 * S);
    assert_int_equal(r.reached_us, 0);
    assert_int_equal(r.settled_us, 0);
    assert_int_equal(r.first_us, SIM_NEVER);
    assert_int_equal(r.back_us, 0);
}

static void test_what_follows_the_hold_is_no_overshoot(void **state)
{
    const struct demand_step supply[] = {{0, 3}, {200 * S, 23}, {1100 * S, 40}};
    (void)state;

    assert_close(answer(supply, 3, 3000 * S).overshoot_frac, 0.0, 0.0);
}

/* ------------------------------------------------------------ a system */

static void test_a_pool_answers_a_burst(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 12);
    struct step_response r = step_response_run(&f.p, 0, 10, 3600 * S, 5);
    assert_int_equal(r.burst, 10);
    /* An HPA period and a node's start at least, and not a quarter of an hour.
     */
    assert_true(r.first_us > 30 * S && r.first_us < 900 * S);
    assert_true(r.reached_us >= r.first_us && r.reached_us < 900 * S);
    assert_true(r.settled_us <= r.reached_us);
    assert_close(r.overshoot_frac, 0.0, 0.0);
    assert_true(r.back_us != SIM_NEVER && r.back_us > 300 * S);
    struct step_response again = step_response_run(&f.p, 0, 10, 3600 * S, 5);
    assert_memory_equal(&r, &again, sizeof r);
    f.pools[0].hpa.max = 9; /* ten never come */
    assert_int_equal(step_response_run(&f.p, 0, 20, 3600 * S, 5).reached_us,
                     SIM_NEVER);
    fixture_free(&f);
}

/* ------------------------------------------------------------ cycles */

enum { POINTS = 4000 }; /* steps of 30 s */

static double draw(uint64_t ordinal)
{
    struct random_world w = {.seed = 83};

    return random_u01(&w, 1, 0, ordinal);
}

/* High for half of the period, on a level that drifts; period in steps. */
static void square(struct demand_step *steps, size_t period, int32_t high)
{
    for (size_t i = 0; i < POINTS; i++) {
        bool up = period > 0 && i % period < period / 2;
        steps[i] = (struct demand_step){(sim_us)i * 30 * S,
                                        (int32_t)(i / 400) + (up ? high : 0)};
    }
}

static void noise(struct demand_step *steps)
{
    for (size_t i = 0; i < POINTS; i++)
        steps[i] = (struct demand_step){(sim_us)i * 30 * S,
                                        (int32_t)(draw(i / 20) * 30.0)};
}

static struct cycle cycle(const struct demand_step *demand,
                          const struct demand_step *supply)
{
    struct cycle_task t = {
        .demand = {demand, POINTS},
        .supply = {supply, POINTS},
        .until_us = (sim_us)POINTS * 30 * S,
        .least_us = 15 * S,
        .most_us = 3 * US_PER_H,
    };

    return step_cycle(&t);
}

static void test_a_swing_of_the_supply_alone_is_a_cycle(void **state)
{
    static struct demand_step demand[POINTS], supply[POINTS];
    (void)state;

    noise(demand);
    square(supply, 44, 10);
    struct cycle c = cycle(demand, supply);
    assert_int_equal(c.period_us, 1320 * S);
    assert_true(c.strength > 0.9 && c.strength <= 1.0);
}

static void test_a_swing_of_the_demand_is_none(void **state)
{
    static struct demand_step demand[POINTS], supply[POINTS];
    (void)state;

    square(demand, 44, 10);
    square(supply, 44, 10);
    assert_int_equal(cycle(demand, supply).period_us, 0);
    square(demand, 58, 10); /* of another period */
    assert_int_equal(cycle(demand, supply).period_us, 1320 * S);
}

static void test_noise_and_drift_are_no_cycle(void **state)
{
    static struct demand_step demand[POINTS], supply[POINTS];
    (void)state;

    square(demand, 0, 0);
    noise(supply);
    assert_int_equal(cycle(demand, supply).period_us, 0);
    square(supply, 0, 0);
    assert_int_equal(cycle(demand, supply).period_us, 0);
    for (size_t i = 0; i < POINTS; i++)
        supply[i].builds = 7;
    assert_int_equal(cycle(demand, supply).period_us, 0);
}

static void test_a_ripple_on_a_slow_swing_is_not_its_period(void **state)
{
    static struct demand_step demand[POINTS], supply[POINTS];
    (void)state;

    noise(demand);
    square(supply, 240, 20);
    for (size_t i = 0; i < POINTS; i += 2)
        supply[i].builds += 4;
    assert_int_equal(cycle(demand, supply).period_us, 7200 * S);
}

static void test_only_periods_asked_for_are_found(void **state)
{
    static struct demand_step demand[POINTS], supply[POINTS];
    struct cycle_task t = {
        .demand = {demand, POINTS},
        .supply = {supply, POINTS},
        .until_us = (sim_us)POINTS * 30 * S,
        .least_us = 15 * S,
        .most_us = 1305 * S,
    };
    (void)state;

    noise(demand);
    square(supply, 44, 10);
    assert_int_equal(step_cycle(&t).period_us, 0);
    t.most_us = 1320 * S;
    assert_int_equal(step_cycle(&t).period_us, 1320 * S);
    t.most_us = 3 * US_PER_H;
    t.least_us = 1335 * S;
    assert_int_equal(step_cycle(&t).period_us, 2640 * S);
    t.until_us = 0;
    assert_int_equal(step_cycle(&t).period_us, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_of_a_step_by_hand),
        cmocka_unit_test(test_what_is_not_seen_is_never),
        cmocka_unit_test(test_the_band_is_a_tenth_and_includes_its_edge),
        cmocka_unit_test(test_a_pool_that_is_large_enough_is_there_at_once),
        cmocka_unit_test(test_what_follows_the_hold_is_no_overshoot),
        cmocka_unit_test(test_a_pool_answers_a_burst),
        cmocka_unit_test(test_a_swing_of_the_supply_alone_is_a_cycle),
        cmocka_unit_test(test_a_swing_of_the_demand_is_none),
        cmocka_unit_test(test_noise_and_drift_are_no_cycle),
        cmocka_unit_test(test_a_ripple_on_a_slow_swing_is_not_its_period),
        cmocka_unit_test(test_only_periods_asked_for_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_of_a_step_by_hand),
        cmocka_unit_test(test_what_is_not_seen_is_never),
        cmocka_unit_test(test_the_band_is_a_tenth_and_includes_its_edge),
        cmocka_unit_test(test_a_pool_that_is_large_enough_is_there_at_once),
        cmocka_unit_test(test_what_follows_the_hold_is_no_overshoot),
        cmocka_unit_test(test_a_pool_answers_a_burst),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

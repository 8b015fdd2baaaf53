#include "tests/support.h"

#include "sim/plan/gaps.h"

#define S US_PER_S

/* Level 1 is idle from 30 to 50; level 2 from 20 to 60 and from 70 to 75. */
static const struct demand_step steps[] = {
    {0, 2},      {20 * S, 1}, {30 * S, 0}, {50 * S, 1},
    {60 * S, 2}, {70 * S, 1}, {75 * S, 3}, {90 * S, 0}};

static struct gaps found(void)
{
    struct gaps g = {0};

    gaps_find(&g, steps, sizeof steps / sizeof *steps);
    return g;
}

static void test_gaps_are_found_by_level(void **state)
{
    struct gaps g = found();
    (void)state;

    assert_int_equal(g.n, 3); /* level 3 comes once and never again */
    assert_int_equal(g.at[0], 5 * S);
    assert_int_equal(g.at[1], 20 * S);
    assert_int_equal(g.at[2], 40 * S);
    gaps_free(&g);
    gaps_free(&g);
}

static void test_a_window_holds_or_starts_again(void **state)
{
    struct gaps g = found();
    (void)state;

    assert_close(gaps_cost_s(&g, 0, 12 * S), 36.0, 1e-12);
    assert_close(gaps_cost_s(&g, 5 * S, 12 * S), 5.0 + 2 * 17.0, 1e-12);
    assert_close(gaps_cost_s(&g, 20 * S - 1, 12 * S),
                 5.0 + 2 * (20.0 - 1e-6 + 12.0), 1e-9);
    assert_close(gaps_cost_s(&g, 20 * S, 12 * S), 25.0 + 32.0, 1e-12);
    assert_close(gaps_cost_s(&g, 40 * S, 12 * S), 65.0, 1e-12);
    assert_int_equal(gaps_longer(&g, 0), 3);
    assert_int_equal(gaps_longer(&g, 5 * S), 2);
    assert_int_equal(gaps_longer(&g, 40 * S), 0);
    gaps_free(&g);
}

static void test_the_best_window_is_that_of_trying_all(void **state)
{
    struct gaps g = found();
    (void)state;

    for (sim_us even = S / 2; even < 60 * S; even += S / 2) {
        sim_us best = gaps_best_window(&g, even);
        double least = gaps_cost_s(&g, best, even);
        for (sim_us w = 0; w <= 41 * S; w += S / 4)
            assert_true(gaps_cost_s(&g, w, even) >= least - 1e-9);
    }
    assert_int_equal(gaps_best_window(&g, S), 0);
    assert_int_equal(gaps_best_window(&g, 55 * S), 40 * S);
    gaps_free(&g);
}

static void test_no_gap_needs_no_window(void **state)
{
    struct gaps g = {0};
    (void)state;

    gaps_find(&g, steps, 3);
    assert_int_equal(g.n, 0);
    assert_int_equal(gaps_best_window(&g, S), 0);
    assert_close(gaps_cost_s(&g, 5 * S, S), 0.0, 0.0);
    gaps_free(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gaps_are_found_by_level),
        cmocka_unit_test(test_a_window_holds_or_starts_again),
        cmocka_unit_test(test_the_best_window_is_that_of_trying_all),
        cmocka_unit_test(test_no_gap_needs_no_window),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

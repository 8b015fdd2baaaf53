#include "tests/support.h"

#include "sim/base/mem.h"
#include "sim/engine/random.h"
#include "sim/plan/foresight.h"

#include <stdlib.h>

enum { STEPS = 12, UNITS = 6 };

static struct foresight plan(const struct demand_step *steps, size_t n,
                             uint32_t per_unit, sim_us break_even_us)
{
    struct foresight_task t = {
        .steps = steps,
        .n = n,
        .per_unit = per_unit,
        .until_us = 1000,
        .break_even_us = break_even_us,
    };

    return foresight_plan(&t);
}

/* Level 1 is busy in [10, 500), level 2 in [40, 60), [90, 130), [330, 331). */
static const struct demand_step worked[] = {
    {10, 1}, {40, 2}, {60, 1}, {90, 2}, {130, 1}, {330, 2}, {331, 1}, {500, 0}};

static void test_short_gaps_are_held_and_long_ones_are_not(void **state)
{
    struct foresight f = plan(worked, 8, 1, 100);
    (void)state;

    assert_int_equal(f.busy_us, 490 + 20 + 40 + 1);
    assert_int_equal(f.n_gaps, 2);
    assert_int_equal(f.held_us, 30);
    assert_int_equal(f.n_again, 1);
    assert_int_equal(f.n_first, 2);
    assert_int_equal(foresight_cost_us(&f, 100), 551 + 30 + 100);
}

static void test_moves_are_starts_and_stops(void **state)
{
    struct foresight f = plan(worked, 8, 1, 100);
    (void)state;

    assert_int_equal(f.moved, 6); /* level 1 once, level 2 twice */
    assert_int_equal(f.needed, 8);
}

static void test_a_gap_as_dear_as_a_start_is_held(void **state)
{
    (void)state;
    assert_int_equal(plan(worked, 8, 1, 30).n_again, 1);
    assert_int_equal(plan(worked, 8, 1, 29).n_again, 2);
    assert_int_equal(plan(worked, 8, 1, 0).held_us, 0);
}

static void test_a_unit_may_carry_several_builds(void **state)
{
    struct foresight f = plan(worked, 8, 2, 100);
    (void)state;

    assert_int_equal(f.busy_us, 490);
    assert_int_equal(f.n_gaps, 0);
    assert_int_equal(f.moved, 2);
}

static void test_only_the_window_is_planned(void **state)
{
    struct foresight_task t = {worked, 8, 1, 50, 331, 100};
    (void)state;

    struct foresight f = foresight_plan(&t);
    assert_int_equal(f.busy_us, 281 + 10 + 40 + 1);
    assert_int_equal(f.n_first, 2);
    assert_int_equal(f.moved, 1 + 1 + 0); /* stop at 130, start at 330 */
    t.from_us = t.until_us = 50;
    f = foresight_plan(&t);
    assert_int_equal(f.busy_us, 0);
}

static void test_no_demand_needs_nothing(void **state)
{
    struct foresight f = plan(NULL, 0, 3, 100);
    (void)state;

    assert_int_equal(f.n_first, 0);
    assert_int_equal(foresight_cost_us(&f, 100), 0);
}

/* ------------------------------------------------------------ optimality */

/* Lets units be started, each for the break-even time, or stopped. */
static void change(int64_t best[UNITS + 1], sim_us break_even_us)
{
    for (int u = UNITS; u > 0; u--)
        if (best[u] < best[u - 1])
            best[u - 1] = best[u];
    for (int u = 0; u < UNITS; u++)
        if (best[u] + break_even_us < best[u + 1])
            best[u + 1] = best[u] + break_even_us;
}

/* The cheapest way by dynamic programming over the number of units that are on
 * in each interval; each of them costs its time.
 */
static int64_t cheapest(const struct demand_step *steps, size_t n,
                        uint32_t per_unit, sim_us break_even_us)
{
    int64_t best[UNITS + 1];

    for (int u = 0; u <= UNITS; u++)
        best[u] = u * break_even_us;
    for (size_t i = 0; i + 1 < n; i++) {
        sim_us span_us = steps[i + 1].at_us - steps[i].at_us;
        int need = (steps[i].builds + (int)per_unit - 1) / (int)per_unit;
        change(best, break_even_us);
        for (int u = 0; u <= UNITS; u++)
            best[u] = u < need ? INT64_MAX / 2 : best[u] + u * span_us;
    }
    change(best, break_even_us);
    return best[0];
}

static uint64_t draw(uint64_t trace, uint64_t ordinal, uint64_t below)
{
    struct random_world w = {.seed = 41};

    return random_bits(&w, 1, trace, ordinal) % below;
}

/* Up to 12 changes, gaps of 1 to 40, up to 6 builds. */
static size_t make(struct demand_step *steps, uint64_t trace)
{
    size_t n = 2 + draw(trace, 0, STEPS - 1);
    sim_us at_us = 0;

    for (size_t i = 0; i < n; i++) {
        at_us += 1 + (sim_us)draw(trace, 10 + i, 40);
        int32_t builds = (int32_t)draw(trace, 50 + i, UNITS + 1);
        steps[i] = (struct demand_step){at_us, i + 1 < n ? builds : 0};
    }
    return n;
}

static void test_no_plan_is_cheaper_on_a_thousand_traces(void **state)
{
    (void)state;
    for (uint64_t trace = 0; trace < 1000; trace++) {
        struct demand_step steps[STEPS];
        size_t n = make(steps, trace);
        uint32_t per_unit = 1 + (uint32_t)draw(trace, 1, 3);
        sim_us break_even_us = (sim_us)draw(trace, 2, 60);
        struct foresight f = plan(steps, n, per_unit, break_even_us);
        int64_t first = (int64_t)f.n_first * break_even_us;
        int64_t got = (int64_t)foresight_cost_us(&f, break_even_us) + first;
        int64_t want = cheapest(steps, n, per_unit, break_even_us);
        if (got != want)
            fail_msg("trace %d costs %d, not %d", (int)trace, (int)got,
                     (int)want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_gaps_are_held_and_long_ones_are_not),
        cmocka_unit_test(test_moves_are_starts_and_stops),
        cmocka_unit_test(test_a_gap_as_dear_as_a_start_is_held),
        cmocka_unit_test(test_a_unit_may_carry_several_builds),
        cmocka_unit_test(test_only_the_window_is_planned),
        cmocka_unit_test(test_no_demand_needs_nothing),
        cmocka_unit_test(test_no_plan_is_cheaper_on_a_thousand_traces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

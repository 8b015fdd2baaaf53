#include "tests/plan_scenario.h"
#include "tests/support.h"

#include "sim/plan/verdict.h"

/* Two pools, two replications; each figure is set by the test. */
struct rig {
    struct pool_figures figures[4];
    struct replications r;
    struct fixture f;
    struct scenario s;
    struct verdict v;
};

static void init(struct rig *x)
{
    memset(x, 0, sizeof *x);
    fixture_init(&x->f, 2, 2, 8);
    x->s = scenario_of(&x->f);
    x->r =
        (struct replications){.figures = x->figures, .n_reps = 2, .n_pools = 2};
}

static void aim(struct rig *x, enum scenario_goal goal, double at_most)
{
    x->s.targets[x->s.n_targets++] = (struct scenario_target){goal, at_most};
    verdict_take(&x->v, &x->s, &x->r);
}

static void put(struct rig *x, size_t pool, enum figure figure, double first,
                double second)
{
    x->figures[pool].at[figure] = first;
    x->figures[2 + pool].at[figure] = second;
}

static void test_without_targets_there_is_nothing_to_miss(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    verdict_take(&x.v, &x.s, &x.r);
    assert_int_equal(x.v.n, 0);
    assert_true(x.v.met);
    fixture_free(&x.f);
}

static void test_the_worst_pool_answers_for_waits(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    put(&x, 0, FIG_WAIT_P95, 10.0, 20.0);
    put(&x, 1, FIG_WAIT_P95, 290.0, 310.0);
    aim(&x, GOAL_P95_WAIT, 300.0);
    assert_int_equal(x.v.lines[0].pool, 1);
    assert_close(x.v.lines[0].got.mean, 300.0, 1e-12);
    assert_true(x.v.met); /* at the target is met */
    assert_true(x.v.lines[0].close);
    fixture_free(&x.f);
}

static void test_a_wait_above_the_target_misses_it(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    put(&x, 0, FIG_WAIT_MAX, 300.0, 300.5);
    aim(&x, GOAL_MAX_WAIT, 300.0);
    assert_int_equal(x.v.lines[0].pool, 0);
    assert_false(x.v.met);
    fixture_free(&x.f);
}

static void test_counts_are_summed_over_pools(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    put(&x, 0, FIG_GAVE_UP, 1.0, 1.0);
    put(&x, 1, FIG_GAVE_UP, 2.0, 2.0);
    aim(&x, GOAL_GAVE_UP, 3.0);
    assert_int_equal(x.v.lines[0].pool, NO_INDEX);
    assert_close(x.v.lines[0].got.mean, 3.0, 1e-12);
    assert_true(x.v.met);
    x.s.n_targets = 0;
    aim(&x, GOAL_GAVE_UP, 2.0);
    assert_false(x.v.met);
    assert_false(x.v.lines[0].close); /* no spread */
    fixture_free(&x.f);
}

static void test_one_missed_target_is_a_no(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    put(&x, 0, FIG_KILLS, 0.0, 1.0);
    aim(&x, GOAL_COST_USD, 0.0);
    aim(&x, GOAL_KILLED, 0.0);
    assert_true(x.v.lines[0].met);
    assert_false(x.v.lines[1].met);
    assert_false(x.v.met);
    fixture_free(&x.f);
}

static void test_every_goal_has_its_own_figure(void **state)
{
    (void)state;
    for (int i = 0; i < GOALS; i++)
        for (int k = 0; k < i; k++)
            assert_true(verdict_figure((enum scenario_goal)i) !=
                        verdict_figure((enum scenario_goal)k));
    assert_true(verdict_is_wait(GOAL_MAX_WAIT));
    assert_false(verdict_is_wait(GOAL_GAVE_UP));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_targets_there_is_nothing_to_miss),
        cmocka_unit_test(test_the_worst_pool_answers_for_waits),
        cmocka_unit_test(test_a_wait_above_the_target_misses_it),
        cmocka_unit_test(test_counts_are_summed_over_pools),
        cmocka_unit_test(test_one_missed_target_is_a_no),
        cmocka_unit_test(test_every_goal_has_its_own_figure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "sim/app/alert_trouble.h"

#include "tests/plan_scenario.h"
#include "tests/support.h"

#include <stdlib.h>

#define MIN(N) ((sim_us)((N)*60 * US_PER_S))

struct rig {
    struct fixture f;
    struct scenario s;
    struct build_result builds[8];
    struct troubles t;
};

static struct rig *rig_new(void)
{
    struct rig *x = calloc(1, sizeof *x);

    assert_non_null(x);
    fixture_init(&x->f, 2, 2, 8);
    x->f.backends[0].name = "bk_amd64";
    x->f.backends[1].name = "bk_arm64";
    return x;
}

/* Asked at a minute, waits for so many, ends so. */
static void build(struct rig *x, uint32_t pool, double asked, double waits,
                  enum build_end end)
{
    size_t i = x->f.t.n;

    fixture_build(&x->f, pool, 0, asked * 60.0, 100.0);
    x->builds[i] = (struct build_result){
        .first_dial_us = MIN(asked),
        .waited_us = MIN(waits),
        .served_us = end == END_SERVED ? MIN(asked + waits) : SIM_NEVER,
        .end_us = MIN(asked + waits + (end == END_SERVED ? 1 : 0)),
        .end = (uint8_t)end,
        .counted = true,
    };
}

static void find(struct rig *x)
{
    x->s = scenario_of(&x->f);
    troubles_find(&x->t, &x->s, x->builds);
}

static void rig_free(struct rig *x)
{
    troubles_free(&x->t);
    fixture_free(&x->f);
    free(x);
}

static void assert_trouble(const struct rig *x, size_t i, double from,
                           double until, uint32_t waiting, uint32_t lost)
{
    assert_true(i < x->t.n);
    assert_int_equal(x->t.at[i].from_us, MIN(from));
    assert_int_equal(x->t.at[i].until_us, MIN(until));
    assert_int_equal(x->t.at[i].n_waiting, waiting);
    assert_int_equal(x->t.at[i].n_lost, lost);
}

static void test_a_wait_is_a_trouble_beyond_the_bound(void **state)
{
    struct rig *x = rig_new();
    (void)state;

    build(x, 0, 10, 5, END_SERVED); /* exactly the bound of 5 minutes */
    build(x, 0, 20, 8, END_SERVED);
    find(x);
    assert_int_equal(x->t.n, 1);
    assert_trouble(x, 0, 25, 28, 1, 0);
    rig_free(x);
}

static void test_the_target_is_the_bound(void **state)
{
    struct rig *x = rig_new();
    (void)state;

    build(x, 0, 20, 8, END_SERVED);
    x->s = scenario_of(&x->f);
    x->s.targets[0] = (struct scenario_target){GOAL_P95_WAIT, 7.5 * 60.0};
    x->s.n_targets = 1;
    troubles_find(&x->t, &x->s, x->builds);
    assert_trouble(x, 0, 27.5, 28, 1, 0);
    rig_free(x);
}

static void test_a_lost_build_is_one_at_its_end(void **state)
{
    struct rig *x = rig_new();
    (void)state;

    build(x, 0, 10, 2, END_GAVE_UP);
    build(x, 1, 10, 8, END_KILLED);
    build(x, 1, 200, 1, END_LEFT); /* its owner's own will */
    find(x);
    assert_int_equal(x->t.n, 2);
    assert_trouble(x, 0, 12, 12, 0, 1);
    assert_trouble(x, 1, 15, 18, 1, 1);
    assert_int_equal(x->t.at[1].pool, 1);
    rig_free(x);
}

static void test_near_troubles_of_a_pool_are_one(void **state)
{
    struct rig *x = rig_new();
    (void)state;

    build(x, 0, 0, 10, END_SERVED);   /* 5 to 10 */
    build(x, 0, 19.9, 6, END_SERVED); /* from 24.9: one */
    build(x, 0, 35.9, 6, END_SERVED); /* from 40.9, 15 after 25.9: another */
    build(x, 1, 0, 7, END_SERVED);    /* another pool's */
    find(x);
    assert_int_equal(x->t.n, 3);
    assert_trouble(x, 0, 5, 25.9, 2, 0);
    assert_trouble(x, 1, 5, 7, 1, 0);
    assert_trouble(x, 2, 40.9, 41.9, 1, 0);
    rig_free(x);
}

static enum spell_meaning judged(const struct rig *x, double from, double until,
                                 uint32_t pool)
{
    struct alert_spell spell = {.from_us = MIN(from), .until_us = MIN(until)};
    uint32_t trouble;

    return spell_judge(&spell, pool, &x->t, &x->s, &trouble);
}

static void test_a_spell_is_held_against_troubles(void **state)
{
    struct rig *x = rig_new();
    (void)state;

    build(x, 0, 95, 10, END_SERVED); /* 100 to 105 */
    find(x);
    assert_int_equal(judged(x, 105, 106, NO_INDEX), SPELL_REAL);
    assert_int_equal(judged(x, 99, 100, NO_INDEX), SPELL_NEAR); /* ends then */
    assert_int_equal(judged(x, 99, 101, 0), SPELL_REAL);
    assert_int_equal(judged(x, 99, 101, 1), SPELL_FALSE); /* another pool's */
    assert_int_equal(judged(x, 106, 107, 0), SPELL_NEAR);
    assert_int_equal(judged(x, 119, 121, 0), SPELL_NEAR);
    assert_int_equal(judged(x, 120, 121, 0), SPELL_FALSE); /* 15 min late */
    assert_int_equal(judged(x, 80, 85, 0), SPELL_FALSE);
    rig_free(x);
}

static void test_a_fault_excuses_an_alert(void **state)
{
    struct fault fault = {.kind = FAULT_METRICS_DOWN,
                          .at_us = MIN(50),
                          .until_us = MIN(60),
                          .pool = 0};
    struct rig *x = rig_new();
    (void)state;

    x->f.p.faults = &fault;
    x->f.p.n_faults = 1;
    find(x);
    assert_int_equal(judged(x, 49, 50, 0), SPELL_FALSE);
    assert_int_equal(judged(x, 49, 51, 0), SPELL_FAULT);
    assert_int_equal(judged(x, 75, 76, NO_INDEX), SPELL_FAULT);
    assert_int_equal(judged(x, 76, 77, NO_INDEX), SPELL_FALSE);
    assert_int_equal(judged(x, 55, 56, 1), SPELL_FALSE);
    rig_free(x);
}

static void test_labels_name_a_pool(void **state)
{
    struct rig *x = rig_new();
    (void)state;

    find(x);
    assert_int_equal(spell_pool(&x->s, "proxy=\"bk_arm64\""), 1);
    assert_int_equal(spell_pool(&x->s, "a=\"b\", deployment=\"pool0\""), 0);
    assert_int_equal(spell_pool(&x->s, "proxy=\"bk_arm64x\""), NO_INDEX);
    assert_int_equal(spell_pool(&x->s, "p=\"bk_arm64\", q=\"bk_amd64\""),
                     NO_INDEX);
    assert_int_equal(spell_pool(&x->s, ""), NO_INDEX);
    rig_free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_wait_is_a_trouble_beyond_the_bound),
        cmocka_unit_test(test_the_target_is_the_bound),
        cmocka_unit_test(test_a_lost_build_is_one_at_its_end),
        cmocka_unit_test(test_near_troubles_of_a_pool_are_one),
        cmocka_unit_test(test_a_spell_is_held_against_troubles),
        cmocka_unit_test(test_a_fault_excuses_an_alert),
        cmocka_unit_test(test_labels_name_a_pool),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

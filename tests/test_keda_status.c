/* What KEDA keeps in the status: times, failures, the Fallback condition. */
#include "tests/keda_rig.h"

static void test_last_activity_counts_from_its_whole_second(void **state)
{
    struct fixture *f = *state;

    f->p.min = 0;
    f->p.origin_us = 250 * US_PER_MS;
    poll(f, 10 * S + 137 * US_PER_MS, good(1), 3); /* stored as 9.75 s */
    assert_int_equal(poll(f, 309750 * US_PER_MS, good(0), 3).move, KEDA_STAY);
    assert_int_equal(poll(f, 309750 * US_PER_MS + 1, good(0), 3).move,
                     KEDA_TO_IDLE);
}

static void test_without_a_fallback_nothing_is_counted_or_shown(void **state)
{
    struct fixture *f = *state;

    f->p.triggers[0].is_value = true; /* no fallback up to 2.17 */
    assert_int_equal(poll(f, 0, refused, 20).move, KEDA_JUMP);
    assert_true(f->k.fallback_condition); /* the jump's, and nobody clears it */
    assert_false(ask(f, refused, 5).ok);
    assert_true(ask(f, good(7), 5).ok);
    assert_int_equal(f->k.health[0].failures, 0);
    assert_true(f->k.fallback_condition);
    version(f, 18, 0);
    assert_false(ask(f, refused, 5).ok);
    assert_int_equal(f->k.health[0].failures, 1);
    assert_false(f->k.fallback_condition);
}

static void test_three_decimals_round_the_exact_value_from_2_20(void **state)
{
    struct fixture *f = *state;

    version(f, 20, 2);
    assert_int_equal(keda_milli(&f->p, 0.9285), 928); /* 0.92849999... */
    assert_int_equal(keda_milli(&f->p, 0.0625), 62);  /* a tie, to even */
    assert_int_equal(keda_milli(&f->p, 2.5005), 2501);
    version(f, 19, 0);
    assert_int_equal(keda_milli(&f->p, 0.9289), 928);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_last_activity_counts_from_its_whole_second,
                               setup),
        cmocka_unit_test_setup(
            test_without_a_fallback_nothing_is_counted_or_shown, setup),
        cmocka_unit_test_setup(
            test_three_decimals_round_the_exact_value_from_2_20, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
